/** An outage of a store is told at once, then once a minute, and once more when it is over. */
import { assert, it } from "@effect/vitest"
import { Effect, Exit, Logger } from "effect"
import { Workflow } from "perdure"
import * as Default from "perdure/Executor/Default"
import * as Memory from "perdure/Store/Memory"
import { Outage } from "../../src/Executor/default/Outage.ts"
import { cut, sound } from "../suites/executor/FaultyStore.ts"
import { layer, open, until } from "../suites/executor/Lab.ts"

/** Lines of a log with their levels, and the logger that writes them. */
const logging = () => {
  const lines: Array<string> = []
  const write = Logger.make(({ logLevel, message }) => void lines.push(`${logLevel} ${[message].flat()[0]}`))
  return { lines, logger: Logger.layer([write]) }
}

it.effect("a failure that goes on is told once a minute, and so is its end", () =>
  Effect.gen(function* () {
    const { lines, logger } = logging()
    let now = 0
    const outage = new Outage("the look", () => now)
    const looks = Effect.fnUntraced(function* (seconds: number, exit: Exit.Exit<void, string>) {
      for (let second = 0; second < seconds; second++) {
        yield* Effect.provide(outage.watch(exit), logger)
        now += 1000
      }
    })
    yield* looks(10, Exit.void)
    assert.deepStrictEqual(lines.splice(0), [])
    yield* looks(150, Exit.fail("away"))
    yield* looks(10, Exit.void)
    yield* looks(1, Exit.fail("away"))
    yield* looks(10, Exit.void)
    assert.deepStrictEqual(lines, [
      "Warn the look failed and is tried again",
      "Warn the look has failed for 1m and is tried again",
      "Warn the look has failed for 2m and is tried again",
      "Info the look works again, after 2m 30s",
      "Warn the look failed and is tried again",
      "Info the look works again, after 1s"
    ])
  })
)

it.live("a worker whose store is away for some time says so once, and that it is back", () =>
  Effect.gen(function* () {
    const { lines, logger } = logging()
    const Wait = Workflow.make("Wait")
    const WaitLive = Wait.toLayer(() => Effect.never)
    const worker = yield* Effect.provide(
      open(WaitLive, { heartbeatInterval: "10 millis", lease: "10 minutes" }),
      logger
    )
    yield* worker.run(Wait.start())
    worker.link.fault = cut()
    const { heartbeat } = worker.link.count
    yield* until(Effect.sync(() => worker.link.count.heartbeat > heartbeat + 30))
    worker.link.fault = sound
    const about = (what: string) => lines.filter((line) => line.includes(what))
    for (const what of ["the heartbeat", "looking for executions without a worker", "looking for missed commits"]) {
      yield* until(Effect.sync(() => about(what).length > 1))
      assert.deepStrictEqual(about(what), [
        `Warn ${what} failed and is tried again`,
        `Info ${what} works again, after 1s`
      ])
    }
  }).pipe(Effect.provide(layer({ store: Memory.layer, executor: Default.layerWith })))
)
