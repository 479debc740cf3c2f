/**
 * Stores that answer in real time, for tests in virtual time: the test's clock, when it wakes somebody who asks the store,
 * does not go on before the answer is there and everybody has heard of what was written.
 */
import { Effect, Layer, type Scope } from "effect"
import { WorkflowStore } from "perdure/Store/WorkflowStore"

/** Makes a store fit for virtual time. */
export const inVirtualTime = <E, R>(store: Layer.Layer<WorkflowStore, E, R>): Layer.Layer<WorkflowStore, E, R> =>
  Layer.effect(WorkflowStore, Effect.zipWith(WorkflowStore, Effect.scope, held)).pipe(Layer.provide(store))

// internal

type Store = WorkflowStore["Service"]

const held = (store: Store, scope: Scope.Scope): Store => {
  let underWay = 0
  // The clock waits for a fiber that only yields, and not for one that waits for the network.
  const stay = Effect.gen(function* () {
    for (let quiet = 0; quiet < quietTurns; quiet = underWay === 0 ? quiet + 1 : 0) yield* Effect.yieldNow
  })
  const hold = <A, E>(effect: Effect.Effect<A, E>): Effect.Effect<A, E> =>
    Effect.suspend(() => {
      const ended = Effect.sync(() => underWay--)
      const staying = underWay++ === 0 ? Effect.forkIn(stay, scope, { startImmediately: true }) : Effect.void
      return Effect.ensuring(Effect.andThen(staying, effect), ended)
    })
  // A list is of all that was acknowledged, and so are then the changes.
  const told = Effect.ignore(store.list({ limit: 1 }))
  return {
    ...store,
    save: (commit) => hold(Effect.tap(store.save(commit), told)),
    saveAll: (commits) => hold(Effect.tap(store.saveAll(commits), told)),
    load: (workflowId, options) => hold(store.load(workflowId, options)),
    summary: (workflowId) => hold(store.summary(workflowId)),
    deletion: (workflowId) => hold(store.deletion(workflowId)),
    list: (filter) => hold(store.list(filter)),
    count: (filter, options) => hold(store.count(filter, options)),
    delete: (workflowId, options) => hold(Effect.tap(store.delete(workflowId, options), told)),
    heartbeat: (worker, lease) => hold(store.heartbeat(worker, lease)),
    workers: hold(store.workers)
  }
}

/** Turns of the event loop without any operation after which nothing more is to come. */
const quietTurns = 6
