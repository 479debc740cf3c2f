/**
 * The program of the clerk: the model is asked until it calls no tool any more. Each question, each tool and each decision is recorded.
 */
import { Effect } from "effect"
import { Chat, Prompt } from "effect/ai"
import { ToolActivity } from "perdure/ai"
import { Clerk, Complaint, Desk, Grant, Undecided } from "./contracts.ts"

const rounds = 10

const granted = (call: ToolActivity.ToolCall) =>
  Grant(call, { who: ["finance"], expires: "3 days" }).pipe(
    Effect.map(({ by, decision }) => ({ approved: decision, reason: `${by} does not grant it` })),
    Effect.catchTag("ApprovalExpired", () => Effect.succeed({ approved: false, reason: "no answer in three days" }))
  )

export const ComplaintLive = Complaint.toLayer(
  Effect.fn("Complaint")(
    function* ({ text }) {
      const chat = yield* Chat.fromPrompt([
        { role: "system", content: "You answer complaints of customers." },
        { role: "user", content: text }
      ])
      let prompt = Prompt.empty
      for (let round = 0; round < rounds; round++) {
        const answer = yield* chat.generateText({ prompt, toolkit: Desk.toolkit })
        if (answer.toolCalls.length === 0) return answer.text
        prompt = yield* ToolActivity.decide(answer, granted)
      }
      return yield* new Undecided({ rounds })
    },
    Effect.provide(Clerk.model),
    // What a model or a tool fails with for good ends the complaint.
    Effect.catchTag("AiError", Effect.die)
  )
)
