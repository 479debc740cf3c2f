/**
 * How a process writes that is not the one that does: it sends what it wants, and looks for it under the name of the execution.
 */
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import { randomUUID } from "node:crypto"
import type { RunId, Version } from "../../Ids.ts"
import { liveClock } from "../../internal/liveClock.ts"
import { admit } from "../../internal/store/admit.ts"
import { Conflict, type Unsupported } from "../WorkflowStore.ts"
import type { History } from "./History.ts"
import type { Index } from "./Index.ts"
import type { Leader } from "./Leader.ts"
import { headRows, type Reader } from "./Reader.ts"
import { type CommitHead, type Content, type DeleteHead, encode } from "./record.ts"
import { beganOf, tooLate } from "./retained.ts"
import { unavailable } from "./Server.ts"
import type { Shared } from "./Shared.ts"
import { Deposed, type Reason } from "./Writer.ts"

/** Asks the process that writes. */
export class Requests {
  private readonly shared: Shared
  private readonly reader: Reader
  private readonly index: Index
  private readonly leader: Leader

  constructor(shared: Shared, reader: Reader, index: Index, leader: Leader) {
    this.shared = shared
    this.reader = reader
    this.index = index
    this.leader = leader
  }

  /** Asks for a commit; waits for its entry in the index too, if the list must have it. */
  save(content: Content<CommitHead>, isListed: boolean): Effect.Effect<void, Reason | Deposed> {
    const { head } = content
    const read = this.reader.read(
      head.id,
      (history) => history.isSettled(Math.min(head.version, history.head?.version ?? 0)),
      headRows
    )
    const { retention } = this.shared.settings
    const stored = this.ask(head.id, encode(content), read, (history) => judge(history, head, retention))
    return isListed ? Effect.andThen(stored, this.entered(head)) : stored
  }

  /** Asks for a deletion; returns whether there was anything to delete. */
  remove(head: DeleteHead): Effect.Effect<boolean, Reason | Deposed> {
    const text = encode({ head, summary: "", events: "" })
    return this.ask(head.id, text, this.reader.latest(head.id), (history) => judgeRemoval(history, head))
  }

  private ask<A>(
    id: string,
    text: string,
    read: Effect.Effect<History, Reason>,
    judge: (history: History) => Verdict<A>
  ): Effect.Effect<A, Reason | Deposed> {
    const { names, server } = this.shared
    return Effect.gen({ self: this }, function* () {
      const until = this.deadline
      const request = { name: names.inbox, id: `${names.inbox}/${id}/${randomUUID()}`, text }
      for (let isSent = false; ; isSent = true) {
        const verdict = judge(yield* read)
        if (verdict !== undefined) return yield* verdict
        if (isSent && (yield* this.leader.role) === "leading") return yield* Effect.fail(new Deposed())
        if (performance.now() >= until) return yield* unavailable("no process has written it: is a worker there?")
        if (!isSent) yield* server.send([request])
        yield* this.pause
      }
    })
  }

  private entered({ id, version }: CommitHead): Effect.Effect<void, Reason> {
    return Effect.gen({ self: this }, function* () {
      const until = this.deadline
      for (;;) {
        yield* this.index.caughtUp
        if (this.index.versionOf(id) >= version) return
        if (performance.now() >= until)
          return yield* unavailable("it is stored, and its entry in the index is not shown")
        yield* this.pause
      }
    })
  }

  private get deadline(): number {
    return performance.now() + this.shared.settings.timeout
  }

  private get pause(): Effect.Effect<void> {
    return liveClock.sleep(Duration.millis(Math.min(mostPause, this.shared.settings.lookEvery)))
  }
}

// internal

/** What became of a request; `undefined` while that is open. */
type Verdict<A> = Effect.Effect<A, Conflict | Unsupported> | undefined

const mostPause = 50

const judge = (history: History, head: CommitHead, retention: number): Verdict<void> => {
  const commit = { id: head.commit, runId: head.run as RunId, version: head.version as Version }
  const slot = history.at(head.version)?.content.head
  const idAtVersion = slot?.kind === "commit" && head.version >= history.from ? slot.commit : undefined
  const admission = admit(history.head, { ...commit, summary: { firstVersion: head.first as Version } }, idAtVersion)
  if (admission === "append") {
    const late = tooLate({ ...head, began: beganOf(head, history.live?.head) }, retention)
    return late === undefined ? undefined : Effect.fail(late)
  }
  return admission === "stored" ? Effect.void : Effect.fail(admission)
}

const judgeRemoval = (history: History, { options, request }: DeleteHead): Verdict<boolean> => {
  if (history.hasAnswered(request)) return Effect.succeed(true)
  const { head } = history.live ?? {}
  if (head === undefined) return Effect.succeed(false)
  const latest = head.version as Version
  if ("version" in options) {
    return options.version === latest ? undefined : Effect.fail(new Conflict({ version: options.version, latest }))
  }
  if (options.before > head.first) return Effect.fail(new Conflict({ version: options.before, latest }))
  return options.before <= history.from ? Effect.succeed(false) : undefined
}
