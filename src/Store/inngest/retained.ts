/**
 * How long a run may wait: when its program goes on the server must still have its first event.
 */
import * as Duration from "effect/Duration"
import { Unsupported } from "../WorkflowStore.ts"
import type { CommitHead } from "./record.ts"

/** When the run of a commit began: unless it is the first of it, the latest commit knows. */
export const beganOf = (head: CommitHead, latest: { readonly began: number } | undefined): number =>
  head.first === head.version || latest === undefined ? head.began : latest.began

/** Why the program of a commit cannot wait for as long as that says; `undefined` when it can. */
export const tooLate = ({ began, id, wake }: CommitHead, retention: number): Unsupported | undefined => {
  if (wake === undefined || wake - began <= retention) return undefined
  const [after, kept] = [wake - began, retention].map((milliseconds) =>
    Duration.format(Duration.millis(Math.floor(milliseconds)))
  )
  return new Unsupported({
    detail:
      `${JSON.stringify(id)} would go on ${after} after its run has begun, and the server keeps events for ${kept}; ` +
      `wait for less, continue as new before, or raise retention there and here`
  })
}
