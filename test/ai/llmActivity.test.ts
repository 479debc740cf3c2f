/** Calls of language models are activities: asked once, recorded with their usage, and no longer than what is new. */
import { assert, describe, it } from "@effect/vitest"
import { Cause, Duration, Effect, Exit, Layer, Option, Redacted, Ref, Schema, Stream } from "effect"
import {
  AiError,
  AnthropicStructuredOutput,
  Chat,
  LanguageModel,
  OpenAiStructuredOutput,
  Prompt,
  Tool,
  Toolkit
} from "effect/ai"
import { Executions, type HistoryEvent, Workflow, WorkflowError } from "perdure"
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

const unavailable = new WorkflowError.WorkflowError({
  operation: "history",
  reason: new WorkflowError.StoreUnavailable({ detail: "it is away" })
})

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

  it.effect("executions side by side have conversations of their own", () =>
    Effect.gen(function* () {
      const model = repeating()
      const Test = TalkLive.pipe(
        Layer.provide(Writer.toLayer()),
        Layer.provide(model.layer),
        Layer.provideMerge(TestWorkflows.layer)
      )
      yield* Effect.gen(function* () {
        const turns = [5, 3, 4]
        const talks = yield* Effect.forEach(turns, (turns) => Talk.execute(turns, { workflowId: `${turns}` }), {
          concurrency: "unbounded"
        })
        assert.deepStrictEqual(
          talks.map(({ length }) => length),
          turns
        )
        for (const length of turns) {
          const calls = (yield* historyOf(`${length}`)).filter((event) => event._tag === "ActivityScheduled")
          assert.strictEqual(calls.length, length)
        }
      }).pipe(Effect.provide(Test))
    })
  )

  it.effect("25. a run that continues as new begins a conversation of its own", () =>
    Effect.gen(function* () {
      const model = repeating()
      const Chain = Workflow.make("Chain", { input: Schema.Array(Schema.String), success: Schema.Array(Schema.String) })
      const ChainLive = Chain.toLayer(
        Effect.fn("Chain")(
          function* (before) {
            const chat = yield* Chat.fromPrompt(`run ${before.length}`)
            for (const word of ["one", "two"]) yield* chat.generateText({ prompt: word })
            const texts = [...before, (yield* Ref.get(chat.history)).content.map(shown).join(", ")]
            return texts.length === 3 ? texts : Chain.continueAsNew(texts)
          },
          Effect.provide(Writer.model),
          Effect.orDie
        )
      )
      const Test = ChainLive.pipe(
        Layer.provide(Writer.toLayer()),
        Layer.provide(model.layer),
        Layer.provideMerge(TestWorkflows.layer)
      )
      const said = (run: number) =>
        `user: run ${run}, user: one, assistant: you said user: one, user: two, assistant: you said user: two`
      assert.deepStrictEqual(yield* Effect.provide(Chain.execute([]), Test), [said(0), said(1), said(2)])
      assert.strictEqual(model.asked.length, 6)
    })
  )

  it.effect("25. an attempt waits for a store that is away, and then asks what it would have asked", () =>
    Effect.gen(function* () {
      const model = repeating()
      let away = 3
      const Away = Layer.effect(
        Executions.Executions,
        Effect.map(Executions.Executions, (executions) => ({
          ...executions,
          history: (...given: Parameters<typeof executions.history>) =>
            Effect.suspend(() => (away-- > 0 ? Effect.fail(unavailable) : executions.history(...given)))
        }))
      )
      const Test = TalkLive.pipe(
        Layer.provide(Writer.toLayer().pipe(Layer.provide(Away))),
        Layer.provide(model.layer),
        Layer.provideMerge(TestWorkflows.layer)
      )
      yield* Effect.gen(function* () {
        const talk = yield* Talk.start(2, { workflowId: "talk" })
        yield* TestWorkflows.pass("10 seconds")
        assert.strictEqual((yield* talk.result).length, 2)
        assert.strictEqual(away, -1)
        assert.deepStrictEqual(
          model.asked.map(({ prompt }) => prompt.content.length),
          [2, 4]
        )
      }).pipe(Effect.provide(Test))
    })
  )

  it.effect("25. each message is recorded once, so a history grows as its conversation does", () =>
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

/** Runs a program with a scripted model for an hour. */
const ran = <A>(
  program: Effect.Effect<A, AiError.AiError, LanguageModel.LanguageModel>,
  success: Schema.Codec<A, unknown>,
  model: ReturnType<typeof scripted>,
  writer = Writer
) => {
  const Once = Workflow.make("Once", { success, error: AiError.AiError })
  const Test = Once.toLayer(() => Effect.provide(program, writer.model)).pipe(
    Layer.provide(writer.toLayer()),
    Layer.provide(model.layer),
    Layer.provideMerge(TestWorkflows.layer)
  )
  return Effect.gen(function* () {
    const once = yield* Once.start(undefined, { workflowId: "once" })
    yield* TestWorkflows.pass("1 hour")
    const history = yield* historyOf("once")
    return { exit: yield* Effect.exit(once.result), history, asked: model.asked }
  }).pipe(Effect.provide(Test))
}

const generated = Effect.map(LanguageModel.generateText({ prompt: "hello" }), ({ text }) => text)

const failing = (reason: AiError.AiErrorReason) => AiError.make({ module: "Provider", method: "generateText", reason })

/** A model that fails so often, and then answers. */
const failingFor = (times: number, reason: AiError.AiErrorReason) =>
  scripted((_, index) => (index < times ? Effect.fail(failing(reason)) : Effect.succeed([text("hello"), finish(1, 1)])))

/** How long the pauses between the attempts of the first call were, in milliseconds. */
const pausesIn = (history: ReadonlyArray<HistoryEvent.HistoryEvent>) =>
  history.flatMap((event) => (event._tag === "ActivityAttemptFailed" ? [event.retryAt - event.at] : []))

const failureOf = <A>(exit: Exit.Exit<A, unknown>): AiError.AiErrorReason => {
  assert.isTrue(Exit.isFailure(exit))
  const error = Exit.isFailure(exit) ? Option.getOrUndefined(Cause.findErrorOption(exit.cause)) : undefined
  assert.instanceOf(error, AiError.AiError)
  return (error as AiError.AiError).reason
}

describe("a model that fails", () => {
  it.effect("is asked again when it wants to be, where its pause is longer than that of the policy", () =>
    Effect.gen(function* () {
      const limit = new AiError.RateLimitError({ retryAfter: Duration.minutes(7) })
      const { asked, exit, history } = yield* ran(generated, Schema.String, failingFor(2, limit))
      assert.deepStrictEqual(exit, Exit.succeed("hello"))
      assert.strictEqual(asked.length, 3)
      assert.deepStrictEqual(pausesIn(history), [420_000, 420_000])
    })
  )

  it.effect("and asks for a pause of more than a day is not waited for, and one that makes no sense is none", () =>
    Effect.gen(function* () {
      for (const retryAfter of [Duration.hours(25), Duration.seconds(1e12), Duration.infinity]) {
        const limit = new AiError.RateLimitError({ retryAfter })
        const { asked, exit } = yield* ran(generated, Schema.String, failingFor(9, limit))
        const reason = failureOf(exit)
        assert.instanceOf(reason, AiError.RateLimitError)
        assert.deepStrictEqual(reason.retryAfter, retryAfter)
        assert.strictEqual(asked.length, 1)
      }
      for (const retryAfter of [Duration.seconds(-5), Duration.millis(Number.NaN), Duration.millis(1)]) {
        const { asked, exit } = yield* ran(
          generated,
          Schema.String,
          failingFor(1, new AiError.RateLimitError({ retryAfter }))
        )
        assert.deepStrictEqual(exit, Exit.succeed("hello"))
        assert.strictEqual(asked.length, 2)
      }
    })
  )

  it.effect("with what cannot be recorded is an error in words, and ends no workflow by itself", () =>
    Effect.gen(function* () {
      const beyond = new AiError.RateLimitError({ retryAfter: Duration.millis(1e300) })
      const limited = failureOf((yield* ran(generated, Schema.String, failingFor(9, beyond))).exit)
      assert.strictEqual(limited._tag, "InternalProviderError")
      assert.include(limited.message, "Rate limit exceeded")
    })
  )

  it.effect("is asked five times, with pauses that grow, where it names none", () =>
    Effect.gen(function* () {
      const busy = new AiError.InternalProviderError({ description: "overloaded" })
      const { asked, exit, history } = yield* ran(generated, Schema.String, failingFor(9, busy))
      assert.strictEqual(failureOf(exit)._tag, "InternalProviderError")
      assert.strictEqual(asked.length, 5)
      const seconds = pausesIn(history).map((pause) => pause / 1000)
      assert.strictEqual(seconds.length, 4)
      seconds.forEach((pause, index) => assert.approximately(pause, 2 ** index, 0.21 * 2 ** index))
    })
  )

  it.effect(
    "is asked once where trying again does not help, and its error is the program's, without the exchange",
    () =>
      Effect.gen(function* () {
        const denied = new AiError.AuthenticationError({
          kind: "InvalidKey",
          http: { response: { status: 401, headers: { authorization: Redacted.make("a secret") } }, body: "a secret" }
        })
        const { asked, exit, history } = yield* ran(generated, Schema.String, failingFor(9, denied))
        const reason = failureOf(exit)
        assert.instanceOf(reason, AiError.AuthenticationError)
        assert.strictEqual(reason.message, denied.message)
        assert.strictEqual(asked.length, 1)
        assert.notInclude(JSON.stringify(history), "a secret")
      })
  )

  it.effect("because of the network is asked again, and its error has no cause, which may have what was sent", () =>
    Effect.gen(function* () {
      const lost = new AiError.NetworkError({
        reason: "TransportError",
        method: "POST",
        url: "https://provider.example/v1?key=a secret",
        cause: new Error("authorization: a secret")
      })
      const { asked, exit, history } = yield* ran(generated, Schema.String, failingFor(9, lost))
      assert.include(failureOf(exit).message, "https://provider.example/v1")
      assert.strictEqual(asked.length, 5)
      assert.notInclude(JSON.stringify(history), "a secret")
    })
  )

  it.effect("and says nothing within its timeout is one that fails inside", () =>
    Effect.gen(function* () {
      const Slow = LLMActivity.make("Writer", { timeout: "1 minute" })
      const { asked, exit } = yield* ran(
        generated,
        Schema.String,
        scripted(() => Effect.never),
        Slow
      )
      const reason = failureOf(exit)
      assert.instanceOf(reason, AiError.InternalProviderError)
      assert.include(reason.message, "Writer had no answer within 1m")
      assert.strictEqual(asked.length, 5)
    })
  )

  it.effect("and goes on to call tools that there are not is told so three times", () =>
    Effect.gen(function* () {
      const model = scripted(() => Effect.succeed([toolCall("1", "Oracle", {}), finish(1, 1, "tool-calls")]))
      const { asked, exit } = yield* ran(generated, Schema.String, model)
      assert.strictEqual(failureOf(exit)._tag, "ToolNotFoundError")
      assert.strictEqual(asked.length, 4)
    })
  )
})

/** An object with what JSON has not: a date, an optional field, a check of the program's own. */
const Trip = Schema.Struct({
  city: Schema.String.annotate({ description: "where to" }),
  nights: Schema.Int.check(Schema.isGreaterThan(0)),
  from: Schema.DateTimeUtcFromString,
  note: Schema.optionalKey(Schema.String.check(Schema.makeFilter((note) => note.length < 9)))
})

describe("an answer that is an object", () => {
  const trip = { city: "Rome", nights: 3, from: "2026-05-01T00:00:00.000Z" }
  const planned = Effect.map(LanguageModel.generateObject({ prompt: "a trip", schema: Trip }), ({ value }) => value)
  const answering = (...answers: ReadonlyArray<unknown>) =>
    scripted((_, index) => Effect.succeed([text(JSON.stringify(answers[index])), finish(1, 1)]))

  it.effect("is typed by its schema, and the provider is shown the schema of the program", () =>
    Effect.gen(function* () {
      const { asked, exit } = yield* ran(planned, Trip, answering(trip))
      assert.deepStrictEqual(exit, Exit.succeed(Schema.decodeSync(Trip)(trip)))
      const { responseFormat } = asked[0]!
      assert.isTrue(responseFormat.type === "json")
      if (responseFormat.type !== "json") return
      const schema = responseFormat.schema as typeof Trip
      // Checks of the program's own are no part of a JSON Schema.
      const { toCodecAnthropic } = AnthropicStructuredOutput
      const { toCodecOpenAI } = OpenAiStructuredOutput
      assert.deepStrictEqual(toCodecOpenAI(schema).jsonSchema, toCodecOpenAI(Trip).jsonSchema)
      assert.deepStrictEqual(toCodecAnthropic(schema).jsonSchema, toCodecAnthropic(Trip).jsonSchema)
    })
  )

  it.effect("is asked for again where it is none, since a model may write another one", () =>
    Effect.gen(function* () {
      const { asked, exit } = yield* ran(planned, Trip, answering({ city: "Rome" }, trip))
      assert.deepStrictEqual(exit, Exit.succeed(Schema.decodeSync(Trip)(trip)))
      assert.strictEqual(asked.length, 2)
    })
  )

  it.effect("is refused by the checks of the program's own, with a typed error", () =>
    Effect.gen(function* () {
      const { exit } = yield* ran(planned, Trip, answering({ ...trip, note: "far too long" }))
      assert.strictEqual(failureOf(exit)._tag, "StructuredOutputError")
    })
  )
})

const Weather = Tool.make("Weather", {
  description: "tells the weather",
  parameters: Schema.Struct({ city: Schema.String.check(Schema.isMinLength(2)) }),
  success: Schema.String
}).annotate(Tool.Strict, true)
const Search = Tool.providerDefined({
  id: "provider.search",
  customName: "Search",
  providerName: "web_search",
  args: Schema.Struct({ most: Schema.Int }),
  parameters: Schema.Struct({ query: Schema.String }),
  success: Schema.String
})

describe("what a provider is asked", () => {
  it.effect("has the tools of the program, and those that it runs itself", () =>
    Effect.gen(function* () {
      const toolkit = Toolkit.make(Weather, Search({ most: 3 }))
      const handlers = toolkit.toLayer({ Weather: () => Effect.succeed("rain") } as never)
      const program = LanguageModel.generateText({ prompt: "hello", toolkit, toolChoice: { tool: "Weather" } }).pipe(
        Effect.map(({ text }) => text),
        Effect.provide(handlers)
      )
      const { asked, exit } = yield* ran(
        program,
        Schema.String,
        failingFor(0, new AiError.InternalProviderError({ description: "" }))
      )
      assert.deepStrictEqual(exit, Exit.succeed("hello"))
      const [weather, search] = asked[0]!.tools
      assert.deepStrictEqual(asked[0]!.toolChoice, { tool: "Weather" })
      assert.strictEqual(Tool.getDescription(weather!), "tells the weather")
      assert.isTrue(Tool.getStrictMode(weather!))
      const { toCodecOpenAI: transformer } = OpenAiStructuredOutput
      assert.deepStrictEqual(
        Tool.getJsonSchema(weather!, { transformer }),
        Tool.getJsonSchema(Weather, { transformer })
      )
      assert.isTrue(Tool.isProviderDefined(search))
      if (!Tool.isProviderDefined(search)) return
      const { args, id, name, providerName } = search
      assert.deepStrictEqual(
        { args, id, name, providerName },
        { args: { most: 3 }, id: "provider.search", name: "Search", providerName: "web_search" }
      )
    })
  )

  it.effect("25. is what the program says, where conversations branch, are cut, and go on at once", () =>
    Effect.gen(function* () {
      const said: Array<ReadonlyArray<string>> = []
      const model = scripted(({ prompt }) =>
        Effect.succeed([text(`answer to ${prompt.content.map(shown).join(", ")}`.slice(0, 40)), finish(1, 1)])
      )
      const ask = (prompt: Prompt.Prompt) =>
        Effect.gen(function* () {
          said.push(prompt.content.map(shown))
          const { content } = yield* LanguageModel.generateText({ prompt })
          return Prompt.concat(prompt, Prompt.fromResponseParts(content))
        })
      const program = Effect.gen(function* () {
        const root = yield* ask(
          Prompt.make([
            { role: "system", content: "be brief" },
            { role: "user", content: "one" }
          ])
        )
        const branches = yield* Effect.forEach(["two", "three", "two"], (word) => ask(Prompt.concat(root, word)), {
          concurrency: "unbounded"
        })
        // The middle of one, the end of another, and something new.
        const cut = Prompt.fromMessages([...branches[0]!.content.slice(2), ...branches[1]!.content.slice(-1)])
        yield* ask(Prompt.concat(cut, "four"))
        yield* ask(root)
        return "done"
      })
      said.length = 0
      const { asked, exit } = yield* ran(program, Schema.String, model)
      assert.deepStrictEqual(exit, Exit.succeed("done"))
      const sorted = (all: ReadonlyArray<ReadonlyArray<string>>) => all.map((each) => each.join("\n")).toSorted()
      assert.strictEqual(asked.length, 6)
      assert.deepStrictEqual(sorted(asked.map(({ prompt }) => prompt.content.map(shown))), sorted(said))
    })
  )

  it.effect("records each message, tool and schema once", () =>
    Effect.gen(function* () {
      const long = "x".repeat(1000)
      const toolkit = Toolkit.make(Weather)
      const program = Effect.gen(function* () {
        for (const word of ["one", "two", "three"]) {
          const prompt = Prompt.make([
            { role: "user", content: word },
            { role: "user", content: long }
          ])
          yield* LanguageModel.generateText({ prompt, toolkit })
        }
        return "done"
      }).pipe(Effect.provide(toolkit.toLayer({ Weather: () => Effect.succeed("rain") })))
      const { asked, history } = yield* ran(
        program,
        Schema.String,
        failingFor(0, new AiError.InternalProviderError({ description: "" }))
      )
      assert.deepStrictEqual(
        asked.map(({ prompt, tools }) => [prompt.content.map(shown), tools.length]),
        ["one", "two", "three"].map((word) => [[`user: ${word}`, `user: ${long}`], 1])
      )
      assert.strictEqual(JSON.stringify(history).split(long).length - 1, 1)
      assert.strictEqual(JSON.stringify(history).split("tells the weather").length - 1, 1)
    })
  )

  it.effect("is streamed to the program when the whole answer is there", () =>
    Effect.gen(function* () {
      const model = scripted(() => Effect.succeed([{ type: "reasoning", text: "well" }, text("hello"), finish(3, 4)]))
      const program = LanguageModel.streamText({ prompt: "hello" }).pipe(
        Stream.map((part) => ("delta" in part ? `${part.type} ${part.delta}` : part.type)),
        Stream.runCollect
      )
      const { exit } = yield* ran(program, Schema.Array(Schema.String), model)
      const types = [
        "reasoning-start",
        "reasoning-delta well",
        "reasoning-end",
        "text-start",
        "text-delta hello",
        "text-end"
      ]
      assert.deepStrictEqual(exit, Exit.succeed([...types, "finish"]))
    })
  )
})
