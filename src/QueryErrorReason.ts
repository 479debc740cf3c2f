/**
 * The reasons of a `WorkflowError` that only queries have.
 */
import * as Schema from "effect/Schema"
import { describeDefect, RecordedDefect } from "./HistoryEvent.ts"
import { TaggedError } from "./internal/taggedError.ts"

/**
 * The program answers no query of this name at the moment.
 *
 * @category errors
 * @since 0.2.0
 */
export class UnknownQuery extends TaggedError<UnknownQuery>()("UnknownQuery", {
  query: Schema.String,
  /** The queries that it answers, at most 20 of them. */
  answers: Schema.Array(Schema.String)
}) {
  override get message() {
    const names = this.answers.length === 0 ? "none" : this.answers.map((name) => JSON.stringify(name)).join(", ")
    return (
      `the program does not answer query ${JSON.stringify(this.query)} at the moment (it answers ${names}); let it call ` +
      `answer or publish before it waits for anything, or ask later`
    )
  }
}

/**
 * This process has not the program of the execution, and the value of the query is not published.
 *
 * @category errors
 * @since 0.2.0
 */
export class NoProgram extends TaggedError<NoProgram>()("NoProgram", {
  workflow: Schema.String,
  query: Schema.String
}) {
  override get message() {
    return (
      `query ${JSON.stringify(this.query)} is not published, and this process does not have the program of workflow ` +
      `${JSON.stringify(this.workflow)}; register it here with its toLayer, or let the program publish the query, which ` +
      `every process can read then`
    )
  }
}

/**
 * The value that the program publishes for a query cannot be kept beside its history.
 *
 * @category errors
 * @since 0.2.0
 */
export class NotPublished extends TaggedError<NotPublished>()("NotPublished", {
  query: Schema.String,
  detail: Schema.String
}) {
  override get message() {
    return (
      `the published value of query ${JSON.stringify(this.query)} is left out: ${this.detail}; publish less, or ask in a ` +
      `process that has registered the workflow`
    )
  }
}

/**
 * The handler of a query did more than to read.
 *
 * @category errors
 * @since 0.2.0
 */
export class OnlyReads extends TaggedError<OnlyReads>()("OnlyReads", {
  query: Schema.String,
  /** What the handler did. */
  what: Schema.String
}) {
  override get message() {
    return (
      `the handler of query ${JSON.stringify(this.query)} may only read, and it ${this.what}; do that in the program, keep ` +
      `what comes of it in a Ref, and let the handler read the Ref`
    )
  }
}

/**
 * The handler of a query ended with a defect. The program goes on.
 *
 * @category errors
 * @since 0.2.0
 */
export class QueryDefect extends TaggedError<QueryDefect>()("QueryDefect", {
  query: Schema.String,
  defect: RecordedDefect
}) {
  override get message() {
    return (
      `the handler of query ${JSON.stringify(this.query)} ended with a defect, which the program did not notice; mend the ` +
      `handler: ${describeDefect(this.defect)}`
    )
  }
}
