/**
 * A store, and transactions of it, whose payloads are encrypted. What it promises stays as it is, but for how large a commit may be.
 */
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Option from "effect/Option"
import * as Result from "effect/Result"
import { refusedEvents } from "../../internal/store/commitSize.ts"
import type { Transaction, Transactions } from "../../Store/Transactions.ts"
import {
  type Commit,
  type ExecutionSummary,
  type Page,
  type StoredCommit,
  type StoredExecution,
  StoreError,
  type StoreErrorReason,
  Unsupported,
  type UnreadableExecution,
  type WorkflowFilter,
  type WorkflowStore
} from "../../Store/WorkflowStore.ts"
import type { Undecryptable } from "../../WorkflowErrorReason.ts"
import * as Sealing from "./Sealing.ts"

type Store = WorkflowStore["Service"]

/**
 * How many bytes a commit may have before it is encrypted, in a store that takes so many: encrypted it has at most half as many again, and a
 * key id, a nonce and copies of attributes.
 */
const maxCommitBytesOf = (ofStore: number): number => Math.floor((ofStore - 65_536) / 1.5)

/** Encrypts what a store is given and decrypts what it returns. An operation that is forgotten here does not compile. */
export const sealedStore = (store: Store, settings: Sealing.Settings): Store => {
  const maxCommitBytes = maxCommitBytesOf(store.guarantees.maxCommitBytes)
  const reading = readingOf(store, settings)
  return {
    ...reading,
    save: (commit) => saving(commit, maxCommitBytes, () => store.save(Sealing.sealCommit(settings, commit))),
    saveAll: (commits) =>
      Effect.suspend(() => {
        const refused = commits.map(({ events }) => refusedEvents(events, maxCommitBytes))
        const fitting = commits.filter((_, index) => refused[index] === undefined)
        const saved = store.saveAll(fitting.map((commit) => Sealing.sealCommit(settings, commit)))
        if (fitting.length === commits.length) return saved
        return Effect.map(saved, (exits) => {
          const left = exits.values()
          return refused.map(
            (reason): Exit.Exit<void, StoreErrorReason> =>
              reason === undefined ? left.next().value! : Exit.fail(reason)
          )
        })
      }),
    list: (filter) =>
      asked("list", filter, settings, () => Effect.map(store.list(filter), (page) => openPage(settings, page))),
    count: (filter, options) => asked("count", filter, settings, () => store.count(filter, options)),
    delete: (workflowId, options) => store.delete(workflowId, options),
    changes: store.changes,
    heartbeat: (worker, lease, asked) => store.heartbeat(worker, lease, asked),
    workers: store.workers,
    saveDetails: (all) =>
      Effect.suspend(() =>
        store.saveDetails(
          all.map((call) =>
            call.details === undefined ? call : { ...call, details: Sealing.sealDetails(settings, call, call.details) }
          )
        )
      ),
    details: (call) =>
      Effect.flatMap(store.details(call), (found) =>
        Option.isNone(found)
          ? Effect.succeedNone
          : Result.match(Sealing.openDetails(settings, call, found.value), {
              onFailure: (reason) =>
                Effect.fail(new StoreError({ operation: "details", workflowId: call.workflowId, reason })),
              onSuccess: Effect.succeedSome
            })
      ),
    guarantees: { ...store.guarantees, maxCommitBytes },
    database: store.database
  }
}

/** Transactions whose store is that of the codec. */
export const sealedTransactions = (
  transactions: Transactions["Service"],
  { guarantees }: Store,
  settings: Sealing.Settings
): Transactions["Service"] => ({
  run: (call, body) =>
    transactions.run(call, (transaction) => body(sealedTransaction(transaction, guarantees.maxCommitBytes, settings))),
  database: transactions.database
})

// internal

const sealedTransaction = (transaction: Transaction, ofStore: number, settings: Sealing.Settings): Transaction => ({
  services: transaction.services,
  guard: (effect) => transaction.guard(effect),
  part: (effect) => transaction.part(effect),
  passes: (error) => transaction.passes(error),
  database: transaction.database,
  store: {
    ...readingOf(transaction.store, settings),
    save: (commit, committed) =>
      saving(commit, maxCommitBytesOf(ofStore), () =>
        transaction.store.save(Sealing.sealCommit(settings, commit), committed)
      )
  }
})

const readingOf = (
  store: Pick<Store, "load" | "summary" | "deletion">,
  settings: Sealing.Settings
): Pick<Store, "load" | "summary" | "deletion"> => ({
  load: (workflowId, options) =>
    Effect.flatMap(store.load(workflowId, options), (found) =>
      Option.isNone(found)
        ? Effect.succeedNone
        : openExecution(settings, found.value).pipe(
            Effect.mapBoth({
              onFailure: (reason) => new StoreError({ operation: "load", workflowId, reason }),
              onSuccess: Option.some
            })
          )
    ),
  summary: (workflowId) =>
    Effect.flatMap(store.summary(workflowId), (found) =>
      Option.isNone(found)
        ? Effect.succeedNone
        : Result.match(Sealing.openSummary(settings, found.value), {
            onFailure: (reason) => Effect.fail(new StoreError({ operation: "summary", workflowId, reason })),
            onSuccess: Effect.succeedSome
          })
    ),
  deletion: (workflowId) => store.deletion(workflowId)
})

/** Saves a commit unless it is too large. */
const saving = (
  { events, workflowId }: Commit,
  maxCommitBytes: number,
  save: () => Effect.Effect<void, StoreError>
): Effect.Effect<void, StoreError> =>
  Effect.suspend(() => {
    const reason = refusedEvents(events, maxCommitBytes)
    return reason === undefined ? save() : Effect.fail(new StoreError({ operation: "save", workflowId, reason }))
  })

/** So many commits are decrypted without a pause: a few milliseconds. */
const sliceCommits = 1024

/** A long history does not keep the process from other work. */
const openExecution = (
  settings: Sealing.Settings,
  { commits, summary: stored }: StoredExecution
): Effect.Effect<StoredExecution, Undecryptable> => {
  const opened: Array<StoredCommit> = []
  const openOn = (summary: ExecutionSummary): Effect.Effect<StoredExecution, Undecryptable> => {
    const until = Math.min(commits.length, opened.length + sliceCommits)
    while (opened.length < until) {
      const commit = Sealing.openCommit(settings, summary.workflowId, commits[opened.length]!)
      if (Result.isFailure(commit)) return Effect.fail(commit.failure)
      opened.push(commit.success)
    }
    return opened.length === commits.length
      ? Effect.succeed({ summary, commits: opened })
      : Effect.andThen(
          Effect.yieldNow,
          Effect.suspend(() => openOn(summary))
        )
  }
  return Effect.suspend(() => Effect.flatMap(Effect.fromResult(Sealing.openSummary(settings, stored)), openOn))
}

/** What cannot be decrypted is unreadable, and the rest of its page is not. */
const openPage = (settings: Sealing.Settings, { executions, next, unreadable = [] }: Page): Page => {
  const opened: Array<ExecutionSummary> = []
  const closed: Array<UnreadableExecution> = []
  for (const stored of executions) {
    const summary = Sealing.openSummary(settings, stored)
    if (Result.isSuccess(summary)) opened.push(summary.success)
    else closed.push({ workflowId: stored.workflowId, detail: summary.failure.message })
  }
  const all = [...unreadable, ...closed]
  return { executions: opened, next, ...(all.length === 0 ? {} : { unreadable: all }) }
}

/** Asks the store, unless the filter is about what it does not see. */
const asked = <A>(
  operation: "list" | "count",
  filter: WorkflowFilter | undefined,
  { secrets }: Sealing.Settings,
  ask: () => Effect.Effect<A, StoreError>
): Effect.Effect<A, StoreError> => {
  const secret = [filter?.attributes, filter?.where].flatMap(namesIn).find((name) => secrets.has(name))
  if (secret === undefined) return ask()
  const detail = `the filter: the attribute ${JSON.stringify(secret)} is secret, and no execution is found by it`
  return Effect.fail(new StoreError({ operation, reason: new Unsupported({ detail }) }))
}

/** The names in a filter, which no compiler may have checked: what is no object makes no sense, as the store will say. */
const namesIn = (conditions: unknown): ReadonlyArray<string> =>
  typeof conditions === "object" && conditions !== null ? Object.keys(conditions) : []
