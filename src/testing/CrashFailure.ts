/**
 * What is told of a workflow that does not survive.
 */
import * as Data from "effect/Data"
import type { HistoryEvent } from "../HistoryEvent.ts"
import { type Crash, crashesInWords } from "./crashes.ts"
import { inLines } from "./replaying.ts"

/**
 * A workflow does not survive: the smallest crash that shows it, and how it came to that.
 *
 * @category errors
 * @since 0.2.0
 */
export class CrashFailure extends Data.TaggedError("CrashFailure")<{
  readonly workflow: string
  /** Where the first process died, then the second one; empty when none did. */
  readonly crashes: ReadonlyArray<Crash>
  /** What is wrong, in words. */
  readonly why: string
  /** The history of the execution. */
  readonly history: ReadonlyArray<HistoryEvent>
  /** Runs this life alone: `crashEverywhere(..., { replay })`. */
  readonly replay: string
  /** What the user's own check threw, if it is that. */
  readonly cause?: unknown
}> {
  override get message(): string {
    const { crashes, history, replay, why, workflow } = this
    return [
      `workflow ${workflow} does not hold ${crashesInWords(crashes)}:`,
      why,
      `This life alone: { replay: ${JSON.stringify(replay)} }`,
      "Its history:",
      inLines(history)
    ].join("\n")
  }
}
