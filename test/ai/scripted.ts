/** Models without a network: what they are asked is kept, and a script answers. */
import { Effect, Layer, Stream } from "effect"
import { type AiError, LanguageModel, type Prompt, type Response } from "effect/ai"

/** A question, as the provider gets it. */
export type Question = LanguageModel.ProviderOptions

/** The usage of an answer. */
export const finish = (
  input: number,
  output: number,
  reason: Response.FinishReason = "stop"
): Response.PartEncoded => ({
  type: "finish",
  reason,
  usage: {
    inputTokens: { uncached: undefined, total: input, cacheRead: undefined, cacheWrite: undefined },
    outputTokens: { total: output, text: undefined, reasoning: undefined }
  }
})

export const text = (text: string): Response.PartEncoded => ({ type: "text", text })

export const toolCall = (id: string, name: string, params: unknown): Response.PartEncoded => ({
  type: "tool-call",
  id,
  name,
  params
})

/** A model that keeps what it is asked, and answers by a function. */
export const scripted = (
  answer: (question: Question, index: number) => Effect.Effect<Array<Response.PartEncoded>, AiError.AiError>
) => {
  const asked: Array<Question> = []
  const layer = Layer.effect(
    LanguageModel.LanguageModel,
    LanguageModel.make({
      generateText: (question) => Effect.suspend(() => answer(question, asked.push(question) - 1)),
      streamText: () => Stream.die("the model of a handler is asked for whole answers")
    })
  )
  return { asked, layer }
}

/** A message in short: its role and its texts. */
export const shown = ({ content, role }: Prompt.Message): string =>
  `${role}: ${
    typeof content === "string"
      ? content
      : content
          .map((part) => {
            switch (part.type) {
              case "text":
                return part.text
              case "tool-call":
                return `${part.name}(${JSON.stringify(part.params)})`
              case "tool-result":
                return `${part.name}${part.isFailure ? " failed" : ""} ${JSON.stringify(part.result)}`
              default:
                return part.type
            }
          })
          .join(" ")
  }`
