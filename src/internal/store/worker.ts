/**
 * How stores read the records of workers.
 */
import * as Predicate from "effect/Predicate"
import { WorkerId } from "../../Ids.ts"
import type { WorkerRecord } from "../../Store/Workers.ts"

/** The record of a worker. What cannot be read of its workflows is not known, as with an older release. */
export const workerOf = (id: string, workflows: unknown): WorkerRecord =>
  Array.isArray(workflows) && workflows.every(Predicate.isString)
    ? { id: WorkerId.make(id), workflows }
    : { id: WorkerId.make(id) }
