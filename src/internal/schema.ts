/**
 * Schemas as codecs between typed values and JSON, compiled once a schema.
 *
 * What is encoded is private: JSON as a store would return it, which no change of the value reaches. What is decoded shares
 * nothing with the JSON. So a program, a handler and a replay see the same, whatever each of them does to its values.
 */
import * as Cause from "effect/Cause"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Result from "effect/Result"
import * as Schema from "effect/Schema"
import type { Attribute, Problem } from "../HistoryEvent.ts"
import { isAttribute } from "./core/attributes.ts"
import { canonicalJson, copyJson } from "./core/json.ts"
import { InvalidPayload, WorkflowError } from "../WorkflowError.ts"
import { bounded, defectOf, textOf } from "./replay/defect.ts"

/** Both directions of a schema. They never throw; a failure is a text that says what happened. */
export interface JsonCodec<A> {
  readonly encode: (value: A) => Result.Result<Schema.Json, string>
  readonly decode: (json: Schema.Json) => Result.Result<A, string>
}

/** The codecs of what is asked and of how it ends. */
export interface Codecs<Input, Success, Error> {
  readonly input: JsonCodec<Input>
  readonly success: JsonCodec<Success>
  readonly error: JsonCodec<Error>
}

/** The codecs of a definition. */
export const codecsOf = <
  Input extends Schema.Codec<unknown, unknown>,
  Success extends Schema.Codec<unknown, unknown>,
  Error extends Schema.Codec<unknown, unknown>
>({
  error,
  input,
  success
}: {
  readonly input: Input
  readonly success: Success
  readonly error: Error
}): Codecs<Input["Type"], Success["Type"], Error["Type"]> => ({
  input: jsonCodec(input),
  success: jsonCodec(success),
  error: jsonCodec(error)
})

/** The codec of a schema, made once: programs define inline activities with every call. */
export const jsonCodec = <S extends Schema.Codec<unknown, unknown>>(schema: S): JsonCodec<S["Type"]> => {
  const known = made.get(schema) as JsonCodec<S["Type"]> | undefined
  if (known !== undefined) return known
  const codec = makeCodec(schema)
  made.set(schema, codec)
  return codec
}

/** The codec of a schema whose encoded side is an attribute. It is kept as it is, where the JSON of a schema makes a text of `NaN`. */
export const attributeCodec = (schema: Schema.Codec<unknown, Attribute>) => {
  const encode = Schema.encodeUnknownEffect(schema)
  const decode = Schema.decodeUnknownEffect(schema)
  return {
    encode: (value: unknown) => guarded("encode", encode, value, encodedAttribute),
    decode: (attribute: Attribute) => guarded("decode", decode, attribute, Result.succeed<unknown>)
  }
}

/** Whether a schema has a value; one whose code throws has none. */
export const isA = <S extends Schema.Codec<unknown, unknown>>(schema: S) => {
  const is = Schema.is(schema)
  return (value: unknown): value is S["Type"] => {
    try {
      return is(value)
    } catch {
      return false
    }
  }
}

/** Ends a program with a value; one that cannot be encoded is a defect, in which an error lives on as the cause. */
export const encodedOrDie = <A, E>(
  json: Result.Result<Schema.Json, string>,
  of: string,
  cause: unknown,
  end: (json: Schema.Json) => Effect.Effect<A, E>
): Effect.Effect<A, E> =>
  Result.isSuccess(json)
    ? end(json.success)
    : Effect.die(new Error(`${of} does not fit its schema: ${json.failure}`, { cause }))

/** The end of a program or a handler in encoded form. An undeclared error of another execution is itself. */
export const encodedEnd = <Success, Error, R>(
  codecs: {
    readonly success: Pick<JsonCodec<Success>, "encode">
    readonly error: Pick<JsonCodec<Error>, "encode">
  },
  isDeclared: (error: unknown) => boolean,
  what: string,
  run: Effect.Effect<Success, Error | WorkflowError, R>
): Effect.Effect<Schema.Json, Schema.Json | WorkflowError, R> =>
  Effect.matchEffect(run, {
    onSuccess: (value) =>
      encodedOrDie(codecs.success.encode(value), `the success of ${what}`, undefined, Effect.succeed),
    onFailure: (error) =>
      error instanceof WorkflowError && !isDeclared(error)
        ? Effect.fail<Schema.Json | WorkflowError>(error)
        : encodedOrDie(codecs.error.encode(error as Error), `the error of ${what}`, error, Effect.fail)
  })

/** Refuses what a caller gave. */
export const refused = (
  operation: WorkflowError["operation"],
  workflowId: string | undefined,
  of: string,
  issue: string
): Effect.Effect<never, WorkflowError> => {
  const reason = new InvalidPayload({ of, issue: `${issue}\nNothing was recorded; put the value right and try again.` })
  return Effect.fail(new WorkflowError({ operation, reason, ...(workflowId === undefined ? {} : { workflowId }) }))
}

/** The problem of an execution whose program cannot read a value that was recorded. */
export const undecodable = (of: string, issue: string): Problem => ({
  reason: "Undecodable",
  message:
    `${of} does not fit its schema: ${issue}\n` +
    `Put back a schema that reads what was recorded; nothing is lost and the execution resumes.`
})

/** The same of what another one has sent, who may be wrong. */
export const undecodableMessage = (of: string, issue: string): Problem => {
  const { message, reason } = undecodable(of, issue)
  return { reason, message: `${message} Its sender may have another schema: let both have the same.` }
}

// internal

const encodedAttribute = (encoded: unknown): Result.Result<Attribute, string> =>
  isAttribute(encoded)
    ? Result.succeed(encoded)
    : Result.fail(`it encodes to ${bounded(textOf(encoded), 200)}; it must encode to a text, a finite number or a flag`)

const made = new WeakMap<Schema.Codec<unknown, unknown>, unknown>()

const makeCodec = <S extends Schema.Codec<unknown, unknown>>(schema: S): JsonCodec<S["Type"]> => {
  const codec = Schema.toCodecJson(schema)
  const encode = Schema.encodeUnknownEffect(codec)
  const decode = Schema.decodeUnknownEffect(codec)
  return {
    encode: (value) => guarded("encode", encode, value, canonicalJson),
    decode: (json) => guarded("decode", (json) => decode(copyJson(json)), json, Result.succeed)
  }
}

type Direction = "encode" | "decode"

/** Runs a schema in one direction, now or not at all. The code of its author may do anything. */
const guarded = <A, B, C>(
  direction: Direction,
  parse: (value: A) => Effect.Effect<B, Schema.SchemaError>,
  value: A,
  end: (value: B) => Result.Result<C, string>
): Result.Result<C, string> => {
  try {
    const exit = Effect.runSyncExit(parse(value))
    return Exit.isSuccess(exit) ? end(exit.value) : Result.fail(bounded(issueOf(direction, exit.cause)))
  } catch (thrown) {
    return Result.fail(threw(direction, thrown))
  }
}

const issueOf = (direction: Direction, cause: Cause.Cause<Schema.SchemaError>): string => {
  const fail = cause.reasons.find(Cause.isFailReason)
  if (fail !== undefined) return fail.error.message
  const die = cause.reasons.find(Cause.isDieReason)
  if (die === undefined) return `the schema interrupted itself while it ${direction}d`
  if (!Cause.isAsyncFiberError(die.defect)) return threw(direction, die.defect)
  die.defect.fiber.interruptUnsafe()
  return `the schema is asynchronous, and it must be synchronous to ${direction} what is recorded`
}

const threw = (direction: Direction, thrown: unknown): string => {
  const { message, name } = defectOf(thrown)
  return `the schema threw while it ${direction}d, ${name}: ${bounded(message, 1_000)}`
}
