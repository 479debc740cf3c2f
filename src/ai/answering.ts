/**
 * The handler of a language model: makes the whole of a request again from the history of its execution, and asks the model of its layer.
 */
import * as Effect from "effect/Effect"
import * as Result from "effect/Result"
import * as Schedule from "effect/Schedule"
import type * as Schema from "effect/Schema"
import * as AiError from "effect/ai/AiError"
import * as LanguageModel from "effect/ai/LanguageModel"
import * as Prompt from "effect/ai/Prompt"
import * as Response from "effect/ai/Response"
import { ActivityContext } from "../ActivityContext.ts"
import { Executions } from "../Executor/Executions.ts"
import type { HistoryEvent } from "../HistoryEvent.ts"
import { jsonCodec } from "../internal/schema.ts"
import { withOwnIds } from "./callIds.ts"
import { callsIn } from "./callsIn.ts"
import { Answer, messagesIn, Request } from "./Request.ts"
import { choiceOf, revivedSchema, type Setup, toolkitOf } from "./Setup.ts"
import { messagesOf, type Turn } from "./Transcript.ts"

/** Answers a request of the activity of this name. */
export const answer = Effect.fnUntraced(function* (
  activity: string,
  request: Request
): Effect.fn.Return<Answer, AiError.AiError, LanguageModel.LanguageModel | Executions | ActivityContext> {
  const model = yield* LanguageModel.LanguageModel
  const { messages, setup } = yield* whole(activity, request)
  const answered = Effect.flatMap(generate(model, messages, setup), (answer) =>
    recordable(withOwnIds(messages, answer))
  )
  return yield* Effect.mapError(answered, (error) => recordableError(withoutExchange(error)))
})

// internal

/** A request whose parts are all there. */
interface Whole {
  readonly messages: ReadonlyArray<Prompt.Message>
  readonly setup: Setup
}

const whole = Effect.fnUntraced(function* (activity: string, { call, prompt, setup }: Request) {
  const { setups, turns } = isWhole({ prompt, setup }) ? nothing : yield* recorded(activity)
  const found = "call" in setup ? setups.get(setup.call) : setup
  if (found === undefined) return yield* Effect.die(new Error(`the history of the run has no setup of call ${call}`))
  return { messages: messagesOf(prompt, turns), setup: found } satisfies Whole
})

const isWhole = ({ prompt, setup }: Pick<Request, "prompt" | "setup">): boolean =>
  !("call" in setup) && prompt.after === undefined && prompt.messages.every((message) => "role" in message)

/** Of the calls of a run, by their numbers: what was said and answered, and the setups that were not those of earlier calls. */
interface Recorded {
  readonly turns: ReadonlyMap<number, Turn>
  readonly setups: ReadonlyMap<number, Setup>
}

const nothing: Recorded = { turns: new Map(), setups: new Map() }

/** What the run of this attempt has recorded of the activity. */
const recorded = Effect.fnUntraced(function* (activity: string) {
  const executions = yield* Executions
  const { runId, workflowId } = yield* ActivityContext
  const history = yield* executions.history({ workflowId, runId }).pipe(
    // The attempt waits for its store as all do, until it is interrupted.
    Effect.retry({ while: ({ reason }) => reason._tag === "StoreUnavailable", schedule: Schedule.spaced("1 second") }),
    Effect.orDie
  )
  return recordedIn(history, activity)
})

const requests = jsonCodec(Request)
const answers = jsonCodec(Answer)
const failures = jsonCodec(AiError.AiError)

const recordedIn = (history: ReadonlyArray<HistoryEvent>, activity: string): Recorded => {
  const turns = new Map<number, Turn>()
  const setups = new Map<number, Setup>()
  for (const { input, success } of callsIn(history, activity)) {
    const { call, prompt, setup } = Result.getOrThrow(requests.decode(input))
    const answer = success === undefined ? [] : messagesIn(Result.getOrThrow(answers.decode(success)))
    turns.set(call, { said: prompt, answer })
    if (!("call" in setup)) setups.set(call, setup)
  }
  return { turns, setups }
}

const generate = (
  model: LanguageModel.LanguageModel,
  messages: ReadonlyArray<Prompt.Message>,
  setup: Setup
): Effect.Effect<Answer, AiError.AiError> => {
  const options = {
    prompt: Prompt.fromMessages(messages),
    toolkit: toolkitOf(setup),
    toolChoice: choiceOf(setup),
    // The program runs the tools, and says what it thinks of their arguments.
    disableToolCallResolution: true,
    toolCallValidation: "deferred"
  } as const
  const { object } = setup
  if (object === undefined) return Effect.map(model.generateText(options), ({ content }) => withoutResponse(content))
  const schema = revivedSchema(object.schema) as Schema.Codec<unknown, Record<string, unknown>>
  return Effect.map(model.generateObject({ ...options, schema, objectName: object.name }), ({ content, value }) =>
    withObject(withoutResponse(content), JSON.stringify(value))
  )
}

/** An answer that cannot be recorded is one that the model may give better, such as a call of a tool without arguments. */
const recordable = (answer: Answer): Effect.Effect<Answer, AiError.AiError> => {
  const json = answers.encode(answer)
  if (Result.isSuccess(json)) return Effect.succeed(answer)
  const reason = new AiError.InvalidOutputError({ description: json.failure })
  return Effect.fail(AiError.make({ module: "LLMActivity", method: "generateText", reason }))
}

/** Headers of a provider may be secret, and are not recorded. */
const withoutResponse = (content: Answer): Answer =>
  content.map((part) =>
    part.type === "finish" && part.response !== undefined ? { ...part, response: undefined } : part
  )

/** An object as its schema encodes it, where a provider may have asked the model for another form. */
const withObject = (content: Answer, text: string): Answer => [
  ...content.filter(({ type }) => type !== "text" && type !== "finish"),
  Response.makePart("text", { text }),
  ...content.filter(({ type }) => type === "finish")
]

/** The error without the exchange that it came of, its cause and the query of its address, which may have secrets. */
const withoutExchange = ({ method, module, reason }: AiError.AiError): AiError.AiError => {
  const address = "url" in reason && typeof reason.url === "string" ? { url: reason.url.replace(/[?#].*$/s, "") } : {}
  const told = { ...reason, ...address, http: undefined, cause: undefined }
  return AiError.make({ module, method, reason: Reflect.construct(reason.constructor, [told]) })
}

/** An error that cannot be recorded, such as one that asks for a pause beyond all numbers, in its words. */
const recordableError = (error: AiError.AiError): AiError.AiError => {
  if (Result.isSuccess(failures.encode(error))) return error
  const { message, method, module } = error
  const reason = new AiError.InternalProviderError({ description: message })
  return AiError.make({ module, method, reason })
}
