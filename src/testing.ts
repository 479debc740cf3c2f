/**
 * The test kit: for tests of workflows, by any runner.
 */
import "./internal/requireNode.ts"
export {
  crashEverywhere,
  type CrashOptions,
  type CrashReport,
  type Ended,
  type Scenario
} from "./testing/crashEverywhere.ts"
export { CrashFailure } from "./testing/CrashFailure.ts"
export type { Crash, Place } from "./testing/crashes.ts"
export { double, type Double } from "./testing/double.ts"
export { replay, ReplayFailure } from "./testing/replay.ts"
export * as TestWorkflows from "./testing/TestWorkflows.ts"
export { assertStory, callsOf, story } from "./testing/story.ts"
