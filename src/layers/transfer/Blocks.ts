/**
 * Puts the lines of executions together, and finds out when one is damaged or missing.
 */
import * as Result from "effect/Result"
import type { WorkerId, WorkflowId } from "../../Ids.ts"
import type { ExecutionSummary } from "../../Store/WorkflowStore.ts"
import { BadLine, CutOff, type NewerExport } from "../TransferError.ts"
import { type Commit, type Details, type Execution, follow, type Line, read } from "./lines.ts"

/** An execution, whole. */
export interface Block {
  readonly summary: ExecutionSummary
  readonly seen: Readonly<Record<string, number>>
  readonly commits: ReadonlyArray<Commit["commit"]>
  readonly details: ReadonlyArray<Details>
}

/** An execution that the export could not read. */
export interface Missing {
  readonly workflowId: WorkflowId
  readonly faults: ReadonlyArray<string>
}

export class Blocks {
  private line = 0
  private state: "before" | "within" | "ended" = "before"
  /** The execution of which not all lines have come. */
  private begun:
    | { summary: Execution; commits: Array<Commit["commit"]>; details: Array<Details>; digest: number }
    | undefined
  private executions = 0
  private workers: ReadonlyArray<WorkerId> = []

  /** Workers that had left in order. */
  get left(): ReadonlyArray<WorkerId> {
    return this.workers
  }

  /** Takes a line. Succeeds with an execution if that is the end of one. */
  take(text: string): Result.Result<Block | Missing | undefined, BadLine | NewerExport> {
    this.line++
    if (text.trim() === "") return Result.succeed(undefined)
    return Result.flatMap(read(text, this.line), (line) => this.follow(line, text))
  }

  /** Whether all has come. */
  end(): Result.Result<void, CutOff> {
    return this.state === "ended" ? Result.void : Result.fail(new CutOff({ lines: this.line }))
  }

  private follow(line: Line, text: string): Result.Result<Block | Missing | undefined, BadLine> {
    if ("perdure" in line) return this.begin()
    if (this.state !== "within") return this.bad("an export begins with a header, and nothing follows its last line")
    if ("execution" in line) {
      if (this.begun !== undefined) return this.bad("the execution before this one has no end")
      this.begun = { summary: line, commits: [], details: [], digest: follow(0, text) }
      return nothing
    }
    if ("commit" in line || "details" in line) {
      if (this.begun === undefined) return this.bad("it belongs to no execution")
      this.begun.digest = follow(this.begun.digest, text)
      if ("commit" in line) this.begun.commits.push(line.commit)
      else this.begun.details.push(line)
      return nothing
    }
    if ("end" in line) return this.finish(line.end, line.digest)
    if (this.begun !== undefined) return this.bad("the execution before this one has no end")
    if ("unreadable" in line) {
      this.executions++
      return Result.succeed({ workflowId: line.unreadable, faults: [line.detail] })
    }
    if ("executions" in line) {
      if (line.executions !== this.executions) {
        return this.bad(`the export has ${line.executions} executions, and ${this.executions} have come`)
      }
      this.state = "ended"
      this.workers = [...this.workers, ...line.left]
    }
    return nothing
  }

  /** Begins an export, or another part of it. What was cut off before comes again. */
  private begin(): Result.Result<undefined> {
    this.state = "within"
    this.begun = undefined
    this.executions = 0
    return nothing
  }

  private finish(id: WorkflowId, digest: number): Result.Result<Block, BadLine> {
    const { begun } = this
    if (begun === undefined || begun.summary.execution.workflowId !== id)
      return this.bad("it is the end of no execution")
    if (begun.digest !== digest)
      return this.bad(`the lines of execution ${JSON.stringify(id)} were changed, or some are missing`)
    this.begun = undefined
    this.executions++
    const { commits, details, summary } = begun
    return Result.succeed({ summary: summary.execution, seen: summary.seen ?? {}, commits, details })
  }

  private bad(detail: string): Result.Result<never, BadLine> {
    return Result.fail(new BadLine({ line: this.line, detail }))
  }
}

// internal

const nothing: Result.Result<undefined> = Result.succeed(undefined)
