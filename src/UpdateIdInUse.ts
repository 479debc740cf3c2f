/**
 * The reason with which an update is refused whose id another one has, and how handlers are named in messages.
 */
import * as Schema from "effect/Schema"
import { inShort } from "./Ids.ts"

/**
 * The id belongs to another update of the execution: of another name, or with another input.
 *
 * @category errors
 * @since 0.2.0
 */
export class UpdateIdInUse extends Schema.TaggedError<UpdateIdInUse>()("UpdateIdInUse", {
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
 * The program, or the handler of an update, in a message.
 *
 * @internal
 */
export const programOr = (update: string | undefined): string =>
  update === undefined ? "the program" : `the handler of update ${JSON.stringify(update)}`
