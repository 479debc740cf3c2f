/**
 * Versions of executions on Temporal: of each event, by the number of its run in its chain and its own number in the run. A run may have
 * some 50,000 events.
 */
import { Version } from "../../Ids.ts"

/** The version of an event, by how many runs came before. */
export const versionOf = (before: number | undefined, eventId: number): Version =>
  Version.make((before ?? 0) * perRun + Math.max(1, eventId))

/** How many runs came before the one that has a version. */
export const runsBefore = (version: Version): number => Math.floor(version / perRun)

// internal

const perRun = 1_000_000
