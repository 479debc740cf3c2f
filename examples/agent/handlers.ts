/**
 * The handlers of the clerk. The model is a script in the place of a provider, such as the layer of `@effect/ai-openai`.
 */
import { Console, Effect, Layer, Stream } from "effect"
import { LanguageModel, type Response } from "effect/ai"
import { Clerk, Desk } from "./contracts.ts"

const finish = (reason: Response.FinishReason): Response.PartEncoded => ({
  type: "finish",
  reason,
  usage: {
    inputTokens: { uncached: undefined, total: 100, cacheRead: undefined, cacheWrite: undefined },
    outputTokens: { total: 10, text: undefined, reasoning: undefined }
  }
})

const call = (id: string, name: string, params: unknown): Array<Response.PartEncoded> => [
  { type: "tool-call", id, name, params },
  finish("tool-calls")
]

/** What it says depends on the last result that it has: none, that of `LookUp`, or that of `Refund`. */
const answer = ({ prompt }: LanguageModel.ProviderOptions): Array<Response.PartEncoded> => {
  const results = prompt.content.flatMap(({ content, role }) =>
    role === "tool" ? content.filter((part) => part.type === "tool-result") : []
  )
  const last = results.at(-1)
  if (last === undefined) return call("call-1", "LookUp", { order: "7" })
  if (last.name === "LookUp") return call("call-2", "Refund", { order: "7", cents: 4200 })
  const text = last.isFailure ? "We are sorry." : "We have paid you back."
  return [{ type: "text", text }, finish("stop")]
}

const Scripted = Layer.effect(
  LanguageModel.LanguageModel,
  LanguageModel.make({
    generateText: (question) =>
      Effect.as(Console.log(`the model reads ${question.prompt.content.length} messages`), answer(question)),
    streamText: () => Stream.empty
  })
)

/** At most ten questions at once, and sixty in a minute, by each worker. */
export const ClerkLive = Clerk.toLayer({ concurrency: 10, rateLimit: { limit: 60, every: "1 minute" } }).pipe(
  Layer.provide(Scripted)
)

export const DeskLive = Desk.toLayer({
  LookUp: ({ order }) => Effect.as(Console.log(`looks order ${order} up`), { cents: 4200, arrived: false }),
  Refund: ({ cents, order }) => Effect.as(Console.log(`pays ${cents} cents back for order ${order}`), "paid")
})
