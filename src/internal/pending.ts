/**
 * How a handler says that a caller outside ends its activity, and the tokens by which callers name the call.
 */
import * as Cause from "effect/Cause"
import * as Option from "effect/Option"
import * as Schema from "effect/Schema"
import { RunId, Sequence, WorkflowId } from "../Ids.ts"

/** What a handler dies with that leaves its end to others. */
export const mark = new Error("Activity.pending is the end of a handler: return it, and let nothing catch it")

/** Whether a handler has ended by leaving its end to others. */
export const isPending = (cause: Cause.Cause<unknown>): boolean =>
  !Cause.hasFails(cause) && cause.reasons.some((reason) => Cause.isDieReason(reason) && reason.defect === mark)

/** What else a handler has died with that leaves its end to others: the defects of its finalizers. */
export const besidePending = (cause: Cause.Cause<unknown>): Cause.Cause<unknown> =>
  Cause.fromReasons(cause.reasons.filter((reason) => !Cause.isDieReason(reason) || reason.defect !== mark))

/** What a token names: an attempt of a call of an activity. */
export interface Place {
  readonly workflowId: WorkflowId
  readonly chain: RunId
  readonly run: RunId
  readonly seq: Sequence
  readonly activity: string
  /** The attempt that was told the token: an error ends it and no later one. */
  readonly attempt: number
}

/** The token of a call: a text for URLs. */
export const tokenOf = ({ activity, attempt, chain, run, seq, workflowId }: Place): string =>
  encode([workflowId, chain, run, seq, activity, attempt])

/** What a token names; none when it is no token. */
export const placeOf = (token: unknown): Option.Option<Place> =>
  Option.map(decode(token), ([workflowId, chain, run, seq, activity, attempt]) => ({
    workflowId,
    chain,
    run,
    seq,
    activity,
    attempt
  }))

// internal

const Token = Schema.StringFromBase64Url.pipe(
  Schema.decodeTo(Schema.fromJsonString(Schema.Tuple([WorkflowId, RunId, RunId, Sequence, Schema.String, Schema.Int])))
)
const encode = Schema.encodeSync(Token)
const decode = Schema.decodeUnknownOption(Token)
