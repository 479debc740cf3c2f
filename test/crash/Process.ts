/**
 * An executor that dies at a chosen commit: from then on its store neither does nor answers anything, as if the process
 * had been killed. What it leaves is in the store underneath.
 */
import { Context, Deferred, Effect, Exit, Layer, Logger, Scheduler, Scope, Stream } from "effect"
import type { HistoryEvent } from "perdure/HistoryEvent"
import * as Default from "perdure/Executor/Default"
import { DurableExecutor } from "perdure/Executor/DurableExecutor"
import { type Commit, StoreError, Unsupported, WorkflowStore } from "perdure/Store/WorkflowStore"
import * as Handlers from "../corpus/handlers.ts"
import type { Scenario } from "../corpus/scenarios.ts"

/** Where in a commit a process dies. */
export type Place = "before the write" | "after the write" | "after the answer"
export const places: ReadonlyArray<Place> = ["before the write", "after the write", "after the answer"]

/** When a process dies: at its commit of this number, from 1. */
export interface Crash {
  readonly commit: number
  readonly place: Place
}

/** A process, until it dies or is ended. */
export interface Process {
  readonly executor: DurableExecutor["Service"]
  /** Completes when the process has died. */
  readonly died: Deferred.Deferred<void>
  /** Clears up what is left of it; nothing is written any more. */
  readonly end: Effect.Effect<void>
}

export interface Options {
  readonly scenario: Scenario
  /** Opens the store, each time anew where a store has connections. */
  readonly store: Layer.Layer<WorkflowStore, StoreError>
  readonly crash: Crash | undefined
  /** Told of every handler that starts while the process lives. */
  readonly ran: (run: Handlers.Run) => void
  /** Told of every event that the process writes. */
  readonly wrote: (events: ReadonlyArray<HistoryEvent>) => void
  /** Told of every operation of its store. */
  readonly asked: () => void
  readonly makeId: () => string
}

/** Starts a process. */
export const start = Effect.fnUntraced(function* (options: Options) {
  const scope = yield* Scope.make()
  const scheduler = yield* Scheduler.Scheduler
  const opened = yield* Layer.buildWithMemoMap(options.store, Layer.makeMemoMapUnsafe(), scope)
  const mortal = makeMortal(Context.get(opened, WorkflowStore), options, scheduler.makeDispatcher())
  const layer = options.scenario.layer.pipe(
    Layer.provide(Handlers.layer((run) => mortal.isAlive() && options.ran(run))),
    // The name stays the same, so that a restarted worker takes its executions back at once.
    Layer.provideMerge(Default.layerWith({ worker: "worker", makeId: options.makeId })),
    Layer.provide(Layer.succeed(WorkflowStore, mortal.store)),
    Layer.provide(Logger.layer([]))
  )
  const context = yield* Layer.buildWithMemoMap(layer, Layer.makeMemoMapUnsafe(), scope)
  const process: Process = {
    executor: Context.get(context, DurableExecutor),
    died: mortal.died,
    end: Effect.suspend(() => {
      mortal.bury()
      return Scope.close(scope, Exit.void)
    })
  }
  return process
})

// internal

const makeMortal = (
  store: WorkflowStore["Service"],
  { asked, crash, wrote }: Options,
  dispatcher: Scheduler.SchedulerDispatcher
) => {
  const died = Deferred.makeUnsafe<void>()
  const buried = Deferred.makeUnsafe<void>()
  let state: "alive" | "dead" | "buried" = "alive"
  let commits = 0

  const die = (): void => {
    state = "dead"
    // Not at once: whoever gets the last answer acts on it first.
    dispatcher.scheduleTask(() => Deferred.doneUnsafe(died, Effect.void), 0)
  }
  /** No answer until the process is cleared up; then one that makes whoever still waits give up. */
  const silence = Effect.andThen(
    Deferred.await(buried),
    Effect.fail(new StoreError({ operation: "save", reason: new Unsupported({ detail: "the process is dead" }) }))
  )
  const alive = <A>(effect: Effect.Effect<A, StoreError>): Effect.Effect<A, StoreError> =>
    Effect.suspend(() => {
      asked()
      return state === "alive" ? effect : silence
    })

  const save = (commit: Commit): Effect.Effect<void, StoreError> =>
    Effect.suspend(() => {
      asked()
      if (state !== "alive") return silence
      commits++
      const place = commits === crash?.commit ? crash.place : undefined
      if (place === "before the write") {
        die()
        return silence
      }
      const written = Effect.tap(store.save(commit), () => Effect.sync(() => wrote(commit.events)))
      if (place === undefined) return written
      return Effect.flatMap(written, () => {
        die()
        return place === "after the write" ? silence : Effect.void
      })
    })

  const mortal: WorkflowStore["Service"] = {
    ...store,
    save,
    saveAll: (commits) => Effect.forEach(commits, (commit) => Effect.exit(save(commit))),
    load: (workflowId, options) => alive(store.load(workflowId, options)),
    list: (filter) => alive(store.list(filter)),
    delete: (workflowId) => alive(store.delete(workflowId)),
    heartbeat: (worker, until) => alive(store.heartbeat(worker, until)),
    workers: alive(store.workers),
    changes: Stream.takeWhile(store.changes, () => state === "alive")
  }
  return {
    store: mortal,
    died,
    isAlive: () => state === "alive",
    bury: (): void => {
      state = "buried"
      Deferred.doneUnsafe(buried, Effect.void)
    }
  }
}
