/**
 * The default executor: runs executions in this process, on any store.
 *
 * It takes over whatever is unfinished and has no living worker, keeps idle executions out of memory, and never lets two
 * processes advance one execution: the store's versions see to that.
 */
import * as Clock from "effect/Clock"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Schedule from "effect/Schedule"
import * as Scheduler from "effect/Scheduler"
import type * as Scope from "effect/Scope"
import * as Stream from "effect/Stream"
import { WorkerId, type WorkflowId } from "../Ids.ts"
import { silenced } from "../internal/replay/silence.ts"
import { type ExecutionSummary, type StoreError, WorkflowStore } from "../Store/WorkflowStore.ts"
import { isFinal } from "../WorkflowState.ts"
import { AlreadyRegistered, NotFound, Unfinished, WorkflowError } from "../WorkflowError.ts"
import { Host } from "./default/Host.ts"
import { type Options, settings as settingsOf } from "./default/Options.ts"
import { patiently } from "./default/Outside.ts"
import { afterAll } from "./default/Results.ts"
import { Worker, workflowError } from "./default/Worker.ts"
import { DurableExecutor } from "./DurableExecutor.ts"

export type { Options } from "./default/Options.ts"

/**
 * Makes a default executor on the store that is provided. It ends with the scope: handlers are interrupted, what they
 * finished is saved, and other workers may take the executions at once.
 *
 * @category constructors
 * @since 0.1.0
 */
export const make = (
  options?: Options
): Effect.Effect<DurableExecutor["Service"], StoreError, WorkflowStore | Scope.Scope> =>
  Effect.gen(function* () {
    const store = yield* WorkflowStore
    const settings = settingsOf(options)
    const context = yield* Effect.context<never>()
    const scheduler = yield* Scheduler.Scheduler
    const host = new Host(context, yield* Clock.Clock)
    // Leases are about other processes, which live in real time even when this one is tested in virtual time.
    const live = Context.get(Context.empty(), Clock.Clock)
    const makeId = options?.makeId ?? (() => globalThis.crypto.randomUUID())
    const worker = new Worker({
      worker: WorkerId.make(options?.worker ?? makeId()),
      host,
      store,
      dispatcher: scheduler.makeDispatcher(),
      programContext: silenced(context),
      settings,
      monotonicNow: () => Number(live.monotonicTimeNanosUnsafe() / 1_000_000n),
      liveNow: () => live.currentTimeMillisUnsafe(),
      makeId
    })
    yield* Effect.addFinalizer(() => close(worker, host, settings.shutdown, live))
    const look = yield* keepLooking(worker, settings.heartbeat, settings.maxRecoveries, live)
    yield* listen(worker, store, live)
    const leave = (workflow: string) => atMost(worker.unregister(workflow), settings.shutdown, live)
    return service({ worker, store, patience: settings.patience, look, leave })
  })

/**
 * The default executor with its default settings.
 *
 * @category layers
 * @since 0.1.0
 */
export const layer: Layer.Layer<DurableExecutor, StoreError, WorkflowStore> = Layer.effect(DurableExecutor, make())

/**
 * The default executor with settings of one's own.
 *
 * @category layers
 * @since 0.1.0
 */
export const layerWith = (options: Options): Layer.Layer<DurableExecutor, StoreError, WorkflowStore> =>
  Layer.effect(DurableExecutor, make(options))

// internal

const inRealTime = <A, E, R>(effect: Effect.Effect<A, E, R>, live: Clock.Clock): Effect.Effect<A, E, R> =>
  Effect.provideService(effect, Clock.Clock, live)

/** A look for executions without a worker, to take them; at a registration also for those from this worker's earlier life. */
interface Look {
  readonly again: Effect.Effect<void>
  readonly atRegistration: Effect.Effect<void>
}

/** Makes a look. Asked again while it looks, it looks once more when it is through. */
const makeLook = (worker: Worker, maxRecoveries: number): Look => {
  let ownToo = true
  let wanted = false
  let looking = false
  const once = Effect.gen(function* () {
    do {
      wanted = false
      ownToo = worker.takeLost() || ownToo
      const asked = {
        ownToo,
        wants: (summary: ExecutionSummary) => worker.lacks(summary),
        // At a registration others are still to come.
        passes: ownToo ? () => {} : worker.pass
      }
      ownToo = false
      const orphans = yield* worker.ownership.orphans(asked).pipe(
        Effect.onError(() =>
          Effect.sync(() => {
            ownToo ||= asked.ownToo
          })
        )
      )
      yield* Effect.forEach(orphans, (summary) => worker.adopt(summary), { concurrency: maxRecoveries, discard: true })
    } while (wanted)
  })
  const again = Effect.suspend(() => {
    wanted = true
    if (looking) return Effect.void
    looking = true
    return once.pipe(
      Effect.catchCause((cause) => Effect.logWarning("could not look for executions without a worker", cause)),
      Effect.ensuring(
        Effect.sync(() => {
          looking = false
        })
      )
    )
  })
  const atRegistration = Effect.suspend(() => {
    ownToo = true
    return again
  })
  return { again, atRegistration }
}

/** Keeps the heartbeat going and looks now and then for what nobody told; answers how to look at a registration. */
const keepLooking = Effect.fnUntraced(function* (
  worker: Worker,
  heartbeat: number,
  maxRecoveries: number,
  live: Clock.Clock
) {
  const look = makeLook(worker, maxRecoveries)
  const lookElsewhere = Effect.suspend(() =>
    Effect.forEach(
      Array.from(worker.results.ids()).filter((workflowId) => worker.executions.get(workflowId) === undefined),
      (workflowId) => worker.results.lookAgain(workflowId),
      { discard: true }
    )
  )
  const every = (effect: Effect.Effect<void, StoreError>, what: string) =>
    Effect.sleep(heartbeat).pipe(
      Effect.andThen(effect),
      Effect.catchCause((cause) => Effect.logWarning(`${what} failed and is tried again`, cause)),
      Effect.forever,
      (loop) => inRealTime(loop, live),
      Effect.forkScoped
    )
  // Apart, because a long look must not let the lease run out.
  yield* every(worker.beat, "the heartbeat")
  yield* every(Effect.andThen(look.again, lookElsewhere), "looking for executions")
  yield* every(worker.lookForMissed, "looking for missed commits")
  const scope = yield* Effect.scope
  return Effect.forkIn(look.atRegistration, scope, { startImmediately: true })
})

/** Follows what others commit: to executions in care, and to those whose result somebody waits for. */
const listen = (worker: Worker, store: WorkflowStore["Service"], live: Clock.Clock) =>
  Stream.runForEach(store.changes, (changes) =>
    Effect.sync(() => {
      for (const { version, workflowId } of changes) {
        const execution = worker.executions.get(workflowId)
        if (execution !== undefined) execution.notice(version)
        else if (worker.results.isWaiting(workflowId)) worker.lookForResult(workflowId)
      }
    })
  ).pipe(
    Effect.catchCause((cause) => Effect.logWarning("the changes of the store were lost and are followed again", cause)),
    Effect.repeat(Schedule.spaced("1 second")),
    (loop) => inRealTime(loop, live),
    Effect.forkScoped({ startImmediately: true })
  )

/** Waits for something to end, but never longer than a shutdown may take. */
const atMost = (effect: Effect.Effect<void>, milliseconds: number, live: Clock.Clock): Effect.Effect<void> =>
  inRealTime(Effect.timeoutOption(Effect.interruptible(effect), milliseconds), live).pipe(Effect.asVoid)

const close = (worker: Worker, host: Host, shutdown: number, live: Clock.Clock): Effect.Effect<void> =>
  Effect.forEach(worker.known, (workflow) => worker.unregister(workflow), { discard: true }).pipe(
    (effect) => atMost(effect, shutdown, live),
    Effect.andThen(Effect.sync(() => worker.stop())),
    Effect.andThen(atMost(Effect.ignore(worker.ownership.end), shutdown, live)),
    Effect.andThen(atMost(host.close, shutdown, live))
  )

const service = (options: {
  readonly worker: Worker
  readonly store: WorkflowStore["Service"]
  readonly patience: number
  readonly look: Effect.Effect<unknown>
  readonly leave: (workflow: string) => Effect.Effect<void>
}): DurableExecutor["Service"] => {
  const { look, patience, store, worker } = options
  const describe = (workflowId: string) =>
    Effect.gen(function* () {
      const stored = yield* store.load(workflowId as WorkflowId, { after: afterAll }).pipe(patiently(patience))
      return stored._tag === "Some" ? stored.value.summary : yield* new NotFound()
    })
  return {
    register: (registration) =>
      Effect.acquireRelease(
        Effect.gen(function* () {
          const { workflow } = registration
          // Before it has anything to run, which others would take from a worker that they do not see.
          if (worker.known.length === 0) {
            yield* worker.ownership.beat.pipe(patiently(patience), workflowError("register", workflow))
          }
          if (worker.register(registration)) return yield* look
          const reason = new AlreadyRegistered({ workflow })
          return yield* new WorkflowError({ operation: "register", workflowId: workflow, reason })
        }),
        () => options.leave(registration.workflow)
      ),
    start: (request) => worker.start(request).pipe(workflowError("start", request.workflowId)),
    result: (workflowId, runId) =>
      worker.result(workflowId as WorkflowId, runId).pipe(workflowError("result", workflowId)),
    signal: (workflowId, name, payload) =>
      worker
        .send(workflowId as WorkflowId, { _tag: "Signal", name, payload })
        .pipe(workflowError("signal", workflowId)),
    cancel: (workflowId, reason = "cancelled from outside") =>
      worker.send(workflowId as WorkflowId, { _tag: "Cancel", reason }).pipe(workflowError("cancel", workflowId)),
    terminate: (workflowId, reason = "terminated from outside") =>
      worker.send(workflowId as WorkflowId, { _tag: "Terminate", reason }).pipe(workflowError("terminate", workflowId)),
    describe: (workflowId) => describe(workflowId).pipe(workflowError("describe", workflowId)),
    list: (filter) => store.list(filter).pipe(patiently(patience), workflowError("list", "")),
    history: (workflowId) =>
      Effect.gen(function* () {
        const stored = yield* store.load(workflowId as WorkflowId).pipe(patiently(patience))
        if (stored._tag === "None") return yield* new NotFound()
        return stored.value.commits.flatMap((commit) => commit.events)
      }).pipe(workflowError("history", workflowId)),
    delete: (workflowId) =>
      Effect.gen(function* () {
        const { status } = yield* describe(workflowId)
        if (!isFinal(status)) return yield* new Unfinished({ status })
        yield* store.delete(workflowId as WorkflowId).pipe(patiently(patience))
      }).pipe(workflowError("delete", workflowId))
  }
}
