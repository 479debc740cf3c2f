/**
 * Histories as executors write them, for property tests of what reads histories.
 */
import * as Arbitrary from "effect/Arbitrary"
import * as Schema from "effect/Schema"
import type { HistoryEvent, RecordedExit } from "../HistoryEvent.ts"
import { RunId, type Sequence, WorkerId, WorkflowId } from "../Ids.ts"
import { digest } from "../internal/core/digest.ts"
import { parseJson } from "../internal/core/parse.ts"
import { upTo } from "./lives.ts"

const text = Schema.String.check(Schema.isMaxLength(12))

/** Whether the worker dies meanwhile, and another one takes over. */
const takeover = Schema.Boolean

/** What happens in an execution, one after the other. */
const Happening = Schema.TaggedUnion({
  /** A call of an activity, after so many attempts that fail. */
  Call: {
    name: Schema.Literals(["Charge", "Reserve", "Ship"]),
    input: Schema.Union([Schema.Null, Schema.Int, text, Schema.Struct({ id: text, cents: upTo(1000) })]),
    failures: upTo(3),
    takeover,
    ends: Schema.Literals(["Success", "Fail", "Die", "TimedOut"])
  },
  // A program that sleeps for no time starts no timer.
  Sleep: { minutes: Schema.Int.check(Schema.isBetween({ minimum: 1, maximum: 100_000 })), takeover },
  /** A signal that is waited for. */
  Signal: { name: Schema.Literals(["approve", "cancel-item"]), payload: text }
})

/** What happens in an execution, and how it ends. */
export const Plan = Schema.Struct({
  input: text,
  happenings: Schema.Array(Happening).check(Schema.isMaxLength(12)),
  end: Schema.Literals([
    "ExecutionCompleted",
    "ExecutionFailed",
    "ExecutionCancelled",
    "ExecutionTimedOut",
    "ExecutionTerminated",
    "running",
    "calling",
    "sleeping"
  ])
})
export type Plan = typeof Plan.Type

/**
 * Histories of executions: calls that are repeated, succeed and fail, sleeps, signals, takeovers, and every end, or none yet. Their numbers,
 * times and digests are as executors write them.
 *
 * **When to use**
 *
 * Use to test what reads histories, such as an export, a page that shows them or a store.
 *
 * **Example** (Every history has a beginning)
 *
 * ```ts
 * import { Arbitrary, Effect } from "effect"
 * import { histories, story } from "perdure/testing"
 *
 * const test = Arbitrary.checkEffect(histories, (history) => story(history)[0]?.startsWith("Order starts with") === true)
 *
 * await Effect.runPromise(Effect.map(test, ({ _tag }) => _tag)) // => "Passed"
 * ```
 *
 * @category arbitraries
 * @since 0.2.0
 */
export const histories: Arbitrary.Arbitrary<ReadonlyArray<HistoryEvent>> = Arbitrary.map(
  Arbitrary.schema(Plan),
  (plan) => new Writer(plan).history
)

/** The history of a plan. */
export const historyFor = (plan: Plan): ReadonlyArray<HistoryEvent> => new Writer(plan).history

// internal

const minute = 60_000

class Writer {
  readonly history: Array<HistoryEvent> = []
  private now = 1_700_000_000_000
  private numbers = 0
  private workers = 0

  constructor({ end, happenings, input }: Plan) {
    const ids = { workflowId: WorkflowId.make("order-1"), runId: RunId.make("run-1") }
    this.history.push({
      _tag: "ExecutionStarted",
      at: this.now,
      workflow: "Order",
      ...ids,
      input,
      owner: this.worker()
    })
    for (const happening of happenings) this.write(happening)
    this.end(end)
  }

  private worker(): WorkerId {
    return WorkerId.make(`worker-${++this.workers}`)
  }

  private write(happening: typeof Happening.Type): void {
    switch (happening._tag) {
      case "Call":
        return this.call(happening)
      case "Sleep":
        return this.sleep(happening)
      case "Signal":
        return void this.history.push({
          _tag: "SignalReceived",
          at: (this.now += minute),
          name: happening.name,
          payload: happening.payload
        })
    }
  }

  private takeover(): void {
    this.history.push({ _tag: "OwnerChanged", at: (this.now += 1000), owner: this.worker(), lost: true })
  }

  private schedule(name: string, input: Schema.Json): Sequence {
    const seq = this.numbers++ as Sequence
    const json = JSON.stringify(input)
    // As it is read again: JSON has no -0.
    const written = parseJson(json) as Schema.Json
    this.history.push({ _tag: "ActivityScheduled", at: this.now, seq, name, input: written, digest: digest(json) })
    return seq
  }

  private call({
    ends,
    failures,
    input,
    name,
    takeover
  }: Extract<typeof Happening.Type, { readonly _tag: "Call" }>): void {
    const seq = this.schedule(name, input)
    for (let attempt = 1; attempt <= failures; attempt++) {
      const at = (this.now += 1000)
      const failure: RecordedExit = { _tag: "Fail", error: "busy" }
      this.history.push({ _tag: "ActivityAttemptFailed", at, seq, attempt, failure, retryAt: (this.now += minute) })
    }
    if (takeover) this.takeover()
    this.history.push({ _tag: "ActivityResolved", at: (this.now += 1000), seq, exit: exits[ends] })
  }

  private sleep({ minutes, takeover }: { readonly minutes: number; readonly takeover: boolean }, wakes = true): void {
    const seq = this.numbers++ as Sequence
    const fireAt = this.now + minutes * minute
    this.history.push({ _tag: "TimerStarted", at: this.now, seq, fireAt })
    if (takeover) this.takeover()
    if (wakes) this.history.push({ _tag: "TimerFired", at: (this.now = Math.max(this.now, fireAt)), seq })
  }

  private end(end: Plan["end"]): void {
    const at = this.now
    switch (end) {
      case "ExecutionCompleted":
        return void this.history.push({ _tag: end, at, value: null })
      case "ExecutionFailed":
        return void this.history.push({ _tag: end, at, failure: { _tag: "Fail", error: "refused" } })
      case "ExecutionCancelled":
        this.history.push({ _tag: "CancelRequested", at, kind: "cancel", reason: "no more" })
        return void this.history.push({ _tag: end, at, reason: "no more" })
      case "ExecutionTimedOut":
        this.history.push({ _tag: "CancelRequested", at, kind: "timeout", reason: "" })
        return void this.history.push({ _tag: end, at })
      case "ExecutionTerminated":
        return void this.history.push({ _tag: end, at, reason: "no more" })
      case "calling":
        return void this.schedule("Charge", null)
      case "sleeping":
        return this.sleep({ minutes: 60, takeover: false }, false)
      case "running":
    }
  }
}

const exits: { readonly [Tag in RecordedExit["_tag"]]: RecordedExit } = {
  Success: { _tag: "Success", value: "done" },
  Fail: { _tag: "Fail", error: "refused" },
  Die: { _tag: "Die", defect: { name: "Error", message: "a bug" } },
  TimedOut: { _tag: "TimedOut", after: minute }
}
