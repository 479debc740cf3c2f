/**
 * The default executor behind its service: registrations, starts, and the way of every message to its execution.
 */
import type * as Context from "effect/Context"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import type * as Scheduler from "effect/Scheduler"
import * as Stream from "effect/Stream"
import type { ClosingEvent, EventOf } from "../../HistoryEvent.ts"
import { type RunId, Version, type WorkerId, type WorkflowId } from "../../Ids.ts"
import { byteLength, exceeds } from "../../internal/codec.ts"
import { equalJson } from "../../internal/core/json.ts"
import { type ExecutionSummary, type StoreError, stream, type WorkflowStore } from "../../Store/WorkflowStore.ts"
import { isFinal } from "../../WorkflowState.ts"
import {
  AlreadyExists,
  InvalidId,
  NotRegistered,
  ShutDown,
  WorkflowError,
  type WorkflowErrorReason
} from "../../WorkflowError.ts"
import type { Registration, StartedRun, StartRequest } from "../DurableExecutor.ts"
import { Alarms } from "./Alarms.ts"
import { Attempts } from "./Attempts.ts"
import { ofStore } from "./errors.ts"
import { Execution } from "./Execution.ts"
import { Executions } from "./Executions.ts"
import type { Host } from "./Host.ts"
import type { Message, Refusal, Reply } from "./Message.ts"
import type { Settings } from "./Options.ts"
import { append, patiently } from "./Outside.ts"
import { Ownership } from "./Ownership.ts"
import { Patience } from "./Patience.ts"
import { Results } from "./Results.ts"
import { Saves } from "./Saves.ts"
import type { Shell } from "./Shell.ts"

/** The longest id, in bytes of UTF-8. */
const maxIdBytes = 1024

const noAttributes: ExecutionSummary["attributes"] = {}

/** The version of an id that has no history. */
const nothing = Version.make(0)

/** A message of which the sender waits for an answer. */
type Question = Extract<Message, { readonly reply: Reply }>
type WithoutReply<M> = M extends Question ? Omit<M, "reply"> : never

export interface WorkerOptions {
  readonly worker: WorkerId
  readonly host: Host
  readonly store: WorkflowStore["Service"]
  readonly dispatcher: Scheduler.SchedulerDispatcher
  readonly programContext: Context.Context<never>
  readonly settings: Settings
  /** A clock that only goes forward, in milliseconds. */
  readonly monotonicNow: () => number
  /** The wall clock of the real world, in milliseconds since 1970. */
  readonly liveNow: () => number
  readonly makeId: () => string
}

export class Worker {
  readonly executions: Executions
  readonly results: Results
  readonly ownership: Ownership
  readonly saves: Saves
  private readonly options: WorkerOptions
  private readonly shell: Shell
  private readonly patience: Patience
  private readonly registrations = new Map<string, Registration>()
  /** Workflows of which it was said that they are not registered. */
  private readonly unknown = new Set<string>()
  /** Runs whose first commit is being saved: a look may find them in the store before they are in care. */
  private readonly starting = new Set<RunId>()
  private hasLost = false
  private stopped = false

  constructor(options: WorkerOptions) {
    const { host, settings, store, worker } = options
    this.options = options
    this.executions = new Executions(settings.maxHot)
    this.results = new Results(store)
    this.ownership = new Ownership({ store, worker, lease: settings.lease, liveNow: options.liveNow })
    this.saves = new Saves(host, store, options.dispatcher)
    const alarms = new Alarms(host)
    this.patience = new Patience(settings.patience, alarms, () => host.now())
    // Unique to this process, because a worker's name may outlive it and a commit id must never come twice.
    const nonce = options.makeId()
    let commits = 0
    this.shell = {
      worker,
      host,
      store,
      saves: this.saves,
      alarms,
      attempts: new Attempts(host, settings.maxActivities),
      programContext: options.programContext,
      budget: { milliseconds: settings.spinLimit, now: options.monotonicNow },
      commitId: () => `${nonce}-${(commits++).toString(36)}`,
      lost: () => {
        this.hasLost = true
      },
      ended: (workflowId, ending) => this.results.ended(workflowId, ending),
      touched: (execution) => this.executions.touched(execution)
    }
  }

  get known(): ReadonlyArray<string> {
    return [...this.registrations.keys()].sort()
  }

  /** Adds a workflow; answers whether its name was free. */
  register(registration: Registration): boolean {
    if (this.registrations.has(registration.workflow)) return false
    this.registrations.set(registration.workflow, registration)
    return true
  }

  /** Removes a workflow: its handlers are interrupted, what they finished is saved, its executions are let go. */
  unregister(workflow: string): Effect.Effect<void> {
    return Effect.gen({ self: this }, function* () {
      this.registrations.delete(workflow)
      yield* this.executions.stop(workflow)
      yield* this.saves.settled
      // Should that fail, others wait until the lease has run out.
      if (this.registrations.size === 0) yield* Effect.ignore(this.ownership.end)
    })
  }

  /** Says that this worker lives, if it has anything to run: nobody needs to wait for one that has not. */
  readonly beat: Effect.Effect<void, StoreError> = Effect.suspend(() =>
    this.registrations.size === 0 ? Effect.void : this.ownership.beat
  )

  /** Starts an execution, or finds the one that has its id. */
  start(request: StartRequest): Effect.Effect<StartedRun, WorkflowErrorReason | StoreError> {
    return Effect.suspend(() => {
      const registration = this.registrations.get(request.workflow)
      if (registration === undefined) {
        return Effect.fail(new NotRegistered({ workflow: request.workflow, known: this.known }))
      }
      if (exceeds(request.workflowId, maxIdBytes)) {
        return Effect.fail(new InvalidId({ bytes: byteLength(request.workflowId) }))
      }
      const workflowId = request.workflowId as WorkflowId
      return this.executions.get(workflowId) === undefined
        ? this.again(registration, request, workflowId, nothing)
        : this.startExisting(registration, request, workflowId)
    })
  }

  /** Takes an execution into care whose worker is gone. Completes when that is durable, or somebody else was faster. */
  adopt(summary: ExecutionSummary): Effect.Effect<void> {
    return Effect.callback((resume) => {
      const registration = this.registrations.get(summary.workflow)
      if (registration === undefined || this.stopped) return resume(Effect.void)
      const execution = new Execution(this.shell, registration, { ...summary, isNew: false })
      this.executions.touched(execution)
      execution.tell({ _tag: "Claim", from: summary.owner, reply: () => resume(Effect.void) })
    })
  }

  /** Whether executions were let go because their store failed, since this was last asked. */
  takeLost(): boolean {
    const hadLost = this.hasLost
    this.hasLost = false
    return hadLost
  }

  /** Whether an execution is one that this worker could run and does not. */
  lacks(summary: ExecutionSummary): boolean {
    return (
      this.registrations.has(summary.workflow) &&
      this.executions.get(summary.workflowId) === undefined &&
      !this.starting.has(summary.runId)
    )
  }

  /** Says, once a workflow, that an execution has no worker and that this one cannot be it. */
  readonly pass = (summary: ExecutionSummary): void => {
    const { workflow } = summary
    if (this.registrations.has(workflow) || this.unknown.has(workflow)) return
    this.unknown.add(workflow)
    const text =
      `execution ${JSON.stringify(summary.workflowId)} has no worker, and its workflow ${JSON.stringify(workflow)} is ` +
      `not registered here; an executor that is given its toLayer(...) runs it (said once a workflow)`
    this.shell.host.log("Warn", text)
  }

  /** Looks for executions in care to which somebody has committed unheard, since news of commits may be missed. */
  readonly lookForMissed: Effect.Effect<void, StoreError> = Effect.suspend(() => {
    const filter = { status: ["running", "blocked"], wakeBefore: this.shell.host.now() + 1, limit: 1000 } as const
    return Stream.runForEach(stream(this.options.store, filter), ({ version, workflowId }) =>
      Effect.sync(() => this.executions.get(workflowId)?.notice(version))
    )
  })

  /** Sends a message to an execution, here or by a commit that its worker will see. */
  send(
    workflowId: WorkflowId,
    message: WithoutReply<Extract<Question, { readonly _tag: "Signal" | "Cancel" | "Terminate" }>>
  ): Effect.Effect<void, WorkflowErrorReason | StoreError> {
    return Effect.gen({ self: this }, function* () {
      const execution = this.executions.get(workflowId)
      if (execution !== undefined) {
        const refusal = yield* this.ask(execution, message)
        if (refusal === undefined) return
        // It was let go meanwhile: somebody else runs it, so the message goes there.
        if (refusal !== "Conflict" && refusal._tag !== "ShutDown") return yield* refusal
      }
      if (this.stopped) return yield* new ShutDown()
      return yield* append(this.options.store, {
        workflowId,
        commitId: this.shell.commitId,
        now: () => this.shell.host.now(),
        patience: this.options.settings.patience,
        event: (at) => outsideEvent(message, at)
      })
    })
  }

  /** Waits for the end of a run, here or elsewhere. */
  result(
    workflowId: WorkflowId,
    runId: RunId | undefined
  ): Effect.Effect<ClosingEvent, WorkflowErrorReason | StoreError> {
    return Effect.suspend(() => {
      if (this.stopped) return Effect.fail(new ShutDown())
      const execution = this.executions.get(workflowId)
      const runsHere =
        execution !== undefined &&
        (runId === undefined || execution.runId === runId) &&
        execution.phase._tag !== "Blocked" &&
        execution.phase._tag !== "Parked" &&
        execution.phase._tag !== "Gone"
      const waiting = this.results.wait(workflowId, runId)
      if (runsHere) return waiting
      // Waiting begins before the look, so that an end between the two is not missed.
      const look = this.results.look(workflowId, runId).pipe(patiently(this.options.settings.patience))
      return Effect.raceFirst(waiting, Effect.andThen(look, Effect.never))
    })
  }

  /** Looks whether an execution of another worker has ended, for those who wait for it. */
  lookForResult(workflowId: WorkflowId): void {
    this.shell.host.fork(this.results.lookAgain(workflowId), () => {})
  }

  /** Stops saving and telling; whoever waits is told that the executor was shut down. */
  stop(): void {
    this.stopped = true
    this.saves.stop()
    this.executions.leave()
    this.shell.alarms.stop()
    this.results.fail(new ShutDown())
  }

  private ask(
    execution: Execution,
    message: WithoutReply<Question>,
    answered: () => void = () => {}
  ): Effect.Effect<Refusal | undefined> {
    return Effect.callback((resume) => {
      let waiting = true
      const reply: Reply = (refusal) => {
        waiting = false
        this.patience.forget(reply)
        answered()
        resume(Effect.succeed(refusal))
      }
      execution.tell({ ...message, reply } as Question)
      if (waiting) this.patience.remember(reply)
    })
  }

  /** Makes a new run after a version; `"Conflict"` when somebody else was faster or the id exists. */
  private create(
    registration: Registration,
    request: StartRequest,
    workflowId: WorkflowId,
    latest: Version
  ): Effect.Effect<StartedRun | "Conflict", WorkflowErrorReason> {
    return Effect.suspend(() => {
      const runId = this.options.makeId() as RunId
      const execution = new Execution(this.shell, registration, {
        workflowId,
        runId,
        attributes: request.attributes ?? noAttributes,
        version: latest,
        firstVersion: (latest + 1) as Version,
        isNew: true
      })
      const event = startedEvent(request, workflowId, runId, this.shell.host.now())
      this.starting.add(runId)
      const asked = this.ask(execution, { _tag: "Start", event }, () => this.starting.delete(runId))
      return Effect.flatMap(asked, (refusal): Effect.Effect<StartedRun | "Conflict", WorkflowErrorReason> => {
        if (refusal === undefined) return Effect.succeed({ runId, created: true })
        return refusal === "Conflict" ? Effect.succeed(refusal) : Effect.fail(refusal)
      })
    })
  }

  private startExisting(
    registration: Registration,
    request: StartRequest,
    workflowId: WorkflowId
  ): Effect.Effect<StartedRun, WorkflowErrorReason | StoreError> {
    const { patience } = this.options.settings
    return Effect.gen({ self: this }, function* () {
      const stored = yield* this.options.store.load(workflowId).pipe(patiently(patience))
      if (stored._tag === "None") return yield* this.again(registration, request, workflowId, nothing)
      const { commits, summary } = stored.value
      const first = commits[0]?.events[0]
      if (request.whenExists === "restart" && isFinal(summary.status)) {
        return yield* this.again(registration, request, workflowId, summary.version)
      }
      const differs =
        summary.workflow !== request.workflow
          ? "workflow"
          : first?._tag !== "ExecutionStarted" || !equalJson(first.input, request.input)
            ? "input"
            : "nothing"
      if (differs !== "nothing" || request.whenExists === "fail") {
        return yield* new AlreadyExists({ status: summary.status, differs })
      }
      return { runId: summary.runId, created: false }
    })
  }

  /** Makes a run of an id that was free a moment ago; when it is not any more, whoever took it is the answer. */
  private again(
    registration: Registration,
    request: StartRequest,
    workflowId: WorkflowId,
    latest: Version
  ): Effect.Effect<StartedRun, WorkflowErrorReason | StoreError> {
    return Effect.flatMap(this.create(registration, request, workflowId, latest), (started) =>
      started === "Conflict" ? this.startExisting(registration, request, workflowId) : Effect.succeed(started)
    )
  }
}

/** The error of an operation, from the reason or the store error with which it failed. */
export const workflowError =
  (operation: WorkflowError["operation"], workflowId: string) =>
  <A>(effect: Effect.Effect<A, WorkflowErrorReason | StoreError>): Effect.Effect<A, WorkflowError> =>
    Effect.mapError(effect, (error) =>
      error._tag === "StoreError"
        ? ofStore(operation, workflowId, error)
        : new WorkflowError({ operation, workflowId, reason: error })
    )

// internal

const startedEvent = (
  { input, timeout = Duration.infinity, workflow }: StartRequest,
  workflowId: WorkflowId,
  runId: RunId,
  at: number
): EventOf<"ExecutionStarted"> => {
  const milliseconds = Duration.toMillis(Duration.fromInputUnsafe(timeout))
  return {
    _tag: "ExecutionStarted",
    at,
    workflow,
    workflowId,
    runId,
    input,
    ...(Number.isFinite(milliseconds) ? { deadline: at + Math.max(0, Math.ceil(milliseconds)) } : {})
  }
}

const outsideEvent = (
  message: WithoutReply<Extract<Question, { readonly _tag: "Signal" | "Cancel" | "Terminate" }>>,
  at: number
): EventOf<"SignalReceived" | "CancelRequested" | "ExecutionTerminated"> => {
  switch (message._tag) {
    case "Signal":
      return { _tag: "SignalReceived", at, name: message.name, payload: message.payload }
    case "Cancel":
      return { _tag: "CancelRequested", at, kind: "cancel", reason: message.reason }
    case "Terminate":
      return { _tag: "ExecutionTerminated", at, reason: message.reason }
  }
}
