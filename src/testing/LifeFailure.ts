/**
 * What is told of a workflow that does not survive a life.
 */
import * as Data from "effect/Data"
import type { HistoryEvent } from "../HistoryEvent.ts"
import { inLines } from "./replaying.ts"
import { type Life, lifeInWords } from "./lives.ts"

/**
 * A workflow does not survive a life: which one, what is wrong, and how it came to that.
 *
 * @category errors
 * @since 0.2.0
 */
export class LifeFailure extends Data.TaggedError("LifeFailure")<{
  readonly workflow: string
  readonly life: Life
  /** What is wrong, in words. */
  readonly why: string
  /** The history of the execution. */
  readonly history: ReadonlyArray<HistoryEvent>
  /** Names the life: `crashEverywhere(..., { replay })` runs it alone. */
  readonly replay: string
  /** What the invariant has thrown, if it is that. */
  readonly cause?: unknown
}> {
  override get message(): string {
    const { history, life, replay, why, workflow } = this
    return [
      `workflow ${workflow} does not hold ${lifeInWords(life)}:`,
      why,
      `This life alone: { replay: ${JSON.stringify(replay)} }`,
      ...(history.length === 0 ? [] : ["Its history:", inLines(history)])
    ].join("\n")
  }
}
