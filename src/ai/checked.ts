/**
 * The arguments of tools that are known at run time.
 */
import * as Effect from "effect/Effect"
import * as JsonSchema from "effect/JsonSchema"
import * as Result from "effect/Result"
import * as Schema from "effect/Schema"
import * as Representation from "effect/SchemaRepresentation"
import * as AiError from "effect/ai/AiError"

/** A tool, as far as it is looked at. */
interface Described {
  readonly name: string
  readonly parameters: Readonly<Record<string, Schema.Json>>
}

/** Looks at the arguments as far as the JSON Schema of a tool can be read; what else is wrong with them the tool says itself. */
export const checked = <A, E, R>(definition: Described, call: (params: Schema.Json) => Effect.Effect<A, E, R>) => {
  const decode = decoderOf(definition)
  if (decode === undefined) return call
  return (params: Schema.Json) => {
    // A schema that refers to itself without end cannot be read, which comes out when it is used.
    const fit = Result.getOrElse(
      Result.try(() => decode(params)),
      () => Result.succeed<unknown>(params)
    )
    const unfit = (description: string) =>
      new AiError.ToolParameterValidationError({ toolName: definition.name, description })
    return Result.isSuccess(fit) ? call(params) : Effect.fail(unfit(fit.failure.message))
  }
}

// internal

const decoders = new WeakMap<Described, ReturnType<typeof readDecoder>>()

/** What reads the arguments of a tool. It is made once: a program shows its tools with each call. */
const decoderOf = (definition: Described): ReturnType<typeof readDecoder> => {
  if (!decoders.has(definition)) decoders.set(definition, readDecoder(definition))
  return decoders.get(definition)
}

const readDecoder = ({ parameters }: Described) =>
  Result.match(
    Result.try(() =>
      Representation.fromJsonSchemaDocument(JsonSchema.fromSchemaDraft2020_12(parameters), { patterns: "ignore" })
    ),
    {
      onFailure: () => undefined,
      onSuccess: (schema) => Schema.decodeUnknownResult(schema as unknown as Schema.Codec<unknown, unknown>)
    }
  )
