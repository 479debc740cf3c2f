/**
 * Small ways to break the sources, each of which a test must notice. `npm run test:mutants` tries them all.
 */

/** Replaces the one place in `file` that reads `find`; the tests of `test` whose titles contain `title` must then fail. */
export interface Mutant {
  readonly file: string
  /** What is wrong then, in words: the file ... */
  readonly bug: string
  readonly find: string
  readonly replace: string
  readonly test: string
  readonly title: string
}

const executor = "test/Executor/Memory.test.ts"
const interpreter = "test/replay/interpreter.test.ts"
const match = "test/replay/match.test.ts"
const memoryStore = "test/Store/Memory.test.ts"
const mismatch = "test/replay/mismatch.test.ts"
const scheduler = "test/replay/scheduler.test.ts"
const sqliteStore = "test/Store/Sqlite.test.ts"

/** The mutants, by the file that they break. */
export const mutants: ReadonlyArray<Mutant> = [
  {
    file: "package.json",
    bug: "lets internals be imported",
    find: '"./internal/*": null',
    replace: '"./internals/*": null',
    test: "test/tidy.test.ts",
    title: "exports every public module, and closes every other folder"
  },
  {
    file: "src/Executor/default/Alarms.ts",
    bug: "forgets an alarm that is due already",
    find: "if (pause === 0) return this.ring()",
    replace: "if (pause === 0) return",
    test: executor,
    title: "4. a repetition that was due while nobody ran it is made at once, and not before its time"
  },
  {
    file: "src/Executor/default/Attempts.ts",
    bug: "retries a defect",
    find: '|| failure._tag === "Die") return done({ _tag: "Resolved", exit: failure })',
    replace:
      ') return done({ _tag: "Resolved", exit: failure })\n    if (failure._tag === "Die") return done({ _tag: "Retry", failure, pause: 10 })',
    test: executor,
    title: "4. a defect is final"
  },
  {
    file: "src/Executor/default/Attempts.ts",
    bug: "forgets the failures of before a restart",
    find: "for (const past of activity.failures) yield* attempt.step(past.at, past.failure)",
    replace: "",
    test: executor,
    title: "4. attempts and the state of the schedule survive restarts"
  },
  {
    file: "src/Executor/default/Attempts.ts",
    bug: "gives each attempt a key of its own",
    find: "idempotencyKey: `${owner.runId}/${seq}`",
    replace: "idempotencyKey: `${owner.runId}/${seq}/${activity.failures.length}`",
    test: executor,
    title: "2. a handler is told the number of the attempt and a key that stays the same"
  },
  {
    file: "src/Executor/default/Attempts.ts",
    bug: "runs what was cancelled while it stood in line",
    find: "this.line.delete(attempt)\n    const fiber",
    replace: "const fiber",
    test: executor,
    title: "12. activities that were cancelled in line do not hold up those behind them"
  },
  {
    file: "src/Executor/default/Attempts.ts",
    bug: "lets in all who stand in line",
    find: "if (this.running >= this.limit) break",
    replace: "",
    test: executor,
    title: "12. no more than maxActivities handlers run at once, and all run in the end"
  },
  {
    file: "src/Executor/default/Attempts.ts",
    bug: "lets everybody in who finds nobody in line",
    find: " || this.running >= this.limit",
    replace: "",
    test: executor,
    title: "12. no more than maxActivities handlers run at once, and all run in the end"
  },
  {
    file: "src/Executor/default/Execution.ts",
    bug: "carries commands out before they are saved",
    find: "this.inHand = turn.taken\n",
    replace: "this.inHand = turn.taken\n    this.carryOut(events)\n",
    test: executor,
    title: "3. an activity is in the store before its handler runs"
  },
  {
    file: "src/Executor/default/Execution.ts",
    bug: "takes messages for saved that met a conflict",
    find: 'messages)\n      this.inbox.unshift(...messages)\n      this.phase = { _tag: "Parked" }\n    } else if (error.reason._tag === "TooLarge")',
    replace:
      'messages)\n      for (const message of messages) answer(message, undefined)\n      this.phase = { _tag: "Parked" }\n    } else if (error.reason._tag === "TooLarge")',
    test: executor,
    title: "11. signals sent through many executors at once all arrive, each once"
  },
  {
    file: "src/Executor/default/Execution.ts",
    bug: "forgets the alarm of what leaves memory",
    find: 'this.phase = { _tag: "Parked" }\n    this.attempts = undefined',
    replace:
      'this.phase = { _tag: "Parked" }\n    this.shell.alarms.at(this, undefined)\n    this.attempts = undefined',
    test: executor,
    title: "12. executions beyond maxHot wake at the time of their timers"
  },
  {
    file: "src/Executor/default/Execution.ts",
    bug: "forgets open activities when it resumes",
    find: 'for (const command of state.open) if (command._tag === "Activity") this.startOpen(state, command.seq)',
    replace: "",
    test: executor,
    title: "2. a handler whose executor ended runs again, as the same attempt with the same key"
  },
  {
    file: "src/Executor/default/Execution.ts",
    bug: "refuses the message when the program asks for too much",
    find: "} else if (this.excess === undefined) {",
    replace: "} else if (false) {",
    test: executor,
    title: "12. a program that asks for more than a commit can hold is blocked, and goes on with better code"
  },
  {
    file: "src/Executor/default/Execution.ts",
    bug: "lets handlers run that nobody waits for any more",
    find: 'else if (event._tag === "ActivityCancelled") this.abandon(event.seq)',
    replace: "",
    test: executor,
    title: "2. the handler of a call that lost a race or took too long is interrupted while the program goes on"
  },
  {
    file: "src/Executor/default/Execution.ts",
    bug: "goes on with what another worker has taken",
    find: "(!claimed && summary.owner !== this.shell.worker)",
    replace: "false",
    test: executor,
    title: "11. an executor that was taken for dead passes on what it is told, and does not take the execution back"
  },
  {
    file: "src/Executor/default/Executions.ts",
    bug: "looks no further when an execution is busy",
    find: "else this.hot.add(execution)",
    replace: "else return void this.hot.add(execution)",
    test: executor,
    title: "12. executions whose handlers run do not keep the idle ones in memory"
  },
  {
    file: "src/Executor/default/Outside.ts",
    bug: "sends signals to finished executions",
    find: "if (isFinal(summary.status)) return yield* new Finished({ status: summary.status })",
    replace: "",
    test: executor,
    title: "5. a signal to a finished execution is an error that says how it ended"
  },
  {
    file: "src/Executor/default/Ownership.ts",
    bug: "takes executions of living workers",
    find: "const alive = new Set(yield* this.store.workers)",
    replace: "const alive = new Set<WorkerId>()",
    test: executor,
    title: "11. executions of a dead executor are spread over the living, each taken by one"
  },
  {
    file: "src/Executor/default/Ownership.ts",
    bug: "does not let others go first",
    find: "looks >= this.rank(summary.workflowId, alive)",
    replace: "looks >= 0",
    test: executor,
    title: "11. executions of a dead executor are spread over the living, each taken by one"
  },
  {
    file: "src/Executor/default/Results.ts",
    bug: "looks for the latest run only",
    find: "this.look(workflowId, runId), { discard: true }",
    replace: "this.look(workflowId, undefined), { discard: true }",
    test: executor,
    title: "11. who waits for a run learns its end also when the next run has begun"
  },
  {
    file: "src/Executor/default/Saves.ts",
    bug: "answers before the store does",
    find: "this.enqueue({ commit, done, attempts: 0 })",
    replace: "done(Exit.void)\n    this.enqueue({ commit, done: () => {}, attempts: 0 })",
    test: executor,
    title: "13. while the store is away nothing that depends on it happens, and then it goes on"
  },
  {
    file: "src/Executor/default/Saves.ts",
    bug: "takes silence of the store for an answer",
    find: 'error === undefined || error.reason._tag !== "Unavailable"',
    replace: 'error === undefined || error.reason._tag === "Unavailable"',
    test: executor,
    title: "13. while the store is away nothing that depends on it happens, and then it goes on"
  },
  {
    file: "src/Executor/default/Saves.ts",
    bug: "forgets at a shutdown what waits to be saved again",
    find: "for (const entry of [...this.ready.splice(0), ...this.unanswered])",
    replace: "for (const entry of this.ready.splice(0))",
    test: executor,
    title: "14. a store that is away delays a shutdown only so long"
  },
  {
    file: "src/Executor/default/Turn.ts",
    bug: "fires timers before their time",
    find: "command.fireAt > due ||",
    replace: "command.fireAt > due + 60_000 ||",
    test: executor,
    title: "6. timers fire in the order of their times, whatever the order in which they were set"
  },
  {
    file: "src/Executor/default/Turn.ts",
    bug: "keeps an execution blocked that goes on",
    find: "this.unblock()\n",
    replace: "\n",
    test: executor,
    title: "9. a block that does not come back by replay ends when the execution is next told something"
  },
  {
    file: "src/Executor/default/Turn.ts",
    bug: "delivers a batch before it takes what the program asks for",
    find: "this.phase.interpreter.deliver(event)\n    this.collect()",
    replace:
      "this.phase.interpreter.deliver(event)\n    if (this.taken.length === this.messages.length) this.collect()",
    test: executor,
    title: "2. of two results that come together, only the first counts if it makes the other unwanted"
  },
  {
    file: "src/Executor/default/Worker.ts",
    bug: "relies on news of commits",
    find: "this.executions.get(workflowId)?.notice(version))",
    replace: "this.executions.get(workflowId))",
    test: executor,
    title: "11. a message is seen also when the news of it is lost"
  },
  {
    file: "src/Executor/default/Worker.ts",
    bug: "cuts the ids by which commits are known again",
    find: "const nonce = options.makeId()",
    replace: "const nonce = options.makeId().slice(0, 16)",
    test: executor,
    title: "11. no acknowledged signal is lost, however late the ids of two executors differ"
  },
  {
    file: "src/Executor/default/Worker.ts",
    bug: "keeps callers waiting while the store is away",
    find: "if (waiting) this.patience.remember(reply)",
    replace: "",
    test: executor,
    title: "13. callers are told after patience that the store is away"
  },
  {
    file: "src/Executor/default/Worker.ts",
    bug: "records no deadline",
    find: "...(Number.isFinite(milliseconds) ? {",
    replace: "...(Number.isNaN(milliseconds) ? {",
    test: executor,
    title: "7. a timeout of the execution is a cancel with that reason"
  },
  {
    file: "src/Executor/default/Worker.ts",
    bug: "takes another input for the same",
    find: "!equalJson(first.input, request.input)",
    replace: "false",
    test: executor,
    title: "1. another input under one id is an error, running or finished"
  },
  {
    file: "src/Store/Memory.ts",
    bug: "begins again at version 1 after a deletion",
    find: "this.records.size === 0 ? undefined : headOf(this.deletion(workflowId))",
    replace: "undefined",
    test: memoryStore,
    title: "16. no version but the next one is free after a deletion, for a new run or an old one"
  },
  {
    file: "src/Store/Memory.ts",
    bug: "deletes what has moved on",
    find: "if (options.version !== version) return",
    replace: "if (options.version === -1) return",
    test: memoryStore,
    title: "9. an execution that has moved on is not deleted, nor one that has not come so far"
  },
  {
    file: "src/Store/Memory.ts",
    bug: "removes the beginning of the current run",
    find: "if (options.before > firstVersion) return",
    replace: "if (options.before > version) return",
    test: memoryStore,
    title: "9. `before` above the beginning of the current run is refused, and removes nothing"
  },
  {
    file: "src/Store/sqlite/Deletions.ts",
    bug: "deletes what has moved on",
    find: "if (options.version !== latest) return",
    replace: "if (options.version === -1) return",
    test: sqliteStore,
    title: "9. an execution that has moved on is not deleted, nor one that has not come so far"
  },
  {
    file: "src/Store/sqlite/Deletions.ts",
    bug: "forgets what an earlier deletion said",
    find: "{ ...said.success, ...options.seen }",
    replace: "{ ...options.seen }",
    test: sqliteStore,
    title: "16. a second deletion keeps what the first one said and the second does not, also while the id is in use"
  },
  {
    file: "src/Store/sqlite/Deletions.ts",
    bug: "forgets the run of what it leaves",
    find: "nameRun.run(execution.key, options.before)\n",
    replace: "\n",
    test: sqliteStore,
    title: "9. `before` within an older run leaves the rest of it, and of each commit its run"
  },
  {
    file: "src/Store/sqlite/Fence.ts",
    bug: "takes a commit of any version, of an execution that it knows",
    find: "AND version = ?2 - 1 AND run_id = ?5 AND status",
    replace: "AND run_id = ?5 AND status",
    test: sqliteStore,
    title: "3. version 5 after version 2 is a conflict"
  },
  {
    file: "src/Store/sqlite/Fence.ts",
    bug: "takes a commit of any version, of an execution that it must find",
    find: "AND version = ?2 - 1 AND (",
    replace: "AND (",
    test: sqliteStore,
    title: "3. version 5 after version 2 is a conflict"
  },
  {
    file: "src/Store/sqlite/Fence.ts",
    bug: "goes on with a deleted run in what has its place",
    find: "AND run_id = ?5 AND status",
    replace: "AND (TRUE OR run_id = ?5) AND status",
    test: sqliteStore,
    title: "9. a deleted execution takes no commit, before the id is used again and after"
  },
  {
    file: "src/Store/sqlite/Fence.ts",
    bug: "does not know a commit that it has",
    find: "commits.id AS commit_id",
    replace: "NULL AS commit_id",
    test: sqliteStore,
    title: "4. a commit that is saved again succeeds and changes nothing"
  },
  {
    file: "src/Store/sqlite/Fence.ts",
    bug: "lets anybody continue a run",
    find: "AND (run_id = ?5 OR",
    replace: "AND (TRUE OR run_id = ?5 OR",
    test: sqliteStore,
    title: "3. a history is continued by its own run only, unless another one begins"
  },
  {
    file: "src/Store/sqlite/Fence.ts",
    bug: "begins again at version 1 after a deletion",
    find: "WHERE NOT EXISTS (SELECT 1 FROM deletions WHERE workflow_id = ?1 AND until > ?18)",
    replace: "WHERE ?18 IS NOT NULL",
    test: sqliteStore,
    title: "16. no version but the next one is free after a deletion, for a new run or an old one"
  },
  {
    file: "src/Store/sqlite/Fence.ts",
    bug: "leaves the attributes of the past where they are found",
    find: "attributes.remove(execution)\n",
    replace: "\n",
    test: sqliteStore,
    title: "8. attributes that change, go and come with a new run are found as they are now"
  },
  {
    file: "src/Store/sqlite/List.ts",
    bug: "begins a page with the end of the one before",
    find: '[">", "<=", ""]',
    replace: '[">=", "<=", ""]',
    test: sqliteStore,
    title: "8. a pass answers every execution that matches once, ordered by start time and id"
  },
  {
    file: "src/Store/sqlite/List.ts",
    bug: "ends with the first slice",
    find: "if (taken !== undefined || ended) return taken",
    replace: "return taken",
    test: sqliteStore,
    title: "8. whatever the conditions, a pass and a count are of the executions that meet them all"
  },
  {
    file: "src/Store/sqlite/Workers.ts",
    bug: "lets workers live for ever",
    find: '"SELECT worker, pid, started FROM workers WHERE until > ? ORDER BY worker"',
    replace: '"SELECT worker, pid, started FROM workers WHERE ? > 0 ORDER BY worker"',
    test: sqliteStore,
    title: "13. a worker lives for the length of its lease"
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
    file: "src/internal/replay/Interpreter.ts",
    bug: "does not miss a recorded command that nobody issued",
    find: "issued === undefined || !isSame(recorded, issued)",
    replace: "issued !== undefined && !isSame(recorded, issued)",
    test: mismatch,
    title: "one too many at the end of what follows from an event"
  },
  {
    file: "src/internal/replay/Interpreter.ts",
    bug: "loses a signal for which nobody waits",
    find: "mailbox.buffered.push(event.payload)",
    replace: "return",
    test: interpreter,
    title: "are kept until somebody takes them, in order"
  },
  {
    file: "src/internal/replay/Interpreter.ts",
    bug: "gives a signal to all who wait",
    find: "else resume(Effect.succeed(event.payload))",
    replace: "else for (const each of [resume, ...mailbox.waiting.splice(0)]) each(Effect.succeed(event.payload))",
    test: interpreter,
    title: "go to one receiver each, the one who waited longest first"
  },
  {
    file: "src/internal/replay/Interpreter.ts",
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
    bug: "rounds timers down",
    find: "Math.ceil(",
    replace: "Math.floor(",
    test: executor,
    title: "6. a timer of a fraction of a millisecond is rounded up"
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
    file: "src/internal/replay/silence.ts",
    bug: "logs while it replays",
    find: "scheduler instanceof WorkflowScheduler && scheduler.replaying",
    replace: "false",
    test: scheduler,
    title: "logs, the console and spans"
  },
  {
    file: "src/internal/retry.ts",
    bug: "takes another jitter each time",
    find: "makeRandom(seed)",
    replace: "makeRandom(String(Math.random()))",
    test: executor,
    title: "4. jitter is the same after a restart"
  },
  {
    file: "src/internal/retry.ts",
    bug: "gives all activities the same jitter",
    find: "makeRandom(seed)",
    replace: 'makeRandom("")',
    test: executor,
    title: "4. jitter varies each pause"
  },
  {
    file: "src/internal/store/admit.ts",
    bug: "takes a commit of any version",
    find: "commit.version === latest + 1 && ",
    replace: "",
    test: memoryStore,
    title: "3. version 5 after version 2 is a conflict"
  },
  {
    file: "src/internal/store/admit.ts",
    bug: "does not know a commit that it has",
    find: 'if (idAtVersion === commit.id) return "stored"',
    replace: "",
    test: memoryStore,
    title: "4. a commit that is saved again succeeds and changes nothing"
  },
  {
    file: "src/internal/store/admit.ts",
    bug: "lets anybody continue a run",
    find: "head?.runId === commit.runId",
    replace: "head?.runId !== undefined",
    test: memoryStore,
    title: "3. a history is continued by its own run only, unless another one begins"
  },
  {
    file: "src/internal/store/listing.ts",
    bug: "begins a page with the end of the one before",
    find: "order(after.value, summary) < 0",
    replace: "order(after.value, summary) <= 0",
    test: memoryStore,
    title: "8. a pass answers every execution that matches once, ordered by start time and id"
  }
]
