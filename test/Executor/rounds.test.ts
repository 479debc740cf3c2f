/** What a worker does at every heartbeat, and what it leaves alone since the answer says that there is nothing. */
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { TestClock } from "effect/testing"
import { Signal, Workflow } from "perdure"
import { type Outlook, StoreError, Unavailable } from "perdure/Store/WorkflowStore"
import { Rounds } from "../../src/Executor/default/Rounds.ts"
import * as Default from "perdure/Executor/Default"
import * as Memory from "perdure/Store/Memory"
import { layer, open, until } from "../suites/executor/Lab.ts"

const nothing: Outlook = { living: [], left: [], orphans: false, blocked: false, due: false }

/** Rounds a second apart, which say when they look, and with which answer. */
const make = (beat: Effect.Effect<Outlook | undefined, StoreError>) =>
  Effect.gen(function* () {
    const looks: Array<readonly [at: number, outlook: Outlook | undefined]> = []
    const rounds = new Rounds({ interval: 1000, apart: (effect) => effect, inRealTime: (effect) => effect })
    yield* rounds.beats(beat)
    const look = (outlook: Outlook | undefined) =>
      Effect.flatMap(
        Effect.clockWith((clock) => clock.currentTimeMillis),
        (at) =>
          Effect.andThen(
            Effect.sync(() => looks.push([at, outlook])),
            Effect.sleep(10)
          )
      )
    yield* rounds.looks(look, "looking")
    return looks
  })

describe("the rounds of a worker", () => {
  it.effect("look as soon as the heartbeat is answered, and know the answer", () =>
    Effect.gen(function* () {
      const looks = yield* make(Effect.as(Effect.sleep(100), nothing))
      yield* TestClock.adjust("1 second")
      assert.deepStrictEqual(looks, [])
      yield* TestClock.adjust("1200 millis")
      assert.deepStrictEqual(looks, [
        [1100, nothing],
        [2200, nothing]
      ])
    })
  )

  it.effect("look without an answer when the heartbeat fails", () =>
    Effect.gen(function* () {
      const looks = yield* make(
        Effect.fail(new StoreError({ operation: "heartbeat", reason: new Unavailable({ cause: "away" }) }))
      )
      yield* TestClock.adjust("2 seconds")
      assert.deepStrictEqual(looks, [
        [1000, undefined],
        [2000, undefined]
      ])
    })
  )

  it.effect("look also while the heartbeat is not answered at all", () =>
    Effect.gen(function* () {
      const looks = yield* make(Effect.never)
      yield* TestClock.adjust("3 seconds")
      assert.deepStrictEqual(looks, [
        [1200, undefined],
        [2410, undefined]
      ])
    })
  )

  it.live("are one operation of a store that says that there is nothing", () =>
    Effect.gen(function* () {
      const Go = Signal.make("go")
      const Wait = Workflow.make("Wait", { workflowId: () => "wait" })
      const app = yield* open(
        Wait.toLayer(() => Go.receive),
        { heartbeatInterval: "400 millis" }
      )
      yield* app.run(Wait.start())
      const { count } = app.link
      const beats = (more: number) =>
        Effect.suspend(() => {
          const { heartbeat } = count
          return until(Effect.sync(() => count.heartbeat >= heartbeat + more))
        })
      yield* beats(2)
      const others = () => Object.entries(count).filter(([name]) => name !== "heartbeat")
      const before = others()
      yield* beats(4)
      assert.deepStrictEqual(others(), before)
    }).pipe(Effect.scoped, Effect.provide(layer({ store: Memory.layer, executor: Default.layerWith }), { local: true }))
  )
})
