/**
 * What a start asks of an executor: its id, attributes and input, checked and copied.
 */
import * as Effect from "effect/Effect"
import type * as Fiber from "effect/Fiber"
import * as Result from "effect/Result"
import type { StartRequest } from "../Executor/DurableExecutor.ts"
import type { WorkflowError } from "../WorkflowError.ts"
import { attributesOf, idOf } from "./given.ts"
import { newId } from "./newId.ts"
import { time } from "./options.ts"
import { type JsonCodec, refused } from "./schema.ts"

/** What a definition says of its starts. */
interface Definition<Input> {
  readonly workflowId?: ((input: Input) => string) | undefined
  readonly timeout?: StartRequest["timeout"]
}

/** What a caller says of one start. */
interface Chosen extends Pick<StartRequest, "timeout" | "whenExists" | "attributes"> {
  readonly workflowId?: string | undefined
}

/** What a start asks for, or why it is refused. */
export const requestOf = <Input>(
  workflow: string,
  codec: JsonCodec<Input>,
  definition: Definition<Input> | undefined,
  value: Input,
  chosen: Chosen | undefined,
  fiber: Fiber.Fiber<unknown, unknown>
): Effect.Effect<StartRequest, WorkflowError> => {
  const id = idOf(chosen?.workflowId, definition?.workflowId, value)
  if (Result.isFailure(id)) return refused("start", undefined, `the id of workflow ${workflow}`, id.failure)
  const workflowId = id.success ?? newId(fiber)
  const attributes = chosen?.attributes === undefined ? noAttributes : attributesOf(chosen.attributes)
  if (Result.isFailure(attributes)) {
    return refused("start", workflowId, `the attributes of workflow ${workflow}`, attributes.failure)
  }
  const timeout = chosen?.timeout ?? definition?.timeout
  const fault = time("it", timeout, { least: 0, unlimited: true })
  if (fault !== undefined) return refused("start", workflowId, `the timeout of workflow ${workflow}`, fault)
  const input = codec.encode(value)
  if (Result.isFailure(input)) return refused("start", workflowId, `the input of workflow ${workflow}`, input.failure)
  return Effect.succeed({
    workflow,
    workflowId,
    input: input.success,
    timeout,
    whenExists: chosen?.whenExists,
    attributes: attributes.success
  })
}

// internal

const noAttributes = Result.succeed(undefined)
