/**
 * Starts executions, finds them, sends to them and waits for their results, wherever they run. It needs no program: without
 * one the first commit of an execution has no owner, and a worker that has the program takes it.
 */
import * as Effect from "effect/Effect"
import type { ClosingEvent } from "../../HistoryEvent.ts"
import type { Ref, RunId, Version, WorkflowId } from "../../Ids.ts"
import { chainMeant } from "../../internal/core/continued.ts"
import type { Completion } from "../../internal/core/completing.ts"
import type { Current } from "../../internal/currentTransaction.ts"
import type { Query } from "../../internal/replay/Queries.ts"
import type { Told, Unrecorded } from "../../internal/replay/Told.ts"
import { tooLong } from "../../internal/request.ts"
import { patiently } from "../../internal/store/patiently.ts"
import type { AnswerOf, Message, QueryAnswer, UpdateAnswer } from "../../Message.ts"
import type { ExecutionSummary, StoreError } from "../../Store/WorkflowStore.ts"
import { ActivityOver, NotFound, ShutDown, type WorkflowErrorReason } from "../../WorkflowError.ts"
import { isFinal } from "../../WorkflowState.ts"
import type { FoundRun, StartedRun, StartRequest } from "../DurableExecutor.ts"
import type { Registration } from "../WorkflowRegistry.ts"
import type { AnswerTimeouts } from "./AnswerTimeouts.ts"
import type { Ended } from "./Appender.ts"
import { append, appendable } from "./append.ts"
import { completeElsewhere } from "./completion.ts"
import { Execution } from "./Execution.ts"
import type { InCare } from "./InCare.ts"
import { isElsewhere, type Refusal, type Reply } from "./Mail.ts"
import { Questions } from "./Questions.ts"
import type { Registrations } from "./Registrations.ts"
import type { Results } from "./Results.ts"
import type { Shared } from "./Shared.ts"
import { startedEvent } from "./started.ts"
import { createElsewhere, nothing, startExisting, type Starting } from "./starts.ts"
import { askElsewhere, askHere } from "./Updating.ts"
import { Within } from "./Within.ts"

type Failure = WorkflowErrorReason | StoreError
type MessageOf<Tag extends Message["_tag"]> = Extract<Message, { readonly _tag: Tag }>

export class Client {
  private readonly shared: Shared<Execution>
  private readonly inCare: InCare
  private readonly results: Results
  private readonly registrations: Registrations
  private readonly timeouts: AnswerTimeouts
  private readonly questions: Questions
  private readonly answerTimeout: number
  private readonly makeId: () => string
  private readonly closed: (workflowId: WorkflowId) => void
  /** Runs whose first commit is being saved: a recovery scan may list them before they are in care. */
  private readonly starting = new Set<RunId>()
  private stopped = false

  constructor(options: {
    readonly shared: Shared<Execution>
    readonly inCare: InCare
    readonly results: Results
    readonly registrations: Registrations
    readonly timeouts: AnswerTimeouts
    /** How long a caller waits for a store that does not answer, in milliseconds. */
    readonly answerTimeout: number
    readonly makeId: () => string
    /** This process has closed an execution that it does not run. */
    readonly closed: (workflowId: WorkflowId) => void
  }) {
    this.shared = options.shared
    this.inCare = options.inCare
    this.results = options.results
    this.registrations = options.registrations
    this.timeouts = options.timeouts
    this.questions = new Questions(options)
    this.answerTimeout = options.answerTimeout
    this.makeId = options.makeId
    this.closed = options.closed
  }

  /** Starts an execution, or finds the one that has its id. */
  start(request: StartRequest): Effect.Effect<StartedRun, Failure> {
    return Effect.suspend(() => {
      if (this.stopped) return Effect.fail(new ShutDown())
      const invalid = tooLong(request.workflowId)
      if (invalid !== undefined) return Effect.fail(invalid)
      const workflowId = request.workflowId as WorkflowId
      return this.inCare.get(workflowId) === undefined
        ? this.createOrFind(request, workflowId, nothing)
        : this.startExisting(request, workflowId)
    })
  }

  /** Finds the execution that an id has now. */
  find(workflowId: WorkflowId): Effect.Effect<FoundRun, Failure> {
    return Effect.map(this.summaryOf(workflowId), ({ chain, runId, workflow }) => ({ workflow, runId: chain ?? runId }))
  }

  /** Sends a message to an execution, here or by a commit that its worker will see. */
  send<M extends Message>(ref: Ref, message: M): Effect.Effect<AnswerOf<M>, Failure> {
    // The answer is that of the message, which the compiler cannot follow.
    return this.answer(ref, message) as Effect.Effect<AnswerOf<M>, Failure>
  }

  private answer(ref: Ref, message: Message): Effect.Effect<AnswerOf<Message>, Failure> {
    switch (message._tag) {
      case "Query":
        return this.query(ref, message)
      case "Update":
        return this.update(ref, message)
      case "Complete":
        return this.complete(ref, message)
      default:
        return this.tell(ref, message)
    }
  }

  private query(ref: Ref, query: Query): Effect.Effect<QueryAnswer, Failure> {
    return Effect.suspend(() => (this.stopped ? Effect.fail(new ShutDown()) : this.questions.ask(ref, query)))
  }

  private tell(ref: Ref, message: MessageOf<"Signal" | "Cancel" | "Terminate">): Effect.Effect<void, Failure> {
    return Effect.gen({ self: this }, function* () {
      if (yield* this.tellHere(ref, message)) return
      if (this.stopped) return yield* new ShutDown()
      const { answerTimeout } = this
      const { status } = yield* append(this.shared.appender, {
        ref,
        answerTimeout,
        event: (at) => appendable(message, at)
      })
      if (isFinal(status) && message._tag !== "Signal") this.closed(ref.workflowId as WorkflowId)
    })
  }

  /** The execution of a ref when this worker has it. Of another chain only the store can say whether it is an earlier or a later one. */
  private here({ runId, workflowId }: Ref): Execution | undefined {
    const execution = this.inCare.get(workflowId as WorkflowId)
    return execution !== undefined && chainMeant(execution, runId) === execution.chain ? execution : undefined
  }

  /** Tells an execution when this worker has it; returns whether that is recorded. */
  private tellHere(
    ref: Ref,
    told: Told,
    noted?: (unrecorded: Unrecorded | undefined) => void
  ): Effect.Effect<boolean, Failure> {
    return Effect.gen({ self: this }, function* () {
      const execution = this.here(ref)
      if (execution === undefined) return false
      const refusal = yield* this.ask(execution, told, noted)
      if (refusal === undefined) return true
      return isElsewhere(refusal) ? false : yield* refusal
    })
  }

  /** Ends a call of an activity, here or by a commit that the worker of its execution will see. */
  private complete(ref: Ref, completion: Completion): Effect.Effect<void, Failure> {
    return Effect.gen({ self: this }, function* () {
      let isOver = false
      const isHere = yield* this.tellHere(ref, completion, (unrecorded) => (isOver = unrecorded?._tag === "Over"))
      if (isOver) return yield* new ActivityOver({ activity: completion.activity })
      if (isHere) return
      if (this.stopped) return yield* new ShutDown()
      const { answerTimeout } = this
      yield* completeElsewhere(this.shared.appender, { ref, completion, answerTimeout })
    })
  }

  /** Asks an execution for an update, here or by a commit that its worker will see. */
  private update(ref: Ref, update: MessageOf<"Update">): Effect.Effect<UpdateAnswer, Failure> {
    return Effect.gen({ self: this }, function* () {
      const { answerTimeout } = this
      const { answers } = this.shared
      const execution = this.here(ref)
      if (execution === undefined) {
        if (this.stopped) return yield* new ShutDown()
        return yield* askElsewhere(this.shared.appender, answers, { ref, update }, answerTimeout)
      }
      const answer = yield* askHere(answers, execution, update, (noted) => this.ask(execution, update, noted))
      if (answer !== "Elsewhere") return answer
      if (this.stopped) return yield* new ShutDown()
      // The request may be recorded all the same.
      return yield* askElsewhere(this.shared.appender, answers, { ref, update, mayBeKnown: true }, answerTimeout)
    })
  }

  /** Tells an execution of this worker of the end of its child; returns whether that is recorded. */
  tellParent(parent: WorkflowId, chain: RunId, ended: Ended): Effect.Effect<boolean> {
    const execution = this.inCare.get(parent)
    if (execution === undefined || execution.chain !== chain) return Effect.succeed(false)
    return Effect.map(this.ask(execution, ended), (refusal) => refusal === undefined)
  }

  /** Waits for the end of a run, here or elsewhere. */
  result({ runId, workflowId: id }: Ref): Effect.Effect<ClosingEvent, Failure> {
    return Effect.suspend(() => {
      if (this.stopped) return Effect.fail(new ShutDown())
      const workflowId = id as WorkflowId
      const here = this.here({ runId, workflowId })
      const chain = runId === undefined || here === undefined ? (runId as RunId | undefined) : here.chain
      const waiting = this.results.wait(workflowId, chain)
      if (here?.isLoaded === true) return waiting
      // Waiting begins before the look, so that an end between the two is not missed.
      const look = this.results.look(workflowId, chain).pipe(patiently(this.answerTimeout))
      return Effect.raceFirst(waiting, Effect.andThen(look, Effect.never))
    })
  }

  /** Whether the first commit of a run is being saved by this process. */
  isStarting(runId: RunId): boolean {
    return this.starting.has(runId)
  }

  /** What this executor does within a transaction. */
  within(current: Current): Within {
    const { answerTimeout, closed, makeId } = this
    const { appender, observed, store } = this.shared
    const outside = { appender, observed, database: store.database, makeId, answerTimeout, closed }
    return new Within({ ...outside, isStopped: () => this.stopped }, current)
  }

  /** Refuses all that is asked from now on. */
  stop(): void {
    this.stopped = true
  }

  private summaryOf(workflowId: WorkflowId): Effect.Effect<ExecutionSummary, Failure> {
    return Effect.gen({ self: this }, function* () {
      if (this.stopped) return yield* new ShutDown()
      const found = yield* this.shared.store.summary(workflowId).pipe(patiently(this.answerTimeout))
      return found._tag === "Some" ? found.value : yield* new NotFound()
    })
  }

  /** Tells an execution of this worker and waits for its answer, for a limited time; `answered` is called with the answer. */
  private ask(
    execution: Execution,
    told: Told,
    answered: (unrecorded: Unrecorded | undefined) => void = () => {}
  ): Effect.Effect<Refusal | undefined> {
    return Effect.callback((resume) => {
      let isWaiting = true
      const timedOut: Reply = (refusal) => resume(Effect.succeed(refusal))
      const reply: Reply = (refusal, unrecorded) => {
        isWaiting = false
        this.timeouts.end(timedOut)
        answered(unrecorded)
        resume(Effect.succeed(refusal))
      }
      execution.tell(told, reply)
      if (isWaiting) this.timeouts.begin(timedOut)
    })
  }

  /** Makes a new run after a version; if the id is not free, finds the execution that has it. */
  private createOrFind(
    request: StartRequest,
    workflowId: WorkflowId,
    latest: Version
  ): Effect.Effect<StartedRun, Failure> {
    const registration = this.registrations.toStart(request.workflow, request.version)
    const created =
      registration === undefined
        ? createElsewhere(this.byStore, request, workflowId, latest)
        : this.create(registration, request, workflowId, latest)
    return Effect.flatMap(created, (started) =>
      started === "Conflict" ? this.startExisting(request, workflowId) : Effect.succeed(started)
    )
  }

  /** Makes a new run of this worker. */
  private create(
    registration: Registration,
    request: StartRequest,
    workflowId: WorkflowId,
    latest: Version
  ): Effect.Effect<StartedRun | "Conflict", WorkflowErrorReason> {
    return Effect.suspend(() => {
      const { shared } = this
      const runId = this.makeId() as RunId
      const firstVersion = (latest + 1) as Version
      const execution = new Execution(shared, registration, { workflowId, runId, version: latest, firstVersion })
      const event = startedEvent(request, shared.appender, {
        workflowId,
        runId,
        owner: shared.worker,
        version: registration.version
      })
      this.starting.add(runId)
      const told = { _tag: "Start", event, with: request.with } as const
      const asked = this.ask(execution, told, () => this.starting.delete(runId))
      return Effect.flatMap(asked, (refusal): Effect.Effect<StartedRun | "Conflict", WorkflowErrorReason> => {
        if (refusal === undefined) return Effect.succeed({ runId, created: true })
        return refusal === "Conflict" ? Effect.succeed(refusal) : Effect.fail(refusal)
      })
    })
  }

  private startExisting(request: StartRequest, workflowId: WorkflowId): Effect.Effect<StartedRun, Failure> {
    return startExisting(this.byStore, request, workflowId, (latest) => this.createOrFind(request, workflowId, latest))
  }

  private get byStore(): Starting {
    const { answerTimeout, makeId } = this
    return { appender: this.shared.appender, makeId, answerTimeout }
  }
}
