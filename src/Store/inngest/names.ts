/**
 * The names of events, which are all that one can ask for: a prefix, what they are of, and texts as tokens.
 */
import { createHash } from "node:crypto"
import { encodeWith } from "../../internal/store/token.ts"
import type { CallPlace } from "../WorkflowStore.ts"

/** The names of one store. */
export class Names {
  private readonly prefix: string

  constructor(prefix: string) {
    this.prefix = prefix
  }

  /** The commits of an execution, and what was removed of it. */
  execution(workflowId: string): string {
    return `${this.prefix}/execution/${encode(workflowId)}`
  }

  /** What commits and deletions there are, of all executions. */
  get index(): string {
    return `${this.prefix}/index`
  }

  /** What others ask the writer to write. */
  get inbox(): string {
    return `${this.prefix}/inbox`
  }

  /** Who writes. */
  get writer(): string {
    return `${this.prefix}/writer`
  }

  /** That a store was opened. */
  get opened(): string {
    return `${this.prefix}/opened`
  }

  /** The heartbeats of workers. */
  get workers(): string {
    return `${this.prefix}/workers`
  }

  /** The workers that have left. */
  get left(): string {
    return `${this.prefix}/left`
  }

  /** The details of a call. */
  details({ runId, seq, workflowId }: CallPlace): string {
    return `${this.prefix}/details/${encode(JSON.stringify([workflowId, runId, seq]))}`
  }
}

// internal

const encode = encodeWith((bytes) => createHash("sha256").update(bytes).digest("base64url"))
