/**
 * Appends one commit.
 *
 * What the fold has decides where the commit goes, and the log decides whether it counts. A record that lost its place is told so when
 * it is folded; after a failure the log says what became of it, and what is not there is sent again under another key.
 */
import * as Effect from "effect/Effect"
import { type Admission, admit } from "../../internal/store/admit.ts"
import { encodeEvents } from "../../internal/store/codec.ts"
import { refusedText } from "../../internal/store/commitSize.ts"
import type { RunId } from "../../Ids.ts"
import { type Commit, Conflict, type TooLarge } from "../WorkflowStore.ts"
import type { Failure } from "./Client.ts"
import type { Head } from "./head.ts"
import type { Partition } from "./Partition.ts"
import { graveOf } from "./read.ts"
import { encode, factOf } from "./record.ts"
import { inTime, type Topic, undecided } from "./Topic.ts"

/** Why a commit was not stored, or may not have been. */
export type Reason = Conflict | TooLarge | Failure

/** Appends a commit of at most `limit` bytes of events. */
export const save = (topic: Topic, commit: Commit, limit: number): Effect.Effect<void, Reason> =>
  Effect.suspend(() => {
    const events = encodeEvents(commit.events)
    const refused = refusedText(events, limit)
    if (refused !== undefined) return Effect.fail(refused)
    const partition = topic.of(commit.workflowId)
    return inTime(topic, attempt({ topic, partition, commit, events }, 1))
  })

// internal

// How often a commit is sent whose fate is not known.
const mostUnknown = 3

interface Writing {
  readonly topic: Topic
  readonly partition: Partition
  readonly commit: Commit
  readonly events: string
}

const attempt = (writing: Writing, count: number): Effect.Effect<void, Reason> =>
  Effect.flatMap(writing.topic.log.refreshed(writing.partition), () => {
    const admission = admissionOf(writing)
    if (admission === "append") return append(writing, count)
    if (admission === "stored") return Effect.void
    // A version that another commit has is taken, however much came after it.
    if (isTaken(writing)) return Effect.fail(new Conflict({ version: writing.commit.version }))
    return Effect.andThen(writing.topic.log.caughtUp(writing.partition), consult(writing, count))
  })

/** Decides by a fold that has all that was acknowledged. */
const consult = (writing: Writing, count: number): Effect.Effect<void, Reason> =>
  Effect.suspend(() => {
    const admission = admissionOf(writing)
    if (admission === "append") return append(writing, count)
    return admission === "stored" ? Effect.void : Effect.fail(admission)
  })

const admissionOf = ({ commit, partition }: Writing): Admission => {
  const commits = partition.fold.executions.get(commit.workflowId)?.commits
  const last = commits?.at(-1)
  if (commits !== undefined && last !== undefined) {
    return admit({ version: last.v, runId: last.run as RunId }, commit, commits[commit.version - commits[0]!.v]?.c)
  }
  const grave = graveOf(partition, commit.workflowId)
  return admit(grave && { version: grave.record.version, runId: undefined }, commit, undefined)
}

const isTaken = ({ commit, partition }: Writing): boolean => {
  const commits = partition.fold.executions.get(commit.workflowId)?.commits
  return commits !== undefined && commits[commit.version - commits[0]!.v] !== undefined
}

const append = (writing: Writing, count: number): Effect.Effect<void, Reason> => {
  const { commit, events, partition, topic } = writing
  const head = headOf(writing)
  const sent = topic.log.send(partition, {
    key: topic.key(),
    value: encode(head, JSON.stringify(commit.summary), events),
    content: { _tag: "Folded", head, body: { summary: commit.summary, events } }
  })
  return Effect.flatMap(sent, (verdict): Effect.Effect<void, Reason> => {
    if (verdict === "counted") return Effect.void
    topic.tidySoon()
    if (verdict === "lost") return attempt(writing, count)
    return count === mostUnknown ? Effect.fail(undecided(verdict)) : attempt(writing, count + 1)
  })
}

const headOf = ({ commit, partition: { fold } }: Writing): Head => {
  const last = fold.executions.get(commit.workflowId)?.commits.at(-1)
  const place = last === undefined ? { after: fold.graves.get(commit.workflowId)?.offset ?? -1 } : { prev: last.offset }
  return { k: "c", id: commit.workflowId, seen: fold.position, ...place, ...factOf(commit) }
}
