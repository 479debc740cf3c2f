/**
 * How the configuration of an app is refused: by an error that has one sentence, with the variable and what to write there.
 */
import * as Config from "effect/Config"
import * as Schema from "effect/Schema"
import * as SchemaIssue from "effect/SchemaIssue"

/** Fails with a sentence. */
export const refused = (message: string): Config.Config<never> =>
  Config.fail(new Schema.SchemaError(new SchemaIssue.InvalidValue({ message })))
