/**
 * What to do when a commit is larger than the store accepts. Mail is tried again one by one, then without what the program
 * issues: if that can be saved, the program is at fault, and is blocked; if not, the mail is.
 */
import type { Problem } from "../../HistoryEvent.ts"
import { PayloadTooLarge } from "../../WorkflowError.ts"
import type { Mail } from "./Mail.ts"

/** How much of the mail goes into one commit. */
export type Size =
  | { readonly _tag: "Together" }
  | { readonly _tag: "OneByOne" }
  /** One by one, and the program is stopped by the problem that its commands do not fit. */
  | { readonly _tag: "WithoutCommands"; readonly problem: Problem }

export const together: Size = { _tag: "Together" }

/** What follows from a commit that was too large. */
export interface Verdict {
  readonly size: Size
  readonly reason: PayloadTooLarge
  /** To be taken again. */
  readonly again: ReadonlyArray<Mail>
  readonly refused: ReadonlyArray<Mail>
}

/** Judges a commit that was too large, by how it was made. */
export const judge = (
  size: Size,
  mail: ReadonlyArray<Mail>,
  { bytes, limit, workflow }: { readonly bytes: number; readonly limit: number; readonly workflow: string }
): Verdict => {
  const reason = new PayloadTooLarge({ bytes, limit })
  const [only, ...others] = mail
  if (others.length > 0) return { size: { _tag: "OneByOne" }, reason, again: mail, refused: [] }
  if (size._tag !== "WithoutCommands") {
    const message = `the program of ${JSON.stringify(workflow)} asks for too much at once: ${reason.message}`
    return {
      size: { _tag: "WithoutCommands", problem: { reason: "TooLarge", message } },
      reason,
      again: mail,
      refused: []
    }
  }
  if (only?.told._tag === "Resolved" || only?.told._tag === "Failed") {
    const defect = { name: "PayloadTooLarge", message: `the result of the activity: ${reason.message}` }
    const told = { _tag: "Resolved", seq: only.told.seq, exit: { _tag: "Die", defect } } as const
    return { size: { _tag: "OneByOne" }, reason, again: [{ ...only, told }], refused: [] }
  }
  return { size: { _tag: "OneByOne" }, reason, again: [], refused: mail }
}
