/**
 * An executor that dies at a chosen commit: from then on its store neither does nor answers anything, as if the process
 * had been killed. What it leaves is in the store underneath.
 */
import { Context, Deferred, Effect, Exit, Layer, Logger, Scheduler, Scope, Stream } from "effect"
import * as Default from "perdure/Executor/Default"
import { DurableExecutor } from "perdure/Executor/DurableExecutor"
import { Executions } from "perdure/Executor/Executions"
import type { Observers } from "perdure/Executor/Observers"
import { WorkflowRegistry } from "perdure/Executor/WorkflowRegistry"
import { WorkerId, type WorkflowId } from "perdure/Ids"
import { type Commit, StoreError, Unsupported, WorkflowStore } from "perdure/Store/WorkflowStore"
import type { WorkflowError } from "perdure/WorkflowError"
import { Leave } from "../corpus/activities.ts"
import * as Handlers from "../corpus/handlers.ts"
import type { Message, Scenario } from "../corpus/scenarios.ts"
import type { Observer } from "./Observer.ts"
import type { Traffic } from "./Traffic.ts"

/** Where in a commit a process dies. */
export type Place = "before the write" | "after the write" | "after the answer"
export const places: ReadonlyArray<Place> = ["before the write", "after the write", "after the answer"]

/** When a process dies: at its commit of this number, from 1. A deletion counts as one. */
export interface Crash {
  readonly commit: number
  readonly place: Place
}

/** A process, until it dies or is ended. */
export interface Process {
  readonly executor: DurableExecutor["Service"]
  readonly executions: Executions["Service"]
  /** Makes it look for executions without a worker, as it otherwise does now and then in real time. */
  readonly look: Effect.Effect<void, WorkflowError>
  /** The id of its worker: its name, and what this start of it has of its own. */
  readonly id: () => WorkerId
  /** Completes when the process has died. */
  readonly died: Deferred.Deferred<void>
  /** Clears up what is left of it; nothing is written any more. */
  readonly end: Effect.Effect<void>
}

export interface Options {
  readonly scenario: Pick<Scenario, "layer">
  /** The name of the worker. */
  readonly worker: string
  /** Opens the store, each time anew where a store has connections. */
  readonly store: Layer.Layer<WorkflowStore, StoreError>
  /** What stands between the process and its store. */
  readonly link: (store: WorkflowStore["Service"]) => WorkflowStore["Service"]
  readonly crash?: Crash | undefined
  /** Told of every handler that starts while the process lives, and of all that it writes. */
  readonly observer: Pick<Observer, "ran" | "wrote"> & { readonly removed?: (workflowId: WorkflowId) => void }
  /** Beside the executor, before its workflows. */
  readonly beside?: Beside | undefined
  /** Told of every operation that reaches the store. */
  readonly traffic: Pick<Traffic<unknown>, "asked" | "answered">
  readonly makeId: () => string
}

/** What a process has beside its executor, and is told of its commits. */
export interface Beside {
  readonly layer: Layer.Layer<never, never, Observers>
  /** Told of each commit of which the process learned that it is stored. */
  readonly answered: (commit: Commit) => void
}

/** Starts a process. */
export const start = Effect.fnUntraced(function* (options: Options, settings?: Default.Options) {
  const scope = yield* Scope.make()
  const scheduler = yield* Scheduler.Scheduler
  const opened = yield* Layer.buildWithMemoMap(options.store, Layer.makeMemoMapUnsafe(), scope)
  const store = options.link(observed(Context.get(opened, WorkflowStore), options))
  const mortal = makeMortal(store, options, scheduler.makeDispatcher())
  const layer = options.scenario.layer.pipe(
    Layer.provide(Handlers.layer((run) => mortal.isAlive() && options.observer.ran(run))),
    Layer.provideMerge(options.beside?.layer ?? Layer.empty),
    Layer.provideMerge(Default.layerWith({ ...settings, worker: options.worker, makeId: options.makeId })),
    Layer.provide(Layer.succeed(WorkflowStore, mortal.store)),
    Layer.provide(Logger.layer([]))
  )
  const context = yield* Layer.buildWithMemoMap(layer, Layer.makeMemoMapUnsafe(), scope)
  mortal.built()
  const executor = Context.get(context, DurableExecutor)
  const registry = Context.get(context, WorkflowRegistry)
  let looks = 0
  const process: Process = {
    executor,
    executions: Context.get(context, Executions),
    // A registration makes an executor scan for executions of all its workflows.
    look: Effect.suspend(() => registry.register({ ...nothing, workflow: `nothing ${looks++}` })).pipe(
      Scope.provide(scope)
    ),
    id: mortal.id,
    died: mortal.died,
    end: Effect.suspend(() => {
      mortal.bury()
      return Scope.close(scope, Exit.void)
    })
  }
  return process
})

/** The name of the worker of an id. */
export const nameOf = (id: string): string => id.slice(0, id.lastIndexOf("/"))

/** Sends a message of a scenario to its execution. */
export const send = (
  executor: DurableExecutor["Service"],
  workflowId: string,
  message: Message
): Effect.Effect<void, WorkflowError> => {
  if (message._tag !== "Complete") return executor.send({ workflowId }, message)
  const { exit, seq } = message
  return Effect.flatMap(executor.find(workflowId), ({ runId }) =>
    executor.send({ workflowId, runId }, { _tag: "Complete", run: runId, seq, activity: Leave.name, attempt: 1, exit })
  )
}

// internal

/** Workers that have died: their leases run out in real time, for which a test in virtual time does not wait. */
const dead = new Set<WorkerId>()

/** A workflow that is never started. */
const nothing = { program: () => Effect.never, handlers: new Map() }

/** Tells of every operation, and the observer of every commit that the store takes, once. */
const observed = (store: WorkflowStore["Service"], options: Options): WorkflowStore["Service"] => {
  const known = new Set<string>()
  const counted = <A>(effect: Effect.Effect<A, StoreError>): Effect.Effect<A, StoreError> =>
    Effect.suspend(() => {
      options.traffic.asked()
      return Effect.ensuring(effect, Effect.sync(options.traffic.answered))
    })
  return {
    ...store,
    save: (commit) =>
      Effect.tap(counted(store.save(commit)), () =>
        Effect.sync(() => {
          if (!known.has(commit.id)) options.observer.wrote(commit)
          known.add(commit.id)
        })
      ),
    load: (workflowId, options) => counted(store.load(workflowId, options)),
    summary: (workflowId) => counted(store.summary(workflowId)),
    deletion: (workflowId) => counted(store.deletion(workflowId)),
    list: (filter) => counted(store.list(filter)),
    count: (filter) => counted(store.count(filter)),
    delete: (workflowId, removal) =>
      Effect.tap(counted(store.delete(workflowId, removal)), (isRemoved) =>
        Effect.sync(() => (isRemoved ? options.observer.removed?.(workflowId) : undefined))
      ),
    heartbeat: (worker, lease) => counted(store.heartbeat(worker, lease)),
    workers: counted(store.workers)
  }
}

const makeMortal = (store: WorkflowStore["Service"], options: Options, dispatcher: Scheduler.SchedulerDispatcher) => {
  const { crash } = options
  const died = Deferred.makeUnsafe<void>()
  const buried = Deferred.makeUnsafe<void>()
  let state: "alive" | "dead" | "buried" = "alive"
  let isBuilt = false
  let id: WorkerId | undefined
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
    Effect.suspend(() => (state === "alive" ? effect : silence))

  /** Of one that dies while its layers are built, which wait for this, they are built all the same, to be ended then. */
  const built = <A>(effect: Effect.Effect<A, StoreError>): Effect.Effect<A, StoreError> =>
    Effect.suspend(() => (isBuilt ? alive(effect) : effect))

  const write = <A>(effect: Effect.Effect<A, StoreError>): Effect.Effect<A, StoreError> =>
    Effect.suspend(() => {
      if (state !== "alive") return silence
      commits++
      const place = commits === crash?.commit ? crash.place : undefined
      if (place === "before the write") {
        die()
        return silence
      }
      if (place === undefined) return effect
      return Effect.flatMap(effect, (answer) => {
        die()
        return place === "after the write" ? silence : Effect.succeed(answer)
      })
    })
  const save = (commit: Commit) => write(store.save(commit))
  const answered = (commit: Commit, exit: Exit.Exit<unknown, unknown>) =>
    Exit.isSuccess(exit) ? options.beside?.answered(commit) : undefined

  const mortal: WorkflowStore["Service"] = {
    save: (commit) => Effect.onExit(save(commit), (exit) => Effect.sync(() => answered(commit, exit))),
    saveAll: (commits) =>
      Effect.forEach(commits, (commit) => Effect.exit(Effect.mapError(save(commit), ({ reason }) => reason))).pipe(
        Effect.tap((exits) => Effect.sync(() => commits.forEach((commit, index) => answered(commit, exits[index]!))))
      ),
    load: (workflowId, options) => alive(store.load(workflowId, options)),
    summary: (workflowId) => alive(store.summary(workflowId)),
    deletion: (workflowId) => alive(store.deletion(workflowId)),
    list: (filter) => alive(store.list(filter)),
    count: (filter) => alive(store.count(filter)),
    delete: (workflowId, options) => write(store.delete(workflowId, options)),
    heartbeat: (worker, lease) => {
      id = worker.id
      if (state === "alive") dead.delete(id)
      return built(store.heartbeat(worker, lease))
    },
    workers: built(
      Effect.map(store.workers, (known) => ({ ...known, living: known.living.filter(({ id }) => !dead.has(id)) }))
    ),
    saveDetails: (all) => alive(store.saveDetails(all)),
    details: (call) => alive(store.details(call)),
    changes: Stream.takeWhile(store.changes, () => state === "alive"),
    guarantees: store.guarantees,
    database: store.database
  }
  return {
    store: mortal,
    died,
    isAlive: () => state === "alive",
    id: () => id ?? WorkerId.make(options.worker),
    built: (): void => void (isBuilt = true),
    bury: (): void => {
      state = "buried"
      if (id !== undefined) dead.add(id)
      Deferred.doneUnsafe(buried, Effect.void)
    }
  }
}
