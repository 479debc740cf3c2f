/**
 * The services of a default executor, and the worker behind them.
 */
import * as Clock from "effect/Clock"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Scheduler from "effect/Scheduler"
import type * as Scope from "effect/Scope"
import { WorkerId, type WorkflowId } from "../../Ids.ts"
import { LiveClock } from "../../internal/liveClock.ts"
import { operationOf } from "../../internal/operation.ts"
import { silenced } from "../../internal/replay/silence.ts"
import { workflowError } from "../../internal/store/failure.ts"
import { withoutSpan } from "../../internal/ofLayer.ts"
import { StoreError, Unsupported, WorkflowStore } from "../../Store/WorkflowStore.ts"
import { DurableExecutor } from "../DurableExecutor.ts"
import * as Executions from "../Executions.ts"
import { Observers } from "../Observers.ts"
import { InlineActivities, WorkflowRegistry } from "../WorkflowRegistry.ts"
import { incarnationOf } from "./Heartbeat.ts"
import { type Options, settings as settingsOf } from "./Options.ts"
import type { Within } from "./Within.ts"
import type { WorkflowErrorReason } from "../../WorkflowError.ts"
import { CurrentTransaction } from "../../internal/currentTransaction.ts"
import { Worker } from "./Worker.ts"

/** The services of an executor. */
export type Services = DurableExecutor | WorkflowRegistry | InlineActivities | Executions.Executions | Observers

/** Makes an executor on the store that is provided. It ends with the scope. */
export const make = (
  options?: Options
): Effect.Effect<Context.Context<Services>, StoreError, WorkflowStore | Scope.Scope> =>
  Effect.suspend(() => Effect.map(makeWorker(options, false), ({ services }) => services))

/** The same as a Layer. */
export const layer = (options?: Options): Layer.Layer<Services, StoreError, WorkflowStore> =>
  Layer.effectContext(make(options))

/** Makes a worker, and the services that use it; `onlyDue` for one that takes what is due and no more. */
export const makeWorker = Effect.fnUntraced(function* (
  options: Options | undefined,
  onlyDue: boolean
): Effect.fn.Return<
  { readonly worker: Worker; readonly services: Context.Context<Services> },
  StoreError,
  WorkflowStore | Scope.Scope
> {
  const store = yield* WorkflowStore
  if (store.guarantees.writes === "refused") {
    const detail =
      "the store only shows executions that something else manages: provide one that takes commits, such as SqliteStore, or run the " +
      "executor that manages them"
    return yield* new StoreError({ operation: "save", reason: new Unsupported({ detail }) })
  }
  const settings = settingsOf(options)
  const context = withoutSpan(yield* Effect.context<never>())
  const scheduler = yield* Scheduler.Scheduler
  const makeId = options?.makeId ?? (() => globalThis.crypto.randomUUID())
  const liveClock = yield* LiveClock
  const name = options?.worker
  const id = makeId()
  const worker = new Worker({
    worker: name === undefined ? WorkerId.make(id) : incarnationOf(name, id, liveClock.currentTimeMillisUnsafe()),
    name,
    context,
    clock: yield* Clock.Clock,
    liveClock,
    store,
    dispatcher: scheduler.makeDispatcher(),
    programContext: silenced(context),
    settings,
    onlyDue,
    makeId
  })
  yield* worker.start
  // Before what goes on beside the executions ends: a worker that stops still says that it lives.
  yield* Effect.addFinalizer(() => worker.close)
  const services = Context.make(DurableExecutor, executorOf(worker)).pipe(
    Context.add(WorkflowRegistry, {
      register: (registration) => workflowError("register", registration.workflow)(worker.register(registration))
    }),
    Context.add(InlineActivities, true),
    Context.add(Observers, { add: (observer) => worker.observed.add(observer) }),
    Context.add(Executions.Executions, Executions.make(store, settings.answerTimeout))
  )
  return { worker, services }
})

// internal

const executorOf = ({ client }: Worker): DurableExecutor["Service"] => {
  type Ask<A> = Effect.Effect<A, WorkflowErrorReason | StoreError>
  /** Runs a request by the client, or by the transaction that the fiber is in. */
  const either = <A>(outside: () => Ask<A>, inside: (within: Within) => Ask<A>): Ask<A> =>
    Effect.withFiber((fiber) => {
      const current = fiber.getRef(CurrentTransaction)
      return current === undefined ? outside() : inside(client.within(current))
    })
  return {
    start: (request) =>
      either(
        () => client.start(request),
        (within) => within.start(request)
      ).pipe(workflowError("start", request.workflowId)),
    find: (id) => {
      const workflowId = id as WorkflowId
      return either(
        () => client.find(workflowId),
        (within) => within.find(workflowId)
      ).pipe(workflowError("find", workflowId))
    },
    send: (ref, message) =>
      either(
        () => client.send(ref, message),
        (within) => within.send(ref, message)
      ).pipe(workflowError(operationOf(message), ref.workflowId)),
    result: (ref) =>
      either(
        () => client.result(ref),
        (within) => within.wait
      ).pipe(workflowError("result", ref.workflowId))
  }
}
