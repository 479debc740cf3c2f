/**
 * Requests to people, as they are recorded, found and answered.
 */
import * as Schema from "effect/Schema"
import { sortedText } from "../internal/core/json.ts"
import { sha256 } from "../internal/core/sha256.ts"
import { TaggedError } from "../internal/taggedError.ts"
import * as Attributes from "../Attributes.ts"
import * as Query from "../Query.ts"
import * as Update from "../Update.ts"

/**
 * A request that a program has made of people.
 *
 * @category models
 * @since 0.2.0
 */
export const ApprovalRequest = Schema.Struct({
  /** Names the request among those of its execution, and of all runs of it. */
  id: Schema.String,
  /** The name of the `HumanActivity`. */
  name: Schema.String,
  /** The SHA-256 of the name and of what is asked, in hexadecimal digits: who answers says with it what they have seen. */
  digest: Schema.String,
  /** What is asked, in encoded form. */
  request: Schema.Json,
  /** Who may answer: persons or groups, by the names that the app gives them. Absent where anybody may. */
  who: Schema.optionalKey(Schema.Array(Schema.String)),
  /** In milliseconds since 1970. */
  openedAt: Schema.Finite,
  /** No answer is taken from then on, in milliseconds since 1970; absent where one is taken at any time. */
  expiresAt: Schema.optionalKey(Schema.Finite)
})
export type ApprovalRequest = typeof ApprovalRequest.Type

/** The digest of what is asked under a name. The order of fields says nothing. */
export const digestOf = (name: string, request: Schema.Json): string => sha256(sortedText([name, request]))

/**
 * Why an answer was not taken.
 *
 * @category errors
 * @since 0.2.0
 */
export class ApprovalRefused extends TaggedError<ApprovalRefused>()("ApprovalRefused", {
  /** The request. */
  id: Schema.String,
  /**
   * `Decided`: another answer was first. `Expired`: it came too late. `Withdrawn`: the program does not wait any more. `Differs`: the digest is
   * that of something else. `Forbidden`: it is of a person who may not answer. `Unfit`: no decision as the program reads them. `Unknown`: the
   * execution has no such request. `Finished`: the execution is over.
   */
  reason: Schema.Literals(["Decided", "Expired", "Withdrawn", "Differs", "Forbidden", "Unfit", "Unknown", "Finished"]),
  /** What there is to say beside the reason. */
  detail: Schema.optionalKey(Schema.String)
}) {
  override get message() {
    const what = sentences[this.reason]
    return `the answer to request ${this.id} is refused: ${what}${this.detail === undefined ? "" : `: ${this.detail}`}`
  }
}

/**
 * There is no answer: none came in time, or the program has withdrawn the request.
 *
 * @category errors
 * @since 0.2.0
 */
export class ApprovalExpired extends TaggedError<ApprovalExpired>()("ApprovalExpired", {
  id: Schema.String,
  /** The name of the `HumanActivity`. */
  name: Schema.String,
  reason: Schema.Literals(["Expired", "Withdrawn"])
}) {
  override get message() {
    const why = this.reason === "Expired" ? "not answered in time" : "withdrawn by its program"
    return `request ${this.id} of ${this.name} was ${why}`
  }
}

/**
 * A decision that was taken.
 *
 * @category models
 * @since 0.2.0
 */
export interface Answered<out Decision> {
  readonly decision: Decision
  readonly by: string
  /** In milliseconds since 1970. */
  readonly at: number
}

/** The answer of a person, as it is sent. */
export const SentAnswer = Schema.Struct({
  id: Schema.String,
  /** The name of the `HumanActivity` by which it is given. */
  name: Schema.String,
  digest: Schema.String,
  by: Schema.String,
  groups: Schema.Array(Schema.String),
  decision: Schema.Json
})
export type SentAnswer = typeof SentAnswer.Type

/** By which an execution is answered. */
export const AnswerRequest = Update.make("perdure/answer", { input: SentAnswer, error: ApprovalRefused })

/** Why a request takes no answer any more. */
export const Over = Schema.Literals(["Decided", "Expired", "Withdrawn"])
export type Over = typeof Over.Type

/** A request by its id: open, with the rest of it in the history, or over. */
export const Standing = Schema.Struct({ id: Schema.String, state: Schema.Union([Schema.Literal("Recorded"), Over]) })
export type Standing = typeof Standing.Type

/** The requests of an execution that are open, and the latest ones that are over. */
export const Requests = Query.make("perdure/open", { success: Schema.Array(Schema.Union([ApprovalRequest, Standing])) })

/** The name of the activity whose result is a request that is too large to be published. */
export const recording = "perdure/request"

/** How many requests of an execution are open, by which it is found. */
export const openRequests = Attributes.make({ openRequests: Schema.Int })

/** Why an answer to a request is not taken. Who may not answer is told nothing of the request. */
export const refusalOf = (
  request: ApprovalRequest,
  state: "open" | Over,
  { by, digest, groups, name }: SentAnswer,
  now: number
): ApprovalRefused["reason"] | undefined => {
  if (request.who !== undefined && ![by, ...groups].some((each) => request.who!.includes(each))) return "Forbidden"
  if (digest !== request.digest || name !== request.name) return "Differs"
  if (state !== "open") return state
  return request.expiresAt !== undefined && now >= request.expiresAt ? "Expired" : undefined
}

// internal

const sentences: Readonly<Record<ApprovalRefused["reason"], string>> = {
  Decided: "another answer was first",
  Expired: "it came too late",
  Withdrawn: "the program does not wait for it any more",
  Differs: "its digest is not that of what is asked; look at the request again",
  Forbidden: "it is of a person who may not answer",
  Unfit: "it does not fit the schema of decisions",
  Unknown: "the execution has no such request",
  Finished: "the execution is over"
}
