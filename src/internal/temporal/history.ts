/**
 * Histories of Temporal as ours: an event of ours, or none, for each of theirs. Of what was not written with this library as much is
 * shown as can be known.
 */
import type { temporal } from "@temporalio/proto"
import type { EventOf, HistoryEvent, MessageOutcome } from "../../HistoryEvent.ts"
import { MessageId, RunId, Sequence, Version, WorkflowId } from "../../Ids.ts"
import { childRun, nextRun } from "../core/derive.ts"
import { digest } from "../core/digest.ts"
import { messageId } from "../core/evolve.ts"
import { startedEvent } from "./beginning.ts"
import { closingEvent, reasonIn } from "./closing.ts"
import { endOfChild, exitIn, patchIn, pendingOf, signalIn } from "./ends.ts"
import { problemOfFailure } from "./failures.ts"
import { firstOf, jsonOf, timeOf } from "./json.ts"
import { inOrder, type Translated } from "./order.ts"
import type { HistoryEvent as TemporalEvent } from "./pages.ts"
import { memoIn } from "./runs.ts"
import {
  type Call,
  completeName,
  type CompleteRequest,
  isLeftOpen,
  rejectedType,
  valueIn,
  sendName,
  type Start,
  updateName,
  type UpdateReply,
  type UpdateRequest
} from "./wire.ts"

/** Which execution a history is of. */
export interface About {
  readonly workflowId: string
  /** Temporal's run, and the first one of its chain. */
  readonly runId: string
  readonly firstRun: string
}

/** The events of a run. */
export const translated = (events: ReadonlyArray<TemporalEvent>, about: About): ReadonlyArray<Translated> => {
  const translation = new Translation(events, about)
  const all = events.flatMap((event) =>
    translation.of(event).map((each) => ({ eventId: Number(event.eventId ?? 0), event: each }))
  )
  return inOrder(events, all)
}

// internal

class Translation {
  private readonly about: About
  private readonly reasonOfCancel: string
  private started: EventOf<"ExecutionStarted"> | undefined
  private attributes: Readonly<Record<string, unknown>> = {}
  /** Sequence numbers are given in the order of commands, so what does not say its own has the next. */
  private next = 0
  private sent = 0
  private readonly calls = new Map<number, EventOf<"ActivityScheduled">>()
  /** The calls that callers outside have ended. */
  private readonly completedCalls = new Set<Sequence>()
  private readonly timers = new Map<number, number | "deadline">()
  private readonly messages = new Map<number, MessageId>()
  private readonly children = new Map<number, EventOf<"MessageSent">>()
  private readonly updates = new Map<number, UpdateRequest>()
  private readonly requested = new Set<string>()
  /** The updates that no handler has taken, by the events that accept them at Temporal. */
  private readonly refused: ReadonlySet<number>
  /** The updates that are none, as the program had rejected them. */
  private readonly rejected: ReadonlySet<number>

  constructor(events: ReadonlyArray<TemporalEvent>, about: About) {
    this.about = about
    this.reasonOfCancel = reasonIn(events) ?? ""
    this.refused = refusedIn(events)
    this.rejected = rejectedIn(events)
  }

  of(event: TemporalEvent): ReadonlyArray<HistoryEvent> {
    const found =
      this.begun(event) ?? this.activity(event) ?? this.timer(event) ?? this.message(event) ?? this.told(event)
    if (found !== undefined) return found
    const closing = closingEvent(event, this.reasonOfCancel)
    return closing === undefined ? [] : [closing]
  }

  private begun(event: TemporalEvent): ReadonlyArray<HistoryEvent> | undefined {
    const attributes = event.workflowExecutionStartedEventAttributes
    if (!attributes) return undefined
    const { firstRun, runId, workflowId } = this.about
    const start = (jsonOf(attributes.input?.payloads?.[1]) ?? {}) as Start
    const memo = memoIn(attributes)
    const info = {
      workflowType: attributes.workflowType?.name ?? "",
      workflowId,
      originalExecutionRunId: attributes.originalExecutionRunId || runId,
      firstExecutionRunId: firstRun
    }
    this.started = startedEvent(info, firstOf(attributes.input), start, timeOf(event.eventTime), start.version)
    this.sent = this.started.continues?.sent ?? 0
    this.attributes = memo.attributes ?? {}
    return [this.started]
  }

  private activity(event: TemporalEvent): ReadonlyArray<HistoryEvent> | undefined {
    const at = timeOf(event.eventTime)
    const scheduled = event.activityTaskScheduledEventAttributes
    if (scheduled) return this.called(event, scheduled, at)
    const ended =
      event.activityTaskCompletedEventAttributes ??
      event.activityTaskFailedEventAttributes ??
      event.activityTaskTimedOutEventAttributes
    if (ended) {
      const call = this.calls.get(Number(ended.scheduledEventId))
      return call === undefined ? [] : this.resolved(call, event, at)
    }
    const cancelled = event.activityTaskCancelRequestedEventAttributes
    if (!cancelled) return undefined
    const call = this.calls.get(Number(cancelled.scheduledEventId))
    return call === undefined || this.completedCalls.has(call.seq)
      ? []
      : [{ _tag: "ActivityCancelled", at, seq: call.seq }]
  }

  private called(
    event: TemporalEvent,
    attributes: temporal.api.history.v1.IActivityTaskScheduledEventAttributes,
    at: number
  ): ReadonlyArray<HistoryEvent> {
    const id = attributes.activityId ?? ""
    const name = attributes.activityType?.name ?? ""
    if (name === sendName || /^\d+(\/\d+)?$/.exec(id) === null) {
      if (name === sendName && id.startsWith("send "))
        this.messages.set(Number(event.eventId), MessageId.make(id.slice(5)))
      return []
    }
    const call = (jsonOf(attributes.input?.payloads?.[1]) ?? {}) as Partial<Call>
    const input = firstOf(attributes.input)
    const issued: EventOf<"ActivityScheduled"> = {
      _tag: "ActivityScheduled",
      at,
      seq: this.sequence(Number.parseInt(id, 10)),
      name,
      input,
      digest: digest(JSON.stringify(input)),
      ...(call.timeouts === undefined ? {} : { timeouts: call.timeouts }),
      ...(call.retry === undefined ? {} : { retry: call.retry })
    }
    this.calls.set(Number(event.eventId), issued)
    // Another attempt, after a caller outside has ended one.
    return id.includes("/") ? [] : [issued]
  }

  private resolved(call: EventOf<"ActivityScheduled">, event: TemporalEvent, at: number): ReadonlyArray<HistoryEvent> {
    const { seq, timeouts } = call
    if (this.completedCalls.has(seq)) return []
    const completed = event.activityTaskCompletedEventAttributes
    if (completed) {
      const value = firstOf(completed.result)
      if (isLeftOpen(value)) return [pendingOf(seq, at, value)]
      return [{ _tag: "ActivityResolved", at, seq, exit: { _tag: "Success", value: valueIn(value) } }]
    }
    const failure =
      event.activityTaskFailedEventAttributes?.failure ?? event.activityTaskTimedOutEventAttributes?.failure
    return [{ _tag: "ActivityResolved", at, seq, exit: exitIn(failure, timeouts) }]
  }

  private timer(event: TemporalEvent): ReadonlyArray<HistoryEvent> | undefined {
    const at = timeOf(event.eventTime)
    const started = event.timerStartedEventAttributes
    if (started) {
      const summary = jsonOf(event.userMetadata?.summary)
      const [, number] = /^sleep #(\d+)$/.exec(typeof summary === "string" ? summary : "") ?? []
      if (summary === "timeout of the execution") this.timers.set(Number(event.eventId), "deadline")
      const isOther = typeof summary === "string" && summary !== "" && number === undefined
      if (isOther) return []
      const seq = this.sequence(number === undefined ? undefined : Number(number))
      this.timers.set(Number(event.eventId), seq)
      return [{ _tag: "TimerStarted", at, seq, fireAt: at + timeOf(started.startToFireTimeout) }]
    }
    const ended = event.timerFiredEventAttributes ?? event.timerCanceledEventAttributes
    if (!ended) return undefined
    const timer = this.timers.get(Number(ended.startedEventId))
    if (timer === "deadline" && event.timerFiredEventAttributes) {
      return [{ _tag: "CancelRequested", at, kind: "timeout", reason: "the timeout of the execution passed" }]
    }
    if (typeof timer !== "number") return []
    return [{ _tag: event.timerFiredEventAttributes ? "TimerFired" : "TimerCancelled", at, seq: Sequence.make(timer) }]
  }

  private message(event: TemporalEvent): ReadonlyArray<HistoryEvent> | undefined {
    const at = timeOf(event.eventTime)
    const signal = event.signalExternalWorkflowExecutionInitiatedEventAttributes
    if (signal) {
      const message = { _tag: "Signal", name: signal.signalName ?? "", payload: firstOf(signal.input) } as const
      return [this.out(event, at, signal.workflowExecution?.workflowId ?? "", message)]
    }
    const cancel = event.requestCancelExternalWorkflowExecutionInitiatedEventAttributes
    if (cancel) {
      return [
        this.out(event, at, cancel.workflowExecution?.workflowId ?? "", { _tag: "Cancel", reason: cancel.reason ?? "" })
      ]
    }
    const start = event.startChildWorkflowExecutionInitiatedEventAttributes
    if (start) return [this.child(event, start, at)]
    return this.settled(event, at) ?? this.ended(event, at)
  }

  private child(
    event: TemporalEvent,
    attributes: temporal.api.history.v1.IStartChildWorkflowExecutionInitiatedEventAttributes,
    at: number
  ): HistoryEvent {
    const start = (jsonOf(attributes.input?.payloads?.[1]) ?? {}) as Start
    const { attributes: own, memo, timeout, version } = start
    const sent = this.out(event, at, attributes.workflowId ?? "", {
      _tag: "Start",
      workflow: attributes.workflowType?.name ?? "",
      input: firstOf(attributes.input),
      parentClose: memoIn(attributes).parentClose ?? "cancel",
      ...(version === undefined ? {} : { version }),
      ...(timeout === undefined ? {} : { timeout }),
      ...(own === undefined ? {} : { attributes: own }),
      ...(memo === undefined ? {} : { memo })
    })
    this.children.set(Number(event.eventId), sent)
    return sent
  }

  private settled(event: TemporalEvent, at: number): ReadonlyArray<HistoryEvent> | undefined {
    const delivered =
      event.externalWorkflowExecutionSignaledEventAttributes ??
      event.externalWorkflowExecutionCancelRequestedEventAttributes ??
      event.childWorkflowExecutionStartedEventAttributes
    if (delivered) return this.settledAs(Number(delivered.initiatedEventId), at, { _tag: "Delivered" })
    const refused =
      event.signalExternalWorkflowExecutionFailedEventAttributes ??
      event.requestCancelExternalWorkflowExecutionFailedEventAttributes
    if (refused) return this.settledAs(Number(refused.initiatedEventId), at, { _tag: "Refused", reason: "NotFound" })
    const taken = event.startChildWorkflowExecutionFailedEventAttributes
    if (!taken) return undefined
    return this.settledAs(Number(taken.initiatedEventId), at, { _tag: "Refused", reason: "AlreadyExists" })
  }

  private settledAs(initiated: number, at: number, outcome: MessageOutcome): ReadonlyArray<HistoryEvent> {
    const id = this.messages.get(initiated)
    return id === undefined ? [] : [{ _tag: "MessageSettled", at, id, outcome }]
  }

  private ended(event: TemporalEvent, at: number): ReadonlyArray<HistoryEvent> | undefined {
    const ended =
      event.childWorkflowExecutionCompletedEventAttributes ??
      event.childWorkflowExecutionFailedEventAttributes ??
      event.childWorkflowExecutionCanceledEventAttributes ??
      event.childWorkflowExecutionTerminatedEventAttributes ??
      event.childWorkflowExecutionTimedOutEventAttributes
    if (!ended) return undefined
    const sent = this.children.get(Number(ended.initiatedEventId))
    if (sent?.address === undefined) return []
    return [{ _tag: "ChildEnded", at, workflowId: sent.to, from: sent.address.chain, closing: endOfChild(event, at) }]
  }

  private out(
    event: TemporalEvent,
    at: number,
    to: string,
    message: EventOf<"MessageSent">["message"]
  ): EventOf<"MessageSent"> {
    const id = messageId(this.chain, ++this.sent)
    this.messages.set(Number(event.eventId), id)
    const address = { chain: childRun(id), version: Version.make(0) }
    return { _tag: "MessageSent", at, seq: this.sequence(), to: WorkflowId.make(to), message, address }
  }

  private told(event: TemporalEvent): ReadonlyArray<HistoryEvent> | undefined {
    const at = timeOf(event.eventTime)
    const signal = event.workflowExecutionSignaledEventAttributes
    if (signal) return [signalIn(signal, at)]
    if (event.workflowExecutionCancelRequestedEventAttributes) {
      const { cause } = event.workflowExecutionCancelRequestedEventAttributes
      return [{ _tag: "CancelRequested", at, kind: "cancel", reason: cause ?? "" }]
    }
    return this.updated(event, at) ?? this.noted(event, at)
  }

  private updated(event: TemporalEvent, at: number): ReadonlyArray<HistoryEvent> | undefined {
    const accepted = event.workflowExecutionUpdateAcceptedEventAttributes
    if (accepted) {
      if (this.rejected.has(Number(event.eventId))) return []
      const { input } = accepted.acceptedRequest ?? {}
      if (input?.name === completeName) return this.completed(firstOf(input.args) as unknown as CompleteRequest, at)
      const request = firstOf(input?.args) as unknown as UpdateRequest
      if (input?.name !== updateName) return []
      this.updates.set(Number(event.eventId), request)
      const { id, input: asked, name } = request
      const requested: HistoryEvent = { _tag: "UpdateRequested", at, id, name, input: asked }
      if (this.requested.has(id)) return []
      this.requested.add(id)
      // Temporal does not say when a handler has taken it; of most it is at once.
      return this.refused.has(Number(event.eventId)) ? [requested] : [requested, { _tag: "UpdateAccepted", at, id }]
    }
    const completed = event.workflowExecutionUpdateCompletedEventAttributes
    if (!completed) return undefined
    const request = this.updates.get(Number(completed.acceptedEventId))
    const reply = firstOf(completed.outcome?.success) as unknown as UpdateReply | null
    if (request === undefined || reply === null) return []
    const { id } = request
    return reply.exit === undefined ? [] : [{ _tag: "UpdateAnswered", at, id, exit: reply.exit }]
  }

  /** An error ends only the attempt, which goes on as another activity of Temporal's. */
  private completed({ exit, seq }: CompleteRequest, at: number): ReadonlyArray<HistoryEvent> {
    if (exit._tag === "Fail" || this.completedCalls.has(seq)) return []
    this.completedCalls.add(seq)
    return [{ _tag: "ActivityResolved", at, seq, exit }]
  }

  private noted(event: TemporalEvent, at: number): ReadonlyArray<HistoryEvent> | undefined {
    const failed = event.workflowTaskFailedEventAttributes
    if (failed) {
      const problem = problemOfFailure(failed)
      return problem === undefined ? [] : [{ _tag: "ExecutionBlocked", at, problem }]
    }
    const marker = event.markerRecordedEventAttributes
    if (marker?.markerName === "core_patch") {
      const { id = "", deprecated } = patchIn(marker)
      if (id.startsWith("perdure version ")) return []
      return [{ _tag: "PatchRecorded", at, id, ...(deprecated === true ? { deprecated: true } : {}) }]
    }
    const changed = event.workflowPropertiesModifiedEventAttributes
    if (changed) return this.attributesSet(memoIn({ memo: changed.upsertedMemo ?? null }).attributes ?? {}, at)
    const continued = event.workflowExecutionContinuedAsNewEventAttributes
    return continued ? this.continued(continued, at) : undefined
  }

  private attributesSet(now: Readonly<Record<string, unknown>>, at: number): ReadonlyArray<HistoryEvent> {
    const before = this.attributes
    const removed = Object.keys(before).filter((name) => !Object.hasOwn(now, name))
    const changed = Object.entries(now).filter(([name, value]) => before[name] !== value)
    this.attributes = now
    const attributes = Object.fromEntries([...changed, ...removed.map((name) => [name, null] as const)])
    if (Object.keys(attributes).length === 0) return []
    return [{ _tag: "AttributesSet", at, attributes: attributes as EventOf<"AttributesSet">["attributes"] }]
  }

  private continued(
    attributes: temporal.api.history.v1.IWorkflowExecutionContinuedAsNewEventAttributes,
    at: number
  ): ReadonlyArray<HistoryEvent> {
    const start = (jsonOf(attributes.input?.payloads?.[1]) ?? {}) as Start
    const info = {
      workflowType: attributes.workflowType?.name ?? "",
      workflowId: this.about.workflowId,
      originalExecutionRunId: attributes.newExecutionRunId ?? nextRun(RunId.make(this.about.runId)),
      firstExecutionRunId: this.about.firstRun
    }
    const next = startedEvent(info, firstOf(attributes.input), start, at, start.version)
    return [{ _tag: "ExecutionContinued", at, next: withoutTag(next) }]
  }

  private get chain(): RunId {
    return this.started?.continues?.chain ?? this.started?.runId ?? RunId.make(this.about.firstRun)
  }

  private sequence(own?: number): Sequence {
    const seq = own === undefined || Number.isNaN(own) ? this.next : own
    this.next = Math.max(this.next, seq + 1)
    return Sequence.make(seq)
  }
}

const refusedIn = (events: ReadonlyArray<TemporalEvent>): ReadonlySet<number> =>
  new Set(
    events.flatMap(({ workflowExecutionUpdateCompletedEventAttributes: completed }) => {
      const reply = firstOf(completed?.outcome?.success) as unknown as UpdateReply | null
      return completed && reply?.accepted === false ? [Number(completed.acceptedEventId)] : []
    })
  )

const rejectedIn = (events: ReadonlyArray<TemporalEvent>): ReadonlySet<number> =>
  new Set(
    events.flatMap(({ workflowExecutionUpdateCompletedEventAttributes: completed }) =>
      completed?.outcome?.failure?.applicationFailureInfo?.type === rejectedType
        ? [Number(completed.acceptedEventId)]
        : []
    )
  )

const withoutTag = ({ _tag, ...event }: EventOf<"ExecutionStarted">): EventOf<"ExecutionContinued">["next"] => event
