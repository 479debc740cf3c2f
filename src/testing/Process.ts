/**
 * A process that dies at a chosen commit: from then on it does nothing more, and what it leaves is in the store.
 */
import * as Context from "effect/Context"
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import type * as Fiber from "effect/Fiber"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import * as Scope from "effect/Scope"
import * as Stream from "effect/Stream"
import * as Default from "../Executor/Default.ts"
import { DurableExecutor } from "../Executor/DurableExecutor.ts"
import { Executions } from "../Executor/Executions.ts"
import { type Observer, Observers } from "../Executor/Observers.ts"
import { type Registration, WorkflowRegistry } from "../Executor/WorkflowRegistry.ts"
import type { WorkerId } from "../Ids.ts"
import { placeOf } from "../internal/pending.ts"
import { type Commit, type StoreError, WorkflowStore } from "../Store/WorkflowStore.ts"
import type { Crash } from "./lives.ts"
import { Group, type Turns } from "./Turns.ts"

/** An attempt that a handler began. */
export interface Attempt {
  readonly activity: string
  readonly workflowId: string
  readonly runId: string
  readonly attempt: number
  /** The call that it is of. */
  readonly call: string
  /** Its idempotency key. */
  readonly key: string
}

/** The name of a call. */
export const callOf = (runId: string, seq: number | string): string => `${runId}/${seq}`

/** What is told of a process while it lives. */
export interface Watcher {
  readonly wrote: (commit: Commit) => void
  readonly began: (attempt: Attempt) => void
  readonly ended: () => void
  readonly registered: (registration: Registration) => void
}

export interface Options<E> {
  readonly turns: Turns
  /** What runs in the process. */
  readonly layer: Layer.Layer<never, E, Default.Services>
  readonly store: WorkflowStore["Service"]
  readonly crash: Crash | undefined
  readonly makeId: () => string
  /** The workers of processes that have died before. */
  readonly dead: Set<WorkerId>
  readonly watcher: Watcher
  /** How late an attempt begins, and its outcome comes. */
  readonly late: Effect.Effect<void>
  /** The context of what runs here, with a scheduler and a clock. */
  readonly context: (group: Group) => Context.Context<never>
}

/** The services of a process that is built. */
export type Services = Context.Context<Default.Services>

export class Process<E> {
  readonly group: Group
  readonly context: Context.Context<never>
  readonly built = Deferred.makeUnsafe<Services, E | StoreError>()
  readonly died = Deferred.makeUnsafe<void>()
  /** Once it is built. */
  services: Services | undefined = undefined
  /** Whether its crash has come. */
  hasCrashed = false
  private readonly options: Options<E>
  /** Of the executor: it is never closed. */
  private readonly own = Scope.makeUnsafe()
  private readonly scope = Scope.makeUnsafe()
  private isMute = false
  private worker: WorkerId | undefined = undefined
  private commits = 0

  constructor(options: Options<E>) {
    this.options = options
    this.group = new Group(options.turns)
    this.context = options.context(this.group)
  }

  /** Begins to build what runs in it. */
  start(): void {
    const { layer, makeId } = this.options
    const building = Default.make({ ...settings, makeId }).pipe(
      Effect.provideService(WorkflowStore, this.mortal),
      Effect.tap((services) => Context.get(services, Observers).add({ attempt: this.attempt })),
      Scope.provide(this.own),
      Effect.tap((services) => {
        const registry = this.observed(Context.get(services, WorkflowRegistry))
        const given = Layer.succeedContext(Context.add(services, WorkflowRegistry, registry))
        return Layer.buildWithMemoMap(Layer.provide(layer, given), Layer.makeMemoMapUnsafe(), this.scope)
      })
    )
    Effect.runForkWith(this.context)(building).addObserver((exit) => {
      if (Exit.isSuccess(exit)) this.services = exit.value
      Deferred.doneUnsafe(this.built, exit)
    })
  }

  /** Gets no more answers from the store: what goes on without end, within one turn, goes no further. */
  mute(): void {
    this.isMute = true
  }

  /** Clears away what its layer holds. Of the executor itself nothing is left that could go on. */
  end(): Fiber.Fiber<void> {
    this.isMute = true
    this.group.stop()
    this.group.end()
    return Effect.runForkWith(this.context)(Scope.close(this.scope, Exit.void))
  }

  /** Dies: no more answers from now on, and no more turns soon, or at once. */
  private die(isAtOnce: boolean): void {
    this.isMute = true
    this.hasCrashed = true
    if (this.worker !== undefined) this.options.dead.add(this.worker)
    const stop = () => {
      this.group.stop()
      Deferred.doneUnsafe(this.died, Effect.void)
    }
    // Else what the last answer sets going begins.
    if (isAtOnce) stop()
    else this.options.turns.add(stop)
  }

  /** What an attempt is to the outside: late where that is wanted, and told of. */
  private readonly attempt: Observer["attempt"] = ({ context }, next) =>
    Effect.suspend(() => {
      const { late, watcher } = this.options
      const { activity, attempt, idempotencyKey: key, runId, token, workflowId } = context
      // Not by its key, which is checked itself.
      const seq = Option.match(placeOf(token), { onNone: () => token, onSome: ({ seq }) => seq })
      watcher.began({ activity, attempt, call: callOf(runId, seq), key, runId, workflowId })
      return Effect.andThen(late, next).pipe(Effect.tap(late), Effect.ensuring(Effect.sync(watcher.ended)))
    })

  private observed(registry: WorkflowRegistry["Service"]): WorkflowRegistry["Service"] {
    return {
      register: (registration) => {
        this.options.watcher.registered(registration)
        return Scope.provide(registry.register(registration), this.own)
      }
    }
  }

  /** The store as long as the process lives: each operation by itself, so that none that is new slips past a dead process. */
  private get mortal(): WorkflowStore["Service"] {
    const { dead, store } = this.options
    const alive = <A>(effect: Effect.Effect<A, StoreError>): Effect.Effect<A, StoreError> =>
      Effect.suspend(() => (this.isMute ? Effect.never : effect))
    const save = (commit: Commit) => this.save(commit)
    return {
      save,
      saveAll: (commits) =>
        Effect.forEach(commits, (commit) => Effect.exit(Effect.mapError(save(commit), ({ reason }) => reason))),
      load: (workflowId, options) => alive(store.load(workflowId, options)),
      summary: (workflowId) => alive(store.summary(workflowId)),
      deletion: (workflowId) => alive(store.deletion(workflowId)),
      list: (filter) => alive(store.list(filter)),
      count: (filter) => alive(store.count(filter)),
      delete: (workflowId, options) => alive(store.delete(workflowId, options)),
      changes: Stream.mapEffect(store.changes, (changes) => alive(Effect.succeed(changes))),
      heartbeat: (worker, lease) => {
        this.worker = worker.id
        return alive(store.heartbeat(worker, lease))
      },
      workers: alive(
        Effect.map(store.workers, (known) => ({ ...known, living: known.living.filter(({ id }) => !dead.has(id)) }))
      ),
      saveDetails: (all) => alive(store.saveDetails(all)),
      details: (call) => alive(store.details(call)),
      guarantees: store.guarantees,
      database: store.database
    }
  }

  private save(commit: Commit): Effect.Effect<void, StoreError> {
    return Effect.suspend(() => {
      if (this.isMute) return Effect.never
      const { crash, store, watcher } = this.options
      const place = ++this.commits === crash?.commit ? crash.place : undefined
      if (place === "before") {
        this.die(true)
        return Effect.never
      }
      return Effect.flatMap(store.save(commit), () => {
        watcher.wrote(commit)
        if (place === undefined) return Effect.void
        this.die(place === "stored")
        return place === "stored" ? Effect.never : Effect.void
      })
    })
  }
}

/** The services that the outside of a process has, too. */
export const executorOf = (services: Services): Context.Context<DurableExecutor | Executions> =>
  Context.make(DurableExecutor, Context.get(services, DurableExecutor)).pipe(
    Context.add(Executions, Context.get(services, Executions))
  )

// internal

/** Real time plays no part: a process says once that it lives. The name stays, so that the next one takes its executions at once. */
const settings: Default.Options = {
  worker: "worker",
  heartbeatInterval: "1 hour",
  lease: "2 hours",
  answerTimeout: "Infinity"
}
