/**
 * What an execution shows of its program: answers to queries, and the values that it publishes.
 *
 * A question is answered when all that the program did is saved: between two commits, before the next turn. So it waits for
 * one commit at most, however busy the execution is, and reads nothing of the store.
 */
import * as Result from "effect/Result"
import type { Ancestor, Trace } from "../../HistoryEvent.ts"
import type { Asked } from "../../internal/replay/Queries.ts"
import { newlyLeftOut, type Published } from "../../internal/store/published.ts"
import { ShutDown } from "../../WorkflowError.ts"
import { Loop } from "./Loop.ts"
import type { Question } from "./Mail.ts"
import * as phases from "./phases.ts"
import type { Program } from "./phases.ts"

export abstract class Answering extends Loop {
  abstract program: Program
  /** What the program published with the latest commit. */
  protected published: Published | undefined = undefined
  /** Questions that wait; made when there is one. */
  private questions: Set<Question> | undefined = undefined

  /** The span that the start of the execution belongs to. */
  get trace(): Trace | undefined {
    return "state" in this.program ? this.program.state.trace : undefined
  }

  /** The first ancestor of a child. */
  get root(): Ancestor | undefined {
    return "state" in this.program ? this.program.state.root : undefined
  }

  /** Asks the program in the next state that is saved. */
  ask(question: Question): void {
    this.questions ??= new Set()
    this.questions.add(question)
    this.work()
  }

  /** Takes a question back. */
  withdraw(question: Question): void {
    this.questions?.delete(question)
  }

  protected override answer(): boolean {
    const { questions } = this
    if (questions === undefined || phases.answererOf(this.program) === "Later") return false
    this.questions = undefined
    for (const { query, reply } of questions) {
      const answerer = phases.answererOf(this.program)
      if (typeof answerer === "string") {
        reply(this.refusal)
        continue
      }
      const asked = answerer.queries.ask(query)
      // The handler has touched the program, which its history has as it was.
      if (answerer.problem !== undefined) this.forgetProgram()
      reply(asked)
    }
    return questions.size > 0
  }

  /** Why it does not answer itself: others may, unless it was let go because the worker stops. */
  private get refusal(): "Elsewhere" | Asked {
    const refusal = this.program._tag === "Released" ? this.program.refuse() : undefined
    return refusal instanceof ShutDown ? Result.fail(refusal) : "Elsewhere"
  }

  /** What the program publishes with the next commit. What is left out now is told to the log. */
  protected publish(): Published | undefined {
    const before = this.published
    this.published = phases.publishedOf(this.program, before)
    for (const line of newlyLeftOut(this.published, before)) this.log("Warn", `execution ${this.name}: ${line}`)
    return this.published
  }

  /** Drops the live program; its history is read again. */
  protected abstract forgetProgram(): void
}
