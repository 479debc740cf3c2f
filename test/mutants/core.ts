/** Bugs of what all parts share. */
import type { Mutant } from "./Mutant.ts"

const clocks = "test/Executor/clocks.test.ts"
const codec = "test/codec.test.ts"
const crashed = "test/crash/crashEverywhere.test.ts"
const errors = "test/errors.test.ts"
const evolve = "test/replay/evolve.test.ts"
const onMemory = "test/Executor/Memory.test.ts"
const lasting = "test/layers/lasting.test.ts"
const match = "test/replay/match.test.ts"
const memoryStore = "test/Store/Memory.test.ts"
const mismatch = "test/replay/mismatch.test.ts"
const operations = "test/Executor/operations.test.ts"
const parsing = "test/values/parse.test.ts"
const schedules = "test/replay/messageSchedules.test.ts"
const sqliteExecutor = "test/Executor/Sqlite.test.ts"
const tracing = "test/layers/tracing.test.ts"
const transactionsSqlite = "test/Executor/transactionsSqlite.test.ts"
const turn = "test/replay/turn.test.ts"

export const core: ReadonlyArray<Mutant> = [
  {
    file: "src/internal/monotone.ts",
    bug: "goes back with the wall clock",
    find: "return wall > time && wall <= latest ? wall : time",
    replace: "return wall",
    test: clocks,
    title: "goes on from where it was when the wall clock is set back, as fast as before"
  },
  {
    file: "src/internal/monotone.ts",
    bug: "steps back with the wall clock",
    find: "start = Math.max(start, wall - passed)",
    replace: "start = wall - passed",
    test: clocks,
    title: "goes on from where it was when the wall clock is set back, as fast as before"
  },
  {
    file: "src/internal/monotone.ts",
    bug: "stays behind a clock that is set forward",
    find: "if (Math.abs(wall) <= latest) start = Math.max(start, wall - passed)",
    replace: "if (Math.abs(wall) <= latest && start < 0) start = wall - passed",
    test: clocks,
    title: "goes with the wall clock when that is set forward, and stays there when it is put right again"
  },
  {
    file: "src/internal/core/parse.ts",
    bug: "trusts V8 with the names of fields",
    find: "hasEscapedName(text) ? readRenamed(text) : value",
    replace: "value",
    test: codec,
    title: "a field is read back with its own name, after another one that is named by the escape of it"
  },
  {
    file: "src/internal/core/parse.ts",
    bug: "sees no name before a space",
    find: "  spaces.test(text)\n",
    replace: "",
    test: parsing,
    title: "is read as it is written, with spaces before its colons"
  },
  {
    file: "src/internal/core/parse.ts",
    bug: "takes each quote for the end of a string",
    find: "  while (isEscaped(text, at, place)) at = text.indexOf('\"', at + 1)\n",
    replace: "",
    test: parsing,
    title: "is read as it was written, whatever was read before"
  },
  {
    file: "src/internal/core/attributes.ts",
    bug: "takes any attribute for one",
    find: 'typeof value === "boolean" || (typeof value === "number" && Number.isFinite(value))',
    replace: 'typeof value === "boolean" || true',
    test: memoryStore,
    title: "8. a filter that makes no sense is refused, with what is wrong with it"
  },
  {
    file: "src/internal/core/evolve.ts",
    bug: "leaves the children of what has ended",
    find: 'if (parentClose === "abandon") continue',
    replace: "continue",
    test: onMemory,
    title: "16. a child of a parent that ends is left cancelled by the policy cancel"
  },
  {
    file: "src/internal/core/evolve.ts",
    bug: "does not tell the parent",
    find: "if (parent === undefined) return\n",
    replace: "return\n",
    test: onMemory,
    title: "16. a child is executed, and its success is that of the call"
  },
  {
    file: "src/internal/core/evolve.ts",
    bug: "takes a child that has ended for refused",
    find: "return state.children.get(owed.to)?.address.chain === owed.address.chain ? found",
    replace: 'return found._tag === "Refused" ? found',
    test: onMemory,
    title: "16. a child that has ended and was deleted before its start was noted was started"
  },
  {
    file: "src/internal/inProgram.ts",
    bug: "lets a child live on after its call",
    find: "Effect.onInterrupt(() => stop)",
    replace: "Effect.onInterrupt(() => Effect.void)",
    test: onMemory,
    title: "16. an interrupted call cancels its child and waits for its end"
  },
  {
    file: "src/internal/encoded.ts",
    bug: "gives programs no scope",
    find: "          Effect.scoped,\n",
    replace: "          (given) => given as Effect.Effect<Success, Error, WorkflowContext>,\n",
    test: onMemory,
    title: "7. the scope of a program is closed at its end, in reverse, whatever that is"
  },
  {
    file: "src/internal/options.ts",
    bug: "takes what is no number for no time",
    find: "return parts.length === 0 || parts.some",
    replace: "return parts.some",
    test: onMemory,
    title: "1. a timeout that is no time, and an id that is no text, is refused"
  },
  {
    file: "src/internal/core/evolve.ts",
    bug: "takes a signal of another process for read",
    find: "state.unreadSince = isUnread(event) ?",
    replace: 'state.unreadSince = isUnread(event) && event._tag !== "SignalReceived" ?',
    test: evolve,
    title: "what another process appends is unread until the owner records something"
  },
  {
    file: "src/internal/core/evolve.ts",
    bug: "takes a cancel of another process for read",
    find: "state.unreadSince = isUnread(event) ? (",
    replace: 'state.unreadSince = isUnread(event) && event._tag !== "CancelRequested" ? (',
    test: evolve,
    title: "what another process appends is unread until the owner records something"
  },
  {
    file: "src/internal/core/evolve.ts",
    bug: "takes the note of another process for read",
    find: "state.unreadSince = isUnread(event) ? (state",
    replace: 'state.unreadSince = isUnread(event) && event._tag !== "MessageSettled" ? (state',
    test: evolve,
    title: "what another process appends is unread until the owner records something"
  },
  {
    file: "src/internal/core/evolve.ts",
    bug: "takes what was read for unread",
    find: "(state.unreadSince ?? event.at) : undefined",
    replace: "(state.unreadSince ?? event.at) : state.unreadSince",
    test: evolve,
    title: "what another process appends is unread until the owner records something"
  },
  {
    file: "src/internal/core/evolve.ts",
    bug: "dates what is unread by the latest of it",
    find: "? (state.unreadSince ?? event.at) :",
    replace: "? event.at :",
    test: evolve,
    title: "what another process appends is unread until the owner records something"
  },
  {
    file: "src/internal/core/evolve.ts",
    bug: "owes what was sent to nobody",
    find: "if (address === undefined) return\n  owe",
    replace: "if (address === undefined) address = { chain: state.chain, version: 0 as Version }\n  owe",
    test: evolve,
    title: "MessageSent adds a message that has an address, and MessageSettled removes it"
  },
  {
    file: "src/internal/core/evolve.ts",
    bug: "does not count messages to nobody",
    find: "state.sent++\n  if (address === undefined) return",
    replace: "if (address === undefined) return\n  state.sent++",
    test: evolve,
    title: "MessageSent adds a message that has an address, and MessageSettled removes it"
  },
  {
    file: "src/internal/core/evolve.ts",
    bug: "takes a closed debtor from its owner",
    find: "farewell(state, event)\n  if (state.owed.size === 0) state.owner",
    replace: "farewell(state, event)\n  state.owner",
    test: evolve,
    title: "MessageSent adds a message that has an address, and MessageSettled removes it"
  },
  {
    file: "src/internal/core/evolve.ts",
    bug: "leaves a closed execution to its owner when nothing is owed any more",
    find: "if (state.closed !== undefined && state.owed.size === 0) state.owner = undefined\n",
    replace: "",
    test: evolve,
    title: "MessageSent adds a message that has an address, and MessageSettled removes it"
  },
  {
    file: "src/internal/core/evolve.ts",
    bug: "lets a closed debtor sleep",
    find: "return owedSince === undefined ? undefined : state.closed.at",
    replace: "return undefined",
    test: evolve,
    title: "MessageSent adds a message that has an address, and MessageSettled removes it"
  },
  {
    file: "src/internal/core/evolve.ts",
    bug: "wakes for the deadline of what is cancelled",
    find: "state.cancel === undefined ? state.deadline : undefined",
    replace: "state.deadline",
    test: evolve,
    title: "when its deadline passes, unless it is being cancelled"
  },
  {
    file: "src/internal/core/evolve.ts",
    bug: "counts as lost what waits for its next attempt",
    find: "(open.dueAt === undefined || open.dueAt <= at)",
    replace: "true",
    test: evolve,
    title: "OwnerChanged counts lost attempts, and ActivityAttemptIsolated notes one that runs alone"
  },
  {
    file: "src/internal/core/evolve.ts",
    bug: "counts as lost what ended in order",
    find: "if (lost === true && ran) open.lost",
    replace: "if (ran) open.lost",
    test: evolve,
    title: "OwnerChanged counts lost attempts, and ActivityAttemptIsolated notes one that runs alone"
  },
  {
    file: "src/internal/core/evolve.ts",
    bug: "counts losses of a blocked execution",
    find: 'if (state.problem?.reason !== "LostAttempts") changedHands(state, event)',
    replace: "changedHands(state, event)",
    test: turn,
    title: "are not counted while the execution is blocked, and it may go on"
  },
  {
    file: "src/internal/core/evolve.ts",
    bug: "counts each loss as one alone",
    find: "alone: alone + (isAlone ? 1 : 0)",
    replace: "alone: alone + 1",
    test: evolve,
    title: "OwnerChanged counts lost attempts, and ActivityAttemptIsolated notes one that runs alone"
  },
  {
    file: "src/internal/core/evolve.ts",
    bug: "tries all that is blocked again by itself",
    find: "state.retryAt = retryAt",
    replace: "state.retryAt = retryAt ?? 0",
    test: evolve,
    title: "ExecutionBlocked by lost attempts is tried again after a minute, and after pauses that double up to a day"
  },
  {
    file: "src/internal/core/evolve.ts",
    bug: "remembers when a blocked execution was to be tried",
    find: "  state.retryAt = undefined\n",
    replace: "",
    test: evolve,
    title: "ExecutionBlocked by lost attempts is tried again after a minute, and after pauses that double up to a day"
  },
  {
    file: "src/internal/core/evolve.ts",
    bug: "has no time at which a blocked execution is tried",
    find: "const due = state.retryAt ?? dueAt(",
    replace: "const due = dueAt(",
    test: turn,
    title: "make the next ones run alone after three, and block the execution after three more"
  },
  {
    file: "src/internal/core/evolve.ts",
    bug: "takes an attempt that failed for one that still runs alone",
    find: "if (lost?.isAlone === true) activity.lost = { ...lost, isAlone: false }\n",
    replace: "",
    test: evolve,
    title: "OwnerChanged counts lost attempts, and ActivityAttemptIsolated notes one that runs alone"
  },
  {
    file: "src/internal/core/evolve.ts",
    bug: "numbers attempts without the lost ones",
    find: "failures.length + (lost?.attempts ?? 0) + 1",
    replace: "failures.length + 1",
    test: turn,
    title: "are counted when the worker died, and not when it ended in order"
  },
  {
    file: "src/internal/core/json.ts",
    bug: "records minus zero",
    find: "return value + 0",
    replace: "return value",
    test: "test/values/json.test.ts",
    title: "is what JSON makes of minus zero"
  },
  {
    file: "src/internal/core/json.ts",
    bug: "counts levels from none",
    find: "place.depth >= maxDepth",
    replace: "place.depth > maxDepth",
    test: "test/values/json.test.ts",
    title: "is not one level too many"
  },
  {
    file: "src/internal/core/json.ts",
    bug: "takes maps for objects without fields",
    find: "if (!isPlain(object)) throw",
    replace: "if (object instanceof Error) throw",
    test: "test/values/json.test.ts",
    title: "is not a map"
  },
  {
    file: "src/internal/core/match.ts",
    bug: "compares no inputs",
    find: "(issued.digest === recorded.digest || equalJson(issued.input, recorded.input))",
    replace: "true",
    test: match,
    title: "an activity by name, number and digest"
  },
  {
    file: "src/internal/core/continued.ts",
    bug: "passes on all ends of children, however large",
    find: ", mostOfEnds)",
    replace: ", Infinity)",
    test: onMemory,
    title:
      "17. an end of a child that no run has asked for is known to the next ones, the latest of them, until one does"
  },
  {
    file: "src/internal/core/continued.ts",
    bug: "knows only the latest run of a chain",
    find: "const latestRuns = 100",
    replace: "const latestRuns = 0",
    test: onMemory,
    title: "8. a ref with a later run of a chain means the chain, wherever it is used"
  },
  {
    file: "src/internal/core/remembered.ts",
    bug: "forgets the latest keys and keeps the first ones",
    find: "return left < 0 ? all.slice(first + 1) : all.slice(first)",
    replace: "return all.slice(0, all.length - first)",
    test: onMemory,
    title: "17. a chain knows its latest keys and ids of updates, and those of what no run has received"
  },
  {
    file: "src/internal/core/remembered.ts",
    bug: "forgets no key",
    find: "for (; first > 0 && left > 0; first--) left",
    replace: "for (; first > 0; first--) left",
    test: onMemory,
    title: "17. a chain knows its latest keys and ids of updates, and those of what no run has received"
  },
  {
    file: "src/internal/core/evolve.ts",
    bug: "forgets the key of a signal that no run has received",
    find: "new Set([...forgotten, ...keys])",
    replace: "new Set(keys)",
    test: onMemory,
    title: "17. a chain knows its latest keys and ids of updates, and those of what no run has received"
  },
  {
    file: "src/internal/core/updates.ts",
    bug: "passes on every id of an update",
    find: "answered: latest([...answered], ([id]) => id)",
    replace: "answered: [...answered]",
    test: onMemory,
    title: "17. a chain knows its latest keys and ids of updates, and those of what no run has received"
  },
  {
    file: "src/internal/retryPlan.ts",
    bug: "forgets what the contract says of errors when a call chooses its policy",
    find: "{ ...(planOf(policy) as Plan<Error> | undefined), numbers: chosen }",
    replace: "{ numbers: chosen }",
    test: onMemory,
    title: "4. what the contract says of errors holds for the policy of a call"
  },
  {
    file: "src/internal/retryPlan.ts",
    bug: "comes again before the time that an error asks for",
    find: "Duration.max(\n        duration,",
    replace: "Duration.min(\n        duration,",
    test: onMemory,
    title: "4. an error may ask for a pause that is longer than the policy's longest"
  },
  {
    file: "src/internal/activityCall.ts",
    bug: "forgets the timeouts of the contract that a call does not name",
    find: "const { attempt = timeouts.attempt, total = timeouts.total } = timeoutsOf(timeout)",
    replace: "const { attempt, total } = timeoutsOf(timeout)",
    test: onMemory,
    title: "4. a call may choose other timeouts, and keeps those of the contract that it does not name"
  },
  {
    file: "src/internal/timeouts.ts",
    bug: "takes a timeout without end for none of its own",
    find: "timeout !== undefined && Duration.isFinite(timeout)",
    replace: "timeout !== undefined",
    test: sqliteExecutor,
    title: "4. a call may choose other timeouts, and keeps those of the contract that it does not name"
  },
  {
    file: "src/internal/core/completing.ts",
    bug: "lets two callers end one attempt",
    find: "if (activity.ended !== undefined) return undefined",
    replace: 'if (activity.ended === undefined && name === "") return undefined',
    test: onMemory,
    title: "20. any process with the contract may end it, also while no worker lives"
  },
  {
    file: "src/internal/core/completing.ts",
    bug: "lets an error end a later attempt than its own",
    find: 'exit._tag === "Fail" && attempt !== attemptOf(activity)',
    replace: 'exit._tag === "Fail" && attempt === 0',
    test: onMemory,
    title: "20. an error from outside ends an attempt, and the policy says what follows"
  },
  {
    file: "src/internal/core/evolve.ts",
    bug: "counts as lost what was left to others",
    find: "const ran = open.pending === undefined && open.ended === undefined &&",
    replace: "const ran =",
    test: onMemory,
    title: "20. a lost or restarted worker does not run again what was left to others"
  },
  {
    file: "src/internal/completing.ts",
    bug: "takes the token of another activity",
    find: "if (place.activity !== activity) {",
    replace: 'if (place.activity === "") {',
    test: onMemory,
    title: "20. a token, a value or a place that makes no sense is refused, and changes nothing"
  },
  {
    file: "src/internal/ofLayer.ts",
    bug: "keeps the span in which an app is built",
    find: "Context.omit(Tracer.ParentSpan, Scope.Scope)",
    replace: "Context.omit(Scope.Scope)",
    test: lasting,
    title: "of hooks are in the trace of the execution, and else in one of their own"
  },
  {
    file: "src/internal/heartbeat.ts",
    bug: "takes details that cannot be read for a defect",
    find: "return Effect.as(Effect.logWarning(text), Option.none())",
    replace: "return Effect.die(new Error(text))",
    test: onMemory,
    title: "21. details that do not fit are a defect of the handler, and those of another release are left out"
  },
  {
    file: "src/internal/handlers.ts",
    bug: "gives a program none of the services that its layer has",
    find: "Registered, { implementations, context }),",
    replace: "Registered, { implementations, context: Context.empty() }),",
    test: onMemory,
    title: "9. a service that is pure is that of the layer, wherever a program is"
  },
  {
    file: "src/internal/handlers.ts",
    bug: "takes the last of two handlers of one name",
    find: "if (found.has(activity)) {",
    replace: 'if (workflow === "") {',
    test: onMemory,
    title: "10. handlers of two activities of one name are refused when the layers are built"
  },
  {
    file: "src/internal/handlers.ts",
    bug: "takes every contract of a name for the same",
    find: "one === other || shapeOf(one) === shapeOf(other)",
    replace: "one.name === other.name",
    test: onMemory,
    title: "9. a call by a contract whose name has the handler of another one is blocked until its own is there"
  },
  {
    file: "src/internal/handlers.ts",
    bug: "takes two definitions that say the same for two contracts",
    find: "one === other || shapeOf(one) === shapeOf(other)",
    replace: "one === other",
    test: onMemory,
    title: "9. two definitions of an activity that say the same are one contract"
  },
  {
    file: "src/internal/handlers.ts",
    bug: "provides all contracts of a name under one key",
    find: "`${prefix}${contracts++}/${name}`",
    replace: "`${prefix}${name}`",
    test: onMemory,
    title: "10. handlers of two activities of one name are refused when the layers are built"
  },
  {
    file: "src/internal/encoded.ts",
    bug: "lets handlers of updates go on",
    find: "          Effect.ensuring(Effect.suspend(() => context.updates().stop)),\n",
    replace: "",
    test: onMemory,
    title: "19. what is open at the end is answered with Finished, and handlers are interrupted"
  },
  {
    file: "src/internal/retry.ts",
    bug: "takes another jitter each time",
    find: "makeRandom(seed)",
    replace: "makeRandom(String(Math.random()))",
    test: onMemory,
    title: "4. jitter is the same after a restart"
  },
  {
    file: "src/internal/retry.ts",
    bug: "gives all activities the same jitter",
    find: "makeRandom(seed)",
    replace: 'makeRandom("")',
    test: onMemory,
    title: "4. jitter varies each pause"
  },
  {
    file: "src/internal/schema.ts",
    bug: "hands out what is recorded",
    find: "decode(copyJson(json))",
    replace: "decode(json)",
    test: onMemory,
    title: "3. each attempt of a handler gets the input that was recorded"
  },
  {
    file: "src/internal/schema.ts",
    bug: "records the values of a program themselves",
    find: "encode, value, canonicalJson)",
    replace: "encode, value, Result.succeed as never)",
    test: onMemory,
    title: "3. what a program does to values of Json changes nothing that is recorded"
  },
  {
    file: "src/internal/schema.ts",
    bug: "leaves an asynchronous schema running",
    find: "die.defect.fiber.interruptUnsafe()\n",
    replace: "",
    test: "test/values/schema.test.ts",
    title: "is asynchronous is interrupted"
  },
  {
    file: "src/internal/attributes.ts",
    bug: "keeps the attributes of the caller",
    find: "Object.fromEntries(fields) as Record<string, Attribute>",
    replace: "given as Record<string, Attribute>",
    test: onMemory,
    title: "3. attributes are copied, and what is none is refused"
  },
  {
    file: "src/internal/given.ts",
    bug: "runs what is no effect",
    find: "Effect.isEffect(returned)",
    replace: "true",
    test: "test/values/hostile.test.ts",
    title: "returned by a handler in place of an effect"
  },
  {
    file: "src/internal/encoded.ts",
    bug: "does not tell compensations the error",
    find: "context.compensations.failedWith(cause)",
    replace: "void cause",
    test: onMemory,
    title: "7. a compensation is told the value and why the workflow failed"
  },
  {
    file: "src/internal/core/continued.ts",
    bug: "loses what a run leaves to the next one",
    find: "...next.continues!, ...leftBy(state)",
    replace: "...next.continues!",
    test: onMemory,
    title: "17. children live on, and end with the execution"
  },
  {
    file: "src/internal/core/continued.ts",
    bug: "compares a start with the latest input",
    find: "continues.input === digestOf(input)",
    replace: "equalJson(own, input)",
    test: onMemory,
    title: "17. an id is the same start after its execution has continued"
  },
  {
    file: "src/internal/core/continued.ts",
    bug: "lets a history grow without end",
    find: "if (length < limit) return undefined",
    replace: "if (length < limit || limit > 0) return undefined",
    test: onMemory,
    title: "17. a program that never continues is blocked at the limit, and goes on when it is raised"
  },
  {
    file: "src/internal/continueAsNew.ts",
    bug: "continues as any workflow",
    find: "if (workflow !== name) {\n    return Effect.die",
    replace: "if (workflow === null) {\n    return Effect.die",
    test: onMemory,
    title: "17. a next input that is none is a defect that says so, and so is the end of another workflow"
  },
  {
    file: "src/internal/core/match.ts",
    bug: "shows the wrong cure",
    find: 'if (recorded?._tag === "PatchRecorded") {\n    const call',
    replace: 'if (recorded?._tag === "TimerFired") {\n    const call',
    test: onMemory,
    title: "9. a patch that is gone too early blocks an execution, which says how to put it back"
  },
  {
    file: "src/internal/inProgram.ts",
    bug: "asks for an update as if its id were new each time",
    find: "message: update })",
    replace: "message })",
    test: onMemory,
    title: "16. an update that a program asks for is done once, whenever its worker ends"
  },
  {
    file: "src/internal/core/programName.ts",
    bug: "compares versions as texts",
    find: "{ numeric: true }",
    replace: "{ numeric: false }",
    test: onMemory,
    title: "9. a start without a version gets the highest that its first worker has, and keeps it"
  },
  {
    file: "src/internal/continueAsNew.ts",
    bug: "makes the next input before the handlers of updates have ended",
    find: "    yield* updates.finish\n    return yield* next",
    replace: "    yield* Effect.ensuring(next, updates.finish)",
    test: onMemory,
    title: "17. handlers that run end in their run, and a function makes the next input when they have"
  },
  {
    file: "src/internal/continueAsNew.ts",
    bug: "does not hear of the cancel that its start brought",
    find: "    yield* Effect.yieldNow\n",
    replace: "",
    test: onMemory,
    title: "17. a chain whose runs never wait takes messages, and is cancelled or terminated"
  },
  {
    file: "src/internal/updateHandler.ts",
    bug: "accepts what a validation that did more than read lets pass",
    find: 'if (ran._tag === "Misdeed") {',
    replace: 'if (ran._tag === "Misdeed") return undefined\n    if (ran._tag === "Misdeed") {',
    test: onMemory,
    title:
      "19. a validation may only read: what else it does refuses the update, and blocks where it changed the program"
  },
  {
    file: "src/internal/core/continued.ts",
    bug: "loses a signal that a run has left",
    find: "unread: unread.map(",
    replace: "unread: unread.slice(1).map(",
    test: schedules,
    title: "Inbox goes on as it was, and its next run has what was left"
  },
  {
    file: "src/internal/core/evolve.ts",
    bug: "hands a child that has ended to the next run",
    find: "if (state.children.get(workflowId)?.address.chain === from) removeChild(state, workflowId)",
    replace: "if (state.children.get(workflowId)?.address.chain !== from) removeChild(state, workflowId)",
    test: schedules,
    title: "Script goes on as it was, and its next run has what was left"
  },
  {
    file: "src/internal/core/evolve.ts",
    bug: "ends a child that is abandoned",
    find: 'if (parentClose === "abandon") continue',
    replace: "",
    test: operations,
    title: "1 to 19. any sequence of operations is answered as the model says, while workers stop or are cut off"
  },
  {
    file: "src/internal/core/evolve.ts",
    bug: "forgets the keys of signals when a run continues",
    find: "keys: latest([...state.keys], (key) => key)",
    replace: "keys: []",
    test: operations,
    title: "1 to 19. any sequence of operations is answered as the model says, while workers stop or are cut off"
  },
  {
    file: "src/internal/core/continued.ts",
    bug: "takes any input for the first of a chain",
    find: "continues.input === digestOf(input)",
    replace: "continues.input !== undefined",
    test: operations,
    title: "1 to 19. any sequence of operations is answered as the model says, while workers stop or are cut off"
  },
  {
    file: "src/internal/core/updates.ts",
    bug: "takes another input under an id for the same",
    find: 'if (known !== digestOf(request)) return "other"\n',
    replace: "",
    test: operations,
    title: "1 to 19. any sequence of operations is answered as the model says, while workers stop or are cut off"
  },
  {
    file: "src/internal/core/evolve.ts",
    bug: "forgets the attributes that a program sets",
    find: "(state.attributes = withChanges(state.attributes, event.attributes))",
    replace: "0",
    test: onMemory,
    title: "8. a program sets and removes attributes, each an event, and is found by them from that commit on"
  },
  {
    file: "src/internal/core/attributes.ts",
    bug: "forgets the attributes that a program does not set",
    find: "{ ...attributes, ...changes }",
    replace: "{ ...changes }",
    test: evolve,
    title: "AttributesSet changes the attributes that it names, and removes those that are null"
  },
  {
    file: "src/internal/core/attributes.ts",
    bug: "keeps attributes that a program removes",
    find: "field[1] !== null",
    replace: "true",
    test: evolve,
    title: "AttributesSet changes the attributes that it names, and removes those that are null"
  },
  {
    file: "src/internal/core/match.ts",
    bug: "takes any attributes that a program sets for the recorded ones",
    find: 'issued._tag === "AttributesSet" && equalJson(issued.attributes, recorded.attributes)',
    replace: 'issued._tag === "AttributesSet"',
    test: onMemory,
    title: "8. a program that sets another attribute than it did disagrees with its history, which says both"
  },
  {
    file: "src/internal/core/continued.ts",
    bug: "passes on attributes that the program has removed",
    find: "  attributes: _attributes,\n",
    replace: "",
    test: onMemory,
    title: "8. a run whose program has removed all attributes passes none on"
  },
  {
    file: "src/internal/inProgram.ts",
    bug: "leaves out the memo of a child, and not its attributes",
    find: "...(memo === undefined ? {} : { memo })",
    replace: "...{}",
    test: onMemory,
    title: "8. a memo is in descriptions and listings, also that of a child, and is bounded"
  },
  {
    file: "src/internal/attributes.ts",
    bug: "keeps attributes that are too many",
    find: "if (count > mostAttributes) return",
    replace: "if (count > 1_000_000) return",
    test: onMemory,
    title: "8. what no attribute can be is refused by the start and by the program, with its name and what to do"
  },
  {
    file: "src/internal/attributes.ts",
    bug: "keeps names of attributes that are too long",
    find: "return exceeds(name, mostNameBytes)",
    replace: "return exceeds(name, 1_000_000)",
    test: onMemory,
    title: "8. what no attribute can be is refused by the start and by the program, with its name and what to do"
  },
  {
    file: "src/internal/attributes.ts",
    bug: "keeps texts of attributes that are too long",
    find: "return exceeds(value, mostTextBytes)",
    replace: "return exceeds(value, 1_000_000)",
    test: onMemory,
    title: "8. what no attribute can be is refused by the start and by the program, with its name and what to do"
  },
  {
    file: "src/internal/attributes.ts",
    bug: "keeps a memo that is too large for one, as attributes are not",
    find: "  return exceeds(text, mostBytes)\n    ? Result.fail",
    replace: "  return exceeds(text, 1_000_000)\n    ? Result.fail",
    test: onMemory,
    title: "8. a memo is in descriptions and listings, also that of a child, and is bounded"
  },
  {
    file: "src/internal/core/match.ts",
    bug: "takes an inline activity for one of a contract",
    find: "        issued.inline === recorded.inline &&\n",
    replace: "",
    test: mismatch,
    title: "inline or not"
  },
  {
    file: "src/internal/core/asked.ts",
    bug: "takes an inline activity for a question",
    find: "name === askName && inline !== true",
    replace: "name === askName",
    test: onMemory,
    title: "2. an inline activity may have any name, also that of an activity with a handler"
  },
  {
    file: "src/internal/inlineActivity.ts",
    bug: "leaves the scope of an inline activity open",
    find: "Effect.scoped(effectOf(`inline activity ${contract.name}`, () => effect))",
    replace:
      'effectOf(`inline activity ${contract.name}`, () => effect) as Effect.Effect<Success["Type"], Error["Type"], ActivityContext>',
    test: onMemory,
    title: "2. an inline activity has the services of the layer, promises, a scope and the real clock"
  },
  {
    file: "src/internal/inlineActivity.ts",
    bug: "does not record the timeouts of an inline activity",
    find: "{ ...limitsOf(contract.timeouts), name",
    replace: "{ name",
    test: onMemory,
    title: "4. an inline activity has the timeouts of its attempts and of all of them"
  },
  {
    file: "src/internal/inlineActivity.ts",
    bug: "runs an inline activity without the services of the layer",
    find: "makeHandler(contract, codecs, run, context)",
    replace: "makeHandler(contract, codecs, run, Context.empty())",
    test: onMemory,
    title: "2. an inline activity has the services of the layer, promises, a scope and the real clock"
  },
  {
    file: "src/internal/taggedError.ts",
    bug: "shows the fields of an error alone",
    find: "      return this\n",
    replace: "      return { ...(this as object) }\n",
    test: errors,
    title: "with message, stack and fields"
  },
  {
    file: "src/internal/ofLayer.ts",
    bug: "keeps the span in which an app was built",
    find: "Context.omit(Tracer.ParentSpan)(context) as Context.Context<R>",
    replace: "Context.omit()(context) as Context.Context<R>",
    test: tracing,
    title: "hangs operations of the store on what they are for, and never on the span in which an app was built"
  },
  {
    file: "src/internal/traced.ts",
    bug: "puts a save of several executions into the trace of one",
    find: "if (all.every(({ traceId }) => traceId === first!.traceId))",
    replace: "if (first !== undefined)",
    test: tracing,
    title: "links a save of several executions to each of them"
  },
  {
    file: "src/internal/activityHandler.ts",
    bug: "hangs handlers on the span in which their layer was built",
    find: "const own = withoutSpan(context)",
    replace: "const own = context",
    test: tracing,
    title: "lets no handler and no program hang on the span in which an app was built, also without the layer"
  },
  {
    file: "src/internal/core/evolve.ts",
    bug: "keeps open what is resolved, so that a takeover runs it again",
    find: 'case "ActivityResolved":\n    case "ActivityCancelled":',
    replace: 'case "ActivityResolved":\n      return\n    case "ActivityCancelled":',
    test: crashed,
    title: "with a script from outside"
  },
  {
    file: "src/internal/transactionalHandler.ts",
    bug: "leaves the end of a transactional activity to others",
    find: 'end._tag === "Pending" ? left : end',
    replace: "end",
    test: transactionsSqlite,
    title: "23. a handler cannot leave its end to others"
  },
  {
    file: "src/internal/encoded.ts",
    bug: "closes the scope of a program before it is blocked by its defect",
    find: "          blocking,\n",
    replace: "",
    test: onMemory,
    title: "9. a program that blocks on its defects goes on once it does not die"
  },
  {
    file: "src/internal/encoded.ts",
    bug: "blocks an execution by a defect that is in its history",
    find: "isRecorded(defect) || defect instanceof ActivityTimedOut",
    replace: "defect instanceof ActivityTimedOut",
    test: onMemory,
    title: "9. a program that blocks on its defects fails with those of its activities, and with errors"
  }
]
