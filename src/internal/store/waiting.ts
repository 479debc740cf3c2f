/**
 * What an execution waits for, as it was stored.
 */
import type { Waiting } from "../../Waiting.ts"

/**
 * Reads it back; `undefined` when it is damaged. Before 0.2 it was stored in words. Without a schema, since executors read
 * thousands of summaries when they look for work.
 */
export const readWaiting = (stored: unknown): ReadonlyArray<Waiting> | undefined => {
  if (!Array.isArray(stored)) return undefined
  const all: Array<Waiting> = []
  for (const each of stored as ReadonlyArray<unknown>) {
    if (typeof each === "string") all.push({ _tag: "Other", text: each })
    else if (typeof each === "object" && each !== null && "_tag" in each) all.push(each as Waiting)
    else return undefined
  }
  // One that was pushed to keeps room for sixteen more, of each execution.
  return all.slice()
}
