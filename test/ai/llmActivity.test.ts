/** Calls of language models are activities: asked once, recorded with their usage, and no longer than what is new. */
import { assert, describe, it } from "@effect/vitest"
import { Duration, Effect, Exit, Layer, Schema, Stream } from "effect"
import { AiError, Chat, LanguageModel, Tool, Toolkit } from "effect/ai"
import { Executions, type HistoryEvent, Workflow } from "perdure"
import { LLMActivity } from "perdure/ai"
import { TestWorkflows } from "perdure/testing"
import { finish, scripted, shown, text, toolCall } from "./scripted.ts"

const Writer = LLMActivity.make("Writer")

const Talk = Workflow.make("Talk", { input: Schema.Int, success: Schema.Array(Schema.String) })

/** The events of an execution, and their size as JSON. */
const historyOf = Effect.fnUntraced(function* (workflowId: string) {
  const executions = yield* Executions.Executions
  return yield* executions.history(workflowId)
})

const bytesOf = (events: ReadonlyArray<HistoryEvent.HistoryEvent>) => JSON.stringify(events).length

/** Chats for so many turns. */
const TalkLive = Talk.toLayer(
  Effect.fn("Talk")(
    function* (turns) {
      const chat = yield* Chat.fromPrompt([{ role: "system", content: "You repeat what you are told." }])
      const answers: Array<string> = []
      for (let turn = 0; turn < turns; turn++) {
        const { text, usage } = yield* chat.generateText({ prompt: `turn ${turn}` })
        answers.push(`${text}, ${usage.outputTokens.total}`)
      }
      return answers
    },
    Effect.provide(Writer.model),
    Effect.orDie
  )
)

const repeating = () =>
  scripted(({ prompt }) => Effect.succeed([text(`you said ${shown(prompt.content.at(-1)!)}`), finish(1, 7)]))

const talked = (turns: number) =>
  Effect.gen(function* () {
    const model = repeating()
    const Test = TalkLive.pipe(
      Layer.provide(Writer.toLayer()),
      Layer.provide(model.layer),
      Layer.provideMerge(TestWorkflows.layer)
    )
    return yield* Effect.gen(function* () {
      const answers = yield* Talk.execute(turns, { workflowId: "talk" })
      return { answers, asked: model.asked, history: yield* historyOf("talk") }
    }).pipe(Effect.provide(Test))
  })

describe("a language model is an activity", () => {
  it.effect("a chat in a program is answered by the model of the layer, with its usage", () =>
    Effect.gen(function* () {
      const { answers, asked } = yield* talked(3)
      assert.deepStrictEqual(
        answers,
        [0, 1, 2].map((turn) => `you said user: turn ${turn}, 7`)
      )
      assert.deepStrictEqual(asked.at(-1)!.prompt.content.map(shown), [
        "system: You repeat what you are told.",
        "user: turn 0",
        "assistant: you said user: turn 0",
        "user: turn 1",
        "assistant: you said user: turn 1",
        "user: turn 2"
      ])
    })
  )

  it.effect("each message is recorded once, so a history grows as its conversation does", () =>
    Effect.gen(function* () {
      const sizes = yield* Effect.forEach([50, 100, 200], (turns) =>
        Effect.map(talked(turns), ({ history }) => bytesOf(history))
      )
      const [first, second, third] = sizes as [number, number, number]
      assert.isAtMost(Math.abs(second - first) / 50, 1_000)
      // As many bytes for each turn of the last hundred as for those of the fifty before.
      assert.isAtMost(Math.abs((third - second) / 100 - (second - first) / 50), 30)
    })
  )
})

/** Runs a program with a scripted model to its end, and lets time pass. */
const ran = <A, E>(
  program: Effect.Effect<A, E, any>,
  model: ReturnType<typeof scripted>,
  success: Schema.Codec<A, any>
) =>
  Effect.gen(function* () {
    const Once = Workflow.make("Once", { success, error: AiError.AiError })
    const OnceLive = Once.toLayer((() => Effect.provide(program, Writer.model)) as any) as Layer.Layer<
      never,
      never,
      any
    >
    const Test = OnceLive.pipe(
      Layer.provide(Writer.toLayer()),
      Layer.provide(model.layer),
      Layer.provideMerge(TestWorkflows.layer)
    )
    return yield* Effect.gen(function* () {
      const once = yield* Once.start(undefined, { workflowId: "once" })
      yield* TestWorkflows.pass("1 hour")
      return { exit: yield* Effect.exit(once.result), history: yield* historyOf("once"), asked: model.asked }
    }).pipe(Effect.provide(Test))
  })
