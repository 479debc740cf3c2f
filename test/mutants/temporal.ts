/** Bugs of Temporal. */
import type { Mutant } from "./Mutant.ts"

const temporalCodec = "test/Executor/temporalCodec.test.ts"
const temporalHostile = "test/Executor/temporalHostile.server.test.ts"
const temporalPortable = "test/Executor/temporalPortable.server.test.ts"
const temporalReading = "test/Executor/temporalReading.server.test.ts"
const temporalSecrets = "test/Executor/temporalSecrets.server.test.ts"
const temporalWords = "test/Executor/temporalWords.test.ts"

export const temporal: ReadonlyArray<Mutant> = [
  {
    file: "src/internal/temporal/visibility.ts",
    bug: "asks for nothing but failures where an execution timed out",
    find: 'timedOut: ["TimedOut", "Failed"]',
    replace: 'timedOut: ["TimedOut"]',
    test: temporalWords,
    title: "are queries of visibility"
  },
  {
    file: "src/internal/temporal/visibility.ts",
    bug: "looks for texts that Temporal never finds",
    find: "if (!valuesOf(condition).every(canBeFound)) {",
    replace: "if (valuesOf(condition).length < 0) {",
    test: temporalWords,
    title: "that Temporal cannot answer are refused"
  },
  {
    file: "src/internal/temporal/failures.ts",
    bug: "repeats at once what is to wait for nothing",
    find: "nextRetryDelay: Math.max(1, pause)",
    replace: "nextRetryDelay: pause",
    test: temporalWords,
    title: "carry an end, and are shown by the tag of its error"
  },
  {
    file: "src/internal/temporal/failures.ts",
    bug: "takes the timeout of one attempt for that of all",
    find: 'cause.timeoutType === "SCHEDULE_TO_CLOSE" ? timeouts.total : timeouts.attempt',
    replace: "timeouts.attempt",
    test: temporalWords,
    title: "of Temporal's own are timeouts and defects"
  },
  {
    file: "src/internal/temporal/failed.ts",
    bug: "forgets how many failures it has forgotten",
    find: "const forgotten = countOf(failed) + 1 - failures.length",
    replace: "const forgotten = failed.failures.length + 1 - failures.length",
    test: temporalWords,
    title: "has all failures, though of the oldest ones but the first only the number"
  },
  {
    file: "src/internal/temporal/failed.ts",
    bug: "keeps errors however large they are",
    find: "if (room < 0) break",
    replace: "",
    test: temporalWords,
    title: "does not grow with the errors"
  },
  {
    file: "src/Executor/temporal/worker/Policies.ts",
    bug: "begins each policy anew at each failure",
    find: "if (Option.isSome(pause)) this.keep(",
    replace: "if (Option.isNone(pause)) this.keep(",
    test: temporalWords,
    title: "is what policies follow from, by one step for each failure in a worker that has them"
  },
  {
    file: "src/Executor/temporal/worker/Observed.ts",
    bug: "tells hooks again what a repeated task does",
    find: "const isKnown = this.known.delete(key)",
    replace: "const isKnown = this.known.delete(key) && false",
    test: temporalWords,
    title: "it tells once, however often Temporal repeats the end of its history"
  },
  {
    file: "src/internal/temporal/versions.ts",
    bug: "counts the events of each run from 1",
    find: "(before ?? 0) * perRun + ",
    replace: "",
    test: temporalWords,
    title: "differ over the runs of a chain, and grow"
  },
  {
    file: "src/internal/temporal/failures.ts",
    bug: "takes a task that came too late for one whose program is wrong",
    find: "tooLate.has(cause ?? 0) ? undefined : problemOf(",
    replace: "problemOf(",
    test: temporalWords,
    title: "of tasks are problems"
  },
  {
    file: "src/Executor/temporal/sandbox/Outbox.ts",
    bug: "sends all messages to one execution at once",
    find: "if (line !== undefined) return void line.push(outgoing)",
    replace: "if (line !== undefined) line.push(outgoing)",
    test: temporalWords,
    title: "the messages to one execution leave one after the other"
  },
  {
    file: "src/Executor/temporal/sandbox/Callers.ts",
    bug: "answers a caller when its update is accepted",
    find: 'exit !== undefined || (accepted && wait === "accepted")',
    replace: "exit !== undefined || accepted",
    test: temporalWords,
    title: "callers hear what they wait for, also of what has been"
  },
  {
    file: "src/internal/temporal/wire.ts",
    bug: "takes a value for a call that was left open",
    find: "isLeftOpen(value) || isEscaped(value) ?",
    replace: "isEscaped(value) ?",
    test: temporalWords,
    title: "that read like answers of another kind come out as they went in"
  },
  {
    file: "src/internal/temporal/wire.ts",
    bug: "unwraps a value that was not wrapped",
    find: "isLeftOpen(value) || isEscaped(value) ?",
    replace: "isLeftOpen(value) ?",
    test: temporalWords,
    title: "that read like answers of another kind come out as they went in"
  },
  {
    file: "src/internal/temporal/order.ts",
    bug: "tells of what comes in a task as it came",
    find: "updates.has(each.eventId) && isDelivered(each.event)",
    replace: "false",
    test: temporalWords,
    title: "is that of tasks, signals and updates first, at the time when the task began"
  },
  {
    file: "src/Executor/temporal/sandbox/Outside.ts",
    bug: "refuses a result that is there before the handler has left",
    find: 'if (issued?._tag !== "ActivityScheduled" ||',
    replace: 'if (left === undefined || issued?._tag !== "ActivityScheduled" ||',
    test: temporalPortable,
    title: "20. a result that comes before the handler has left counts, and interrupts it"
  },
  {
    file: "src/Executor/temporal/sandbox/Execution.ts",
    bug: "lets the handler of a call run on that a caller outside has ended",
    find: "this.settle(seq, event)\n    scope?.cancel()",
    replace: "void scope\n    this.settle(seq, event)",
    test: temporalPortable,
    title: "20. a result that comes before the handler has left counts, and interrupts it"
  },
  {
    file: "src/Executor/temporal/sandbox/Outside.ts",
    bug: "takes an error of an attempt that is over",
    find: "early.find(({ request }) => request.attempt === attempt)",
    replace: "attempt === undefined ? undefined : early[0]",
    test: temporalPortable,
    title:
      "20. an error from outside ends an attempt, and the policy says what follows, also before the handler has left"
  },
  {
    file: "src/internal/temporal/history.ts",
    bug: "does not tell the result from outside",
    find: 'if (exit._tag === "Fail" || this.completedCalls.has(seq)) return []',
    replace: "if (this.completedCalls.has(seq) || exit !== undefined) return []",
    test: temporalReading,
    title: "1. what a caller outside has ended is told with its result"
  },
  {
    file: "src/internal/temporal/history.ts",
    bug: "tells that a program has given up a call which a caller outside has ended",
    find: " || this.completedCalls.has(call.seq)",
    replace: "",
    test: temporalReading,
    title: "1. what a caller outside has ended is told with its result"
  },
  {
    file: "src/Executor/temporal/client/earlierAnswers.ts",
    bug: "does not find the answer of an earlier run",
    find: "if (reply?.exit !== undefined) return reply",
    replace: "",
    test: temporalPortable,
    title: "19. an update of an earlier run is answered again as it was, also after the end"
  },
  {
    file: "src/internal/temporal/sealing.ts",
    bug: "lets a worker take a payload of another place",
    find: "  return (text) => text === place",
    replace: "  return (text) => text !== place || text === place",
    test: temporalCodec,
    title: "is refused in another execution, in another call"
  },
  {
    file: "src/internal/temporal/sealing.ts",
    bug: "lets a caller take a payload of another execution",
    find: "text.startsWith(`${ofExecution.slice(0, -1)},`)",
    replace: "text.startsWith(ofExecution.slice(0, 1))",
    test: temporalCodec,
    title: "is read in an answer by the execution that the answer names"
  },
  {
    file: "src/internal/temporal/sealing.ts",
    bug: "takes a payload that is not encrypted",
    find: "if (codec.readPlain) return payload",
    replace: "if (codec.readPlain || sealedEncoding !== undefined) return payload",
    test: temporalCodec,
    title: "without encryption is refused, unless that is allowed"
  },
  {
    file: "src/internal/temporal/sealing.ts",
    bug: "does not authenticate the place of a payload",
    find: "const content = codec.open(payload.data ?? new Uint8Array(), text)",
    replace: "const content = codec.open(payload.data ?? new Uint8Array(), '[\"one\"]')",
    test: temporalCodec,
    title: "is refused when what it says of its place was changed"
  },
  {
    file: "src/internal/temporal/sealing.ts",
    bug: "leaves the reasons of terminations readable",
    find: 'method === "terminateWorkflowExecution"',
    replace: 'method === "terminate"',
    test: temporalSecrets,
    title: "are nowhere on it with one"
  },
  {
    file: "src/Executor/temporal/worker/bundling.ts",
    bug: "leaves the words of failures of programs readable",
    find: "globalThis.${encodesFailures}=true;",
    replace: "globalThis.${encodesFailures}s=true;",
    test: temporalSecrets,
    title: "are nowhere on it with one"
  },
  {
    file: "src/Executor/temporal/client/updating.ts",
    bug: "puts a digest of the input of an update into its id",
    find: "codec?.digest(text) ?? digest(text).toString(36)",
    replace: "digest(text).toString(36)",
    test: temporalSecrets,
    title: "are nowhere on it with one"
  },
  {
    file: "src/internal/temporal/connecting.ts",
    bug: "makes search attributes of secret ones",
    find: "kind === undefined || codec?.secretAttributes.has(name) ? []",
    replace: "kind === undefined ? []",
    test: temporalSecrets,
    title: "are nowhere on it with one"
  },
  {
    file: "src/Executor/temporal/client/telling.ts",
    bug: "gives a signal up whose run has continued as new",
    find: "NotFound: () => attempt(races),",
    replace: "NotFound: () => Effect.fail(new NotFound()),",
    test: temporalPortable,
    title: "19. an update of an earlier run is answered again as it was, also after the end"
  },
  {
    file: "src/Executor/temporal/sandbox/CommandScope.ts",
    bug: "cancels a command without a word to Temporal",
    find: "this.requested?.reject(new CancelledFailure(",
    replace: "void (this.requested, new CancelledFailure(",
    test: temporalPortable,
    title: "20. a result that comes before the handler has left counts, and interrupts it"
  },
  {
    file: "src/Executor/temporal/sandbox/logger.ts",
    bug: "lets a program ask for ids that Temporal does not take",
    find: "Context.add(Rules, { id: invalidId, name: invalidName })",
    replace: "Context.add(Rules, { id: () => undefined, name: invalidName })",
    test: temporalHostile,
    title: "an id is refused in a program"
  },
  {
    file: "src/Executor/temporal/sandbox/logger.ts",
    bug: "lets a program send a signal with a name that Temporal does not take",
    find: "name: invalidName }",
    replace: "name: () => undefined }",
    test: temporalHostile,
    title: "a name is refused in a program"
  },
  {
    file: "src/internal/temporal/failures.ts",
    bug: "gives Temporal halves of characters, which end its worker",
    find: "message: message.toWellFormed(),",
    replace: "message,",
    test: temporalHostile,
    title: "a text with half of a character"
  },
  {
    file: "src/Executor/temporal/client/telling.ts",
    bug: "sends halves of characters, which the server refuses",
    find: "terminate(by, target, message.reason.toWellFormed())",
    replace: "terminate(by, target, message.reason)",
    test: temporalHostile,
    title: "a text with half of a character"
  },
  {
    file: "src/internal/temporal/names.ts",
    bug: "sends names of any length",
    find: "export const isTooLong = (name: string): boolean => exceeds(name, mostIdBytes)",
    replace: "export const isTooLong = (name: string): boolean => exceeds(name, mostIdBytes * 9)",
    test: temporalHostile,
    title: "a name with too many bytes"
  },
  {
    file: "src/Executor/temporal/client/updating.ts",
    bug: "sends ids of updates for which Temporal has no room",
    find: "exceeds(id, mostIdBytes - rest.length)",
    replace: "exceeds(id, mostIdBytes * 2)",
    test: temporalHostile,
    title: "also with the longest id"
  },
  {
    file: "src/Executor/temporal/client/earlierAnswers.ts",
    bug: "takes what a worker cannot answer for an update that it does not know",
    find: "code === invalid ? detail.includes(updateName)",
    replace: "code === invalid ? detail.length > 0",
    test: temporalHostile,
    title: "a worker that cannot replay"
  },
  {
    file: "src/Executor/temporal/worker/programs.ts",
    bug: "takes a module without workflows",
    find: "if (programs.length === 0) {",
    replace: "if (programs.length < 0) {",
    test: temporalHostile,
    title: "a module without a workflow"
  },
  {
    file: "src/Executor/temporal/worker/registering.ts",
    bug: "takes a workflow that its module lacks",
    find: "if (programs?.has(name) !== false) return undefined",
    replace: "if (programs?.has(name) !== null) return undefined",
    test: temporalHostile,
    title: "a module without a workflow"
  },
  {
    file: "src/internal/temporal/view.ts",
    bug: "does not see that no worker takes a task",
    find: "> patience",
    replace: "> patience * 10",
    test: temporalHostile,
    title: "an execution that no worker takes"
  },
  {
    file: "src/internal/temporal/view.ts",
    bug: "takes workers for living as long as Temporal remembers them",
    find: "< silence",
    replace: "< silence * 10",
    test: temporalHostile,
    title: "an execution that no worker takes"
  },
  {
    file: "src/internal/temporal/sealing.ts",
    bug: "takes bytes that are encrypted for a value where there is no codec",
    find: "codec === undefined ? openedIn(withoutKeys, part)",
    replace: "codec === null ? openedIn(withoutKeys, part)",
    test: temporalSecrets,
    title: "takes no bytes for a value"
  },
  {
    file: "src/internal/temporal/Server.ts",
    bug: "takes an encrypted answer for a server that does not answer",
    find: "detail.includes(sealedEncoding)",
    replace: "detail === sealedEncoding",
    test: temporalSecrets,
    title: "takes no bytes for a value"
  },
  {
    file: "src/Executor/temporal/client/querying.ts",
    bug: "calls a server broken whose execution never ran",
    find: 'reason._tag === "StoreFailed" && neverRan.test(reason.detail)',
    replace: 'reason._tag === "StoreUnavailable" && neverRan.test(reason.detail)',
    test: temporalHostile,
    title: "ended before a worker took it"
  },
  {
    file: "src/Executor/temporal/sandbox/handlers.ts",
    bug: "lets the server forget a task that the worker remembers, and a signal after it",
    find: "return () => continuedFromExecutionRunId === undefined || workflowInfo().historyLength > begun",
    replace: "return () => begun > 0 || continuedFromExecutionRunId === undefined",
    test: temporalPortable,
    title: "17. a run that has begun with an update of the run before goes on with its signals"
  },
  {
    file: "src/internal/temporal/history.ts",
    bug: "shows updates that were rejected",
    find: "if (this.rejected.has(Number(event.eventId))) return []\n",
    replace: "\n",
    test: temporalPortable,
    title: "17. a run that has begun with an update of the run before goes on with its signals"
  },
  {
    file: "src/Executor/temporal/sandbox/handlers.ts",
    bug: "rejects the end of a call in a task that the server forgets",
    find: "validator: (request) => (isRejecting() ? execution.outside.validate(request) : undefined)",
    replace: "validator: (request) => execution.outside.validate(request)",
    test: temporalPortable,
    title: "20. a result for a call of the run before is refused, and the run goes on with its signals"
  }
]
