/**
 * The test kit: for tests of workflows, by any runner.
 */
import "./internal/requireNode.ts"
export { crashEverywhere, type CrashOptions, type CrashReport } from "./testing/crashEverywhere.ts"
export { double, type Double } from "./testing/double.ts"
export { histories } from "./testing/histories.ts"
export { interleave, type InterleaveOptions, type InterleaveReport } from "./testing/interleave.ts"
export { type Ended, live, type LiveOptions, type Scenario } from "./testing/live.ts"
export { LifeFailure } from "./testing/LifeFailure.ts"
export { Crash, Life } from "./testing/lives.ts"
export { replay, ReplayFailure } from "./testing/replay.ts"
export { assertStory, callsOf, story } from "./testing/story.ts"
export { play, type Timeline, timelines } from "./testing/timelines.ts"
export * as TestWorkflows from "./testing/TestWorkflows.ts"
