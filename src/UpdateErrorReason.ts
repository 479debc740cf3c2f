/**
 * The reasons with which an update is refused for its id, and how handlers are named in messages.
 */
import * as Schema from "effect/Schema"
import { inShort } from "./Ids.ts"
import { TaggedError } from "./internal/taggedError.ts"

/**
 * The id belongs to another update of the execution: of another name, or with another input.
 *
 * @category errors
 * @since 0.2.0
 */
export class UpdateIdInUse extends TaggedError<UpdateIdInUse>()("UpdateIdInUse", {
  updateId: Schema.String
}) {
  override get message() {
    return (
      `the id ${inShort(this.updateId)} belongs to another update of this execution, of another name or with another input; ` +
      `use an id for each request`
    )
  }
}

/**
 * An earlier run of the execution did the update and answered it, and the answer was deleted with that run. The update is not done again.
 *
 * @category errors
 * @since 0.2.0
 */
export class AnswerDeleted extends TaggedError<AnswerDeleted>()("AnswerDeleted", {
  updateId: Schema.String
}) {
  override get message() {
    return (
      `update ${inShort(this.updateId)} was done, and its answer was deleted with an earlier run of the execution; ` +
      `ask the execution what came of it, with a query`
    )
  }
}

/**
 * The program, or the handler of an update, in a message.
 *
 * @internal
 */
export const programOr = (update: string | undefined): string =>
  update === undefined ? "the program" : `the handler of update ${JSON.stringify(update)}`
