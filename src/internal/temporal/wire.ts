/**
 * What travels between callers, the sandbox and workers of Temporal beside inputs and results, and the names of it. All of it is JSON,
 * so Temporal's UI shows it, and a field that is `undefined` is left out.
 */
import type {
  Attribute,
  Ancestor,
  EventOf,
  HistoryEvent,
  ParentClose,
  RecordedExit,
  Trace
} from "../../HistoryEvent.ts"
import type * as Schema from "effect/Schema"
import type { MessageId, RunId, Sequence } from "../../Ids.ts"
import type { CompletedExit, FirstMessage, Message } from "../../Message.ts"
import type { ExecutionSummary } from "../../Store/StoredExecution.ts"
import type { Open, OpenUpdate } from "../../WorkflowState.ts"
import type { RecordedDefect, UpdateExit } from "../../RecordedFailure.ts"

/** Temporal's update by which all updates of ours come. */
export const updateName = "perdure/update"

/** The type of the failure with which a program rejects an update. */
export const rejectedType = "perdure/Rejected"

/** Temporal's update by which a caller outside ends a call of an activity. */
export const completeName = "perdure/complete"

/** The activity that sends what Temporal has no command for. */
export const sendName = "perdure/send"

/** The field of Temporal's memo that is ours. */
export const memoField = "perdure"

/** The global value of the sandbox by which the words of failures are payloads, which are encrypted then. */
export const encodesFailures = "perdureEncodesFailures"

/** What kinds of attributes the namespace knows, by their names. */
export type Searchable = Readonly<Record<string, "text" | "number" | "flag">>

/** The second argument of a workflow, after its input. */
export interface Start {
  /** Its run, where Temporal's is another one: a child has the run that its parent knows, and a run that continues another one its own. */
  readonly run?: RunId | undefined
  /** After how many milliseconds it times out. */
  readonly timeout?: number | undefined
  /** When it times out: of a run that continues another one. */
  readonly deadline?: number | undefined
  readonly version?: string | undefined
  readonly attributes?: Readonly<Record<string, Attribute>> | undefined
  readonly memo?: EventOf<"ExecutionStarted">["memo"] | undefined
  readonly parent?: Ancestor | undefined
  readonly root?: Ancestor | undefined
  readonly trace?: Trace | undefined
  readonly suggestContinueAt?: number | undefined
  readonly continues?: EventOf<"ExecutionStarted">["continues"] | undefined
  /** A message that belongs to the start. */
  readonly with?: FirstMessage | undefined
  /** The attributes that are search attributes of Temporal. */
  readonly searchable?: Searchable | undefined
}

/** What is in Temporal's memo, for what starts, describes and lists executions. */
export interface Memo {
  /** A digest of the first input of the chain, by which a start that is repeated is known. */
  readonly input: number
  /** The chain, where it is not named by Temporal's first run. */
  readonly chain?: RunId | undefined
  readonly version?: string | undefined
  readonly attributes?: Readonly<Record<string, Attribute>> | undefined
  readonly memo?: EventOf<"ExecutionStarted">["memo"] | undefined
  readonly parent?: Ancestor | undefined
  readonly root?: Ancestor | undefined
  /** When the chain began, and how many runs came before, in a run that continues another one. */
  readonly startedAt?: number | undefined
  readonly before?: number | undefined
  /** What becomes of it when its parent ends, for callers that terminate that. */
  readonly parentClose?: ParentClose | undefined
  /** How it ended, where Temporal has no word for that. */
  readonly closed?: "timedOut" | "cancelled" | undefined
}

/** The second argument of a signal, after its payload. */
export interface SignalMeta {
  readonly key?: string | undefined
  readonly trace?: Trace | undefined
  /** The message that it is, where another execution has sent it, and the chain of that. */
  readonly id?: MessageId | undefined
  readonly from?: RunId | undefined
}

/** The argument of the update by which all updates come. */
export type UpdateRequest = Omit<Extract<Message, { readonly _tag: "Update" }>, "_tag" | "isNew">

/** What the sandbox answers to it. */
export interface UpdateReply {
  readonly accepted: boolean
  readonly exit?: UpdateExit | undefined
}

/** The argument of the update by which a caller ends a call of an activity. */
export interface CompleteRequest {
  readonly run: RunId
  readonly seq: Sequence
  readonly activity: string
  readonly attempt: number
  readonly exit: CompletedExit
}

/** A failed attempt of an activity. */
export interface FailedAttempt {
  readonly at: number
  readonly failure: RecordedExit
}

/** The failed attempts of a call, as far as they are kept. */
export interface Failed {
  readonly failures: ReadonlyArray<FailedAttempt>
  /** Of so many others only the number is kept. */
  readonly forgotten?: number | undefined
}

/** The second argument of an activity, after its input. */
export interface Call {
  /** The run and the chain of its execution, as programs know them. */
  readonly run: RunId
  readonly chain: RunId
  readonly root?: Ancestor | undefined
  readonly trace?: Trace | undefined
  readonly retry?: EventOf<"ActivityScheduled">["retry"] | undefined
  readonly timeouts?: EventOf<"ActivityScheduled">["timeouts"] | undefined
  /** When it was called, by the clock of the execution. */
  readonly at: number
  /** The attempt that a caller outside has ended, for the policy of the activity, with its number and the ones before it. */
  readonly ended?: { readonly attempt: number; readonly before: Failed; readonly failed: FailedAttempt } | undefined
}

/** The result of an activity whose end was left to a caller outside. */
export interface LeftOpen {
  readonly "perdure/pending": {
    readonly attempt: number
    /** The failed attempts before it. */
    readonly before: Failed
    /** When time ends the attempt, if it does, and the timeout that it then has. */
    readonly timeout?: { readonly at: number; readonly after: number } | undefined
  }
}

/** Whether the end of an activity was left to a caller outside. */
export const isLeftOpen = (value: unknown): value is LeftOpen =>
  typeof value === "object" && value !== null && "perdure/pending" in value

/** The value of an activity as its answer. One that reads like an answer of another kind is within one that says so. */
export const answerOf = (value: Schema.Json): Schema.Json =>
  isLeftOpen(value) || isEscaped(value) ? { [escape]: value } : value

/** The value in an answer that leaves nothing open. */
export const valueIn = (answer: Schema.Json): Schema.Json => (isEscaped(answer) ? answer[escape] : answer)

const escape = "perdure/value"

const isEscaped = (value: unknown): value is { readonly [escape]: Schema.Json } =>
  typeof value === "object" && value !== null && escape in value

/** What an execution has done, as its worker is told: what was open, and the updates that waited, before the events. */
export interface Told {
  readonly events: ReadonlyArray<HistoryEvent>
  readonly summary: ExecutionSummary
  readonly open: ReadonlyArray<Open>
  readonly updates: ReadonlyArray<readonly [id: string, update: OpenUpdate]>
  readonly trace: Trace | undefined
}

/** A span of a program as its worker is told of it, when it begins and when it ends. Times are nanoseconds since 1970, as texts. */
export interface ToldSpan {
  /** Unique within its run, and the same when the program is replayed. */
  readonly id: string
  readonly name: string
  readonly kind: "internal" | "server" | "client" | "producer" | "consumer"
  readonly startTime: string
  /** The id of another span of the run, or a span from outside. */
  readonly parent?: string | Trace | undefined
  readonly links: ReadonlyArray<string | Trace>
  /** What became of it, of one that has ended. */
  readonly end?:
    | {
        readonly time: string
        readonly attributes: Readonly<Record<string, Schema.Json>>
        readonly events: ReadonlyArray<readonly [name: string, time: string, attributes: Record<string, Schema.Json>]>
        readonly exit: "Success" | "Interrupted" | { readonly defect: RecordedDefect }
      }
    | undefined
}

/** By what Temporal's worker is told it. */
export type ToldSinks = {
  readonly perdure: { readonly committed: (told: string) => void; readonly spanned: (span: string) => void }
}
