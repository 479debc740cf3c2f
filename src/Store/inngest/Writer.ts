/**
 * Writes executions, in the one process that does.
 *
 * What is written to an execution is written in turn: an event under its name, and once that is shown an entry of the index. An event whose
 * fate is not known is sent again before anything else is written there, so no version is given to two commits.
 */
import * as Effect from "effect/Effect"
import * as Schedule from "effect/Schedule"
import type { RunId, Version } from "../../Ids.ts"
import { admit, type Head as Latest } from "../../internal/store/admit.ts"
import { Conflict, type Corrupt, TooLarge } from "../WorkflowStore.ts"
import { History, merged } from "./History.ts"
import { type Index, isOpen } from "./Index.ts"
import { mostEventBytes } from "./OwnOptions.ts"
import type { Reader } from "./Reader.ts"
import { beganOf, tooLate } from "./retained.ts"
import {
  type CommitHead,
  type Content,
  type DeleteHead,
  encode,
  encodeEntry,
  type Head,
  isCommit,
  type Remains,
  summaryOf
} from "./record.ts"
import { bytesOf, type Event, type Failure, type Row, timeOf } from "./Server.ts"
import type { Shared } from "./Shared.ts"
import { Turns } from "./Turns.ts"

/** Why something was not written. */
export type Reason = Failure | Corrupt | Conflict | TooLarge

/** This process writes no longer. */
export class Deposed {
  readonly _tag = "Deposed"
}

/** Writes the executions of one store. */
export class Writer {
  private readonly shared: Shared
  private readonly reader: Reader
  private readonly index: Index
  private readonly isLeading: () => boolean
  private readonly turns = new Turns()
  /** What is known of executions that were written to lately, the latest last. */
  private held = new Map<string, Held>()

  constructor(shared: Shared, reader: Reader, index: Index, isLeading: () => boolean) {
    this.shared = shared
    this.reader = reader
    this.index = index
    this.isLeading = isLeading
  }

  /** Forgets all that may have changed while another process wrote. */
  reset(): void {
    this.held = new Map()
  }

  /** Writes a commit. */
  save(content: Content<CommitHead>): Effect.Effect<void, Reason | Deposed> {
    const { head } = content
    return this.inTurn(head.id, (held): Effect.Effect<void, Reason | Deposed> => {
      const commit = { id: head.commit, runId: head.run as RunId, version: head.version as Version }
      const asked = { ...commit, summary: { firstVersion: head.first as Version } }
      return Effect.flatMap(this.idAt(head.id, held, head.version), (idAtVersion) => {
        const admission = admit(held.latest, asked, idAtVersion)
        if (admission === "stored") return Effect.void
        if (admission !== "append") return Effect.fail(admission)
        const began = beganOf(head, held)
        const full: Content<CommitHead> = { ...content, head: { ...head, began, ...carried(held) } }
        const late = tooLate(full.head, this.shared.settings.retention)
        if (late !== undefined) return Effect.fail(late)
        const ids = new Map([...held.ids, [head.version, head.commit] as const].slice(-idsKept))
        const latest = { version: head.version, runId: head.run as RunId }
        const after: Held = { ...held, latest, ids, first: head.first, began, from: full.head.from ?? 1 }
        return this.append(head.id, held, full, after)
      })
    })
  }

  /** Writes the entry of the latest commit of an execution, if the writer that came to it was killed before. */
  enterMissed(id: string): Effect.Effect<void, Reason | Deposed> {
    return this.inTurn(id, () => Effect.void)
  }

  /** Deletes an execution, or its older runs; returns whether there was anything to delete. */
  remove({ id, options, request }: DeleteHead): Effect.Effect<boolean, Reason | Deposed> {
    return this.inTurn(id, (held): Effect.Effect<boolean, Reason | Deposed> => {
      const { latest } = held
      if (latest?.runId === undefined) return Effect.succeed(false)
      const { version } = latest
      const seen = options.seen ?? {}
      if ("before" in options) {
        const { before } = options
        if (before > held.first) return Effect.fail(new Conflict({ version: before, latest: version as Version }))
        if (before <= held.from) return Effect.succeed(false)
        const remains = merged(held.remains, { version: before, seen })
        const head: Head = { kind: "removal", id, version, request, from: before, remains }
        return Effect.as(this.append(id, held, { head, ...empty }, { ...held, from: before, remains }), true)
      }
      if (options.version !== version) {
        return Effect.fail(new Conflict({ version: options.version, latest: version as Version }))
      }
      const gone = (version + 1) as Version
      const remains = merged(held.remains, { version: gone, seen, at: this.shared.server.now })
      const head: Head = { kind: "deletion", id, version: gone, request, remains }
      const after: Held = { ...nothing, latest: { version: gone, runId: undefined }, from: gone + 1, remains }
      return Effect.as(this.append(id, held, { head, ...empty }, after), true)
    })
  }

  private inTurn<A>(
    id: string,
    write: (held: Held) => Effect.Effect<A, Reason | Deposed>
  ): Effect.Effect<A, Reason | Deposed> {
    return this.turns.take(
      id,
      Effect.flatMap(this.find(id), (held) =>
        held.pending === undefined
          ? write(held)
          : Effect.flatMap(this.settle(id, held.pending), (after) => write(after))
      )
    )
  }

  /** What is known of an execution, which is read when it is written to for the first time. */
  private find(id: string): Effect.Effect<Held, Reason | Deposed> {
    return Effect.suspend(() => {
      const known = this.held.get(id)
      const { server, settings } = this.shared
      if (known !== undefined && !isForgotten(known, server.now - settings.retention)) return Effect.succeed(known)
      const since = server.now - 2 * settings.visibility
      return Effect.flatMap(Effect.andThen(this.index.loaded, this.reader.latest(id)), (history) => {
        const held = heldOf(history, since)
        const { content } = history.latest ?? {}
        if (content === undefined || this.index.hasEntry(id, content.head.version)) {
          return Effect.succeed(this.keep(id, held))
        }
        // The entry of a commit whose writer may not have come to it.
        const pending: Pending = {
          event: undefined,
          since: held.since,
          entry: this.entryOf(content),
          content,
          after: held
        }
        return Effect.map(this.settle(id, pending), () => held)
      })
    })
  }

  /** The id of the commit that has a version, for one that is asked to be written again. */
  private idAt(id: string, held: Held, version: number): Effect.Effect<string | undefined, Reason> {
    if (version < held.from || version > (held.latest?.version ?? 0)) return Effect.succeed(undefined)
    const known = held.ids.get(version)
    if (known !== undefined) return Effect.succeed(known)
    return Effect.map(
      this.reader.read(id, (history) => history.at(version) !== undefined),
      (history) => {
        const head = history.at(version)?.content.head
        return head?.kind === "commit" ? head.commit : undefined
      }
    )
  }

  private append(id: string, held: Held, content: Content, after: Held): Effect.Effect<void, Reason | Deposed> {
    const { head } = content
    const name = this.shared.names.execution(id)
    const event = { name, id: `${name}/${head.version}/${uniqueOf(head)}`, text: encode(content) }
    const bytes = bytesOf(event)
    if (bytes > mostEventBytes) return Effect.fail(new TooLarge({ bytes, limit: mostEventBytes }))
    const entry = head.kind === "removal" ? undefined : this.entryOf(content)
    const pending: Pending = { event, since: held.since, entry, content, after }
    return Effect.suspend(() => {
      this.keep(id, { ...held, pending })
      return Effect.asVoid(this.settle(id, pending))
    })
  }

  /** Sends what is to be written until it is shown, and what follows from it. */
  private settle(id: string, pending: Pending): Effect.Effect<Held, Reason | Deposed> {
    const { entry, event } = pending
    return Effect.gen({ self: this }, function* () {
      if (!this.isLeading()) return yield* Effect.fail(new Deposed())
      const { isLeading: mayStill } = this
      const rows =
        event === undefined ? [] : yield* this.shared.sight.publish([event], { mayStill, since: pending.since })
      // Another process may have written meanwhile: then what the server has decides.
      if (!this.isLeading()) return yield* Effect.fail(new Deposed())
      if (isOvertaken(id, pending, rows)) {
        this.held.delete(id)
        const version = pending.content.head.version as Version
        return yield* Effect.fail(new Conflict({ version, latest: version }))
      }
      const after = { ...pending.after, since: laterThan(rows) ?? pending.after.since }
      if (entry !== undefined) {
        this.keep(id, { ...after, pending: { ...pending, event: undefined, after } })
        yield* this.enter(entry, pending)
      }
      return this.keep(id, after)
    })
  }

  /**
   * Writes the entry of what is shown. Of an execution that is open, and is listed as that, a lost entry does no harm, since its next
   * owner reads it. Any other is waited for: it is what leads to a run that begins, or from one that has ended.
   */
  private enter(entry: Event, { content }: Pending): Effect.Effect<void, Failure> {
    const { head } = content
    const summary = isCommit(content) ? summaryOf(content) : undefined
    const published = Effect.asVoid(this.shared.sight.publish([entry], { mayStill: this.isLeading }))
    const noted = Effect.sync(() => this.index.note(head, summary))
    if (!isOpen(summary) || !this.index.isListedOpen(head.id)) return Effect.andThen(published, noted)
    const shown = Effect.retry(published, { schedule: again, while: () => this.isLeading() })
    return Effect.andThen(Effect.forkIn(Effect.ignore(shown), this.shared.scope, { startImmediately: true }), noted)
  }

  private entryOf(content: Content): Event {
    const { names } = this.shared
    return {
      name: names.index,
      id: `${names.index}/${content.head.id}/${content.head.version}`,
      text: encodeEntry(content)
    }
  }

  private keep(id: string, held: Held): Held {
    this.held.delete(id)
    this.held.set(id, held)
    if (this.held.size > heldAtMost) {
      for (const [oldest, { pending }] of this.held) {
        if (pending !== undefined) continue
        this.held.delete(oldest)
        break
      }
    }
    return held
  }
}

// internal

/** How many executions a writer knows by heart, and how many commits of each. */
const heldAtMost = 10_000
const idsKept = 32

/** The pauses before an entry is sent again of which the server did not say that it has it. */
const again = Schedule.min([Schedule.exponential("100 millis", 2), Schedule.spaced("5 seconds")])

const empty = { summary: "", events: "" }

/** What is known of an execution. */
interface Held {
  readonly latest: Latest | undefined
  /** The version with which the current run begins. */
  readonly first: number
  readonly began: number
  /** The version with which the history begins. */
  readonly from: number
  readonly remains: Remains | undefined
  /** When the latest was received or, of one that was read, when it was; by the clock of the server. */
  readonly since: number
  /** The ids of the latest commits, by version. */
  readonly ids: ReadonlyMap<number, string>
  /** What was sent, and of which is not known whether it is stored. */
  readonly pending: Pending | undefined
}

interface Pending {
  readonly event: Event | undefined
  /** From when on another process may have written the same version, which stopped being the one that writes. */
  readonly since: number
  readonly entry: Event | undefined
  readonly content: Content
  readonly after: Held
}

const nothing: Held = {
  latest: undefined,
  first: 0,
  began: 0,
  from: 1,
  remains: undefined,
  since: 0,
  ids: new Map(),
  pending: undefined
}

const heldOf = (history: History, since: number): Held => ({
  since,
  latest: history.head,
  first: history.live?.head.first ?? 0,
  began: history.live?.head.began ?? 0,
  from: history.from,
  remains: history.remains,
  ids: history.ids,
  pending: undefined
})

/** Whether the latest of an execution is a deletion from before a time, which the server has forgotten. */
const isForgotten = ({ latest, pending, remains }: Held, before: number): boolean =>
  latest !== undefined && latest.runId === undefined && pending === undefined && (remains?.at ?? before) < before

/** Whether the server received the same version before, from a process that was stopped while it wrote, and shows that. */
const isOvertaken = (id: string, { content: { head } }: Pending, rows: ReadonlyArray<Row>): boolean => {
  if (head.kind === "removal" || rows.length < 2) return false
  const history = new History(id)
  history.add(rows)
  const first = history.at(head.version)?.content.head
  return first !== undefined && uniqueOf(first) !== uniqueOf(head)
}

/** The time after which the server received all but some events. */
const laterThan = (rows: ReadonlyArray<Row>): number | undefined =>
  rows.length === 0 ? undefined : 1 + Math.max(...rows.map(({ internal }) => timeOf(internal)))

const uniqueOf = (head: Head): string => (head.kind === "commit" ? head.commit : head.request)

/** What each commit repeats, so that the latest one says all. */
const carried = ({ from, remains }: Held): Pick<CommitHead, "from" | "remains"> => ({
  ...(from > 1 ? { from } : {}),
  ...(remains === undefined ? {} : { remains })
})
