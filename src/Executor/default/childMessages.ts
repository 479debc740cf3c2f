/**
 * Delivers what parents and children tell each other beside signals and cancels: the start of a child, its termination, and its
 * end. None of it is looked for in the history of the receiver: the run of a child follows from its start, a run is terminated
 * once, and the fold knows a second end.
 */
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import type { ClosingEvent, MessageOutcome, OutgoingMessage } from "../../HistoryEvent.ts"
import { type RunId, Version, type WorkflowId } from "../../Ids.ts"
import type { ExecutionSummary, StoreError, TooLarge } from "../../Store/WorkflowStore.ts"
import { PayloadTooLarge } from "../../WorkflowError.ts"
import { isFinal } from "../../WorkflowState.ts"
import type { Appender } from "./Appender.ts"
import { commitOf, type Delivered, type Sender, terminationOf } from "./append.ts"
import { summaryOf } from "./nextRun.ts"
import { firstCommit, startedEvent } from "./started.ts"

/** A child to be started. */
interface Start {
  readonly to: WorkflowId
  readonly message: Extract<OutgoingMessage, { readonly _tag: "Start" }>
  readonly run: RunId
  /** The version of the id after which it is started. */
  readonly after: Version
}

/**
 * Starts a child where nothing has happened to its id since its parent looked.
 *
 * | id                                                  | outcome                  |
 * | --------------------------------------------------- | ------------------------ |
 * | has the run, or had it                              | delivered                |
 * | is at another version                               | refused: `AlreadyExists` |
 * | is at the version                                   | started                  |
 */
export const start = (
  appender: Appender,
  sender: Sender,
  { after, message, run, to }: Start
): Effect.Effect<Delivered, StoreError> =>
  Effect.gen(function* () {
    const { commitId, store } = appender
    const summary = Option.getOrUndefined(yield* store.summary(to))
    if (summary?.runId === run || summary?.chain === run) return { outcome: delivered }
    const deletion = summary === undefined ? Option.getOrUndefined(yield* store.deletion(to)) : undefined
    const version = summary?.version ?? deletion?.version ?? Version.make(0)
    if (version !== after) {
      const later = yield* store.load(to, { after })
      const had = Option.exists(later, ({ commits }) =>
        commits.some(({ events }) => events.some((event) => event._tag === "ExecutionStarted" && event.runId === run))
      )
      return { outcome: had ? delivered : taken(summary) }
    }
    const { chain, trace, workflowId } = sender
    const parent = { workflowId, chain }
    const { root = parent } = sender
    const event = startedEvent({ ...message, trace }, appender, { workflowId: to, runId: run, parent, root })
    const first = Version.make(after + 1)
    yield* appender.save(firstCommit(commitId(), event, first))
    return { outcome: delivered, version: first }
  })

/** Terminates a run that has not ended. */
export const terminate = (
  appender: Appender,
  workflowId: WorkflowId,
  chain: RunId,
  reason: string
): Effect.Effect<Delivered, StoreError> =>
  Effect.gen(function* () {
    const found = yield* currentOf(appender, workflowId, chain)
    if ("_tag" in found) return { outcome: found }
    if (isFinal(found.status)) return { outcome: delivered }
    const { commit, known } = yield* terminationOf(appender, found, reason)
    return yield* Effect.as(appender.save(commit, known), { outcome: delivered, version: commit.version })
  })

/** Tells a parent of the end of its child. */
export const tellParent = (
  appender: Appender,
  child: Sender,
  { chain, closing, to }: { readonly to: WorkflowId; readonly chain: RunId; readonly closing: ClosingEvent }
): Effect.Effect<Delivered, StoreError> =>
  Effect.gen(function* () {
    const found = yield* currentOf(appender, to, chain)
    if ("_tag" in found) return { outcome: found }
    const { status } = found
    if (isFinal(status)) return { outcome: { _tag: "Refused", reason: "Finished", status } as const }
    const { chain: from, workflowId } = child
    const ended = { _tag: "ChildEnded", workflowId, from, closing } as const
    // Several ends become one commit there, and take part in no race.
    if (yield* appender.tellHere?.(to, chain, ended) ?? notHere) return { outcome: delivered }
    const save = (closing: ClosingEvent) => {
      const commit = commitOf(appender, found, (at) => ({ ...ended, at, closing, unread: true }))
      return Effect.as(appender.save(commit), { outcome: delivered, version: commit.version })
    }
    return yield* Effect.catch(save(closing), (error) =>
      error.reason._tag === "TooLarge" ? save(tooLarge(closing, error.reason)) : Effect.fail(error)
    )
  })

// internal

const delivered: MessageOutcome = { _tag: "Delivered" }

/** Why a child is not started whose id is in use, or was. */
const taken = (by: ExecutionSummary | undefined): MessageOutcome => {
  const refused = { _tag: "Refused", reason: "AlreadyExists", status: by?.status ?? "terminated" } as const
  return by === undefined ? refused : { ...refused, runId: by.chain ?? by.runId }
}

const notHere = Effect.succeed(false)

/** The execution of a chain, or why a message to it is refused. */
const currentOf = (appender: Appender, workflowId: WorkflowId, chain: RunId) =>
  Effect.map(summaryOf(appender, workflowId), (found): ExecutionSummary | Refused => {
    if (found._tag === "None") return { _tag: "Refused", reason: "NotFound" }
    const { chain: current = found.value.runId } = found.value
    return current === chain ? found.value : { _tag: "Refused", reason: "Restarted", runId: current }
  })

type Refused = Extract<MessageOutcome, { readonly _tag: "Refused" }>

/** How a child has ended for its parent, which cannot hold its result: the parent must not wait for ever. */
const tooLarge = ({ at }: ClosingEvent, { bytes, limit }: TooLarge): ClosingEvent => {
  const { message, name } = new PayloadTooLarge({ of: "the result of the child", bytes, limit })
  return { _tag: "ExecutionFailed", at, failure: { _tag: "Die", defect: { name, message } } }
}
