/**
 * Groups of commits, for stores that save one at a time.
 */
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import type { WorkflowId } from "../../Ids.ts"
import type { Commit, StoreErrorReason } from "../../Store/WorkflowStore.ts"

/** Saves the commits of each execution in their order, and those of different executions at the same time. */
export const saveGroups = (
  commits: ReadonlyArray<Commit>,
  saveOne: (commit: Commit) => Effect.Effect<void, StoreErrorReason>
): Effect.Effect<ReadonlyArray<Exit.Exit<void, StoreErrorReason>>> => {
  if (commits.length === 1) return Effect.map(Effect.exit(saveOne(commits[0]!)), (exit) => [exit])
  const exits: Array<Exit.Exit<void, StoreErrorReason>> = Array.from({ length: commits.length }, () => Exit.void)
  const groups = new Map<WorkflowId, Array<number>>()
  for (const [index, { workflowId }] of commits.entries()) {
    const group = groups.get(workflowId)
    if (group === undefined) groups.set(workflowId, [index])
    else group.push(index)
  }
  const saveAt = (index: number) =>
    Effect.map(Effect.exit(saveOne(commits[index]!)), (exit) => {
      exits[index] = exit
    })
  return Effect.as(
    Effect.forEach(groups.values(), (group) => Effect.forEach(group, saveAt, { discard: true }), {
      concurrency: inFlight,
      discard: true
    }),
    exits
  )
}

// internal

const inFlight = 256
