/**
 * The keys of a store: a prefix, what it is of, and texts as tokens. Dapr's own separator `||` is in none, nor what a path of HTTP would
 * have to escape.
 */
import { createHash } from "node:crypto"
import { encodeWith } from "../../internal/store/token.ts"
import type { CallPlace } from "../WorkflowStore.ts"

/** The keys of one store. */
export class Keys {
  private readonly prefix: string

  constructor(prefix: string) {
    this.prefix = prefix
  }

  /** The latest of an id: its summary, or that it was deleted. */
  head(workflowId: string): string {
    return `${this.prefix}:head:${encode(workflowId)}`
  }

  /** The place of a version: its commit, or that it was taken once. */
  place(workflowId: string, version: number): string {
    return `${this.prefix}:commit:${encode(workflowId)}:${version}`
  }

  /** A part of the events of a large commit. */
  part(token: string, index: number): string {
    return `${this.prefix}:part:${token}:${index}`
  }

  /** What is left of commits of an id that were removed. */
  record(workflowId: string): string {
    return `${this.prefix}:record:${encode(workflowId)}`
  }

  /** The latest details of all calls of an execution. */
  details(workflowId: CallPlace["workflowId"]): string {
    return `${this.prefix}:details:${encode(workflowId)}`
  }

  /** An entry of a lane of the index. */
  entry(lane: number, number: number): string {
    return `${this.prefix}:entry:${lane}:${number}`
  }

  /** The name of the store, by which one that was emptied is told. */
  get origin(): string {
    return `${this.prefix}:origin`
  }

  /** Where the lanes of the index begin, and the names of its pages. */
  get index(): string {
    return `${this.prefix}:index`
  }

  /** The same again, for when that is damaged. */
  get indexCopy(): string {
    return `${this.prefix}:index:copy`
  }

  /** A page of the index: the ids that the entries before told of. */
  page(token: string, index: number): string {
    return `${this.prefix}:page:${token}:${index}`
  }

  /** The workers that there may be. */
  get workers(): string {
    return `${this.prefix}:workers`
  }

  /** The latest heartbeat of a worker. */
  worker(worker: string): string {
    return `${this.prefix}:worker:${encode(worker)}`
  }

  /** What the store tries when it is opened. */
  trial(token: string, name: string): string {
    return `${this.prefix}:trial:${token}:${name}`
  }
}

// internal

const encode = encodeWith((bytes) => createHash("sha256").update(bytes).digest("base64url"))
