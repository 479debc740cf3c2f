/** What is asked for at every heartbeat rests when it takes long. */
import { assert, it } from "@effect/vitest"
import { type Duration, Effect } from "effect"
import { TestClock } from "effect/testing"
import { Workflow } from "perdure"
import * as Default from "perdure/Executor/Default"
import * as Memory from "perdure/Store/Memory"
import type { WorkerRecord, WorkflowFilter } from "perdure/Store/WorkflowStore"
import { Paced } from "../../src/Executor/default/Paced.ts"
import { Lab, layer, open, until } from "../suites/executor/Lab.ts"

const Wait = Workflow.make("Wait", { workflowId: () => "wait" })

/** When something that takes so many milliseconds was done in two minutes, asked for each second. */
const timesOf = Effect.fnUntraced(function* (takes: number, fails = false) {
  const clock = yield* TestClock.testClockWith((clock) => Effect.succeed(clock))
  const now = () => clock.currentTimeMillisUnsafe()
  const paced = new Paced(now)
  const times: Array<number> = []
  const from = now()
  for (let n = 0; n < 120; n++) {
    const at = now()
    const look = Effect.andThen(
      Effect.sync(() => times.push(at - from)),
      Effect.andThen(TestClock.adjust(takes), fails ? Effect.fail("away") : Effect.void)
    )
    yield* Effect.ignore(paced.run(look))
    yield* TestClock.adjust(1000 - ((now() - from) % 1000))
  }
  return times
})

it.effect("a look that is short is done each time", () =>
  Effect.gen(function* () {
    assert.lengthOf(yield* timesOf(90), 120)
  })
)

it.effect("a look that is long takes a tenth of the time", () =>
  Effect.gen(function* () {
    assert.deepStrictEqual((yield* timesOf(500)).slice(0, 4), [0, 5000, 10_000, 15_000])
    assert.deepStrictEqual((yield* timesOf(4000)).slice(0, 3), [0, 40_000, 80_000])
  })
)

it.effect("a look that is very long rests for a minute", () =>
  Effect.gen(function* () {
    assert.deepStrictEqual((yield* timesOf(20_000)).slice(0, 2), [0, 80_000])
  })
)

it.effect("a look that fails is done again at once", () =>
  Effect.gen(function* () {
    assert.lengthOf(yield* timesOf(900, true), 120)
  })
)

it.live("a worker whose store looks long for what is due asks it a tenth of the time", () =>
  Effect.gen(function* () {
    const lab = yield* Lab
    let looks = 0
    const slow = {
      ...lab.store,
      // Whose answers to heartbeats say nothing, so that the worker has to look.
      heartbeat: (worker: WorkerRecord, lease: Duration.Duration) => Effect.asVoid(lab.store.heartbeat(worker, lease)),
      list: (filter: WorkflowFilter) =>
        filter.wakeBefore === undefined || filter.status !== undefined
          ? lab.store.list(filter)
          : Effect.delay(
              Effect.suspend(() => {
                looks++
                return lab.store.list(filter)
              }),
              200
            )
    }
    const live = Wait.toLayer(() => Effect.never)
    yield* Effect.provideService(open(live, { heartbeatInterval: "20 millis" }), Lab, { ...lab, store: slow })
    yield* until(Effect.sync(() => looks > 0))
    yield* Effect.sleep("1 second")
    assert.strictEqual(looks, 1)
  }).pipe(Effect.scoped, Effect.provide(layer({ store: Memory.layer, executor: Default.layerWith }), { local: true }))
)
