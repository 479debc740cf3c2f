/** Agents are typed: what their models, tools and people answer with, and what is needed for them. */
import { Effect, Schema } from "effect"
import { type AiError, Chat, type LanguageModel, Tool, Toolkit } from "effect/ai"
import { type Activity, Workflow, type WorkflowContext } from "perdure"
import { HumanActivity, LLMActivity, ToolActivity } from "perdure/ai"
import type { Executions } from "perdure/Executor/Executions"
import { type Channels, holds, type LayerChannels, type Same } from "./Exact.ts"

const Guide = LLMActivity.make("Guide")
holds<
  Same<
    LayerChannels<typeof Guide.model>,
    [LanguageModel.LanguageModel, never, WorkflowContext.WorkflowContext | LLMActivity.Handler<"Guide">]
  >
>()
const GuideLive = Guide.toLayer({ concurrency: 1 })
holds<
  Same<LayerChannels<typeof GuideLive>, [LLMActivity.Handler<"Guide">, never, LanguageModel.LanguageModel | Executions]>
>()

class Lost extends Schema.TaggedError<Lost>()("Lost", { city: Schema.String }) {}
const Rate = Tool.make("Rate", { parameters: Schema.Struct({ of: Schema.String }), success: Schema.Int })
const Find = Tool.make("Find", { success: Schema.String, failure: Lost })
const Desk = ToolActivity.fromToolkit(Toolkit.make(Rate, Find))
type RateHandler = Activity.Handler<"Rate", { readonly of: string }, number, Activity.ActivityTimedOut>
type FindHandler = Activity.Handler<"Find", { readonly [x: string]: never }, string, Lost | Activity.ActivityTimedOut>
const DeskLive = Desk.toLayer({ Rate: ({ of }) => Effect.succeed(of.length), Find: () => new Lost({ city: "Rome" }) })
holds<Same<LayerChannels<typeof DeskLive>, [RateHandler | FindHandler, never, never]>>()

const talk = Effect.gen(function* () {
  const chat = yield* Chat.empty
  const answer = yield* chat.generateText({ prompt: "hello", toolkit: Desk.toolkit })
  for (const result of answer.toolResults) {
    if (result.name === "Rate" && !result.isFailure) holds<Same<typeof result.result, number>>()
  }
  return answer.text
})
holds<
  Same<
    Channels<typeof talk>,
    [
      string,
      AiError.AiError | Lost,
      LanguageModel.LanguageModel | WorkflowContext.WorkflowContext | RateHandler | FindHandler
    ]
  >
>()

const Yes = HumanActivity.make("Yes", {
  request: Schema.Int,
  decision: Schema.Struct({ until: Schema.DateTimeUtcFromString })
})
const asked = Yes(7, { who: ["ada"], expires: "1 day" })
holds<
  Same<
    Channels<typeof asked>,
    [
      HumanActivity.Answered<{ readonly until: typeof Schema.DateTimeUtcFromString.Type }>,
      HumanActivity.ApprovalExpired,
      WorkflowContext.WorkflowContext
    ]
  >
>()

const Ask = Workflow.make("Ask", { success: Schema.String, error: HumanActivity.ApprovalExpired })
export const AskLive = Ask.toLayer(() => Effect.map(asked, ({ by }) => by))
