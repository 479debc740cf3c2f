/**
 * What a start asks of an executor: its id, attributes, memo and input, checked and copied.
 */
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Result from "effect/Result"
import type { StartRequest } from "../Executor/DurableExecutor.ts"
import { InvalidId, type InvalidPayload, type WorkflowError } from "../WorkflowError.ts"
import { attributesOf, memoOf } from "./attributes.ts"
import { idOf } from "./given.ts"
import { time } from "./options.ts"
import { type JsonCodec, refused } from "./schema.ts"
import { byteLength, exceeds } from "./store/codec.ts"

/** What a definition says of its starts. */
interface Definition<Input> {
  readonly workflowId?: ((input: Input) => string) | undefined
  readonly timeout?: StartRequest["timeout"]
  readonly version?: string | undefined
}

/** What a caller says of one start. */
interface Chosen extends Pick<StartRequest, "timeout" | "whenExists" | "attributes" | "memo" | "parentClose"> {
  readonly workflowId?: string | undefined
}

/** A start whose id may be left to the one that is asked. */
export interface Request extends Omit<StartRequest, "workflowId"> {
  readonly workflowId: string | undefined
}

/** Why an id is refused; `undefined` when it is not too long. */
export const tooLong = (workflowId: string): InvalidId | undefined =>
  exceeds(workflowId, maxIdBytes) ? new InvalidId({ bytes: byteLength(workflowId) }) : undefined

/** Why the executor of a program refuses an id or a name. The program asks before it records a command, which nothing may ever answer. */
export interface Rules {
  readonly id: (workflowId: string) => InvalidId | InvalidPayload | undefined
  /** The rule for names of workflows and signals; `of` is how the refusal calls the name. */
  readonly name: (of: string, name: string) => InvalidPayload | undefined
}

/** The rules of the executor of a program. */
export const Rules = Context.Reference<Rules>("perdure/internal/Rules", {
  defaultValue: () => ({ id: tooLong, name: () => undefined })
})

/** What a start asks for, or why it is refused. */
export const requestOf = <Input>(
  workflow: string,
  codec: JsonCodec<Input>,
  definition: Definition<Input> | undefined,
  value: Input,
  chosen: Chosen | undefined
): Effect.Effect<Request, WorkflowError> => {
  const id = idOf(chosen?.workflowId, definition?.workflowId, value)
  if (Result.isFailure(id)) return refused("start", undefined, `the id of workflow ${workflow}`, id.failure)
  const workflowId = id.success
  const attributes = chosen?.attributes === undefined ? absent : attributesOf(chosen.attributes)
  if (Result.isFailure(attributes)) {
    return refused("start", workflowId, `the attributes of workflow ${workflow}`, attributes.failure)
  }
  const memo = chosen?.memo === undefined ? absent : memoOf(chosen.memo)
  if (Result.isFailure(memo)) return refused("start", workflowId, `the memo of workflow ${workflow}`, memo.failure)
  const { parentClose, whenExists } = chosen ?? nothing
  if (!isOneOf(closes, parentClose)) return refused("start", workflowId, "parentClose", oneOf(closes))
  if (!isOneOf(choices, whenExists)) return refused("start", workflowId, "whenExists", oneOf(choices))
  const timeout = chosen?.timeout ?? definition?.timeout
  const fault = time("it", timeout, { least: 0, unlimited: true })
  if (fault !== undefined) return refused("start", workflowId, `the timeout of workflow ${workflow}`, fault)
  const input = codec.encode(value)
  if (Result.isFailure(input)) return refused("start", workflowId, `the input of workflow ${workflow}`, input.failure)
  return Effect.succeed({
    workflow,
    version: definition?.version,
    workflowId,
    input: input.success,
    timeout,
    whenExists,
    parentClose,
    attributes: attributes.success,
    memo: memo.success
  })
}

// internal

/** The longest id, in bytes of UTF-8. */
const maxIdBytes = 1024

const absent = Result.succeed(undefined)
const nothing: Chosen = {}

const closes = ["cancel", "terminate", "abandon"]
const choices = ["return", "fail", "restart"]

/** What no compiler has checked may be anything. */
const isOneOf = (known: ReadonlyArray<string>, value: string | undefined): boolean =>
  value === undefined || known.includes(value)

const oneOf = (known: ReadonlyArray<string>): string =>
  `it must be one of ${known.map((each) => JSON.stringify(each)).join(", ")}`
