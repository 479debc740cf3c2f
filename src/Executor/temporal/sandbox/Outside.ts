/**
 * Calls of activities whose ends are left to callers outside. Temporal's activity is over by then, so that no worker need say that it
 * lives; the end comes as an update of the execution, or by a timer. It may come before the handler has left: a result ends the call at
 * once, and an error waits for the handler to leave, as only that tells which attempt it was and what came before.
 */
import { sleep } from "@temporalio/workflow"
import type { EventOf, RecordedExit } from "../../../HistoryEvent.ts"
import type { Sequence } from "../../../Ids.ts"
import type { CompleteRequest, Failed, LeftOpen } from "../../../internal/temporal/wire.ts"
import { ActivityOver } from "../../../WorkflowErrorReason.ts"
import { CommandScope } from "./CommandScope.ts"
import type { Owner } from "./Owner.ts"
import { rejection } from "./rejecting.ts"
import { now } from "./time.ts"

interface Left {
  readonly command: EventOf<"ActivityScheduled">
  readonly attempt: number
  readonly before: Failed
  readonly timer: CommandScope | undefined
}

/** An error that a caller has for an attempt whose handler has not left yet. */
interface Early {
  readonly request: CompleteRequest
  readonly take: () => void
  readonly refuse: (error: Error) => void
}

export class Outside {
  private readonly execution: Owner
  private readonly all = new Map<Sequence, Left>()
  private readonly early = new Map<Sequence, ReadonlyArray<Early>>()
  private times = 0

  constructor(execution: Owner) {
    this.execution = execution
  }

  /** The handler of an attempt has left its end to a caller. */
  left(command: EventOf<"ActivityScheduled">, { attempt, before, timeout }: LeftOpen["perdure/pending"]): void {
    const { seq } = command
    const timer = timeout === undefined ? undefined : new CommandScope()
    this.all.set(seq, { command, attempt, before, timer })
    if (timer !== undefined && timeout !== undefined) {
      const pause = Math.max(1, timeout.at - now())
      timer
        .run(() => sleep(pause, { summary: `timeout of #${seq}` }))
        .then(
          () => this.again(seq, { _tag: "TimedOut", after: timeout.after }),
          () => {}
        )
    }
    this.takeEarly(seq, attempt)
  }

  /** The call has ended, or the program does not want its result any more. */
  forget(seq: Sequence): void {
    this.all.get(seq)?.timer?.cancel()
    this.all.delete(seq)
    this.takeEarly(seq)
  }

  /** Throws when no caller may end the call. */
  validate(request: CompleteRequest): void {
    const { activity, attempt, exit, run, seq } = request
    const { runId, open } = this.execution.state
    const issued = run === runId && this.execution.closed === undefined ? open.get(seq)?.issued : undefined
    const left = this.all.get(seq)
    const isOver = exit._tag === "Fail" && left !== undefined && attempt !== left.attempt
    if (issued?._tag !== "ActivityScheduled" || issued.name !== activity || isOver) throw over(request)
  }

  /** Ends a call: with its result, or with an error of the attempt, which the policy of the activity is asked about. */
  complete(request: CompleteRequest): void | Promise<void> {
    this.validate(request)
    const { exit, seq } = request
    if (exit._tag !== "Fail") {
      this.forget(seq)
      return this.execution.finish(seq, { _tag: "ActivityResolved", at: now(), seq, exit })
    }
    if (this.all.has(seq)) return this.again(seq, exit)
    return new Promise((take, refuse) => {
      this.early.set(seq, [...(this.early.get(seq) ?? []), { request, take, refuse }])
    })
  }

  /** The first of the errors that came early for this attempt ends it; the others come too late. */
  private takeEarly(seq: Sequence, attempt?: number): void {
    const early = this.early.get(seq) ?? []
    this.early.delete(seq)
    const first = early.find(({ request }) => request.attempt === attempt)
    for (const each of early) if (each !== first) each.refuse(over(each.request))
    if (first === undefined) return
    this.again(seq, first.request.exit)
    first.take()
  }

  private again(seq: Sequence, failure: RecordedExit): void {
    const left = this.all.get(seq)
    if (left === undefined) return
    this.forget(seq)
    const { attempt, before, command } = left
    this.execution.call(command, { times: ++this.times, attempt, before, failed: { at: now(), failure } })
  }
}

// internal

const over = ({ activity }: CompleteRequest) => rejection({ reason: new ActivityOver({ activity }) })
