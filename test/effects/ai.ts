/** Language models: the call of the provider is an activity, and what `effect/ai` does around it is the program's. */
import { Effect, Layer, Ref, Schema, Stream } from "effect"
import { Chat, LanguageModel, type Response, Tool, Toolkit } from "effect/ai"
import { Activity } from "perdure"
import type { Scenario } from "../corpus/scenarios.ts"
import { row, slow } from "./Row.ts"

/** A part of what the provider answers. */
const Part = Schema.Union([
  Schema.Struct({ type: Schema.Literal("text"), text: Schema.String }),
  Schema.Struct({ type: Schema.Literal("tool-call"), id: Schema.String, name: Schema.String, params: Schema.Json })
])
type Part = typeof Part.Type

/** A call of the provider: the texts of the prompt, to the parts of its answer. */
const Complete = Activity.make("Complete", { input: Schema.Array(Schema.String), success: Schema.Array(Part) })

/** What the provider says: it looks the weather up once, and then tells it. */
const answer = (texts: ReadonlyArray<string>): ReadonlyArray<Part> => {
  const last = texts.at(-1) ?? ""
  if (last.startsWith("weather")) {
    return [{ type: "tool-call", id: "call-1", name: "Weather", params: { city: last.slice(8) } }]
  }
  return [{ type: "text", text: `${texts.length}: ${last}` }]
}

const handlers = Complete.toLayer((texts) => Effect.succeed(answer(texts)))

/** The last text or result of each message. */
const textsOf = ({ prompt }: LanguageModel.ProviderOptions): ReadonlyArray<string> =>
  prompt.content.flatMap(({ content }) =>
    typeof content === "string"
      ? [content]
      : content.flatMap((part) =>
          part.type === "text" ? [part.text] : part.type === "tool-result" ? [String(part.result)] : []
        )
  )

/** A model of which each call is an activity of the program that makes it. */
const makeModel = Effect.gen(function* () {
  const context = yield* Effect.context<Effect.Services<ReturnType<typeof Complete>>>()
  const complete = (options: LanguageModel.ProviderOptions) =>
    Effect.provideContext(Complete(textsOf(options)), context)
  return yield* LanguageModel.make({
    generateText: (options) => Effect.map(complete(options), (parts) => [...parts]),
    streamText: (options) =>
      Stream.fromIterableEffect(Effect.map(complete(options), (parts) => parts.flatMap(streamed)))
  })
})

/** A part as a provider streams it. */
const streamed = (part: Part): ReadonlyArray<Response.StreamPartEncoded> =>
  part.type === "tool-call"
    ? [part]
    : [
        { type: "text-start", id: "1" },
        { type: "text-delta", id: "1", delta: part.text },
        { type: "text-end", id: "1" }
      ]

const Model = Layer.effect(LanguageModel.LanguageModel, makeModel)

const Weather = Tool.make("Weather", {
  parameters: Schema.Struct({ city: Schema.String }),
  success: Schema.String
})
const Tools = Toolkit.make(Weather)

/** Handlers of tools are part of the program, so they call activities and sleep. */
const makeTools = Effect.gen(function* () {
  const context = yield* Effect.context<Effect.Services<ReturnType<typeof slow>>>()
  return Tools.of({
    Weather: ({ city }) =>
      Effect.andThen(Effect.sleep("5 seconds"), slow(`rain in ${city}`, 1000)).pipe(Effect.provideContext(context))
  })
})

export const ai: ReadonlyArray<Scenario> = [
  row(
    "LanguageModel.generateText whose provider is an activity",
    Effect.fnUntraced(
      function* () {
        const first = yield* LanguageModel.generateText({ prompt: "hello" })
        yield* Effect.sleep("5 seconds")
        const second = yield* LanguageModel.generateText({ prompt: `${first.text}!` })
        return [first.text, second.text]
      },
      Effect.provide(Model),
      Effect.orDie
    ),
    ["1: hello", "1: 1: hello!"],
    { handlers }
  ),
  row(
    "LanguageModel.streamText whose provider is an activity",
    Effect.fnUntraced(
      function* () {
        const deltas = yield* LanguageModel.streamText({ prompt: "hello" }).pipe(
          Stream.filter((part) => part.type === "text-delta"),
          Stream.mapEffect((part) => slow(part.delta, 1000)),
          Stream.runCollect
        )
        return deltas
      },
      Effect.provide(Model),
      Effect.orDie
    ),
    ["1: hello"],
    { handlers }
  ),
  row(
    "Toolkit whose tools call activities and sleep, in a Chat",
    Effect.fnUntraced(
      function* () {
        const toolkit = yield* Effect.provide(Tools, Tools.toLayer(makeTools))
        const chat = yield* Chat.fromPrompt("weather Rome")
        let calls = 0
        while (true) {
          const response = yield* chat.generateText({ prompt: [], toolkit })
          if (response.toolCalls.length === 0) {
            const history = yield* Ref.get(chat.history)
            return [calls, response.text, history.content.length]
          }
          calls += response.toolCalls.length
        }
      },
      Effect.provide(Model),
      Effect.orDie
    ),
    [1, "2: rain in Rome", 4],
    { handlers }
  )
]
