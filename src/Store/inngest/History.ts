/**
 * What the events of one execution come to: pure.
 *
 * Every commit and every deletion has a version, and of several events of one version the one that the server received first counts.
 * Events come in pages, the newest first, some twice, and some late.
 */
import { type Head as Latest } from "../../internal/store/admit.ts"
import type { RunId } from "../../Ids.ts"
import type { CommitHead, Content, DeletionHead, RemovalHead, Remains } from "./record.ts"
import { decode, isCommit, isDeletion } from "./record.ts"
import { type Row, timeOf } from "./Server.ts"

/** What has a version. */
export interface Slot {
  readonly internal: string
  readonly content: Content<CommitHead> | Content<DeletionHead>
}

/** The events of an execution, as far as they were read. */
export class History {
  private readonly id: string
  private readonly slots = new Map<number, Slot>()
  private readonly removals: Array<RemovalHead> = []
  /** The highest version. */
  private highest = 0

  constructor(id: string) {
    this.id = id
  }

  /** Takes events in, in any order. What no store wrote counts for nothing. */
  add(rows: Iterable<Row>): void {
    for (const { internal, text } of rows) {
      const content = decode(text)
      if (content === undefined || content.head.id !== this.id) continue
      if (content.head.kind === "removal") this.removals.push(content.head)
      else if (isCommit(content) || isDeletion(content)) this.put({ internal, content })
    }
  }

  /** What has a version, if that was read. */
  at(version: number): Slot | undefined {
    return this.slots.get(version)
  }

  /**
   * Whether no earlier event has a version: what has it is there, and what came before that. The pages that follow are of earlier events,
   * and a writer that was stopped may have written a version that its successor wrote too.
   */
  isSettled(version: number): boolean {
    const [slot, before] = [this.slots.get(version), this.slots.get(version - 1)]
    return slot !== undefined && before !== undefined && before.internal < slot.internal
  }

  /** What has the highest version. */
  get latest(): Slot | undefined {
    return this.slots.get(this.highest)
  }

  /** Whether the latest is surely what has the highest version. */
  get isLatestSettled(): boolean {
    return this.isSettled(this.highest)
  }

  /** The latest as the fence sees it. */
  get head(): Latest | undefined {
    const head = this.latest?.content.head
    if (head === undefined) return undefined
    return { version: head.version, runId: head.kind === "commit" ? (head.run as RunId) : undefined }
  }

  /** The latest commit; none when the execution is deleted, or there is none. */
  get live(): Content<CommitHead> | undefined {
    const content = this.latest?.content
    return content !== undefined && isCommit(content) ? content : undefined
  }

  /** The ids of the commits that were read, by version. */
  get ids(): ReadonlyMap<number, string> {
    const ids = new Map<number, string>()
    for (const [version, { content }] of this.slots)
      if (content.head.kind === "commit") ids.set(version, content.head.commit)
    return ids
  }

  /** The version with which the history begins; 1 when nothing of it was removed, and the next one when all was. */
  get from(): number {
    const { head } = this.latest?.content ?? {}
    if (head?.kind === "deletion") return head.version + 1
    return Math.max(head?.from ?? 1, ...this.current.map(({ from }) => from))
  }

  /** What is left of removed commits. */
  get remains(): Remains | undefined {
    const slot = this.latest
    const { head } = slot?.content ?? {}
    if (head?.kind === "deletion") return { ...head.remains, at: timeOf(slot!.internal) }
    return this.current.reduce((last, { remains }) => merged(last, remains), head?.remains)
  }

  /** The request that a removal answers, if one was read. */
  hasAnswered(request: string): boolean {
    const isOfDeletion = ({ content: { head } }: Slot) => head.kind === "deletion" && head.request === request
    return this.removals.some((head) => head.request === request) || [...this.slots.values()].some(isOfDeletion)
  }

  /** The removals that the latest commit does not know of. */
  private get current(): ReadonlyArray<RemovalHead> {
    return this.removals.filter(({ version }) => version === this.highest)
  }

  private put(slot: Slot): void {
    const { version } = slot.content.head
    const known = this.slots.get(version)
    if (known === undefined || slot.internal < known.internal) this.slots.set(version, slot)
    this.highest = Math.max(this.highest, version)
  }
}

/** What is left of two removals: all that the earlier one said and the later does not. */
export const merged = (earlier: Remains | undefined, later: Remains): Remains => ({
  version: Math.max(earlier?.version ?? 0, later.version) as Remains["version"],
  seen: { ...earlier?.seen, ...later.seen },
  at: later.at ?? earlier?.at
})
