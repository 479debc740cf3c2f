/** Calls of tools are activities of their own, and what is wrong with one is told to the model. */
import { assert, describe, it } from "@effect/vitest"
import { Effect, Layer, Ref, Schema } from "effect"
import { Chat, LanguageModel, Prompt, Response, Tool, Toolkit } from "effect/ai"
import { Activity, Executions, RetryPolicy, Workflow } from "perdure"
import { LLMActivity, ToolActivity } from "perdure/ai"
import { replay, TestWorkflows } from "perdure/testing"
import { finish, type Question, scripted, shown, text, toolCall } from "./scripted.ts"

const Guide = LLMActivity.make("Guide")

class NoSuchCity extends Schema.TaggedError<NoSuchCity>()("NoSuchCity", { city: Schema.String }) {}

const Weather = Tool.make("Weather", {
  parameters: Schema.Struct({ city: Schema.String }),
  success: Schema.String,
  failure: NoSuchCity,
  failureMode: "return"
})
const Clock = Tool.make("Clock", {
  parameters: Schema.Struct({ zone: Schema.Literals(["UTC", "CET"]) }),
  success: Schema.Int
})

const Rate = Tool.make("Rate", { success: Schema.Int })

const Desk = ToolActivity.fromToolkit(Toolkit.make(Weather, Clock, Rate), {
  timeout: "10 seconds",
  tools: { Rate: { timeout: "3 seconds", retry: RetryPolicy.none } }
})

const calls: Array<string> = []

const DeskLive = Desk.toLayer({
  Weather: Effect.fnUntraced(function* ({ city }) {
    calls.push(city)
    if (city === "Atlantis") return yield* new NoSuchCity({ city })
    if (city === "Nowhere") return yield* Effect.never
    if (city === "Library") return "x".repeat(9_000_000)
    return `rain in ${city}`
  }),
  Clock: ({ zone }) => Effect.succeed(zone === "UTC" ? 12 : 13),
  Rate: () =>
    Effect.andThen(
      Effect.sync(() => calls.push("rate")),
      Effect.never
    )
})

const Advice = Workflow.make("Advice", { success: Schema.Array(Schema.String) })

/** What a model and the tools say to each other when its first answer has these calls. */
const conversation = Effect.fnUntraced(function* (answers: ReadonlyArray<ReadonlyArray<ReturnType<typeof toolCall>>>) {
  calls.length = 0
  const model = scripted((_, index) =>
    Effect.succeed(
      index < answers.length ? [...answers[index]!, finish(1, 1, "tool-calls")] : [text("that is all"), finish(1, 1)]
    )
  )
  const AdviceLive = Advice.toLayer(
    Effect.fn("Advice")(
      function* () {
        const chat = yield* Chat.fromPrompt("how is it?")
        for (let round = 0; round < 9; round++) {
          const answer = yield* chat.generateText({ prompt: [], toolkit: Desk.toolkit })
          if (answer.toolCalls.length === 0) break
        }
        return (yield* Ref.get(chat.history)).content.map(shown)
      },
      Effect.provide(Guide.model),
      Effect.orDie
    )
  )
  const Test = AdviceLive.pipe(
    Layer.provide([Guide.toLayer().pipe(Layer.provide(model.layer)), DeskLive]),
    Layer.provideMerge(TestWorkflows.layer)
  )
  return yield* Effect.gen(function* () {
    const advice = yield* Advice.start(undefined, { workflowId: "advice" })
    yield* TestWorkflows.pass("1 hour")
    const said = yield* advice.result
    const history = yield* Effect.flatMap(Executions.Executions, (executions) => executions.history("advice"))
    const scheduled = history.flatMap((event) => (event._tag === "ActivityScheduled" ? [event.name] : []))
    return { said, scheduled, asked: model.asked }
  }).pipe(Effect.provide(Test))
})

describe("a tool is an activity", () => {
  it.effect("25. each call is one of its own, named as its tool, and its result goes to the model", () =>
    Effect.gen(function* () {
      const { said, scheduled } = yield* conversation([
        [toolCall("1", "Weather", { city: "Rome" }), toolCall("2", "Clock", { zone: "CET" })]
      ])
      assert.deepStrictEqual(said, [
        "user: how is it?",
        `assistant: Weather({"city":"Rome"}) Clock({"zone":"CET"})`,
        `tool: Weather "rain in Rome" Clock 13`,
        "assistant: that is all"
      ])
      assert.deepStrictEqual(scheduled, ["Guide", "Weather", "Clock", "Guide"])
    })
  )

  it.effect("what a tool fails with is told to the model, and is tried once", () =>
    Effect.gen(function* () {
      const { said } = yield* conversation([[toolCall("1", "Weather", { city: "Atlantis" })]])
      assert.strictEqual(said[2], `tool: Weather failed {"_tag":"NoSuchCity","city":"Atlantis"}`)
      assert.deepStrictEqual(calls, ["Atlantis"])
    })
  )

  it.effect("a timeout is told to the model, after three attempts", () =>
    Effect.gen(function* () {
      const { said } = yield* conversation([[toolCall("1", "Weather", { city: "Nowhere" })]])
      assert.include(said[2], "tool Weather had no result within 10s")
      assert.deepStrictEqual(calls, ["Nowhere", "Nowhere", "Nowhere"])
    })
  )

  it.effect(
    "a result that no commit can hold is told to the model, and such an answer is an error of the program",
    () =>
      Effect.gen(function* () {
        const { said } = yield* conversation([[toolCall("1", "Weather", { city: "Library" })]])
        assert.include(said[2], "Weather failed")
        assert.include(said[2], `the result of activity \\"Weather\\" takes 9`)
        assert.strictEqual(said[3], "assistant: that is all")
        const error = yield* Effect.flip(conversation([[toolCall("1", "Weather", { city: "x".repeat(9_000_000) })]]))
        assert.include(String(error), "AiError")
        assert.include(String(error), `the result of activity "Guide" takes 9`)
      })
  )

  it.effect("a tool may have a timeout and a policy of its own", () =>
    Effect.gen(function* () {
      const { said } = yield* conversation([[toolCall("1", "Rate", {})]])
      assert.include(said[2], "tool Rate had no result within 3s")
      assert.deepStrictEqual(calls, ["rate"])
    })
  )

  it.effect("25. arguments that do not fit are told to the model, whatever the failure mode, and call nothing", () =>
    Effect.gen(function* () {
      const { said, scheduled } = yield* conversation([
        [toolCall("1", "Weather", { town: "Rome" }), toolCall("2", "Clock", { zone: "PST" })]
      ])
      assert.include(said[2], "Weather failed")
      assert.include(said[2], "Clock failed")
      assert.include(said[2], "ToolParameterValidationError")
      assert.deepStrictEqual(calls, [])
      assert.deepStrictEqual(scheduled, ["Guide", "Guide"])
    })
  )

  it.effect("an answer that cannot be recorded is asked for again, such as a call without arguments", () =>
    Effect.gen(function* () {
      const { asked, said } = yield* conversation([
        [toolCall("1", "Clock", undefined)],
        [toolCall("2", "Clock", { zone: "UTC" })]
      ])
      assert.strictEqual(asked.length, 3)
      assert.strictEqual(said[2], "tool: Clock 12")
    })
  )

  it.effect("25. a tool that there is not is told to the model, which answers again", () =>
    Effect.gen(function* () {
      const { asked, said } = yield* conversation([
        [toolCall("1", "Oracle", {}), toolCall("2", "Clock", { zone: "UTC" })],
        [toolCall("3", "Clock", { zone: "UTC" })]
      ])
      const corrected = asked[1]!.prompt.content.map(shown)
      assert.strictEqual(corrected[1], `assistant: Oracle({}) Clock({"zone":"UTC"})`)
      assert.include(corrected[2], "Oracle failed")
      assert.include(corrected[2], "Clock failed")
      // The conversation of the program is without it.
      assert.deepStrictEqual(said.slice(1), [
        `assistant: Clock({"zone":"UTC"})`,
        "tool: Clock 12",
        "assistant: that is all"
      ])
    })
  )
})

describe("a call under an id that a provider gives again", () => {
  const Pay = Tool.make("Pay", {
    parameters: Schema.Struct({ cents: Schema.Int }),
    success: Schema.String,
    needsApproval: true
  })
  const Till = ToolActivity.fromToolkit(Toolkit.make(Pay, Weather))
  const Shopping = Workflow.make("Shopping", { success: Schema.Array(Schema.String) })

  it.effect("is asked about, run and answered by itself, in a later turn and in the same answer", () =>
    Effect.gen(function* () {
      const pays = [
        [toolCall("call", "Pay", { cents: 1 })],
        [toolCall("call", "Pay", { cents: 2 }), toolCall("call", "Pay", { cents: 3 })],
        [toolCall("call", "Weather", { city: "Rome" }), toolCall("call-2", "Weather", { city: "Bonn" })],
        [toolCall("call", "Pay", { cents: 4 })]
      ]
      const model = scripted((_, index) =>
        Effect.succeed(
          index < pays.length ? [...pays[index]!, finish(1, 1, "tool-calls")] : [text("done"), finish(1, 1)]
        )
      )
      const asked: Array<ToolActivity.ToolCall> = []
      const ShoppingLive = Shopping.toLayer(
        Effect.fn("Shopping")(
          function* () {
            const chat = yield* Chat.fromPrompt("buy")
            let prompt = Prompt.empty
            for (let round = 0; round < 9; round++) {
              const answer = yield* chat.generateText({ prompt, toolkit: Till.toolkit })
              if (answer.toolCalls.length === 0) break
              prompt = yield* ToolActivity.decide(answer, (call) =>
                Effect.sync(() => {
                  asked.push(call)
                  return { approved: JSON.stringify(call.params) !== `{"cents":3}`, reason: "too much" }
                })
              )
              // What is decided is decided again in a replay.
              yield* Effect.sleep("1 minute")
            }
            return (yield* Ref.get(chat.history)).content.map(shown)
          },
          Effect.provide(Guide.model),
          Effect.orDie
        )
      )
      const paid: Array<number> = []
      const TillLive = Till.toLayer({
        Pay: ({ cents }) => Effect.sync(() => `paid ${paid.push(cents)}`),
        Weather: ({ city }) => Effect.succeed(`rain in ${city}`)
      })
      const Test = ShoppingLive.pipe(
        Layer.provide([Guide.toLayer().pipe(Layer.provide(model.layer)), TillLive]),
        Layer.provideMerge(TestWorkflows.layer)
      )
      const { history, said } = yield* Effect.gen(function* () {
        const shopping = yield* Shopping.start(undefined, { workflowId: "shopping" })
        yield* TestWorkflows.pass("1 hour")
        const history = yield* Effect.flatMap(Executions.Executions, (executions) => executions.history("shopping"))
        return { history, said: yield* shopping.result }
      }).pipe(Effect.provide(Test))
      assert.deepStrictEqual(
        asked,
        [1, 2, 3, 4].map((cents) => ({ tool: "Pay", params: { cents } }))
      )
      assert.deepStrictEqual(paid, [1, 2, 4])
      const results = said.filter((message) => message.startsWith("tool:")).join(" ")
      assert.include(results, `Pay "paid 1"`)
      assert.include(results, `Pay "paid 2"`)
      assert.include(results, `Pay failed {"type":"execution-denied","reason":"too much"}`)
      assert.include(results, `Weather "rain in Rome" Weather "rain in Bonn"`)
      assert.include(results, `Pay "paid 3"`)
      const last = model.asked.at(-1)!.prompt.content
      const ids = (role: Prompt.Message["role"], type: "tool-call" | "tool-result") =>
        last.flatMap((message) =>
          message.role === role && typeof message.content !== "string"
            ? message.content.flatMap((part) => (part.type === type ? [part.id] : []))
            : []
        )
      const each = ["call", "call-2", "call-3", "call-4", "call-2-2", "call-5"]
      assert.sameMembers([...ids("assistant", "tool-call")], each)
      assert.sameMembers([...ids("tool", "tool-result")], each)
      // What was recorded is what was said: a replay has the same ids.
      const layer = Layer.provide(ShoppingLive, [Guide.toLayer().pipe(Layer.provide(model.layer)), TillLive])
      yield* replay(history, layer)
    })
  )
})

it.effect("a request for the approval of a call that there is not is refused, and nobody is asked", () =>
  Effect.gen(function* () {
    const request = Response.makePart("tool-approval-request", { approvalId: "a", toolCallId: "another" })
    const asked = Effect.die(new Error("a person is asked"))
    const { content } = yield* ToolActivity.decide({ content: [request] }, () => asked)
    const [message] = content as ReadonlyArray<Prompt.ToolMessage>
    assert.deepStrictEqual(
      message!.content.map((part) => part.type === "tool-approval-response" && [part.approvalId, part.approved]),
      [["a", false]]
    )
  })
)

describe("a tool that is known at run time", () => {
  const ListTools = Activity.make("ListTools", { success: Schema.Array(ToolActivity.Definition) })
  const Mcp = ToolActivity.make("Mcp", { timeout: "10 seconds" })
  const Errand = Workflow.make("Errand", { success: Schema.Array(Schema.Json) })
  const ErrandLive = Errand.toLayer(
    Effect.fn("Errand")(
      function* () {
        const tools = yield* ListTools()
        const { toolResults } = yield* LanguageModel.generateText({ prompt: "go", toolkit: Mcp.toolkit(tools) })
        // They come as they are done.
        const inOrder = toolResults.toSorted((a, b) => (a.id < b.id ? -1 : 1))
        return inOrder.map(({ encodedResult, isFailure, name }) => ({
          name,
          isFailure,
          result: encodedResult as Schema.Json
        }))
      },
      Effect.provide(Guide.model),
      Effect.orDie
    )
  )
  const definitions: ReadonlyArray<ToolActivity.Definition> = [
    {
      name: "add",
      description: "adds two numbers",
      parameters: { type: "object", properties: { a: { type: "number" }, b: { type: "number" } }, required: ["a", "b"] }
    },
    { name: "dance", parameters: { type: "object", unevaluatedProperties: false } },
    { name: "loop", parameters: { $ref: "#/$defs/A", $defs: { A: { $ref: "#/$defs/A" } } } }
  ]

  it.effect("is called by one activity, with arguments that fit its JSON Schema", () =>
    Effect.gen(function* () {
      const model = scripted(() =>
        Effect.succeed([
          toolCall("1", "add", { a: 1, b: 2 }),
          toolCall("2", "add", { a: "one" }),
          toolCall("3", "dance", {}),
          toolCall("4", "loop", {}),
          finish(1, 1, "tool-calls")
        ])
      )
      const done: Array<ToolActivity.ToolCall> = []
      const McpLive = Mcp.toLayer((call) => {
        done.push(call)
        return call.tool === "add"
          ? Effect.succeed(3)
          : Effect.fail(new ToolActivity.ToolFailed({ tool: call.tool, why: "there is no music" }))
      })
      const Test = ErrandLive.pipe(
        Layer.provide([
          Guide.toLayer().pipe(Layer.provide(model.layer)),
          McpLive,
          ListTools.toLayer(() => Effect.succeed(definitions))
        ]),
        Layer.provideMerge(TestWorkflows.layer)
      )
      const results = yield* Effect.provide(Errand.execute(), Test)
      const [added, wrong, failed, looped] = results as ReadonlyArray<any>
      assert.deepStrictEqual(results.length, 4)
      assert.strictEqual(looped.result._tag, "ToolFailed")
      assert.deepStrictEqual(added, { name: "add", isFailure: false, result: 3 })
      assert.strictEqual(wrong.result.reason._tag, "ToolParameterValidationError")
      assert.deepStrictEqual(failed, {
        name: "dance",
        isFailure: true,
        result: { _tag: "ToolFailed", tool: "dance", why: "there is no music" }
      })
      assert.deepStrictEqual(done, [
        { tool: "add", params: { a: 1, b: 2 } },
        { tool: "dance", params: {} },
        { tool: "loop", params: {} }
      ])
      const tools = (model.asked[0] as Question).tools
      assert.deepStrictEqual(
        tools.map((tool) => [tool.name, Tool.getDescription(tool), Tool.getJsonSchema(tool)]),
        definitions.map(({ description, name, parameters }) => [name, description, parameters])
      )
    })
  )

  it.effect("is offered beside those of a toolkit, and each call goes to its own", () =>
    Effect.gen(function* () {
      const model = scripted((_, index) =>
        Effect.succeed(
          index === 0
            ? [
                toolCall("1", "add", { a: 1, b: 2 }),
                toolCall("2", "Weather", { city: "Rome" }),
                finish(1, 1, "tool-calls")
              ]
            : [text("done"), finish(1, 1)]
        )
      )
      const Both = Workflow.make("Both", { success: Schema.Array(Schema.Json) })
      const bothLive = (offered: ReadonlyArray<ToolActivity.Definition>) =>
        Both.toLayer(
          Effect.fn("Both")(
            function* () {
              const toolkit = ToolActivity.merge(Desk.toolkit, Mcp.toolkit(offered))
              const { toolResults } = yield* LanguageModel.generateText({ prompt: "go", toolkit })
              return toolResults.toSorted((a, b) => (a.id < b.id ? -1 : 1)).map(({ result }) => result as Schema.Json)
            },
            Effect.provide(Guide.model),
            Effect.orDie
          )
        ).pipe(
          Layer.provide([
            Guide.toLayer().pipe(Layer.provide(model.layer)),
            Mcp.toLayer(() => Effect.succeed(3)),
            DeskLive
          ]),
          Layer.provideMerge(TestWorkflows.layer)
        )
      assert.deepStrictEqual(yield* Effect.provide(Both.execute(), bothLive(definitions)), [3, "rain in Rome"])
      const { tools } = model.asked[0] as Question
      assert.sameMembers(
        tools.map(({ name }) => name),
        ["Weather", "Clock", "Rate", "add", "dance", "loop"]
      )
      const twice = [{ name: "Weather", parameters: { type: "object" } }]
      const error = yield* Effect.flip(Effect.provide(Both.execute(), bothLive(twice)))
      assert.include(error.message, 'tool "Weather" is in two toolkits: leave it out of one')
    })
  )
})
