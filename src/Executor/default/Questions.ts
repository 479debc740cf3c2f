/**
 * Queries of callers, wherever the execution runs:
 *
 * | the execution                                        | is answered from                                          |
 * | ---------------------------------------------------- | --------------------------------------------------------- |
 * | is in memory here                                    | its program, without the store                            |
 * | is not, and its workflow is not registered here      | what it published last                                    |
 * | is not, and its workflow is registered               | a copy of its program, made by replay                     |
 * | cannot go on with the program of this process        | what it published last                                    |
 *
 * Where nothing was published the failure says so. A query writes nothing, takes nothing over and brings nothing into memory that
 * a worker has in care.
 */
import * as Effect from "effect/Effect"
import * as Result from "effect/Result"
import type { Ref, WorkflowId } from "../../Ids.ts"
import { chainMeant } from "../../internal/core/continued.ts"
import type { Asked, Query } from "../../internal/replay/Queries.ts"
import { refused } from "../../internal/store/failure.ts"
import { patiently } from "../../internal/store/patiently.ts"
import type { QueryAnswer } from "../../Message.ts"
import type { ExecutionSummary, StoreError } from "../../Store/WorkflowStore.ts"
import {
  Blocked,
  NoProgram,
  NotFound,
  NotPublished,
  StoreUnavailable,
  type WorkflowErrorReason
} from "../../WorkflowError.ts"
import type { AnswerTimeouts } from "./AnswerTimeouts.ts"
import { Copies } from "./Copies.ts"
import type { Execution } from "./Execution.ts"
import type { InCare } from "./InCare.ts"
import type { Question, Reply } from "./Mail.ts"
import type { Registrations } from "./Registrations.ts"
import type { Shared } from "./Shared.ts"

type Failure = WorkflowErrorReason | StoreError

export interface Options {
  readonly shared: Shared<Execution>
  readonly inCare: InCare
  readonly registrations: Registrations
  readonly timeouts: AnswerTimeouts
  /** How long a caller waits for a store that does not answer, in milliseconds. */
  readonly answerTimeout: number
}

export class Questions {
  private readonly options: Options
  private readonly copies: Copies

  constructor(options: Options) {
    this.options = options
    this.copies = new Copies(options.shared, options.answerTimeout)
  }

  /** Asks an execution. */
  ask(ref: Ref, query: Query): Effect.Effect<QueryAnswer, Failure> {
    return Effect.suspend(() => {
      const execution = this.options.inCare.get(ref.workflowId as WorkflowId)
      const isInMemory = execution?.program._tag === "Loaded" && chainMeant(execution, ref.runId) === execution.chain
      if (!isInMemory) return this.askElsewhere(ref, query)
      return Effect.flatMap(this.askHere(execution, query), (asked) =>
        asked === "Elsewhere" ? this.askElsewhere(ref, query) : Effect.fromResult(asked)
      )
    })
  }

  /** Asks an execution in memory and waits until its state is saved, for a limited time. */
  private askHere(execution: Execution, query: Query): Effect.Effect<Asked | "Elsewhere"> {
    const { timeouts } = this.options
    return Effect.callback((resume) => {
      let isWaiting = true
      const question: Question = {
        query,
        reply: (asked) => {
          isWaiting = false
          timeouts.end(timedOut)
          resume(Effect.succeed(asked))
        }
      }
      const timedOut: Reply = () => {
        execution.withdraw(question)
        const detail = "what the program did last could not be saved in time"
        resume(Effect.succeed(Result.fail(new StoreUnavailable({ detail }))))
      }
      execution.ask(question)
      if (isWaiting) timeouts.begin(timedOut)
      return Effect.sync(() => {
        timeouts.end(timedOut)
        execution.withdraw(question)
      })
    })
  }

  /** Asks an execution by what the store has of it. */
  private askElsewhere(ref: Ref, query: Query): Effect.Effect<QueryAnswer, Failure> {
    const { answerTimeout, registrations, shared } = this.options
    const workflowId = ref.workflowId as WorkflowId
    return Effect.gen({ self: this }, function* () {
      const found = yield* shared.store.summary(workflowId).pipe(patiently(answerTimeout))
      if (found._tag === "None") return yield* new NotFound()
      const refusal = refused(ref, found.value)
      if (refusal !== undefined) return yield* refusal
      const { workflow } = found.value
      const registration = registrations.of(found.value)
      if (registration === undefined) {
        return yield* published(found.value, query.name) ?? new NoProgram({ workflow, query: query.name })
      }
      const { interpreter, problem, summary } = yield* this.copies.of(registration, found.value)
      // The id may have been started again meanwhile.
      const replaced = refused(ref, summary)
      if (replaced !== undefined) return yield* replaced
      if (problem !== undefined) return yield* published(summary, query.name) ?? new Blocked({ problem })
      // The handler of another caller has touched the copy, which is forgotten.
      if (interpreter.problem !== undefined) return yield* this.askElsewhere(ref, query)
      const asked = interpreter.queries.ask(query)
      if (interpreter.problem !== undefined) this.copies.forget(workflowId)
      return yield* Effect.fromResult(asked)
    })
  }
}

// internal

/** What an execution published for a query last; `undefined` when that is nothing. */
const published = (summary: ExecutionSummary, query: string): Effect.Effect<QueryAnswer, NotPublished> | undefined => {
  const values = summary.published ?? {}
  if (!Object.hasOwn(values, query)) return undefined
  const value = values[query]!
  return "value" in value
    ? Effect.succeed({ _tag: "Success", value: value.value })
    : Effect.fail(new NotPublished({ query, detail: value.leftOut }))
}
