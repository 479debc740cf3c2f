/**
 * Attempts whose handler runs within a transaction.
 *
 * The end of a handler that succeeds is recorded by a commit beside the execution, which takes effect with what the
 * handler wrote. The commit is that of a caller outside who ends the activity: its version is tried again when others are first, and it
 * is refused once the history says that the call is over. So of any number of handlers of a call one takes effect, whatever process
 * runs them; and where the answer to a commit is lost, the history says what became of it.
 *
 * Every other end undoes the transaction, and is recorded by the execution as that of any handler. When the store does not answer, or
 * the database asks for it, as after a deadlock, the transaction begins anew: that is no end of the attempt.
 */
import * as Cause from "effect/Cause"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Predicate from "effect/Predicate"
import * as Schedule from "effect/Schedule"
import type * as Schema from "effect/Schema"
import type { SqlError } from "effect/sql/SqlError"
import type { ActivityContext } from "../../ActivityContext.ts"
import { isClosing, type RecordedExit } from "../../HistoryEvent.ts"
import type { Sequence, Version } from "../../Ids.ts"
import { dieWith } from "../../internal/exits.ts"
import { during } from "../../internal/currentTransaction.ts"
import { isFinal } from "../../WorkflowState.ts"
import type { Transaction, Transactions, Verdict } from "../../Store/Transactions.ts"
import type { Commit, ExecutionSummary, StoredCommit, StoreError } from "../../Store/WorkflowStore.ts"
import type { ActivityHandler, AttemptEnd } from "../WorkflowRegistry.ts"
import { commitOf, retryRaces } from "./append.ts"
import type { Around } from "./Around.ts"
import { aboutOf, type Attempt, placeOf } from "./attempts.ts"

/** Runs the handler of an attempt within transactions, until one of them says how the attempt has ended. */
export const transacted = (
  attempt: Attempt,
  transactions: Transactions["Service"],
  around: Around
): ActivityHandler["attempt"] => {
  const { name } = attempt.handler
  return (input, context) => {
    const call = new Call(attempt, around)
    const once: Effect.Effect<Outcome> = Effect.match(
      transactions.run<Outcome>(call.place, (transaction) => call.within(transaction, input, context)),
      {
        onSuccess: (outcome) => outcome,
        onFailure: ({ message, reason }) =>
          reason._tag === "Unavailable" || reason._tag === "Conflict"
            ? again(message)
            : over(dieWith(`the transaction of activity ${name} was undone: ${reason.message}`))
      }
    )
    return Effect.flatMap(once, (outcome) =>
      outcome._tag === "Over" ? Effect.succeed(outcome) : Effect.fail(outcome)
    ).pipe(
      Effect.tapError(({ why }) => Effect.sync(() => call.log(why))),
      Effect.retry(pauses),
      // Nothing is left to fail with: the schedule has no end.
      Effect.orDie,
      Effect.onInterrupt(() => call.left),
      Effect.map(({ end, version }) => {
        if (version !== undefined) attempt.recorded = version
        return end
      })
    )
  }
}

// internal

/** The pauses between transactions of one attempt: each twice the one before, up to a longest. */
const pauses = Schedule.min([Schedule.exponential("50 millis"), Schedule.spaced("5 seconds")]).pipe(Schedule.jittered)

/** What the history says of a call. */
type Found = Open | Over

/** What has become of a transaction. */
type Outcome = Over | Again

/** The call is open, as of the latest summary. */
interface Open {
  readonly _tag: "Open"
  readonly summary: ExecutionSummary
}

/** The attempt has ended; with the version up to which the history tells of it, where it does. */
interface Over {
  readonly _tag: "Over"
  readonly end: AttemptEnd
  readonly version?: Version
}

/** Another transaction is to follow. */
interface Again {
  readonly _tag: "Again"
  readonly why: string
}

const over = (end: AttemptEnd, version?: Version): Over => ({
  _tag: "Over",
  end,
  ...(version === undefined ? {} : { version })
})

const again = (why: string): Again => ({ _tag: "Again", why })

/** The call of an attempt, over all transactions of it. */
class Call {
  private readonly attempt: Attempt
  private readonly around: Around
  /** The commit of the latest transaction whose answer may have been lost. */
  private sent: Commit | undefined
  /** The commits by which the handler of the latest transaction has ended executions. */
  private readonly ending = new Set<string>()
  /** Whether the handler has ended its own execution. */
  private hasEndedItsOwn = false

  constructor(attempt: Attempt, around: Around) {
    this.attempt = attempt
    this.around = around
  }

  get place() {
    return placeOf(this.attempt)
  }

  log(why: string): void {
    const { activity, handler, owner } = this.attempt
    const text = `the transaction of activity ${handler.name} #${activity.seq} begins anew: ${why}`
    this.around.fibers.log("Warn", text, aboutOf(owner, activity))
  }

  /** What is done in a transaction. */
  within(
    transaction: Transaction,
    input: Schema.Json,
    context: ActivityContext["Service"]
  ): Effect.Effect<Verdict<Outcome>, StoreError> {
    return Effect.gen({ self: this }, function* () {
      const { passes, store } = transaction
      const found = yield* this.find(store)
      if (found._tag === "Over") return undo(found)
      let passing: string | undefined
      const failed = (cause: Cause.Cause<unknown>) => void (passing ??= passingIn(cause, passes))
      // What the handler starts and sends is part of it.
      const end = yield* during(this.noting(transaction), (services) =>
        this.attempt.handler.attempt(input, context, { services, failed })
      )
      if (end._tag !== "Success") return undo(passing === undefined ? over(end) : again(passing))
      if (this.timedOut !== undefined) return undo(over(this.timedOut))
      return yield* this.save(store, found.summary, end)
    })
  }

  /** A transaction as its handler has it: the executions that it ends in there are noted. */
  private noting(transaction: Transaction): Transaction {
    const { store } = transaction
    this.ending.clear()
    const save: typeof store.save = (commit, committed) => {
      if (commit.events.some(isClosing)) this.ending.add(commit.id)
      return store.save(commit, committed)
    }
    return { ...transaction, store: { ...store, save } }
  }

  /** The end of an attempt whose time is over. A handler that never waits has not let its timer say so. */
  private get timedOut(): RecordedExit | undefined {
    const { limit, owner } = this.attempt
    return limit !== undefined && owner.now() >= limit.at ? { _tag: "TimedOut", after: limit.after } : undefined
  }

  /** What is left to do when the attempt is interrupted: the execution may have read the commit of which this worker has no answer. */
  get left(): Effect.Effect<void> {
    if (this.sent === undefined) return Effect.void
    // Where the store does not answer, observers are not told of this commit; the history has it.
    const look = Effect.interruptible(Effect.ignore(this.find(this.around.appender.store)))
    return Effect.asVoid(Effect.timeoutOption(look, "1 second"))
  }

  /** Records a success, at the next version that is free; undoes it where the call is over by then, unless its handler has ended it. */
  private save(
    store: Transaction["store"],
    summary: ExecutionSummary,
    exit: RecordedExit
  ): Effect.Effect<Verdict<Outcome>, StoreError> {
    const { seq } = this.place
    let found: Found | undefined = { _tag: "Open", summary }
    const tried = Effect.gen({ self: this }, function* () {
      const latest = found ?? (yield* this.find(store))
      found = undefined
      if (latest._tag === "Over") return this.hasEndedItsOwn ? keep(latest) : undo(latest)
      const event = (at: number) => ({ _tag: "ActivityResolved", at, seq, exit, unread: true }) as const
      const commit = commitOf(this.around.appender, latest.summary, event)
      yield* store.save(commit)
      this.sent = commit
      return { _tag: "Commit", value: over(exit, commit.version), committed: () => this.tell(commit) } as const
    })
    return retryRaces(tried)
  }

  /** The latest summary while the call is open, and how the call has ended otherwise. */
  private find(store: Pick<Transaction["store"], "load">): Effect.Effect<Found, StoreError> {
    const { runId, seq, workflowId } = this.place
    return Effect.map(store.load(workflowId, { after: this.attempt.known }), (found) => {
      if (Option.isNone(found)) return over(notHere(this.attempt.handler.name))
      const { commits, summary } = found.value
      // The answer to this commit was lost; the history shows that it took effect.
      if (commits.some(({ id }) => id === this.sent?.id)) this.tell(this.sent!)
      this.hasEndedItsOwn = commits.some(({ id }) => this.ending.has(id))
      const end = endIn(commits, runId, seq)
      if (end !== undefined) return over(end, summary.version)
      return summary.runId !== runId || isFinal(summary.status)
        ? over(callIsOver, summary.version)
        : ({ _tag: "Open", summary } as const)
    })
  }

  /** Tells the observers of the commit with the result, once. */
  private tell(commit: Commit): void {
    if (this.sent !== commit) return
    this.sent = undefined
    const { activity, owner } = this.attempt
    const open = new Map([[activity.seq, activity]])
    this.around.observed.committed(commit, { open, updates: { open: new Map() }, trace: owner.trace })
  }
}

const undo = <A>(value: A): Verdict<A> => ({ _tag: "Undo", value })

const keep = <A>(value: A): Verdict<A> => ({ _tag: "Commit", value, committed: () => {} })

/** How a call has ended by commits after a version as of which it was open. */
const endIn = (commits: ReadonlyArray<StoredCommit>, runId: string, seq: Sequence): RecordedExit | undefined => {
  for (const commit of commits) {
    if (commit.runId !== runId) return callIsOver
    for (const event of commit.events) {
      if (event._tag === "ExecutionContinued") return callIsOver
      if (event._tag === "ActivityResolved" && event.seq === seq) return event.exit
      if (event._tag === "ActivityCancelled" && event.seq === seq) return callIsOver
    }
  }
  return undefined
}

/** Recorded nowhere: the execution reads what is. */
const callIsOver = dieWith("the call is over")

const notHere = (name: string): RecordedExit =>
  dieWith(
    `the execution is not in the database of the transactions of activity ${name}; give its toLayer and the executor the same store`
  )

/** What a handler has died with that the same statements may not meet again: a lost connection, a deadlock. */
const passingIn = (cause: Cause.Cause<unknown>, passes: Transaction["passes"]): string | undefined => {
  for (const reason of cause.reasons) {
    if (!Cause.isDieReason(reason) || !passes(reason.defect)) continue
    const { reason: why } = reason.defect as SqlError
    return Predicate.hasProperty(why.cause, "message")
      ? String(why.cause.message)
      : (why.message ?? "a statement failed")
  }
  return undefined
}
