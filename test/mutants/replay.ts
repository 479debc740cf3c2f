/** Bugs of the interpreter. */
import type { Mutant } from "./Mutant.ts"

const asked = "test/replay/queries.test.ts"
const effects = "test/effects/effects.test.ts"
const evolve = "test/replay/evolve.test.ts"
const onMemory = "test/Executor/Memory.test.ts"
const interpreter = "test/replay/interpreter.test.ts"
const mismatch = "test/replay/mismatch.test.ts"
const portable = "test/Executor/portable.test.ts"
const refused = "test/effects/refused.test.ts"
const scheduler = "test/replay/scheduler.test.ts"
const schedules = "test/replay/messageSchedules.test.ts"
const turn = "test/replay/turn.test.ts"

export const replay: ReadonlyArray<Mutant> = [
  {
    file: "src/internal/replay/turn.ts",
    bug: "lets a program send without end",
    find: "if (++this.refusals > mostRefused) this.stop()",
    replace: "if (++this.refusals > 10 * mostRefused) this.stop()",
    test: turn,
    title: "to nobody is sent so often at once, and then the program is stopped"
  },
  {
    file: "src/internal/replay/turn.ts",
    bug: "looks for a child that is not there yet",
    find: "if (isChild) return",
    replace: "if (isChild && child === null) return",
    test: onMemory,
    title: "16. a message to a child that is not started yet arrives after its start"
  },
  {
    file: "src/internal/replay/addresses.ts",
    bug: "asks whatever has an id when it asks again",
    find: "inputOf({ ...questionOf(command.input), runId: place.chain })",
    replace: "command.input",
    test: onMemory,
    title: "16. a question by an id is for the execution that had it then, whatever dies and is started again meanwhile"
  },
  {
    file: "src/internal/replay/turn.ts",
    bug: "answers a question that was dropped",
    find: 'refused._tag === "MessageSettled" || this.state.open.has(refused.seq)',
    replace: "true",
    test: onMemory,
    title: "16. a question to an id that nothing has is answered in the commit with the question"
  },
  {
    file: "src/internal/replay/addresses.ts",
    bug: "speaks to another run than the one meant",
    find: "if (chainMeant(place, run) !== chain) return",
    replace: "if (run === chain) return",
    test: onMemory,
    title: "16. a handle of a run that is over is refused in a program"
  },
  {
    file: "src/internal/replay/defect.ts",
    bug: "forgets the other defects",
    find: "if (others.length === 0) return defect",
    replace: "return defect",
    test: onMemory,
    title: "7. what a finalizer fails with is recorded beside the error of the program"
  },
  {
    file: "src/internal/replay/losses.ts",
    bug: "suspects a handler after one loss",
    find: "const mostLosses = 3",
    replace: "const mostLosses = 2",
    test: turn,
    title: "make the next ones run alone after three, and block the execution after three more"
  },
  {
    file: "src/internal/replay/losses.ts",
    bug: "blocks after one loss more",
    find: "const mostLossesAlone = 3",
    replace: "const mostLossesAlone = 4",
    test: turn,
    title: "make the next ones run alone after three, and block the execution after three more"
  },
  {
    file: "src/internal/replay/losses.ts",
    bug: "tries what ends its process ever so often",
    find: "firstPause * 2 ** (lost.alone - mostLossesAlone)",
    replace: "firstPause",
    test: evolve,
    title: "ExecutionBlocked by lost attempts is tried again after a minute, and after pauses that double up to a day"
  },
  {
    file: "src/internal/replay/Children.ts",
    bug: "passes on what the program has asked for",
    find: "        this.unasked.delete(runId)\n",
    replace: "",
    test: onMemory,
    title:
      "17. an end of a child that no run has asked for is known to the next ones, the latest of them, until one does"
  },
  {
    file: "src/internal/replay/Outbox.ts",
    bug: "forgets how the children of earlier runs have ended",
    find: "this.children.ended(end)\n",
    replace: "",
    test: onMemory,
    title:
      "17. an end of a child that no run has asked for is known to the next ones, the latest of them, until one does"
  },
  {
    file: "src/internal/replay/Outbox.ts",
    bug: "does not know the children of earlier runs",
    find: "for (const { address } of children) this.children.started(address.chain)",
    replace: "void children",
    test: onMemory,
    title: "17. a program hears how the children of an earlier run end, also when they are deleted by then"
  },
  {
    file: "src/internal/replay/Interpreter.ts",
    bug: "loses the end of a child of which it hears with its start",
    find: 'else if (event._tag === "ChildEnded") this.outbox?.ended(event)',
    replace: 'else if (event._tag === "ChildEnded") void event',
    test: turn,
    title: "passes on how a child has ended of which it heard with its start, though a fiber waits that is left behind"
  },
  {
    file: "src/internal/replay/Outbox.ts",
    bug: "tells a fiber that the program has left behind",
    find: "    this.children.close()\n",
    replace: "",
    test: turn,
    title: "passes on how a child has ended of which it heard with its start, though a fiber waits that is left behind"
  },
  {
    file: "src/internal/replay/addresses.ts",
    bug: "sends to no later run of a chain",
    find: "if (chainMeant(place, run) !== chain) return",
    replace: "if ((run ?? chain) !== chain) return",
    test: onMemory,
    title: "8. a ref with a later run of a chain means the chain in a program, too, and ends and removes it"
  },
  {
    file: "src/internal/replay/turn.ts",
    bug: "does not look at which run a child is",
    find: "child !== undefined && (sent?.run ?? child.chain) === child.chain",
    replace: "child !== undefined",
    test: onMemory,
    title: "8. a ref with a later run of a child means the child"
  },
  {
    file: "src/internal/replay/Interpreter.ts",
    bug: "does not miss a recorded command that nobody issued",
    find: "issued === undefined || !isSame(recorded, issued)",
    replace: "issued !== undefined && !isSame(recorded, issued)",
    test: mismatch,
    title: "one too many at the end of what follows from an event"
  },
  {
    file: "src/internal/replay/Mailboxes.ts",
    bug: "loses a signal for which nobody waits",
    find: "mailbox.buffered.push({ order: this.arrived++, signal })",
    replace: "return",
    test: interpreter,
    title: "are kept until somebody takes them, in order"
  },
  {
    file: "src/internal/replay/Mailboxes.ts",
    bug: "gives a signal to all who wait",
    find: "else resume(Effect.succeed(signal.payload))",
    replace: "else for (const each of [resume, ...mailbox.waiting.splice(0)]) each(Effect.succeed(signal.payload))",
    test: interpreter,
    title: "go to one receiver each, the one who waited longest first"
  },
  {
    file: "src/internal/replay/Mailboxes.ts",
    bug: "gives a signal to who does not wait any more",
    find: "if (index >= 0) mailbox.waiting.splice(index, 1)",
    replace: "",
    test: interpreter,
    title: "are not lost to a receive that was interrupted"
  },
  {
    file: "src/internal/replay/Interpreter.ts",
    bug: "cancels nothing when it is interrupted",
    find: "if (this.pending.delete(seq)) this.issue({ _tag: cancel, at: this.clock.now, seq })",
    replace: "this.pending.delete(seq)",
    test: interpreter,
    title: "of an activity that lost a race"
  },
  {
    file: "src/internal/replay/Interpreter.ts",
    bug: "interrupts finalizers by a second cancel",
    find: "if (this.cancelled !== undefined) return\n",
    replace: "",
    test: interpreter,
    title: "a second cancel does not interrupt the finalizers"
  },
  {
    file: "src/internal/replay/Interpreter.ts",
    bug: "gives all runs the same random numbers",
    find: "makeRandom(event.runId)",
    replace: 'makeRandom("")',
    test: interpreter,
    title: "random numbers depend on the run alone"
  },
  {
    file: "src/internal/replay/Interpreter.ts",
    bug: "draws other random numbers in each replay",
    find: "makeRandom(event.runId)",
    replace: "makeRandom(String(Math.random()))",
    test: effects,
    title: "Random.shuffle before and after a wait"
  },
  {
    file: "src/internal/replay/Interpreter.ts",
    bug: "takes commands of fibers that the host has woken",
    find: "if (this.closed || !this.scheduler.mayAct()) return",
    replace: "if (this.closed) return",
    test: refused,
    title: "References.PreventSchedulerYield"
  },
  {
    file: "src/internal/replay/Interpreter.ts",
    bug: "rounds timers down",
    find: "Math.ceil(",
    replace: "Math.floor(",
    test: onMemory,
    title: "6. a timer of a fraction of a millisecond is rounded up"
  },
  {
    file: "src/internal/replay/Interpreter.ts",
    bug: "lets out what is thrown past all fibers",
    find: "this.fail(thrown)\n    }\n  }\n\n  /**\n   * Follows",
    replace: "throw thrown\n    }\n  }\n\n  /**\n   * Follows",
    test: interpreter,
    title: "is stopped by it, and nothing leaves the delivery"
  },
  {
    file: "src/internal/replay/WorkflowClock.ts",
    bug: "has the time of the host",
    find: "currentTimeMillisUnsafe(): number {\n    return this.now",
    replace: "currentTimeMillisUnsafe(): number {\n    return Date.now()",
    test: effects,
    title: "Effect.cachedWithTTL calls again when its time is over"
  },
  {
    file: "src/internal/replay/WorkflowScheduler.ts",
    bug: "runs fibers in another order while it replays",
    find: "this.queue.push(run)",
    replace: "this.queue.splice(this.replaying ? 1 : this.queue.length, 0, run)",
    test: effects,
    title: "Stream.zipLatest combines the latest of both"
  },
  {
    file: "src/internal/replay/WorkflowScheduler.ts",
    bug: "runs fibers last in, first out",
    find: "this.queue.push(run)",
    replace: "this.queue.splice(1, 0, run)",
    test: scheduler,
    title: "runs what it is given first in, first out, and only in a flush"
  },
  {
    file: "src/internal/replay/WorkflowScheduler.ts",
    bug: "stops a program whose process was frozen",
    find: "if (left > budget.milliseconds / 20) {",
    replace: "if (left > budget.milliseconds) {",
    test: scheduler,
    title: "what was frozen has not worked, and has the time that is left"
  },
  {
    file: "src/internal/replay/WorkflowScheduler.ts",
    bug: "never stops a program that works little",
    find: "const left = budget.milliseconds - (budget.used() - this.usedBefore)",
    replace: "const left = budget.milliseconds",
    test: scheduler,
    title: "what was frozen has not worked, and has the time that is left"
  },
  {
    file: "src/internal/replay/WorkflowScheduler.ts",
    bug: "counts the work of earlier deliveries",
    find: "    this.usedBefore = undefined\n    try",
    replace: "    try",
    test: scheduler,
    title: "what was frozen has not worked, and has the time that is left"
  },
  {
    file: "src/internal/replay/WorkflowScheduler.ts",
    bug: "keeps what is left of a flush in which something was thrown",
    find: "      if (this.queue.length > 0) this.queue.length = 0\n",
    replace: "",
    test: scheduler,
    title: "is empty after a flush in which something was thrown"
  },
  {
    file: "src/internal/replay/silence.ts",
    bug: "forgets the log level of the process",
    find: "  References.MinimumLogLevel,\n",
    replace: "",
    test: scheduler,
    title: "with the settings of the process for logs and spans, and with no other reference of it"
  },
  {
    file: "src/internal/replay/silence.ts",
    bug: "gives a program every reference of its process",
    find: "settingsOf(context).pipe(",
    replace: "context.pipe(",
    test: scheduler,
    title: "with the settings of the process for logs and spans, and with no other reference of it"
  },
  {
    file: "src/internal/replay/silence.ts",
    bug: "lets programs read the configuration of their process",
    find: ",\n    Context.add(ConfigProvider.ConfigProvider, unreadable)",
    replace: "",
    test: onMemory,
    title: "9. a program that reads configuration is blocked, whether the process has the value or not"
  },
  {
    file: "src/internal/replay/silence.ts",
    bug: "counts in metrics again what it replays",
    find: "update: live(update)",
    replace: "update",
    test: scheduler,
    title: "metrics, in the registry of the process and with its attributes"
  },
  {
    file: "src/internal/replay/silence.ts",
    bug: "logs while it replays",
    find: "scheduler instanceof WorkflowScheduler && scheduler.replaying",
    replace: "false",
    test: scheduler,
    title: "logs, the console and spans"
  },
  {
    file: "src/internal/replay/turn.ts",
    bug: "fires timers before their time",
    find: "fireAt <= at ? {",
    replace: "fireAt <= at + 60_000 ? {",
    test: turn,
    title: "fires in the order of its time, and each timer may change what is due after it"
  },
  {
    file: "src/internal/replay/turn.ts",
    bug: "keeps an execution blocked that goes on",
    find: "else this.unblock()\n",
    replace: "\n",
    test: onMemory,
    title: "9. a block that does not come back by replay ends when the execution is next told something"
  },
  {
    file: "src/internal/replay/turn.ts",
    bug: "delivers a batch before it takes what the program asks for",
    find: 'this.leaveTo(event)\n    if (this.program._tag === "Loaded") this.collect()\n    return true',
    replace:
      'this.leaveTo(event)\n    if (this.program._tag === "Loaded" && this.taken === this.mail.length - 1) this.collect()\n    return true',
    test: onMemory,
    title: "2. of two results that come together, only the first counts if it makes the other unwanted"
  },
  {
    file: "src/internal/replay/turn.ts",
    bug: "records a second cancel",
    find: "return cancel === undefined ?",
    replace: "return true ?",
    test: turn,
    title: "that cancels is recorded once"
  },
  {
    file: "src/internal/replay/turn.ts",
    bug: "does not tell of a message that was refused",
    find: "(this.refused ??= []).push(refused)",
    replace: "[].push()",
    test: turn,
    title: "to nobody is refused in the same commit, after the commands issued with it"
  },
  {
    file: "src/internal/replay/addresses.ts",
    bug: "does not record the address of a message",
    find: "return [{ ...command, address }, undefined]",
    replace: "return [command, undefined]",
    test: turn,
    title: "pauses the turn until its address is known"
  },
  {
    file: "src/internal/replay/turn.ts",
    bug: "takes mail without end into one commit",
    find: " || this.events.length >= mostEvents) {",
    replace: ") {",
    test: turn,
    title: "is left for the next turn when a commit would be too long"
  },
  {
    file: "src/internal/replay/turn.ts",
    bug: "fires timers without end in one commit",
    find: " || this.events.length >= mostEvents) return false",
    replace: ") return false",
    test: turn,
    title: "is left for the next turn when a commit would be too long"
  },
  {
    file: "src/internal/replay/turn.ts",
    bug: "fires the timers of a program that is stopped",
    find: 'while (this.program._tag === "Loaded" && ',
    replace: "while (",
    test: turn,
    title: "to a stopped program is recorded and not delivered"
  },
  {
    file: "src/internal/replay/turn.ts",
    bug: "takes what comes after the end",
    find: " && !this.isOver()) {\n      this.limit()",
    replace: ") {",
    test: turn,
    title: "that terminates closes the run, and what comes after it is not taken"
  },
  {
    file: "src/internal/replay/news.ts",
    bug: "resolves what is not open",
    find: "if (activity === undefined) return undefined\n",
    replace:
      'if (activity === undefined) return told._tag === "Resolved" ? { _tag: "ActivityResolved", at, seq, exit: told.exit } : undefined\n',
    test: turn,
    title: "that is not open any more is ignored"
  },
  {
    file: "src/internal/replay/turn.ts",
    bug: "settles a message twice",
    find: "return owed.has(id)\n",
    replace: "return true\n",
    test: turn,
    title: "that is settled is told to the program once"
  },
  {
    file: "src/internal/replay/news.ts",
    bug: "forgets the pause between two attempts",
    find: "failure, retryAt: at + pause",
    replace: "failure, retryAt: at",
    test: turn,
    title: "that failed is attempted again after a pause, and the program is not told"
  },
  {
    file: "src/internal/replay/turn.ts",
    bug: "takes an execution without saying so",
    find: "this.record(isLost ? { ...changed, lost: true } : changed)\n",
    replace: "void changed\n",
    test: turn,
    title: "names the worker before anything that follows"
  },
  {
    file: "src/internal/replay/turn.ts",
    bug: "takes over what is blocked and cannot go on here either",
    find: 'if (this.program._tag === "Stopped" && (this.state.status === "blocked" || !mayBlock)) {',
    replace: 'if (this.program._tag === "Stopped" && !mayBlock) {',
    test: turn,
    title: "of a program that cannot go on blocks it, and is declined when it was blocked already"
  },
  {
    file: "src/internal/replay/turn.ts",
    bug: "times out what is cancelled already",
    find: "if (cancel === undefined && deadline !== undefined",
    replace: "if (deadline !== undefined",
    test: turn,
    title: "is the deadline before a timer of the same time, and no deadline once the run is cancelled"
  },
  {
    file: "src/internal/replay/turn.ts",
    bug: "fires a timer before the deadline of the same time",
    find: "deadline <= fireAt",
    replace: "deadline < fireAt",
    test: turn,
    title: "is the deadline before a timer of the same time, and no deadline once the run is cancelled"
  },
  {
    file: "src/internal/replay/turn.ts",
    bug: "goes back in time",
    find: "Math.max(this.clock, this.started.updatedAt)",
    replace: "this.clock",
    test: turn,
    title: "has the time of the turn, or that of the latest event if that is later"
  },
  {
    file: "src/internal/replay/turn.ts",
    bug: "blocks again what is blocked",
    find: "if (this.state.problem?.reason === this.program.problem.reason) return\n",
    replace: "",
    test: turn,
    title: "a program that stopped is blocked once"
  },
  {
    file: "src/internal/replay/turn.ts",
    bug: "looks for the address of the execution itself",
    find: "if (to === workflowId) return",
    replace: "if (to === runId) return",
    test: turn,
    title: "to the execution itself needs no look"
  },
  {
    file: "src/internal/replay/turn.ts",
    bug: "delivers before addresses are known",
    find: "this.wants.length === 0 && ",
    replace: "",
    test: turn,
    title: "pauses the turn until its address is known"
  },
  {
    file: "src/internal/replay/turn.ts",
    bug: "sends to the execution itself as it was at its start",
    find: "version: this.current.version as Version",
    replace: "version: 0 as Version",
    test: turn,
    title: "to the execution itself needs no look"
  },
  {
    file: "src/internal/replay/turn.ts",
    bug: "keeps back the commands of the start",
    find: "event.continues === undefined || this.takeWithStart()",
    replace: "event.continues !== undefined && this.takeWithStart()",
    test: turn,
    title: "is the first event, and the commands of the program follow"
  },
  {
    file: "src/internal/replay/turn.ts",
    bug: "begins an update again whose id it knows",
    find: 'if (standing !== "unknown") return',
    replace: 'if (standing === "other") return',
    test: turn,
    title: "is recorded with its acceptance and its answer, once for an id"
  },
  {
    file: "src/internal/replay/turn.ts",
    bug: "takes a signal again whose key it knows",
    find: "told.key !== undefined && keys.has(told.key) ? undefined",
    replace: "false ? undefined",
    test: turn,
    title: "of a key that is known is not recorded"
  },
  {
    file: "src/internal/replay/Mailboxes.ts",
    bug: "delivers a signal again whose key it knows",
    find: "return this.keys.add(key).size === size",
    replace: "return this.keys.add(key).size < size",
    test: onMemory,
    title: "5. of signals with one key a chain takes the first, wherever they are sent"
  },
  {
    file: "src/internal/replay/Updates.ts",
    bug: "answers an id twice",
    find: "if (this.known.has(id)) return\n",
    replace: "",
    test: interpreter,
    title: "a second request of an id changes nothing"
  },
  {
    file: "src/internal/replay/Updates.ts",
    bug: "forgets what waits for a handler",
    find: "else others.push(request)",
    replace: "",
    test: onMemory,
    title: "19. an update waits for its handler, and is named meanwhile"
  },
  {
    file: "src/internal/replay/Updates.ts",
    bug: "asks a validation again in a replay",
    find: 'if (event._tag === "UpdateAccepted") this.judged.set(event.id, "accepted")',
    replace: 'if (event._tag === "UpdateAccepted") this.judged.delete(event.id)',
    test: onMemory,
    title: "19. a replay does not ask a validation again, whatever it would say now"
  },
  {
    file: "src/internal/replay/turn.ts",
    bug: "does not say that the worker before it died",
    find: "isLost ? { ...changed, lost: true } : changed",
    replace: "changed",
    test: turn,
    title: "are counted when the worker died, and not when it ended in order"
  },
  {
    file: "src/internal/replay/turn.ts",
    bug: "runs for ever what ends its process",
    find: "if (losses === undefined) return this.collect()",
    replace: "if (losses?.pause !== 0) return this.collect()",
    test: turn,
    title: "make the next ones run alone after three, and block the execution after three more"
  },
  {
    file: "src/internal/replay/turn.ts",
    bug: "blocks what lost its worker in order",
    find: "isLost && !wasBlocked ? tooManyLosses",
    replace: "!wasBlocked ? tooManyLosses",
    test: turn,
    title: "do not block an execution that changes hands in order"
  },
  {
    file: "src/internal/replay/turn.ts",
    bug: "blocks what others may be able to run",
    find: '(this.state.status === "blocked" || !mayBlock)) {',
    replace: 'this.state.status === "blocked") {',
    test: turn,
    title: "of a program that cannot go on is declined while others may be able to run it"
  },
  {
    file: "src/internal/replay/turn.ts",
    bug: "blocks what was blocked when its worker died",
    find: "isLost && !wasBlocked ? tooManyLosses",
    replace: "isLost ? tooManyLosses",
    test: "test/Executor/retried.test.ts",
    title: "2. an execution that was blocked by its losses when its worker died is tried, and not blocked again"
  },
  {
    file: "src/internal/replay/defect.ts",
    bug: "records one cause too many",
    find: "depth < maxCauses",
    replace: "depth <= maxCauses",
    test: "test/replay/defect.test.ts",
    title: "keeps its causes, four deep"
  },
  {
    file: "src/internal/replay/defect.ts",
    bug: "follows an error that is its own cause",
    find: " && !within.holders.includes(inner)",
    replace: "",
    test: "test/replay/defect.test.ts",
    title: "that is its own cause ends"
  },
  {
    file: "src/internal/replay/defect.ts",
    bug: "lets a long message push the places out of the stack",
    find: "withoutRepetition(textOf(stack), message)",
    replace: "textOf(stack)",
    test: "test/replay/defect.test.ts",
    title: "of a message of ten million characters is short, and its stack has the places"
  },
  {
    file: "src/internal/replay/Compensations.ts",
    bug: "undoes first what was done first",
    find: "let next = registered.pop(); next !== undefined; next = registered.pop()",
    replace: "let next = registered.shift(); next !== undefined; next = registered.shift()",
    test: onMemory,
    title: "7. compensations run in reverse when a workflow ends by a cancel"
  },
  {
    file: "src/internal/replay/Compensations.ts",
    bug: "stops at the first compensation that fails",
    find: "if (Exit.isSuccess(exit)) continue",
    replace: "if (Exit.isSuccess(exit)) continue\n        registered.length = 0",
    test: onMemory,
    title: "7. a compensation that fails keeps no other from running, and the declared error is the end"
  },
  {
    file: "src/internal/replay/Compensations.ts",
    bug: "undoes what succeeded",
    find: "Exit.isSuccess(exit) || this.registered.length === 0",
    replace: "this.registered.length === 0",
    test: onMemory,
    title: "7. compensations do not run when a workflow succeeds or is terminated"
  },
  {
    file: "src/internal/replay/closing.ts",
    bug: "forgets what compensations failed with",
    find: "failure: failureOf(fail.error), ...detailOf(late) }",
    replace: "failure: failureOf(fail.error) }",
    test: onMemory,
    title: "7. a compensation that fails keeps no other from running, and the declared error is the end"
  },
  {
    file: "src/internal/replay/Interpreter.ts",
    bug: "loses what the program has not received when it continues",
    find: "unread: mailboxes.untaken",
    replace: "unread: []",
    test: onMemory,
    title: "17. signals that were not received are received by the next run, in order, and a new worker loses none"
  },
  {
    file: "src/internal/replay/Interpreter.ts",
    bug: "loses a cancel that came after the program had continued",
    find: "this.cancelled ??= event",
    replace: "void event",
    test: onMemory,
    title: "17. a cancel that came before the program continued ends the next run"
  },
  {
    file: "src/internal/replay/Interpreter.ts",
    bug: "never suggests to continue",
    find: "this.length >= (event.suggestContinueAt ?? suggestedLength)",
    replace: "this.length >= suggestedLength",
    test: onMemory,
    title: "17. a program learns how long its history is, and when to continue"
  },
  {
    file: "src/internal/replay/Patches.ts",
    bug: "goes by a patch in the replay of what is older",
    find: "this.known?.(id) ?? (!isReplaying || this.recorded.has(id))",
    replace: "this.known?.(id) ?? true",
    test: onMemory,
    title: "9. a patch is for new executions, and those under way go on as they began"
  },
  {
    file: "src/internal/replay/Patches.ts",
    bug: "asks again",
    find: "if (known !== undefined) return known",
    replace: "",
    test: onMemory,
    title: "9. a patch is for new executions, and those under way go on as they began"
  },
  {
    file: "src/internal/replay/Patches.ts",
    bug: "leaves no mark of what is deprecated",
    find: "if (!isReplaying || this.recorded.has(id)) this.record({ id, deprecated: true })",
    replace: "if (this.recorded.has(id)) this.record({ id, deprecated: true })",
    test: onMemory,
    title: "9. a patch that is deprecated is passed over, and a release with the question or without it goes on"
  },
  {
    file: "src/internal/replay/turn.ts",
    bug: "notes that it has seen what others recorded while an attempt runs alone",
    find: "this.state.unreadSince === undefined || runsAlone(this.state)",
    replace: "this.state.unreadSince === undefined",
    test: turn,
    title: "is not noted while an attempt runs alone, which would not be known to be alone any more"
  },
  {
    file: "src/internal/replay/turn.ts",
    bug: "notes again and again that it has seen what others recorded",
    find: "this.state.unreadSince === undefined || runsAlone(this.state)",
    replace: "runsAlone(this.state)",
    test: turn,
    title: "is noted to be seen once, where nothing followed from it"
  },
  {
    file: "src/internal/replay/reader.ts",
    bug: "lets handlers draw the numbers of the program",
    find: "nextDoubleUnsafe: () => (scheduler.guest?.random ?? own).nextDoubleUnsafe(),",
    replace: "nextDoubleUnsafe: () => own.nextDoubleUnsafe(),",
    test: asked,
    title: "has the time of the latest event, and numbers of its own that begin again each time"
  },
  {
    file: "src/internal/replay/Queries.ts",
    bug: "lets handlers take signals",
    find: "poll: (signal) => only(() => `received signal ${JSON.stringify(signal)}`, protocol.poll(signal))",
    replace: "poll: (signal) => protocol.poll(signal)",
    test: asked,
    title: "and is told what it did instead"
  },
  {
    file: "src/internal/replay/reader.ts",
    bug: "leaves behind what a handler waits for",
    find: "    this.interruptAll()\n    return exit",
    replace: "    return exit",
    test: asked,
    title: "and what it leaves behind takes nothing from the program"
  },
  {
    file: "src/internal/replay/reader.ts",
    bug: "goes on with a program whose fiber was woken",
    find: "      this.host.stop(this.harm(this.misdeed))\n      this.stop",
    replace: "      this.stop",
    test: asked,
    title: "and one that moves a fiber of the program, or does not end, stops the copy that it was given"
  },
  {
    file: "src/internal/replay/Interpreter.ts",
    bug: "lets handlers sleep",
    find: '    this.scheduler.guest?.refuse("slept")\n',
    replace: "",
    test: asked,
    title: "leave the history as it is: Sequence"
  },
  {
    file: "src/internal/replay/WorkflowScheduler.ts",
    bug: "counts what a handler schedules as the program's",
    find: "if (this.guest !== undefined) this.guest.scheduleTask(run, 0)",
    replace: "if (this.guest === null) return",
    test: asked,
    title: "and is told what it did instead"
  },
  {
    file: "src/internal/replay/turn.ts",
    bug: "pins nothing",
    find: ", ...pinOf(this.state, programVersion) }",
    replace: " }",
    test: onMemory,
    title: "9. a start without a version gets the highest that its first worker has, and keeps it"
  },
  {
    file: "src/internal/replay/turn.ts",
    bug: "forgets the deadline of a chain",
    find: "const due = this.nextDue()\n    if (due?._tag",
    replace: "const due = undefined as DeliveredEvent | undefined\n    if (due?._tag",
    test: turn,
    title: "hears of its deadline"
  },
  {
    file: "src/internal/replay/turn.ts",
    bug: "goes on after the end that came with the start",
    find: "return !this.take(told)",
    replace: "return this.take(told)",
    test: turn,
    title: "may be terminated with it, and what comes after that is not taken"
  },
  {
    file: "src/internal/replay/turn.ts",
    bug: "leaves the mail of a run that is over with its start",
    find: "if (isSent(told)) this.leaveTo(this.eventOf(told))",
    replace: "if (isSent(told)) break",
    test: turn,
    title: "takes with it what has come, which the run after it has when this one is over already"
  },
  {
    file: "src/internal/replay/Interpreter.ts",
    bug: "takes updates of a program that ends where it took none before",
    find: "updates: () => this.updated(),",
    replace: "updates: () => this.updates ?? new Updates(() => {}, this.queries),",
    test: interpreter,
    title: "come too late for a program that ends, also where its first handler is registered then"
  },
  {
    file: "src/internal/replay/Interpreter.ts",
    bug: "counts patches that may be forgotten",
    find: 'if (command._tag !== "PatchRecorded") this.length++',
    replace: "this.length++",
    test: interpreter,
    title: "may have lost a patch that was deprecated, which the length of the history does not count"
  },
  {
    file: "src/internal/replay/Updates.ts",
    bug: "leaves an update without an answer when the run waits to continue",
    find: "if (this.ending && !reasons",
    replace: "if (this.stopping && !reasons",
    test: interpreter,
    title: "are answered before a run continues, also by a handler that interrupts itself"
  },
  {
    file: "src/internal/replay/Mailboxes.ts",
    bug: "leaves signals to the next run by their names",
    find: "return all.sort((a, b) => a.order - b.order).map",
    replace: "return all.map",
    test: schedules,
    title: "Script goes on as it was, and its next run has what was left"
  },
  {
    file: "src/internal/replay/Mailboxes.ts",
    bug: "knows no keys of earlier runs",
    find: "for (const key of keys) this.isKnown(key)",
    replace: "for (const key of keys.slice(0, 0)) this.isKnown(key)",
    test: schedules,
    title: "Inbox goes on as it was, and its next run has what was left"
  },
  {
    file: "src/internal/replay/Updates.ts",
    bug: "answers an update of an earlier run again",
    find: "for (const [id] of answered) this.known.add(id)",
    replace: "for (const [id] of answered) this.known.has(id)",
    test: schedules,
    title: "Script goes on as it was, and its next run has what was left"
  },
  {
    file: "src/internal/replay/Updates.ts",
    bug: "answers an update twice that is asked twice",
    find: "if (this.known.has(id)) return\n",
    replace: "",
    test: schedules,
    title: "Script goes on as it was, and its next run has what was left"
  },
  {
    file: "src/internal/replay/Patches.ts",
    bug: "goes by a patch that the history does not have",
    find: "this.known?.(id) ?? (!isReplaying || this.recorded.has(id))",
    replace: "this.known?.(id) ?? true",
    test: schedules,
    title: "Changed goes on as it was, and its next run has what was left"
  },
  {
    file: "src/internal/replay/Patches.ts",
    bug: "decides on a patch anew at each call",
    find: "if (known !== undefined) return known",
    replace: "if (known === true) return known",
    test: schedules,
    title: "Changed goes on as it was, and its next run has what was left"
  },
  {
    file: "src/internal/replay/Interpreter.ts",
    bug: "loses a signal that comes with the last command of a run",
    find: 'if (event._tag === "SignalReceived") this.mailboxes.deliver(event)\n    else if',
    replace: 'if (event._tag === "SignalReceived") return\n    else if',
    test: schedules,
    title: "Hasty goes on as it was, and its next run has what was left"
  },
  {
    file: "src/internal/replay/Interpreter.ts",
    bug: "has a cancel that was not heard forgotten by the next run",
    find: 'if (cancel !== undefined) this.cancelled = { _tag: "CancelRequested", ...cancel }',
    replace: "",
    test: schedules,
    title: "Hasty goes on as it was, and its next run has what was left"
  },
  {
    file: "src/internal/replay/Children.ts",
    bug: "tells a fiber that waits late of nothing",
    find: "this.unasked.delete(runId)\n        return resume(Effect.succeed(found))",
    replace: "this.unasked.delete(runId)\n        return",
    test: schedules,
    title: "Script goes on as it was, and its next run has what was left"
  },
  {
    file: "src/internal/replay/Outbox.ts",
    bug: "numbers the messages of each run from 1",
    find: "this.sent = started.continues?.sent ?? 0",
    replace: "this.sent = 0",
    test: schedules,
    title: "Script goes on as it was, and its next run has what was left"
  },
  {
    file: "src/internal/replay/Updates.ts",
    bug: "takes updates while the run waits to continue",
    find: "const handler = this.stopping ? undefined : this.handlers.get(name)\n    if (handler !== undefined) return this.take",
    replace: "const handler = this.handlers.get(name)\n    if (handler !== undefined) return this.take",
    test: schedules,
    title: "Script goes on as it was, and its next run has what was left"
  },
  {
    file: "src/internal/replay/Updates.ts",
    bug: "lets the handlers of a program answer while it compensates",
    find: "this.handlers.clear()\n",
    replace: "\n",
    test: portable,
    title: "19. a compensation takes updates by its own handlers, also those that came before them"
  },
  {
    file: "src/internal/replay/Updates.ts",
    bug: "takes no updates in compensations",
    find: "this.stopping = false\n    this.ending = false\n    return Effect.ensuring",
    replace: "return Effect.ensuring",
    test: portable,
    title: "19. a compensation takes updates by its own handlers, also those that came before them"
  },
  {
    file: "src/ai/Desk.ts",
    bug: "asks people in a compensation and hears no answer",
    find: "if (known !== undefined && protocolOf(program).updates().taken.includes(AnswerRequest.name)) return known",
    replace: "if (known !== undefined && protocolOf(program).updates().taken) return known",
    test: "test/ai/humanActivity.test.ts",
    title: "is answered in a compensation too, where those of the program are not known any more"
  },
  {
    file: "src/internal/replay/attributes.ts",
    bug: "counts attributes of the start alone",
    find: "current = withChanges(current, changes)\n",
    replace: "\n",
    test: onMemory,
    title: "8. attributes of a start and of the program count together"
  },
  {
    file: "src/internal/replay/attributes.ts",
    bug: "counts attributes of the program alone",
    find: "let current: Attributes = attributes\n",
    replace: "let current: Attributes = none\n",
    test: onMemory,
    title: "8. attributes of a start and of the program count together"
  },
  {
    file: "src/internal/replay/Queries.ts",
    bug: "lets queries set attributes",
    find: '      scheduler.guest?.refuse("set attributes")\n',
    replace: "",
    test: onMemory,
    title: "8. a query only reads: its handler cannot set attributes"
  },
  {
    file: "src/internal/replay/Interpreter.ts",
    bug: "does not keep what an inline activity does",
    find: "this.pending.set(seq, { resume, closure })",
    replace: "this.pending.set(seq, { resume, closure: undefined })",
    test: "test/replay/schedules.test.ts",
    title: "is handed over again what its open inline activities do, and nothing of others"
  }
]
