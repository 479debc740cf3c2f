/**
 * What a model is told beside the messages, as it is recorded: its tools, which of them it may choose, and the form of its answer. A handler
 * makes the tools and schemas again, so that a provider sees those of the program.
 */
import * as Effect from "effect/Effect"
import * as Result from "effect/Result"
import * as Schema from "effect/Schema"
import * as Representation from "effect/SchemaRepresentation"
import type { ProviderOptions, ToolChoice } from "effect/ai/LanguageModel"
import * as Tool from "effect/ai/Tool"
import type { WithHandler } from "effect/ai/Toolkit"
import { canonicalJson } from "../internal/core/json.ts"
import { encodedOrThrow } from "./encoding.ts"

const RecordedTool = Schema.Union([
  Schema.TaggedStruct("Tool", {
    name: Schema.String,
    description: Schema.optionalKey(Schema.String),
    strict: Schema.optionalKey(Schema.Boolean),
    /** The representation of the schema of its parameters, or their JSON Schema. */
    parameters: Schema.Union([Schema.Struct({ schema: Schema.Json }), Schema.Struct({ jsonSchema: Schema.Json })])
  }),
  Schema.TaggedStruct("ProviderDefined", {
    id: Schema.String,
    name: Schema.String,
    providerName: Schema.String,
    args: Schema.Json,
    requiresHandler: Schema.Boolean
  })
])
type RecordedTool = typeof RecordedTool.Type

/** What a model is told beside the messages. */
export const Setup = Schema.Struct({
  tools: Schema.Array(RecordedTool),
  toolChoice: Schema.Json,
  /** The name and schema of the object that it answers with; absent where it answers with text. */
  object: Schema.optionalKey(Schema.Struct({ name: Schema.String, schema: Schema.Json }))
})
export type Setup = typeof Setup.Type

/** The setup of a request. Throws where it has what cannot be recorded. */
export const setupOf = ({ responseFormat, toolChoice, tools }: ProviderOptions): Setup => ({
  tools: tools.map(recordedTool),
  toolChoice: jsonOf("the choice of tools", toolChoice),
  ...(responseFormat.type === "json"
    ? {
        object: {
          name: responseFormat.objectName,
          schema: representationOf(`the schema of ${responseFormat.objectName}`, responseFormat.schema)
        }
      }
    : {})
})

/** The tools of a setup, which the handler of a model only shows to it. */
export const toolkitOf = ({ tools }: Setup): WithHandler<{}> => ({
  tools: Object.fromEntries(tools.map((tool) => [tool.name, revivedTool(tool)])),
  handle: (name) =>
    Effect.die(new Error(`tool ${String(name)} is called where a model is asked, and not in the program`))
})

/** The choice of tools of a setup, which was one of a program, among tools whose names the compiler does not know here. */
export const choiceOf = ({ toolChoice }: Setup): ToolChoice<never> => toolChoice as ToolChoice<never>

/** A schema like the encoded side of the one whose representation was recorded. */
export const revivedSchema = (json: Schema.Json): Schema.Codec<unknown, unknown> =>
  Schema.make<Schema.Codec<unknown, unknown>>(
    Representation.fromRepresentation(Representation.fromJson(json), { revivers }).ast
  )

// internal

const recordedTool = (tool: Tool.Any): RecordedTool => {
  if (Tool.isProviderDefined(tool)) {
    const { args, id, name, providerName, requiresHandler } = tool
    return {
      _tag: "ProviderDefined",
      id,
      name,
      providerName,
      requiresHandler,
      args: jsonOf(`tool ${name}`, args ?? null)
    }
  }
  const description = Tool.getDescription(tool)
  const strict = Tool.getStrictMode(tool)
  const jsonSchema = Tool.isDynamic(tool) ? tool.jsonSchema : undefined
  return {
    _tag: "Tool",
    name: tool.name,
    ...(description === undefined ? {} : { description }),
    ...(strict === undefined ? {} : { strict }),
    parameters:
      jsonSchema === undefined
        ? { schema: representationOf(`the parameters of tool ${tool.name}`, tool.parametersSchema) }
        : { jsonSchema: jsonOf(`the parameters of tool ${tool.name}`, jsonSchema) }
  }
}

const revivedTool = (tool: RecordedTool): Tool.Any => {
  if (tool._tag === "ProviderDefined") {
    const { args, id, name, providerName, requiresHandler } = tool
    const open = { args: Schema.Unknown, parameters: Schema.Unknown, success: Schema.Unknown, failure: Schema.Unknown }
    // The identifier was one.
    const define = Tool.providerDefined({
      ...open,
      id: id as `${string}.${string}`,
      customName: name,
      providerName,
      requiresHandler
    })
    return define(args as never) as unknown as Tool.Any
  }
  const { description, name, parameters, strict } = tool
  const revived =
    "schema" in parameters
      ? Tool.make(name, { description, parameters: revivedSchema(parameters.schema) })
      : Tool.dynamic(name, { description, parameters: parameters.jsonSchema as Record<string, unknown> })
  return (strict === undefined ? revived : revived.annotate(Tool.Strict, strict)) as unknown as Tool.Any
}

const representations = new WeakMap<Schema.Constraint, Schema.Json>()

/** The encoded side of a schema, which is what a model writes. It is made once: a program shows its tools with each call. */
const representationOf = (what: string, schema: Schema.Constraint): Schema.Json => {
  const known = representations.get(schema)
  if (known !== undefined) return known
  const json = Result.try(() => {
    const { representation, references } = Representation.toRepresentation(Schema.toEncoded(schema).ast)
    return Representation.toJson({
      representation: withoutOwnChecks(representation),
      references: withoutOwnChecks(references)
    })
  })
  if (Result.isFailure(json)) {
    throw new Error(`${what} cannot be recorded, as its encoded form is no data`, { cause: json.failure })
  }
  representations.set(schema, json.success)
  return json.success
}

/** Checks that the program has written itself have no representation. The program makes them when it reads the answer. */
const withoutOwnChecks = <A>(node: A): A => {
  if (Array.isArray(node)) return node.map(withoutOwnChecks) as A
  if (typeof node !== "object" || node === null || Object.getPrototypeOf(node) !== Object.prototype) return node
  return Object.fromEntries(
    Object.entries(node).map(([name, value]) => [
      name,
      withoutOwnChecks(name === "checks" && Array.isArray(value) ? value.filter(isRepresented) : value)
    ])
  ) as A
}

const isRepresented = (check: { readonly representation?: unknown }): boolean => check.representation !== undefined

/** All that Effect has, by their names. */
const revivers = Object.entries(Representation).flatMap(([name, value]) =>
  name.endsWith("Reviver") && !name.startsWith("make") ? [value as Representation.AnyReviver] : []
)

const jsonOf = (what: string, value: unknown): Schema.Json => encodedOrThrow(what, canonicalJson(value))
