/**
 * The model of a program: `effect/ai` does in the program what it does around any provider, and the provider is an activity.
 */
import * as Context from "effect/Context"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Schema from "effect/Schema"
import * as Stream from "effect/Stream"
import * as AiError from "effect/ai/AiError"
import * as LanguageModel from "effect/ai/LanguageModel"
import * as Prompt from "effect/ai/Prompt"
import type * as Response from "effect/ai/Response"
import type { Call, Handler } from "../AnyActivity.ts"
import { WorkflowContext } from "../WorkflowContext.ts"
import { Answer, type Failure, messagesIn, type Request } from "./Request.ts"
import { setupOf } from "./Setup.ts"
import { failingWhereTooLarge } from "./tooLarge.ts"
import { Transcript } from "./Transcript.ts"

/** The model of a program that asks an activity. */
export const model = <Name extends string>(
  activity: Call<Name, typeof Request, typeof Answer, typeof Failure> & { readonly name: Name }
): Layer.Layer<LanguageModel.LanguageModel, never, WorkflowContext | Handler<Name, Request, Answer, Failure>> =>
  Layer.effect(
    LanguageModel.LanguageModel,
    Effect.gen(function* () {
      const context = yield* Effect.context<Effect.Services<ReturnType<typeof activity>>>()
      const transcript = transcriptOf(Context.get(context, WorkflowContext), activity.name)
      const ask = (request: Request) => Effect.provideContext(activity(request), context)
      const generate = (options: LanguageModel.ProviderOptions) => askUntilOffered(transcript, ask, options)
      return yield* LanguageModel.make({
        generateText: (options) => Effect.map(generate(options), (parts) => [...parts]),
        streamText: (options) =>
          Stream.fromIterableEffect(Effect.map(generate(options), (parts) => parts.flatMap(streamed)))
      })
    })
  )

// internal

/** How often a model is told that there is no tool of the name that it calls. */
const mostCorrections = 3

type Ask = (request: Request) => Effect.Effect<Answer, Failure>

const transcripts = new WeakMap<WorkflowContext["Service"], Map<string, Transcript>>()

/** What a program has said to a model of this name. A replay begins a new one. */
const transcriptOf = (program: WorkflowContext["Service"], name: string): Transcript => {
  const known = transcripts.get(program) ?? new Map<string, Transcript>()
  transcripts.set(program, known)
  const transcript = known.get(name) ?? new Transcript()
  known.set(name, transcript)
  return transcript
}

const encodedParts = Schema.encodeSync(Answer)

/** Asks until each tool that is called was offered. */
const askUntilOffered = Effect.fnUntraced(function* (
  transcript: Transcript,
  ask: Ask,
  options: LanguageModel.ProviderOptions
) {
  let { prompt } = options
  for (let correction = 0; ; correction++) {
    const parts = yield* askOnce(transcript, ask, { ...options, prompt })
    const unknown = options.toolCallValidation === "deferred" ? undefined : unknownTool(parts, options)
    if (unknown === undefined) return encodedParts(parts)
    if (correction === mostCorrections) return yield* unknown
    prompt = Prompt.concat(prompt, Prompt.fromMessages([...messagesIn(parts), corrections(parts, unknown)]))
  }
})

/** Asks once. */
const askOnce = Effect.fnUntraced(function* (transcript: Transcript, ask: Ask, options: LanguageModel.ProviderOptions) {
  const call = transcript.begin()
  const setup = setupOf(options)
  const same = transcript.setup(call, JSON.stringify(setup))
  const { answered, said } = transcript.say(call, options.prompt.content)
  const parts = yield* Effect.catchTag(
    failingWhereTooLarge(ask({ call, prompt: said, setup: same === undefined ? setup : { call: same } }), tooLarge),
    "ActivityTimedOut",
    ({ activity, after }) =>
      failed(
        new AiError.InternalProviderError({
          description: `${activity} had no answer within ${Duration.format(Duration.millis(after))}`
        })
      )
  )
  answered(messagesIn(parts))
  return parts
})

const failed = (reason: AiError.AiErrorReason) =>
  AiError.make({ module: "LLMActivity", method: "generateText", reason })

const tooLarge = (description: string) => failed(new AiError.InvalidOutputError({ description }))

const isCall = (part: Answer[number]): part is Response.ToolCallPart<string, unknown> =>
  part.type === "tool-call" && !part.providerExecuted

/** The error of the first call of a tool that was not offered. */
const unknownTool = (parts: Answer, { tools }: LanguageModel.ProviderOptions): AiError.AiError | undefined => {
  const names = tools.map(({ name }) => name)
  const call = parts.filter(isCall).find(({ name }) => !names.includes(name))
  return call === undefined
    ? undefined
    : failed(new AiError.ToolNotFoundError({ toolName: call.name, availableTools: names }))
}

/** What a model is told that has called a tool which there is not: each call has a result in a conversation. */
const corrections = (parts: Answer, error: AiError.AiError): Prompt.Message =>
  Prompt.makeMessage("tool", {
    content: parts
      .filter(isCall)
      .map(({ id, name }) =>
        Prompt.makePart("tool-result", { id, name, isFailure: true, result: error.message, providerExecuted: false })
      )
  })

/** A part as a provider streams it. */
const streamed = (part: Response.PartEncoded, index: number): ReadonlyArray<Response.StreamPartEncoded> => {
  if (part.type !== "text" && part.type !== "reasoning") return [part]
  const [id, metadata] = [`${index}`, part.metadata]
  return [
    { type: `${part.type}-start`, id, metadata },
    { type: `${part.type}-delta`, id, delta: part.text },
    { type: `${part.type}-end`, id }
  ]
}
