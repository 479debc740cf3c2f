/**
 * Starts executions, finds them and sends to them within a transaction: as a process without programs does, by the store of the
 * transaction alone. Executions in care of this process hear of it like those of others, once the transaction has taken effect.
 */
import * as Effect from "effect/Effect"
import type { Ref, WorkflowId } from "../../Ids.ts"
import { isClosing } from "../../HistoryEvent.ts"
import type { Current } from "../../internal/currentTransaction.ts"
import { tooLong } from "../../internal/request.ts"
import { over } from "../../internal/store/part.ts"
import type { AnswerOf, Message } from "../../Message.ts"
import type { StoreError } from "../../Store/WorkflowStore.ts"
import { InTransaction, NotFound, ShutDown, StoreFailed, type WorkflowErrorReason } from "../../WorkflowError.ts"
import type { FoundRun, StartedRun, StartRequest } from "../DurableExecutor.ts"
import type { Appender } from "./Appender.ts"
import { append, appendable } from "./append.ts"
import { completeElsewhere } from "./completion.ts"
import { summaryOf } from "./nextRun.ts"
import type { Observed } from "./Observed.ts"
import { createElsewhere, nothing, startExisting, type Starting } from "./starts.ts"

type Failure = WorkflowErrorReason | StoreError

/** What the executor has for all transactions. */
export interface Outside {
  readonly appender: Appender
  readonly observed: Observed
  /** Stands for the database of the store. */
  readonly database: object | undefined
  readonly makeId: () => string
  readonly answerTimeout: number
  readonly isStopped: () => boolean
  /** This process has closed an execution that it does not run. */
  readonly closed: (workflowId: WorkflowId) => void
}

/** What an executor does within one transaction. */
export class Within {
  private readonly outside: Outside
  private readonly current: Current

  constructor(outside: Outside, current: Current) {
    this.outside = outside
    this.current = current
  }

  start(request: StartRequest): Effect.Effect<StartedRun, Failure> {
    return this.use(({ answerTimeout, appender, makeId }) => {
      const invalid = tooLong(request.workflowId)
      if (invalid !== undefined) return Effect.fail(invalid)
      const workflowId = request.workflowId as WorkflowId
      const starting: Starting = { answerTimeout, appender, makeId, inTransaction: true }
      const create = (latest: typeof nothing): Effect.Effect<StartedRun, Failure> =>
        Effect.flatMap(createElsewhere(starting, request, workflowId, latest), (started) =>
          started === "Conflict"
            ? startExisting(starting, request, workflowId, create)
            : Effect.succeed<StartedRun>(started)
        )
      return create(nothing)
    })
  }

  find(workflowId: WorkflowId): Effect.Effect<FoundRun, Failure> {
    return this.use(({ appender }) =>
      Effect.flatMap(summaryOf(appender, workflowId), (found): Effect.Effect<FoundRun, Failure> => {
        if (found._tag === "None") return Effect.fail(new NotFound())
        const { chain, runId, workflow } = found.value
        return Effect.succeed({ workflow, runId: chain ?? runId })
      })
    )
  }

  send<M extends Message>(ref: Ref, message: M): Effect.Effect<AnswerOf<M>, Failure> {
    // The answer is that of the message, which the compiler cannot follow.
    return this.tell(ref, message) as Effect.Effect<AnswerOf<M>, Failure>
  }

  private tell(ref: Ref, message: Message): Effect.Effect<void, Failure> {
    return this.use(({ answerTimeout, appender }): Effect.Effect<void, Failure> => {
      switch (message._tag) {
        case "Query":
        case "Update":
          return this.wait
        case "Complete":
          return completeElsewhere(appender, { ref, completion: message, answerTimeout })
        default:
          return Effect.asVoid(append(appender, { ref, answerTimeout, event: (at) => appendable(message, at) }))
      }
    })
  }

  /** Nothing comes of waiting. */
  get wait(): Effect.Effect<never, Failure> {
    return Effect.fail(new InTransaction())
  }

  /** Does something by the store of the transaction, while that is open. */
  private use<A>(
    use: (by: { readonly appender: Appender } & Pick<Outside, "answerTimeout" | "makeId">) => Effect.Effect<A, Failure>
  ): Effect.Effect<A, Failure> {
    return Effect.suspend(() => {
      const { current, outside } = this
      if (outside.isStopped()) return Effect.fail(new ShutDown())
      if (!current.isOpen) return Effect.fail(new StoreFailed({ detail: over }))
      if (current.transaction.database !== outside.database) return Effect.fail(new StoreFailed({ detail: elsewhere }))
      const { answerTimeout, makeId } = outside
      return Effect.catchDefect(use({ appender: this.appender, answerTimeout, makeId }), (defect) =>
        defect instanceof Lost ? Effect.fail(defect.error) : Effect.die(defect)
      )
    })
  }

  private get appender(): Appender {
    const { closed, observed } = this.outside
    const { commitId, now, suggestContinueAt } = this.outside.appender
    const { store } = this.current.transaction
    return {
      commitId,
      now,
      suggestContinueAt,
      store: {
        load: (workflowId, options) => unlessLost(store.load(workflowId, options)),
        summary: (workflowId) => unlessLost(store.summary(workflowId)),
        deletion: (workflowId) => unlessLost(store.deletion(workflowId))
      },
      save: (commit, given) =>
        Effect.flatMap(observed.known(store, commit, given), (known) => {
          const committed = () => {
            observed.committed(commit, known)
            if (commit.events.some(isClosing)) closed(commit.workflowId)
          }
          return unlessLost(store.save(commit, committed))
        })
    }
  }
}

// internal

/**
 * An `Unavailable` of the store within a transaction. Outside, callers ask again after it; here they would wait for a connection that is
 * lost. So it travels as a defect, which no retry sees, and `use` makes it the failure again.
 */
class Lost {
  readonly error: StoreError
  constructor(error: StoreError) {
    this.error = error
  }
}

const unlessLost = <A>(effect: Effect.Effect<A, StoreError>): Effect.Effect<A, StoreError> =>
  Effect.catch(effect, (error) =>
    error.reason._tag === "Unavailable" ? Effect.die(new Lost(error)) : Effect.fail(error)
  )

const elsewhere =
  "the transaction is one of another store than that of the executor, whose workers would not find what it starts; provide both with " +
  "the very same layer of a store"
