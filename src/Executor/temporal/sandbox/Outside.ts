/**
 * Calls of activities whose ends were left to callers outside. Temporal's activity is over by then, so that no worker need say that it
 * lives; the end comes as an update of the execution, or by a timer.
 */
import { CancellationScope, sleep } from "@temporalio/workflow"
import type { EventOf, RecordedExit } from "../../../HistoryEvent.ts"
import type { Sequence } from "../../../Ids.ts"
import type { CompleteRequest, Failed, LeftOpen } from "../../../internal/temporal/wire.ts"
import { ActivityOver } from "../../../WorkflowErrorReason.ts"
import type { Owner } from "./Owner.ts"
import { rejection } from "./rejecting.ts"
import { now } from "./time.ts"

interface Left {
  readonly command: EventOf<"ActivityScheduled">
  readonly attempt: number
  readonly before: Failed
  readonly timer: CancellationScope | undefined
}

export class Outside {
  private readonly execution: Owner
  private readonly all = new Map<Sequence, Left>()
  private times = 0

  constructor(execution: Owner) {
    this.execution = execution
  }

  /** The handler of an attempt has left its end to a caller. */
  left(command: EventOf<"ActivityScheduled">, { attempt, before, timeout }: LeftOpen["perdure/pending"]): void {
    const { seq } = command
    const timer =
      timeout === undefined ? undefined : new CancellationScope({ cancellable: true, parent: this.execution.shield })
    this.all.set(seq, { command, attempt, before, timer })
    if (timer === undefined || timeout === undefined) return
    const pause = Math.max(1, timeout.at - now())
    timer
      .run(() => sleep(pause, { summary: `timeout of #${seq}` }))
      .then(
        () => this.again(seq, { _tag: "TimedOut", after: timeout.after }),
        () => {}
      )
  }

  /** The program does not want the result any more. */
  forget(seq: Sequence): void {
    this.all.get(seq)?.timer?.cancel()
    this.all.delete(seq)
  }

  /** Throws when no caller may end the call. */
  validate(request: CompleteRequest): void {
    if (this.callOf(request) !== undefined) return
    throw rejection({ reason: new ActivityOver({ activity: request.activity }) })
  }

  /** Ends a call: with its result, or with an error of the attempt, which the policy of the activity is asked about. */
  complete(request: CompleteRequest): void {
    this.validate(request)
    const { exit, seq } = request
    if (exit._tag === "Fail") return this.again(seq, exit)
    this.forget(seq)
    this.execution.settle(seq, { _tag: "ActivityResolved", at: now(), seq, exit })
  }

  private callOf({ activity, attempt, exit, run, seq }: CompleteRequest): Left | undefined {
    const left = run === this.execution.state.runId ? this.all.get(seq) : undefined
    if (left === undefined || left.command.name !== activity) return undefined
    return exit._tag === "Fail" && attempt !== left.attempt ? undefined : left
  }

  private again(seq: Sequence, failure: RecordedExit): void {
    const left = this.all.get(seq)
    if (left === undefined) return
    this.forget(seq)
    const { attempt, before, command } = left
    this.execution.call(command, { times: ++this.times, attempt, before, failed: { at: now(), failure } })
  }
}
