/**
 * Tools of language models whose calls are activities.
 */
import type * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import type * as JsonSchema from "effect/JsonSchema"
import type * as Layer from "effect/Layer"
import * as Schema from "effect/Schema"
import * as Prompt from "effect/ai/Prompt"
import type * as Response from "effect/ai/Response"
import * as Tool from "effect/ai/Tool"
import * as Toolkit from "effect/ai/Toolkit"
import * as Activity from "../Activity.ts"
import type { ActivityContext } from "../ActivityContext.ts"
import * as ActivityGroup from "../ActivityGroup.ts"
import type { LiteralName } from "../internal/requirements.ts"
import { TaggedError } from "../internal/taggedError.ts"
import type { TimeoutInput } from "../internal/timeouts.ts"
import * as RetryPolicy from "../RetryPolicy.ts"
import type { WorkflowContext } from "../WorkflowContext.ts"
import { checked } from "./checked.ts"
import { isTimedOut, merged, told, withHandlers } from "./toolkits.ts"

/**
 * How calls of tools are tried.
 *
 * @category models
 * @since 0.2.0
 */
export interface Options<Failure> {
  /**
   * Default: what a tool fails with is told to the model and is not tried again, and a timeout is, up to 3 attempts in all.
   */
  readonly retry?: RetryPolicy.RetryPolicy<Failure | Activity.ActivityTimedOut> | undefined
  /** One attempt, or `{ attempt, total }`. The last timeout is told to the model. Default: no limit. */
  readonly timeout?: TimeoutInput | undefined
}

/**
 * How calls of the tools of a toolkit are tried.
 *
 * @category models
 * @since 0.2.0
 */
export interface ToolkitOptions<Tools extends Record<string, Tool.Any>> extends Options<
  Tool.Failure<Tools[keyof Tools]>
> {
  /** For some of the tools, in place of what is said for all. */
  readonly tools?: { readonly [Name in keyof Tools]?: Options<Tool.Failure<Tools[Name]>> } | undefined
}

/**
 * The activity of a tool.
 *
 * @category models
 * @since 0.2.0
 */
export interface ActivityOf<T extends Tool.Any> extends Activity.Any {
  readonly name: T["name"]
  readonly input: Schema.Codec<Tool.Parameters<T>, unknown>
  readonly success: Schema.Codec<Tool.Success<T>, unknown>
  readonly error: Schema.Codec<Tool.Failure<T> | Activity.ActivityTimedOut, unknown>
}

/**
 * The activities of the tools of a toolkit that a program runs. A tool that a provider runs has none.
 *
 * @category utility types
 * @since 0.2.0
 */
export type ActivitiesOf<Tools extends Record<string, Tool.Any>> = {
  readonly [Name in keyof Tools]: Tool.RequiresHandler<Tools[Name]> extends true ? ActivityOf<Tools[Name]> : never
}[keyof Tools]

/**
 * A toolkit of which each call is an activity, named as its tool.
 *
 * @category models
 * @since 0.2.0
 */
export interface ToolActivities<Tools extends Record<string, Tool.Any>> {
  /**
   * The toolkit of a program: `chat.generateText({ prompt, toolkit: Desk.toolkit })`. Arguments that do not fit and a timeout are results that
   * say so to the model. What a tool itself fails with is that too, or the failure of the call, by its `failureMode`.
   */
  readonly toolkit: Effect.Effect<
    Toolkit.WithHandler<Tools>,
    never,
    WorkflowContext | Activity.HandlerOf<ActivitiesOf<Tools>>
  >
  /** Implements all tools, as `ActivityGroup.toLayer` does its activities. */
  readonly toLayer: ActivityGroup.ActivityGroup<ActivitiesOf<Tools>>["toLayer"]
}

/**
 * Makes an activity of each tool of a toolkit.
 *
 * **Example** (A model that looks up the weather)
 *
 * ```ts
 * import { Effect, Schema } from "effect"
 * import { Chat, Tool, Toolkit } from "effect/ai"
 * import { Workflow } from "perdure"
 * import { LLMActivity, ToolActivity } from "perdure/ai"
 *
 * const Weather = Tool.make("Weather", {
 *   parameters: Schema.Struct({ city: Schema.String }),
 *   success: Schema.String
 * })
 *
 * const Guide = LLMActivity.make("Guide")
 * const Desk = ToolActivity.fromToolkit(Toolkit.make(Weather), { timeout: "30 seconds" })
 *
 * const Advice = Workflow.make("Advice", { input: Schema.String, success: Schema.String })
 * const AdviceLive = Advice.toLayer(Effect.fn("Advice")(function*(question) {
 *   const chat = yield* Chat.fromPrompt(question)
 *   for (let round = 0; round < 10; round++) {
 *     const answer = yield* chat.generateText({ prompt: [], toolkit: Desk.toolkit })
 *     if (answer.toolCalls.length === 0) return answer.text
 *   }
 *   return "I do not know"
 * }, Effect.provide(Guide.model), Effect.orDie))
 *
 * const DeskLive = Desk.toLayer({ Weather: ({ city }) => Effect.succeed(`rain in ${city}`) })
 * ```
 *
 * @category constructors
 * @since 0.2.0
 */
export const fromToolkit = <Tools extends Record<string, Tool.Any>>(
  toolkit: Toolkit.Toolkit<Tools>,
  options?: ToolkitOptions<Tools>
): ToolActivities<Tools> => {
  const activities = Object.values<Tool.Any>(toolkit.tools)
    .filter(isRunHere)
    .map((tool) => activityOf(tool, { ...options, ...options?.tools?.[tool.name] }))
  const group = ActivityGroup.make(...(activities as unknown as ReadonlyArray<never>))
  const handlers = Object.fromEntries(
    activities.map((activity) => [activity.name, (params: unknown) => told(activity.name, activity(params))])
  )
  return {
    toolkit: withHandlers(toolkit as Toolkit.Toolkit<any>, handlers),
    toLayer: group.toLayer
    // The types of the tools were checked one by one, which is lost in a record.
  } as unknown as ToolActivities<Tools>
}

/**
 * What is decided of a call of a tool that needs approval. The reason is told to the model when it is refused.
 *
 * @category models
 * @since 0.2.0
 */
export interface Verdict {
  readonly approved: boolean
  readonly reason?: string | undefined
}

/**
 * Asks about each call of an answer that needs approval (`needsApproval` of a `Tool`), all at once. Returns the prompt that tells of it,
 * which is empty when there is none: with it the calls that were approved are run, and then the model is asked.
 *
 * **Example** (A person grants each call)
 *
 * ```ts
 * import { Effect, Schema } from "effect"
 * import { Chat, type Tool, type Toolkit } from "effect/ai"
 * import { HumanActivity, ToolActivity } from "perdure/ai"
 *
 * const Grant = HumanActivity.make("Grant", { request: ToolActivity.ToolCall, decision: Schema.Boolean })
 *
 * const rounds = Effect.fn("rounds")(function*(chat: Chat.Chat, toolkit: Toolkit.WithHandler<Record<string, Tool.Any>>) {
 *   const answer = yield* chat.generateText({ prompt: [], toolkit })
 *   const prompt = yield* ToolActivity.decide(answer, (call) =>
 *     Effect.map(Grant(call, { who: ["finance"] }), ({ by, decision }) => ({ approved: decision, reason: `${by} says no` }))
 *   )
 *   return yield* chat.generateText({ prompt, toolkit })
 * })
 * ```
 *
 * @category combinators
 * @since 0.2.0
 */
export const decide = Effect.fnUntraced(function* <E, R>(
  answer: { readonly content: ReadonlyArray<Response.AnyPart> },
  ask: (call: ToolCall) => Effect.Effect<Verdict, E, R>
): Effect.fn.Return<Prompt.Prompt, E, R> {
  const calls = new Map(answer.content.flatMap((part) => (part.type === "tool-call" ? [[part.id, part] as const] : [])))
  const requests = answer.content.filter((part) => part.type === "tool-approval-request")
  const decide = Effect.fnUntraced(function* ({ approvalId, toolCallId }: Response.ToolApprovalRequestPart) {
    const call = calls.get(toolCallId)
    // The parameters are what the model wrote, which was JSON. A request for a call that the answer does not have is nothing to ask about.
    const { approved, reason } =
      call === undefined
        ? { approved: false, reason: "there is no such call" }
        : yield* ask({ tool: call.name, params: call.params as Schema.Json })
    return Prompt.toolApprovalResponsePart({ approvalId, approved, ...(reason === undefined ? {} : { reason }) })
  })
  const content = yield* Effect.forEach(requests, decide, { concurrency: "unbounded" })
  return content.length === 0 ? Prompt.empty : Prompt.fromMessages([Prompt.toolMessage({ content })])
})

/**
 * What is known of a tool at run time, such as from a server of the Model Context Protocol: the success of an activity that lists tools.
 *
 * @category models
 * @since 0.2.0
 */
export const Definition = Schema.Struct({
  name: Schema.String,
  description: Schema.optionalKey(Schema.String),
  /** The JSON Schema of its parameters. */
  parameters: Schema.Record(Schema.String, Schema.Json)
})
export type Definition = typeof Definition.Type

/**
 * A call of a tool that is known at run time.
 *
 * @category models
 * @since 0.2.0
 */
export const ToolCall = Schema.Struct({ tool: Schema.String, params: Schema.Json })
export type ToolCall = typeof ToolCall.Type

/**
 * Why a tool has no result: it is told to the model.
 *
 * @category errors
 * @since 0.2.0
 */
export class ToolFailed extends TaggedError<ToolFailed>()("ToolFailed", {
  tool: Schema.String,
  why: Schema.String
}) {
  override get message(): string {
    return `${this.tool}: ${this.why}`
  }
}

/**
 * The handler that a program needs which calls tools by an activity of this name.
 *
 * @category models
 * @since 0.2.0
 */
export type Handler<Name extends string> = Activity.Handler<
  Name,
  ToolCall,
  Schema.Json,
  ToolFailed | Activity.ActivityTimedOut
>

/**
 * A tool that is known at run time, for `effect/ai`.
 *
 * @category utility types
 * @since 0.2.0
 */
export type DynamicTool = Tool.Dynamic<
  string,
  {
    readonly parameters: JsonSchema.JsonSchema
    readonly success: Schema.Codec<Schema.Json>
    readonly failure: typeof ToolFailed
    readonly failureMode: "return"
  }
>

/**
 * An activity that calls any tool.
 *
 * @category models
 * @since 0.2.0
 */
export interface ToolActivity<Name extends string> {
  readonly name: Name
  /** A toolkit of these tools, for a program: `chat.generateText({ prompt, toolkit: Mcp.toolkit(tools) })`. All failures are told to the model. */
  readonly toolkit: (
    tools: ReadonlyArray<Definition>
  ) => Effect.Effect<Toolkit.WithHandler<Record<string, DynamicTool>>, never, WorkflowContext | Handler<Name>>
  /** Implements all tools by one function. Throws a `TypeError` when the limits make no sense. */
  readonly toLayer: <R = never>(
    execute: (call: ToolCall) => Effect.Effect<Schema.Json, ToolFailed, R>,
    limits?: Activity.Limits
  ) => Layer.Layer<Handler<Name>, never, Exclude<R, ActivityContext>>
}

/**
 * Defines an activity that calls tools which are known at run time alone.
 *
 * **Example** (Tools of a server)
 *
 * ```ts
 * import { Effect, Schema } from "effect"
 * import { LanguageModel } from "effect/ai"
 * import { Activity, Workflow } from "perdure"
 * import { LLMActivity, ToolActivity } from "perdure/ai"
 *
 * const Guide = LLMActivity.make("Guide")
 * const ListTools = Activity.make("ListTools", { success: Schema.Array(ToolActivity.Definition) })
 * const Mcp = ToolActivity.make("Mcp", { timeout: "1 minute" })
 *
 * const Errand = Workflow.make("Errand", { input: Schema.String, success: Schema.String })
 * const ErrandLive = Errand.toLayer(Effect.fn("Errand")(function*(prompt) {
 *   const tools = yield* ListTools()
 *   const { text } = yield* LanguageModel.generateText({ prompt, toolkit: Mcp.toolkit(tools) })
 *   return text
 * }, Effect.provide(Guide.model), Effect.orDie))
 *
 * const McpLive = Mcp.toLayer(({ params, tool }) => Effect.succeed({ tool, params }))
 * ```
 *
 * @category constructors
 * @since 0.2.0
 */
export const make = <const Name extends string>(
  name: LiteralName<Name>,
  options?: Options<ToolFailed>
): ToolActivity<Name> => {
  const activity = Activity.make<Name, typeof ToolCall, typeof Schema.Json, FailureOfCall, Duration.Input>(name, {
    input: ToolCall,
    success: Schema.Json,
    error: Schema.Union([ToolFailed, Activity.ActivityTimedOut]),
    ...settingsOf(options)
  })
  return {
    name: activity.name,
    toolkit: (definitions) =>
      withHandlers(
        Toolkit.make(...definitions.map(dynamicTool)),
        Object.fromEntries(
          definitions.map((definition) => [
            definition.name,
            checked(definition, (params) => told(definition.name, activity({ tool: definition.name, params })))
          ])
        )
      ) as ReturnType<ToolActivity<Name>["toolkit"]>,
    toLayer: (execute, limits) => activity.toLayer(execute, limits)
  }
}

/**
 * The tools of two toolkits, by their names: those are any text as soon as one is known at run time.
 *
 * @category utility types
 * @since 0.2.0
 */
export type Merged<A extends Record<string, Tool.Any>, B extends Record<string, Tool.Any>> = string extends
  | keyof A
  | keyof B
  ? Record<string, A[keyof A] | B[keyof B]>
  : A & B

/**
 * Two toolkits of a program as one, such as `ToolActivity.merge(Desk.toolkit, Mcp.toolkit(tools))`. A name that both have is a defect.
 *
 * @category combinators
 * @since 0.2.0
 */
export const merge = <A extends Record<string, Tool.Any>, RA, B extends Record<string, Tool.Any>, RB>(
  one: Effect.Effect<Toolkit.WithHandler<A>, never, RA>,
  other: Effect.Effect<Toolkit.WithHandler<B>, never, RB>
): Effect.Effect<Toolkit.WithHandler<Merged<A, B>>, never, RA | RB> =>
  // Which toolkit has a tool is known by its name alone.
  Effect.flatMap(Effect.all([one, other]), merged) as never

// internal

type FailureOfCall = Schema.Union<readonly [typeof ToolFailed, typeof Activity.ActivityTimedOut]>

const settingsOf = <Failure>(options: Options<Failure> | undefined) => ({
  retry: options?.retry ?? RetryPolicy.exponential<unknown>({ nonRetryable: (error) => !isTimedOut(error) }),
  ...(options?.timeout === undefined ? {} : { timeout: options.timeout })
})

const isRunHere = (tool: Tool.Any): boolean => !Tool.isProviderDefined(tool) || tool.requiresHandler

/** Schemas of tools whose types were checked where the toolkit was given. */
type AnySchema = Schema.Codec<unknown, unknown>

const activityOf = (tool: Tool.Any, options: Options<any> | undefined) =>
  Activity.make<"Tool", AnySchema, AnySchema, AnySchema, Duration.Input>(tool.name as "Tool", {
    input: tool.parametersSchema as unknown as AnySchema,
    success: tool.successSchema as unknown as AnySchema,
    error: Schema.Union([tool.failureSchema as unknown as AnySchema, Activity.ActivityTimedOut]),
    ...settingsOf(options)
  })

const dynamicTool = ({ description, name, parameters }: Definition) =>
  Tool.dynamic(name, {
    parameters,
    success: Schema.Json,
    failure: ToolFailed,
    failureMode: "return",
    ...(description === undefined ? {} : { description })
  })
