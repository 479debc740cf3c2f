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

const admission = "test/Store/admit.test.ts"
const asked = "test/replay/queries.test.ts"
const attemptEnds = "test/layers/attemptEnds.test.ts"
const attacked = "test/layers/hooksUnderAttack.test.ts"
const checksOfLives = "test/testing/checks.test.ts"
const clocks = "test/Executor/clocks.test.ts"
const codec = "test/codec.test.ts"
const configuredApps = "test/layers/configuredApps.test.ts"
const crashed = "test/crash/crashEverywhere.test.ts"
const effects = "test/effects/effects.test.ts"
const errors = "test/errors.test.ts"
const evolve = "test/replay/evolve.test.ts"
const executor = "test/Executor/Memory.test.ts"
const hookCalls = "test/layers/hookCalls.test.ts"
const humans = "test/ai/humanActivity.test.ts"
const hooked = "test/layers/hooks.test.ts"
const inngestHistory = "test/Store/InngestHistory.server.test.ts"
const inngestSettings = "test/Store/InngestSettings.server.test.ts"
const interpreter = "test/replay/interpreter.test.ts"
const kit = "test/testing/kit.test.ts"
const kafkaFold = "test/Store/KafkaFold.test.ts"
const lasting = "test/layers/lasting.test.ts"
const lease = "test/Executor/lease.test.ts"
const limitsOfActivities = "test/Executor/activityLimits.test.ts"
const lineOfHandlers = "test/Executor/line.test.ts"
const limits = "test/Executor/limits.test.ts"
const lives = "test/testing/lives.test.ts"
const lintConstructs = "test/lint/constructs.test.ts"
const lintPrograms = "test/lint/programs.test.ts"
const match = "test/replay/match.test.ts"
const models = "test/ai/llmActivity.test.ts"
const memoryStore = "test/Store/Memory.test.ts"
const metrics = "test/layers/metrics.test.ts"
const middleware = "test/layers/middleware.test.ts"
const middlewareLimits = "test/layers/middlewareLimits.test.ts"
const middlewareShared = "test/layers/middlewareShared.test.ts"
const misspelt = "test/layers/misspelt.test.ts"
const mismatch = "test/replay/mismatch.test.ts"
const newer = "test/Executor/newer.test.ts"
const operations = "test/Executor/operations.test.ts"
const ownership = "test/Executor/ownership.test.ts"
const temporalCodec = "test/Executor/temporalCodec.test.ts"
const temporalSecrets = "test/Executor/temporalSecrets.server.test.ts"
const payloadCodec = "test/layers/payloadCodec.test.ts"
const payloadEnvelope = "test/layers/payloadEnvelope.test.ts"
const payloadSecrets = "test/layers/payloadSecrets.test.ts"
const parsing = "test/values/parse.test.ts"
const postgresLink = "test/Store/PostgresLink.server.test.ts"
const postgresSettings = "test/Store/PostgresSettings.server.test.ts"
const postgresStore = "test/Store/Postgres.server.test.ts"
const providers = "test/layers/providers.test.ts"
const queries = "test/Executor/queries.test.ts"
const refused = "test/effects/refused.test.ts"
const retention = "test/layers/retention.test.ts"
const scheduler = "test/replay/scheduler.test.ts"
const schedules = "test/replay/messageSchedules.test.ts"
const sqliteClient = "test/Store/SqliteClient.test.ts"
const sqliteFold = "test/Store/SqliteFold.test.ts"
const sqliteExecutor = "test/Executor/Sqlite.test.ts"
const sqliteWorkers = "test/Executor/SqliteWorkers.test.ts"
const sqliteStore = "test/Store/Sqlite.test.ts"
const summary = "test/replay/summary.test.ts"
const throwing = "test/Executor/throwing.test.ts"
const tracing = "test/layers/tracing.test.ts"
const postgresTransactions = "test/Store/PostgresTransactions.test.ts"
const sqliteTransactions = "test/Store/SqliteTransactions.test.ts"
const transactionsPostgres = "test/Executor/transactionsPostgres.server.test.ts"
const withinPostgres = "test/Executor/withinPostgres.server.test.ts"
const withinSqlite = "test/Executor/withinSqlite.test.ts"
const tools = "test/ai/toolActivity.test.ts"
const transactionsSqlite = "test/Executor/transactionsSqlite.test.ts"
const transfer = "test/layers/transfer.test.ts"
const turn = "test/replay/turn.test.ts"
const untilIdle = "test/Executor/untilIdle.test.ts"
const verify = "test/layers/verify.test.ts"
const temporalPortable = "test/Executor/temporalPortable.server.test.ts"
const temporalReading = "test/Executor/temporalReading.server.test.ts"
const temporalWords = "test/Executor/temporalWords.test.ts"

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
    file: "src/Executor/Default.ts",
    bug: "takes for a job all that a worker takes",
    find: "makeWorker(options, true)",
    replace: "makeWorker(options, false)",
    test: untilIdle,
    title: "leaves alone what is not due, with its owner and without a commit, also when it is called again"
  },
  {
    file: "src/Executor/default/services.ts",
    bug: "has every worker take only what is due",
    find: "makeWorker(options, false)",
    replace: "makeWorker(options, true)",
    test: executor,
    title: "11. what a dead executor left is taken by a living one and goes on where it was"
  },
  {
    file: "src/Executor/Executions.ts",
    bug: "takes what a parent sends at its end for a message with a number",
    find: "if (number > (seen[event.from] ?? 0)) seen[event.from] = number",
    replace: "seen[event.from] = number",
    test: executor,
    title: "8. an execution that its parent cancelled at its end can be deleted, and its id is free again"
  },
  {
    file: "src/Executor/Executions.ts",
    bug: "deletes another run",
    find: "return refusal instanceof Restarted ? yield* refusal : found.value",
    replace: "return found.value",
    test: executor,
    title: "8. a handle keeps to its execution: once the id is started again, it is refused"
  },
  {
    file: "src/Executor/Executions.ts",
    bug: "deletes what was started and finished meanwhile",
    find: "remove({ workflowId, runId })",
    replace: "remove({ workflowId })",
    test: executor,
    title: "8. a deletion leaves a run alone that was started, and has ended, while it is under way"
  },
  {
    file: "src/Executor/Executions.ts",
    bug: "deletes while messages are owed",
    find: "if (owed > 0) return yield* new StillOwes({ messages: owed })\n",
    replace: "",
    test: executor,
    title: "15. an execution that owes a message is not deleted, and is started again only after it is delivered"
  },
  {
    file: "src/Executor/Executions.ts",
    bug: "deletes what is not finished",
    find: "if (!isFinal(status)) return yield* new Unfinished({ status })\n",
    replace: "",
    test: executor,
    title: "8. an unfinished execution cannot be deleted"
  },
  {
    file: "src/Executor/Executions.ts",
    bug: "forgets which messages a deleted execution has seen",
    find: "store.delete(workflowId, { version, seen })",
    replace: "store.delete(workflowId, { version, seen: {} })",
    test: executor,
    title: "15. a receiver that is deleted after it took a message is not taken for one that never got it"
  },
  {
    file: "src/Executor/Executions.ts",
    bug: "forgets which messages earlier runs have seen",
    find: "store.load(workflowId, { after: all })",
    replace: "store.load(workflowId)",
    test: executor,
    title: "15. a message that was taken is known by the record of its receiver's deletion, whoever has the id then"
  },
  {
    file: "src/Executor/default/Activities.ts",
    bug: "forgets open activities when it resumes",
    find: "if (activity.ended === undefined) this.begin(activity)\n      else this.again(activity)",
    replace: "void activity",
    test: executor,
    title: "2. a handler whose executor ended runs again, as the same attempt with the same key"
  },
  {
    file: "src/Executor/default/Activities.ts",
    bug: "keeps in memory what waits for its next attempt",
    find: "if (run.dueAt === undefined) return false",
    replace: "if (run.dueAt !== -1) return false",
    test: executor,
    title: "12. executions leave memory when their activities have results or wait to be repeated, and not before"
  },
  {
    file: "src/Executor/default/Activities.ts",
    bug: "repeats an attempt at once after a restart",
    find: "if (activity.dueAt === undefined) this.attempt(activity, run)\n    else this.wait(activity.seq, activity.dueAt)",
    replace: "this.attempt(activity, run)",
    test: executor,
    title: "4. a repetition that was due while nobody ran it is made at once, and not before its time"
  },
  {
    file: "src/Executor/default/Activities.ts",
    bug: "begins again what runs",
    find: " || this.runs.has(activity.seq)) return",
    replace: ") return",
    test: executor,
    title: "11. a message through another executor does not begin again the handlers that run"
  },
  {
    file: "src/Executor/default/Activities.ts",
    bug: "keeps in memory what has its result",
    find: "if (run === undefined) return\n    this.runs.delete(seq)\n",
    replace: "if (run === undefined) return\n",
    test: executor,
    title: "12. executions leave memory when their activities have results or wait to be repeated, and not before"
  },
  {
    file: "src/Executor/default/Activities.ts",
    bug: "lets go of what is attempted again",
    find: "      run.dueAt = undefined\n",
    replace: "",
    test: executor,
    title: "12. executions leave memory when their activities have results or wait to be repeated, and not before"
  },
  {
    file: "src/Executor/default/Activities.ts",
    bug: "forgets a program that asked when the answer is a defect",
    find: "if (run.abandoned || (Exit.isFailure(exit) && Cause.hasInterruptsOnly(exit.cause))) return",
    replace: "if (run.abandoned || Exit.isFailure(exit)) return",
    test: executor,
    title: "16. a defect of the executor in what a program asks is that of the call, and is recorded"
  },
  {
    file: "src/Executor/default/ActivityRunner.ts",
    bug: "retries a defect",
    find: 'if (exit._tag === "Success" || exit._tag === "Die") return done({ _tag: "Resolved", exit })',
    replace:
      'if (exit._tag === "Success") return done({ _tag: "Resolved", exit })\n    if (exit._tag === "Die") return done({ _tag: "Failed", failure: exit, pause: 10 })',
    test: executor,
    title: "4. a defect is final"
  },
  {
    file: "src/Executor/default/BlockedExecutions.ts",
    bug: "tries one after the other without letting others",
    find: "if (pauses) yield* sleep(Math.min(longestPause, (fibers.passed() - begun) * pauseFactor))",
    replace: "void [pauses, sleep, longestPause, begun, pauseFactor]",
    test: executor,
    title: "9. executions that spin do not keep a new worker from its other work"
  },
  {
    file: "src/Executor/default/BlockedExecutions.ts",
    bug: "tries at each look",
    find: "!tries.isDue(summary) || ",
    replace: "",
    test: executor,
    title: "9. what no worker can run is blocked after a few looks, by one of them, and says so"
  },
  {
    file: "src/Executor/default/BlockedExecutions.ts",
    bug: "tries no blocked execution",
    find: "!isDue(summary, fibers.now())) continue",
    replace: "!isDue(summary, Number.NaN)) continue",
    test: executor,
    title: "9. a blocked execution is taken by a worker that can run it, while the one that blocked it lives"
  },
  {
    file: "src/Executor/default/BlockedExecutions.ts",
    bug: "waits for as long as a long try asks for",
    find: "Math.min(longestPause, (fibers.passed() - begun) * pauseFactor)",
    replace: "(fibers.passed() - begun) * pauseFactor",
    test: "test/Executor/blocked.test.ts",
    title: "waits after a try in vain for ten times as long as it took, and for a minute at most"
  },
  {
    file: "src/Executor/default/BlockedExecutions.ts",
    bug: "takes a lost race for a try in vain",
    find: 'if (outcome !== "Declined") continue',
    replace: 'if (outcome === "Taken") continue',
    test: "test/Executor/blocked.test.ts",
    title: "counts as a try in vain only one that its program declined, and delivers what is owed then"
  },
  {
    file: "src/internal/store/failure.ts",
    bug: "lets callers wait for what is damaged",
    find: 'reason._tag === "NewerFormat" || reason._tag === "Corrupt"',
    replace: 'reason._tag === "NewerFormat"',
    test: executor,
    title: "13. callers that wait for an execution are told by a heartbeat that its record is damaged"
  },
  {
    file: "src/Executor/default/Handover.ts",
    bug: "delivers an end long after its worker has heard nothing of it",
    find: "const shortest = 1",
    replace: "const shortest = 20",
    test: executor,
    title: "16. an end is delivered within two heartbeats where the worker of the parent has left unheard"
  },
  {
    file: "src/Executor/default/Handover.ts",
    bug: "leaves no end to the worker of the parent",
    find: "return owner !== undefined && owner !== worker && heartbeat.alive.has(owner)",
    replace: "return false",
    test: executor,
    title: "16. the worker of a parent fetches the ends of its children from other workers, several in one commit"
  },
  {
    file: "src/Executor/default/Lease.ts",
    bug: "judges at once after an outage",
    find: "if (silent) this.judgesFrom = now + this.milliseconds",
    replace: "void silent",
    test: executor,
    title: "11. when the store was away for longer than the lease, no worker that lives is taken for dead"
  },
  {
    file: "src/Executor/default/Lease.ts",
    bug: "counts a heartbeat from its answer",
    find: "this.until = hasBegun ? Math.max(until, asked + this.milliseconds) : asked + this.milliseconds",
    replace: "this.until = now + this.milliseconds",
    test: lease,
    title: "whose heartbeat took longer than the lease is over when the answer comes"
  },
  {
    file: "src/Executor/default/Lease.ts",
    bug: "judges after a first heartbeat that took a lease",
    find: "askedSince < asked || now >= asked + this.milliseconds",
    replace: "false",
    test: lease,
    title: "of which the first heartbeat took as long as the lease, or several of them, does not judge either"
  },
  {
    file: "src/Executor/default/Lease.ts",
    bug: "judges while its own lease is over",
    find: "return !this.isOver && this.now()",
    replace: "return this.now()",
    test: lease,
    title: "is not renewed by a heartbeat that gets no answer"
  },
  {
    file: "src/Executor/default/Lease.ts",
    bug: "forgets that its first heartbeat was not answered",
    find: "this.askedSince ??= asked",
    replace: "this.askedSince = asked",
    test: lease,
    title: "of which the first heartbeat took as long as the lease, or several of them, does not judge either"
  },
  {
    file: "src/Executor/default/Lease.ts",
    bug: "forgets with the next heartbeat that it was over",
    find: "return this.wasOver || this.isOver",
    replace: "return this.isOver",
    test: lease,
    title: "that was over has its worker look what others have taken, also when a heartbeat is taken first"
  },
  {
    file: "src/Executor/default/Questions.ts",
    bug: "answers for no execution that nothing has taken",
    find: "const registration = registrations.of(found.value)",
    replace: "const registration = found.value.owner === undefined ? undefined : registrations.of(found.value)",
    test: executor,
    title: "18. an execution that no worker has taken, or that was told something, answers by its history"
  },
  {
    file: "src/Executor/default/Tries.ts",
    bug: "does not pause for longer each time",
    find: "firstPause * 2 ** (count - 1)",
    replace: "firstPause",
    test: lease,
    title: "are tried after pauses that double, from half a minute to an hour"
  },
  {
    file: "src/Executor/default/Tries.ts",
    bug: "remembers tries of an earlier run",
    find: "known === undefined || known.runId !== runId ||",
    replace: "known === undefined ||",
    test: lease,
    title: "have pauses of their own, and so has each run"
  },
  {
    file: "src/Executor/default/Tries.ts",
    bug: "takes another run for the one that it tried",
    find: "return known?.runId === runId ? known.count : 0",
    replace: "return known?.count ?? 0",
    test: lease,
    title: "have pauses of their own, and so has each run"
  },
  {
    file: "src/Executor/default/Tries.ts",
    bug: "forgets what it tried last instead of first",
    find: "this.all.delete(workflowId)\n    this.all.set(",
    replace: "this.all.set(",
    test: lease,
    title: "are remembered up to a number, and those that were tried last"
  },
  {
    file: "src/Executor/default/Tries.ts",
    bug: "forgets the tries of all workflows when one has another program",
    find: "if (known.workflow === workflow) this.all.delete(workflowId)",
    replace: "this.all.delete(workflowId)",
    test: lease,
    title: "are forgotten once they go on, and those of a workflow that has another program"
  },
  {
    file: "src/Executor/default/attempts.ts",
    bug: "forgets the failures of before a restart",
    find: "for (const past of activity.failures) yield* run.step(past.at, past.failure)",
    replace: "",
    test: executor,
    title: "4. attempts and the state of the schedule survive restarts"
  },
  {
    file: "src/Executor/default/attempts.ts",
    bug: "gives each attempt the whole time of all",
    find: "if (left < one) return { after: all, remaining: left }",
    replace: "if (left < one) return { after: all, remaining: all }",
    test: executor,
    title: "4. the total timeout covers all attempts and the pauses between them"
  },
  {
    file: "src/Executor/default/attempts.ts",
    bug: "repeats after the time of all attempts",
    find: "now + pause < ends ? ",
    replace: "pause < Infinity ? ",
    test: executor,
    title: "4. the total timeout covers all attempts and the pauses between them"
  },
  {
    file: "src/Executor/default/attempts.ts",
    bug: "waits for ever for a policy that gives up",
    find: "Option.getOrElse(yield* run.step(now, failure), () => Number.POSITIVE_INFINITY)",
    replace: "Option.getOrElse(yield* run.step(now, failure), () => 0)",
    test: executor,
    title: "4. an activity that names no policy has 3 attempts, after 100 and 200 ms"
  },
  {
    file: "src/Executor/default/attempts.ts",
    bug: "takes a handler that interrupts itself for one that was interrupted",
    find: "? new Error(`the handler of activity ${name} interrupted itself`)",
    replace: '? new Error("interrupted")',
    test: executor,
    title: "10. a handler that interrupts itself is a defect of the call, not an endless wait"
  },
  {
    file: "src/Executor/default/attempts.ts",
    bug: "does not say which attempt a line of the log is about",
    find: "  attempt: attemptOf(activity)\n",
    replace: "  attempt: 0\n",
    test: "test/Executor/log.test.ts",
    title: "a defect of a handler is an error with its stack"
  },
  {
    file: "src/Executor/default/attempts.ts",
    bug: "gives each attempt a key of its own",
    find: "this.idempotencyKey = `${runId}/${seq}`",
    replace: "this.idempotencyKey = `${runId}/${seq}/${activity.failures.length}`",
    test: executor,
    title: "2. a handler is told the number of the attempt and a key that stays the same"
  },
  {
    file: "src/Executor/default/ActivityRunner.ts",
    bug: "runs what was cancelled while it stood in line",
    find: "if (this.line.remove(attempt)) this.alarms",
    replace: "if (attempt === undefined) this.alarms",
    test: executor,
    title: "12. activities that were cancelled in line do not hold up those behind them"
  },
  {
    file: "src/Executor/default/ActivityRunner.ts",
    bug: "lets in all that stands in line",
    find: "if (this.running.size >= this.limit || this.holds > 0) break",
    replace: "",
    test: executor,
    title: "12. no more than maxActivities handlers run at once, and all run in the end"
  },
  {
    file: "src/Executor/default/ActivityRunner.ts",
    bug: "lets in all that finds nothing in line",
    find: " || this.running.size >= this.limit",
    replace: "",
    test: executor,
    title: "12. no more than maxActivities handlers run at once, and all run in the end"
  },
  {
    file: "src/Executor/default/ActivityRunner.ts",
    bug: "lets the total timeout pass unheard in line",
    find: "this.alarms.at(attempt, this.fibers.now() + activity.issued.at + total - owner.now())",
    replace: "void [activity, owner]",
    test: executor,
    title: "4. the total timeout goes on while the call stands in line, and the timeout of an attempt does not"
  },
  {
    file: "src/Executor/default/ActivityRunner.ts",
    bug: "counts what it has left behind",
    find: "const hasRun = this.running.delete(attempt)\n",
    replace: "const hasRun = this.running.has(attempt)\n",
    test: executor,
    title: "12. a handler that was left behind after its timeout makes room for others"
  },
  {
    file: "src/Executor/default/ActivityRunner.ts",
    bug: "takes the outcome of a handler that comes after its timeout",
    find: "if (!isLate) this.conclude(",
    replace: "if (isLate || !isLate) this.conclude(",
    test: executor,
    title: "4. what a handler returns after its timeout is ignored"
  },
  {
    file: "src/Executor/default/ActivityRunner.ts",
    bug: "leaves a handler to itself that has ended its own execution",
    find: "if (run.abandoned) fiber.interruptUnsafe()",
    replace: "",
    test: executor,
    title: "7. a handler that ends its own execution at once is interrupted"
  },
  {
    file: "src/Executor/default/ActivityRunner.ts",
    bug: "lets timers wait for a long line",
    find: "if (this.monotonic() >= rowEnds) return this.pauseLine()",
    replace: "void rowEnds",
    test: limits,
    title: "a long line of handlers that end at once keeps no timer waiting"
  },
  {
    file: "src/Executor/default/ActivityRunner.ts",
    bug: "runs a suspected attempt among others",
    find: "if (mustBeAlone(activity)) return this.isolate(attempt)\n",
    replace: "",
    test: "test/Executor/losses.test.ts",
    title: "2. after three losses an attempt waits until no other handler runs, records that it runs alone, and begins"
  },
  {
    file: "src/Executor/default/ActivityRunner.ts",
    bug: "tells the isolation of no end",
    find: "if (this.running.size === 0) this.isolation.quiet()\n",
    replace: "\n",
    test: "test/Executor/losses.test.ts",
    title: "2. after three losses an attempt waits until no other handler runs, records that it runs alone, and begins"
  },
  {
    file: "src/Executor/default/ActivityRunner.ts",
    bug: "lets the total timeout pass unheard while an attempt waits to run alone",
    find: "this.limitWait(attempt)\n    this.isolation.add(attempt)\n",
    replace: "this.isolation.add(attempt)",
    test: "test/Executor/losses.test.ts",
    title: "4. the total timeout goes on while an attempt waits to run alone, and it never runs then"
  },
  {
    file: "src/Executor/default/ActivityRunner.ts",
    bug: "begins handlers although others may have taken the execution",
    find: "if (this.lease.mustLook || owner",
    replace: "if (owner",
    test: executor,
    title: "11. a worker that was cut off past its lease begins no attempt of an execution that another one took"
  },
  {
    file: "src/Executor/default/ActivityRunner.ts",
    bug: "takes an answer that was under way when the lease was over for an answer of now",
    find: "|| owner.term < this.lease.term",
    replace: "",
    test: executor,
    title: "11. an answer that was under way when the lease was over begins no handler of what was taken meanwhile"
  },
  {
    file: "src/Executor/default/Execution.ts",
    bug: "takes the answer of a commit for one of the term in which it came",
    find: "this.term = term\n",
    replace: "this.term = this.shared.lease.term\n",
    test: executor,
    title: "11. an answer that was under way when the lease was over begins no handler of what was taken meanwhile"
  },
  {
    file: "src/Executor/default/ActivityRunner.ts",
    bug: "begins what comes while the line is held",
    find: "this.serving || this.holds > 0 || this.line",
    replace: "this.serving || this.line",
    test: "test/Executor/losses.test.ts",
    title: "2. handlers that come while an attempt waits to run alone, or runs alone, wait until it has ended"
  },
  {
    file: "src/Executor/default/ActivityRunner.ts",
    bug: "records as alone what does not run alone any more",
    find: "over: !isAlone",
    replace: "over: false",
    test: "test/Executor/losses.test.ts",
    title: "2. an attempt that has outlived its time alone is recorded as not alone, and its loss is one of many"
  },
  {
    file: "src/Executor/default/ActivityRunner.ts",
    bug: "takes a late handler for the attempt of the activity by then",
    find: "() => this.warn(attempt, after, about))",
    replace: "() => this.warn(attempt, after, aboutOf(attempt.owner, attempt.activity)))",
    test: limits,
    title: "a handler that does not end after its timeout is logged as the attempt that it is"
  },
  {
    file: "src/Executor/default/ActivityRunner.ts",
    bug: "takes an attempt out of its place although others may have taken the execution",
    find: "if (this.lease.mustLook) return this.stale()\n",
    replace: "\n",
    test: limitsOfActivities,
    title: "a worker that others may have taken for dead begins nothing, and its line keeps its order"
  },
  {
    file: "src/Executor/default/ActivityRunner.ts",
    bug: "isolates an attempt that its activity must not begin yet",
    find: "if (!this.line.hasRoom(handler)) return this.join(attempt)\n",
    replace: "\n",
    test: limitsOfActivities,
    title: "an attempt that must run alone waits for the rate of its activity, and holds nothing meanwhile"
  },
  {
    file: "src/Executor/default/ActivityRunner.ts",
    bug: "begins an attempt alone although its activity must not begin one",
    find: "if (this.line.hasRoom(attempt.handler)) return this.begin(attempt)",
    replace: "if (attempt !== undefined) return this.begin(attempt)",
    test: limitsOfActivities,
    title:
      "an attempt that finds no room in the rate once it is alone waits in line again, and is not recorded as alone"
  },
  {
    file: "src/Executor/default/ActivityRunner.ts",
    bug: "records as alone what is in line again",
    find: "    attempt.announce(false, () => {})\n",
    replace: "",
    test: limitsOfActivities,
    title:
      "an attempt that finds no room in the rate once it is alone waits in line again, and is not recorded as alone"
  },
  {
    file: "src/Executor/default/ActivityRunner.ts",
    bug: "counts in the concurrency of an activity what a shutdown has left behind",
    find: "      this.line.ended(attempt.handler)\n",
    replace: "",
    test: limitsOfActivities,
    title: "a handler that a shutdown has left behind does not count in the concurrency of others that share it"
  },
  {
    file: "src/Executor/default/ActivityRunner.ts",
    bug: "does not count what begins",
    find: "    this.line.began(handler)\n",
    replace: "",
    test: executor,
    title: "12. no more handlers of an activity run at once than its concurrency, and others run beside it"
  },
  {
    file: "src/Executor/default/ActivityRunner.ts",
    bug: "does not look at the limits of an activity where the line is empty",
    find: "if (isFull || !this.line.admits(handler)) {",
    replace: "if (isFull) {",
    test: executor,
    title: "12. no more handlers of an activity run at once than its concurrency, and others run beside it"
  },
  {
    file: "src/Executor/default/Line.ts",
    bug: "lets an activity keep its turn",
    find: "    this.turns.rotate(activity)\n",
    replace: "",
    test: lineOfHandlers,
    title: "lets the first call of an execution, and of an activity, pass ten thousand of another one"
  },
  {
    file: "src/Executor/default/Line.ts",
    bug: "lets an execution keep its turn",
    find: "    activity.executions.rotate(execution)\n",
    replace: "",
    test: executor,
    title: "12. ten thousand calls in line do not delay the first call of another execution"
  },
  {
    file: "src/Executor/default/Line.ts",
    bug: "lets a call pass those of its activity that wait",
    find: "(this.activityOf(handler).waiting === 0 && this.hasRoom(handler))",
    replace: "this.hasRoom(handler)",
    test: lineOfHandlers,
    title: "gives an activity no turn while as many of its handlers run as may, and keeps no other from one"
  },
  {
    file: "src/Executor/default/Line.ts",
    bug: "moves the alarm of an activity with every attempt",
    find: "else if (activity.alarmAt === undefined) this.alarms",
    replace: "else this.alarms",
    test: lineOfHandlers,
    title: "lets so many begin in a time, with one alarm for an activity"
  },
  {
    file: "src/Executor/default/Line.ts",
    bug: "leaves an alarm behind",
    find: "if (!isTimed) this.alarms.at(activity, undefined)",
    replace: "if (!isTimed) void 0",
    test: lineOfHandlers,
    title: "has no alarm once none waits, and looks again when one came too early"
  },
  {
    file: "src/Executor/default/Line.ts",
    bug: "forgets that handlers have ended",
    find: "    activity.running--\n",
    replace: "",
    test: lineOfHandlers,
    title: "gives an activity no turn while as many of its handlers run as may, and keeps no other from one"
  },
  {
    file: "src/Executor/default/Line.ts",
    bug: "keeps quiet when time has given an activity room",
    find: "      if (activity.hasTurns) this.opened()\n",
    replace: "",
    test: executor,
    title: "12. no more attempts of an activity begin in any span of time than its rateLimit, and then they do"
  },
  {
    file: "src/Executor/default/Rate.ts",
    bug: "opens a window as a whole",
    find: "this.first = (this.first + 1) % this.limit",
    replace: "this.first = 0",
    test: lineOfHandlers,
    title: "a rate lets no more begin in any span of its time, and as soon as that allows"
  },
  {
    file: "src/Executor/default/LineWatch.ts",
    bug: "says nothing of an activity that is in its own way",
    find: "return stalled.length === 0 ? undefined : warningOf(stalled)",
    replace: "return stalled.length === 0 ? undefined : undefined",
    test: limitsOfActivities,
    title: "an activity of which none ends for long while others wait is logged once, with its limit"
  },
  {
    file: "src/Executor/default/LineWatch.ts",
    bug: "warns of an activity whose handlers end",
    find: "load.full.filter(({ movedAt }) => now >= movedAt + stall)",
    replace: "load.full",
    test: limitsOfActivities,
    title: "an activity that waits for its rate, or whose handlers end, is no reason for a warning"
  },
  {
    file: "src/ActivityGroup.ts",
    bug: "drops the limits of its activities",
    find: "return activity.toLayer(handler, limits)",
    replace: "return activity.toLayer(handler, {})",
    test: "test/activityGroup.test.ts",
    title: "gives an activity its limits"
  },
  {
    file: "src/Executor/default/LineWatch.ts",
    bug: "warns although handlers end",
    find: "now >= this.movedAt + stall && ",
    replace: "",
    test: limits,
    title: "a line that moves is no reason for a warning"
  },
  {
    file: "src/Executor/default/Alarms.ts",
    bug: "forgets an alarm that is due already",
    find: "if (pause === 0) return this.ring()",
    replace: "if (pause === 0) return",
    test: executor,
    title: "6. a timer that was due while nobody ran it fires at once"
  },
  {
    file: "src/Executor/default/Alarms.ts",
    bug: "rings an alarm that was moved",
    find: "owner.alarmAt === at\n",
    replace: "owner.alarmAt !== undefined || at === 0\n",
    test: "test/Executor/alarms.test.ts",
    title: "rings once, at the latest time that was set, and not when it was cleared"
  },
  {
    file: "src/Executor/default/Alarms.ts",
    bug: "keeps the process from other work while it rings",
    find: "if (this.fibers.passed() >= rowEnds) return this.fibers.yield(() => this.ring())\n",
    replace: "",
    test: "test/Executor/alarms.test.ts",
    title: "leaves room for other work of the process after ten milliseconds in a row"
  },
  {
    file: "src/Executor/default/Alarms.ts",
    bug: "trusts the timer of the host when the clock is set",
    find: "    this.ring()\n  }\n\n  /** Stops",
    replace: "  }\n\n  /** Stops",
    test: clocks,
    title: "forward, has timers that are due then fire within a heartbeat or two"
  },
  {
    file: "src/Executor/default/Alarms.ts",
    bug: "sets a timer that is longer than the host has",
    find: "Math.min(longestSleep, head.at - this.fibers.now())",
    replace: "head.at - this.fibers.now()",
    test: executor,
    title: "6. a timer may be longer than any timer of the host"
  },
  {
    file: "src/Executor/default/AnswerTimeouts.ts",
    bug: "tells only those who wait longest",
    find: "if (until > now) return this.ringAfter(until - now)",
    replace: "if (until > now) return",
    test: executor,
    title: "13. each caller is told after patience of its own"
  },
  {
    file: "src/Executor/default/AnswerTimeouts.ts",
    bug: "times a caller by the wall clock",
    find: "const now = this.fibers.passed()",
    replace: "const now = Number.POSITIVE_INFINITY",
    test: clocks,
    title: "is not shorter when the wall clock is set forward"
  },
  {
    file: "src/Executor/default/AnswerTimeouts.ts",
    bug: "tells a caller that was answered",
    find: "    this.waiting.delete(reply)\n  }\n\n  /** Answers",
    replace: "  }\n\n  /** Answers",
    test: clocks,
    title: "tells each caller after it and not before, and none that was answered"
  },
  {
    file: "src/Executor/default/Client.ts",
    bug: "keeps callers waiting while the store is away",
    find: "if (isWaiting) this.timeouts.begin(timedOut)",
    replace: "",
    test: executor,
    title: "13. callers are told after patience that the store is away"
  },
  {
    file: "src/Executor/default/started.ts",
    bug: "records no deadline",
    find: "...(Number.isFinite(milliseconds) ? {",
    replace: "...(Number.isNaN(milliseconds) ? {",
    test: executor,
    title: "7. a timeout of the execution is a cancel with that reason"
  },
  {
    file: "src/Executor/default/starts.ts",
    bug: "takes another input for the same",
    find: " && isFirstInput(first, request.input)",
    replace: "",
    test: executor,
    title: "1. another input under one id is an error, running or finished"
  },
  {
    file: "src/Executor/default/Client.ts",
    bug: "sends to another run than that of the handle",
    find: "chainMeant(execution, runId) === execution.chain",
    replace: "true",
    test: executor,
    title: "8. a handle keeps to its execution: once the id is started again, it is refused"
  },
  {
    file: "src/Executor/default/starts.ts",
    bug: "owns what it has no program for",
    find: "startedEvent(request, appender, { workflowId, runId })",
    replace: "startedEvent(request, appender, { workflowId, runId, owner: makeId() as never })",
    test: executor,
    title: "1. a process without the program starts an execution, and a worker that has it runs it at once"
  },
  {
    file: "src/Executor/default/starts.ts",
    bug: "starts again before what is owed is delivered",
    find: "if ((summary.owed ?? 0) === 0) return yield*",
    replace: "if ((summary.owed ?? 0) >= 0) return yield*",
    test: executor,
    title: "15. an execution that owes a message is not deleted, and is started again only after it is delivered"
  },
  {
    file: "src/Executor/default/starts.ts",
    bug: "does not start a deleted id",
    find: 'if (stored._tag === "None") {',
    replace:
      'if (stored._tag === "None") {\n        if (request.whenExists !== undefined) return yield* new StoreUnavailable({ detail: "deleted" })',
    test: executor,
    title: "8. a deletion leaves a run alone that was started meanwhile, and the next run goes on after it"
  },
  {
    file: "src/Executor/default/starts.ts",
    bug: "takes what it found for its own start",
    find: "return { runId: summary.chain ?? runId, created: false }",
    replace: "return { runId: summary.chain ?? runId, created: true }",
    test: executor,
    title: "1. starting an id again answers the first execution, running or finished"
  },
  {
    file: "src/Executor/default/Client.ts",
    bug: "waits for the run that has the id",
    find: "const here = this.here({ runId, workflowId })",
    replace: "const here = this.inCare.get(workflowId)",
    test: executor,
    title: "8. a handle keeps to its execution: once the id is started again, it is refused"
  },
  {
    file: "src/Executor/default/Client.ts",
    bug: "does not pass on what another worker must be told",
    find: "return isElsewhere(refusal) ? false : yield* refusal",
    replace: 'return yield* refusal === "Conflict" ? new ShutDown() : refusal',
    test: executor,
    title: "11. an executor that was taken for dead passes on what it is told, and does not take the execution back"
  },
  {
    file: "src/Executor/default/Deliveries.ts",
    bug: "sends the second message before the first is noted",
    find: "if (this.underWay.has(owed.to)) continue",
    replace: "if (this.underWay.get(owed.to) === owed.id) continue",
    test: executor,
    title: "15. operations that go unanswered delay messages; none is lost, and none is there twice"
  },
  {
    file: "src/Executor/default/Deliveries.ts",
    bug: "sends no message after the first",
    find: "if (!state.owed.has(id)) this.underWay.delete(to)",
    replace: "if (!state.owed.has(id)) continue",
    test: executor,
    title: "15. messages of one sender to one receiver arrive in the order in which they were sent"
  },
  {
    file: "src/Executor/default/Deliveries.ts",
    bug: "delivers all messages at once",
    find: "if (this.underWay.size >= atOnce) return\n",
    replace: "",
    test: executor,
    title: "15. an execution delivers so many messages at once, and the others after them"
  },
  {
    file: "src/Waiting.ts",
    bug: "throws at a time that no date has",
    find: "Option.match(DateTime.make(at), { onNone: () => `${at} ms`, onSome: DateTime.formatIso })",
    replace: "DateTime.formatIso(DateTime.makeUnsafe(at))",
    test: executor,
    title: "6. a timer may be later than any date"
  },
  {
    file: "src/Waiting.ts",
    bug: "does not say which attempt comes",
    find: "`, attempt ${attempt}`",
    replace: '""',
    test: "test/waiting.test.ts",
    title: "is said as"
  },
  {
    file: "src/Waiting.ts",
    bug: "does not say when it is tried again",
    find: 'waiting.retryAt === undefined ? "" :',
    replace: 'waiting.retryAt !== undefined ? "" :',
    test: "test/waiting.test.ts",
    title: "is said as"
  },
  {
    file: "src/Executor/default/Delivery.ts",
    bug: "refuses what a newer release may have delivered",
    find: 'return reason._tag === "Corrupt" ? { _tag',
    replace: 'return reason._tag === "Corrupt" || reason._tag === "NewerFormat" ? { _tag',
    test: executor,
    title: "15. a message that its receiver cannot hold, or whose receiver is damaged, is refused"
  },
  {
    file: "src/Executor/default/restore.ts",
    bug: "follows a long history in one go",
    find: "      if (followed < sliceEvents) continue\n",
    replace: "      if (followed > 0) continue\n",
    test: "test/Executor/restore.test.ts",
    title: "a history of many commits is followed in slices"
  },
  {
    file: "src/Store/sqlite/Read.ts",
    bug: "reads a long history without a pause",
    find: "      yield* Effect.yieldNow\n",
    replace: "",
    test: "test/Store/SqliteReading.test.ts",
    title: "lets the process do other work between the slices of a long history"
  },
  {
    file: "src/Executor/default/Recovery.ts",
    bug: "looks at once for what it has just let go",
    find: "    this.hasLost = true",
    replace: '    this.want("OwnToo")',
    test: executor,
    title: "13. a damaged execution is looked at once in a heartbeat, and no more"
  },
  {
    file: "src/Executor/default/Recovery.ts",
    bug: "waits for one execution as long as it takes",
    find: "Effect.raceFirst(this.takeOrphan(summary), this.sleep(this.interval))",
    replace: "this.takeOrphan(summary)",
    test: executor,
    title: "15. what a store does not answer for keeps no worker from what others left"
  },
  {
    file: "src/Executor/default/Recovery.ts",
    bug: "lists also where it is told that no execution lacks a worker",
    find: 'outlook?.orphans === false && scan === "OfOthers"',
    replace: "false",
    test: "test/Executor/rounds.test.ts",
    title: "are one operation of a store that says that there is nothing"
  },
  {
    file: "src/Executor/default/Rounds.ts",
    bug: "looks only after its patience",
    find: "for (const resume of this.waiting.splice(0)) resume(Effect.succeed(outlook))",
    replace: "void outlook",
    test: "test/Executor/rounds.test.ts",
    title: "look as soon as the heartbeat is answered, and know the answer"
  },
  {
    file: "src/Executor/default/Rounds.ts",
    bug: "waits for an answer for ever",
    find: "Effect.raceFirst(this.next, silent)",
    replace: "(void silent, this.next)",
    test: "test/Executor/rounds.test.ts",
    title: "look also while the heartbeat is not answered at all"
  },
  {
    file: "src/Executor/default/Heartbeat.ts",
    bug: "does not know the worker whose name it has",
    find: "(this.name !== undefined && isNamed(worker, this.name))",
    replace: "false",
    test: ownership,
    title: "a worker that starts again under its name takes its executions at once, whoever else lives"
  },
  {
    file: "src/Executor/default/Heartbeat.ts",
    bug: "goes on beside a later worker of its name",
    find: "if (later !== undefined) this.superseded(later)",
    replace: "void later",
    test: ownership,
    title:
      "of two living workers of one name the later one has the executions, once the earlier one has stopped and said so"
  },
  {
    file: "src/Executor/default/Heartbeat.ts",
    bug: "takes a worker that has left for one that died",
    find: " && !this.left.has(worker)",
    replace: "",
    test: untilIdle,
    title: "returns false when the time has passed, and lets go of all it had: another worker goes on at once"
  },
  {
    file: "src/Executor/default/Heartbeat.ts",
    bug: "lets workers go first that lack the workflow",
    find: "if (this.isOther(other, name) && digest",
    replace: "if (other.id !== this.worker && digest",
    test: executor,
    title: "11. a worker of another workflow does not go first: what another one left is taken at the first look"
  },
  {
    file: "src/Executor/default/Heartbeat.ts",
    bug: "has another place among the others at each start",
    find: "const mine = digest(`${workflowId}\\n${nameOf(this.worker)}`)",
    replace: "const mine = digest(`${workflowId}\\n${this.worker}`)",
    test: "test/Executor/heartbeat.test.ts",
    title: "has the same place among the others at each start"
  },
  {
    file: "src/Executor/default/Heartbeat.ts",
    bug: "takes a worker of another name for its own past",
    find: "id === name || nameOf(id) === name",
    replace: "id.startsWith(name)",
    test: "test/Executor/heartbeat.test.ts",
    title: "knows the incarnations of its name, and no others"
  },
  {
    file: "src/Executor/default/Heartbeat.ts",
    bug: "stops for a worker that was there before it",
    find: "this.earlier ??= new Set(namesakes)",
    replace: "this.earlier ??= new Set()",
    test: "test/Executor/heartbeat.test.ts",
    title: "is superseded by a later worker of its name, and not by an earlier one"
  },
  {
    file: "src/Executor/default/Heartbeat.ts",
    bug: "says that it lives although it has nothing to run",
    find: "this.workflows().length === 0 ? Effect.succeed(undefined) : this.say",
    replace: "this.say",
    test: "test/Executor/heartbeat.test.ts",
    title: "says that it lives once it has something to run"
  },
  {
    file: "src/Executor/default/Heartbeat.ts",
    bug: "leaves executions to workers that do not have the workflow",
    find: "(workflows === undefined || workflows.includes(program))",
    replace: "true",
    test: "test/Executor/heartbeat.test.ts",
    title: "counts workers that have the workflow, or do not say what they have"
  },
  {
    file: "src/Executor/default/Heartbeat.ts",
    bug: "does not count workers that do not say what they have",
    find: "(workflows === undefined || workflows.includes(program))",
    replace: "workflows?.includes(program) === true",
    test: "test/Executor/heartbeat.test.ts",
    title: "counts workers that have the workflow, or do not say what they have"
  },
  {
    file: "src/Executor/default/Heartbeat.ts",
    bug: "takes itself for another worker",
    find: "return id !== this.worker && (",
    replace: "return (",
    test: "test/Executor/heartbeat.test.ts",
    title: "counts workers that have the workflow, or do not say what they have"
  },
  {
    file: "src/Executor/default/Heartbeat.ts",
    bug: "counts its lease from the answer",
    find: "this.lease.renewed(asked)\n",
    replace: "this.lease.renewed(this.lease.ask())\n",
    test: "test/Executor/heartbeat.test.ts",
    title: "has a lease that begins when it was asked for"
  },
  {
    file: "src/Executor/default/Heartbeat.ts",
    bug: "stops for an earlier worker that is seen late",
    find: " && id > this.worker)",
    replace: ")",
    test: "test/Executor/heartbeat.test.ts",
    title: "is the one that goes on when an earlier one of its name was frozen as it started, and is seen late"
  },
  {
    file: "src/Executor/default/Heartbeat.ts",
    bug: "takes an id that begins with its name for its name",
    find: 'id.includes("/") ? id.slice(0, id.lastIndexOf("/")) : id',
    replace: 'id.slice(0, id.lastIndexOf("/"))',
    test: "test/Executor/heartbeat.test.ts",
    title: "does not stop for a worker whose id only begins with its name"
  },
  {
    file: "src/Executor/default/Heartbeat.ts",
    bug: "does not know the workers of release 0.1 by their name",
    find: "id === name || ",
    replace: "",
    test: "test/Executor/heartbeat.test.ts",
    title: "knows the incarnations of its name, and no others"
  },
  {
    file: "src/Executor/default/Heartbeat.ts",
    bug: "says that it has left although it was never there",
    find: "if (!this.hasSpoken) return Effect.void\n",
    replace: "",
    test: "test/Executor/leaving.test.ts",
    title: "executors without workflows leave no record of having lived"
  },
  {
    file: "src/Executor/default/InCare.ts",
    bug: "has a chain in no care whose runs never wait",
    find: "version < firstVersion && runId === chain",
    replace: "version < firstVersion && chain !== undefined",
    test: executor,
    title: "17. a chain whose runs never wait takes messages, and is cancelled or terminated"
  },
  {
    file: "src/Executor/default/InCare.ts",
    bug: "lets an execution begin whose workflow has ended",
    find: "return void this.unsaved.add(execution)",
    replace: "return",
    test: executor,
    title: "14. an execution whose first commit is being saved ends with its workflow"
  },
  {
    file: "src/Executor/default/starts.ts",
    bug: "waits for ever for what is owed",
    find: "Effect.timeoutOrElse({ duration: answerTimeout, orElse: () => Effect.fail(unsettled(answerTimeout)) })",
    replace: "patiently(answerTimeout)",
    test: executor,
    title: "13. a new run that waits for what the one before owes is refused in time"
  },
  {
    file: "src/Executor/Executions.ts",
    bug: "keeps what is damaged",
    find: "Effect.catchIf(isUnreadable, () => Effect.succeed({}))",
    replace: "Effect.map((seen) => seen)",
    test: executor,
    title: "8. a finished execution whose history is damaged can be deleted"
  },
  {
    file: "src/Executor/Executions.ts",
    bug: "says nothing of a workflow that no worker has",
    find: "workflows?.includes(program) ?? true",
    replace: "true",
    test: executor,
    title: "8. an execution of which no living worker has the workflow says so first"
  },
  {
    file: "src/Executor/Executions.ts",
    bug: "does not say that no worker has the workflow",
    find: "return { ...summary, waitingFor: [worker, ...summary.waitingFor] }",
    replace: 'return { ...summary, waitingFor: worker._tag === "Worker" ? summary.waitingFor : [] }',
    test: executor,
    title: "8. an execution of which no living worker has the workflow says so first"
  },
  {
    file: "src/Executor/Executions.ts",
    bug: "says twice that no worker has taken an execution",
    find: " || summary.waitingFor.some(isForWorker)) return summary",
    replace: ") return summary",
    test: executor,
    title: "8. an execution that is blocked, or that none has taken yet, says no more than that"
  },
  {
    file: "src/Executor/Executions.ts",
    bug: "does not count workers that do not say what they have",
    find: "workflows?.includes(program) ?? true",
    replace: "workflows?.includes(program) ?? false",
    test: executor,
    title: "8. a living worker that does not say which workflows it has may have any"
  },
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
    file: "src/internal/replay/turn.ts",
    bug: "lets a program send without end",
    find: "if (++this.refusals > mostRefused) this.stop()",
    replace: "if (++this.refusals > 10 * mostRefused) this.stop()",
    test: turn,
    title: "to nobody is sent so often at once, and then the program is stopped"
  },
  {
    file: "src/Executor/default/Delivery.ts",
    bug: "delivers a message twice",
    find: "if (placeOf(id, receiver) !== undefined) return delivered",
    replace: "",
    test: executor,
    title: "15. operations that go unanswered delay messages; none is lost, and none is there twice"
  },
  {
    file: "src/Executor/default/Delivery.ts",
    bug: "does not heed the record of a deletion",
    find: "Option.isSome(deletion) ? (deletion.value.seen[from] ?? 0) : 0",
    replace: "0",
    test: executor,
    title: "15. a receiver that is deleted after it took a message is not taken for one that never got it"
  },
  {
    file: "src/Executor/default/Delivery.ts",
    bug: "takes whatever was deleted for delivered",
    find: "if (seen >= numberIn(from, id)) return delivered",
    replace: "if (Option.isSome(deletion)) return delivered",
    test: executor,
    title: "15. what became of its receiver before it arrives is what the sender of a message learns"
  },
  {
    file: "src/Executor/default/Delivery.ts",
    bug: "looks for the record of a deletion only while the id is free",
    find: "Option.isNone(receiver) || receiver.value.summary.firstVersion > since + 1",
    replace: "Option.isNone(receiver)",
    test: executor,
    title: "15. a message that was taken is known by the record of its receiver's deletion, whoever has the id then"
  },
  {
    file: "src/Executor/default/Delivery.ts",
    bug: "delivers to another run",
    find: 'if (chain !== address.chain) return { _tag: "Refused", reason: "Restarted", runId: chain }',
    replace: "",
    test: executor,
    title: "15. what became of its receiver before it arrives is what the sender of a message learns"
  },
  {
    file: "src/Executor/default/Delivery.ts",
    bug: "delivers to what is finished",
    find: 'if (isFinal(status)) return { _tag: "Refused", reason: "Finished", status }\n',
    replace: "",
    test: executor,
    title: "15. a message to a finished execution is refused, and its next run does not get it"
  },
  {
    file: "src/Executor/default/Delivery.ts",
    bug: "appends to what a newer release has written",
    find: '(summary.format ?? 1) > formatVersion ? { _tag: "Refused", reason: "Unreadable" } : "append"',
    replace: '"append"',
    test: newer,
    title: "is no receiver of messages: its sender learns that it cannot be read"
  },
  {
    file: "src/Executor/default/Delivery.ts",
    bug: "cancels twice",
    find: 'if (message._tag === "Cancel" && isCancelled()) return delivered',
    replace: "",
    test: executor,
    title: "15. two cancels are one for their receiver, and both are delivered"
  },
  {
    file: "src/Executor/default/Delivery.ts",
    bug: "does not note what it has delivered",
    find: "yield* appender.save({ id: appender.commitId(), workflowId, runId, version, events: [event], summary }, state)",
    replace: "",
    test: executor,
    title: "15. what a finished execution owes is delivered, also by a worker without its program"
  },
  {
    file: "src/Executor/default/Delivery.ts",
    bug: "takes its own note for one of the owner",
    find: "state.closed === undefined ? { ...settled, unread: true as const } : settled",
    replace: "settled",
    test: executor,
    title: "15. what a running execution owes is delivered by whoever is there, and its program learns of it later"
  },
  {
    file: "src/Executor/default/Delivery.ts",
    bug: "forgets for which signals the program waits",
    find: "isWaiting ? { ...next, waitingFor: [...updates, ...signals] } : next",
    replace: "next",
    test: executor,
    title: "15. what a running execution owes is delivered by whoever is there, and its program learns of it later"
  },
  {
    file: "src/Executor/default/Delivery.ts",
    bug: "gives up when another commit was faster",
    find: 'reason._tag === "Conflict"\n',
    replace: "false\n",
    test: executor,
    title: "15. a message arrives also when its receiver moves on while it is delivered"
  },
  {
    file: "src/Executor/default/Delivery.ts",
    bug: "keeps on sending what is too large",
    find: 'if (reason._tag === "TooLarge") {',
    replace: 'if (reason._tag === "Unsupported") {',
    test: executor,
    title: "15. a message that its receiver cannot hold, or whose receiver is damaged, is refused"
  },
  {
    file: "src/Executor/default/Execution.ts",
    bug: "carries commands out before they are saved",
    find: "term: this.shared.lease.term }\n",
    replace: "term: this.shared.lease.term }\n    this.outside(turn.state)?.carryOut(turn, turn.state)\n",
    test: executor,
    title: "3. an activity is in the store before its handler runs"
  },
  {
    file: "src/Executor/default/Reading.ts",
    bug: "leaves an execution alone that it lost to a process which does not run it",
    find: "    this.shared.offer(this.workflowId)\n",
    replace: "",
    test: executor,
    title: "17. a worker goes on with the next run at once, also where another process has begun it"
  },
  {
    file: "src/Executor/default/Execution.ts",
    bug: "takes messages for saved that met a conflict",
    find: "this.putBack(mail)\n      this.forgetProgram()\n    }\n    this.work()",
    replace: "acknowledge(mail, undefined)\n      this.forgetProgram()\n    }\n    this.work()",
    test: executor,
    title: "11. signals sent through many executors at once all arrive, each once"
  },
  {
    file: "src/Executor/default/Execution.ts",
    bug: "forgets the alarm of what leaves memory",
    find: "this.program = phases.unloaded\n",
    replace: "this.program = phases.unloaded\n    this.shared.alarms.at(this, undefined)\n",
    test: executor,
    title: "12. executions beyond maxLoaded wake at the time of their timers"
  },
  {
    file: "src/Executor/default/Loop.ts",
    bug: "forgets how far its history is ahead",
    find: "Math.max(this.ahead, at - this.fibers.now())",
    replace: "Math.max(0, at - this.fibers.now())",
    test: clocks,
    title: "a history that is ahead of the clock stays so much ahead, whatever another process commits meanwhile"
  },
  {
    file: "src/Executor/default/InCare.ts",
    bug: "looks no further when an execution is busy",
    find: "else this.loaded.add(execution)",
    replace: "else return void this.loaded.add(execution)",
    test: executor,
    title: "12. executions whose handlers run do not keep the idle ones in memory"
  },
  {
    file: "src/Executor/default/Oversize.ts",
    bug: "tells a program that asks once to ask for fewer",
    find: "return commands.length === 1\n",
    replace: "return commands.length === 0\n",
    test: "test/Executor/oversize.test.ts",
    title: "of one command names it, and asks for no fewer"
  },
  {
    file: "src/Executor/default/Oversize.ts",
    bug: "refuses the message when the program asks for too much",
    find: 'if (size._tag !== "WithoutCommands" && commit.events.some(isCommand)) {',
    replace: "if (false) {",
    test: executor,
    title: "12. a program that asks for more than a commit can hold is blocked, and goes on with better code"
  },
  {
    file: "src/Executor/default/Oversize.ts",
    bug: "refuses the message that makes the program ask for too much when it came with others",
    find: 'if (size._tag !== "WithoutCommands" && commit.events.some(isCommand)) {',
    replace: 'if (size._tag === "Together" && commit.events.some(isCommand)) {',
    test: executor,
    title: "12. of signals that are saved together none is refused when one makes the program ask for too much"
  },
  {
    file: "src/Executor/default/Oversize.ts",
    bug: "refuses all for the size of one",
    find: 'return { size: { _tag: "AtMost", count }, reason, again: mail, refused: [] }',
    replace: 'return { size: { _tag: "AtMost", count }, reason, again: [], refused: mail }',
    test: executor,
    title: "12. of signals that are saved together only the one that is too large is refused"
  },
  {
    file: "src/Executor/default/Oversize.ts",
    bug: "loses a result that is too large",
    find: 'return { size: { _tag: "AtMost", count }, reason, again: [{ ...only, told }], refused: [] }',
    replace: 'return { size: { _tag: "AtMost", count }, reason, again: [], refused: mail }',
    test: executor,
    title: "12. a result of an activity that is too large is a defect of the call"
  },
  {
    file: "src/Executor/default/Oversize.ts",
    bug: "names the smallest part",
    find: "if (size > largest.size) largest",
    replace: "if (largest.size === 0) largest",
    test: "test/Executor/oversize.test.ts",
    title: "of several commands names the largest of them, how many they are, and what to do"
  },
  {
    file: "src/Executor/default/Recovery.ts",
    bug: "takes executions of living workers",
    find: "const others = new Set(this.heartbeat.alive)",
    replace: "const others = new Set([worker])",
    test: executor,
    title: "11. executions of a dead executor are spread over the living, each taken by one"
  },
  {
    file: "src/Executor/default/Recovery.ts",
    bug: "does not let others go first",
    find: "looks >= Math.min(mostLooks, this.heartbeat.rank(summary))",
    replace: "looks >= 0",
    test: ownership,
    title: "a worker leaves executions to another one that comes first for them, for one look"
  },
  {
    file: "src/Executor/default/Recovery.ts",
    bug: "relies on news of commits",
    find: "if (execution !== undefined) execution.heardOf(summary)",
    replace: "if (execution !== undefined) continue",
    test: executor,
    title: "11. a message is seen also when the news of it is lost"
  },
  {
    file: "src/Executor/default/Recovery.ts",
    bug: "leaves to others what a closed debtor owes",
    find: "if (owed > 0 || this.registrations.hasFor(summary)) {",
    replace: "if (this.registrations.hasFor(summary)) {",
    test: executor,
    title: "15. what a finished execution owes is delivered, also by a worker without its program"
  },
  {
    file: "src/Executor/default/Recovery.ts",
    bug: "does not take what has no owner",
    find: "if (change.unowned === true || this",
    replace: "if (this",
    test: executor,
    title: "1. a process without the program starts an execution, and a worker that has it runs it at once"
  },
  {
    file: "src/Executor/default/Recovery.ts",
    bug: "takes what a newer release has written",
    find: "if (format <= formatVersion) return true",
    replace: "return true",
    test: newer,
    title: "is not taken, which is logged once a workflow with the format that is needed; others are"
  },
  {
    file: "src/Executor/default/Recovery.ts",
    bug: "takes what it is just starting",
    find: " || this.client.isStarting(runId)",
    replace: "",
    test: ownership,
    title: "a worker does not take what it is just starting"
  },
  {
    file: "src/Executor/default/Recovery.ts",
    bug: "takes itself for another worker that lives",
    find: 'if (scan === "OwnToo") others.delete(this.shared.worker)\n',
    replace: "",
    test: throwing,
    title: "of durability none with an operation saveAll whose effect dies"
  },
  {
    file: "src/Executor/default/Recovery.ts",
    bug: "looks for what is due however long that takes",
    find: "this.missed.run(this.lookForDue)",
    replace: "this.lookForDue",
    test: "test/Executor/paced.test.ts",
    title: "a worker whose store looks long for what is due"
  },
  {
    file: "src/Executor/default/Paced.ts",
    bug: "does not rest",
    find: "if (began < this.next) return",
    replace: "if (began < 0) return",
    test: "test/Executor/paced.test.ts",
    title: "a look that is long takes a tenth of the time"
  },
  {
    file: "src/Executor/default/Paced.ts",
    bug: "rests for as long as it likes",
    find: "Math.min(longestRest, (ended - began) * rest)",
    replace: "(ended - began) * rest",
    test: "test/Executor/paced.test.ts",
    title: "a look that is very long rests for a minute"
  },
  {
    file: "src/Executor/default/Paced.ts",
    bug: "rests after a failure",
    find: "Effect.tap(effect, () =>",
    replace: "Effect.ensuring(effect,",
    test: "test/Executor/paced.test.ts",
    title: "a look that fails is done again at once"
  },
  {
    file: "src/Executor/default/RecoveryLog.ts",
    bug: "says at each scan what it does not have",
    find: "if (this.logged.has(what)) return false\n",
    replace: "",
    test: executor,
    title: "11. an executor without the workflow leaves its executions alone and says so; another one runs them"
  },
  {
    file: "src/Executor/default/Recovery.ts",
    bug: "waits for workers that lack the workflow",
    find: "const mayBlock = isAlone || ",
    replace: "const mayBlock = ",
    test: executor,
    title: "9. a worker of another workflow does not keep what cannot be run from being blocked at once"
  },
  {
    file: "src/Executor/default/Recovery.ts",
    bug: "leaves to others for ever what none can run",
    find: "isAlone || this.tries.count(summary) >= mostDeclines",
    replace: "isAlone",
    test: executor,
    title: "9. what no worker can run is blocked after a few looks, by one of them, and says so"
  },
  {
    file: "src/Executor/default/Recovery.ts",
    bug: "takes what is not due, also when it only does what is due",
    find: 'if (this.onlyDue && status !== "blocked" && !hasWork(summary, this.shared.fibers.now() + soon)) return false\n',
    replace: "",
    test: untilIdle,
    title: "leaves alone what is not due, with its owner and without a commit, also when it is called again"
  },
  {
    file: "src/Executor/default/Recovery.ts",
    bug: "blocks at once what another worker may be able to run",
    find: "isAlone || this.tries.count(summary) >= mostDeclines",
    replace: "isAlone || this.tries.count(summary) >= 0",
    test: executor,
    title: "11. in a deployment each execution is run by a worker whose code can run it"
  },
  {
    file: "src/Executor/default/Recovery.ts",
    bug: "takes a worker for dead whose heartbeats the store does not take",
    find: "heartbeat.lease.judges ? found : found.filter((summary) => !isOfSilent(summary))",
    replace: "found",
    test: executor,
    title: "11. when the store was away for longer than the lease, no worker that lives is taken for dead"
  },
  {
    file: "src/Executor/default/Recovery.ts",
    bug: "does not say that attempts were lost",
    find: "isLost: this.heartbeat.hasDied(owner)",
    replace: "isLost: false",
    test: "test/Executor/log.test.ts",
    title: "lost attempts are a warning with the first of them, and not of what was to be repeated"
  },
  {
    file: "src/Executor/default/Recovery.ts",
    bug: "waits with the executions of its own past",
    find: "this.heartbeat.isNamesake(owner) || ",
    replace: "",
    test: ownership,
    title: "a worker that starts again under its name takes its executions at once, whoever else lives"
  },
  {
    file: "src/Executor/default/Recovery.ts",
    bug: "leaves what is blocked to other jobs",
    find: 'if (this.onlyDue && status !== "blocked" && ',
    replace: "if (this.onlyDue && ",
    test: untilIdle,
    title: "goes on with what other code has blocked, and leaves it alone when its own code cannot either"
  },
  {
    file: "src/Executor/default/Recovery.ts",
    bug: "takes a lost race for a try in vain",
    find: 'if (outcome === "Declined") this.tries.failed(summary)',
    replace: "else this.tries.failed(summary)",
    test: "test/Executor/retried.test.ts",
    title: "2. an execution that was lost to others is not blocked for it: a program must decline it three times"
  },
  {
    file: "src/Executor/default/due.ts",
    bug: "never asks again",
    find: 'new Set(["Answer", "More", "Other"])',
    replace: 'new Set(["More", "Other"])',
    test: untilIdle,
    title: "leaves what waits for an answer alone until that can come, without a commit, and then goes on with it"
  },
  {
    file: "src/Executor/default/OpenQuestions.ts",
    bug: "takes whatever asks, at each call",
    find: "onlyAsks ? mayBeAnswered(store, summary) : Effect.succeed(true)",
    replace: "Effect.succeed(onlyAsks || mayBeAnswered !== undefined)",
    test: untilIdle,
    title: "leaves what waits for an answer alone until that can come, without a commit, and then goes on with it"
  },
  {
    file: "src/Executor/default/OpenQuestions.ts",
    bug: "takes a later execution of an id for the one that is asked",
    find: "(runId !== undefined && runId !== chain)",
    replace: 'runId === ""',
    test: untilIdle,
    title: "leaves what waits for an answer alone until that can come, without a commit, and then goes on with it"
  },
  {
    file: "src/Executor/default/UntilIdle.ts",
    bug: "looks once, whatever its executions lead to",
    find: "while (yield* round) continue",
    replace: "if (round === undefined) yield* round",
    test: untilIdle,
    title: "leaves what waits for an answer alone until that can come, without a commit, and then goes on with it"
  },
  {
    file: "src/Executor/default/Activities.ts",
    bug: "is busy while it waits for others",
    find: "run.dueAt === undefined && run.asking === undefined",
    replace: "run.dueAt === undefined",
    test: untilIdle,
    title: "leaves what waits for an answer alone until that can come, without a commit, and then goes on with it"
  },
  {
    file: "src/Executor/default/due.ts",
    bug: "leaves what is ahead of the clock until that has come",
    find: "wakeAt <= Math.max(before, updatedAt) ||",
    replace: "wakeAt <= before || updatedAt < 0 ||",
    test: clocks,
    title: "a year forward and back, receives a signal, also as a worker that does what is due"
  },
  {
    file: "src/Executor/default/due.ts",
    bug: "tries lost attempts before their pause is over",
    find: "(waiting.retryAt ?? now) <= now",
    replace: "true",
    test: "test/Executor/losses.test.ts",
    title: "2. a worker that starts meanwhile leaves a blocked execution alone until its time"
  },
  {
    file: "src/Executor/default/due.ts",
    bug: "counts a deadline alone as work",
    find: "waitingFor.some((each) =>",
    replace: "[].some((each: any) =>",
    test: untilIdle,
    title: "takes over at once from one that was killed while a handler ran, and not from one that lives"
  },
  {
    file: "src/Executor/default/Results.ts",
    bug: "looks for the latest run only",
    find: "(chain) => this.look(workflowId, chain)",
    replace: "() => this.look(workflowId, undefined)",
    test: executor,
    title: "11. who waits for a run learns its end also when the next run has begun"
  },
  {
    file: "src/Executor/default/Results.ts",
    bug: "takes the note of a closed debtor for its end",
    find: 'const ending = last?._tag === "Closed" ? last : yield* read',
    replace: 'const ending = status !== "blocked" && !isEarlier ? last : yield* read',
    test: executor,
    title: "15. what a finished execution owes is delivered, also by a worker without its program"
  },
  {
    file: "src/Executor/default/Results.ts",
    bug: "does not look at earlier runs",
    find: "read(isEarlier ? 0 : firstVersion - 1)",
    replace: "read(firstVersion - 1)",
    test: executor,
    title: "8. the same through an executor that does not run the execution"
  },
  {
    file: "src/Executor/default/Results.ts",
    bug: "tells the end of a run to those who wait for another one",
    find: "waiting.chain !== undefined && waiting.chain !== ending.chain",
    replace: 'waiting.chain === ""',
    test: executor,
    title: "11. of those who wait for two runs of an id each is told of its own"
  },
  {
    file: "src/Executor/default/Saves.ts",
    bug: "answers before the store does",
    find: "this.enqueue({ commit, done, known, attempts: 0, alone: false })",
    replace: 'done("Saved")\n    this.enqueue({ commit, done: () => {}, known, attempts: 0, alone: false })',
    test: executor,
    title: "13. while the store is away nothing that depends on it happens, and then it goes on"
  },
  {
    file: "src/Executor/default/Saves.ts",
    bug: "takes silence of the store for an answer",
    find: 'if (error.reason._tag !== "Unavailable") return entry.done(error)',
    replace: 'if (error.reason._tag === "Unavailable") return entry.done(error)',
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
    file: "src/Executor/default/Saves.ts",
    bug: "lets timers wait for executions that never wait",
    find: "if (this.rowEnds !== undefined) return now >= this.rowEnds",
    replace: "if (this.rowEnds !== undefined) return false",
    test: limits,
    title: "timers and other executions go on beside one that never waits"
  },
  {
    file: "src/Executor/default/Saves.ts",
    bug: "lets timers wait for all programs of a group",
    find: "if ((i & 7) === 7 && this.monotonic() >= rowEnds)",
    replace: "if (rowEnds < 0)",
    test: limits,
    title: "many programs that go on together keep no timer waiting"
  },
  {
    file: "src/Executor/default/Saves.ts",
    bug: "forgets the other commits of a group when what follows from one throws",
    find: "if (i < group.length) this.settleAll(group, exit, i + 1)",
    replace: "",
    test: limits,
    title: "each commit of a group is answered, also when what follows from one throws"
  },
  {
    file: "src/Executor/default/UnderWay.ts",
    bug: "keeps in memory whatever has called an activity",
    find: "(this.activities?.isIdle ?? true)",
    replace: "this.activities === undefined",
    test: executor,
    title: "12. executions leave memory when their activities have results or wait to be repeated, and not before"
  },
  {
    file: "src/Executor/default/UnderWay.ts",
    bug: "sends no second message",
    find: "// At once, while the state is the one that was saved: what a later turn sends must not leave before it is saved too.\n    this.deliver(state)",
    replace: "if (events.some(({ _tag }) => _tag === 'MessageSent')) this.deliver(state)",
    test: executor,
    title: "15. messages of one sender to one receiver arrive in the order in which they were sent"
  },
  {
    file: "src/Executor/default/UnderWay.ts",
    bug: "does not go on with what it has taken over",
    find: 'return this.state === undefined ? undefined : this.resume(this.state, this.state.status !== "blocked")',
    replace: "return",
    test: executor,
    title: "2. a handler whose executor ended runs again, as the same attempt with the same key"
  },
  {
    file: "src/Executor/default/UnderWay.ts",
    bug: "carries out the beginning of a long commit",
    find: "this.shared.fibers.yield(() => this.workOff(backlog, from + atOnce))",
    replace: "this.backlog = []",
    test: executor,
    title: "12. all handlers of thousands of calls at once run, and none begins after the end of the execution"
  },
  {
    file: "src/Executor/default/UnderWay.ts",
    bug: "does not deliver what is owed after a takeover",
    find: "this.deliveries.next(state)",
    replace: "",
    test: executor,
    title: "15. what a running execution owes is delivered by the worker that takes it"
  },
  {
    file: "src/Executor/default/Activities.ts",
    bug: "begins activities in a shutdown",
    find: "if (this.closed || activity === undefined",
    replace: "if (activity === undefined",
    test: executor,
    title: "14. with drain a program goes on with what it is told, and begins nothing"
  },
  {
    file: "src/Executor/default/Awakening.ts",
    bug: "does not look what others have taken",
    find: "Effect.andThen(heartbeat.beat), Effect.andThen(this.letGo)",
    replace: "Effect.andThen(heartbeat.beat)",
    test: executor,
    title: "11. a worker that was cut off past its lease goes on with what nobody took, once it has said that it lives"
  },
  {
    file: "src/Executor/default/Awakening.ts",
    bug: "looks before it says that it lives",
    find: "Effect.andThen(heartbeat.beat), Effect.andThen(this.letGo)",
    replace: "Effect.andThen(this.letGo)",
    test: "test/Executor/awakening.test.ts",
    title: "a worker that was taken for dead says that it lives, then looks what of its line it still has, then goes on"
  },
  {
    file: "src/Executor/default/Awakening.ts",
    bug: "keeps what others have taken",
    find: 'isOurs ? undefined : () => "Conflict" as const',
    replace: "void isOurs",
    test: executor,
    title: "11. an attempt that was due while its worker was cut off is not begun when another one has the execution"
  },
  {
    file: "src/Executor/default/Awakening.ts",
    bug: "lets go of what nobody took",
    find: "isOurs ? undefined :",
    replace: "!isOurs ? undefined :",
    test: executor,
    title: "11. a worker that was cut off past its lease goes on with what nobody took, once it has said that it lives"
  },
  {
    file: "src/Executor/default/Awakening.ts",
    bug: "looks again for ever at what can never be read",
    find: 'if (error.reason._tag === "Unavailable") return',
    replace: "if (true) return",
    test: "test/Executor/awakening.test.ts",
    title: "a summary that can never be read holds up its own execution alone"
  },
  {
    file: "src/Executor/default/Awakening.ts",
    bug: "says nothing of looks that fail",
    find: "Effect.tapError((error) => Effect.sync(() => failed(error))),",
    replace: "",
    test: "test/Executor/awakening.test.ts",
    title: "a worker that was taken for dead says that it lives"
  },
  {
    file: "src/Executor/default/Awakening.ts",
    bug: "holds the line for ever",
    find: "shared.runner.release()\n",
    replace: "\n",
    test: executor,
    title: "11. a worker that was cut off past its lease goes on with what nobody took, once it has said that it lives"
  },
  {
    file: "src/Executor/default/Awakening.ts",
    bug: "looks once and for all",
    find: "this.looking = false\n",
    replace: "\n",
    test: executor,
    title: "11. a worker that is cut off past its lease twice looks twice what others have taken"
  },
  {
    file: "src/Executor/default/Isolation.ts",
    bug: "begins during a shutdown",
    find: " || this.others.areStopped()) return",
    replace: ") return",
    test: "test/Executor/isolation.test.ts",
    title: "does not begin while a shutdown holds the line, and begins after it"
  },
  {
    file: "src/Executor/default/Isolation.ts",
    bug: "holds the others as long as one of them runs",
    find: "this.after(this.milliseconds * 2 ** Math.min(this.inVain, mostDoublings), () => {",
    replace: "this.after(this.milliseconds * 1000, () => {",
    test: "test/Executor/isolation.test.ts",
    title: "gives up when the others do not end in time, lets them run nine times as long, and waits twice as long then"
  },
  {
    file: "src/Executor/default/Isolation.ts",
    bug: "holds the others as long as the attempt runs",
    find: "this.after(Math.max(0, this.milliseconds), () => {",
    replace: "this.after(this.milliseconds * 1000, () => {",
    test: "test/Executor/isolation.test.ts",
    title: "is no longer suspected once it has run for its time, and others run beside it"
  },
  {
    file: "src/Executor/default/Isolation.ts",
    bug: "holds the others for ever when the attempt may not begin",
    find: "if (!this.others.areRunning()) return this.next()\n",
    replace: "",
    test: "test/Executor/isolation.test.ts",
    title: "holds the others while it is recorded that it runs alone, and lets them go when it may not begin"
  },
  {
    file: "src/Executor/default/Isolation.ts",
    bug: "begins without the record",
    find: "if (isRecorded) isolated.begin()",
    replace: "isolated.begin()",
    test: "test/Executor/isolation.test.ts",
    title: "holds the others while it is recorded that it runs alone, and lets them go when it may not begin"
  },
  {
    file: "src/Executor/default/Isolation.ts",
    bug: "does not hold the others",
    find: "    this.others.hold()\n",
    replace: "",
    test: "test/Executor/isolation.test.ts",
    title: "waits until the last of the others has ended, while none of them begins"
  },
  {
    file: "src/Executor/default/Isolation.ts",
    bug: "gives the others no time",
    find: "Math.max(shortestPause, held * pauseFactor)",
    replace: "shortestPause",
    test: "test/Executor/isolation.test.ts",
    title: "gives up when the others do not end in time, lets them run for nine times as long, and tries again"
  },
  {
    file: "src/Executor/default/Isolation.ts",
    bug: "minds the timers of an earlier state",
    find: "if (this.change === change) act()",
    replace: "void change\n      act()",
    test: "test/Executor/isolation.test.ts",
    title: "is followed by the next one while its time lasts, and then after the pause, one at a time"
  },
  {
    file: "src/Executor/default/Isolation.ts",
    bug: "runs all that wait at once",
    find: "this.waiting.delete(isolated)\n    this.inVain",
    replace:
      "for (const each of this.waiting) each.announce(true, (isRecorded) => (isRecorded ? each.begin() : undefined))\n    this.waiting.clear()\n    this.inVain",
    test: "test/Executor/isolation.test.ts",
    title: "is followed by the next one while its time lasts, and then after the pause, one at a time"
  },
  {
    file: "src/Executor/default/Isolation.ts",
    bug: "begins in a shutdown that began while it was recorded",
    find: "if (isRecorded && this.others.areStopped()) this.waiting.add(isolated)",
    replace: "if (isRecorded && this.waiting.size < 0) this.waiting.add(isolated)",
    test: "test/Executor/losses.test.ts",
    title: "2. an attempt whose record is late does not begin while a drain holds the line, and begins after it"
  },
  {
    file: "src/Executor/default/Isolation.ts",
    bug: "minds the next one when one ends at once",
    find: "      // It may have ended at once, and the next one may be alone by now.\n      if (this.change !== change) return\n",
    replace: "",
    test: "test/Executor/isolation.test.ts",
    title: "that ends at once does not let the others go while the next one is recorded to run alone"
  },
  {
    file: "src/Executor/default/Isolation.ts",
    bug: "lets the others go twice",
    find: "this.others.release()\n",
    replace: "this.others.release()\n    this.others.release()\n",
    test: "test/Executor/losses.test.ts",
    title: "2. an attempt alone that ends at once leaves the line as it was: free for others, and held by a shutdown"
  },
  {
    file: "src/Executor/default/Isolation.ts",
    bug: "pauses also when nothing else wants to run",
    find: "isWanted ? Math.max(shortestPause, held * pauseFactor) : shortestPause",
    replace: "isWanted ? 0 : Math.max(shortestPause, held * pauseFactor)",
    test: "test/Executor/isolation.test.ts",
    title: "follows the one before it without a pause on an idle worker: thirty take as long as they run"
  },
  {
    file: "src/Executor/default/Isolation.ts",
    bug: "pauses after each attempt",
    find: "if (this.fibers.passed() - this.heldSince < this.milliseconds) this.isolate()\n    else this.pause()",
    replace: "this.pause()",
    test: "test/Executor/isolation.test.ts",
    title: "follows the one before it without a pause on an idle worker: thirty take as long as they run"
  },
  {
    file: "src/Executor/default/Isolation.ts",
    bug: "says each time that attempts wait",
    find: "++this.inVain === timesInVain",
    replace: "++this.inVain >= timesInVain",
    test: "test/Executor/isolation.test.ts",
    title: "says that it waits once it has given up three times in a row, and not again"
  },
  {
    file: "src/Executor/default/Isolation.ts",
    bug: "says that attempts wait which begin now and then",
    find: "    this.inVain = 0\n",
    replace: "",
    test: "test/Executor/isolation.test.ts",
    title: "says that it waits once it has given up three times in a row, and not again"
  },
  {
    file: "src/Executor/default/Isolation.ts",
    bug: "keeps quiet about what does not run alone any more",
    find: "this.after(Math.max(0, this.milliseconds), () => {\n        isolated.announce(false, () => {})\n",
    replace: "this.after(Math.max(0, this.milliseconds), () => {\n",
    test: "test/Executor/losses.test.ts",
    title: "2. an attempt that has outlived its time alone is recorded as not alone, and its loss is one of many"
  },
  {
    file: "src/Executor/default/Loop.ts",
    bug: "forgets the mail in hand when something is thrown",
    find: "this.putBack(mail)\n    this.stopBy",
    replace: "this.stopBy",
    test: "test/Executor/loop.test.ts",
    title: "stops the program, and what was in hand is taken again, before the rest"
  },
  {
    file: "src/Executor/default/Loop.ts",
    bug: "goes on after a second defect",
    find: "if (this.defect !== undefined) return this.giveUp(text, mail)\n",
    replace: 'if (this.defect !== undefined && text === "") return this.giveUp(text, mail)\n',
    test: "test/Executor/loop.test.ts",
    title: "a second time gives the execution up with what was in hand"
  },
  {
    file: "src/Executor/default/Worker.ts",
    bug: "lets handlers of other workflows begin in a shutdown",
    find: "      runner.hold()\n",
    replace: "",
    test: executor,
    title: "14. no handler that stands in line begins in a shutdown, when many workflows end one after the other"
  },
  {
    file: "src/Executor/default/Worker.ts",
    bug: "holds the line up for good",
    find: "Effect.sleep(lineHeld)), () => runner.release())",
    replace: "Effect.sleep(lineHeld)), () => {})",
    test: executor,
    title: "14. a workflow that ends alone holds up the handlers of others no longer than it takes"
  },
  {
    file: "src/Executor/default/Worker.ts",
    bug: "interrupts handlers at once with drain",
    find: "yield* this.within(drainPart, runner.ended(registration))",
    replace: "",
    test: executor,
    title: "14. with drain a shutdown ends when the last handler has ended, and callers get what comes of it"
  },
  {
    file: "src/Executor/default/Worker.ts",
    bug: "ends before callers are told what became of executions",
    find: "      yield* Effect.yieldNow\n",
    replace: "",
    test: sqliteWorkers,
    title: "14. with drain a race ends when its winner does, and the loser is interrupted"
  },
  {
    file: "src/Executor/default/Rounds.ts",
    bug: "waits for a store that does not let itself be interrupted",
    find: "this.repeat(Effect.andThen(Effect.sleep(this.interval), this.apart(effect)), what)",
    replace: "this.repeat(Effect.andThen(Effect.sleep(this.interval), effect), what)",
    test: limits,
    title: "a shutdown ends at its time when the store does not let itself be interrupted"
  },
  {
    file: "src/Executor/default/Worker.ts",
    bug: "counts handlers that a shutdown has given up",
    find: "      runner.leaveBehind(registration)\n",
    replace: "",
    test: executor,
    title: "14. handlers of a workflow that has ended alone make room for others, also when they hang"
  },
  {
    file: "src/Executor/default/ShutdownTime.ts",
    bug: "gives each workflow a time of its own",
    find: "this.used += now - this.since",
    replace: "this.used = 0",
    test: executor,
    title: "14. a shutdown takes its time once, when many workflows end one after the other"
  },
  {
    file: "src/Executor/default/Worker.ts",
    bug: "cuts the ids by which commits are known again",
    find: "const nonce = shortened(makeId())",
    replace: "const nonce = makeId().slice(0, 16)",
    test: executor,
    title: "11. no acknowledged signal is lost, however late the ids of two executors differ"
  },
  {
    file: "src/Executor/default/UntilIdle.ts",
    bug: "does not wait for what falls due soon",
    find: "> fibers.now() + soon",
    replace: "> fibers.now()",
    test: untilIdle,
    title: "takes what has no owner, runs it, waits for what falls due within a second, and lets go of the rest"
  },
  {
    file: "src/Executor/default/Worker.ts",
    bug: "does not look at a clock that was set",
    find: "    this.shared.alarms.look()\n",
    replace: "",
    test: clocks,
    title: "forward, has timers that are due then fire within a heartbeat or two"
  },
  {
    file: "src/Executor/default/Worker.ts",
    bug: "is silent while it drains",
    find: "this.registrations.remove(registration)\n",
    replace: "this.registrations.remove(registration)\n      this.announced.delete(registration)\n",
    test: "test/Executor/leaving.test.ts",
    title:
      "a worker that drains for longer than its lease lives all the while: its handler ends, and no other one takes it"
  },
  {
    file: "src/Executor/default/Worker.ts",
    bug: "forgets the executions of a workflow that is registered again",
    find: "if (this.registrations.size > 0) this.recovery.lost()\n",
    replace: "",
    test: "test/Executor/leaving.test.ts",
    title: "a workflow that is registered again while its old registration ends goes on with its executions"
  },
  {
    file: "src/Executor/default/Worker.ts",
    bug: "says too late which workflow comes",
    find: "if (this.announced.size === 0) yield*",
    replace: "if (this.registrations.size === 0) yield*",
    test: "test/Executor/leaving.test.ts",
    title: "a worker whose last workflow ends while another one comes goes on saying that it lives"
  },
  {
    file: "src/Executor/default/Worker.ts",
    bug: "announces what could not be registered",
    find: "Effect.onError(() => Effect.sync(() => this.announced.delete(registration)))",
    replace: "Effect.onError(() => Effect.void)",
    test: "test/Executor/leaving.test.ts",
    title:
      "a registration whose heartbeat fails announces nothing: its worker has nothing to run, and does not say that it lives"
  },
  {
    file: "src/Executor/default/places.ts",
    bug: "takes every execution for unknown",
    find: "if (Option.isSome(summary)) {",
    replace: "if (Option.isNone(summary)) {",
    test: executor,
    title: "15. a message to another execution arrives once, and its sender learns that"
  },
  {
    file: "src/Executor/default/announce.ts",
    bug: "does not say that a program has a defect",
    find: 'event.failure._tag === "Die") {',
    replace: 'event.failure._tag !== "Die" && event.failure._tag !== "Fail") {',
    test: "test/Executor/log.test.ts",
    title: "a defect of a program is an error with its stack"
  },
  {
    file: "src/Executor/default/announce.ts",
    bug: "calls each failure of a program a defect",
    find: 'if (event._tag === "ExecutionFailed" && event.failure._tag === "Die") {\n    const { defect } = event.failure',
    replace: 'if (event._tag === "ExecutionFailed") {\n    const { defect = {} } = event.failure as any',
    test: "test/Executor/log.test.ts",
    title: "nothing is said of an execution that goes well, or fails as it may"
  },
  {
    file: "src/Executor/default/announce.ts",
    bug: "does not say which signals were never received",
    find: "Object.entries(unreceived)",
    replace: "Object.entries({} as typeof unreceived)",
    test: "test/Executor/log.test.ts",
    title: "signals that were never received are a warning for each name, with how many"
  },
  {
    file: "src/Executor/default/announce.ts",
    bug: "does not say that an execution is blocked",
    find: 'log(shared, "Error", subject, `is blocked: ${problem.message}`)\n',
    replace: "\n",
    test: "test/Executor/log.test.ts",
    title: "a block is an error with its problem, once"
  },
  {
    file: "src/Executor/default/announce.ts",
    bug: "names what was not lost",
    find: "if (each.dueAt !== undefined && each.dueAt > updatedAt) continue\n",
    replace: "",
    test: "test/Executor/log.test.ts",
    title: "lost attempts are a warning with the first of them, and not of what was to be repeated"
  },
  {
    file: "src/Executor/default/announce.ts",
    bug: "names all that was lost",
    find: "if (++count <= namedAtMost) names",
    replace: "if (++count > 0) names",
    test: "test/Executor/log.test.ts",
    title: "lost attempts are a warning with the first of them, and not of what was to be repeated"
  },
  {
    file: "src/Executor/default/announce.ts",
    bug: "does not say what a line is about",
    find: "const about = { workflow: registration.workflow, workflowId, runId }",
    replace: "const about = { workflow: registration.workflow, workflowId, runId: undefined }",
    test: "test/Executor/log.test.ts",
    title: "a block is an error with its problem, once"
  },
  {
    file: "src/Executor/default/append.ts",
    bug: "sends signals to finished executions",
    find: "refused(ref, summary) ?? (isFinal(status) ? new Finished({ status }) : undefined)",
    replace: "refused(ref, summary)",
    test: executor,
    title: "5. a signal to a finished execution is an error that says how it ended"
  },
  {
    file: "src/Executor/default/append.ts",
    bug: "sends to another run than that of the handle",
    find: "refused(ref, summary) ??",
    replace: "",
    test: executor,
    title: "8. the same through an executor that does not run the execution"
  },
  {
    file: "src/Executor/default/append.ts",
    bug: "gives up when another commit was faster",
    find: "times: races",
    replace: "times: 0",
    test: executor,
    title: "11. a message through another executor arrives also when the execution moves on meanwhile"
  },
  {
    file: "src/Executor/default/carrier.ts",
    bug: "lets handlers run that nobody waits for any more",
    find: "ActivityCancelled: (work, { seq }) => work.abandon(seq)",
    replace: "ActivityCancelled: nothing",
    test: executor,
    title: "2. the handler of a call that lost a race or took too long is interrupted while the program goes on"
  },
  {
    file: "src/Executor/default/restore.ts",
    bug: "goes on with what another worker has taken",
    find: "if (!isOver && !isClaimed && summary.owner !== worker) return notOurs\n",
    replace: "",
    test: executor,
    title: "11. an executor that was taken for dead begins no handlers of what another one took"
  },
  {
    file: "src/Executor/default/restore.ts",
    bug: "takes another run for its own",
    find: "if (summary.runId !== before.runId) return notOurs\n",
    replace: "",
    test: "test/Executor/restore.test.ts",
    title: "a later run is no execution of the one that was to be read, also where it has the same worker"
  },
  {
    file: "src/Executor/default/restore.ts",
    bug: "takes what another worker has just taken",
    find: "claim !== undefined && (summary.owner === claim.from || summary.owner === worker)",
    replace: "claim !== undefined",
    test: executor,
    title: "11. what another executor was faster to take is left to it"
  },
  {
    file: "src/Executor/default/restore.ts",
    bug: "keeps quiet at the first run of a program",
    find: "if (owner === undefined && !isFinal(status)) return 0",
    replace: "if (owner === null) return 0",
    test: executor,
    title: "1. what a program logs at its first run is logged once, also when another process has started it"
  },
  {
    file: "src/Executor/default/restore.ts",
    bug: "says again what was said",
    find: "events, version > seen",
    replace: "events, version > 0",
    test: executor,
    title: "1. what a program logs at its first run is logged once, also when another process has started it"
  },
  {
    file: "src/Executor/default/restore.ts",
    bug: "forgets that what the program asks for does not fit",
    find: "interpreter!.problem ?? before.problem",
    replace: "interpreter!.problem",
    test: executor,
    title: "12. a program that asks for more than a commit can hold is blocked, and goes on with better code"
  },
  {
    file: "src/Executor/default/restore.ts",
    bug: "forgets what an execution owes that was terminated elsewhere",
    find: "owes: state.owed.size > 0",
    replace: "owes: false",
    test: executor,
    title: "15. what an execution owes that is terminated from elsewhere is delivered and noted by its worker"
  },
  {
    file: "src/Executor/default/restore.ts",
    bug: "takes what is not blocked any more",
    find: 'if (isClaimed && claim.onlyBlocked && summary.status !== "blocked") return notOurs\n',
    replace: "",
    test: "test/Executor/retried.test.ts",
    title: "2. a worker that knows an execution as blocked does not take it from one that has it running by now"
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
    file: "src/HistoryEvent.ts",
    bug: "lets releases without messages read a message that was sent",
    find: 'MessageSent: { role: "command", since: 2 }',
    replace: 'MessageSent: { role: "command" }',
    test: codec,
    title: "writes the oldest format that can hold the events"
  },
  {
    file: "src/HistoryEvent.ts",
    bug: "lets releases without messages read what became of one",
    find: 'MessageSettled: { role: "delivered", since: 2 }',
    replace: 'MessageSettled: { role: "delivered" }',
    test: evolve,
    title: "MessageSent and MessageSettled need the second stored form, each of them alone"
  },
  {
    file: "src/Store/Memory.ts",
    bug: "begins again at version 1 after a deletion",
    find: "if (this.records.size === 0) return undefined",
    replace: "if (this.records.size >= 0) return undefined",
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
    file: "src/Store/sqlite/Row.ts",
    bug: "keeps names as they are, which some columns cannot",
    find: 'name.isWellFormed() && !name.startsWith(escaped) && !name.includes("\\0") ? name : escaped + JSON.stringify(name)',
    replace: "name",
    test: sqliteStore,
    title: "13. workers whose ids differ in anything are different workers"
  },
  {
    file: "src/Store/sqlite/Row.ts",
    bug: "believes every summary",
    find: "const damage = isId(id) ? damageOf(summary) :",
    replace: "const damage = isId(id) ? undefined :",
    test: "test/Store/SqliteDamage.test.ts",
    title: "17. stops nothing else: its version by version = 0"
  },
  {
    file: "src/Store/sqlite/Row.ts",
    bug: "reads integers as they are, though there may be too large ones",
    find: "`CAST(${column} AS REAL)`",
    replace: "column",
    test: "test/Store/SqliteDamage.test.ts",
    title: "17. stops nothing else: its owed by owed = 9223372036854775807"
  },
  {
    file: "src/Store/sqlite/Read.ts",
    bug: "does not miss a commit",
    find: "if (latest < summary.version) return",
    replace: "if (latest < 0) return",
    test: "test/Store/SqliteDamage.test.ts",
    title: "17. stop nothing else: UPDATE commits SET version = 9223372036854775807"
  },
  {
    file: "src/Store/nats/address.ts",
    bug: "leaves credentials in addresses",
    find: "address: scheme + host,\n    credentials",
    replace: "address: scheme + userinfo + host,\n    credentials",
    test: "test/Store/NatsAddress.test.ts",
    title: "user:secret@host:4222"
  },
  {
    file: "src/Store/sqlite/Fence.ts",
    bug: "takes a commit of any version",
    find: "version === known.version + 1 && known.runId",
    replace: "version > known.version && known.runId",
    test: sqliteStore,
    title: "3. version 5 after version 2 is a conflict"
  },
  {
    file: "src/Store/sqlite/Fence.ts",
    bug: "lets anybody continue a run",
    find: "known.runId === runId && isVersion",
    replace: "isVersion",
    test: sqliteStore,
    title: "3. a history is continued by its own run only, unless another one begins"
  },
  {
    file: "src/Store/sqlite/Fence.ts",
    bug: "does not know a commit that the log has",
    find: "pending.find((each) => each.version === version)?.id ??",
    replace: "undefined ??",
    test: sqliteStore,
    title: "4. a commit that is saved again succeeds and changes nothing"
  },
  {
    file: "src/Store/sqlite/Fence.ts",
    bug: "does not know a commit that is folded",
    find: "known?.key === undefined ? undefined : idInTables(known.key, version)",
    replace: "undefined",
    test: "test/Store/SqliteLog.test.ts",
    title: "2. know of each other's commits and folds whichever of them is asked"
  },
  {
    file: "src/Store/sqlite/Fence.ts",
    bug: "begins again at version 1 after a deletion",
    find: "const head = known ?? headOf(commit)",
    replace: "const head = known",
    test: sqliteStore,
    title: "16. no version but the next one is free after a deletion, for a new run or an old one"
  },
  {
    file: "src/Store/sqlite/Log.ts",
    bug: "goes by what it knew of an execution that is over",
    find: "if (known === undefined) this.recents.delete(workflowId)",
    replace: "if (known === undefined) void workflowId",
    test: sqliteFold,
    title: "2. takes no commit of a version that was there"
  },
  {
    file: "src/Store/sqlite/Log.ts",
    bug: "lists an execution whose run began elsewhere at its old place",
    find: "if (last?.summary.startedAt !== summary.startedAt) this.order = undefined",
    replace: "",
    test: sqliteFold,
    title: "8. lists what is there, whatever it listed before"
  },
  {
    file: "src/Store/sqlite/Log.ts",
    bug: "lists from the log what has left it",
    find: "this.hidden.delete(entry.key)\n    this.order = undefined",
    replace: "this.hidden.delete(entry.key)",
    test: sqliteFold,
    title: "8. lists what is there, whatever it listed before"
  },
  {
    file: "src/Store/sqlite/Log.ts",
    bug: "hides the row of what has left the log",
    find: "this.entries.delete(workflowId)\n    this.hidden.delete(entry.key)",
    replace: "this.entries.delete(workflowId)",
    test: sqliteFold,
    title: "8. lists what is there, whatever it listed before"
  },
  {
    file: "src/Store/sqlite/Log.ts",
    bug: "lists the row of what has come into the log",
    find: "this.hidden.add(entry.key)\n    this.order = undefined\n    return entry",
    replace: "this.order = undefined\n    return entry",
    test: sqliteFold,
    title: "8. lists what is there, whatever it listed before"
  },
  {
    file: "src/Store/sqlite/Log.ts",
    bug: "lists at its old place what another process has begun again",
    find: "// Its place in a listing may be another one now.\n    this.order = undefined",
    replace: "",
    test: sqliteFold,
    title: "8. lists what is there, whatever it listed before"
  },
  {
    file: "src/Store/sqlite/Log.ts",
    bug: "lists what was there when it read the log before",
    find: "this.hidden.clear()\n    this.order = undefined",
    replace: "this.hidden.clear()",
    test: sqliteFold,
    title: "8. lists what is there, whatever it listed before"
  },
  {
    file: "src/Store/sqlite/Fold.ts",
    bug: "puts events of another format into a row",
    find: "    commit.format === first.format &&\n",
    replace: "",
    test: sqliteFold,
    title: "are of one format each"
  },
  {
    file: "src/Store/sqlite/Fold.ts",
    bug: "puts all commits of an execution into one row",
    find: "index - from < commitsAtMost &&",
    replace: "",
    test: sqliteFold,
    title: "have 1,024 commits at most"
  },
  {
    file: "src/Store/sqlite/Fold.ts",
    bug: "makes rows of any length",
    find: "length <= eventsAtMost",
    replace: "length >= 0",
    test: sqliteFold,
    title: "have half a MiB at most"
  },
  {
    file: "src/Store/sqlite/Fold.ts",
    bug: "lets a log grow as fast as commits come",
    find: "isTooLong: () => isLong(log, 2)",
    replace: "isTooLong: () => false",
    test: sqliteFold,
    title: "is shorter before anything is added"
  },
  {
    file: "src/Store/sqlite/Fold.ts",
    bug: "remembers what is over",
    find: "summary?.closedAt !== undefined || runId",
    replace: "runId",
    test: sqliteFold,
    title: "remembers what goes on"
  },
  {
    file: "src/Store/sqlite/Log.ts",
    bug: "goes by what it remembers, whatever others commit",
    find: "if (this.valid && dataVersion === this.dataVersion) return",
    replace: "if (this.valid) return",
    test: "test/Store/SqliteLog.test.ts",
    title: "2. know of each other's commits and folds whichever of them is asked"
  },
  {
    file: "src/Store/sqlite/Log.ts",
    bug: "remembers what others have deleted",
    find: "this.news.deletions((id) => this.recents.delete(id))",
    replace: "this.news.deletions(() => {})",
    test: "test/Store/SqliteLog.test.ts",
    title: "9. take no commit of what another one has deleted since it was folded"
  },
  {
    file: "src/Store/sqlite/Log.ts",
    bug: "folds what has its turn later",
    find: "entry !== undefined && entry.commits[0]!.position <= position",
    replace: "entry !== undefined",
    test: sqliteFold,
    title: "6. folds each commit once, in its turn"
  },
  {
    file: "src/Store/sqlite/Log.ts",
    bug: "does not follow what others have folded",
    find: "else this.settleBelow(first)",
    replace: "",
    test: "test/Store/SqliteModel.test.ts",
    title: "say what a store in memory says"
  },
  {
    file: "src/Store/sqlite/Log.ts",
    bug: "takes what is folded for new",
    find: "if (row !== undefined && version !== undefined && row.version >= version) return undefined",
    replace: "",
    test: "test/Store/SqliteModel.test.ts",
    title: "say what a store in memory says"
  },
  {
    file: "src/Store/sqlite/Database.ts",
    bug: "remembers what a failed transaction would have done",
    find: "if (!done) log.reset()",
    replace: "",
    test: sqliteStore,
    title: "14. undoes the whole of a group when an error interrupts it, and goes on"
  },
  {
    file: "src/Store/sqlite/Deletions.ts",
    bug: "removes all commits of earlier runs at once",
    find: "if (older.isLong(execution.key, below)) {",
    replace: "if (older.isLong(execution.key, 0)) {",
    test: "test/Store/SqliteDeletions.test.ts",
    title: "9. takes less than 2 ms at a time"
  },
  {
    file: "src/Store/sqlite/Deletions.ts",
    bug: "removes the last row too, and says that there was nothing",
    find: "return rows.length < 2 ?",
    replace: "return rows.length < 1 ?",
    test: "test/Store/SqliteDeletions.test.ts",
    title: "9. takes less than 2 ms at a time"
  },
  {
    file: "src/Store/sqlite/Deletions.ts",
    bug: "has no record of what it has removed so far",
    find: "      keep(below)\n",
    replace: "",
    test: "test/Store/SqliteDeletions.test.ts",
    title: "9. that another commit overtakes is refused"
  },
  {
    file: "src/Store/sqlite/Deletions.ts",
    bug: "deletes what is in the log still",
    find: "fold.upTo(last) ? remove",
    replace: "fold.upTo(0) ? remove",
    test: "test/Store/SqliteModel.test.ts",
    title: "say what a store in memory says"
  },
  {
    file: "src/Store/sqlite/Deletions.ts",
    bug: "remembers what it has deleted",
    find: "      log.forget(workflowId)\n",
    replace: "\n",
    test: "test/Store/SqliteModel.test.ts",
    title: "say what a store in memory says"
  },
  {
    file: "src/Store/sqlite/Deletions.ts",
    bug: "forgets the run of what it leaves",
    find: "nameRun.run(key, before)\n",
    replace: "\n",
    test: "test/Store/SqliteFile.test.ts",
    title: "keeps its records of deletions, details and older runs, and loses what is deleted"
  },
  {
    file: "src/Store/sqlite/Deletions.ts",
    bug: "leaves older commits in a row with later ones",
    find: "const isCut = cut(key, before)",
    replace: "const isCut = false",
    test: "test/Store/SqliteModel.test.ts",
    title: "say what a store in memory says"
  },
  {
    file: "src/Store/sqlite/Summaries.ts",
    bug: "leaves the attributes of the past where they are found",
    find: "attributes.remove(Attributes.indexed(found))",
    replace: "",
    test: "test/Store/SqliteModel.test.ts",
    title: "say what a store in memory says"
  },
  {
    file: "src/Store/sqlite/Summaries.ts",
    bug: "keeps what was published first",
    find: "published = ?13, memo = ?14, closed_at = ?15, workflow = ?16, first_version = ?17, chain",
    replace: "memo = ?14, closed_at = ?15, workflow = ?16, first_version = ?17, chain",
    test: "test/Store/SqliteModel.test.ts",
    title: "say what a store in memory says"
  },
  {
    file: "src/Store/sqlite/Line.ts",
    bug: "forgets what is gone from a summary",
    find: "if (Array.isArray(gone)) for (const name of gone) delete summary[String(name)]",
    replace: "",
    test: "test/Store/SqliteModel.test.ts",
    title: "say what a store in memory says"
  },
  {
    file: "src/Store/sqlite/Segment.ts",
    bug: "reads on in what was removed",
    find: "return found.shift()?.id === before.id ? found : undefined",
    replace: "found.shift()\n      return found",
    test: "test/Store/SqliteReading.test.ts",
    title: "reads again what is removed between two slices"
  },
  {
    file: "src/Store/sqlite/News.ts",
    bug: "tells nothing of what was folded before it looked",
    find: "if (first > heard + 1) {",
    replace: "if (first > heard + 1000) {",
    test: "test/Store/SqliteLog.test.ts",
    title: "12. tell of what was committed and folded before they looked"
  },
  {
    file: "src/Store/sqlite/Group.ts",
    bug: "believes a line that names another execution",
    find: "if (own === beside) return alone(read)",
    replace: "return alone(read)",
    test: "test/Store/SqliteLog.test.ts",
    title: "17. by one byte anywhere takes no commit from an execution without saying so"
  },
  {
    file: "src/Store/sqlite/Database.ts",
    bug: "lets leases run while a heartbeat waits for a lock",
    find: "for (const wait of this.waits) if (isLong(wait)) return 0\n",
    replace: "\n",
    test: "test/Store/SqliteWorkers.test.ts",
    title: "13. live on while a heartbeat waits for a lock, and after it"
  },
  {
    file: "src/Store/sqlite/Database.ts",
    bug: "takes any wait for trouble",
    find: "performance.now() - since > 200",
    replace: "performance.now() - since > 0",
    test: "test/Store/SqliteWorkers.test.ts",
    title: "13. are not kept alive by the short waits of a busy file"
  },
  {
    file: "src/Store/sqlite/Workers.ts",
    bug: "lets leases run while the file cannot be written",
    find: "length <= ?4 AND CASE",
    replace: "?4 = ?4 AND CASE",
    test: "test/Store/SqliteWorkers.test.ts",
    title: "13. live on when the file could not be written for longer than their leases"
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
    file: "src/Store/sqlite/Deletions.ts",
    bug: "deletes what has moved on",
    find: "options.version !== latest) {",
    replace: "options.version < 0) {",
    test: "test/Store/SqliteModel.test.ts",
    title: "say what a store in memory says"
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
    file: "src/Store/postgres/Changes.ts",
    bug: "looks at the same commits again while a writer stays open",
    find: "ORDER BY c.xid DESC",
    replace: "ORDER BY c.xid",
    test: postgresLink,
    title: "12. a look finds the latest commits, however many others a writer that stays open has it look at"
  },
  {
    file: "src/Store/postgres/Changes.ts",
    bug: "finds what another server has numbered ahead",
    find: "AND c.xid < pg_snapshot_xmax(pg_current_snapshot())",
    replace: "",
    test: postgresLink,
    title: "12. a look finds no commit that a dump of another server has numbered ahead"
  },
  {
    file: "src/Store/postgres/Append.ts",
    bug: "takes a repeated commit for one that lost",
    find: "idAtVersion === null ? undefined : toText(idAtVersion)",
    replace: "undefined",
    test: postgresLink,
    title: "4. an answer that is lost can be had again"
  },
  {
    file: "src/Store/postgres/Append.ts",
    bug: "lets one execution that is locked keep a group waiting",
    find: 'if (code === "55P03")',
    replace: 'if (code === "55P04")',
    test: postgresLink,
    title: "7. a transaction of the app that has one execution keeps no other one of the group waiting"
  },
  {
    file: "src/Store/postgres/Append.ts",
    bug: "refuses commits that wait at the next version",
    find: "winner === undefined || winner.version !== version || winner.id === id",
    replace: "winner === undefined || winner.id === id",
    test: postgresStore,
    title: "commits of one execution in one group are stored in their order"
  },
  {
    file: "src/Store/postgres/functions.ts",
    bug: "appends to any version below",
    find: "AND e.version = i.version - 1",
    replace: "AND e.version < i.version",
    test: postgresStore,
    title: "3. version 4 after version 2 is a conflict"
  },
  {
    file: "src/Store/postgres/functions.ts",
    bug: "continues another run",
    find: "AND (e.run_id = i.run OR i.first = i.version)",
    replace: "",
    test: postgresStore,
    title: "3. a history is continued by its own run only"
  },
  {
    file: "src/Store/postgres/functions.ts",
    bug: "creates over a deletion",
    find: "WHERE d.workflow_id = i.id AND d.until > clock_timestamp()\n      ), 0)",
    replace: "WHERE d.workflow_id = i.id AND d.until < clock_timestamp()\n      ), 0)",
    test: postgresStore,
    title: "16. no version but the next one is free after a deletion"
  },
  {
    file: "src/Store/postgres/key.ts",
    bug: "keeps unpaired surrogates as one character",
    find: "text.isWellFormed() && ",
    replace: "",
    test: postgresStore,
    title: "10. any string is a good id"
  },
  {
    file: "src/Store/postgres/Attributes.ts",
    bug: "has negative numbers in the other order",
    find: "if (value < 0) for",
    replace: "if (value > 1) for",
    test: "test/Store/PostgresAttributes.test.ts",
    title: "are in the order of the values"
  },
  {
    file: "src/Store/postgres/Settings.ts",
    bug: "reads from a server that follows another one",
    find: "if (follows === true)",
    replace: "if (follows === undefined)",
    test: postgresSettings,
    title: "a server that follows another one is refused, also when unsafe"
  },
  {
    file: "src/Store/postgres/Settings.ts",
    bug: "takes commits that are acknowledged before the disk has them",
    find: 'if (committed === "off")',
    replace: 'if (committed === "no")',
    test: postgresSettings,
    title: "synchronous_commit counts for the user and the database of the store"
  },
  {
    file: "src/Store/postgres/Changes.ts",
    bug: "does not answer a store that begins to listen",
    find: "if (!isItself && payload.endsWith(` ${call}`)) yield* answer(listener)",
    replace: "company.heard(isItself)",
    test: postgresLink,
    title: "12. a store that comes later tells the one that was there before it"
  },
  {
    file: "src/Store/postgres/version2.ts",
    bug: "adds rows of attributes a second time",
    find: "    ON CONFLICT DO NOTHING;",
    replace: "    ;",
    test: "test/Store/PostgresVersions.server.test.ts",
    title: "refuses a second row of an attribute, and a restore of data alone adds none"
  },
  {
    file: "src/Store/postgres/version2.ts",
    bug: "cannot bring tables up to date that have rows twice",
    find: "WHERE t.copy > 1",
    replace: "WHERE t.copy > 2",
    test: "test/Store/PostgresVersions.server.test.ts",
    title: "is brought up to date by one of the processes that open it together, and keeps what it has"
  },
  {
    file: "src/Store/postgres/Company.ts",
    bug: "does not notice that it is deaf",
    find: "now < this.heardItself + silence && ",
    replace: "",
    test: "test/Store/PostgresCompany.test.ts",
    title: "may be there where the store does not listen, or is deaf"
  },
  {
    file: "src/Store/postgres/Company.ts",
    bug: "takes itself for another one",
    find: "if (isItself) this.heardItself = this.now()\n    else this.heardOther = this.now()",
    replace: "this.heardItself = this.heardOther = this.now()\n    void isItself",
    test: "test/Store/PostgresCompany.test.ts",
    title: "is none once nobody answers a call"
  },
  {
    file: "src/Store/postgres/Append.ts",
    bug: "tells also where nobody listens",
    find: "listeners.areNoOthers()",
    replace: "false",
    test: postgresLink,
    title: "12. a store that alone listens tells nobody, and another one hears all that comes after its first look"
  },
  {
    file: "src/Store/postgres/Workers.ts",
    bug: "takes executions for orphans whose worker beats",
    find: "const all = [worker, ...living.filter(({ id }) => id !== worker.id)]",
    replace: "const all = living",
    test: postgresStore,
    title: "13. a worker is told that there is nothing to look for, and of too much to tell that there may be"
  },
  {
    file: "src/Store/postgres/Workers.ts",
    bug: "takes workers that have left for living ones",
    find: "new Set<unknown>(all.map(({ id }) => keyOf(id)))",
    replace: "new Set<unknown>([...all.map(({ id }) => id), ...left].map(keyOf))",
    test: postgresStore,
    title: "13. a heartbeat that is answered tells of the same workers, and of all that there is to look for"
  },
  {
    file: "src/Store/postgres/Workers.ts",
    bug: "says that there is nothing due among more than it looks at",
    find: "count(*) = ${mostLooked} OR ",
    replace: "",
    test: postgresStore,
    title: "13. a worker is told that there is nothing to look for, and of too much to tell that there may be"
  },
  {
    file: "src/Store/postgres/Workers.ts",
    bug: "lets leases run while the server is away",
    find: " OR w.lease > make_interval(secs => ${since}))",
    replace: " OR make_interval(secs => ${since}) < interval '0')",
    test: postgresLink,
    title: "13. no lease runs out while the server cannot be reached"
  },
  {
    file: "src/Store/sqlite/Database.ts",
    bug: "begins anew beside a log whose file is gone",
    find: "faultOfLog(filename)\n",
    replace: "undefined\n",
    test: "test/Store/SqliteFile.test.ts",
    title: "refuses a log without its file, and leaves it alone"
  },
  {
    file: "src/Store/sqlite/Database.ts",
    bug: "looks for the log of a link beside the link",
    find: "lstatSync(path, { throwIfNoEntry: false })?.isSymbolicLink()",
    replace: "false",
    test: "test/Store/SqliteFile.test.ts",
    title: "refuses a log without its file, and leaves it alone"
  },
  {
    file: "src/Store/sqlite/Database.ts",
    bug: "acknowledges what is in a file that is gone",
    find: "throwIfSome(look())",
    replace: "",
    test: "test/Store/SqliteFiles.test.ts",
    title: "5. and deleted acknowledges nothing that is gone, and says so"
  },
  {
    file: "src/Executor/default/childMessages.ts",
    bug: "starts a child beside what has its id",
    find: "if (version !== after) {",
    replace: "if (version > 1e9) {",
    test: executor,
    title: "16. a child whose id is taken meanwhile is refused"
  },
  {
    file: "src/Executor/default/childMessages.ts",
    bug: "tells the parent in another chain",
    find: "return current === chain ? found.value :",
    replace: "return current !== null ? found.value :",
    test: executor,
    title: "16. the end of an abandoned child does not reach the next run of its parent"
  },
  {
    file: "src/internal/core/evolve.ts",
    bug: "leaves the children of what has ended",
    find: 'if (parentClose === "abandon") continue',
    replace: "continue",
    test: executor,
    title: "16. a child of a parent that ends is left cancelled by the policy cancel"
  },
  {
    file: "src/internal/core/evolve.ts",
    bug: "does not tell the parent",
    find: "if (parent === undefined) return\n",
    replace: "return\n",
    test: executor,
    title: "16. a child is executed, and its success is that of the call"
  },
  {
    file: "src/Executor/default/Recovery.ts",
    bug: "leaves to others what its own executions owe that it has let go",
    find: "owner === this.shared.worker && isDebtor(summary)",
    replace: "owner === undefined && isDebtor(summary)",
    test: executor,
    title: "16. children of an execution that is terminated are told, also when its worker lives and has let it go"
  },
  {
    file: "src/Executor/default/Recovery.ts",
    bug: "takes from a worker that lives what it owes",
    find: "if (!this.heartbeat.isOtherAlive(exit.value.value.owner)) this.settle",
    replace: "if (this.heartbeat.isOtherAlive(exit.value.value.owner)) this.settle",
    test: executor,
    title: "15. what an execution owes that is terminated from elsewhere is delivered and noted by its worker"
  },
  {
    file: "src/internal/core/evolve.ts",
    bug: "takes a child that has ended for refused",
    find: "return state.children.get(owed.to)?.address.chain === owed.address.chain ? found",
    replace: 'return found._tag === "Refused" ? found',
    test: executor,
    title: "16. a child that has ended and was deleted before its start was noted was started"
  },
  {
    file: "src/internal/inProgram.ts",
    bug: "lets a child live on after its call",
    find: "Effect.onInterrupt(() => stop)",
    replace: "Effect.onInterrupt(() => Effect.void)",
    test: executor,
    title: "16. an interrupted call cancels its child and waits for its end"
  },
  {
    file: "src/internal/replay/turn.ts",
    bug: "looks for a child that is not there yet",
    find: "if (isChild) return",
    replace: "if (isChild && child === null) return",
    test: executor,
    title: "16. a message to a child that is not started yet arrives after its start"
  },
  {
    file: "src/internal/replay/addresses.ts",
    bug: "asks whatever has an id when it asks again",
    find: "inputOf({ ...questionOf(command.input), runId: place.chain })",
    replace: "command.input",
    test: executor,
    title: "16. a question by an id is for the execution that had it then, whatever dies and is started again meanwhile"
  },
  {
    file: "src/internal/replay/turn.ts",
    bug: "answers a question that was dropped",
    find: 'refused._tag === "MessageSettled" || this.state.open.has(refused.seq)',
    replace: "true",
    test: executor,
    title: "16. a question to an id that nothing has is answered in the commit with the question"
  },
  {
    file: "src/internal/replay/addresses.ts",
    bug: "speaks to another run than the one meant",
    find: "if (chainMeant(place, run) !== chain) return",
    replace: "if (run === chain) return",
    test: executor,
    title: "16. a handle of a run that is over is refused in a program"
  },
  {
    file: "src/Executor/default/append.ts",
    bug: "terminates without a word to the children",
    find: "if ((summary.format ?? 1) < 2) return bySummary",
    replace: "return bySummary",
    test: executor,
    title: "16. a parent that is terminated takes its children with it, also through another executor"
  },
  {
    file: "src/internal/encoded.ts",
    bug: "gives programs no scope",
    find: "          Effect.scoped,\n",
    replace: "          (given) => given as Effect.Effect<Success, Error, WorkflowContext>,\n",
    test: executor,
    title: "7. the scope of a program is closed at its end, in reverse, whatever that is"
  },
  {
    file: "src/internal/replay/defect.ts",
    bug: "forgets the other defects",
    find: "if (others.length === 0) return defect",
    replace: "return defect",
    test: executor,
    title: "7. what a finalizer fails with is recorded beside the error of the program"
  },
  {
    file: "src/internal/options.ts",
    bug: "takes what is no number for no time",
    find: "return parts.length === 0 || parts.some",
    replace: "return parts.some",
    test: executor,
    title: "1. a timeout that is no time, and an id that is no text, is refused"
  },
  {
    file: "src/Executor/default/Sleepers.ts",
    bug: "looks for sleepers too late",
    find: "if (this.next > now + this.early / 2) return Effect.void",
    replace: "if (this.next > now) return Effect.void",
    test: "test/Executor/sleepers.test.ts",
    title: "9. those that were not read wake in time"
  },
  {
    file: "src/Executor/default/Sleepers.ts",
    bug: "forgets that it has sleepers",
    find: "this.next = Math.min(this.next, summary.wakeAt ?? this.next)",
    replace: "void summary.wakeAt",
    test: "test/Executor/sleepers.test.ts",
    title: "9. those that were not read wake after the clock has jumped"
  },
  {
    file: "src/Executor/default/Sleepers.ts",
    bug: "does not hear what sleepers are told",
    find: "return wakeAt !== undefined && wakeAt <= fibers.now() + this.early",
    replace: "return false",
    test: "test/Executor/sleepers.test.ts",
    title: "9. one that was not read takes what it is told, here and elsewhere, also when the news is lost"
  },
  {
    file: "src/Executor/default/Recovery.ts",
    bug: "reads all sleepers",
    find: "return this.taken >= mostReplays && ",
    replace: "return this.taken >= Infinity && ",
    test: "test/Executor/sleepers.test.ts",
    title: "9. very many are taken over and not all of them are read"
  },
  {
    file: "src/Store/sqlite/Files.ts",
    bug: "does not look after the log",
    find: "folder.isAsBefore() ? others : places",
    replace: "others",
    test: "test/Store/SqliteFiles.test.ts",
    title: "5. and without its log acknowledges nothing that is gone, and says so"
  },
  {
    file: "src/Store/sqlite/Query.ts",
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
    find: "FROM leases WHERE NOT (${isPast}) ORDER BY worker",
    replace: "FROM leases WHERE ?1 || ?2 || ?3 || ?4 <> '' ORDER BY worker",
    test: sqliteStore,
    title: "13. a worker lives for the length of its lease"
  },
  {
    file: "src/Store/sqlite/Workers.ts",
    bug: "believes the wall clock",
    find: "const bootNow = (): number => Number(process.hrtime.bigint()) / 1e6",
    replace: "const bootNow = liveNow",
    test: "test/Store/SqliteWorkers.test.ts",
    title: "13. live on when the wall clock is put forward"
  },
  {
    file: "src/Store/sqlite/Workers.ts",
    bug: "believes what older releases would read of its own workers",
    find: "AND leases.started = workers.started",
    replace: "AND leases.started <> workers.started",
    test: "test/Store/SqliteWorkers.test.ts",
    title: "13. are gone when their leases end, though the wall clock was put back"
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
    test: executor,
    title:
      "17. an end of a child that no run has asked for is known to the next ones, the latest of them, until one does"
  },
  {
    file: "src/internal/replay/Children.ts",
    bug: "passes on what the program has asked for",
    find: "        this.unasked.delete(runId)\n",
    replace: "",
    test: executor,
    title:
      "17. an end of a child that no run has asked for is known to the next ones, the latest of them, until one does"
  },
  {
    file: "src/internal/replay/Outbox.ts",
    bug: "forgets how the children of earlier runs have ended",
    find: "this.children.ended(end)\n",
    replace: "",
    test: executor,
    title:
      "17. an end of a child that no run has asked for is known to the next ones, the latest of them, until one does"
  },
  {
    file: "src/internal/replay/Outbox.ts",
    bug: "does not know the children of earlier runs",
    find: "for (const { address } of children) this.children.started(address.chain)",
    replace: "void children",
    test: executor,
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
    file: "src/internal/core/continued.ts",
    bug: "knows only the latest run of a chain",
    find: "const latestRuns = 100",
    replace: "const latestRuns = 0",
    test: executor,
    title: "8. a ref with a later run of a chain means the chain, wherever it is used"
  },
  {
    file: "src/Executor/default/Answers.ts",
    bug: "tells a caller what another execution of the id has answered",
    find: "version > since && isOf(chain)",
    replace: "version > since",
    test: executor,
    title: "19. a caller hears nothing of what another execution of the id has answered"
  },
  {
    file: "src/Executor/default/Answers.ts",
    bug: "does not hear the end of a run that began before what it has read",
    find: "(chains.get(runId) ?? chain) === chain",
    replace: "chains.get(runId) === chain",
    test: executor,
    title: "19. a caller hears of the end of its execution also when that was started again by then"
  },
  {
    file: "src/Executor/default/chains.ts",
    bug: "does not know an earlier chain by its later runs",
    find: "chains.get(meant) ?? meant",
    replace: "meant",
    test: executor,
    title: "8. a ref with a later run of a chain means the chain, wherever it is used"
  },
  {
    file: "src/Executor/default/Results.ts",
    bug: "leaves a caller alone that has named a later run",
    find: "if (run !== undefined) this.meant(workflowId, run, chain)\n",
    replace: "",
    test: executor,
    title: "8. a ref with a later run of a chain means the chain, wherever it is used"
  },
  {
    file: "src/Executor/default/Updating.ts",
    bug: "answers with the run that the caller has named",
    find: "const runId = chainMeant(summary, asked.ref.runId)",
    replace: "const runId = (asked.ref.runId ?? chain) as RunId",
    test: executor,
    title: "8. a ref with a later run of a chain means the chain, wherever it is used"
  },
  {
    file: "src/internal/replay/addresses.ts",
    bug: "sends to no later run of a chain",
    find: "if (chainMeant(place, run) !== chain) return",
    replace: "if ((run ?? chain) !== chain) return",
    test: executor,
    title: "8. a ref with a later run of a chain means the chain in a program, too, and ends and removes it"
  },
  {
    file: "src/internal/replay/turn.ts",
    bug: "does not look at which run a child is",
    find: "child !== undefined && (sent?.run ?? child.chain) === child.chain",
    replace: "child !== undefined",
    test: executor,
    title: "8. a ref with a later run of a child means the child"
  },
  {
    file: "src/internal/core/remembered.ts",
    bug: "forgets the latest keys and keeps the first ones",
    find: "return left < 0 ? all.slice(first + 1) : all.slice(first)",
    replace: "return all.slice(0, all.length - first)",
    test: executor,
    title: "17. a chain knows its latest keys and ids of updates, and those of what no run has received"
  },
  {
    file: "src/internal/core/remembered.ts",
    bug: "forgets no key",
    find: "for (; first > 0 && left > 0; first--) left",
    replace: "for (; first > 0; first--) left",
    test: executor,
    title: "17. a chain knows its latest keys and ids of updates, and those of what no run has received"
  },
  {
    file: "src/internal/core/evolve.ts",
    bug: "forgets the key of a signal that no run has received",
    find: "new Set([...forgotten, ...keys])",
    replace: "new Set(keys)",
    test: executor,
    title: "17. a chain knows its latest keys and ids of updates, and those of what no run has received"
  },
  {
    file: "src/internal/core/updates.ts",
    bug: "passes on every id of an update",
    find: "answered: latest([...answered], ([id]) => id)",
    replace: "answered: [...answered]",
    test: executor,
    title: "17. a chain knows its latest keys and ids of updates, and those of what no run has received"
  },
  {
    file: "src/Executor/default/attempts.ts",
    bug: "forgets the policy that a call has chosen",
    find: ", activity.issued.retry)",
    replace: ")",
    test: executor,
    title: "4. a call may choose another policy, which is recorded and holds after a restart"
  },
  {
    file: "src/internal/retryPlan.ts",
    bug: "forgets what the contract says of errors when a call chooses its policy",
    find: "{ ...(planOf(policy) as Plan<Error> | undefined), numbers: chosen }",
    replace: "{ numbers: chosen }",
    test: executor,
    title: "4. what the contract says of errors holds for the policy of a call"
  },
  {
    file: "src/internal/retryPlan.ts",
    bug: "comes again before the time that an error asks for",
    find: "Duration.max(\n        duration,",
    replace: "Duration.min(\n        duration,",
    test: executor,
    title: "4. an error may ask for a pause that is longer than the policy's longest"
  },
  {
    file: "src/internal/activityCall.ts",
    bug: "forgets the timeouts of the contract that a call does not name",
    find: "const { attempt = timeouts.attempt, total = timeouts.total } = timeoutsOf(timeout)",
    replace: "const { attempt, total } = timeoutsOf(timeout)",
    test: executor,
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
    test: executor,
    title: "20. any process with the contract may end it, also while no worker lives"
  },
  {
    file: "src/internal/core/completing.ts",
    bug: "lets an error end a later attempt than its own",
    find: 'exit._tag === "Fail" && attempt !== attemptOf(activity)',
    replace: 'exit._tag === "Fail" && attempt === 0',
    test: executor,
    title: "20. an error from outside ends an attempt, and the policy says what follows"
  },
  {
    file: "src/internal/core/evolve.ts",
    bug: "counts as lost what was left to others",
    find: "const ran = open.pending === undefined && open.ended === undefined &&",
    replace: "const ran =",
    test: executor,
    title: "20. a lost or restarted worker does not run again what was left to others"
  },
  {
    file: "src/Executor/default/Activities.ts",
    bug: "begins again what was left to others",
    find: "else if (activity.pending !== undefined) this.wait(activity.seq, activity.dueAt)",
    replace: "else if (activity.pending !== undefined) this.attempt(activity, run)",
    test: executor,
    title: "20. a lost or restarted worker does not run again what was left to others"
  },
  {
    file: "src/Executor/default/UnderWay.ts",
    bug: "does not ask the policy for an error that a caller here has sent",
    find: "return this.activities?.again(this.state?.open.get(event.seq))",
    replace: "return undefined",
    test: executor,
    title: "20. an error from outside ends an attempt, and the policy says what follows"
  },
  {
    file: "src/internal/completing.ts",
    bug: "takes the token of another activity",
    find: "if (place.activity !== activity) {",
    replace: 'if (place.activity === "") {',
    test: executor,
    title: "20. a token, a value or a place that makes no sense is refused, and changes nothing"
  },
  {
    file: "src/Executor/default/Saves.ts",
    bug: "tells observers of nothing",
    find: "this.observed.committed(entry.commit, entry.known)",
    replace: "",
    test: executor,
    title: "22. each commit is told once, by the executor that made it, with what it ends"
  },
  {
    file: "src/Executor/default/Observed.ts",
    bug: "tells observers nothing of commits to executions that run elsewhere",
    find: "Effect.map(save, () => this.committed(commit, known))",
    replace: "save",
    test: executor,
    title: "22. each commit is told once, by the executor that made it, with what it ends"
  },
  {
    file: "src/Executor/default/Observed.ts",
    bug: "forgets what was open before a commit",
    find: "if (open !== undefined) this.open.set(open.seq, open)",
    replace: "",
    test: executor,
    title: "22. each commit is told once, by the executor that made it, with what it ends"
  },
  {
    file: "src/Executor/default/childMessages.ts",
    bug: "begins a trace of its own for a child",
    find: "startedEvent({ ...message, trace }, appender, {",
    replace: "startedEvent({ ...message, trace: trace === undefined ? trace : undefined }, appender, {",
    test: executor,
    title: "22. the span of a start goes with the execution: to its commits, attempts, children and next runs"
  },
  {
    file: "src/Executor/default/Observed.ts",
    bug: "tells observers nothing of what is stored when its caller has given up",
    find: "const told = Effect.flatMap(this.known(store, commit, known), tell)",
    replace:
      "const told = Effect.flatMap(this.known(store, commit, known), tell)\n    if (told !== undefined) return told",
    test: attacked,
    title: "22. what is stored is told, also when its caller gives up before the answer"
  },
  {
    file: "src/Executor/default/Observed.ts",
    bug: "ends a caller with the executor",
    find: "resume(isCut ? save : exit)",
    replace: "resume(exit)",
    test: attacked,
    title: "22. a caller whose executor ends before the store has answered has its answer"
  },
  {
    file: "src/layers/Hooks.ts",
    bug: "lets a logger that throws end the calls of an execution",
    find: "Effect.ignoreCause(under(trace, told))",
    replace: "under(trace, told)",
    test: attacked,
    title: "go on when a logger throws"
  },
  {
    file: "src/layers/Hooks.ts",
    bug: "decodes no value by its schema",
    find: "if (Result.isFailure(values)) return logged(call.hook, about, `was not called: ${values.failure}`)",
    replace: "if (Result.isFailure(values)) return Effect.void",
    test: hookCalls,
    title: "is not called for a value that does not fit its schema, which is logged"
  },
  {
    file: "src/layers/hooks/Lines.ts",
    bug: "keeps any number of hooks that hang",
    find: "return this.waiting + this.leftBehind",
    replace: "return this.waiting",
    test: attacked,
    title: "that never end and let nothing interrupt them are bounded in number"
  },
  {
    file: "src/layers/hooks/Lines.ts",
    bug: "waits for a hook that hangs",
    find: "return Effect.timeoutOption(ended, milliseconds)",
    replace: "return Effect.map(ended, Option.some)",
    test: hookCalls,
    title: "that hangs is logged, and touches nothing else"
  },
  {
    file: "src/layers/hooks/Lines.ts",
    bug: "lets an execution keep its turn",
    find: "if (line.length > 0) this.ready.add(execution)",
    replace: "if (line.length > 0) this.ready = new Set([execution, ...this.ready])",
    test: hookCalls,
    title: "of one execution come in the order of its commits, and those of another one in between"
  },
  {
    file: "src/layers/hooks/Lines.ts",
    bug: "gives up what is left at the end",
    find: "const rest = Effect.timeoutOption(this.rest, milliseconds)",
    replace: "const rest = Effect.timeoutOption(this.rest, 0)",
    test: hookCalls,
    title: "that are left at the end of the layer are made"
  },
  {
    file: "src/layers/hooks/Lines.ts",
    bug: "lets a hook go on after its time",
    find: "    fiber.interruptUnsafe()\n    if (fiber.pollUnsafe()",
    replace: "    if (fiber.pollUnsafe()",
    test: lasting,
    title: "is interrupted"
  },
  {
    file: "src/layers/telemetry/Spans.ts",
    bug: "makes spans that no level wants",
    find: "sampled: parent.sampled && isWanted",
    replace: "sampled: parent.sampled",
    test: lasting,
    title: "is asked for no more than its level wants"
  },
  {
    file: "src/layers/telemetry/callers.ts",
    bug: "leaves callers without a tracer without spans",
    find: "Context.get(caller, Tracer.Tracer) === Tracer.nativeTracer ? Context.add(caller, Tracer.Tracer, tracer) : caller",
    replace: "Context.get(caller, Tracer.Tracer) === tracer ? Context.add(caller, Tracer.Tracer, tracer) : caller",
    test: lasting,
    title: "is that of callers that have none"
  },
  {
    file: "src/layers/hooks/call.ts",
    bug: "tells no hook of failures",
    find: 'ActivityResolved: ["onActivityComplete", "onActivityFail"]',
    replace: 'ActivityResolved: ["onActivityComplete"]',
    test: hooked,
    title: "of activities tell defects and timeouts, and of no question of the executor"
  },
  {
    file: "src/layers/hooks/call.ts",
    bug: "tells of a start with each run of a chain",
    find: 'return event.continues === undefined ? ofWorkflow("onWorkflowStart", started(event)) : undefined',
    replace: 'return ofWorkflow("onWorkflowStart", started(event))',
    test: hooked,
    title: "are told once of a chain that continues as new, and of the parent of a child"
  },
  {
    file: "src/layers/hooks/call.ts",
    bug: "tells of what the executor itself asks",
    find: "if (isAsk(issued)) return undefined",
    replace: "",
    test: hooked,
    title: "of activities tell defects and timeouts, and of no question of the executor"
  },
  {
    file: "src/layers/hooks/call.ts",
    bug: "shows hooks what was recorded, and not a copy",
    find: "copyJson(values as Schema.JsonObject) as Fields",
    replace: "values",
    test: hooked,
    title: "without definitions are told of everything, in JSON of their own"
  },
  {
    file: "src/layers/hooks/Part.ts",
    bug: "takes an inline activity for the definition of its name",
    find: "return inline ? undefined : this.listed.get(keyOf(kinds[hook], name))",
    replace: "return this.listed.get(keyOf(kinds[hook], name))",
    test: hooked,
    title: "of activities tell defects and timeouts, and of no question of the executor"
  },
  {
    file: "src/Executor/default/Observed.ts",
    bug: "records whatever middleware ends an attempt with",
    find: "given.has(end) ? end : replacedEnd(handler, end)",
    replace: "end",
    test: attemptEnds,
    title: "that fits nothing is a defect of the attempt, which names the fault"
  },
  {
    file: "src/Executor/default/Observed.ts",
    bug: "takes the end of the handler for one of middleware",
    find: "given.has(end) ? end : replacedEnd(handler, end)",
    replace: "replacedEnd(handler, end)",
    test: attemptEnds,
    title: "goes through as it is, also when it leaves its end to a caller outside"
  },
  {
    file: "src/Executor/default/attempts.ts",
    bug: "records an end that callers cannot read",
    find: "const issue = misfit?.(end)",
    replace: 'const issue = misfit?.({ _tag: "TimedOut", after: 0 })',
    test: attemptEnds,
    title: "that fits nothing is a defect of the attempt, which names the fault"
  },
  {
    file: "src/Executor/default/attempts.ts",
    bug: "takes anything for an end",
    find: "if (!isExit(end)) {",
    replace: "if (end === null) {",
    test: attemptEnds,
    title: "that fits nothing is a defect of the attempt, which names the fault"
  },
  {
    file: "src/layers/middleware/Windows.ts",
    bug: "remembers every key for ever",
    find: "if (this.all.size >= this.looksAt) this.forgetIdle(now)",
    replace: "",
    test: middlewareLimits,
    title: "remembers no more keys than are in use, or have been lately"
  },
  {
    file: "src/layers/middleware/Windows.ts",
    bug: "forgets keys that count",
    find: "if (now - latest >= this.milliseconds) this.all.delete(key)",
    replace: "this.all.delete(key)",
    test: middlewareLimits,
    title: "remembers no more keys than are in use, or have been lately"
  },
  {
    file: "src/layers/middleware/limiter.ts",
    bug: "lets any number wait",
    find: "const mayWait = waiting < room",
    replace: "const mayWait = room > 0",
    test: middlewareLimits,
    title: "lets so many wait, refuses what comes then, and has room again when one has its turn or gives up"
  },
  {
    file: "src/layers/middleware/limiter.ts",
    bug: "has no room for another when one has had its turn",
    find: "Effect.sync(() => waiting--)",
    replace: "Effect.void",
    test: middlewareLimits,
    title: "lets so many wait, refuses what comes then, and has room again when one has its turn or gives up"
  },
  {
    file: "src/layers/Middleware.ts",
    bug: "has one limit for all executors",
    find: "return layerOf(Effect.sync(() => limiter(new Windows(limit, milliseconds), key, room)))",
    replace: "return layerOf(Effect.succeed(limiter(new Windows(limit, milliseconds), key, room)))",
    test: middlewareShared,
    title: "a limit have one each"
  },
  {
    file: "src/layers/Middleware.ts",
    bug: "lets a logger fail what is done",
    find: "return Effect.ignoreCause(line)",
    replace: "return line",
    test: middlewareLimits,
    title: "by a logger that throws changes nothing of the operation"
  },
  {
    file: "src/layers/Middleware.ts",
    bug: "warns of callers that stop waiting",
    find: "if (Cause.hasInterruptsOnly(exit.cause))",
    replace: "if (name === String(exit.cause))",
    test: middlewareLimits,
    title: "takes a caller that stops waiting for no fault"
  },
  {
    file: "src/layers/Middleware.ts",
    bug: "gives a second executor the services of the first",
    find: "Layer.fresh(layer as Layer.Layer<any, any, any>)",
    replace: "layer as Layer.Layer<any, any, any>",
    test: middlewareShared,
    title: "what says who may do what are two"
  },
  {
    file: "src/layers/middleware/layerOf.ts",
    bug: "leaves open what an operation has opened",
    find: "Effect.scoped(Effect.suspend(() => call(operation, next)))",
    replace: "Effect.suspend(() => call(operation, next))",
    test: lasting,
    title: "around an operation is closed with it"
  },
  {
    file: "src/layers/Middleware.ts",
    bug: "leaves open what an attempt has opened",
    find: "Effect.scoped(call(attempt, next))",
    replace: "call(attempt, next)",
    test: lasting,
    title: "around an attempt is closed with it"
  },
  {
    file: "src/layers/Middleware.ts",
    bug: "gives middleware of activities the services of the executor",
    find: "Context.merge(caller, own)",
    replace: "Context.merge(own, caller)",
    test: lasting,
    title: "is that of its own layer, also where the executor was given another"
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
    file: "src/layers/Hooks.ts",
    bug: "puts the spans of hooks into no trace",
    find: "lines.within(milliseconds, under(trace, called))",
    replace: "lines.within(milliseconds, called)",
    test: lasting,
    title: "of hooks are in the trace of the execution, and else in one of their own"
  },
  {
    file: "src/layers/Retention.ts",
    bug: "hangs all that retention does on the start of the app",
    find: "goingOn(Effect.forever(work))",
    replace: "Effect.forever(work)",
    test: lasting,
    title: "of what retention and gauges read are in none that was there before"
  },
  {
    file: "src/layers/Metrics.ts",
    bug: "hangs all that gauges read on the start of the app",
    find: ".pipe(goingOn)",
    replace: "",
    test: lasting,
    title: "of what retention and gauges read are in none that was there before"
  },
  {
    file: "src/Executor/default/Observed.ts",
    bug: "puts what handlers do into no trace",
    find: "return under(trace, whole)",
    replace: "return whole",
    test: lasting,
    title: "of handlers, and of middleware around tracing, are in the trace of the execution"
  },
  {
    file: "src/layers/Middleware.ts",
    bug: "takes any answer for a yes",
    find: "answer === undefined ? next : Effect.die(new TypeError(answered(answer)))",
    replace: "answer === undefined ? next : next",
    test: middleware,
    title: "takes no answer for a yes, where no compiler has looked"
  },
  {
    file: "src/layers/Middleware.ts",
    bug: "puts the first middleware of a list inside",
    find: "middleware.reduceRight<Layer.Layer<any, any, any>>(",
    replace: "middleware.reduce<Layer.Layer<any, any, any>>(",
    test: middleware,
    title: "the first of a list is the outermost"
  },
  {
    file: "src/layers/Middleware.ts",
    bug: "does not look at the message of a start",
    find: "return message === undefined ? [own] : [own, inputOf(message)]",
    replace: "return [own]",
    test: middleware,
    title: "refuses JSON that does not fit, before anything is recorded"
  },
  {
    file: "src/layers/middleware/Operation.ts",
    bug: "lets a deletion slip past middleware",
    find: 'call({ _tag: "Delete", ref: refOf(ref), before: options?.before }, executions.delete(ref, options))',
    replace: "executions.delete(ref, options)",
    test: middleware,
    title: "lets no operation slip past"
  },
  {
    file: "src/layers/middleware/layerOf.ts",
    bug: "takes the user of the layer for that of the call",
    find: "Context.merge(Context.merge(own, caller), inner)",
    replace: "Context.merge(Context.merge(caller, own), inner)",
    test: middleware,
    title: "goes by the user of the call, and may look at the execution without asking itself"
  },
  {
    file: "src/Executor/default/Reports.ts",
    bug: "keeps what handlers report in its process",
    find: "put(this.unsaved, call, { ...call, details })",
    replace: "void details",
    test: executor,
    title: "21. details outlive the worker, also one that was cut off"
  },
  {
    file: "src/Executor/default/Reports.ts",
    bug: "keeps the reports of others from the store when it refuses one",
    find: "Effect.forEach(all, (each) => this.saveOne(each), { discard: true })",
    replace: "Effect.void",
    test: "test/Executor/reports.test.ts",
    title: "is saved for one call when the store refuses that of another"
  },
  {
    file: "src/Executor/default/Reports.ts",
    bug: "overwrites what another process knows",
    find: "if (this.lease.mustLook) return Effect.void",
    replace: "",
    test: "test/Executor/reports.test.ts",
    title: "overwrites nothing once another process may have the execution, and is saved when it has not"
  },
  {
    file: "src/Executor/default/Reports.ts",
    bug: "tells the store each time that a handler reports",
    find: "const wait = Math.max(0, this.savedAt + interval - this.fibers.passed())",
    replace: "const wait = 0",
    test: executor,
    title: "21. however often a handler reports, the store is told once a second"
  },
  {
    file: "src/Executor/default/Activities.ts",
    bug: "leaves details behind",
    find: "this.shared.reports.remove({ workflowId, runId, seq }, run?.hasDetails === true)",
    replace: "void [workflowId, runId, run]",
    test: executor,
    title: "21. the next attempt goes on where the one before has reported to be, and the history does not grow"
  },
  {
    file: "src/Executor/default/Beats.ts",
    bug: "ends an attempt after its heartbeat timeout however often it is heard",
    find: "if (left > 0) this.wait(left)",
    replace: "if (left > this.timeout) this.wait(left)",
    test: executor,
    title: "21. an attempt that is silent for too long ends, however long it has run"
  },
  {
    file: "src/Executor/default/attempts.ts",
    bug: "does not hear attempts that report",
    find: "attempt.beats?.heard()",
    replace: "",
    test: executor,
    title: "21. an attempt that is silent for too long ends, however long it has run"
  },
  {
    file: "src/internal/heartbeat.ts",
    bug: "takes details that cannot be read for a defect",
    find: "return Effect.as(Effect.logWarning(text), Option.none())",
    replace: "return Effect.die(new Error(text))",
    test: executor,
    title: "21. details that do not fit are a defect of the handler, and those of another release are left out"
  },
  {
    file: "src/internal/handlers.ts",
    bug: "gives a program none of the services that its layer has",
    find: "Registered, { implementations, context }),",
    replace: "Registered, { implementations, context: Context.empty() }),",
    test: executor,
    title: "9. a service that is pure is that of the layer, wherever a program is"
  },
  {
    file: "src/internal/handlers.ts",
    bug: "takes the last of two handlers of one name",
    find: "if (found.has(activity)) {",
    replace: 'if (workflow === "") {',
    test: executor,
    title: "10. handlers of two activities of one name are refused when the layers are built"
  },
  {
    file: "src/internal/handlers.ts",
    bug: "takes every contract of a name for the same",
    find: "one === other || shapeOf(one) === shapeOf(other)",
    replace: "one.name === other.name",
    test: executor,
    title: "9. a call by a contract whose name has the handler of another one is blocked until its own is there"
  },
  {
    file: "src/internal/handlers.ts",
    bug: "takes two definitions that say the same for two contracts",
    find: "one === other || shapeOf(one) === shapeOf(other)",
    replace: "one === other",
    test: executor,
    title: "9. two definitions of an activity that say the same are one contract"
  },
  {
    file: "src/internal/handlers.ts",
    bug: "provides all contracts of a name under one key",
    find: "`${prefix}${contracts++}/${name}`",
    replace: "`${prefix}${name}`",
    test: executor,
    title: "10. handlers of two activities of one name are refused when the layers are built"
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
    test: executor,
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
    test: executor,
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
    test: executor,
    title: "9. a block that does not come back by replay ends when the execution is next told something"
  },
  {
    file: "src/internal/replay/turn.ts",
    bug: "delivers a batch before it takes what the program asks for",
    find: 'this.leaveTo(event)\n    if (this.program._tag === "Loaded") this.collect()\n    return true',
    replace:
      'this.leaveTo(event)\n    if (this.program._tag === "Loaded" && this.taken === this.mail.length - 1) this.collect()\n    return true',
    test: executor,
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
    test: executor,
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
    test: executor,
    title: "19. an update waits for its handler, and is named meanwhile"
  },
  {
    file: "src/internal/replay/Updates.ts",
    bug: "asks a validation again in a replay",
    find: 'if (event._tag === "UpdateAccepted") this.judged.set(event.id, "accepted")',
    replace: 'if (event._tag === "UpdateAccepted") this.judged.delete(event.id)',
    test: executor,
    title: "19. a replay does not ask a validation again, whatever it would say now"
  },
  {
    file: "src/Executor/default/Updating.ts",
    bug: "does not look whether an update is known",
    find: "let known = knownOf(stored, ref, update.id)",
    replace: "let known = undefined as Known | undefined",
    test: executor,
    title: "19. an id is answered once, and the same, also after the end and by another process"
  },
  {
    file: "src/Executor/default/Updating.ts",
    bug: "takes any request of an id for the same",
    find: "request.name === name && equalJson(request.input, input)",
    replace: "request !== undefined || (name === '' && input === null)",
    test: executor,
    title: "19. an id is answered once, and the same, also after the end and by another process"
  },
  {
    file: "src/Executor/default/Answers.ts",
    bug: "does not hear of answers elsewhere",
    find: "if (this.all.has(workflowId)) this.fibers.fork",
    replace: "if (false as boolean) this.fibers.fork",
    test: executor,
    title: "19. an update from a process without the program is answered, and what is refused is a small event"
  },
  {
    file: "src/Executor/default/Worker.ts",
    bug: "does not look again for the answers of updates",
    find: "this.answers.lookAgain(looksAtOnce)",
    replace: "Effect.void",
    test: executor,
    title: "19. an answer whose news was missed is found at a heartbeat"
  },
  {
    file: "src/internal/encoded.ts",
    bug: "lets handlers of updates go on",
    find: "          Effect.ensuring(Effect.suspend(() => context.updates().stop)),\n",
    replace: "",
    test: executor,
    title: "19. what is open at the end is answered with Finished, and handlers are interrupted"
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
    file: "src/internal/schema.ts",
    bug: "hands out what is recorded",
    find: "decode(copyJson(json))",
    replace: "decode(json)",
    test: executor,
    title: "3. each attempt of a handler gets the input that was recorded"
  },
  {
    file: "src/internal/schema.ts",
    bug: "records the values of a program themselves",
    find: "encode, value, canonicalJson)",
    replace: "encode, value, Result.succeed as never)",
    test: executor,
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
    test: executor,
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
    file: "src/internal/store/admit.ts",
    bug: "lets no run begin after another one",
    find: "(begins || head?.runId === commit.runId)",
    replace: "head?.runId === commit.runId",
    test: admission,
    title: "3. another run begins at the next version"
  },
  {
    file: "src/internal/store/admit.ts",
    bug: "lets a deleted id begin at version 1",
    find: "const latest = head?.version ?? 0",
    replace: "const latest = head?.runId === undefined ? 0 : head.version",
    test: admission,
    title: "16. a deleted id begins above its deletion"
  },
  {
    file: "src/internal/store/admit.ts",
    bug: "takes a commit that begins for one that is known",
    find: "if (idAtVersion === commit.id)",
    replace: "if (idAtVersion !== undefined)",
    test: admission,
    title: "2. another run does not begin at a version that is taken"
  },
  {
    file: "src/internal/store/damage.ts",
    bug: "believes a first version after the latest",
    find: "isVersion(value) && value <= (version as number)",
    replace: "isVersion(value)",
    test: "test/Store/damage.test.ts",
    title: "with a value that is none is damage that is named: firstVersion"
  },
  {
    file: "src/internal/store/damage.ts",
    bug: "believes any status",
    find: "statuses.has(value)",
    replace: 'typeof value === "string"',
    test: "test/Store/damage.test.ts",
    title: "with a value that is none is damage that is named: status"
  },
  {
    file: "src/internal/store/damage.ts",
    bug: "believes what an execution waits for",
    find: "readWaiting(value) !== undefined",
    replace: "value !== undefined",
    test: "test/Store/damage.test.ts",
    title: "with a value that is none is damage that is named: waitingFor"
  },
  {
    file: "src/internal/store/damage.ts",
    bug: "believes any attribute",
    find: "if (!isAttribute(value[name])) return false",
    replace: "if (value[name] === undefined) return false",
    test: "test/Store/damage.test.ts",
    title: "with a value that is none is damage that is named: attributes"
  },
  {
    file: "src/internal/store/damage.ts",
    bug: "believes counts that are no numbers",
    find: "isRecord(value) && Object.values(value).every(Number.isSafeInteger)),\n  attributes",
    replace: "isRecord(value)),\n  attributes",
    test: "test/Store/damage.test.ts",
    title: "with a value that is none is damage that is named: unreceived"
  },
  {
    file: "src/internal/store/damage.ts",
    bug: "wants what may be absent",
    find: "value === undefined || check(value, summary)",
    replace: "check(value, summary)",
    test: "test/Store/damage.test.ts",
    title: "of each kind of execution is sound"
  },
  {
    file: "src/internal/store/failure.ts",
    bug: "takes a bad filter for a damaged store",
    find: 'reason._tag === "Unsupported" && (operation === "list" || operation === "count")',
    replace: "false",
    test: executor,
    title: "8. a filter or a cursor that makes no sense is a mistake of the caller, and says what"
  },
  {
    file: "src/internal/store/failure.ts",
    bug: "refuses no handle",
    find: "if (chainMeant(summary, ref.runId) !== chain)",
    replace: 'if (ref.runId === "")',
    test: executor,
    title: "8. the same through an executor that does not run the execution"
  },
  {
    file: "src/internal/store/failure.ts",
    bug: "acts on what a newer release has written",
    find: "return format > formatVersion ? new NewerRelease({ format, known: formatVersion }) : undefined",
    replace: "return undefined",
    test: newer,
    title: "is described; all else that a caller asks of it fails with `NewerRelease`"
  },
  {
    file: "src/internal/store/failure.ts",
    bug: "takes a commit that is too large for a store that is away",
    find: 'case "TooLarge":\n      return new PayloadTooLarge({ bytes: error.reason.bytes, limit: error.reason.limit })\n',
    replace: "",
    test: executor,
    title: "12. what is too large is refused also by an executor that does not run the execution"
  },
  {
    file: "src/internal/store/listing.ts",
    bug: "does not find a closed debtor",
    find: "!isFinal(summary.status) || summary.wakeAt !== undefined",
    replace: "!isFinal(summary.status)",
    test: executor,
    title: "15. what a finished execution owes is delivered, also by a worker without its program"
  },
  {
    file: "src/internal/store/listing.ts",
    bug: "tells of nothing that has no owner",
    find: "summary.owner === undefined && isUnsettled(summary)",
    replace: "summary.owner === undefined && isFinal(summary.status)",
    test: executor,
    title: "1. a process without the program starts an execution, and a worker that has it runs it at once"
  },
  {
    file: "src/internal/store/listing.ts",
    bug: "begins a page with the end of the one before",
    find: "order(after.value, summary) < 0",
    replace: "order(after.value, summary) <= 0",
    test: memoryStore,
    title: "8. a pass answers every execution that matches once, ordered by start time and id"
  },
  {
    file: "src/internal/store/summary.ts",
    bug: "wakes nobody for what was appended",
    find: "return { ...next, wakeAt, unreceived: oneMore(summary.unreceived, event.name) }",
    replace: "return { ...next, unreceived: oneMore(summary.unreceived, event.name) }",
    test: executor,
    title: "11. a message is seen also when the news of it is lost"
  },
  {
    file: "src/internal/store/summary.ts",
    bug: "wakes later for what was appended later",
    find: "Math.min(event.at, summary.wakeAt ?? event.at)",
    replace: "event.at",
    test: summary,
    title: "after an append by another process is that of the fold, but for the signals that only the worker knows"
  },
  {
    file: "src/internal/store/summary.ts",
    bug: "leaves a terminated execution to its owner",
    find: "    delete closed.owner\n",
    replace: "",
    test: summary,
    title: "after an append by another process is that of the fold, but for the signals that only the worker knows"
  },
  {
    file: "src/internal/store/summary.ts",
    bug: "wakes for a terminated execution that owes nothing",
    find: "else {\n    delete closed.wakeAt\n",
    replace: "else {\n",
    test: summary,
    title: "after an append by another process is that of the fold, but for the signals that only the worker knows"
  },
  {
    file: "src/internal/store/summary.ts",
    bug: "wakes nobody for what a terminated execution owes",
    find: "    closed.owed = owed\n    closed.wakeAt = event.at\n",
    replace: "    closed.owed = owed\n",
    test: summary,
    title: "after an append by another process is that of the fold, but for the signals that only the worker knows"
  },
  {
    file: "src/internal/store/summary.ts",
    bug: "does not say that messages are owed",
    find: "if (state.owed.size > 0) summary.owed = state.owed.size\n",
    replace: "",
    test: executor,
    title: "15. what a finished execution owes is delivered, also by a worker without its program"
  },
  {
    file: "src/internal/store/summary.ts",
    bug: "forgets signals that another process appends",
    find: "unreceived: oneMore(summary.unreceived, event.name) }",
    replace: "unreceived: summary.unreceived ?? {} }",
    test: executor,
    title: "8. a description counts the signals that the program has not received, by name"
  },
  {
    file: "src/internal/store/summary.ts",
    bug: "does not say when a blocked execution is tried again",
    find: "...(retryAt === undefined ? {} : { retryAt })",
    replace: "...{}",
    test: "test/Executor/losses.test.ts",
    title: "2. an execution is blocked whose attempts were lost alone three times, and tried again after a minute"
  },
  {
    file: "src/internal/store/summary.ts",
    bug: "names all that an execution waits for",
    find: "if (named.length === namedAtMost) break\n    named.push(waitingOf(each))",
    replace: "named.push(waitingOf(each))",
    test: executor,
    title: "8. every execution can say what it waits for"
  },
  {
    file: "src/internal/store/summary.ts",
    bug: "says that nothing can happen of what no worker has taken",
    find: 'unreadSince === undefined ? { _tag: "Nothing" }',
    replace: 'unreadSince !== null ? { _tag: "Nothing" }',
    test: executor,
    title: "8. an execution that is blocked, or that none has taken yet, says no more than that"
  },
  {
    file: "src/internal/store/summary.ts",
    bug: "counts more names of signals than it may",
    find: "Object.keys(counts).length >= namedAtMost",
    replace: "Object.keys(counts).length > namedAtMost",
    test: summary,
    title: "counts the signals that were sent and not received, by their names"
  },
  {
    file: "src/internal/store/summary.ts",
    bug: "says that an activity runs that waits for its next attempt",
    find: "if (dueAt !== undefined) activity[pending",
    replace: "if (dueAt === 0) activity[pending",
    test: executor,
    title: "8. every execution can say what it waits for"
  },
  {
    file: "src/internal/store/waiting.ts",
    bug: "takes what is no list for one",
    find: "if (!Array.isArray(stored)) return undefined",
    replace: "if (!Array.isArray(stored)) return []",
    test: "test/waiting.test.ts",
    title: "what is damaged is not read"
  },
  {
    file: "src/internal/store/waiting.ts",
    bug: "passes over what is damaged",
    find: "else return undefined",
    replace: "else continue",
    test: "test/waiting.test.ts",
    title: "what is damaged is not read"
  },
  {
    file: "src/internal/store/waiting.ts",
    bug: "does not know the words of release 0.1",
    find: 'all.push({ _tag: "Other", text: each })',
    replace: "continue",
    test: "test/waiting.test.ts",
    title: "the words of release 0.1 are read as such"
  },
  {
    file: "src/Executor/default/phases.ts",
    bug: "takes any problem for the one that is recorded",
    find: "problem?.reason === reason",
    replace: "problem !== undefined && reason !== undefined",
    test: "test/Executor/retried.test.ts",
    title: "2. an execution that is tried again and cannot go on for another reason is tried once"
  },
  {
    file: "src/Store/nats/Table.ts",
    bug: "brings back what was deleted while it was read, and is damaged",
    find: "last === undefined ? seq <= this.passed && !this.unread.has(key) : last.seq > seq",
    replace: "last !== undefined && last.seq > seq",
    test: "test/Store/NatsTable.test.ts",
    title: "does not bring back what was deleted while it was read, and is damaged"
  },
  {
    file: "src/Executor/default/Isolation.ts",
    bug: "blames what was put back",
    find: "isolated.announce(false, () => {})\n        return this.pause()",
    replace: "return this.pause()",
    test: "test/Executor/isolation.test.ts",
    title: "does not begin when a shutdown has begun while it was recorded that it runs alone"
  },
  {
    file: "src/Executor/default/Isolation.ts",
    bug: "waits for others that overlap as long each time",
    find: "this.milliseconds * 2 ** Math.min(this.inVain, mostDoublings)",
    replace: "this.milliseconds",
    test: "test/Executor/isolation.test.ts",
    title: "waits twice as long then"
  },
  {
    file: "src/Executor/default/Worker.ts",
    bug: "takes the word of another registration back",
    find: "this.announced.delete(registration)\n      // They",
    replace:
      "for (const each of this.announced) if (each.workflow === registration.workflow) this.announced.delete(each)\n      // They",
    test: "test/Executor/leaving.test.ts",
    title: "registered again while its old registration ends is announced"
  },
  {
    file: "src/Executor/default/Oversize.ts",
    bug: "tries one message at a time",
    find: "const count = Math.ceil(mail.length / 2)",
    replace: "const count = 1",
    test: "test/Executor/oversize.test.ts",
    title: "halves"
  },
  {
    file: "src/Executor/default/RecoveryLog.ts",
    bug: "does not begin a new count",
    find: "this.takeovers.clear()\n",
    replace: "",
    test: "test/Executor/ownership.test.ts",
    title: "leaves executions to another one"
  },
  {
    file: "src/Compensation.ts",
    bug: "lets what will be undone be interrupted",
    find: "Effect.uninterruptible(Effect.tap",
    replace: "Effect.asVoid(Effect.tap",
    test: executor,
    title: "7. a cancel waits for the end of what will be undone, and then it is undone"
  },
  {
    file: "src/Compensation.ts",
    bug: "gives a compensation the scope of the program, which is closed",
    find: "Effect.scoped, ",
    replace: "",
    test: executor,
    title: "7. a compensation has a scope of its own, and what it registers itself runs after it"
  },
  {
    file: "src/internal/replay/Compensations.ts",
    bug: "undoes first what was done first",
    find: "let next = registered.pop(); next !== undefined; next = registered.pop()",
    replace: "let next = registered.shift(); next !== undefined; next = registered.shift()",
    test: executor,
    title: "7. compensations run in reverse when a workflow ends by a cancel"
  },
  {
    file: "src/internal/replay/Compensations.ts",
    bug: "stops at the first compensation that fails",
    find: "if (Exit.isSuccess(exit)) continue",
    replace: "if (Exit.isSuccess(exit)) continue\n        registered.length = 0",
    test: executor,
    title: "7. a compensation that fails keeps no other from running, and the declared error is the end"
  },
  {
    file: "src/internal/replay/Compensations.ts",
    bug: "undoes what succeeded",
    find: "Exit.isSuccess(exit) || this.registered.length === 0",
    replace: "this.registered.length === 0",
    test: executor,
    title: "7. compensations do not run when a workflow succeeds or is terminated"
  },
  {
    file: "src/internal/replay/closing.ts",
    bug: "forgets what compensations failed with",
    find: "failure: failureOf(fail.error), ...detailOf(late) }",
    replace: "failure: failureOf(fail.error) }",
    test: executor,
    title: "7. a compensation that fails keeps no other from running, and the declared error is the end"
  },
  {
    file: "src/internal/encoded.ts",
    bug: "does not tell compensations the error",
    find: "context.compensations.failedWith(cause)",
    replace: "void cause",
    test: executor,
    title: "7. a compensation is told the value and why the workflow failed"
  },
  {
    file: "src/Executor/default/announce.ts",
    bug: "says of what stays blocked what is known",
    find: "else if (message !== state.problem?.message) log(",
    replace: "else log(",
    test: executor,
    title: "9. a worker that cannot go on with what is blocked either says why, once it is for another reason"
  },
  {
    file: "src/Executor/default/Execution.ts",
    bug: "leaves an execution to others in silence",
    find: 'if (program._tag === "Stopped") announce',
    replace: 'if (program._tag === "Loaded") announce',
    test: "test/Executor/Memory.test.ts",
    title: "9. what no worker can run is blocked after a few looks"
  },
  {
    file: "src/internal/store/summary.ts",
    bug: "does not say that it was cancelled",
    find: 'if (cancel !== undefined) named.push({ _tag: "Cancelling", reason: cancel.reason })',
    replace: "",
    test: "test/Executor/Memory.test.ts",
    title: "8. an execution that was cancelled says so"
  },
  {
    file: "src/Executor/default/Activities.ts",
    bug: "keeps quiet about the last of several attempts",
    find: 'fibers.log(number > 1 ? "Warn" : "Debug", text, about)',
    replace: 'fibers.log("Debug", text, about)',
    test: "test/Executor/log.test.ts",
    title: "an attempt that fails and is repeated"
  },
  {
    file: "src/internal/replay/Interpreter.ts",
    bug: "loses what the program has not received when it continues",
    find: "unread: mailboxes.untaken",
    replace: "unread: []",
    test: executor,
    title: "17. signals that were not received are received by the next run, in order, and a new worker loses none"
  },
  {
    file: "src/internal/replay/Interpreter.ts",
    bug: "loses a cancel that came after the program had continued",
    find: "this.cancelled ??= event",
    replace: "void event",
    test: executor,
    title: "17. a cancel that came before the program continued ends the next run"
  },
  {
    file: "src/internal/core/continued.ts",
    bug: "loses what a run leaves to the next one",
    find: "...next.continues!, ...leftBy(state)",
    replace: "...next.continues!",
    test: executor,
    title: "17. children live on, and end with the execution"
  },
  {
    file: "src/internal/core/continued.ts",
    bug: "compares a start with the latest input",
    find: "continues.input === digestOf(input)",
    replace: "equalJson(own, input)",
    test: executor,
    title: "17. an id is the same start after its execution has continued"
  },
  {
    file: "src/Executor/default/nextRun.ts",
    bug: "appends between two runs",
    find: "Option.isSome(found) && isBetweenRuns(found.value)",
    replace: "Option.isSome(found) && found.value.version < 0",
    test: executor,
    title: "17. a process without the program that sends between two runs begins the next one"
  },
  {
    file: "src/internal/core/continued.ts",
    bug: "lets a history grow without end",
    find: "if (length < limit) return undefined",
    replace: "if (length < limit || limit > 0) return undefined",
    test: executor,
    title: "17. a program that never continues is blocked at the limit, and goes on when it is raised"
  },
  {
    file: "src/internal/replay/Interpreter.ts",
    bug: "never suggests to continue",
    find: "this.length >= (event.suggestContinueAt ?? suggestedLength)",
    replace: "this.length >= suggestedLength",
    test: executor,
    title: "17. a program learns how long its history is, and when to continue"
  },
  {
    file: "src/internal/continueAsNew.ts",
    bug: "continues as any workflow",
    find: "if (workflow !== name) {\n    return Effect.die",
    replace: "if (workflow === null) {\n    return Effect.die",
    test: executor,
    title: "17. a next input that is none is a defect that says so, and so is the end of another workflow"
  },
  {
    file: "src/internal/replay/Patches.ts",
    bug: "goes by a patch in the replay of what is older",
    find: "this.known?.(id) ?? (!isReplaying || this.recorded.has(id))",
    replace: "this.known?.(id) ?? true",
    test: executor,
    title: "9. a patch is for new executions, and those under way go on as they began"
  },
  {
    file: "src/internal/replay/Patches.ts",
    bug: "asks again",
    find: "if (known !== undefined) return known",
    replace: "",
    test: executor,
    title: "9. a patch is for new executions, and those under way go on as they began"
  },
  {
    file: "src/internal/replay/Patches.ts",
    bug: "leaves no mark of what is deprecated",
    find: "if (!isReplaying || this.recorded.has(id)) this.record({ id, deprecated: true })",
    replace: "if (this.recorded.has(id)) this.record({ id, deprecated: true })",
    test: executor,
    title: "9. a patch that is deprecated is passed over, and a release with the question or without it goes on"
  },
  {
    file: "src/Executor/default/restore.ts",
    bug: "takes news for a replay",
    find: "return commits.findLast(isSeen)?.version ?? 0",
    replace: "return commits.at(-1)?.version ?? 0",
    test: executor,
    title: "9. an execution that comes to a patch for the first time goes by it"
  },
  {
    file: "src/internal/core/match.ts",
    bug: "shows the wrong cure",
    find: 'if (recorded?._tag === "PatchRecorded") {\n    const call',
    replace: 'if (recorded?._tag === "TimerFired") {\n    const call',
    test: executor,
    title: "9. a patch that is gone too early blocks an execution, which says how to put it back"
  },
  {
    file: "src/Executor/default/childMessages.ts",
    bug: "takes each parent for a root",
    find: "const { root = parent } = sender",
    replace: "const root = parent",
    test: executor,
    title: "16. children are found by their parent, and all that descends from an execution by its root"
  },
  {
    file: "src/Store/sqlite/Query.ts",
    bug: "finds the children of every run of a parent",
    find: "if (runId !== undefined) conditions.push",
    replace: 'if (runId === "") conditions.push',
    test: sqliteStore,
    title: "8. executions are found by"
  },
  {
    file: "src/internal/store/listing.ts",
    bug: "finds the children of every run of a parent",
    find: "(runId === undefined || ancestor.chain === runId)",
    replace: '(runId === undefined || runId !== "")',
    test: memoryStore,
    title: "8. executions are found by"
  },
  {
    file: "src/Store/sqlite/Migrations.ts",
    bug: "forgets the parents of a file without columns for them",
    find: "    fillParentIds(connection)\n",
    replace: "",
    test: "test/Store/SqliteFile.test.ts",
    title: "gets them when it is opened, and finds the children that it has"
  },
  {
    file: "src/Executor/default/append.ts",
    bug: "leaves a cancelled execution to a worker that may never come",
    find: 'happened._tag !== "CancelRequested" || !isUntaken(summary)',
    replace: 'happened._tag !== "ExecutionStarted"',
    test: executor,
    title: "7. a cancel ends an execution that no worker has taken, and none runs it later"
  },
  {
    file: "src/internal/store/summary.ts",
    bug: "cancels what runs without its finalizers",
    find: 'chain === undefined && status === "running" && owner === undefined',
    replace: 'chain === undefined && status === "running"',
    test: executor,
    title: "7. "
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
    file: "src/Executor/default/Execution.ts",
    bug: "leaves what others recorded unseen",
    find: 'this.tell({ _tag: "Seen" })',
    replace: "this.notice(version)",
    test: executor,
    title: "8. after signals of another process a description says again what the program has, within a heartbeat"
  },
  {
    file: "src/Executor/default/Handover.ts",
    bug: "leaves an end to others anew whenever it is found",
    find: "if ((this.left.get(workflowId)?.version ?? 0) >= version) return",
    replace: "if (this.left.get(workflowId) === null) return",
    test: executor,
    title: "16. an end of which the worker of the parent does not hear is delivered by that of the child"
  },
  {
    file: "src/Executor/default/Handover.ts",
    bug: "takes any news of a child for that of its delivered end",
    find: "version <= left.version || unowned || owner !== undefined",
    replace: "version === 0",
    test: executor,
    title: "16. an end of which the worker of the parent does not hear is delivered by that of the child"
  },
  {
    file: "src/Executor/default/Handover.ts",
    bug: "leaves ends to others for ever",
    find: "if (left.looks++ < most) continue",
    replace: "if (left.looks++ < most || most > 0) continue",
    test: executor,
    title: "16. an end of which the worker of the parent does not hear is delivered by that of the child"
  },
  {
    file: "src/Executor/default/Handover.ts",
    bug: "commits ends to parents that other workers run",
    find: "owner !== worker && heartbeat.alive.has(owner)",
    replace: "owner === worker && heartbeat.alive.has(owner)",
    test: executor,
    title: "16. the worker of a parent fetches the ends of its children from other workers, several in one commit"
  },
  {
    file: "src/Executor/default/Recovery.ts",
    bug: "leaves ends to the workers of the children",
    find: "if (this.inCare.get(parent) !== undefined) this.settle(child)",
    replace: "if (this.inCare.get(parent) === undefined) this.settle(child)",
    test: executor,
    title: "16. the worker of a parent fetches the ends of its children from other workers, several in one commit"
  },
  {
    file: "src/internal/store/listing.ts",
    bug: "tells nobody whose end a child owes",
    find: "return closedAt === undefined || parent === undefined ? change",
    replace: "return closedAt === undefined || parent !== undefined ? change",
    test: sqliteStore,
    title: "12. of a finished child that owes messages is told who its parent is, and of no other execution"
  },
  {
    file: "src/Executor/default/Loop.ts",
    bug: "answers while a commit is under way",
    find: "    if (this.working) return\n    const defect = this.defect\n",
    replace: "    if (this.working) return\n    this.answer()\n    const defect = this.defect\n",
    test: executor,
    title: "18. an answer is of a state that is saved"
  },
  {
    file: "src/Executor/default/Loop.ts",
    bug: "lets mail go before questions",
    find: "const hasAnswered = this.answer()\n        goesOn = this.step() || hasAnswered",
    replace: "goesOn = this.step() || this.answer()",
    test: executor,
    title: "18. a busy execution answers between its commits, and goes on"
  },
  {
    file: "src/Executor/default/Answering.ts",
    bug: "keeps a program that a handler has touched",
    find: "if (answerer.problem !== undefined) this.forgetProgram()",
    replace: "",
    test: executor,
    title: "18. what a query declares arrives as its own class, and what is wrong as a reason"
  },
  {
    file: "src/Executor/default/Answering.ts",
    bug: "keeps its worker's end from those who ask",
    find: 'return refusal instanceof ShutDown ? Result.fail(refusal) : "Elsewhere"',
    replace: 'return "Elsewhere"',
    test: executor,
    title: "18. a query during a shutdown is answered, or told of the shutdown"
  },
  {
    file: "src/Executor/default/Copies.ts",
    bug: "makes a copy for each question",
    find: "const isWanted = found?.registration === registration",
    replace: "const isWanted = found?.registration !== registration",
    test: executor,
    title: "18. any process that has the workflow answers by replay, without taking the execution"
  },
  {
    file: "src/Executor/default/Copies.ts",
    bug: "asks a copy that is old",
    find: "found.version >= version",
    replace: "found.version > 0",
    test: executor,
    title: "18. any process that has the workflow answers by replay, without taking the execution"
  },
  {
    file: "src/Executor/default/Copies.ts",
    bug: "keeps a copy that a handler has touched",
    find: "  forget(workflowId: WorkflowId): void {\n    this.all.delete(workflowId)",
    replace: "  forget(workflowId: WorkflowId): void {",
    test: executor,
    title: "18. what a query declares arrives as its own class, and what is wrong as a reason"
  },
  {
    file: "src/Executor/default/Questions.ts",
    bug: "does not read what is published where the program cannot go on",
    find: "if (problem !== undefined) return yield* published(summary, query.name) ?? new Blocked({ problem })",
    replace: "if (problem !== undefined) return yield* new Blocked({ problem })",
    test: executor,
    title: "18. a program that cannot go on here is not asked, and the execution is left alone"
  },
  {
    file: "src/Executor/default/Questions.ts",
    bug: "asks another run",
    find: "const refusal = refused(ref, found.value)",
    replace: "const refusal = refused({ workflowId }, found.value)",
    test: executor,
    title: "18. a handle of an execution that was started again is refused"
  },
  {
    file: "src/Executor/default/Questions.ts",
    bug: "does not take a question back",
    find: "        execution.withdraw(question)\n        const detail",
    replace: "        const detail",
    test: executor,
    title: "18. callers are told after patience that the state cannot be saved, and the question is taken back"
  },
  {
    file: "src/Executor/default/Delivery.ts",
    bug: "forgets with a note what is published",
    find: "signals: noSignals, published })",
    replace: "signals: noSignals })",
    test: executor,
    title: "18. what is published stays when the execution is blocked, and when others end it and deliver what it owes"
  },
  {
    file: "src/Executor/default/phases.ts",
    bug: "forgets what a stopped program has published",
    find: "published(program.interpreter.queries.publications) : before",
    replace: "published(program.interpreter.queries.publications) : undefined",
    test: executor,
    title: "18. what is published stays when the execution is blocked, and when others end it and deliver what it owes"
  },
  {
    file: "src/Executor/default/append.ts",
    bug: "forgets with a termination what is published",
    find: "signals: noSignals, published })",
    replace: "signals: noSignals })",
    test: executor,
    title: "18. what is published stays when the execution is blocked, and when others end it and deliver what it owes"
  },
  {
    file: "src/internal/store/published.ts",
    bug: "publishes without end",
    find: "if (bytes > left) return bytes",
    replace: "",
    test: executor,
    title: "18. a published value that is too large is left out, and not read as it was"
  },
  {
    file: "src/internal/store/published.ts",
    bug: "warns with each commit",
    find: 'return earlier !== undefined && "leftOut" in earlier',
    replace: "return earlier === null",
    test: queries,
    title: "18. each commit has what the program has published by then, whoever writes it and whatever ends between"
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
    file: "src/internal/inProgram.ts",
    bug: "asks for an update as if its id were new each time",
    find: "message: update })",
    replace: "message })",
    test: executor,
    title: "16. an update that a program asks for is done once, whenever its worker ends"
  },
  {
    file: "src/internal/store/summary.ts",
    bug: "says nothing of whom an execution asks",
    find: "if (isAsk(issued)) {",
    replace: 'if (issued.name === "") {',
    test: executor,
    title:
      "16. the wait for another execution survives its worker, says what it waits for, and takes no place of a handler"
  },
  {
    file: "src/Store/sqlite/Row.ts",
    bug: "loses what is published",
    find: "if (published !== null) summary.published",
    replace: "if (published === 1) summary.published",
    test: sqliteStore,
    title: "15. a summary is the one that a load has, after each commit and in every store"
  },
  {
    file: "src/Executor/default/Registrations.ts",
    bug: "takes the latest version for all",
    find: "if (workflowVersion !== undefined || owner === undefined) return this.toStart(workflow, workflowVersion)",
    replace: "return this.toStart(workflow, undefined)",
    test: executor,
    title: "9. each execution keeps its version, side by side and with a new worker"
  },
  {
    file: "src/internal/core/programName.ts",
    bug: "compares versions as texts",
    find: "{ numeric: true }",
    replace: "{ numeric: false }",
    test: executor,
    title: "9. a start without a version gets the highest that its first worker has, and keeps it"
  },
  {
    file: "src/internal/replay/turn.ts",
    bug: "pins nothing",
    find: ", ...pinOf(this.state, programVersion) }",
    replace: " }",
    test: executor,
    title: "9. a start without a version gets the highest that its first worker has, and keeps it"
  },
  {
    file: "src/Executor/default/Execution.ts",
    bug: "continues with the old version",
    find: "this.registration = latest(this.registration.workflow) ?? this.registration",
    replace: "",
    test: executor,
    title: "9. a run that continues as new has the latest version"
  },
  {
    file: "src/Executor/default/Recovery.ts",
    bug: "blocks what another version may run in a moment",
    find: "!this.registrations.isGuess(summary) && ",
    replace: "",
    test: executor,
    title: "9. an execution of the time before versions goes on with the program that has none, or the lowest"
  },
  {
    file: "src/internal/store/listing.ts",
    bug: "finds all versions",
    find: "filter.workflowVersion === summary.workflowVersion",
    replace: 'filter.workflowVersion !== ""',
    test: memoryStore,
    title: "8. executions are found by"
  },
  {
    file: "src/Store/sqlite/Query.ts",
    bug: "finds all versions",
    find: "if (workflowVersion !== undefined) conditions",
    replace: 'if (workflowVersion === "") conditions',
    test: sqliteStore,
    title: "8. executions are found by"
  },
  {
    file: "src/internal/continueAsNew.ts",
    bug: "makes the next input before the handlers of updates have ended",
    find: "    yield* updates.finish\n    return yield* next",
    replace: "    yield* Effect.ensuring(next, updates.finish)",
    test: executor,
    title: "17. handlers that run end in their run, and a function makes the next input when they have"
  },
  {
    file: "src/internal/continueAsNew.ts",
    bug: "does not hear of the cancel that its start brought",
    find: "    yield* Effect.yieldNow\n",
    replace: "",
    test: executor,
    title: "17. a chain whose runs never wait takes messages, and is cancelled or terminated"
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
    file: "src/internal/updateHandler.ts",
    bug: "accepts what a validation that did more than read lets pass",
    find: 'if (ran._tag === "Misdeed") {',
    replace: 'if (ran._tag === "Misdeed") return undefined\n    if (ran._tag === "Misdeed") {',
    test: executor,
    title:
      "19. a validation may only read: what else it does refuses the update, and blocks where it changed the program"
  },
  {
    file: "src/Executor/default/append.ts",
    bug: "forgets the keys of runs that are deleted",
    find: "? other.continues?.keys.includes(key) === true",
    replace: "? false",
    test: executor,
    title: "17. what a deleted run has answered or taken is known, also after the end"
  },
  {
    file: "src/Executor/default/Updating.ts",
    bug: "does an update again whose answer is deleted",
    find: 'if (known === undefined && standing === "answered") return',
    replace: "if (false) return",
    test: executor,
    title: "17. what a deleted run has answered or taken is known, also after the end"
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
    file: "src/Executor/default/Questions.ts",
    bug: "asks a copy that another handler has touched",
    find: "if (interpreter.problem !== undefined) return yield* this.askElsewhere(ref, query)",
    replace: "if (interpreter.problem !== undefined) return yield* new Blocked({ problem: interpreter.problem })",
    test: executor,
    title: "18. a handler that harms a copy of the program harms no other question that shares the copy"
  },
  {
    file: "src/Executor/default/Mail.ts",
    bug: "takes the refusal of an execution that ends for the last word",
    find: ' || refusal._tag === "ShutDown" || refusal._tag === "Finished"',
    replace: ' || refusal._tag === "ShutDown"',
    test: executor,
    title: "5. a signal of a key that is sent again while the end that it led to is saved is taken"
  },
  {
    file: "src/Executor/default/Execution.ts",
    bug: "does not log what the last commit of a run says",
    find: "    announce.answered(this.shared, this, turn.events)\n",
    replace: "",
    test: executor,
    title: "19. a handler that dies is in the log, also where the program ends with it"
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
    file: "src/internal/core/evolve.ts",
    bug: "hands a child that has ended to the next run",
    find: "if (state.children.get(workflowId)?.address.chain === from) removeChild(state, workflowId)",
    replace: "if (state.children.get(workflowId)?.address.chain !== from) removeChild(state, workflowId)",
    test: schedules,
    title: "Script goes on as it was, and its next run has what was left"
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
    file: "src/Executor/default/Updating.ts",
    bug: "appends an update between two runs",
    find: "if (known === undefined && isBetweenRuns(stored.summary)) return yield* read",
    replace: "",
    test: executor,
    title: "17. an update that another process sends while the program continues is of its next run"
  },
  {
    file: "src/Executor/default/append.ts",
    bug: "refuses a signal that was taken before the end",
    find: 'if (event._tag !== "SignalReceived" || event.key === undefined) return Effect.succeed(false)',
    replace:
      'if (event.at > 0) return Effect.succeed(false)\n  if (event._tag !== "SignalReceived" || event.key === undefined) return Effect.succeed(false)',
    test: operations,
    title: "1 to 19. any sequence of operations is answered as the model says, while workers stop or are cut off"
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
    file: "src/internal/replay/Updates.ts",
    bug: "takes updates while the run waits to continue",
    find: "if (this.stopping) return\n    const judged",
    replace: "const judged",
    test: operations,
    title: "1 to 19. any sequence of operations is answered as the model says, while workers stop or are cut off"
  },
  {
    file: "src/Executor/default/restore.ts",
    bug: "takes for seen what blocked a program",
    find: 'if (status !== "blocked") return commits',
    replace: "if (status !== undefined) return commits",
    test: executor,
    title: "9. what a program does first when its code is put right goes by its patches, also in later releases"
  },
  {
    file: "src/HistoryEvent.ts",
    bug: "lets older releases read attributes that a program has set",
    find: 'AttributesSet: { role: "command", since: 2 }',
    replace: 'AttributesSet: { role: "command", since: 1 }',
    test: executor,
    title:
      "8. an older release leaves an execution alone that has a memo, or whose program has set attributes, and no other"
  },
  {
    file: "src/HistoryEvent.ts",
    bug: "lets older releases leave out a memo, as they do not with attributes",
    find: 'event._tag === "ExecutionStarted" && event.memo !== undefined',
    replace: 'event._tag === "ExecutionStarted" && event.memo === "never"',
    test: executor,
    title:
      "8. an older release leaves an execution alone that has a memo, or whose program has set attributes, and no other"
  },
  {
    file: "src/internal/core/evolve.ts",
    bug: "forgets the attributes that a program sets",
    find: "(state.attributes = withChanges(state.attributes, event.attributes))",
    replace: "0",
    test: executor,
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
    test: executor,
    title: "8. a program that sets another attribute than it did disagrees with its history, which says both"
  },
  {
    file: "src/internal/core/continued.ts",
    bug: "passes on attributes that the program has removed",
    find: "  attributes: _attributes,\n",
    replace: "",
    test: executor,
    title: "8. a run whose program has removed all attributes passes none on"
  },
  {
    file: "src/internal/replay/attributes.ts",
    bug: "counts attributes of the start alone",
    find: "current = withChanges(current, changes)\n",
    replace: "\n",
    test: executor,
    title: "8. attributes of a start and of the program count together"
  },
  {
    file: "src/internal/replay/attributes.ts",
    bug: "counts attributes of the program alone",
    find: "let current: Attributes = attributes\n",
    replace: "let current: Attributes = none\n",
    test: executor,
    title: "8. attributes of a start and of the program count together"
  },
  {
    file: "src/internal/replay/Queries.ts",
    bug: "lets queries set attributes",
    find: '      scheduler.guest?.refuse("set attributes")\n',
    replace: "",
    test: executor,
    title: "8. a query only reads: its handler cannot set attributes"
  },
  {
    file: "src/internal/store/summary.ts",
    bug: "forgets the memo beside the attributes",
    find: "  if (state.memo !== undefined) summary.memo = state.memo\n",
    replace: "",
    test: executor,
    title: "8. a memo is in descriptions and listings, also that of a child, and is bounded"
  },
  {
    file: "src/internal/store/summary.ts",
    bug: "takes the attributes of the summary for those of release 0.1",
    find: "const isTold = ",
    replace: "const isTold = false && ",
    test: summary,
    title: "has attributes that release 0.1 kept in it alone, and the state read with it has them too"
  },
  {
    file: "src/internal/inProgram.ts",
    bug: "leaves out the memo of a child, and not its attributes",
    find: "...(memo === undefined ? {} : { memo })",
    replace: "...{}",
    test: executor,
    title: "8. a memo is in descriptions and listings, also that of a child, and is bounded"
  },
  {
    file: "src/internal/attributes.ts",
    bug: "keeps attributes that are too many",
    find: "if (count > mostAttributes) return",
    replace: "if (count > 1_000_000) return",
    test: executor,
    title: "8. what no attribute can be is refused by the start and by the program, with its name and what to do"
  },
  {
    file: "src/internal/attributes.ts",
    bug: "keeps names of attributes that are too long",
    find: "return exceeds(name, mostNameBytes)",
    replace: "return exceeds(name, 1_000_000)",
    test: executor,
    title: "8. what no attribute can be is refused by the start and by the program, with its name and what to do"
  },
  {
    file: "src/internal/attributes.ts",
    bug: "keeps texts of attributes that are too long",
    find: "return exceeds(value, mostTextBytes)",
    replace: "return exceeds(value, 1_000_000)",
    test: executor,
    title: "8. what no attribute can be is refused by the start and by the program, with its name and what to do"
  },
  {
    file: "src/internal/attributes.ts",
    bug: "keeps a memo that is too large for one, as attributes are not",
    find: "  return exceeds(text, mostBytes)\n    ? Result.fail",
    replace: "  return exceeds(text, 1_000_000)\n    ? Result.fail",
    test: executor,
    title: "8. a memo is in descriptions and listings, also that of a child, and is bounded"
  },
  {
    file: "src/Attributes.ts",
    bug: "takes undefined for a value of attributes",
    find: ".filter(([, value]) => value !== undefined)",
    replace: "",
    test: executor,
    title: "8. a program sets and removes attributes, each an event, and is found by them from that commit on"
  },
  {
    file: "src/Attributes.ts",
    bug: "takes an object that is a value of attributes for a test",
    find: "Predicate.isObject(test) && !is(test)",
    replace: "Predicate.isObject(test)",
    test: executor,
    title: "8. attributes are compared as they are encoded, and read back as they are typed"
  },
  {
    file: "src/internal/store/conditions.ts",
    bug: "finds attributes at a bound that is excluded",
    find: "value > bound.value || (bound.isIncluded && value === bound.value)",
    replace: "value >= bound.value",
    test: memoryStore,
    title: "8. whatever the tests of attributes, a pass and a count are of the executions that pass them all"
  },
  {
    file: "src/internal/store/conditions.ts",
    bug: "finds attributes of other types in a range",
    find: "typeof value === type && isAbove",
    replace: "isAbove",
    test: memoryStore,
    title: "8. whatever the tests of attributes, a pass and a count are of the executions that pass them all"
  },
  {
    file: "src/internal/store/conditionFaults.ts",
    bug: "compares attributes with values of two types",
    find: "value) => typeof value !== typeof values[0]",
    replace: "value) => value === undefined",
    test: memoryStore,
    title: "8. a filter that makes no sense is refused, with what is wrong with it"
  },
  {
    file: "src/internal/store/conditionFaults.ts",
    bug: "passes over tests of attributes that there are not",
    find: "if (unknown !== undefined) return",
    replace: 'if (unknown === "") return',
    test: memoryStore,
    title: "8. a filter that makes no sense is refused, with what is wrong with it"
  },
  {
    file: "src/internal/store/conditionFaults.ts",
    bug: "compares attributes with any number of values",
    find: "if (values.length > valuesAtMost)",
    replace: "if (values.length > 1_000_000)",
    test: memoryStore,
    title: "8. a filter that makes no sense is refused, with what is wrong with it"
  },
  {
    file: "src/Store/sqlite/Attributes.ts",
    bug: "orders the texts of attributes by UTF-8",
    find: 'return Buffer.from(value, "utf16le").swap16()',
    replace: "return Buffer.from(value)",
    test: sqliteStore,
    title: "8. texts are in the order of their code units, whatever a store keeps them as"
  },
  {
    file: "src/Store/sqlite/Attributes.ts",
    bug: "passes over conditions on attributes that lead no listing",
    find: "isMet(found)) ? 1 : 0",
    replace: "isMet(found)) ? 1 : 1",
    test: sqliteStore,
    title: "8. whatever the tests of attributes, a pass and a count are of the executions that pass them all"
  },
  {
    file: "src/Store/sqlite/Attributes.ts",
    bug: "asks for the attributes of the first filter",
    find: "if (asked !== known) {",
    replace: 'if (known === "") {',
    test: sqliteStore,
    title: "8. whatever the tests of attributes, a pass and a count are of the executions that pass them all"
  },
  {
    file: "src/Store/sqlite/Query.ts",
    bug: "finds flags in a range of attributes that are numbers",
    find: "conditions.push([\"placed.value < ''\"])",
    replace: 'conditions.push(["placed.value IS NOT NULL"])',
    test: sqliteStore,
    title: "8. executions are found by"
  },
  {
    file: "src/Store/sqlite/Query.ts",
    bug: "counts flags in a range of attributes that are numbers",
    find: '[lastId, ...end] : ["", -Infinity, firstId]',
    replace: "[lastId, ...end] : [lastId, ...end]",
    test: sqliteStore,
    title: "8. executions are found by"
  },
  {
    file: "src/Store/sqlite/Query.ts",
    bug: "counts attributes at a bound that is excluded",
    find: "return upper.isIncluded ? [value, ...end] : [value, -Infinity, firstId]",
    replace: "return [value, ...end]",
    test: sqliteStore,
    title: "8. executions are found by"
  },
  {
    file: "src/Store/sqlite/Query.ts",
    bug: "counts executions that started at another time, by their attributes",
    find: 'if (startedBefore !== undefined) conditions.push(["placed',
    replace: 'if (startedBefore === -1) conditions.push(["placed',
    test: sqliteStore,
    title: "8. executions are found by"
  },
  {
    file: "src/Store/sqlite/Query.ts",
    bug: "looks at each execution to count a range of attributes",
    find: 'conditions.length === 0 ? "attributes AS placed"',
    replace: 'conditions.length === -1 ? "attributes AS placed"',
    test: "test/Store/SqliteListing.test.ts",
    title: "8. find ranges and several values of an attribute among very many others"
  },
  {
    file: "src/Store/sqlite/Hidden.ts",
    bug: "keeps the rows of executions hidden that have left the log",
    find: "    for (const key of this.stale) remove.run(key)\n",
    replace: "",
    test: "test/Store/SqliteModel.test.ts",
    title: "say what a store in memory says"
  },
  {
    file: "src/Store/sqlite/Hidden.ts",
    bug: "trusts what a transaction that failed has left in the table",
    find: "    if (!this.isKnown) empty.run()\n",
    replace: "",
    test: "test/Store/SqliteModel.test.ts",
    title: "say what a store in memory says"
  },
  {
    file: "src/Store/sqlite/List.ts",
    bug: "takes the log of the first slice for that of the others",
    find: "if (known !== log.changes) {",
    replace: "if (known < 0) {",
    test: "test/Store/SqliteListing.test.ts",
    title: "8. count what is in a range throughout"
  },
  {
    file: "src/Store/sqlite/List.ts",
    bug: "sorts any number of attributes in a range",
    find: "return count === sliceRows && Query.isUnordered(first)",
    replace: "return count === -1 && Query.isUnordered(first)",
    test: "test/Store/SqliteListing.test.ts",
    title: "8. find ranges and several values of an attribute among very many others"
  },
  {
    file: "src/Store/sqlite/Migrations.ts",
    bug: "forgets the attributes of a file of an older release",
    find: "    Attributes.fill(connection)\n",
    replace: "",
    test: "test/Store/SqliteFile.test.ts",
    title: "keeps its executions, finds them by all that a new one does, and goes on with them"
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
    file: "src/HistoryEvent.ts",
    bug: "lets a release read inline activities that does not know them",
    find: 'event._tag === "ActivityScheduled" && event.inline === true) return 2',
    replace: 'event._tag === "ActivityScheduled" && event.inline === true) return 1',
    test: codec,
    title: "writes the oldest format that can hold the events"
  },
  {
    file: "src/Executor/default/Activities.ts",
    bug: "keeps an inline activity waiting whose program comes back",
    find: "if (inline === true) return void this.runs.delete(activity.seq)",
    replace: "if (inline === true) return",
    test: executor,
    title: "9. a step that was asked for in the commit in which its program stops begins when that goes on"
  },
  {
    file: "src/Executor/default/Activities.ts",
    bug: "runs the handler of an activity of the name of an inline one",
    find: "inline === true ? this.owner.inline(activity.seq) : registration.handlers.get(name)",
    replace: "registration.handlers.get(name) ?? this.owner.inline(activity.seq)",
    test: executor,
    title: "2. an inline activity may have any name, also that of an activity with a handler"
  },
  {
    file: "src/internal/core/asked.ts",
    bug: "takes an inline activity for a question",
    find: "name === askName && inline !== true",
    replace: "name === askName",
    test: executor,
    title: "2. an inline activity may have any name, also that of an activity with a handler"
  },
  {
    file: "src/internal/replay/Interpreter.ts",
    bug: "does not keep what an inline activity does",
    find: "this.pending.set(seq, { resume, closure })",
    replace: "this.pending.set(seq, { resume, closure: undefined })",
    test: "test/replay/schedules.test.ts",
    title: "is handed over again what its open inline activities do, and nothing of others"
  },
  {
    file: "src/internal/inlineActivity.ts",
    bug: "leaves the scope of an inline activity open",
    find: "Effect.scoped(effectOf(`inline activity ${contract.name}`, () => effect))",
    replace:
      'effectOf(`inline activity ${contract.name}`, () => effect) as Effect.Effect<Success["Type"], Error["Type"], ActivityContext>',
    test: executor,
    title: "2. an inline activity has the services of the layer, promises, a scope and the real clock"
  },
  {
    file: "src/internal/inlineActivity.ts",
    bug: "does not record the timeouts of an inline activity",
    find: "{ ...limitsOf(contract.timeouts), name",
    replace: "{ name",
    test: executor,
    title: "4. an inline activity has the timeouts of its attempts and of all of them"
  },
  {
    file: "src/internal/inlineActivity.ts",
    bug: "runs an inline activity without the services of the layer",
    find: "makeHandler(contract, codecs, run, context)",
    replace: "makeHandler(contract, codecs, run, Context.empty())",
    test: executor,
    title: "2. an inline activity has the services of the layer, promises, a scope and the real clock"
  },
  {
    file: "src/lint/Names.ts",
    bug: "does not see a global behind globalThis",
    find: "if (globals.has(owner)) return property",
    replace: "",
    test: lintConstructs,
    title: "is found in Effect.sync(() => globalThis.Date.now())"
  },
  {
    file: "src/lint/Program.ts",
    bug: "takes what runs with a program for what runs when its file is loaded",
    find: "{ ...place, isRunning: true }",
    replace: "{ ...place, isRunning: false }",
    test: lintPrograms,
    title: "in a generator in a function"
  },
  {
    file: "src/lint/Program.ts",
    bug: "finds what moves into an activity once more",
    find: 'if (found?.rule !== "no-async") this.children(node, place)',
    replace: "this.children(node, place)",
    test: lintConstructs,
    title: "is found in yield* Effect.promise(() => fetch(url))"
  },
  {
    file: "src/lint/Program.ts",
    bug: "forbids handlers to write to variables of the file",
    find: "const isOfProgram = variable !== undefined && isOutside(variable, effect) && !isOutside(variable, place.part)",
    replace: "const isOfProgram = variable !== undefined && isOutside(variable, effect)",
    test: lintPrograms,
    title: "and an inline activity may write to its own, and to those of the file"
  },
  {
    file: "src/lint/Program.ts",
    bug: "asks policies of retries in the program",
    find: "this.visit(argument, { ...place, isForHandlers: true })",
    replace: "this.visit(argument, place)",
    test: lintPrograms,
    title: "and a policy of retries does not"
  },
  {
    file: "src/lint/definitions.ts",
    bug: "takes what has limits for a workflow",
    find: "given.length > 1 || ",
    replace: "",
    test: lintConstructs,
    title: "in the handler of an activity with limits"
  },
  {
    file: "src/lint/definitions.ts",
    bug: "takes what is called for a workflow",
    find: "if (isCalled) return false",
    replace: "",
    test: lintPrograms,
    title: "and not when it is called"
  },
  {
    file: "src/lint/handlers.ts",
    bug: "takes for a handler what the program uses, too",
    find: "reads.length > 0 && reads.every(",
    replace: "reads.some(",
    test: lintPrograms,
    title: "when it is written in the program, and an inline activity uses it as well"
  },
  {
    file: "src/lint/imported.ts",
    bug: "takes a workflow of Effect for one of ours",
    find: 'isOurs(text, maker) ? kinds[maker] : "other"',
    replace: "kinds[maker]",
    test: lintPrograms,
    title: "is not when it is a workflow of Effect"
  },
  {
    file: "src/lint/imported.ts",
    bug: "looks into one file alone",
    find: "const depth = 4",
    replace: "const depth = 1",
    test: lintPrograms,
    title: "is so when another file hands it on"
  },
  {
    file: "src/lint/rules.ts",
    bug: "reports what is another rule's",
    find: "if (finding.construct.rule === name) ",
    replace: "",
    test: lintPrograms,
    title: "in an arrow function"
  },
  {
    file: "src/lint/state.ts",
    bug: "takes a variable that is given its one value later for one that changes",
    find: "return !(isGivenLater && !isInFunction(first.identifier))",
    replace: "return true",
    test: lintPrograms,
    title: "and what is computed once, when its file is loaded, does not"
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
    file: "src/layers/providers/registry.ts",
    bug: "keeps the store of an executor from the app",
    find: "Layer.provideMerge(executor(options),",
    replace: "Layer.provide(executor(options),",
    test: configuredApps,
    title: "is the only one: of the code"
  },
  {
    file: "src/layers/providers/registry.ts",
    bug: "opens a second store beside the one that is chosen alone",
    find: "defaults.store === undefined ? storeConfig :",
    replace: "",
    test: configuredApps,
    title: "is the only one: beside the one that is chosen alone, which is taken"
  },
  {
    file: "src/layers/providers/registry.ts",
    bug: "gives one store the defaults of another",
    find: "name === fallback ? defaults : {}",
    replace: "defaults",
    test: providers,
    title: "goes before the defaults of the code, option by option, and defaults of another store mean nothing"
  },
  {
    file: "src/layers/providers/registry.ts",
    bug: "shows what stands in place of a name",
    find: 'isName(name) ? name : ""',
    replace: "String(name)",
    test: providers,
    title: "that stands in place of a name is told where it belongs"
  },
  {
    file: "src/layers/providers/reading.ts",
    bug: "has the code go before the configuration",
    find: "if (Option.isSome(found)) options[option] = found.value",
    replace: "if (Option.isSome(found)) options[option] ??= found.value",
    test: providers,
    title: "goes before the defaults of the code, option by option, and defaults of another store mean nothing"
  },
  {
    file: "src/layers/providers/reading.ts",
    bug: "does without an option that is required",
    find: "else if (!isOptional &&",
    replace: "else if (isOptional &&",
    test: providers,
    title: "without an address says so, and where it belongs"
  },
  {
    file: "src/layers/providers/misspelt.ts",
    bug: "warns of what another provider reads",
    find: "const spellings = providers.flatMap(spellingsOf)",
    replace: "const spellings = providers.slice(0, 1).flatMap(spellingsOf)",
    test: misspelt,
    title: "is one that no provider reads, and that has a value"
  },
  {
    file: "src/layers/providers/misspelt.ts",
    bug: "warns of the names of other programs",
    find: "near.distance <= slip ? near.kind : undefined",
    replace: "near.kind",
    test: misspelt,
    title: "is one that no provider reads, and that has a value"
  },
  {
    file: "src/layers/providers/misspelt.ts",
    bug: "knows no option whose variable is called otherwise",
    find: "variableOf({ ...provider, variables: {} }, option)",
    replace: "variable",
    test: misspelt,
    title: "is told with the one that was meant: PERDURE_STORE_FILENAME"
  },
  {
    file: "src/layers/providers/loading.ts",
    bug: "takes a package of a like name for the one that is missing",
    find: "`Cannot find package '${name}'`",
    replace: "`Cannot find package '${name}`",
    test: "test/processes/providers.test.ts",
    title: "is told from a package that is broken, or lacks one of its own, or has a like name"
  },
  {
    file: "src/layers/providers/builtIn.ts",
    bug: "loads SQLite before it is chosen",
    find: "export const memory:",
    replace: 'await import("../../Store/Sqlite.ts")\n\nexport const memory:',
    test: "test/processes/providers.test.ts",
    title: "for memory is memory, and nothing of SQLite, NATS and PostgreSQL"
  },
  {
    file: "src/layers/providers/settings.ts",
    bug: "leaves what is wrong with a value to Effect",
    find: "Config.orElse(config, () =>",
    replace: "Config.orElse(config, () => 0 < 1 ? config :",
    test: providers,
    title: 'names PERDURE_STORE_BUSY_TIMEOUT when it is "5"'
  },
  {
    file: "src/layers/providers/builtIn.ts",
    bug: "keeps copies without limit",
    find: "bucket: optional(text),\n    replicas: optional(count({ unlimited: false }))",
    replace: "bucket: optional(text),\n    replicas: optional(count())",
    test: providers,
    title: 'names PERDURE_STORE_REPLICAS when it is "Infinity"'
  },
  {
    file: "src/layers/providers/builtIn.ts",
    bug: "makes a file of an address",
    find: "filename: path",
    replace: "filename: text",
    test: providers,
    title: 'names PERDURE_STORE_URL when it is "nats://localhost:4222"'
  },
  {
    file: "src/layers/providers/loading.ts",
    bug: "takes anything for a Layer",
    find: "if (Layer.isLayer(made))",
    replace: "if (0 < 1)",
    test: providers,
    title: "whose module is broken is a defect, with what is wrong"
  },
  {
    file: "src/layers/providers/checking.ts",
    bug: "takes a name that is taken",
    find: "taken(kind).includes(name)",
    replace: "taken(kind).includes(kind)",
    test: providers,
    title: 'is refused: there is a store "sqlite" already; give this one another name'
  },
  {
    file: "src/layers/retention/pass.ts",
    bug: "lets the store look at all that is there",
    find: "startedBefore: before, ",
    replace: "",
    test: retention,
    title: "where little of what a store looks at is due"
  },
  {
    file: "src/layers/retention/pass.ts",
    bug: "counts only what it finds",
    find: "Option.isSome(page.next) ? limit :",
    replace: "",
    test: retention,
    title: "where little of what a store looks at is due"
  },
  {
    file: "src/layers/retention/pass.ts",
    bug: "lets a later rule remove what an earlier one keeps",
    find: "rules.find((other) => fits(other, summary)) !== rule ||",
    replace: "rules.every((other) => other !== rule) ||",
    test: retention,
    title: "removes what ended long ago"
  },
  {
    file: "src/layers/retention/pass.ts",
    bug: "looks at all without a pause",
    find: "if (debt >= 1) yield* Effect.sleep(debt)",
    replace: "if (debt < 0) yield* Effect.sleep(debt)",
    test: retention,
    title: "removes so many a second"
  },
  {
    file: "src/layers/retention/pass.ts",
    bug: "removes what is not imported wholly",
    find: "format > formatVersion",
    replace: "format < 0",
    test: retention,
    title: "leaves alone what is not imported"
  },
  {
    file: "src/layers/retention/pass.ts",
    bug: "goes on although another process is to",
    find: "!isFirst && !(yield* isMine)",
    replace: "isFirst && !(yield* isMine)",
    test: retention,
    title: "stops where another process"
  },
  {
    file: "src/layers/retention/pass.ts",
    bug: "never tries again to remove runs",
    find: "else runs.forget(workflowId)",
    replace: "else runs.forget(workflowId.slice(1) as typeof workflowId)",
    test: retention,
    title: "tries again what could not be removed"
  },
  {
    file: "src/layers/retention/Shift.ts",
    bug: "says for each page that it lives",
    find: "isMine ? now + asksEvery : 0",
    replace: "0",
    test: retention,
    title: "says once a second that it lives"
  },
  {
    file: "src/layers/retention/Shift.ts",
    bug: "lets every process remove",
    find: "!other.id.startsWith(kind) || other.id >= id",
    replace: '!other.id.startsWith(kind) || other.id !== ""',
    test: retention,
    title: "is done by one process"
  },
  {
    file: "src/layers/retention/Runs.ts",
    bug: "remembers all that it has read",
    find: "if (this.known.size <= rememberedAtMost) return",
    replace: "return",
    test: retention,
    title: "remembers the histories of 10,000 executions"
  },
  {
    file: "src/layers/retention/Runs.ts",
    bug: "forgets what it has read of an execution",
    find: "if (known?.firstVersion === firstVersion && known.ended >= time) return Effect.undefined",
    replace: "if (known?.firstVersion === 0) return Effect.undefined",
    test: retention,
    title: "reads a history with earlier runs once"
  },
  {
    file: "src/layers/retention/Runs.ts",
    bug: "removes runs that have ended just now",
    find: "index === current || ended >= time",
    replace: "index === current || ended < 0",
    test: retention,
    title: "removes runs that ended long ago"
  },
  {
    file: "src/layers/transfer/importing.ts",
    bug: "lets workers take an execution that is not whole",
    find: "format: unfinishedImport",
    replace: "format: 1",
    test: transfer,
    title: "stored in part"
  },
  {
    file: "src/layers/transfer/importing.ts",
    bug: "begins again with what is there",
    find: "from: Math.min(commits.length, offset + there.length)",
    replace: "from: 0",
    test: transfer,
    title: "cut off anywhere"
  },
  {
    file: "src/layers/transfer/importing.ts",
    bug: "forgets what removed runs had seen",
    find: "(deletion?.seen[chain] ?? 0) >= number",
    replace: "number > 0 || chain === deletion?.version.toString()",
    test: transfer,
    title: "messages are not taken twice"
  },
  {
    file: "src/layers/transfer/importing.ts",
    bug: "stores another execution over one of the same id",
    find: "if (offset < 0) return",
    replace: "if (offset < -1) return",
    test: transfer,
    title: "refused by its name"
  },
  {
    file: "src/layers/transfer/importing.ts",
    bug: "keeps the details of calls for the end",
    find: "if (index === commits.length - 1) yield* patient",
    replace: "if (index === commits.length) yield* patient",
    test: transfer,
    title: "dies at any operation"
  },
  {
    file: "src/layers/transfer/importing.ts",
    bug: "takes what a cut has left for another execution",
    find: "|| first.id === placeholderOf(block)",
    replace: "",
    test: transfer,
    title: "dies at any operation"
  },
  {
    file: "src/layers/transfer/importing.ts",
    bug: "does not look again when another import was faster",
    find: "times: looksAtMost",
    replace: "times: 0",
    test: transfer,
    title: "two imports at once"
  },
  {
    file: "src/layers/transfer/importing.ts",
    bug: "looks for messages at versions of another store",
    find: "event.address !== undefined) {",
    replace: "event.address === undefined) {",
    test: transfer,
    title: "addressed to all that a receiver has"
  },
  {
    file: "src/layers/transfer/importing.ts",
    bug: "delivers what a run owes by versions of another store",
    find: "owed: owed.map((each) => ({ ...each, address: { ...each.address, ...anywhere } })),",
    replace: "owed,",
    test: transfer,
    title: "what a run owes when it continues as new"
  },
  {
    file: "src/layers/transfer/importing.ts",
    bug: "looks for children by versions of another store",
    find: "children: children.map((each) => ({ ...each, address: { ...each.address, ...anywhere } }))",
    replace: "children",
    test: transfer,
    title: "what a run owes when it continues as new"
  },
  {
    file: "src/layers/transfer/importing.ts",
    bug: "leaves the owner of an execution that is not whole",
    find: "owed: _, owner: __, wakeAt: ___, ...summary",
    replace: "owed: _, wakeAt: ___, ...summary",
    test: transfer,
    title: "stored in part"
  },
  {
    file: "src/layers/transfer/Blocks.ts",
    bug: "takes lines that were changed",
    find: "if (begun.digest !== digest)",
    replace: "if (begun.digest === -1)",
    test: transfer,
    title: "a line that is not what it was"
  },
  {
    file: "src/layers/transfer/Blocks.ts",
    bug: "takes an export without its end",
    find: 'this.state === "ended" ?',
    replace: 'this.state !== "before" ?',
    test: transfer,
    title: "cut off anywhere"
  },
  {
    file: "src/layers/transfer/atRest.ts",
    bug: "moves what workers run",
    find: "workers.length === 0 || whileRunning",
    replace: "workers.length >= 0 || whileRunning",
    test: transfer,
    title: "not exported, unless"
  },
  {
    file: "src/layers/transfer/exporting.ts",
    bug: "does not notice a worker that comes during an export",
    find: "Effect.map(still, () =>",
    replace: "Effect.sync(() =>",
    test: transfer,
    title: "comes while executions are moved"
  },
  {
    file: "src/layers/Transfer.ts",
    bug: "imports into a store whose workers take what has come",
    find: 'atRest(store, "import", options.whileRunning)',
    replace: 'atRest(store, "import", true)',
    test: transfer,
    title: "nothing is imported while workers run"
  },
  {
    file: "src/layers/Transfer.ts",
    bug: "does not notice a worker that comes during an import",
    find: "    yield* still",
    replace: "",
    test: transfer,
    title: "comes while executions are moved"
  },
  {
    file: "src/layers/transfer/exporting.ts",
    bug: "leaves the details of calls behind",
    find: "if (Option.isSome(found)) details.push",
    replace: "if (Option.isNone(found)) details.push",
    test: transfer,
    title: "on memory"
  },
  {
    file: "src/layers/verify/faults.ts",
    bug: "does not compare the summary with the history",
    find: "free.has(name) || Equal.equals",
    replace: 'free.has(name) || name !== "" || Equal.equals',
    test: verify,
    title: "says what is wrong"
  },
  {
    file: "src/layers/verify/faults.ts",
    bug: "does not see that a worker would look too late",
    find: "summary.wakeAt !== undefined && summary.wakeAt <= wake",
    replace: "summary.wakeAt !== wake || summary.wakeAt === wake",
    test: verify,
    title: "look too late"
  },
  {
    file: "src/layers/Verify.ts",
    bug: "says what was so at the last look alone",
    find: "suspected === undefined ? lost : suspected.filter((each) => lost.includes(each))",
    replace: "lost",
    test: verify,
    title: "what was so at each look"
  },
  {
    file: "src/layers/Verify.ts",
    bug: "says what was so at the first look",
    find: "suspected === undefined ? lost : suspected.filter((each) => lost.includes(each))",
    replace: "suspected ?? lost",
    test: verify,
    title: "what was so at each look"
  },
  {
    file: "src/layers/Verify.ts",
    bug: "does not look at children",
    find: "const lost = yield* inChildren(store, found)",
    replace: "const lost: ReadonlyArray<string> = []",
    test: verify,
    title: "never tell of its end"
  },
  {
    file: "src/layers/providers/addresses.ts",
    bug: "asks for a host that is the half of a token",
    find: "before?.credentials === undefined ||",
    replace: "",
    test: "test/layers/secretAddresses.test.ts",
    title: "is cut at a comma of its own in no reading: nats://hush,nats://x@127.0.0.1:1"
  },
  {
    file: "src/layers/providers/addresses.ts",
    bug: "takes the end of a password for another user",
    find: "(scheme === undefined && credentials !== before.credentials)",
    replace: "false",
    test: "test/layers/secretAddresses.test.ts",
    title: "is cut at a comma of its own in no reading: nats://ada:a@hush,b@127.0.0.1:1"
  },
  {
    file: "src/layers/providers/addresses.ts",
    bug: "splits a password at its comma, and shows the half of it",
    find: "isAddress.test(address)",
    replace: "/^\\S+$/.test(address)",
    test: providers,
    title: 'names PERDURE_STORE_URL when it is "a:http"'
  },
  {
    file: "src/layers/telemetry/observer.ts",
    bug: "begins an execution at its end",
    find: "at: startedAt, attributes",
    replace: "at: event.at, attributes",
    test: tracing,
    title: "hangs all of an execution on the span of its start, with its true length"
  },
  {
    file: "src/layers/telemetry/observer.ts",
    bug: "forgets the caller of an update",
    find: "parent: caller ?? of",
    replace: "parent: of",
    test: tracing,
    title: "hangs all of an execution on the span of its start, with its true length"
  },
  {
    file: "src/layers/telemetry/observer.ts",
    bug: "keeps spans of handlers out of their attempt",
    find: "Effect.provideService(next, Tracer.ParentSpan, span)",
    replace: "next",
    test: tracing,
    title: "hangs all of an execution on the span of its start, with its true length"
  },
  {
    file: "src/layers/telemetry/observer.ts",
    bug: "says of each attempt that it is the first",
    find: '"workflow.activity.attempt": number',
    replace: '"workflow.activity.attempt": 1',
    test: tracing,
    title: "makes a span of all that happens, with the attributes of the table"
  },
  {
    file: "src/layers/telemetry/Spans.ts",
    bug: "makes spans of what is not sampled",
    find: "sampled: parent.sampled && isWanted",
    replace: "sampled: isWanted",
    test: tracing,
    title: "goes by what the caller decides: what is not sampled is not sampled in any process"
  },
  {
    file: "src/layers/telemetry/Spans.ts",
    bug: "derives a trace of each run",
    find: "of.root?.chain ?? of.chain",
    replace: "of.chain",
    test: tracing,
    title: "finds a trace of its own for what was started without a span, with children and next runs"
  },
  {
    file: "src/layers/telemetry/Spans.ts",
    bug: "hides why something failed",
    find: 'if (error !== undefined) span.attribute("error.type", error)',
    replace: "",
    test: tracing,
    title: "makes a span of all that happens, with the attributes of the table"
  },
  {
    file: "src/layers/telemetry/callers.ts",
    bug: "records no span with a signal",
    find: "executor.send(ref, withTrace(message, trace))",
    replace: "executor.send(ref, message)",
    test: tracing,
    title: "makes none twice over a restart, and all in one trace"
  },
  {
    file: "src/layers/telemetry/callers.ts",
    bug: "records no span with a message that comes with a start",
    find: "withTrace(message, trace) }, trace",
    replace: "message }, trace",
    test: tracing,
    title: "keeps to the span of a gateway that tells it"
  },
  {
    file: "src/layers/telemetry/callers.ts",
    bug: "does not hear of the span of a gateway",
    find: "const { trace, workflow, workflowId } = operation.request",
    replace: "const { workflow, workflowId } = operation.request\n      const trace = undefined",
    test: tracing,
    title: "keeps to the span of a gateway that tells it"
  },
  {
    file: "src/layers/Tracing.ts",
    bug: "makes spans where they are turned off",
    find: "const isOn = Context.get(context, References.TracerEnabled)",
    replace: "const isOn = Context.get(context, References.TracerEnabled) || true",
    test: tracing,
    title: "does nothing where spans are turned off"
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
    file: "src/Executor/default/Observed.ts",
    bug: "hangs no save on its execution",
    find: "return underAll(traces, save)",
    replace: "return save",
    test: tracing,
    title: "hangs operations of the store on what they are for, and never on the span in which an app was built"
  },
  {
    file: "src/Executor/default/Observed.ts",
    bug: "does not look for the trace of what it closes unread",
    find: "this.all.length > 0 && known === undefined &&",
    replace: "this.all.length < 0 && known === undefined &&",
    test: tracing,
    title: "tells how executions end, whichever process ends them"
  },
  {
    file: "src/layers/telemetry/counting.ts",
    bug: "counts next runs as starts",
    find: "&& event.continues === undefined",
    replace: "",
    test: metrics,
    title: "counts a chain once, and each child"
  },
  {
    file: "src/layers/telemetry/counting.ts",
    bug: "times from the start of the program",
    find: "Number(clock.monotonicTimeNanosUnsafe() - begun) / 1e9",
    replace: "Number(clock.monotonicTimeNanosUnsafe()) / 1e9",
    test: metrics,
    title: "counts what happens once, over a restart with its replay"
  },
  {
    file: "src/layers/telemetry/timedStore.ts",
    bug: "takes a failure for a success",
    find: "error === undefined ? [operation] : [operation, error]",
    replace: "[operation]",
    test: metrics,
    title: "times each operation, and says why it failed"
  },
  {
    file: "src/layers/telemetry/gauges.ts",
    bug: "takes a worker that is gone for an owner",
    find: "owner === undefined || !this.living.has(owner)",
    replace: "owner === undefined",
    test: metrics,
    title: "show what is not finished, with one query a period, and go back to nothing"
  },
  {
    file: "src/layers/telemetry/gauges.ts",
    bug: "takes what is blocked for what no worker has",
    find: 'status === "running" && (owner',
    replace: 'status !== "failed" && (owner',
    test: metrics,
    title: "tell what is due from what is left to sleep, and from what is blocked"
  },
  {
    file: "src/layers/telemetry/gauges.ts",
    bug: "has a timer overdue at once",
    find: "waiting.until < this.now - grace",
    replace: "waiting.until < this.now",
    test: metrics,
    title: "tell what is due from what is left to sleep, and from what is blocked"
  },
  {
    file: "src/layers/telemetry/gauges.ts",
    bug: "takes the time of a start for that when a worker must look",
    find: "if (wakeAt <= now) return wakeAt",
    replace: "if (wakeAt <= now) return startedAt",
    test: metrics,
    title: "tell what is due from what is left to sleep, and from what is blocked"
  },
  {
    file: "src/layers/telemetry/gauges.ts",
    bug: "forgets what a worker left under way",
    find: "return hasWork(summary, now) ? updatedAt : wakeAt",
    replace: "return wakeAt",
    test: metrics,
    title: "tell what is due from what is left to sleep, and from what is blocked"
  },
  {
    file: "src/layers/telemetry/gauges.ts",
    bug: "leaves a gauge where it was",
    find: "if (!all.has(key)) this.series.update(...series, 0)",
    replace: "if (!all.has(key)) continue",
    test: metrics,
    title: "show what is not finished, with one query a period, and go back to nothing"
  },
  {
    file: "src/layers/telemetry/gauges.ts",
    bug: "reads a page for each execution",
    find: "Math.min(page, this.atMost - seen)",
    replace: "Math.min(1, this.atMost - seen)",
    test: metrics,
    title: "show what is not finished, with one query a period, and go back to nothing"
  },
  {
    file: "src/layers/telemetry/gauges.ts",
    bug: "says that it has counted all",
    find: "Math.max(0, all - seen)",
    replace: "0",
    test: metrics,
    title: "say how many executions they are not of"
  },
  {
    file: "src/layers/Metrics.ts",
    bug: "ends the gauges when the store is away once",
    find: 'Effect.logWarning("the gauges of the store keep their values, since it could not be read", cause)',
    replace:
      'Effect.andThen(Effect.logWarning("the gauges of the store keep their values, since it could not be read", cause), Effect.interrupt)',
    test: metrics,
    title: "stay as they are while the store cannot be read, which is logged"
  },
  {
    file: "src/layers/telemetry/series.ts",
    bug: "has a label of which its page does not tell",
    find: 'labels: [workflow, "workflow.status"],\n    description: "Executions that have ended, by how"',
    replace: 'labels: [workflow, "status"],\n    description: "Executions that have ended, by how"',
    test: metrics,
    title: "is that of the documentation"
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
    file: "src/Executor/default/ActivityRunner.ts",
    bug: "does not say that it interrupts an attempt because of its timeout",
    find: "TimedOutAfter.annotation(after)",
    replace: "undefined",
    test: tracing,
    title: "tells an attempt that took too long from one that a cancel or a shutdown has ended"
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
    file: "src/Executor/default/attempts.ts",
    bug: "gives the attempt after a crash a key of its own",
    find: "this.idempotencyKey = `${runId}/${seq}`",
    replace: "this.idempotencyKey = `${runId}/${seq}/${attemptOf(activity)}`",
    test: crashed,
    title: "with a script from outside"
  },
  {
    file: "src/Executor/default/attempts.ts",
    bug: "gives the calls of a run one key",
    find: "this.idempotencyKey = `${runId}/${seq}`",
    replace: "this.idempotencyKey = runId",
    test: crashed,
    title: "crashes a workflow of twenty commits everywhere in seconds"
  },
  {
    file: "src/testing/Outside.ts",
    bug: "takes a signal for another one of its name",
    find: "Semaphore.makeUnsafe(1)",
    replace: "Semaphore.makeUnsafe(9)",
    test: crashed,
    title: "signals that a script sends at once"
  },
  {
    file: "src/testing/Watched.ts",
    bug: "finds no end before messages that are settled after it",
    find: "return closed?.events.findLast(isClosing)",
    replace: "return last.events.findLast(isClosing)",
    test: crashed,
    title: "a parent may end before its children"
  },
  {
    file: "src/testing/replaying.ts",
    bug: "replays what no worker has taken",
    find: "if (!history.some(isOfWorker)) return undefined",
    replace: "",
    test: crashed,
    title: "a parent may end before its children"
  },
  {
    file: "src/testing/crashEverywhere.ts",
    bug: "takes a token whose crash never comes",
    find: "if (missed !== undefined) {",
    replace: "if (missed === null) {",
    test: crashed,
    title: "a token whose crash never comes"
  },
  {
    file: "src/testing/LifeRun.ts",
    bug: "lets what is wrong go on within its turn",
    find: "this.processes.at(-1)?.mute()",
    replace: "",
    test: crashed,
    title: "what never comes to rest"
  },
  {
    file: "src/testing/checks.ts",
    bug: "lets handlers begin after their results are recorded",
    find: "({ isOver }) => isOver",
    replace: "({ attempt }) => attempt === 0",
    test: checksOfLives,
    title: "a handler that begins after its result is recorded is a fault"
  },
  {
    file: "src/testing/checks.ts",
    bug: "lets attempts of a call have several keys",
    find: "(keys.get(call) ?? key) !== key",
    replace: "(keys.get(key) ?? key) !== key",
    test: checksOfLives,
    title: "two keys of one call are a fault, also while another call has not begun"
  },
  {
    file: "src/testing/checks.ts",
    bug: "lets calls have one key",
    find: "calls.set(key, call)",
    replace: "calls.set(call, call)",
    test: checksOfLives,
    title: "one key of two calls is a fault, also of other activities"
  },
  {
    file: "src/testing/checks.ts",
    bug: "does not replay what has ended",
    find: "const wrong = registration === undefined ?",
    replace: "const wrong = registration !== undefined ?",
    test: crashed,
    title: "a program that remembers outside of its history that it ran before"
  },
  {
    file: "src/testing/lives.ts",
    bug: "never dies between a commit and its answer",
    find: '["before", "stored", "answered"] as const',
    replace: '["before", "answered", "stored"] as const',
    test: crashed,
    title: "a handler whose answer depends on the number of its attempt, with the smallest crash"
  },
  {
    file: "src/testing/crashEverywhere.ts",
    bug: "takes any end for the end",
    find: "endKeyOf(calm) === endKeyOf(closing)",
    replace: "calm._tag === closing._tag",
    test: crashed,
    title: "a script that is repeated and sends twice"
  },
  {
    file: "src/testing/crashEverywhere.ts",
    bug: "never crashes a recovery",
    find: "this.everyAfter([first], Math.min(recovery, mostCommits))",
    replace: "this.everyAfter([first], 0)",
    test: crashed,
    title: "finds what only a second crash shows"
  },
  {
    file: "src/testing/Outside.ts",
    bug: "sends a signal again whose answer is lost",
    find: "now > before ?",
    replace: "now < before ?",
    test: crashed,
    title: "what a script sends from outside is sent once, whatever dies"
  },
  {
    file: "src/testing/Turns.ts",
    bug: "lets a process go on that is dead",
    find: "return this.isStopped || fiber.currentOpCount >= operations",
    replace: "return fiber.currentOpCount >= operations",
    test: crashed,
    title: "a process that is killed does not go on when a promise of its handlers is kept"
  },
  {
    file: "src/testing/Process.ts",
    bug: "has processes find their executions with workers that are dead",
    find: "!dead.has(id)",
    replace: 'id !== ""',
    test: crashed,
    title: "that nobody approves"
  },
  {
    file: "src/testing/LifeRun.ts",
    bug: "is never late",
    find: "life.order === 0 ?",
    replace: "life.order >= 0 ?",
    test: lives,
    title: "finds an order that breaks an invariant which holds where nothing is late, and names it"
  },
  {
    file: "src/testing/LifeRun.ts",
    bug: "tells a layer that a crash breaks as one that was never built",
    find: "this.processes.length === 1",
    replace: "this.processes.length > 0",
    test: crashed,
    title: "an input that does not fit its schema, and a layer that is never built, or only once"
  },
  {
    file: "src/testing/LifeRun.ts",
    bug: "does not wait for promises of programs",
    find: "mayBeOutside ? patience : moment",
    replace: "mayBeOutside ? patience : 0",
    test: crashed,
    title: "a program that waits for a promise"
  },
  {
    file: "src/testing/replay.ts",
    bug: "agrees with every history",
    find: "if (wrong !== undefined) return",
    replace: "if (wrong === undefined) return",
    test: kit,
    title: "fails with both sides where the code of today disagrees"
  },
  {
    file: "src/testing/double.ts",
    bug: "answers in reverse",
    find: "answers.shift()",
    replace: "answers.pop()",
    test: kit,
    title: "lets time pass, and what follows from it happen"
  },
  {
    file: "src/testing/story.ts",
    bug: "takes lines in any order",
    find: "from = index + 1",
    replace: "from = 0",
    test: kit,
    title: "tells what happened, and finds what did not"
  },
  {
    file: "src/testing/Resting.ts",
    bug: "waits for a turn alone",
    find: "if (this.scheduled === before) return",
    replace: "if (this.scheduled >= before) return",
    test: kit,
    title: "however many turns a handler takes"
  },
  {
    file: "src/testing/TestWorkflows.ts",
    bug: "does not count what the handlers do",
    find: "Context.add(Scheduler.Scheduler, scheduler)",
    replace: "Context.add(Scheduler.Scheduler, new Scheduler.MixedScheduler())",
    test: kit,
    title: "also in fibers that a handler forks, and after promises that need nothing from outside"
  },
  {
    file: "src/testing/tokens.ts",
    bug: "takes tokens that are outside of the schema of lives",
    find: "return isLife(life) ? life : undefined",
    replace: "return life",
    test: lives,
    title: "of no life is refused everywhere, as is a life that is none"
  },
  {
    file: "src/testing/tokens.ts",
    bug: "has an order of a life run what another thing has lived",
    find: "order > 0 && crashes.length === 0",
    replace: "order >= 0",
    test: lives,
    title: "of a life that something else has lived is refused, and it is said what runs it"
  },
  {
    file: "src/testing/live.ts",
    bug: "replays a life at the time of the machine at which it was lived",
    find: "if (later) yield*",
    replace: "if (later && life.order < 0) yield*",
    test: lives,
    title: "is waited for once, and not in each life"
  },
  {
    file: "src/testing/interleave.ts",
    bug: "replays each life at another time of the machine",
    find: "later: index === 0",
    replace: "later: index >= 0",
    test: lives,
    title: "is waited for once, and not in each life"
  },
  {
    file: "src/internal/store/runs.ts",
    bug: "takes runs of several executions for one",
    find: "({ runId }) => runId)",
    replace: '({ runId }) => (runId === "" ? runId : all[Symbol.iterator]().next().value!.runId))',
    test: "test/Store/runs.test.ts",
    title: "commits of runs that come in turns are told apart, each run in its order"
  },
  {
    file: "src/internal/store/runs.ts",
    bug: "takes runs that follow one another for one",
    find: 'event._tag === "ExecutionStarted")',
    replace: 'event._tag === "ExecutionStarted" && histories.length === 0)',
    test: "test/Store/runs.test.ts",
    title: "a history begins with each start, also of a run that comes twice, and with none before the first"
  },
  {
    file: "src/Executor/default/transacted.ts",
    bug: "takes an error that passes for the end of the attempt",
    find: "undo(passing === undefined ? over(end) : again(passing))",
    replace: "undo(over(end))",
    test: transactionsPostgres,
    title: "23. a deadlock is no end of an attempt either"
  },
  {
    file: "src/Executor/default/transacted.ts",
    bug: "runs a handler although its call is over",
    find: "if (end !== undefined) return over(end, summary.version)\n",
    replace: "",
    test: transactionsPostgres,
    title: "23. of two workers that run one call the second waits for the first, and runs no handler after it"
  },
  {
    file: "src/Executor/default/transacted.ts",
    bug: "forgets to tell of a commit whose answer was lost",
    find: "if (commits.some(({ id }) => id === this.sent?.id)) this.tell(this.sent!)",
    replace: "",
    test: transactionsPostgres,
    title: "23. what is left of the transaction when the answer to its commit is lost decides what follows"
  },
  {
    file: "src/Executor/default/transacted.ts",
    bug: "records the result of a handler that failed",
    find: 'if (end._tag !== "Success") return undo',
    replace: 'if (end._tag === "Die") return undo',
    test: transactionsSqlite,
    title: "23. a typed error undoes what the handler wrote, and is recorded"
  },
  {
    file: "src/Executor/default/transacted.ts",
    bug: "takes another database for one in which the execution was",
    find: "if (Option.isNone(found)) return over(notHere(this.attempt.handler.name))",
    replace: "if (Option.isNone(found)) return over(callIsOver)",
    test: transactionsSqlite,
    title: "23. transactions of another database than that of the executor are a defect that says so"
  },
  {
    file: "src/Store/postgres/Transactions.ts",
    bug: "tells of a commit that it has undone itself",
    find: "gate.isUndone = true",
    replace: "gate.isUndone = false",
    test: withinPostgres,
    title: "24. one that goes on after a statement that failed is refused, and leaves nothing"
  },
  {
    file: "src/Store/postgres/Transactions.ts",
    bug: "lets two handlers of a call run at once",
    find: 'JSON.stringify(["perdure", schema, workflowId, runId, seq])',
    replace: "JSON.stringify([performance.now(), schema, workflowId, runId, seq])",
    test: transactionsPostgres,
    title: "23. of two workers that run one call the second waits for the first, and runs no handler after it"
  },
  {
    file: "src/Store/postgres/Transactions.ts",
    bug: "commits what a handler that failed has written",
    find: 'if (verdict._tag === "Undo") return yield* Effect.fail(new Undone(verdict.value))',
    replace: 'if (verdict._tag === "Undo") return verdict.value',
    test: transactionsPostgres,
    title: "23. a typed error undoes what the handler wrote, and is recorded"
  },
  {
    file: "src/Store/postgres/Transactions.ts",
    bug: "asks again for ever where a statement of the handler has failed",
    find: 'code === "25P02"',
    replace: 'code === "25P01"',
    test: transactionsPostgres,
    title: "23. a statement that failed fails the transaction, which says so to a handler that went on"
  },
  {
    file: "src/Store/postgres/Transactions.ts",
    bug: "has the transactions of an app's client without the app",
    find: ".filter(([key, service]) => outside.mapUnsafe.get(key) !== service)",
    replace: ".filter(([key]) => outside.mapUnsafe.has(key))",
    test: transactionsPostgres,
    title: "23. with a client of the app, what the app has made of it is part of the transaction"
  },
  {
    file: "src/Store/sqlite/Transactions.ts",
    bug: "keeps what a handler that failed has written",
    find: "else savepoints.undo(0)",
    replace: "else savepoints.release(0)",
    test: transactionsSqlite,
    title: "23. a typed error undoes what the handler wrote, and is recorded"
  },
  {
    file: "src/Store/sqlite/Transactions.ts",
    bug: "lets a handler that was left write later",
    find: "  gate.close()\n  const unsupported",
    replace: "  const unsupported",
    test: transactionsSqlite,
    title: "23. a handler that suspends is a defect that says why, and writes nothing, then or later"
  },
  {
    file: "src/Store/sqlite/Transactions.ts",
    bug: "takes a transaction that a handler has ended for one that goes on",
    find: "if (!connection.isTransaction) throw ending(call, gate.endedBy)",
    replace: "",
    test: transactionsSqlite,
    title: "23. a statement of a handler with which SQLite ends the transaction undoes that handler, and no other one"
  },
  {
    file: "src/Store/sqlite/Client.ts",
    bug: "reads large numbers as nearby ones",
    find: "if (fiber.getRef(SqlClient.SafeIntegers)) statement",
    replace: "if (false) statement",
    test: sqliteClient,
    title: "reads large numbers where SafeIntegers"
  },
  {
    file: "src/Store/sqlite/Client.ts",
    bug: "has objects where lists of values are asked for",
    find: "statement.setReturnArrays(true)",
    replace: "",
    test: sqliteClient,
    title: "reads rows as objects like all others"
  },
  {
    file: "src/Store/sqlite/Client.ts",
    bug: "has rows without a prototype",
    find: "({ ...row })",
    replace: "row",
    test: sqliteClient,
    title: "reads rows as objects like all others"
  },
  {
    file: "src/Store/sqlite/Guard.ts",
    bug: "lets a handler commit",
    find: "if (control.has(code)) return notItsOwn",
    replace: "",
    test: transactionsSqlite,
    title: "23. a handler cannot end the transaction of the store"
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
    file: "src/Store/sqlite/Bodies.ts",
    bug: "lets a handler that spoils a transaction end the others of it",
    find: "if (ran.length > 1 && Cause.hasDies(cause)) {",
    replace: "if (ran.length > 64 && Cause.hasDies(cause)) {",
    test: transactionsSqlite,
    title: "23. a statement of a handler with which SQLite ends the transaction undoes that handler, and no other one"
  },
  {
    file: "src/Executor/default/services.ts",
    bug: "starts within a transaction as it does outside",
    find: "return current === undefined ? outside()",
    replace: "return current !== null ? outside()",
    test: withinPostgres,
    title: "24. of one that fails there is nothing: no row, no execution, no message, and nobody hears of any"
  },
  {
    file: "src/Executor/default/Within.ts",
    bug: "starts by the transaction of another store",
    find: "current.transaction.database !== outside.database",
    replace: "current.transaction.database === undefined",
    test: withinSqlite,
    title: "24. an executor on another store refuses, instead of starting where no worker looks"
  },
  {
    file: "src/Executor/default/Within.ts",
    bug: "writes to a transaction that is over",
    find: "if (!current.isOpen) return",
    replace: "if (current === undefined) return",
    test: withinSqlite,
    title: "24. what is left behind by a transaction that is over is refused"
  },
  {
    file: "src/Executor/default/Within.ts",
    bug: "asks a store again whose transaction is lost",
    find: 'error.reason._tag === "Unavailable" ? Effect.die',
    replace: 'error.reason._tag === "Corrupt" ? Effect.die',
    test: withinPostgres,
    title: "24. one whose connection is lost fails, and leaves nothing"
  },
  {
    file: "src/Executor/default/Within.ts",
    bug: "tells observers before the transaction has taken effect",
    find: "return unlessLost(store.save(commit, committed))",
    replace: "return Effect.map(unlessLost(store.save(commit)), committed)",
    test: withinSqlite,
    title: "24. hooks are told once it has taken effect, and of nothing that is undone"
  },
  {
    file: "src/Executor/default/transacted.ts",
    bug: "leaves what a handler starts out of its transaction",
    find: "const end = yield* during(this.noting(transaction), (services) =>",
    replace: "const end = yield* ((use: any) => use(transaction.services))((services: any) =>",
    test: withinSqlite,
    title: "24. what a transactional activity starts and sends takes effect with its result"
  },
  {
    file: "src/Executor/default/Saves.ts",
    bug: "lets what alone of its group had no answer wait for its next turn",
    find: "if (entry.alone) this.write([entry])",
    replace: "if (entry.alone) this.fibers.after(longestPause, () => this.enqueue(entry))",
    test: withinPostgres,
    title: "24. executions that a transaction holds keep no other one waiting, and go on after it"
  },
  {
    file: "src/Store/sqlite/Saved.ts",
    bug: "appends what a part has saved that was undone",
    find: "return this.given.rows.all().map((place) => this.all[place]!)",
    replace: "return this.all",
    test: withinSqlite,
    title: "24. a part of a transaction is undone alone, with what it started and sent"
  },
  {
    file: "src/Store/sqlite/Saved.ts",
    bug: "does not find what was saved in the same transaction",
    find: "if (last === undefined) return this.given.decide(commit)",
    replace: "if (saved.length >= 0) return this.given.decide(commit)",
    test: withinSqlite,
    title: "24. what is started can be sent to, found and ended in the same transaction"
  },
  {
    file: "src/Store/sqlite/Transactions.ts",
    bug: "appends what was saved in a transaction that is undone",
    find: "const entries = isKept ? saved.append() : []",
    replace: "const entries = saved.append()",
    test: withinSqlite,
    title: "24. of one that fails there is nothing: no row, no execution, no message, and nobody hears of any"
  },
  {
    file: "src/Store/sqlite/Database.ts",
    bug: "ends the transaction of an app by another one within it",
    find: "if (connection.isTransaction) throw new Unsupported({ detail: within })",
    replace: "",
    test: withinSqlite,
    title: "24. what else is asked of the store within one is refused, and the transaction goes on"
  },
  {
    file: "src/Store/postgres/Transactions.ts",
    bug: "tells of a commit before the transaction has taken effect",
    find: "const told = client.afterCommit(",
    replace: "const told = Effect.asVoid(",
    test: withinPostgres,
    title: "24. within a transaction of the app's own client it is a part of that, and nobody hears of it before"
  },
  {
    file: "src/Store/postgres/Transactions.ts",
    bug: "takes a commit that was refused for one without an answer",
    find: 'if (saidBy(reason.cause).startsWith("COMMIT rolled back")) return',
    replace: 'if (saidBy(reason.cause).startsWith("ROLLBACK")) return',
    test: withinPostgres,
    title: "24. one that goes on after a statement that failed is refused, and leaves nothing"
  },
  {
    file: "src/Store/postgres/Append.ts",
    bug: "lets a group wait for the answer of an execution that is held",
    find: "alone: commits.length === 1",
    replace: "alone: commits.length > 0",
    test: withinPostgres,
    title: "24. executions that a transaction holds keep no other one waiting, and go on after it"
  },
  {
    file: "src/Store/kafka/Fold.ts",
    bug: "lets a commit count that lost its place",
    find: "next.prev === last.offset &&",
    replace: "true &&",
    test: kafkaFold,
    title: "has what the whole log says"
  },
  {
    file: "src/Store/kafka/Fold.ts",
    bug: "takes a void removal for a stray that may count",
    find: "if (this.isVoid(stored.offset, head)) return this.discard(stored.key, head)",
    replace: "if (this.isVoid(stored.offset, head)) return this.stray(id, stored)",
    test: kafkaFold,
    title: "has what the whole log says"
  },
  {
    file: "src/Store/kafka/Fold.ts",
    bug: "takes the seal of an earlier removal for the latest",
    find: ": known.last >= after",
    replace: ": known.last === after",
    test: kafkaFold,
    title: "has it in histories that earlier rules were wrong in"
  },
  {
    file: "src/Store/kafka/Fold.ts",
    bug: "takes a deletion that never took place for one that did",
    find: "if (grave.prev >= at) return true",
    replace: "return true",
    test: kafkaFold,
    title: "has it in histories that earlier rules were wrong in"
  },
  {
    file: "src/Store/kafka/Fold.ts",
    bug: "removes older runs that another removal has removed",
    find: "latest === undefined ? last !== -1 : !latest.isSealed || latest.offset !== last",
    replace: "false",
    test: kafkaFold,
    title: "has what the whole log says"
  },
  {
    file: "src/Store/kafka/Fold.ts",
    bug: "forgets a deletion while records of the execution may come to life",
    find: "grave.isBuried && isLate && isClear && isOld(grave)",
    replace: "grave.isBuried && isLate && isOld(grave)",
    test: kafkaFold,
    title: "has what the whole log says"
  },
  {
    file: "src/Store/kafka/Fold.ts",
    bug: "lets a life that is over come back",
    find: "if (execution.born !== born && this.isDead(begin, other)) return undefined",
    replace: "",
    test: kafkaFold,
    title: "has it in histories that earlier rules were wrong in"
  },
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
    file: "src/internal/encoded.ts",
    bug: "closes the scope of a program before it is blocked by its defect",
    find: "          blocking,\n",
    replace: "",
    test: executor,
    title: "9. a program that blocks on its defects goes on once it does not die"
  },
  {
    file: "src/internal/encoded.ts",
    bug: "blocks an execution by a defect that is in its history",
    find: "isRecorded(defect) || defect instanceof ActivityTimedOut",
    replace: "defect instanceof ActivityTimedOut",
    test: executor,
    title: "9. a program that blocks on its defects fails with those of its activities, and with errors"
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
    file: "src/internal/store/summary.ts",
    bug: "says of a program that takes updates that nothing can happen",
    find: "const standsBy = taken.length > 0 &&",
    replace: "const standsBy = taken.length > 99 &&",
    test: executor,
    title: "8. a program that waits for updates says for which, and that it waits for a time beside"
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
    file: "src/Store/postgres/Transactions.ts",
    bug: "leaves fibers of a handler to write beside its result",
    find: "Effect.onExit(withItsFibers(effect), () => {",
    replace: "Effect.onExit(effect, () => {",
    test: transactionsPostgres,
    title: "23. fibers that a handler forked have ended before its result is saved, and parts of them are undone"
  },
  {
    file: "src/Store/postgres/Transactions.ts",
    bug: "commits what a part that is open would undo",
    find: "if (progress.gate?.hasOpenPart === true) return",
    replace: "if (progress.gate === undefined) return",
    test: transactionsPostgres,
    title: "23. a handler that ends before a part of its transaction is undone, and told so"
  },
  {
    file: "src/Store/postgres/Gate.ts",
    bug: "has a statement undone with the part of another fiber",
    find: "if (level?.[1] !== this.part) return",
    replace: "if (level === undefined) return",
    test: postgresTransactions,
    title: "23. statements pass in their part alone, and none once it is over"
  },
  {
    file: "src/Store/postgres/Gate.ts",
    bug: "lets a handler take from the client what it has prepared",
    find: "if (breaks.test(statement)) return refuse(notOfTransactions)",
    replace: "",
    test: transactionsPostgres,
    title: "23. a transaction that cannot write does not begin again and again"
  },
  {
    file: "src/Store/postgres/Gate.ts",
    bug: "leaves to the next handler what one has prepared",
    find: "EXECUTE format('DEALLOCATE %I', own)",
    replace: "NULL",
    test: transactionsPostgres,
    title: "23. what a handler changes of its session is as it was for the store and for handlers after it"
  },
  {
    file: "src/Store/postgres/Transactions.ts",
    bug: "asks for a row that is too large again and again",
    find: "isTooLarge(reason.cause) ? tooLarge(reason.cause) : reason",
    replace: "reason",
    test: transactionsPostgres,
    title: "23. a transaction that cannot write does not begin again and again"
  },
  {
    file: "src/Store/postgres/Gate.ts",
    bug: "lets a handler end its transaction",
    find: "if (ends.test(statement)) return refuse(notItsOwn)",
    replace: "",
    test: transactionsPostgres,
    title: '23. a handler cannot end its transaction: "COMMIT"'
  },
  {
    file: "src/Store/postgres/Transactions.ts",
    bug: "begins anew for ever where a commit is refused",
    find: "return isDecided && !passes(error)",
    replace: "return !isDecided && !passes(error)",
    test: transactionsPostgres,
    title: "23. what is refused at the end of the transaction ends the call, and no other one"
  },
  {
    file: "src/Store/postgres/Transactions.ts",
    bug: "leaves the session as a handler has set it",
    find: "if (isPart || !gate.hasChangedSession) return",
    replace: "if (isPart || gate.hasChangedSession) return",
    test: transactionsPostgres,
    title: "23. what a handler changes of its session is as it was for the store and for handlers after it"
  },
  {
    file: "src/Store/postgres/Transactions.ts",
    bug: "has lost answers use up the room for transactions",
    find: "return onLiveClock(isPart ? waited : room.withPermits(1)(waited))",
    replace:
      "return onLiveClock(apart(database, (over) => room.withPermits(1)(transacted(settings, { call, isPart }, own, over))))",
    test: transactionsPostgres,
    title: "23. commits whose answers are lost leave room for others"
  },
  {
    file: "src/Store/sqlite/Transactions.ts",
    bug: "leaves fibers of a handler to write beside its result",
    find: "Effect.ensuring(withItsFibers(effect), close)",
    replace: "Effect.ensuring(effect, close)",
    test: transactionsSqlite,
    title: "23. fibers that a handler forked have ended before its result is saved, and parts of them are undone"
  },
  {
    file: "src/Store/sqlite/Transactions.ts",
    bug: "commits what a part that is open would undo",
    find: "return Bodies.commits(exit) && gate.hasOpenPart ?",
    replace: "return Bodies.commits(exit) && gate.endedBy !== undefined ?",
    test: transactionsSqlite,
    title: "23. a handler that ends before a part of its transaction is undone, and told so"
  },
  {
    file: "src/Store/sqlite/Client.ts",
    bug: "has a statement undone with the part of another fiber",
    find: "return part === this.innermost ? undefined : beside",
    replace: "return part.depth >= 0 ? undefined : beside",
    test: transactionsSqlite,
    title: "23. a statement beside a part that is open is refused: it would be undone with that"
  },
  {
    file: "src/Store/sqlite/Client.ts",
    bug: "runs statements after the transaction is gone",
    find: "if (!this.shared.connection.isTransaction) return gone",
    replace: "",
    test: sqliteTransactions,
    title: "23. refuses each statement after that, and is told what has ended it"
  },
  {
    file: "src/Store/sqlite/Client.ts",
    bug: "takes a time for parameters by name",
    find: "if (value instanceof Date && !Number.isNaN(value.getTime())) return value.toISOString()",
    replace: "if (value instanceof Date) return value as never",
    test: sqliteTransactions,
    title: "23. take times as texts and bytes as they are, also as the first parameter"
  },
  {
    file: "src/Store/sqlite/Guard.ts",
    bug: "runs the first one of several statements",
    find: 'if (!isEmpty(sql.slice(statement.sourceSQL.length), "flat")) throw new Error(several)',
    replace: "",
    test: sqliteTransactions,
    title: "23. come one by one: a text of several is refused, and runs none"
  },
  {
    file: "src/Store/sqlite/Guard.ts",
    bug: "lets an app write to the tables of the store",
    find: 'return own.has(table?.toLowerCase() ?? "") ? ofStore : undefined',
    replace: "return undefined",
    test: sqliteTransactions,
    title: "23. are refused where they are of the connection or of the store, and harmless ones are not"
  },
  {
    file: "src/Executor/default/transacted.ts",
    bug: "undoes the end that a handler has made of its own execution",
    find: "this.hasEndedItsOwn ? keep(latest) : undo(latest)",
    replace: "undo(latest)",
    test: withinSqlite,
    title: "24. a transactional activity may end its own execution, and what it wrote takes effect with that"
  },
  {
    file: "src/Store/sqlite/Guard.ts",
    bug: "refuses to rename what is of the app",
    find: " && first !== temporarySchema",
    replace: "",
    test: sqliteTransactions,
    title: "23. change tables of the app, as migrations do"
  },
  {
    file: "src/Store/sqlite/Transactions.ts",
    bug: "takes a full disk for the fault of a handler",
    find: "passes(cause) || cause instanceof Unavailable ? cause :",
    replace: "cause instanceof Unavailable ? cause :",
    test: sqliteTransactions,
    title: "23. is to begin anew when its disk was full, whatever the body makes of that"
  },
  {
    file: "src/Store/sqlite/Bodies.ts",
    bug: "begins anew for ever where a commit is refused",
    find: "return refusal === undefined\n    ? Effect.fail(reason)",
    replace: "return refusal !== undefined\n    ? Effect.fail(reason)",
    test: transactionsSqlite,
    title: "23. what is refused at the end of the transaction ends the call, and no other one"
  },
  {
    file: "src/Store/sqlite/Bodies.ts",
    bug: "never stops to run bodies alone",
    find: "this.alone = Math.max(0, this.alone - 1)",
    replace: "this.alone = Math.max(0, this.alone)",
    test: sqliteTransactions,
    title: "23. runs those alone that shared a spoilt transaction, and then groups again"
  },
  {
    file: "src/Store/sqlite/Bodies.ts",
    bug: "has bodies keep the process for as long as they like",
    find: " || performance.now() > until) break",
    replace: " || until < 0) break",
    test: sqliteTransactions,
    title: "23. has groups of 64, and of as many as there is time for"
  },
  {
    file: "src/Store/sqlite/Bodies.ts",
    bug: "leaves who waits when the store is closed",
    find: "for (const waiting of this.waiting) this.refuse(waiting, closed)",
    replace: "",
    test: sqliteTransactions,
    title: "23. that is closed tells those who wait, and those who come later"
  },
  {
    file: "src/Store/sqlite/Bodies.ts",
    bug: "lets who comes after the end wait for ever",
    find: "if (this.isClosed) {",
    replace: "if (this.isClosed && this.waiting.size > 0) {",
    test: sqliteTransactions,
    title: "23. that is closed tells those who wait, and those who come later"
  },
  {
    file: "src/Store/sqlite/Bodies.ts",
    bug: "runs a body whose caller has left",
    find: "return () => this.waiting.delete(waiting)",
    replace: "return () => this.waiting.has(waiting)",
    test: sqliteTransactions,
    title: "23. forgets who waits no more"
  },
  {
    file: "src/Store/sqlite/Bodies.ts",
    bug: "answers no one when the database is busy",
    find: "ran.length === 0 ? [...this.waiting] : ran",
    replace: "ran.length === 0 ? [] : ran",
    test: sqliteTransactions,
    title: "23. tells all that wait when none can begin, and whom a commit that fails was for"
  },
  {
    file: "src/Store/sqlite/Append.ts",
    bug: "leaves the log as it is when transactions alone write to it",
    find: "Queue.offerUnsafe(wakes, undefined)",
    replace: "void wakes",
    test: sqliteTransactions,
    title: "23. have the log folded when nothing more comes, as other commits have"
  },
  {
    file: "src/Store/sqlite/Saved.ts",
    bug: "sees in a transaction what a part of it has undone",
    find: "return this.given.rows.all().map((place) => this.all[place]!)",
    replace: "return this.all",
    test: sqliteTransactions,
    title: "23. see what they have saved, and not what a part of them has saved that is undone"
  },
  {
    file: "src/Executor/default/transacted.ts",
    bug: "records the result of a handler whose time was over",
    find: "if (this.timedOut !== undefined) return undo(over(this.timedOut))",
    replace: "",
    test: transactionsSqlite,
    title: "23. a handler that was at work for longer than its timeout is undone, though it has let no timer go off"
  },
  {
    file: "src/Executor/default/Activities.ts",
    bug: "waits for ever for a commit that is not there",
    find: "        this.expect(seq)\n",
    replace: "",
    test: transactionsSqlite,
    title: "23. a result that was committed and is not there is not waited for: another attempt follows"
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
    find: 'nonRetryable: (error) => error._tag === "AiError" && !error.isRetryable,',
    replace: "",
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
    file: "src/ai/ToolActivity.ts",
    bug: "calls a tool with arguments that do not fit its JSON Schema",
    find: "if (Result.isFailure(schema)) return call\n",
    replace: "if (!Result.isFailure(schema)) return call\n",
    test: tools,
    title: "is called by one activity, with arguments that fit its JSON Schema"
  },
  {
    file: "src/ai/Desk.ts",
    bug: "takes the answer of a person who may not",
    find: "if (request.who !== undefined && ![by, ...groups]",
    replace: "if (request.who === undefined && ![by, ...groups]",
    test: humans,
    title: "takes the first answer that is right"
  },
  {
    file: "src/ai/Desk.ts",
    bug: "takes an answer to something else",
    find: 'if (digest !== request.digest) return "Differs"',
    replace: "",
    test: humans,
    title: "takes the first answer that is right"
  },
  {
    file: "src/ai/Desk.ts",
    bug: "takes a second answer",
    find: 'if (state !== "open") return state',
    replace: "",
    test: humans,
    title: "takes the first answer that is right"
  },
  {
    file: "src/ai/Desk.ts",
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
    file: "src/ai/Approvals.ts",
    bug: "cannot list requests that are too large to be published",
    find: "? Effect.succeed(known.success) : asked(workflowId)",
    replace: "? Effect.succeed(known.success) : Effect.succeed([])",
    test: humans,
    title: "stays open when the program goes on waiting"
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
    file: "src/layers/codec/cut.ts",
    bug: "leaves the result of an activity readable",
    find: "  ActivityResolved: { exit: tagged },",
    replace: "  ActivityResolved: { exit: readable },",
    test: payloadSecrets,
    title: "are hidden in memory, and read through the codec"
  },
  {
    file: "src/layers/codec/cut.ts",
    bug: "leaves a digest readable",
    find: "    digest: hidden,",
    replace: "    digest: readable,",
    test: payloadSecrets,
    title: "are hidden in memory, and read through the codec"
  },
  {
    file: "src/layers/codec/cut.ts",
    bug: "leaves what blocks an execution readable in its summary",
    find: "  Blocked: hidden,",
    replace: "  Blocked: readable,",
    test: payloadSecrets,
    title: "are hidden in memory, and read through the codec"
  },
  {
    file: "src/layers/codec/cut.ts",
    bug: "leaves secret attributes readable",
    find: ".filter(([name]) => !secrets.has(name))",
    replace: '.filter(([name]) => name !== "" || secrets.size < 0)',
    test: payloadSecrets,
    title: "are hidden in memory, and read through the codec"
  },
  {
    file: "src/layers/codec/envelope.ts",
    bug: "takes any text for the base64 that was written",
    find: 'if (bytes.toString("base64") !== text)',
    replace: "if (bytes.length === 0)",
    test: payloadEnvelope,
    title: "and nothing for any other bit"
  },
  {
    file: "src/layers/codec/envelope.ts",
    bug: "does not bind a payload to its place",
    find: "Buffer.from(`${head}${place}`)",
    replace: "Buffer.from(`${head}${place.slice(0, 0)}`)",
    test: payloadEnvelope,
    title: "and nothing for any other bit"
  },
  {
    file: "src/layers/codec/envelope.ts",
    bug: "compresses what becomes longer by it",
    find: "short.length < long.length",
    replace: "short.length > 0",
    test: payloadEnvelope,
    title: "is compressed where that makes it shorter, and only there"
  },
  {
    file: "src/layers/codec/Sealing.ts",
    bug: "takes what is not encrypted",
    find: "readPlain ? Result.succeed(stored)",
    replace: "readPlain || true ? Result.succeed(stored)",
    test: payloadCodec,
    title: "without the codec is read by it when that is allowed"
  },
  {
    file: "src/layers/codec/Sealing.ts",
    bug: "binds a summary to no version",
    find: '`${placeOfRun("summary", workflowId, runId)} ${version}`',
    replace: "`summary ${version}`",
    test: payloadEnvelope,
    title: "gives no summary that was changed or moved"
  },
  {
    file: "src/layers/codec/store.ts",
    bug: "decrypts a history without a pause",
    find: "const sliceCommits = 1024",
    replace: "const sliceCommits = 1_024_000",
    test: payloadCodec,
    title: "decrypts a long history without keeping the process"
  },
  {
    file: "src/layers/codec/store.ts",
    bug: "looks for secret attributes in vain",
    find: "if (secret === undefined) return ask()",
    replace: 'if (secret !== "") return ask()',
    test: payloadCodec,
    title: "refuses to look for secret ones"
  },
  {
    file: "src/Executor/default/Execution.ts",
    bug: "lets go of an execution of which the store refuses a commit",
    find: "isRefusal(reason) ? Oversize.withoutCommands(this.size, reason.detail) : undefined",
    replace: "undefined",
    test: executor,
    title: "12. what the store refuses blocks the program that asks for it and says why, and a later worker goes on"
  },
  {
    file: "src/Store/Inngest.ts",
    bug: "leaves the list as a writer left it that was killed",
    find: "if (!leader.isLeading || !index.isBehind(workflowId, summary)) return Effect.void",
    replace: "if (summary === undefined || true) return Effect.void",
    test: inngestSettings,
    title: "8. an end that its writer was killed before it listed is listed once a worker has read it"
  },
  {
    file: "src/Store/inngest/History.ts",
    bug: "reads no further once it has a version",
    find: "before !== undefined && before.internal < slot.internal",
    replace: "before !== slot",
    test: inngestHistory,
    title: "2. of one version the event that was received first counts, also when it is on a later page than the others"
  },
  {
    file: "src/Store/inngest/History.ts",
    bug: "takes the latest event of a version",
    find: "slot.internal < known.internal",
    replace: "slot.internal > known.internal",
    test: inngestHistory,
    title: "2. of one version the event that was received first counts, also when it is on a later page than the others"
  },
  {
    file: "src/Store/inngest/Reader.ts",
    bug: "answers from what is left",
    find: "(history) => versionIn(history) >= wanted,",
    replace: "() => true,",
    test: inngestSettings,
    title: "17. a version that the server has lost blocks its execution and no other one, whichever it is"
  },
  {
    file: "src/Store/inngest/Requests.ts",
    bug: "does not wait until what begins or ends is listed",
    find: "return isListed ? Effect.andThen(stored, this.entered(head)) : stored",
    replace: "return isListed === undefined ? Effect.andThen(stored, this.entered(head)) : stored",
    test: inngestHistory,
    title: "8. a run that has begun or ended is listed so by clients once its caller knows"
  },
  {
    file: "src/Store/inngest/Server.ts",
    bug: "tells the request in its errors, and the key with it",
    find: "unavailable(wordsOf(error))",
    replace: "unavailable(`${wordsOf(error)}: ${error.request.url}`)",
    test: inngestSettings,
    title: "a server with keys wants them, and they are in no error, log or span"
  },
  {
    file: "src/Store/inngest/Workers.ts",
    bug: "takes heartbeats in the order of the server",
    find: "one.by === other.by ? one.beat > other.beat : one.internal > other.internal",
    replace: "one.internal > other.internal",
    test: inngestSettings,
    title: "13. of heartbeats that the server receives in one millisecond the one that was sent last counts"
  },
  {
    file: "src/Store/inngest/Writer.ts",
    bug: "does not look whether another process has written the version",
    find: "if (isOvertaken(id, pending, rows)) {",
    replace: "if (isOvertaken(id, pending, [])) {",
    test: inngestHistory,
    title: "2. a version that a writer had sent before which was stopped while it wrote is a conflict for its successor"
  },
  {
    file: "src/Store/inngest/Writer.ts",
    bug: "does not wait until an end is listed",
    find: "if (!isOpen(summary) || !this.index.isListedOpen(head.id))",
    replace: "if (!this.index.isListedOpen(head.id))",
    test: inngestHistory,
    title: "8. a run that has begun or ended is listed so by clients once its caller knows"
  },
  {
    file: "src/Store/inngest/retained.ts",
    bug: "holds each commit against itself alone",
    find: "head.first === head.version || latest === undefined ? head.began : latest.began",
    replace: "latest === undefined ? head.began : head.began",
    test: inngestSettings,
    title: "a run that would go on when the server has forgotten its first event is refused, and stores nothing"
  },
  {
    file: "src/Store/inngest/retained.ts",
    bug: "lets a run wait for longer than its events are kept",
    find: "wake - began <= retention",
    replace: "wake - began <= 2 * retention",
    test: inngestSettings,
    title: "a run that would go on when the server has forgotten its first event is refused, and stores nothing"
  },
  {
    file: "src/Executor/default/errors.ts",
    bug: "takes a bug of a store for what it refuses",
    find: " && !reason.detail.startsWith(bug)",
    replace: "",
    test: "test/Executor/throwing.test.ts",
    title: "with an operation saveAll that throws"
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
    replace: "if (codec.readPlain || encoding !== undefined) return payload",
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
  }
]
