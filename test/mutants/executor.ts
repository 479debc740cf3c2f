/** Bugs of the default executor. */
import type { Mutant } from "./Mutant.ts"

const attacked = "test/layers/hooksUnderAttack.test.ts"
const attemptEnds = "test/layers/attemptEnds.test.ts"
const clocks = "test/Executor/clocks.test.ts"
const crashed = "test/crash/crashEverywhere.test.ts"
const onMemory = "test/Executor/Memory.test.ts"
const lasting = "test/layers/lasting.test.ts"
const lease = "test/Executor/lease.test.ts"
const limits = "test/Executor/limits.test.ts"
const limitsOfActivities = "test/Executor/activityLimits.test.ts"
const lineOfHandlers = "test/Executor/line.test.ts"
const newer = "test/Executor/newer.test.ts"
const operations = "test/Executor/operations.test.ts"
const ownership = "test/Executor/ownership.test.ts"
const sqliteWorkers = "test/Executor/SqliteWorkers.test.ts"
const throwing = "test/Executor/throwing.test.ts"
const tracing = "test/layers/tracing.test.ts"
const transactionsPostgres = "test/Executor/transactionsPostgres.server.test.ts"
const transactionsSqlite = "test/Executor/transactionsSqlite.test.ts"
const untilIdle = "test/Executor/untilIdle.test.ts"
const withinPostgres = "test/Executor/withinPostgres.server.test.ts"
const withinSqlite = "test/Executor/withinSqlite.test.ts"

export const executor: ReadonlyArray<Mutant> = [
  {
    file: "src/Executor/default/Heartbeat.ts",
    bug: "has two heartbeats under way together",
    find: "return this.turn.withPermit(Effect.suspend(speak))",
    replace: "return Effect.suspend(speak)",
    test: "test/Executor/heartbeat.test.ts",
    title: "says last what it has last, also where a store takes the later of two heartbeats first"
  },
  {
    file: "src/Executor/default/announce.ts",
    bug: "says with each look that it cannot read an execution",
    find: "if (told.has(line)) return\n",
    replace: "",
    test: "test/layers/payloadCodec.test.ts",
    title: "27. leaves an execution to a worker that has the old key, and keeps its messages"
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
    test: onMemory,
    title: "11. what a dead executor left is taken by a living one and goes on where it was"
  },
  {
    file: "src/Executor/Executions.ts",
    bug: "takes what a parent sends at its end for a message with a number",
    find: "if (number > (seen[event.from] ?? 0)) seen[event.from] = number",
    replace: "seen[event.from] = number",
    test: onMemory,
    title: "8. an execution that its parent cancelled at its end can be deleted, and its id is free again"
  },
  {
    file: "src/Executor/Executions.ts",
    bug: "deletes another run",
    find: "return refusal instanceof Restarted ? yield* refusal : found.value",
    replace: "return found.value",
    test: onMemory,
    title: "8. a handle keeps to its execution: once the id is started again, it is refused"
  },
  {
    file: "src/Executor/Executions.ts",
    bug: "deletes what was started and finished meanwhile",
    find: "remove({ workflowId, runId })",
    replace: "remove({ workflowId })",
    test: onMemory,
    title: "8. a deletion leaves a run alone that was started, and has ended, while it is under way"
  },
  {
    file: "src/Executor/Executions.ts",
    bug: "deletes while messages are owed",
    find: "if (owed > 0) return yield* new StillOwes({ messages: owed })\n",
    replace: "",
    test: onMemory,
    title: "15. an execution that owes a message is not deleted, and is started again only after it is delivered"
  },
  {
    file: "src/Executor/Executions.ts",
    bug: "deletes what is not finished",
    find: "if (!isFinal(status)) return yield* new Unfinished({ status })\n",
    replace: "",
    test: onMemory,
    title: "8. an unfinished execution cannot be deleted"
  },
  {
    file: "src/Executor/Executions.ts",
    bug: "forgets which messages a deleted execution has seen",
    find: "store.delete(workflowId, { version, seen })",
    replace: "store.delete(workflowId, { version, seen: {} })",
    test: onMemory,
    title: "15. a receiver that is deleted after it took a message is not taken for one that never got it"
  },
  {
    file: "src/Executor/Executions.ts",
    bug: "forgets which messages earlier runs have seen",
    find: "store.load(workflowId, { after: all })",
    replace: "store.load(workflowId)",
    test: onMemory,
    title: "15. a message that was taken is known by the record of its receiver's deletion, whoever has the id then"
  },
  {
    file: "src/Executor/default/Activities.ts",
    bug: "forgets open activities when it resumes",
    find: "if (activity.ended === undefined) this.begin(activity)\n      else this.again(activity)",
    replace: "void activity",
    test: onMemory,
    title: "2. a handler whose executor ended runs again, as the same attempt with the same key"
  },
  {
    file: "src/Executor/default/Activities.ts",
    bug: "keeps in memory what waits for its next attempt",
    find: "if (run.dueAt === undefined) return false",
    replace: "if (run.dueAt !== -1) return false",
    test: onMemory,
    title: "12. executions leave memory when their activities have results or wait to be repeated, and not before"
  },
  {
    file: "src/Executor/default/Activities.ts",
    bug: "repeats an attempt at once after a restart",
    find: "if (activity.dueAt === undefined) this.attempt(activity, run)\n    else this.wait(activity.seq, activity.dueAt)",
    replace: "this.attempt(activity, run)",
    test: onMemory,
    title: "4. a repetition that was due while nobody ran it is made at once, and not before its time"
  },
  {
    file: "src/Executor/default/Activities.ts",
    bug: "begins again what runs",
    find: " || this.runs.has(activity.seq)) return",
    replace: ") return",
    test: onMemory,
    title: "11. a message through another executor does not begin again the handlers that run"
  },
  {
    file: "src/Executor/default/Activities.ts",
    bug: "keeps in memory what has its result",
    find: "if (run === undefined) return\n    this.runs.delete(seq)\n",
    replace: "if (run === undefined) return\n",
    test: onMemory,
    title: "12. executions leave memory when their activities have results or wait to be repeated, and not before"
  },
  {
    file: "src/Executor/default/Activities.ts",
    bug: "lets go of what is attempted again",
    find: "      run.dueAt = undefined\n",
    replace: "",
    test: onMemory,
    title: "12. executions leave memory when their activities have results or wait to be repeated, and not before"
  },
  {
    file: "src/Executor/default/Activities.ts",
    bug: "forgets a program that asked when the answer is a defect",
    find: "if (run.abandoned || (Exit.isFailure(exit) && Cause.hasInterruptsOnly(exit.cause))) return",
    replace: "if (run.abandoned || Exit.isFailure(exit)) return",
    test: onMemory,
    title: "16. a defect of the executor in what a program asks is that of the call, and is recorded"
  },
  {
    file: "src/Executor/default/ActivityRunner.ts",
    bug: "retries a defect",
    find: 'if (exit._tag === "Success" || exit._tag === "Die") return done({ _tag: "Resolved", exit })',
    replace:
      'if (exit._tag === "Success") return done({ _tag: "Resolved", exit })\n    if (exit._tag === "Die") return done({ _tag: "Failed", failure: exit, pause: 10 })',
    test: onMemory,
    title: "4. a defect is final"
  },
  {
    file: "src/Executor/default/Outage.ts",
    bug: "tells each failure of an outage",
    find: "if (this.since !== undefined && now < this.next) return Effect.void",
    replace: "",
    test: "test/Executor/outage.test.ts",
    title: "a failure that goes on is told once a minute, and so is its end"
  },
  {
    file: "src/Executor/default/Recovery.ts",
    bug: "does not wait for a try that takes longer than a look",
    find: "take: (summary) => this.take(summary, { mayBlock: false, onlyBlocked: true }),",
    replace:
      'take: (summary) => Effect.raceFirst(this.take(summary, { mayBlock: false, onlyBlocked: true }), Effect.as(this.sleep(this.interval), "Lost" as const)),',
    test: onMemory,
    title:
      "9. executions that spin do not keep a new worker from its other work, also where a read takes longer than a look"
  },
  {
    file: "src/Executor/default/Recovery.ts",
    bug: "forgets a try in vain that takes longer than a look",
    find: 'if (outcome === "Declined") this.tries.failed(summary)',
    replace: "",
    test: onMemory,
    title: "9. what no worker can run is blocked, also where a read takes longer than a look"
  },
  {
    file: "src/Executor/default/BlockedExecutions.ts",
    bug: "tries one after the other without letting others",
    find: "if (pauses) yield* sleep(Math.min(longestPause, (fibers.passed() - begun) * pauseFactor))",
    replace: "void [pauses, sleep, longestPause, begun, pauseFactor]",
    test: onMemory,
    title: "9. executions that spin do not keep a new worker from its other work"
  },
  {
    file: "src/Executor/default/BlockedExecutions.ts",
    bug: "tries at each look",
    find: "!tries.isDue(summary) || ",
    replace: "",
    test: onMemory,
    title: "9. what no worker can run is blocked after a few looks, by one of them, and says so"
  },
  {
    file: "src/Executor/default/BlockedExecutions.ts",
    bug: "tries no blocked execution",
    find: "!isDue(summary, fibers.now())) continue",
    replace: "!isDue(summary, Number.NaN)) continue",
    test: onMemory,
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
    file: "src/Executor/default/Handover.ts",
    bug: "delivers an end long after its worker has heard nothing of it",
    find: "const shortest = 1",
    replace: "const shortest = 20",
    test: onMemory,
    title: "16. an end is delivered within two heartbeats where the worker of the parent has left unheard"
  },
  {
    file: "src/Executor/default/Handover.ts",
    bug: "leaves no end to the worker of the parent",
    find: "return owner !== undefined && owner !== worker && heartbeat.alive.has(owner)",
    replace: "return false",
    test: onMemory,
    title: "16. the worker of a parent fetches the ends of its children from other workers, several in one commit"
  },
  {
    file: "src/Executor/default/Lease.ts",
    bug: "judges at once after an outage",
    find: "if (silent) this.judgesFrom = now + this.milliseconds",
    replace: "void silent",
    test: onMemory,
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
    test: onMemory,
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
    test: onMemory,
    title: "4. attempts and the state of the schedule survive restarts"
  },
  {
    file: "src/Executor/default/attempts.ts",
    bug: "gives each attempt the whole time of all",
    find: "if (left < one) return { after: all, remaining: left }",
    replace: "if (left < one) return { after: all, remaining: all }",
    test: onMemory,
    title: "4. the total timeout covers all attempts and the pauses between them"
  },
  {
    file: "src/Executor/default/attempts.ts",
    bug: "repeats after the time of all attempts",
    find: "now + pause < ends ? ",
    replace: "pause < Infinity ? ",
    test: onMemory,
    title: "4. the total timeout covers all attempts and the pauses between them"
  },
  {
    file: "src/Executor/default/attempts.ts",
    bug: "waits for ever for a policy that gives up",
    find: "Option.getOrElse(yield* run.step(now, failure), () => Number.POSITIVE_INFINITY)",
    replace: "Option.getOrElse(yield* run.step(now, failure), () => 0)",
    test: onMemory,
    title: "4. an activity that names no policy has 3 attempts, after 100 and 200 ms"
  },
  {
    file: "src/Executor/default/attempts.ts",
    bug: "takes a handler that interrupts itself for one that was interrupted",
    find: "? new Error(`the handler of activity ${name} interrupted itself`)",
    replace: '? new Error("interrupted")',
    test: onMemory,
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
    test: onMemory,
    title: "2. a handler is told the number of the attempt and a key that stays the same"
  },
  {
    file: "src/Executor/default/ActivityRunner.ts",
    bug: "runs what was cancelled while it stood in line",
    find: "if (this.line.remove(attempt)) this.alarms",
    replace: "if (attempt === undefined) this.alarms",
    test: onMemory,
    title: "12. activities that were cancelled in line do not hold up those behind them"
  },
  {
    file: "src/Executor/default/ActivityRunner.ts",
    bug: "lets in all that stands in line",
    find: "if (this.running.size >= this.limit || this.holds > 0) break",
    replace: "",
    test: onMemory,
    title: "12. no more than maxActivities handlers run at once, and all run in the end"
  },
  {
    file: "src/Executor/default/ActivityRunner.ts",
    bug: "lets in all that finds nothing in line",
    find: " || this.running.size >= this.limit",
    replace: "",
    test: onMemory,
    title: "12. no more than maxActivities handlers run at once, and all run in the end"
  },
  {
    file: "src/Executor/default/ActivityRunner.ts",
    bug: "lets the total timeout pass unheard in line",
    find: "this.alarms.at(attempt, this.fibers.now() + activity.issued.at + total - owner.now())",
    replace: "void [activity, owner]",
    test: onMemory,
    title: "4. the total timeout goes on while the call stands in line, and the timeout of an attempt does not"
  },
  {
    file: "src/Executor/default/ActivityRunner.ts",
    bug: "counts what it has left behind",
    find: "const hasRun = this.running.delete(attempt)\n",
    replace: "const hasRun = this.running.has(attempt)\n",
    test: onMemory,
    title: "12. a handler that was left behind after its timeout makes room for others"
  },
  {
    file: "src/Executor/default/ActivityRunner.ts",
    bug: "takes the outcome of a handler that comes after its timeout",
    find: "if (!isLate) this.conclude(",
    replace: "if (isLate || !isLate) this.conclude(",
    test: onMemory,
    title: "4. what a handler returns after its timeout is ignored"
  },
  {
    file: "src/Executor/default/ActivityRunner.ts",
    bug: "leaves a handler to itself that has ended its own execution",
    find: "if (run.abandoned) fiber.interruptUnsafe()",
    replace: "",
    test: onMemory,
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
    test: onMemory,
    title: "11. a worker that was cut off past its lease begins no attempt of an execution that another one took"
  },
  {
    file: "src/Executor/default/ActivityRunner.ts",
    bug: "takes an answer that was under way when the lease was over for an answer of now",
    find: "|| owner.term < this.lease.term",
    replace: "",
    test: onMemory,
    title: "11. an answer that was under way when the lease was over begins no handler of what was taken meanwhile"
  },
  {
    file: "src/Executor/default/Execution.ts",
    bug: "takes the answer of a commit for one of the term in which it came",
    find: "this.term = term\n",
    replace: "this.term = this.shared.lease.term\n",
    test: onMemory,
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
    test: onMemory,
    title: "12. no more handlers of an activity run at once than its concurrency, and others run beside it"
  },
  {
    file: "src/Executor/default/ActivityRunner.ts",
    bug: "does not look at the limits of an activity where the line is empty",
    find: "if (isFull || !this.line.admits(handler)) {",
    replace: "if (isFull) {",
    test: onMemory,
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
    test: onMemory,
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
    test: onMemory,
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
    test: onMemory,
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
    test: onMemory,
    title: "6. a timer may be longer than any timer of the host"
  },
  {
    file: "src/Executor/default/AnswerTimeouts.ts",
    bug: "tells only those who wait longest",
    find: "if (until > now) return this.ringAfter(until - now)",
    replace: "if (until > now) return",
    test: onMemory,
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
    test: onMemory,
    title: "13. callers are told after patience that the store is away"
  },
  {
    file: "src/Executor/default/started.ts",
    bug: "records no deadline",
    find: "...(Number.isFinite(milliseconds) ? {",
    replace: "...(Number.isNaN(milliseconds) ? {",
    test: onMemory,
    title: "7. a timeout of the execution is a cancel with that reason"
  },
  {
    file: "src/Executor/default/starts.ts",
    bug: "takes another input for the same",
    find: " && isFirstInput(first, request.input)",
    replace: "",
    test: onMemory,
    title: "1. another input under one id is an error, running or finished"
  },
  {
    file: "src/Executor/default/Client.ts",
    bug: "sends to another run than that of the handle",
    find: "chainMeant(execution, runId) === execution.chain",
    replace: "true",
    test: onMemory,
    title: "8. a handle keeps to its execution: once the id is started again, it is refused"
  },
  {
    file: "src/Executor/default/starts.ts",
    bug: "owns what it has no program for",
    find: "startedEvent(request, appender, { workflowId, runId })",
    replace: "startedEvent(request, appender, { workflowId, runId, owner: makeId() as never })",
    test: onMemory,
    title: "1. a process without the program starts an execution, and a worker that has it runs it at once"
  },
  {
    file: "src/Executor/default/starts.ts",
    bug: "starts again before what is owed is delivered",
    find: "if ((summary.owed ?? 0) === 0) return yield*",
    replace: "if ((summary.owed ?? 0) >= 0) return yield*",
    test: onMemory,
    title: "15. an execution that owes a message is not deleted, and is started again only after it is delivered"
  },
  {
    file: "src/Executor/default/starts.ts",
    bug: "does not start a deleted id",
    find: 'if (stored._tag === "None") {',
    replace:
      'if (stored._tag === "None") {\n        if (request.whenExists !== undefined) return yield* new StoreUnavailable({ detail: "deleted" })',
    test: onMemory,
    title: "8. a deletion leaves a run alone that was started meanwhile, and the next run goes on after it"
  },
  {
    file: "src/Executor/default/starts.ts",
    bug: "takes what it found for its own start",
    find: "return { runId: summary.chain ?? runId, created: false }",
    replace: "return { runId: summary.chain ?? runId, created: true }",
    test: onMemory,
    title: "1. starting an id again answers the first execution, running or finished"
  },
  {
    file: "src/Executor/default/Client.ts",
    bug: "waits for the run that has the id",
    find: "const here = this.here({ runId, workflowId })",
    replace: "const here = this.inCare.get(workflowId)",
    test: onMemory,
    title: "8. a handle keeps to its execution: once the id is started again, it is refused"
  },
  {
    file: "src/Executor/default/Client.ts",
    bug: "does not pass on what another worker must be told",
    find: "return isElsewhere(refusal) ? false : yield* refusal",
    replace: 'return yield* refusal === "Conflict" ? new ShutDown() : refusal',
    test: onMemory,
    title: "11. an executor that was taken for dead passes on what it is told, and does not take the execution back"
  },
  {
    file: "src/Executor/default/Deliveries.ts",
    bug: "sends the second message before the first is noted",
    find: "if (this.underWay.has(owed.to)) continue",
    replace: "if (this.underWay.get(owed.to) === owed.id) continue",
    test: onMemory,
    title: "15. operations that go unanswered delay messages; none is lost, and none is there twice"
  },
  {
    file: "src/Executor/default/Deliveries.ts",
    bug: "sends no message after the first",
    find: "if (!state.owed.has(id)) this.underWay.delete(to)",
    replace: "if (!state.owed.has(id)) continue",
    test: onMemory,
    title: "15. messages of one sender to one receiver arrive in the order in which they were sent"
  },
  {
    file: "src/Executor/default/Deliveries.ts",
    bug: "delivers all messages at once",
    find: "if (this.underWay.size >= atOnce) return\n",
    replace: "",
    test: onMemory,
    title: "15. an execution delivers so many messages at once, and the others after them"
  },
  {
    file: "src/Executor/default/Delivery.ts",
    bug: "refuses what a newer release may have delivered",
    find: 'return reason._tag === "Corrupt" ? { _tag',
    replace: 'return reason._tag === "Corrupt" || reason._tag === "NewerFormat" ? { _tag',
    test: onMemory,
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
    file: "src/Executor/default/Recovery.ts",
    bug: "looks at once for what it has just let go",
    find: "    this.hasLost = true",
    replace: '    this.want("OwnToo")',
    test: onMemory,
    title: "13. a damaged execution is looked at once in a heartbeat, and no more"
  },
  {
    file: "src/Executor/default/Recovery.ts",
    bug: "waits for one execution as long as it takes",
    find: "Effect.raceFirst(this.takeOrphan(summary), this.sleep(this.interval))",
    replace: "this.takeOrphan(summary)",
    test: onMemory,
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
    test: onMemory,
    title: "11. a worker of another workflow does not go first: what another one left is taken at the first look"
  },
  {
    file: "src/Executor/default/Heartbeat.ts",
    bug: "says that it has ended while a heartbeat is under way, which a store may keep",
    find: "return this.inTurn(() => {\n      if (!this.hasSpoken)",
    replace: "return Effect.suspend(() => {\n      if (!this.hasSpoken)",
    test: "test/Executor/heartbeat.test.ts",
    title: "says last that it has ended, also where a heartbeat before is still under way"
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
    test: onMemory,
    title: "17. a chain whose runs never wait takes messages, and is cancelled or terminated"
  },
  {
    file: "src/Executor/default/InCare.ts",
    bug: "lets an execution begin whose workflow has ended",
    find: "return void this.unsaved.add(execution)",
    replace: "return",
    test: onMemory,
    title: "14. an execution whose first commit is being saved ends with its workflow"
  },
  {
    file: "src/Executor/default/starts.ts",
    bug: "waits for ever for what is owed",
    find: "Effect.timeoutOrElse({ duration: answerTimeout, orElse: () => Effect.fail(unsettled(answerTimeout)) })",
    replace: "patiently(answerTimeout)",
    test: onMemory,
    title: "13. a new run that waits for what the one before owes is refused in time"
  },
  {
    file: "src/Executor/Executions.ts",
    bug: "keeps what is damaged",
    find: "Effect.catchIf(isUnreadable, () => Effect.succeed({}))",
    replace: "Effect.map((seen) => seen)",
    test: onMemory,
    title: "8. a finished execution whose history is damaged can be deleted"
  },
  {
    file: "src/Executor/Executions.ts",
    bug: "says nothing of a workflow that no worker has",
    find: "workflows?.includes(program) ?? true",
    replace: "true",
    test: onMemory,
    title: "8. an execution of which no living worker has the workflow says so first"
  },
  {
    file: "src/Executor/Executions.ts",
    bug: "does not say that no worker has the workflow",
    find: "return { ...summary, waitingFor: [worker, ...summary.waitingFor] }",
    replace: 'return { ...summary, waitingFor: worker._tag === "Worker" ? summary.waitingFor : [] }',
    test: onMemory,
    title: "8. an execution of which no living worker has the workflow says so first"
  },
  {
    file: "src/Executor/Executions.ts",
    bug: "says twice that no worker has taken an execution",
    find: " || summary.waitingFor.some(isForWorker)) return summary",
    replace: ") return summary",
    test: onMemory,
    title: "8. an execution that is blocked, or that none has taken yet, says no more than that"
  },
  {
    file: "src/Executor/Executions.ts",
    bug: "does not count workers that do not say what they have",
    find: "workflows?.includes(program) ?? true",
    replace: "workflows?.includes(program) ?? false",
    test: onMemory,
    title: "8. a living worker that does not say which workflows it has may have any"
  },
  {
    file: "src/Executor/default/Delivery.ts",
    bug: "delivers a message twice",
    find: "if (placeOf(id, receiver) !== undefined) return delivered",
    replace: "",
    test: onMemory,
    title: "15. operations that go unanswered delay messages; none is lost, and none is there twice"
  },
  {
    file: "src/Executor/default/Delivery.ts",
    bug: "does not heed the record of a deletion",
    find: "Option.isSome(deletion) ? (deletion.value.seen[from] ?? 0) : 0",
    replace: "0",
    test: onMemory,
    title: "15. a receiver that is deleted after it took a message is not taken for one that never got it"
  },
  {
    file: "src/Executor/default/Delivery.ts",
    bug: "takes whatever was deleted for delivered",
    find: "if (seen >= numberIn(from, id)) return delivered",
    replace: "if (Option.isSome(deletion)) return delivered",
    test: onMemory,
    title: "15. what became of its receiver before it arrives is what the sender of a message learns"
  },
  {
    file: "src/Executor/default/Delivery.ts",
    bug: "looks for the record of a deletion only while the id is free",
    find: "Option.isNone(receiver) || receiver.value.summary.firstVersion > since + 1",
    replace: "Option.isNone(receiver)",
    test: onMemory,
    title: "15. a message that was taken is known by the record of its receiver's deletion, whoever has the id then"
  },
  {
    file: "src/Executor/default/Delivery.ts",
    bug: "delivers to another run",
    find: 'if (chain !== address.chain) return { _tag: "Refused", reason: "Restarted", runId: chain }',
    replace: "",
    test: onMemory,
    title: "15. what became of its receiver before it arrives is what the sender of a message learns"
  },
  {
    file: "src/Executor/default/Delivery.ts",
    bug: "delivers to what is finished",
    find: 'if (isFinal(status)) return { _tag: "Refused", reason: "Finished", status }\n',
    replace: "",
    test: onMemory,
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
    test: onMemory,
    title: "15. two cancels are one for their receiver, and both are delivered"
  },
  {
    file: "src/Executor/default/Delivery.ts",
    bug: "does not note what it has delivered",
    find: "yield* appender.save({ id: appender.commitId(), workflowId, runId, version, events: [event], summary }, state)",
    replace: "",
    test: onMemory,
    title: "15. what a finished execution owes is delivered, also by a worker without its program"
  },
  {
    file: "src/Executor/default/Delivery.ts",
    bug: "takes its own note for one of the owner",
    find: "state.closed === undefined ? { ...settled, unread: true as const } : settled",
    replace: "settled",
    test: onMemory,
    title: "15. what a running execution owes is delivered by whoever is there, and its program learns of it later"
  },
  {
    file: "src/Executor/default/Delivery.ts",
    bug: "forgets for which signals the program waits",
    find: "isWaiting ? { ...next, waitingFor: [...updates, ...signals] } : next",
    replace: "next",
    test: onMemory,
    title: "15. what a running execution owes is delivered by whoever is there, and its program learns of it later"
  },
  {
    file: "src/Executor/default/Delivery.ts",
    bug: "gives up when another commit was faster",
    find: 'reason._tag === "Conflict"\n',
    replace: "false\n",
    test: onMemory,
    title: "15. a message arrives also when its receiver moves on while it is delivered"
  },
  {
    file: "src/Executor/default/Delivery.ts",
    bug: "keeps on sending what is too large",
    find: 'if (reason._tag === "TooLarge") {',
    replace: 'if (reason._tag === "Unsupported") {',
    test: onMemory,
    title: "15. a message that its receiver cannot hold, or whose receiver is damaged, is refused"
  },
  {
    file: "src/Executor/default/Execution.ts",
    bug: "carries commands out before they are saved",
    find: "term: this.shared.lease.term }\n",
    replace: "term: this.shared.lease.term }\n    this.outside(turn.state)?.carryOut(turn, turn.state)\n",
    test: onMemory,
    title: "3. an activity is in the store before its handler runs"
  },
  {
    file: "src/Executor/default/Reading.ts",
    bug: "leaves an execution alone that it lost to a process which does not run it",
    find: "    this.shared.offer(this.workflowId)\n",
    replace: "",
    test: onMemory,
    title: "17. a worker goes on with the next run at once, also where another process has begun it"
  },
  {
    file: "src/Executor/default/Execution.ts",
    bug: "takes messages for saved that met a conflict",
    find: "this.putBack(mail)\n      this.forgetProgram()\n    }\n    this.work()",
    replace: "acknowledge(mail, undefined)\n      this.forgetProgram()\n    }\n    this.work()",
    test: onMemory,
    title: "11. signals sent through many executors at once all arrive, each once"
  },
  {
    file: "src/Executor/default/Execution.ts",
    bug: "forgets the alarm of what leaves memory",
    find: "this.program = phases.unloaded\n",
    replace: "this.program = phases.unloaded\n    this.shared.alarms.at(this, undefined)\n",
    test: onMemory,
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
    test: onMemory,
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
    test: onMemory,
    title: "12. a program that asks for more than a commit can hold is blocked, and goes on with better code"
  },
  {
    file: "src/Executor/default/Oversize.ts",
    bug: "refuses the message that makes the program ask for too much when it came with others",
    find: 'if (size._tag !== "WithoutCommands" && commit.events.some(isCommand)) {',
    replace: 'if (size._tag === "Together" && commit.events.some(isCommand)) {',
    test: onMemory,
    title: "12. of signals that are saved together none is refused when one makes the program ask for too much"
  },
  {
    file: "src/Executor/default/Oversize.ts",
    bug: "refuses all for the size of one",
    find: 'return { size: { _tag: "AtMost", count }, reason, again: mail, refused: [] }',
    replace: 'return { size: { _tag: "AtMost", count }, reason, again: [], refused: mail }',
    test: onMemory,
    title: "12. of signals that are saved together only the one that is too large is refused"
  },
  {
    file: "src/Executor/default/Oversize.ts",
    bug: "loses a result that is too large",
    find: 'return { size: { _tag: "AtMost", count }, reason, again: [{ ...only, told }], refused: [] }',
    replace: 'return { size: { _tag: "AtMost", count }, reason, again: [], refused: mail }',
    test: onMemory,
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
    test: onMemory,
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
    test: onMemory,
    title: "11. a message is seen also when the news of it is lost"
  },
  {
    file: "src/Executor/default/Recovery.ts",
    bug: "leaves to others what a closed debtor owes",
    find: "if (owed > 0 || this.registrations.hasFor(summary)) {",
    replace: "if (this.registrations.hasFor(summary)) {",
    test: onMemory,
    title: "15. what a finished execution owes is delivered, also by a worker without its program"
  },
  {
    file: "src/Executor/default/Recovery.ts",
    bug: "does not take what has no owner",
    find: "if (change.unowned === true || this",
    replace: "if (this",
    test: onMemory,
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
    test: onMemory,
    title: "11. an executor without the workflow leaves its executions alone and says so; another one runs them"
  },
  {
    file: "src/Executor/default/Recovery.ts",
    bug: "waits for workers that lack the workflow",
    find: "const mayBlock = isAlone || ",
    replace: "const mayBlock = ",
    test: onMemory,
    title: "9. a worker of another workflow does not keep what cannot be run from being blocked at once"
  },
  {
    file: "src/Executor/default/Recovery.ts",
    bug: "tries again at each look, however soon, what it has left to others",
    find: "if (this.tries.isRecent(summary)) return Effect.void\n",
    replace: "",
    test: onMemory,
    title: "11. a worker that looks very often leaves the others their time to look"
  },
  {
    file: "src/Executor/default/Recovery.ts",
    bug: "holds a try in vain against a program that has come since",
    find: '"Declined" && this.registrations.of(summary) !== registration ?',
    replace: '"Declined" && false ?',
    test: onMemory,
    title: "9. a program that is registered while another one is tried in its place is tried at once"
  },
  {
    file: "src/Executor/default/Execution.ts",
    bug: "says that it leaves an execution to others while it still has it",
    find: 'this.release(() => "Conflict", mail, "Declined")',
    replace: 'this.claim?.reply("Declined")\n    this.release(() => "Conflict", mail)',
    test: onMemory,
    title: "9. a program that is registered while another one is tried in its place is tried at once"
  },
  {
    file: "src/Executor/default/Reading.ts",
    bug: "blames a program for what was too large before another process wrote to its history",
    find: "if (read.stored.summary.version !== version) this.size = Oversize.afterNews(this.size)\n",
    replace: "",
    test: onMemory,
    title:
      "16. a child whose result its parent cannot hold has failed for it, also where another process records that while its parent tries"
  },
  {
    file: "src/Executor/default/Recovery.ts",
    bug: "leaves to others for ever what none can run",
    find: "isAlone || this.tries.count(summary) >= mostDeclines",
    replace: "isAlone",
    test: onMemory,
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
    test: onMemory,
    title: "11. in a deployment each execution is run by a worker whose code can run it"
  },
  {
    file: "src/Executor/default/Recovery.ts",
    bug: "takes a worker for dead whose heartbeats the store does not take",
    find: "heartbeat.lease.judges ? found : found.filter((summary) => !isOfSilent(summary))",
    replace: "found",
    test: onMemory,
    title: "11. when the store was away for longer than the lease, no worker that lives is taken for dead"
  },
  {
    file: "src/Executor/default/Recovery.ts",
    bug: "does not say that attempts were lost",
    find: "isLost: this.heartbeat.hasDied(summary.owner)",
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
    replace: 'if (outcome !== "Taken") this.tries.failed(summary)',
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
    test: onMemory,
    title: "11. who waits for a run learns its end also when the next run has begun"
  },
  {
    file: "src/Executor/default/Results.ts",
    bug: "takes the note of a closed debtor for its end",
    find: 'const ending = last?._tag === "Closed" ? last : yield* read',
    replace: 'const ending = status !== "blocked" && !isEarlier ? last : yield* read',
    test: onMemory,
    title: "15. what a finished execution owes is delivered, also by a worker without its program"
  },
  {
    file: "src/Executor/default/Results.ts",
    bug: "does not look at earlier runs",
    find: "read(isEarlier ? 0 : firstVersion - 1)",
    replace: "read(firstVersion - 1)",
    test: onMemory,
    title: "8. the same through an executor that does not run the execution"
  },
  {
    file: "src/Executor/default/Results.ts",
    bug: "tells the end of a run to those who wait for another one",
    find: "waiting.chain !== undefined && waiting.chain !== ending.chain",
    replace: 'waiting.chain === ""',
    test: onMemory,
    title: "11. of those who wait for two runs of an id each is told of its own"
  },
  {
    file: "src/Executor/default/Saves.ts",
    bug: "answers before the store does",
    find: "this.enqueue({ commit, done, known, attempts: 0, alone: false })",
    replace: 'done("Saved")\n    this.enqueue({ commit, done: () => {}, known, attempts: 0, alone: false })',
    test: onMemory,
    title: "13. while the store is away nothing that depends on it happens, and then it goes on"
  },
  {
    file: "src/Executor/default/Saves.ts",
    bug: "takes silence of the store for an answer",
    find: 'if (error.reason._tag !== "Unavailable") return entry.done(error)',
    replace: 'if (error.reason._tag === "Unavailable") return entry.done(error)',
    test: onMemory,
    title: "13. while the store is away nothing that depends on it happens, and then it goes on"
  },
  {
    file: "src/Executor/default/Saves.ts",
    bug: "forgets at a shutdown what waits to be saved again",
    find: "for (const entry of [...this.ready.splice(0), ...this.unanswered])",
    replace: "for (const entry of this.ready.splice(0))",
    test: onMemory,
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
    test: onMemory,
    title: "12. executions leave memory when their activities have results or wait to be repeated, and not before"
  },
  {
    file: "src/Executor/default/UnderWay.ts",
    bug: "sends no second message",
    find: "// At once, while the state is the one that was saved: what a later turn sends must not leave before it is saved too.\n    this.deliver(state)",
    replace: "if (events.some(({ _tag }) => _tag === 'MessageSent')) this.deliver(state)",
    test: onMemory,
    title: "15. messages of one sender to one receiver arrive in the order in which they were sent"
  },
  {
    file: "src/Executor/default/UnderWay.ts",
    bug: "does not go on with what it has taken over",
    find: 'return this.state === undefined ? undefined : this.resume(this.state, this.state.status !== "blocked")',
    replace: "return",
    test: onMemory,
    title: "2. a handler whose executor ended runs again, as the same attempt with the same key"
  },
  {
    file: "src/Executor/default/UnderWay.ts",
    bug: "carries out the beginning of a long commit",
    find: "this.shared.fibers.yield(() => this.workOff(backlog, from + atOnce))",
    replace: "this.backlog = []",
    test: onMemory,
    title: "12. all handlers of thousands of calls at once run, and none begins after the end of the execution"
  },
  {
    file: "src/Executor/default/UnderWay.ts",
    bug: "does not deliver what is owed after a takeover",
    find: "this.deliveries.next(state)",
    replace: "",
    test: onMemory,
    title: "15. what a running execution owes is delivered by the worker that takes it"
  },
  {
    file: "src/Executor/default/Activities.ts",
    bug: "begins activities in a shutdown",
    find: "if (this.closed || activity === undefined",
    replace: "if (activity === undefined",
    test: onMemory,
    title: "14. with drain a program goes on with what it is told, and begins nothing"
  },
  {
    file: "src/Executor/default/Awakening.ts",
    bug: "does not look what others have taken",
    find: "Effect.andThen(heartbeat.beat), Effect.andThen(this.letGo)",
    replace: "Effect.andThen(heartbeat.beat)",
    test: onMemory,
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
    test: onMemory,
    title: "11. an attempt that was due while its worker was cut off is not begun when another one has the execution"
  },
  {
    file: "src/Executor/default/Awakening.ts",
    bug: "lets go of what nobody took",
    find: "isOurs ? undefined :",
    replace: "!isOurs ? undefined :",
    test: onMemory,
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
    test: onMemory,
    title: "11. a worker that was cut off past its lease goes on with what nobody took, once it has said that it lives"
  },
  {
    file: "src/Executor/default/Awakening.ts",
    bug: "looks once and for all",
    find: "this.looking = false\n",
    replace: "\n",
    test: onMemory,
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
    title: "gives up when the others do not end in time, lets them run nine times as long, and waits twice as long then"
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
    test: onMemory,
    title: "14. no handler that stands in line begins in a shutdown, when many workflows end one after the other"
  },
  {
    file: "src/Executor/default/Worker.ts",
    bug: "holds the line up for good",
    find: "Effect.sleep(lineHeld)), () => runner.release())",
    replace: "Effect.sleep(lineHeld)), () => {})",
    test: onMemory,
    title: "14. a workflow that ends alone holds up the handlers of others no longer than it takes"
  },
  {
    file: "src/Executor/default/Worker.ts",
    bug: "interrupts handlers at once with drain",
    find: "yield* this.within(drainPart, runner.ended(registration))",
    replace: "",
    test: onMemory,
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
    test: onMemory,
    title: "14. handlers of a workflow that has ended alone make room for others, also when they hang"
  },
  {
    file: "src/Executor/default/ShutdownTime.ts",
    bug: "gives each workflow a time of its own",
    find: "this.used += now - this.since",
    replace: "this.used = 0",
    test: onMemory,
    title: "14. a shutdown takes its time once, when many workflows end one after the other"
  },
  {
    file: "src/Executor/default/Worker.ts",
    bug: "cuts the ids by which commits are known again",
    find: "const nonce = shortened(makeId())",
    replace: "const nonce = makeId().slice(0, 16)",
    test: onMemory,
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
    test: onMemory,
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
    test: onMemory,
    title: "5. a signal to a finished execution is an error that says how it ended"
  },
  {
    file: "src/Executor/default/append.ts",
    bug: "sends to another run than that of the handle",
    find: "refused(ref, summary) ??",
    replace: "",
    test: onMemory,
    title: "8. the same through an executor that does not run the execution"
  },
  {
    file: "src/Executor/default/append.ts",
    bug: "gives up when another commit was faster",
    find: "times: races",
    replace: "times: 0",
    test: onMemory,
    title: "11. a message through another executor arrives also when the execution moves on meanwhile"
  },
  {
    file: "src/Executor/default/carrier.ts",
    bug: "lets handlers run that nobody waits for any more",
    find: "ActivityCancelled: (work, { seq }) => work.abandon(seq)",
    replace: "ActivityCancelled: nothing",
    test: onMemory,
    title: "2. the handler of a call that lost a race or took too long is interrupted while the program goes on"
  },
  {
    file: "src/Executor/default/restore.ts",
    bug: "goes on with what another worker has taken",
    find: "if (!isOver && !isClaimed && summary.owner !== worker) return notOurs\n",
    replace: "",
    test: onMemory,
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
    test: onMemory,
    title: "11. what another executor was faster to take is left to it"
  },
  {
    file: "src/Executor/default/restore.ts",
    bug: "keeps quiet at the first run of a program",
    find: "if (owner === undefined && !isFinal(status)) return 0",
    replace: "if (owner === null) return 0",
    test: onMemory,
    title: "1. what a program logs at its first run is logged once, also when another process has started it"
  },
  {
    file: "src/Executor/default/restore.ts",
    bug: "says again what was said",
    find: "events, version > seen",
    replace: "events, version > 0",
    test: onMemory,
    title: "1. what a program logs at its first run is logged once, also when another process has started it"
  },
  {
    file: "src/Executor/default/restore.ts",
    bug: "forgets that what the program asks for does not fit",
    find: "interpreter!.problem ?? before.problem",
    replace: "interpreter!.problem",
    test: onMemory,
    title: "12. a program that asks for more than a commit can hold is blocked, and goes on with better code"
  },
  {
    file: "src/Executor/default/restore.ts",
    bug: "forgets what an execution owes that was terminated elsewhere",
    find: "owes: state.owed.size > 0",
    replace: "owes: false",
    test: onMemory,
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
    file: "src/Executor/default/childMessages.ts",
    bug: "starts a child beside what has its id",
    find: "if (version !== after) {",
    replace: "if (version > 1e9) {",
    test: onMemory,
    title: "16. a child whose id is taken meanwhile is refused"
  },
  {
    file: "src/Executor/default/childMessages.ts",
    bug: "tells the parent in another chain",
    find: "return current === chain ? found.value :",
    replace: "return current !== null ? found.value :",
    test: onMemory,
    title: "16. the end of an abandoned child does not reach the next run of its parent"
  },
  {
    file: "src/Executor/default/Recovery.ts",
    bug: "leaves to others what its own executions owe that it has let go",
    find: "owner === this.shared.worker && isDebtor(summary)",
    replace: "owner === undefined && isDebtor(summary)",
    test: onMemory,
    title: "16. children of an execution that is terminated are told, also when its worker lives and has let it go"
  },
  {
    file: "src/Executor/default/Recovery.ts",
    bug: "takes from a worker that lives what it owes",
    find: "if (!this.heartbeat.isOtherAlive(exit.value.value.owner)) this.settle",
    replace: "if (this.heartbeat.isOtherAlive(exit.value.value.owner)) this.settle",
    test: onMemory,
    title: "15. what an execution owes that is terminated from elsewhere is delivered and noted by its worker"
  },
  {
    file: "src/Executor/default/append.ts",
    bug: "terminates without a word to the children",
    find: "if ((summary.format ?? 1) < 2) return bySummary",
    replace: "return bySummary",
    test: onMemory,
    title: "16. a parent that is terminated takes its children with it, also through another executor"
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
    file: "src/Executor/default/Answers.ts",
    bug: "tells a caller what another execution of the id has answered",
    find: "version > since && isOf(chain)",
    replace: "version > since",
    test: onMemory,
    title: "19. a caller hears nothing of what another execution of the id has answered"
  },
  {
    file: "src/Executor/default/Answers.ts",
    bug: "does not hear the end of a run that began before what it has read",
    find: "(chains.get(runId) ?? chain) === chain",
    replace: "chains.get(runId) === chain",
    test: onMemory,
    title: "19. a caller hears of the end of its execution also when that was started again by then"
  },
  {
    file: "src/Executor/default/chains.ts",
    bug: "does not know an earlier chain by its later runs",
    find: "chains.get(meant) ?? meant",
    replace: "meant",
    test: onMemory,
    title: "8. a ref with a later run of a chain means the chain, wherever it is used"
  },
  {
    file: "src/Executor/default/Results.ts",
    bug: "leaves a caller alone that has named a later run",
    find: "if (run !== undefined) this.meant(workflowId, run, chain)\n",
    replace: "",
    test: onMemory,
    title: "8. a ref with a later run of a chain means the chain, wherever it is used"
  },
  {
    file: "src/Executor/default/Updating.ts",
    bug: "answers with the run that the caller has named",
    find: "const runId = chainMeant(summary, asked.ref.runId)",
    replace: "const runId = (asked.ref.runId ?? chain) as RunId",
    test: onMemory,
    title: "8. a ref with a later run of a chain means the chain, wherever it is used"
  },
  {
    file: "src/Executor/default/attempts.ts",
    bug: "forgets the policy that a call has chosen",
    find: ", activity.issued.retry)",
    replace: ")",
    test: onMemory,
    title: "4. a call may choose another policy, which is recorded and holds after a restart"
  },
  {
    file: "src/Executor/default/Activities.ts",
    bug: "begins again what was left to others",
    find: "else if (activity.pending !== undefined) this.wait(activity.seq, activity.dueAt)",
    replace: "else if (activity.pending !== undefined) this.attempt(activity, run)",
    test: onMemory,
    title: "20. a lost or restarted worker does not run again what was left to others"
  },
  {
    file: "src/Executor/default/UnderWay.ts",
    bug: "does not ask the policy for an error that a caller here has sent",
    find: "return this.activities?.again(this.state?.open.get(event.seq))",
    replace: "return undefined",
    test: onMemory,
    title: "20. an error from outside ends an attempt, and the policy says what follows"
  },
  {
    file: "src/Executor/default/Saves.ts",
    bug: "tells observers of nothing",
    find: "this.observed.committed(entry.commit, entry.known)",
    replace: "",
    test: onMemory,
    title: "22. each commit is told once, by the executor that made it, with what it ends"
  },
  {
    file: "src/Executor/default/Observed.ts",
    bug: "tells observers nothing of commits to executions that run elsewhere",
    find: "Effect.map(save, () => this.committed(commit, known))",
    replace: "save",
    test: onMemory,
    title: "22. each commit is told once, by the executor that made it, with what it ends"
  },
  {
    file: "src/Executor/default/Observed.ts",
    bug: "forgets what was open before a commit",
    find: "if (open !== undefined) this.open.set(open.seq, open)",
    replace: "",
    test: onMemory,
    title: "22. each commit is told once, by the executor that made it, with what it ends"
  },
  {
    file: "src/Executor/default/childMessages.ts",
    bug: "begins a trace of its own for a child",
    find: "startedEvent({ ...message, trace }, appender, {",
    replace: "startedEvent({ ...message, trace: trace === undefined ? trace : undefined }, appender, {",
    test: onMemory,
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
    file: "src/Executor/default/Observed.ts",
    bug: "puts what handlers do into no trace",
    find: "return under(trace, whole)",
    replace: "return whole",
    test: lasting,
    title: "of handlers, and of middleware around tracing, are in the trace of the execution"
  },
  {
    file: "src/Executor/default/Reports.ts",
    bug: "keeps what handlers report in its process",
    find: "put(this.unsaved, call, { ...call, details })",
    replace: "void details",
    test: onMemory,
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
    test: onMemory,
    title: "21. however often a handler reports, the store is told once a second"
  },
  {
    file: "src/Executor/default/Activities.ts",
    bug: "leaves details behind",
    find: "this.shared.reports.remove({ workflowId, runId, seq }, run?.hasDetails === true)",
    replace: "void [workflowId, runId, run]",
    test: onMemory,
    title: "21. the next attempt goes on where the one before has reported to be, and the history does not grow"
  },
  {
    file: "src/Executor/default/Beats.ts",
    bug: "ends an attempt after its heartbeat timeout however often it is heard",
    find: "if (left > 0) this.wait(left)",
    replace: "if (left > this.timeout) this.wait(left)",
    test: onMemory,
    title: "21. an attempt that is silent for too long ends, however long it has run"
  },
  {
    file: "src/Executor/default/attempts.ts",
    bug: "does not hear attempts that report",
    find: "attempt.beats?.heard()",
    replace: "",
    test: onMemory,
    title: "21. an attempt that is silent for too long ends, however long it has run"
  },
  {
    file: "src/Executor/default/Updating.ts",
    bug: "does not look whether an update is known",
    find: "let known = knownOf(stored, ref, update.id)",
    replace: "let known = undefined as Known | undefined",
    test: onMemory,
    title: "19. an id is answered once, and the same, also after the end and by another process"
  },
  {
    file: "src/Executor/default/Updating.ts",
    bug: "takes any request of an id for the same",
    find: "request.name === name && equalJson(request.input, input)",
    replace: "request !== undefined || (name === '' && input === null)",
    test: onMemory,
    title: "19. an id is answered once, and the same, also after the end and by another process"
  },
  {
    file: "src/Executor/default/Answers.ts",
    bug: "does not hear of answers elsewhere",
    find: "if (this.all.has(workflowId)) this.fibers.fork",
    replace: "if (false as boolean) this.fibers.fork",
    test: onMemory,
    title: "19. an update from a process without the program is answered, and what is refused is a small event"
  },
  {
    file: "src/Executor/default/Worker.ts",
    bug: "does not look again for the answers of updates",
    find: "this.answers.lookAgain(looksAtOnce)",
    replace: "Effect.void",
    test: onMemory,
    title: "19. an answer whose news was missed is found at a heartbeat"
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
    file: "src/Executor/default/Unattended.ts",
    bug: "says that there is no worker where one lives",
    find: "!living.some(({ workflows }) => workflows?.includes(program) ?? true)",
    replace: "living.length >= 0",
    test: "test/Executor/unattended.test.ts",
    title: "is not told of where a worker has its workflow"
  },
  {
    file: "src/Executor/default/Answers.ts",
    bug: "sees no execution that has no worker",
    find: "        this.see(summary)\n",
    replace: "",
    test: "test/Executor/unattended.test.ts",
    title: "is told of in a process that waits for the answer of an update"
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
    file: "src/Executor/default/announce.ts",
    bug: "says of what stays blocked what is known",
    find: "else if (message !== state.problem?.message) log(",
    replace: "else log(",
    test: onMemory,
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
    file: "src/Executor/default/Activities.ts",
    bug: "keeps quiet about the last of several attempts",
    find: 'fibers.log(number > 1 ? "Warn" : "Debug", text, about)',
    replace: 'fibers.log("Debug", text, about)',
    test: "test/Executor/log.test.ts",
    title: "an attempt that fails and is repeated"
  },
  {
    file: "src/Executor/default/nextRun.ts",
    bug: "appends between two runs",
    find: "Option.isSome(found) && isBetweenRuns(found.value)",
    replace: "Option.isSome(found) && found.value.version < 0",
    test: onMemory,
    title: "17. a process without the program that sends between two runs begins the next one"
  },
  {
    file: "src/Executor/default/restore.ts",
    bug: "takes news for a replay",
    find: "return commits.findLast(isSeen)?.version ?? 0",
    replace: "return commits.at(-1)?.version ?? 0",
    test: onMemory,
    title: "9. an execution that comes to a patch for the first time goes by it"
  },
  {
    file: "src/Executor/default/childMessages.ts",
    bug: "takes each parent for a root",
    find: "const { root = parent } = sender",
    replace: "const root = parent",
    test: onMemory,
    title: "16. children are found by their parent, and all that descends from an execution by its root"
  },
  {
    file: "src/Executor/default/append.ts",
    bug: "leaves a cancelled execution to a worker that may never come",
    find: 'happened._tag !== "CancelRequested" || !isUntaken(summary)',
    replace: 'happened._tag !== "ExecutionStarted"',
    test: onMemory,
    title: "7. a cancel ends an execution that no worker has taken, and none runs it later"
  },
  {
    file: "src/Executor/default/Execution.ts",
    bug: "leaves what others recorded unseen",
    find: 'this.tell({ _tag: "Seen" })',
    replace: "this.notice(version)",
    test: onMemory,
    title: "8. after signals of another process a description says again what the program has, within a heartbeat"
  },
  {
    file: "src/Executor/default/Handover.ts",
    bug: "leaves an end to others anew whenever it is found",
    find: "if ((this.left.get(workflowId)?.version ?? 0) >= version) return",
    replace: "if (this.left.get(workflowId) === null) return",
    test: onMemory,
    title: "16. an end of which the worker of the parent does not hear is delivered by that of the child"
  },
  {
    file: "src/Executor/default/Handover.ts",
    bug: "takes any news of a child for that of its delivered end",
    find: "version <= left.version || unowned || owner !== undefined",
    replace: "version === 0",
    test: onMemory,
    title: "16. an end of which the worker of the parent does not hear is delivered by that of the child"
  },
  {
    file: "src/Executor/default/Handover.ts",
    bug: "leaves ends to others for ever",
    find: "if (left.looks++ < most) continue",
    replace: "if (left.looks++ < most || most > 0) continue",
    test: onMemory,
    title: "16. an end of which the worker of the parent does not hear is delivered by that of the child"
  },
  {
    file: "src/Executor/default/Handover.ts",
    bug: "commits ends to parents that other workers run",
    find: "owner !== worker && heartbeat.alive.has(owner)",
    replace: "owner === worker && heartbeat.alive.has(owner)",
    test: onMemory,
    title: "16. the worker of a parent fetches the ends of its children from other workers, several in one commit"
  },
  {
    file: "src/Executor/default/Recovery.ts",
    bug: "leaves ends to the workers of the children",
    find: "if (this.inCare.get(parent) !== undefined) this.settle(child)",
    replace: "if (this.inCare.get(parent) === undefined) this.settle(child)",
    test: onMemory,
    title: "16. the worker of a parent fetches the ends of its children from other workers, several in one commit"
  },
  {
    file: "src/Executor/default/Loop.ts",
    bug: "answers while a commit is under way",
    find: "    if (this.working) return\n    const defect = this.defect\n",
    replace: "    if (this.working) return\n    this.answer()\n    const defect = this.defect\n",
    test: onMemory,
    title: "18. an answer is of a state that is saved"
  },
  {
    file: "src/Executor/default/Loop.ts",
    bug: "lets mail go before questions",
    find: "const hasAnswered = this.answer()\n        goesOn = this.step() || hasAnswered",
    replace: "goesOn = this.step() || this.answer()",
    test: onMemory,
    title: "18. a busy execution answers between its commits, and goes on"
  },
  {
    file: "src/Executor/default/Answering.ts",
    bug: "keeps a program that a handler has touched",
    find: "if (answerer.problem !== undefined) this.forgetProgram()",
    replace: "",
    test: onMemory,
    title: "18. what a query declares arrives as its own class, and what is wrong as a reason"
  },
  {
    file: "src/Executor/default/Answering.ts",
    bug: "keeps its worker's end from those who ask",
    find: 'return refusal instanceof ShutDown ? Result.fail(refusal) : "Elsewhere"',
    replace: 'return "Elsewhere"',
    test: onMemory,
    title: "18. a query during a shutdown is answered, or told of the shutdown"
  },
  {
    file: "src/Executor/default/Copies.ts",
    bug: "makes a copy for each question",
    find: "const isWanted = found?.registration === registration",
    replace: "const isWanted = found?.registration !== registration",
    test: onMemory,
    title: "18. any process that has the workflow answers by replay, without taking the execution"
  },
  {
    file: "src/Executor/default/Copies.ts",
    bug: "asks a copy that is old",
    find: "found.version >= version",
    replace: "found.version > 0",
    test: onMemory,
    title: "18. any process that has the workflow answers by replay, without taking the execution"
  },
  {
    file: "src/Executor/default/Copies.ts",
    bug: "keeps a copy that a handler has touched",
    find: "  forget(workflowId: WorkflowId): void {\n    this.all.delete(workflowId)",
    replace: "  forget(workflowId: WorkflowId): void {",
    test: onMemory,
    title: "18. what a query declares arrives as its own class, and what is wrong as a reason"
  },
  {
    file: "src/Executor/default/Questions.ts",
    bug: "does not read what is published where the program cannot go on",
    find: "if (problem !== undefined) return yield* published(summary, query.name) ?? new Blocked({ problem })",
    replace: "if (problem !== undefined) return yield* new Blocked({ problem })",
    test: onMemory,
    title: "18. a program that cannot go on here is not asked, and the execution is left alone"
  },
  {
    file: "src/Executor/default/Questions.ts",
    bug: "asks another run",
    find: "const refusal = refused(ref, found.value)",
    replace: "const refusal = refused({ workflowId }, found.value)",
    test: onMemory,
    title: "18. a handle of an execution that was started again is refused"
  },
  {
    file: "src/Executor/default/Questions.ts",
    bug: "does not take a question back",
    find: "        execution.withdraw(question)\n        const detail",
    replace: "        const detail",
    test: onMemory,
    title: "18. callers are told after patience that the state cannot be saved, and the question is taken back"
  },
  {
    file: "src/Executor/default/Delivery.ts",
    bug: "forgets with a note what is published",
    find: "signals: noSignals, published })",
    replace: "signals: noSignals })",
    test: onMemory,
    title: "18. what is published stays when the execution is blocked, and when others end it and deliver what it owes"
  },
  {
    file: "src/Executor/default/phases.ts",
    bug: "forgets what a stopped program has published",
    find: "published(program.interpreter.queries.publications) : before",
    replace: "published(program.interpreter.queries.publications) : undefined",
    test: onMemory,
    title: "18. what is published stays when the execution is blocked, and when others end it and deliver what it owes"
  },
  {
    file: "src/Executor/default/append.ts",
    bug: "forgets with a termination what is published",
    find: "signals: noSignals, published })",
    replace: "signals: noSignals })",
    test: onMemory,
    title: "18. what is published stays when the execution is blocked, and when others end it and deliver what it owes"
  },
  {
    file: "src/Executor/default/Registrations.ts",
    bug: "takes the latest version for all",
    find: "if (workflowVersion !== undefined || owner === undefined) return this.toStart(workflow, workflowVersion)",
    replace: "return this.toStart(workflow, undefined)",
    test: onMemory,
    title: "9. each execution keeps its version, side by side and with a new worker"
  },
  {
    file: "src/Executor/default/Execution.ts",
    bug: "continues with the old version",
    find: "this.registration = latest(this.registration.workflow) ?? this.registration",
    replace: "",
    test: onMemory,
    title: "9. a run that continues as new has the latest version"
  },
  {
    file: "src/Executor/default/Recovery.ts",
    bug: "blocks what another version may run in a moment",
    find: "!this.registrations.isGuess(summary) && ",
    replace: "",
    test: onMemory,
    title: "9. an execution of the time before versions goes on with the program that has none, or the lowest"
  },
  {
    file: "src/Executor/default/append.ts",
    bug: "forgets the keys of runs that are deleted",
    find: "? other.continues?.keys.includes(key) === true",
    replace: "? false",
    test: onMemory,
    title: "17. what a deleted run has answered or taken is known, also after the end"
  },
  {
    file: "src/Executor/default/Updating.ts",
    bug: "does an update again whose answer is deleted",
    find: 'if (known === undefined && standing === "answered") return',
    replace: "if (false) return",
    test: onMemory,
    title: "17. what a deleted run has answered or taken is known, also after the end"
  },
  {
    file: "src/Executor/default/Questions.ts",
    bug: "asks a copy that another handler has touched",
    find: "if (interpreter.problem !== undefined) return yield* this.askElsewhere(ref, query)",
    replace: "if (interpreter.problem !== undefined) return yield* new Blocked({ problem: interpreter.problem })",
    test: onMemory,
    title: "18. a handler that harms a copy of the program harms no other question that shares the copy"
  },
  {
    file: "src/Executor/default/Mail.ts",
    bug: "takes the refusal of an execution that ends for the last word",
    find: ' || refusal._tag === "ShutDown" || refusal._tag === "Finished"',
    replace: ' || refusal._tag === "ShutDown"',
    test: onMemory,
    title: "5. a signal of a key that is sent again while the end that it led to is saved is taken"
  },
  {
    file: "src/Executor/default/Execution.ts",
    bug: "does not log what the last commit of a run says",
    find: "    announce.answered(this.shared, this, turn.events)\n",
    replace: "",
    test: onMemory,
    title: "19. a handler that dies is in the log, also where the program ends with it"
  },
  {
    file: "src/Executor/default/Updating.ts",
    bug: "appends an update between two runs",
    find: "if (known === undefined && isBetweenRuns(stored.summary)) return yield* read",
    replace: "",
    test: onMemory,
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
    file: "src/Executor/default/restore.ts",
    bug: "takes for seen what blocked a program",
    find: 'if (status !== "blocked") return commits',
    replace: "if (status !== undefined) return commits",
    test: onMemory,
    title: "9. what a program does first when its code is put right goes by its patches, also in later releases"
  },
  {
    file: "src/Executor/default/Activities.ts",
    bug: "keeps an inline activity waiting whose program comes back",
    find: "if (inline === true) return void this.runs.delete(activity.seq)",
    replace: "if (inline === true) return",
    test: onMemory,
    title: "9. a step that was asked for in the commit in which its program stops begins when that goes on"
  },
  {
    file: "src/Executor/default/Activities.ts",
    bug: "runs the handler of an activity of the name of an inline one",
    find: "inline === true ? this.owner.inline(activity.seq) : registration.handlers.get(name)",
    replace: "registration.handlers.get(name) ?? this.owner.inline(activity.seq)",
    test: onMemory,
    title: "2. an inline activity may have any name, also that of an activity with a handler"
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
    file: "src/Executor/default/ActivityRunner.ts",
    bug: "does not say that it interrupts an attempt because of its timeout",
    find: "TimedOutAfter.annotation(after)",
    replace: "undefined",
    test: tracing,
    title: "tells an attempt that took too long from one that a cancel or a shutdown has ended"
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
    file: "src/Executor/default/transacted.ts",
    bug: "undoes the end that a handler has made of its own execution",
    find: "this.hasEndedItsOwn ? keep(latest) : undo(latest)",
    replace: "undo(latest)",
    test: withinSqlite,
    title: "24. a transactional activity may end its own execution, and what it wrote takes effect with that"
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
    file: "src/Executor/default/Execution.ts",
    bug: "lets go of an execution of which the store refuses a commit",
    find: "isRefusal(reason) ? Oversize.withoutCommands(this.size, reason.detail) : undefined",
    replace: "undefined",
    test: onMemory,
    title: "12. what the store refuses blocks the program that asks for it and says why, and a later worker goes on"
  },
  {
    file: "src/Executor/default/errors.ts",
    bug: "takes a bug of a store for what it refuses",
    find: " && !reason.detail.startsWith(bug)",
    replace: "",
    test: "test/Executor/throwing.test.ts",
    title: "with an operation saveAll that throws"
  }
]
