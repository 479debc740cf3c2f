/** Law 18: the details of calls of activities. */
import { Effect, Option } from "effect"
import { Sequence } from "perdure/Ids"
import type { CallPlace } from "perdure/Store/WorkflowStore"
import { WorkflowStore } from "perdure/Store/WorkflowStore"
import { assert } from "../assert.ts"
import { after, finish, freshId, freshRun, remove, save, start, type Store } from "./builders.ts"
import { type Area, stores } from "./Settings.ts"

const call = (seq = 0, changes: Partial<CallPlace> = {}): CallPlace => ({
  workflowId: freshId(),
  runId: freshRun(),
  seq: Sequence.make(seq),
  ...changes
})

const read = (store: Store, place: CallPlace) => Effect.map(store.details(place), Option.getOrUndefined)

export const detailing: Area = (it, settings) => {
  const { timeout } = settings

  it.effect(
    "18. the latest details of a call are read back, also through another store, and those of no other call",
    () =>
      Effect.gen(function* () {
        const all = yield* stores(settings)
        const store = all[0]!
        const place = call(3)
        assert.isUndefined(yield* read(store, place))
        const others = [
          call(4, { workflowId: place.workflowId, runId: place.runId }),
          call(3, { workflowId: place.workflowId }),
          call(3, { runId: place.runId }),
          call(3, { workflowId: freshId("a.b>*/ é\u0000\ud800"), runId: place.runId })
        ]
        yield* store.saveDetails(others.map((other, details) => ({ ...other, details })))
        for (const details of [1, { page: [2, "zwölf", null] }, "x".repeat(10_000)]) {
          yield* store.saveDetails([{ ...place, details }])
          assert.deepStrictEqual(yield* read(store, place), details)
        }
        for (const each of all) {
          assert.strictEqual(yield* read(each, place), "x".repeat(10_000))
          assert.deepStrictEqual(yield* Effect.forEach(others, (other) => read(each, other)), [0, 1, 2, 3])
        }
      }),
    timeout
  )

  it.effect(
    "18. details are removed one by one, or with their execution, and then for every run of it",
    () =>
      Effect.gen(function* () {
        const store = yield* WorkflowStore
        const first = start(freshId())
        const { runId, workflowId } = first
        const places = [call(0, { workflowId, runId }), call(1, { workflowId, runId }), call(0, { workflowId })]
        yield* save(store, first)
        yield* store.saveDetails(places.map((place) => ({ ...place, details: "here" })))
        yield* store.saveDetails([{ ...places[0]! }, { ...places[2]!, details: null }])
        assert.deepStrictEqual(yield* Effect.forEach(places, (place) => read(store, place)), [undefined, "here", null])
        yield* store.saveDetails([{ ...places[0]! }])
        const last = finish(first.summary)
        yield* save(store, last)
        assert.strictEqual(yield* read(store, places[1]!), "here")
        yield* remove(store, workflowId)
        assert.deepStrictEqual(yield* Effect.forEach(places, (place) => read(store, place)), [
          undefined,
          undefined,
          undefined
        ])
      }),
    timeout
  )

  it.effect(
    "18. details change no version and no summary, and commits go on beside them",
    () =>
      Effect.gen(function* () {
        const store = yield* WorkflowStore
        const first = start(freshId())
        yield* save(store, first)
        const place = call(0, { workflowId: first.workflowId, runId: first.runId })
        for (let page = 0; page < 20; page++) yield* store.saveDetails([{ ...place, details: { page } }])
        assert.deepStrictEqual(Option.getOrThrow(yield* store.summary(first.workflowId)), first.summary)
        yield* save(store, after(first.summary))
        assert.deepStrictEqual(yield* read(store, place), { page: 19 })
      }),
    timeout
  )
}
