/**
 * Which hook is told of an event of a history, and what. The table is in `docs/hooks.md`.
 */
import * as Result from "effect/Result"
import type * as Schema from "effect/Schema"
import type { Committed } from "../../Executor/Observers.ts"
import type { EventOf, HistoryEvent, RecordedExit, RecordedFailure } from "../../HistoryEvent.ts"
import { isAsk } from "../../internal/core/asked.ts"
import { copyJson } from "../../internal/core/json.ts"
import type { Codecs, JsonCodec } from "../../internal/schema.ts"
import type { Open } from "../../WorkflowState.ts"
import type { HookName } from "./Handlers.ts"

/** What a hook is told, once it is known by which codecs. A failure says what does not fit its schema. */
export type Values = Result.Result<Readonly<Record<string, unknown>>, string>

/** The codecs of a definition; those of a signal have its payload as the input. */
export type AnyCodecs = { readonly [Of in keyof Codecs<any, any, any>]: Pick<JsonCodec<unknown>, "decode"> }

/** A call of a hook. */
export interface Call {
  readonly hook: HookName
  /** The name of the definition that it is told of. */
  readonly name: string
  /** Whether it is about an activity that has no definition. */
  readonly inline: boolean
  readonly values: (codecs: AnyCodecs) => Values
}

/** The hooks that may be told of an event; those of other events have none. */
export const hooksOf: { readonly [Tag in HistoryEvent["_tag"]]?: ReadonlyArray<HookName> } = {
  ExecutionStarted: ["onWorkflowStart"],
  ExecutionCompleted: ["onWorkflowComplete"],
  ExecutionFailed: ["onWorkflowFail"],
  ExecutionTimedOut: ["onWorkflowFail"],
  ExecutionTerminated: ["onWorkflowFail"],
  ExecutionCancelled: ["onWorkflowCancel"],
  ExecutionBlocked: ["onWorkflowBlock"],
  TimerFired: ["onTimer"],
  ActivityScheduled: ["onActivityStart"],
  ActivityAttemptFailed: ["onRetry"],
  ActivityResolved: ["onActivityComplete", "onActivityFail"],
  SignalReceived: ["onSignal"],
  UpdateRequested: ["onUpdate"]
}

/** What is told of an event; `undefined` where no hook is. */
export const callOf = (event: HistoryEvent, { open, summary: { workflow } }: Committed): Call | undefined => {
  const ofWorkflow = (hook: HookName, values: Call["values"]): Call => ({ hook, name: workflow, inline: false, values })
  switch (event._tag) {
    case "ExecutionStarted":
      return event.continues === undefined ? ofWorkflow("onWorkflowStart", started(event)) : undefined
    case "ExecutionCompleted":
      return ofWorkflow("onWorkflowComplete", ({ success }) => decoded(success, event.value, "success", "value", {}))
    case "ExecutionFailed":
      return ofWorkflow("onWorkflowFail", ({ error }) => reasonOf(error, event.failure, detailOf(event)))
    case "ExecutionTimedOut":
      return ofWorkflow("onWorkflowFail", told({ reason: { _tag: "TimedOut" }, ...detailOf(event) }))
    case "ExecutionTerminated":
      return ofWorkflow("onWorkflowFail", told({ reason: { _tag: "Terminated", because: event.reason } }))
    case "ExecutionCancelled":
      return ofWorkflow("onWorkflowCancel", told({ because: event.reason, ...detailOf(event) }))
    case "ExecutionBlocked": {
      const { problem, retryAt } = event
      return ofWorkflow("onWorkflowBlock", told({ problem, ...(retryAt === undefined ? {} : { retryAt }) }))
    }
    case "TimerFired": {
      const timer = open(event.seq)
      return timer === undefined ? undefined : ofWorkflow("onTimer", fired(event, timer))
    }
    case "ActivityScheduled":
      return ofActivity("onActivityStart", event, Result.succeed)
    case "ActivityAttemptFailed":
    case "ActivityResolved":
      return ended(event, open(event.seq))
    case "SignalReceived": {
      const { key, name, payload } = event
      const rest = { signal: name, ...(key === undefined ? {} : { key }) }
      const values: Call["values"] = ({ input }) => decoded(input, payload, "payload", "payload", rest)
      return { hook: "onSignal", name, inline: false, values }
    }
    case "UpdateRequested": {
      const { id, input: json, name } = event
      const values: Call["values"] = ({ input }) =>
        decoded(input, json, "input", "input", { update: name, updateId: id })
      return { hook: "onUpdate", name, inline: false, values }
    }
    default:
      return undefined
  }
}

// internal

type Fields = Readonly<Record<string, unknown>>

const started =
  ({ attributes = {}, input, memo, parent }: EventOf<"ExecutionStarted">): Call["values"] =>
  (codecs) => {
    const rest = { attributes, ...(memo === undefined ? {} : { memo }), ...(parent === undefined ? {} : { parent }) }
    return decoded(codecs.input, input, "input", "input", copied(rest))
  }

const fired = ({ at, seq }: EventOf<"TimerFired">, { issued }: Open): Call["values"] => {
  const late = issued._tag === "TimerStarted" ? at - issued.fireAt : 0
  return told({ seq, startedAt: issued.at, late })
}

/** The end of an attempt, or of all of them. */
const ended = (
  event: EventOf<"ActivityAttemptFailed" | "ActivityResolved">,
  open: Open | undefined
): Call | undefined => {
  if (open === undefined || open.issued._tag !== "ActivityScheduled") return undefined
  const exit = event._tag === "ActivityResolved" ? event.exit : event.failure
  if (exit._tag === "Success") {
    return ofActivity("onActivityComplete", open.issued, (rest, { success }) =>
      decoded(success, exit.value, "success", "value", rest)
    )
  }
  if (event._tag === "ActivityResolved") {
    return ofActivity("onActivityFail", open.issued, (rest, { error }) => reasonOf(error, exit, rest))
  }
  const { attempt, retryAt } = event
  return ofActivity("onRetry", open.issued, (rest, { error }) => reasonOf(error, exit, { ...rest, attempt, retryAt }))
}

/** A call about an activity, with what is told beside its input. What the executor itself asks is told to no hook. */
const ofActivity = (
  hook: HookName,
  issued: EventOf<"ActivityScheduled">,
  values: (rest: Fields, codecs: AnyCodecs) => Values
): Call | undefined => {
  if (isAsk(issued)) return undefined
  const { inline = false, input, name, seq } = issued
  return {
    hook,
    name,
    inline,
    values: (codecs) =>
      Result.flatMap(decoded(codecs.input, input, "input", "input", { activity: name, seq, inline }), (rest) =>
        values(rest, codecs)
      )
  }
}

const decoded = (codec: AnyCodecs["input"], json: Schema.Json, of: string, as: string, rest: Fields): Values => {
  const value = codec.decode(json)
  return Result.isSuccess(value)
    ? Result.succeed({ ...rest, [as]: value.success })
    : Result.fail(`the ${of} does not fit its schema: ${value.failure}`)
}

const reasonOf = (
  codec: AnyCodecs["error"],
  failure: Exclude<RecordedExit, { readonly _tag: "Success" }> | RecordedFailure,
  rest: Fields
): Values => {
  const because = (reason: Fields): Values => Result.succeed({ ...rest, reason })
  switch (failure._tag) {
    case "Fail":
      return Result.flatMap(decoded(codec, failure.error, "error", "error", { _tag: "Failed" }), because)
    case "Die":
      return because(copied({ _tag: "Defect", defect: failure.defect }))
    case "TimedOut":
      return because({ _tag: "TimedOut", after: failure.after })
    case "Other": {
      const { message, operation, reason, workflowId } = failure
      const on = workflowId === undefined ? {} : { workflowId }
      return because({ _tag: "OtherFailed", operation, ...on, because: reason, detail: message })
    }
  }
}

const told =
  (values: Fields): Call["values"] =>
  () =>
    Result.succeed(copied(values))

const detailOf = ({ detail }: { readonly detail?: string }) => (detail === undefined ? {} : { detail })

/** Of what was recorded a hook has its own, so that a change of it reaches no history. */
const copied = (values: Fields): Fields => copyJson(values as Schema.JsonObject) as Fields
