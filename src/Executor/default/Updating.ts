/**
 * Asks executions for updates: one of this worker at once, and one that runs elsewhere by a commit that its worker sees. An id is
 * answered once, so what the history says of it comes before anything else.
 *
 * | the execution, by its store             | the id is new           | the id is known                      |
 * | --------------------------------------- | ----------------------- | ------------------------------------ |
 * | runs                                    | the request is appended | its answer, or it is waited for      |
 * | is blocked                              | `Blocked`               | its answer, or `Blocked`             |
 * | is finished                             | `Finished`              | its answer, or `Finished`            |
 * | was started again since the handle was made | `Restarted`         | its answer, or `Restarted`           |
 * | any, for another name or input          |                         | `UpdateIdInUse`                      |
 */
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import type { EventOf, UpdateExit } from "../../HistoryEvent.ts"
import { type Ref, type RunId, Version, type WorkflowId } from "../../Ids.ts"
import { chainMeant } from "../../internal/core/continued.ts"
import { equalJson } from "../../internal/core/json.ts"
import { requestedBy } from "../../internal/core/told.ts"
import { from, type Standing, standingOf } from "../../internal/core/updates.ts"
import type { Unrecorded } from "../../internal/replay/Told.ts"
import { refused } from "../../internal/store/failure.ts"
import { patiently } from "../../internal/store/patiently.ts"
import { isBetweenRuns } from "../../internal/store/summary.ts"
import type { Message, UpdateAnswer } from "../../Message.ts"
import type { ExecutionSummary, StoredExecution, StoreError } from "../../Store/WorkflowStore.ts"
import {
  AnswerDeleted,
  Blocked,
  Finished,
  NotFound,
  UpdateIdInUse,
  type WorkflowErrorReason
} from "../../WorkflowError.ts"
import { isFinal } from "../../WorkflowState.ts"
import { type Answers, problemIn, waiting } from "./Answers.ts"
import { commitOf, retryRaces } from "./append.ts"
import type { Appender } from "./Appender.ts"
import { eventsOfChain } from "./chains.ts"
import { isElsewhere, type Refusal } from "./Mail.ts"
import { summaryOf } from "./nextRun.ts"

/** An update to an execution. */
export interface Asked {
  readonly ref: Ref
  readonly update: Update
  /** Whether a request may be in the history although its id was made for it. */
  readonly mayBeKnown?: true
}

type Update = Extract<Message, { readonly _tag: "Update" }>
type Failure = WorkflowErrorReason | StoreError

/** Asks an execution of this worker. `"Elsewhere"`: the history must be asked, or another worker. */
export const askHere = (
  answers: Answers,
  execution: { readonly workflowId: WorkflowId; readonly chain: RunId; readonly version: number },
  update: Update,
  ask: (noted: (unrecorded: Unrecorded | undefined) => void) => Effect.Effect<Refusal | undefined>
): Effect.Effect<UpdateAnswer | "Elsewhere", Failure> => {
  const { chain, version, workflowId } = execution
  const caller = waiting({ workflowId, chain, update, since: version as Version, accepted: false })
  const note: { unrecorded?: Unrecorded | undefined } = {}
  const asked = Effect.flatMap(
    ask((unrecorded) => void (note.unrecorded = unrecorded)),
    (refusal): Effect.Effect<UpdateAnswer | "Elsewhere", WorkflowErrorReason> => {
      if (refusal !== undefined) return isElsewhere(refusal) ? Effect.succeed("Elsewhere") : Effect.fail(refusal)
      const { unrecorded } = note
      switch (unrecorded?._tag) {
        case "Refused":
          return Effect.succeed({ runId: chain, accepted: false, exit: unrecorded.exit })
        case "Stopped":
          return Effect.fail(new Blocked({ problem: unrecorded.problem }))
        case "Known": {
          const { standing } = unrecorded
          if (standing === "answered" || standing === "other") return Effect.succeed("Elsewhere")
          caller.accepted = standing === "accepted"
          if (caller.accepted && update.wait === "accepted") return Effect.succeed({ runId: chain, accepted: true })
        }
      }
      return Deferred.await(caller.answer)
    }
  )
  return answers.during(caller, asked)
}

/** Asks an execution by its store. */
export const askElsewhere = (
  appender: Appender,
  answers: Answers,
  asked: Asked,
  answerTimeout: number
): Effect.Effect<UpdateAnswer, Failure> => {
  const { update } = asked
  const attempt = reader(appender, asked)
  return Effect.gen(function* () {
    const { known, stored } = yield* attempt.pipe(patiently(answerTimeout))
    const { summary } = stored
    if (known !== undefined && !isSame(known, update)) return yield* new UpdateIdInUse({ updateId: update.id })
    const { chain = summary.runId, version } = summary
    const runId = chainMeant(summary, asked.ref.runId)
    const { accepted = false, exit } = known ?? {}
    if (exit !== undefined || (accepted && update.wait === "accepted")) return { runId, accepted, exit }
    yield* mayWait(asked.ref, summary)
    const caller = waiting({ workflowId: summary.workflowId, chain, update, since: version, accepted })
    const request = Effect.suspend(() => {
      if (known !== undefined) return Effect.void
      const commit = commitOf(appender, summary, (at) => ({ ...requestedBy(update, at), unread: true }))
      return Effect.map(appender.save(commit).pipe(patiently(answerTimeout)), () => {
        if (commit.version > caller.since) caller.since = commit.version
      })
    })
    const answer = yield* answers.during(caller, Effect.andThen(request, Deferred.await(caller.answer)))
    return { ...answer, runId }
  }).pipe(retryRaces)
}

// internal

/** What a history says of an update. */
interface Known {
  readonly request: EventOf<"UpdateRequested">
  readonly accepted: boolean
  readonly exit: UpdateExit | undefined
}

/** Before all runs. */
const all = Version.make(0)

interface Found {
  readonly stored: Pick<StoredExecution, "summary">
  readonly known: Known | undefined
}

/** Reads what is known of an update. After a race that was lost only the commits since are read. */
const reader = (appender: Appender, { mayBeKnown, ref, update }: Asked): Effect.Effect<Found, Failure> => {
  const { store } = appender
  const workflowId = ref.workflowId as WorkflowId
  let after: Version | undefined
  const found = Option.match({ onNone: () => Effect.fail(new NotFound()), onSome: Effect.succeed<StoredExecution> })
  const load = (from: Version | undefined) => Effect.flatMap(store.load(workflowId, { after: from }), found)
  const read: Effect.Effect<Found, Failure> = Effect.gen(function* () {
    // The next run of one that continues as new is there then.
    const summary = yield* summaryOf(appender, workflowId)
    if (summary._tag === "None") return yield* new NotFound()
    if (update.isNew === true && mayBeKnown !== true) return { stored: { summary: summary.value }, known: undefined }
    const { chain = summary.value.runId } = summary.value
    const isEarlier = after === undefined && chainMeant(summary.value, ref.runId) !== chain
    let stored = yield* load(isEarlier ? all : after)
    let known = knownOf(stored, ref, update.id)
    // The run says of what it knows from the runs before it; the rest of the chain is read only then.
    const standing = known === undefined && !isEarlier ? standingBefore(stored, update) : "unknown"
    if (standing !== "unknown") {
      stored = yield* load(all)
      known = knownOf(stored, ref, update.id)
      if (known === undefined && standing === "other") return yield* new UpdateIdInUse({ updateId: update.id })
      if (known === undefined && standing === "answered") return yield* new AnswerDeleted({ updateId: update.id })
    }
    // It has continued since: what is not known yet is for the next run.
    if (known === undefined && isBetweenRuns(stored.summary)) return yield* read
    after = stored.summary.version
    return { stored, known }
  })
  return read
}

const knownOf = (stored: StoredExecution, ref: Ref, id: string): Known | undefined => {
  const { chain = stored.summary.runId } = stored.summary
  let known: Known | undefined
  for (const event of eventsOfChain(stored, (ref.runId as RunId | undefined) ?? chain)) {
    if (event._tag === "UpdateRequested" && event.id === id) {
      known ??= { request: event, accepted: false, exit: undefined }
    } else if (known !== undefined && event._tag === "UpdateAccepted" && event.id === id) {
      known = { ...known, accepted: true }
    } else if (known !== undefined && event._tag === "UpdateAnswered" && event.id === id) {
      known = { ...known, exit: event.exit }
    }
  }
  return known
}

/** What the latest run knows of an update of the runs before it, which may be deleted. */
const standingBefore = ({ commits, summary }: StoredExecution, update: Update): Standing => {
  const started = commits.find(({ runId }) => runId === summary.runId)?.events[0]
  const continues = started?._tag === "ExecutionStarted" ? started.continues : undefined
  return continues === undefined ? "unknown" : standingOf(from(continues.updates), update)
}

const isSame = ({ request }: Known, { input, name }: Update): boolean =>
  request.name === name && equalJson(request.input, input)

/** Fails when an execution does not answer. */
const mayWait = (ref: Ref, summary: ExecutionSummary): Effect.Effect<void, WorkflowErrorReason> => {
  const refusal = refused(ref, summary)
  if (refusal !== undefined) return Effect.fail(refusal)
  const { status, waitingFor } = summary
  if (isFinal(status)) return Effect.fail(new Finished({ status }))
  const problem = status === "blocked" ? problemIn(waitingFor) : undefined
  return problem === undefined ? Effect.void : Effect.fail(new Blocked({ problem }))
}
