/**
 * The states of an execution in the memory of its worker, and what it waits for.
 *
 * | program    | in memory                                             | leaves it for                         |
 * | ---------- | ----------------------------------------------------- | ------------------------------------- |
 * | `New`      | nothing yet: the first commit of the run is in hand   | `Loaded`, `Stopped`                   |
 * | `Claiming` | nothing: its worker is gone and this one takes it     | `Loaded`, `Stopped`                   |
 * | `Unloaded` | its identity and its alarm                            | `Loaded`, `Stopped`                   |
 * | `Loaded`   | its program, which waits for the next event           | `Stopped`, `Unloaded`, `Claiming`, `New` |
 * | `Stopped`  | its state, and why the program cannot go on           | `Loaded`, `Unloaded`, `Claiming`      |
 * | `Released` | nothing: finished, deleted, another worker's, or let go because the worker stops |            |
 */
import type { RunId, Version, WorkerId, WorkflowId } from "../../Ids.ts"
import { dueAt } from "../../internal/core/evolve.ts"
import type { Interpreter } from "../../internal/replay/Interpreter.ts"
import { noSignals, type Signals } from "../../internal/replay/signals.ts"
import type { Program as LiveProgram, Takeover } from "../../internal/replay/Program.ts"
import { type Published, published } from "../../internal/store/published.ts"
import type { WorkflowState } from "../../WorkflowState.ts"
import type { Problem } from "../../HistoryEvent.ts"
import type { Mail, Refuse } from "./Mail.ts"

/** Which run an execution is, and where it stands. */
export interface Identity {
  readonly workflowId: WorkflowId
  readonly runId: RunId
  /** The first run of the chain, when the run continues another one. */
  readonly chain?: RunId | undefined
  /** The latest version; the one before the first while nothing is saved. */
  readonly version: Version
  readonly firstVersion: Version
  /** Set when it is taken over. */
  readonly claim?: Claim | undefined
  /** Set when it was taken over and does nothing before this time: it is read then, or when it is told something. */
  readonly sleepsUntil?: number | undefined
}

/** The takeover of an execution from the worker that ran it, or of an execution without an owner. */
export interface Claim extends Takeover {
  readonly from: WorkerId | undefined
  /** Whether it is only taken while it is blocked: its owner may live, and run it again. */
  readonly onlyBlocked: boolean
  readonly reply: (outcome: ClaimOutcome) => void
}

/** What became of a claim: another worker or commit was first, or the program cannot go on here. */
export type ClaimOutcome = "Taken" | "Lost" | "Declined"

/** What an execution is in memory. */
export type Program =
  /** `claim`: the takeover that is saved with its first commit. */
  | { readonly _tag: "New"; readonly claim?: Claim | undefined }
  | { readonly _tag: "Claiming"; readonly claim: Claim }
  | { readonly _tag: "Unloaded" }
  /** `claim`: the takeover that is not saved yet. */
  | (LiveProgram & { readonly state: WorkflowState; readonly claim: Claim | undefined })
  | { readonly _tag: "Released"; readonly refuse: Refuse }

/** What an execution waits for; mail stays in its mailbox meanwhile. */
export type Doing =
  | { readonly _tag: "Nothing" }
  | { readonly _tag: "Reading" }
  /** The addresses of receivers are read, without which the turn cannot go on. */
  | { readonly _tag: "Addressing" }
  /** `term`: that of the worker's lease when the store was asked. */
  | { readonly _tag: "Saving"; readonly mail: ReadonlyArray<Mail>; readonly term: number }

export const nothing: Doing = { _tag: "Nothing" }
export const reading: Doing = { _tag: "Reading" }
export const addressing: Doing = { _tag: "Addressing" }
export const unloaded: Program = { _tag: "Unloaded" }

/** Whether a program has nothing to record that it was not told by mail. */
export const isQuiet = (program: Program): boolean =>
  program._tag === "Loaded"
    ? program.claim === undefined && program.interpreter.isQuiet && program.state.status === "running"
    : program._tag === "Stopped" && program.claim === undefined && isBlockedBy(program.state, program.problem)

/** Whether it is recorded that an execution is blocked for this reason. */
const isBlockedBy = ({ problem }: WorkflowState, { reason }: Problem): boolean => problem?.reason === reason

/** What an execution is when it comes into memory. */
export const beginning = ({ claim, sleepsUntil }: Identity): Program => {
  if (claim !== undefined) return { _tag: "Claiming", claim }
  return sleepsUntil === undefined ? { _tag: "New" } : unloaded
}

/** The takeover that is not saved yet. */
export const claimOf = (program: Program): Claim | undefined => ("claim" in program ? program.claim : undefined)

/** What is known of the signals of a program. */
export const signalsOf = (program: Program): Signals =>
  program._tag === "Loaded" ? program.interpreter.signals : noSignals

/** What answers queries: a live program, once all that it did is saved. */
export const answererOf = (program: Program): Interpreter | "Later" | "Elsewhere" => {
  if (program._tag !== "Loaded") return "Elsewhere"
  return isQuiet(program) ? program.interpreter : "Later"
}

/** What a program publishes, or published last before it was stopped. */
export const publishedOf = (program: Program, before: Published | undefined): Published | undefined =>
  program._tag === "Loaded" ? published(program.interpreter.queries.publications) : before

/** When time alone moves an execution in memory. */
export const alarmOf = (program: Program, retryAt: number | undefined): number | undefined => {
  if (program._tag === "Loaded") return dueAt(program.state, retryAt)
  return program._tag === "Stopped" ? program.state.retryAt : undefined
}
