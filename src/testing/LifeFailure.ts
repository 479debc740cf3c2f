/**
 * What is told of a workflow that does not survive a life.
 */
import * as Schema from "effect/Schema"
import { TaggedError } from "../internal/taggedError.ts"
import { AnyLife, lifeInWords } from "./lives.ts"
import { History, inLines } from "./replaying.ts"
import { again, LivedBy } from "./tokens.ts"

/**
 * A workflow does not survive a life: which one, what is wrong, and how it came to that.
 *
 * @category errors
 * @since 0.2.0
 */
export class LifeFailure extends TaggedError<LifeFailure>()("LifeFailure", {
  workflow: Schema.String,
  life: AnyLife,
  /** What is wrong, in words. */
  why: Schema.String,
  /** The history of the execution. */
  history: History,
  /** What lived the life. */
  by: LivedBy,
  /** Names the life: `live` runs it alone, as does what lived it: `crashEverywhere(…, { replay })`. */
  replay: Schema.String,
  /** What the invariant has thrown, if it is that. */
  cause: Schema.optionalKey(Schema.Defect())
}) {
  override get message(): string {
    const { by, history, life, replay, why, workflow } = this
    return [
      `workflow ${workflow} does not hold ${lifeInWords(life)}:`,
      why,
      `This life alone: ${again(by, replay)}`,
      ...(history.length === 0 ? [] : ["Its history:", inLines(history)])
    ].join("\n")
  }
}
