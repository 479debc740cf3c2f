/** Bugs of agents. */
import type { Mutant } from "./Mutant.ts"

const humans = "test/ai/humanActivity.test.ts"
const models = "test/ai/llmActivity.test.ts"
const tools = "test/ai/toolActivity.test.ts"

export const ai: ReadonlyArray<Mutant> = [
  {
    file: "src/ai/ApprovalRequest.ts",
    bug: "takes an answer by the contract of another decision",
    find: " || name !== request.name",
    replace: "",
    test: humans,
    title: "takes the first answer that is right, and tells each other one why it is none"
  },
  {
    file: "src/ai/Desk.ts",
    bug: "lets a program wait for what it has withdrawn",
    find: 'state === "Withdrawn" ? Effect.andThen(Deferred.fail(entry.taken, withdrawn), publish) : publish',
    replace: "Effect.as(Effect.succeed(withdrawn), undefined).pipe(Effect.andThen(publish))",
    test: humans,
    title: "stays open when the program goes on waiting"
  },
  {
    file: "src/ai/answering.ts",
    bug: "has a workflow die of an answer that cannot be recorded",
    find: "recordable(withOwnIds(messages, answer))",
    replace: "Effect.sync(() => (void recordable, withOwnIds(messages, answer)))",
    test: tools,
    title: "an answer that cannot be recorded is asked for again"
  },
  {
    file: "src/ai/Approvals.ts",
    bug: "says that nobody is asked where it cannot read what",
    find: "unreadable: isOver(error) ? [] :",
    replace: "unreadable: error !== undefined ? [] :",
    test: humans,
    title: "that is too large to be recorded is told as unreadable"
  },
  {
    file: "src/ai/HumanActivity.ts",
    bug: "asks nobody, for ever",
    find: "const fault = nobody ?? ",
    replace: "void nobody\n  const fault = ",
    test: humans,
    title: "says that it waits for an answer, and that it needs somebody to ask and somebody who answers"
  },
  {
    file: "src/ai/Approvals.ts",
    bug: "takes the answer of nobody",
    find: 'if (by === "") return',
    replace: 'if (by === "nobody") return',
    test: humans,
    title: "says that it waits for an answer, and that it needs somebody to ask and somebody who answers"
  },
  {
    file: "src/ai/Transcript.ts",
    bug: "records a conversation anew with each call",
    find: "const next = node.next.get(textOf(messages[index]!))",
    replace: "const next = undefined as Node | undefined",
    test: models,
    title: "each message is recorded once, so a history grows as its conversation does"
  },
  {
    file: "src/ai/Transcript.ts",
    bug: "does not know a message that was said elsewhere",
    find: "this.places.get(textOf(message)) ?? message",
    replace: "message",
    test: models,
    title: "records each message, tool and schema once"
  },
  {
    file: "src/ai/Transcript.ts",
    bug: "goes on from a message too early",
    find: "own.slice(0, after.message + 1)",
    replace: "own.slice(0, after.message)",
    test: models,
    title: "a chat in a program is answered by the model of the layer, with its usage"
  },
  {
    file: "src/ai/programModel.ts",
    bug: "records the tools with each call",
    find: "setup: same === undefined ? setup : { call: same }",
    replace: "setup",
    test: models,
    title: "records each message, tool and schema once"
  },
  {
    file: "src/ai/programModel.ts",
    bug: "lets a model call tools for ever that there are not",
    find: "correction === mostCorrections",
    replace: "correction === 100",
    test: models,
    title: "and goes on to call tools that there are not is told so three times"
  },
  {
    file: "src/ai/answering.ts",
    bug: "records what a provider sent beside its error",
    find: "http: undefined, cause: undefined",
    replace: "",
    test: models,
    title: "is asked once where trying again does not help"
  },
  {
    file: "src/ai/LLMActivity.ts",
    bug: "tries again what trying again does not mend",
    find: "(!error.isRetryable || isTooLong(error.retryAfter))",
    replace: "isTooLong(error.retryAfter)",
    test: models,
    title: "is asked once where trying again does not help"
  },
  {
    file: "src/ai/LLMActivity.ts",
    bug: "does not wait for as long as the provider asks",
    find: 'retryAfter: (error) => (error._tag === "AiError" ? error.retryAfter : undefined)',
    replace: "retryAfter: () => undefined",
    test: models,
    title: "is asked again when it wants to be"
  },
  {
    file: "src/ai/Setup.ts",
    bug: "fails on checks of the program's own",
    find: "value.filter(isRepresented)",
    replace: "value",
    test: models,
    title: "is typed by its schema"
  },
  {
    file: "src/ai/Setup.ts",
    bug: "forgets that a tool is strict",
    find: "strict === undefined ? revived :",
    replace: "strict !== undefined ? revived :",
    test: models,
    title: "has the tools of the program, and those that it runs itself"
  },
  {
    file: "src/ai/toolkits.ts",
    bug: "fails a call of the model when a tool is called with wrong arguments",
    find: 'Effect.catch((error) => Effect.succeed(resultOf(error, "parameters")))',
    replace: "Effect.map((stream) => stream)",
    test: tools,
    title: "arguments that do not fit are told to the model"
  },
  {
    file: "src/ai/ToolActivity.ts",
    bug: "tries again what a tool has said no to",
    find: "nonRetryable: (error) => !isTimedOut(error)",
    replace: "nonRetryable: () => false",
    test: tools,
    title: "what a tool fails with is told to the model, and is tried once"
  },
  {
    file: "src/ai/checked.ts",
    bug: "calls a tool with arguments that do not fit its JSON Schema",
    find: "if (decode === undefined) return call\n",
    replace: "if (decode !== undefined) return call\n",
    test: tools,
    title: "is called by one activity, with arguments that fit its JSON Schema"
  },
  {
    file: "src/ai/ApprovalRequest.ts",
    bug: "takes the answer of a person who may not",
    find: "if (request.who !== undefined && ![by, ...groups]",
    replace: "if (request.who === undefined && ![by, ...groups]",
    test: humans,
    title: "takes the first answer that is right"
  },
  {
    file: "src/ai/ApprovalRequest.ts",
    bug: "takes an answer to something else",
    find: "if (digest !== request.digest || ",
    replace: "if (",
    test: humans,
    title: "takes the first answer that is right"
  },
  {
    file: "src/ai/ApprovalRequest.ts",
    bug: "takes a second answer",
    find: 'if (state !== "open") return state',
    replace: "",
    test: humans,
    title: "is listed without a worker, is answered by a process without the program"
  },
  {
    file: "src/ai/ApprovalRequest.ts",
    bug: "takes a late answer",
    find: "now >= request.expiresAt",
    replace: "now < 0",
    test: humans,
    title: "takes an answer in time, and no later one"
  },
  {
    file: "src/ai/HumanActivity.ts",
    bug: "tells a person that the execution is over, whose answer has ended it",
    find: "    yield* Effect.yieldNow\n",
    replace: "",
    test: humans,
    title: "stays open when the program goes on waiting"
  },
  {
    file: "src/ai/HumanActivity.ts",
    bug: "leaves a request open whose call was interrupted",
    find: "Effect.onInterrupt(answer, () => withdraw)",
    replace: "answer",
    test: humans,
    title: "is withdrawn when the call that asks is interrupted"
  },
  {
    file: "src/ai/Approvals.ts",
    bug: "lists what anybody may see",
    find: "(who === undefined || request.who === undefined ||",
    replace: "(true ||",
    test: humans,
    title: "is found by workflow, name and who may answer"
  },
  {
    file: "src/ai/requests.ts",
    bug: "cannot list requests that are too large to be published",
    find: "recorded.has(one.id)",
    replace: 'recorded.has("")',
    test: humans,
    title: "that is large, or is one of many"
  },
  {
    file: "src/ai/requests.ts",
    bug: "does not ask a program for what it could not publish",
    find: ": yield* Requests.ask(workflowId)",
    replace: ": yield* Effect.as(Requests.ask(workflowId), [])",
    test: humans,
    title: "that is too large to be recorded"
  },
  {
    file: "src/ai/requests.ts",
    bug: "sends an answer of which it knows that it is refused",
    find: "if (reason === undefined) return undefined",
    replace: "if (now > 0) return undefined",
    test: humans,
    title: "a wrong answer of another process is refused with its reason"
  },
  {
    file: "src/ai/requests.ts",
    bug: "refuses an answer whose outcome was not heard",
    find: "event.id === updateId",
    replace: "event.id === `${updateId} `",
    test: humans,
    title: "a wrong answer of another process is refused with its reason"
  },
  {
    file: "src/ai/Desk.ts",
    bug: "publishes requests whole that leave no room for others",
    find: "bytesOf([...whole, request]) <= bytesPublished ||",
    replace: "bytesOf([...whole, request]) >= 0 ||",
    test: humans,
    title: "that is large, or is one of many"
  },
  {
    file: "src/ai/answering.ts",
    bug: "ends a call for good because the store is away",
    find: 'reason._tag === "StoreUnavailable", schedule',
    replace: "reason._tag === undefined, schedule",
    test: models,
    title: "an attempt waits for a store that is away"
  },
  {
    file: "src/ai/callIds.ts",
    bug: "takes a call for an earlier one of the same id",
    find: "const free = taken.has(id) ? next(id, taken, counts) : id",
    replace: "void next\n    const free = id",
    test: tools,
    title: "under an id that a provider gives again"
  },
  {
    file: "src/ai/LLMActivity.ts",
    bug: "waits for a provider for longer than people live",
    find: "(!error.isRetryable || isTooLong(error.retryAfter))",
    replace: "(!error.isRetryable || (isTooLong(error.retryAfter) && false))",
    test: models,
    title: "and asks for a pause of more than a day is not waited for"
  },
  {
    file: "src/ai/answering.ts",
    bug: "has a workflow die of an error that cannot be recorded",
    find: "if (Result.isSuccess(failures.encode(error))) return error",
    replace: "if (error !== undefined) return error",
    test: models,
    title: "with what cannot be recorded is an error in words"
  },
  {
    file: "src/ai/answering.ts",
    bug: "records the key that an address has",
    find: 'reason.url.replace(/[?#].*$/s, "")',
    replace: "reason.url",
    test: models,
    title: "because of the network is asked again"
  },
  {
    file: "src/ai/checked.ts",
    bug: "has a workflow die of a schema that refers to itself",
    find: "Result.try(() => decode(params)),",
    replace: "Result.succeed(decode(params)),",
    test: tools,
    title: "is called by one activity, with arguments that fit its JSON Schema"
  },
  {
    file: "src/ai/ToolActivity.ts",
    bug: "asks a person about nothing",
    find: "call === undefined\n        ? {",
    replace: "call !== undefined\n        ? {",
    test: tools,
    title: "a request for the approval of a call that there is not"
  },
  {
    file: "src/ai/tooLarge.ts",
    bug: "has a workflow die of a result that is too large",
    find: 'defect.name === "PayloadTooLarge"',
    replace: 'defect.name === "Payload"',
    test: tools,
    title: "a result that no commit can hold is told to the model"
  },
  {
    file: "src/ai/Approvals.ts",
    bug: "dies of what a form has sent",
    find: "if (Result.isFailure(sent)) return",
    replace: "if (Result.isFailure(sent) && id === undefined) return",
    test: humans,
    title: "says that it waits for an answer, and that it needs somebody to ask and somebody who answers"
  },
  {
    file: "src/ai/requests.ts",
    bug: "lets a caller wait twice for a store that is away",
    find: 'error.reason._tag === "StoreUnavailable" ? Effect.fail(error)',
    replace: "error.reason._tag === undefined ? Effect.fail(error)",
    test: humans,
    title: "is not answered while the store is away"
  }
]
