/** Commits, and the small programs around them, from which the tests of stores are made. */
import { randomUUID } from "node:crypto"
import { Duration, Effect, type Exit, Option, Schedule } from "effect"
import { HistoryEvent } from "perdure/HistoryEvent"
import { RunId, Sequence, Version, WorkerId, WorkflowId } from "perdure/Ids"
import type { Commit, ExecutionSummary, StoreError, StoreErrorReason, WorkflowStore } from "perdure/Store/WorkflowStore"

export type Store = WorkflowStore["Service"]

/** 2023-11-14T22:13:20Z: when executions of tests start unless told. */
export const epoch = 1_700_000_000_000

/** An id that nobody else uses, also in a store that outlives the test. */
export const freshId = (label = "execution"): WorkflowId => WorkflowId.make(`${label} ${randomUUID()}`)

export const freshRun = (): RunId => RunId.make(randomUUID())
export const freshWorker = (label = "worker"): WorkerId => WorkerId.make(`${label} ${randomUUID()}`)

type Events = Commit["events"]

/** The workers that live, by their ids. */
export const living = (store: Store) => Effect.map(store.workers, ({ living }) => living.map(({ id }) => id))

/** What a worker is told of a store with nothing to look for, and of one where all that is there is in good hands. */
export const nothingToLookFor = Effect.fnUntraced(function* (store: Store) {
  const [worker, other] = [freshWorker(), freshWorker("other")]
  const asks = Effect.map(
    store.heartbeat({ id: worker }, Duration.minutes(1), { wakeBefore: 1000 }),
    (told) => told && [told.orphans, told.blocked, told.due]
  )
  const empty = yield* asks
  yield* store.heartbeat({ id: other }, Duration.minutes(1))
  for (const summary of [
    { owner: worker },
    { owner: other, wakeAt: 1000 },
    { status: "completed", closedAt: 1, owner: freshWorker("gone") },
    { status: "failed", closedAt: 1 }
  ] as const) {
    yield* store.save(start(freshId(), { summary }))
  }
  return [empty, yield* asks] as const
})

/** What may differ from an ordinary commit. */
export interface Changes {
  readonly id?: string
  readonly runId?: RunId
  readonly events?: Events
  readonly summary?: Partial<ExecutionSummary>
}

/** The commit that begins an execution. */
export const start = (workflowId: WorkflowId, changes: Changes = {}): Commit => {
  const runId = changes.runId ?? freshRun()
  const at = changes.summary?.startedAt ?? epoch
  const workflow = changes.summary?.workflow ?? "Order"
  return commit(
    {
      workflowId,
      runId,
      workflow,
      status: "running",
      version: Version.make(1),
      firstVersion: Version.make(1),
      startedAt: at,
      updatedAt: at,
      waitingFor: [{ _tag: "Activity", seq: Sequence.make(0), name: "Charge", attempt: 1 }],
      attributes: {}
    },
    [
      HistoryEvent.cases.ExecutionStarted.make({ at, workflow, workflowId, runId, input: { cents: 1 } }),
      HistoryEvent.cases.ActivityScheduled.make({
        at,
        seq: Sequence.make(0),
        name: "Charge",
        input: { cents: 1 },
        digest: 7
      })
    ],
    changes
  )
}

/** The commit that follows the one with this summary. */
export const after = (summary: ExecutionSummary, changes: Changes = {}): Commit => {
  const version = Version.make(summary.version + 1)
  return commit({ ...summary, version, updatedAt: summary.updatedAt + 1 }, [signal(`version ${version}`)], changes)
}

/** The commit that ends the run with this summary. */
export const finish = (summary: ExecutionSummary, changes: Changes = {}): Commit => {
  const at = summary.updatedAt + 1
  const ending = { status: "completed", closedAt: at, waitingFor: [], ...changes.summary } as const
  const events: Events = [HistoryEvent.cases.ExecutionCompleted.make({ at, value: "done" })]
  return after(summary, { events, ...changes, summary: ending })
}

/** The commit that begins another run of the id with this summary. */
export const restart = (summary: ExecutionSummary, changes: Changes = {}): Commit => {
  const version = Version.make(summary.version + 1)
  const first = start(summary.workflowId, changes)
  return { ...first, version, summary: { ...first.summary, version, firstVersion: version, ...changes.summary } }
}

/** The commit that begins a run after the deletion of all that ended with this summary: the deletion takes a version, too. */
export const startAgain = (summary: ExecutionSummary, changes: Changes = {}): Commit =>
  restart({ ...summary, version: Version.make(summary.version + 1) }, changes)

/** Deletes an execution as it is now; whether there was one. */
export const remove = Effect.fnUntraced(function* (store: Store, workflowId: WorkflowId) {
  const summary = yield* store.summary(workflowId)
  return Option.isSome(summary) && (yield* store.delete(workflowId, { version: summary.value.version }))
})

/** A signal that carries a token by which it is known again. */
export const signal = (payload: string): Events[0] =>
  HistoryEvent.cases.SignalReceived.make({ at: epoch, name: "token", payload })

/** The payloads of all signals of some commits, in order. */
export const tokens = (commits: ReadonlyArray<{ readonly events: ReadonlyArray<HistoryEvent> }>) =>
  commits.flatMap(({ events }) => events.flatMap((event) => (event._tag === "SignalReceived" ? [event.payload] : [])))

/** The tag of the reason with which an effect fails; `undefined` when it succeeds. */
export const reasonOf = <A>(self: Effect.Effect<A, StoreError>) =>
  Effect.match(self, { onSuccess: () => undefined, onFailure: (error) => error.reason._tag })

/** The tags of the reasons of a group; `undefined` for each that was saved. */
export const reasonsOf = (exits: ReadonlyArray<Exit.Exit<void, StoreErrorReason>>) =>
  Effect.forEach(exits, (exit) =>
    Effect.match(
      Effect.suspend(() => exit),
      { onFailure: ({ _tag }) => _tag, onSuccess: () => undefined }
    )
  )

/** Reads an execution that must be there. */
export const loaded = (store: Store, workflowId: WorkflowId, after?: number) =>
  Effect.flatMap(
    store.load(workflowId, after === undefined ? {} : { after: Version.make(after) }),
    Option.match({
      onNone: () => Effect.die(new Error(`there is no execution ${JSON.stringify(workflowId)}`)),
      onSome: Effect.succeed
    })
  )

/**
 * Appends a token to an execution until it is there: reads, tries the next version, and after losing a race tries again.
 * A commit whose fate is unknown is saved again as it is.
 */
export const appendToken = Effect.fnUntraced(function* (store: Store, workflowId: WorkflowId, token: string) {
  return yield* Effect.gen(function* () {
    // After the last version: only the summary is of use, and far away histories take time that lets others starve.
    const { summary } = yield* loaded(store, workflowId, Number.MAX_SAFE_INTEGER)
    yield* save(store, after(summary, { events: [signal(token)] }))
  }).pipe(Effect.retry({ while: (error) => error.reason._tag === "Conflict", schedule: again }))
})

/** Saves a commit, again while the store does not answer. */
export const save = (store: Store, commit: Commit) =>
  Effect.retry(store.save(commit), { while: (error) => error.reason._tag === "Unavailable", schedule: again })

/** Saves commits in groups and fails unless all are stored. */
export const saveAll = (store: Store, commits: ReadonlyArray<Commit>, groupSize = 500) =>
  Effect.forEach(
    Array.from({ length: Math.ceil(commits.length / groupSize) }, (_, index) => index * groupSize),
    (from) =>
      Effect.flatMap(store.saveAll(commits.slice(from, from + groupSize)), (exits) =>
        Effect.forEach(exits, (exit) => exit, { discard: true })
      ),
    { discard: true }
  )

// internal

// The pause stays short, or whoever lost often while the others were fast would wait them out and then run out of time.
const again = Schedule.min([Schedule.exponential("1 millis", 1.3), Schedule.spaced("200 millis")]).pipe(
  Schedule.jittered,
  Schedule.upTo({ duration: "60 seconds" })
)

const commit = (summary: ExecutionSummary, events: Events, changes: Changes): Commit => {
  const runId = changes.runId ?? summary.runId
  return {
    id: changes.id ?? randomUUID(),
    workflowId: summary.workflowId,
    runId,
    version: summary.version,
    events: changes.events ?? events,
    summary: { ...summary, runId, ...changes.summary }
  }
}
