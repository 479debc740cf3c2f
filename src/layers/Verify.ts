/**
 * Walks through a store and says which executions are damaged, or break what the executor goes by. It writes nothing.
 *
 * An execution is sound when all of it can be read, its versions have no gaps, each of its runs begins with a start and ends where it ends,
 * its summary is what its events add up to, and each child that it waits for is there to tell of its end.
 */
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Stream from "effect/Stream"
import { Version, type WorkflowId } from "../Ids.ts"
import { isUnreadableHere } from "../internal/store/failure.ts"
import { stateOf } from "../internal/store/summary.ts"
import { type StoredExecution, type StoreError, type WorkflowFilter, WorkflowStore } from "../Store/WorkflowStore.ts"
import { isFinal, type WorkflowState } from "../WorkflowState.ts"
import { faultsOf } from "./verify/faults.ts"

/**
 * An execution that was looked at, and what is wrong with it in words: nothing, if it is sound.
 *
 * @category models
 * @since 0.2.0
 */
export interface Verdict {
  readonly workflowId: WorkflowId
  readonly faults: ReadonlyArray<string>
}

/**
 * Looks at every execution that matches, sound ones included. Workers may run meanwhile: what changes while it is looked at is looked at
 * again. Fails when the store cannot be reached.
 *
 * **Example** (What is wrong in a file)
 *
 * ```ts
 * import { Console, Effect, Stream } from "effect"
 * import { Verify } from "perdure"
 * import * as SqliteStore from "perdure/Store/Sqlite"
 *
 * const program = Verify.stream().pipe(
 *   Stream.filter(({ faults }) => faults.length > 0),
 *   Stream.runForEach(({ faults, workflowId }) => Console.log(workflowId, faults)),
 *   Effect.provide(SqliteStore.layer({ filename: "orders.db" }))
 * )
 * ```
 *
 * @category operations
 * @since 0.2.0
 */
export const stream = (
  filter: Omit<WorkflowFilter, "cursor"> = {}
): Stream.Stream<Verdict, StoreError, WorkflowStore> =>
  Stream.unwrap(
    Effect.map(WorkflowStore, (store) =>
      Stream.paginate(Option.none<string>(), (cursor) =>
        Effect.gen(function* () {
          const page = yield* store.list({ ...filter, cursor: Option.getOrUndefined(cursor) })
          const read = yield* Effect.forEach(page.executions, ({ workflowId }) => verdictOf(store, workflowId))
          const unreadable = (page.unreadable ?? []).map(({ detail, workflowId }) => ({ workflowId, faults: [detail] }))
          const verdicts = [...read.flatMap((each) => (each === undefined ? [] : [each])), ...unreadable]
          return [verdicts, Option.map(page.next, Option.some)] as const
        })
      )
    )
  )

/**
 * Looks at one execution; `undefined` if there is none of the id.
 *
 * @category operations
 * @since 0.2.0
 */
export const one = (workflowId: string): Effect.Effect<Verdict | undefined, StoreError, WorkflowStore> =>
  Effect.flatMap(WorkflowStore, (store) => verdictOf(store, workflowId as WorkflowId))

// internal

type Store = WorkflowStore["Service"]

/** So often an execution that changes is looked at again. */
const looksAtMost = 5

const verdictOf = Effect.fnUntraced(function* (
  store: Store,
  workflowId: WorkflowId
): Effect.fn.Return<Verdict | undefined, StoreError> {
  let suspected: ReadonlyArray<string> | undefined
  for (let looks = 0; looks < looksAtMost; looks++) {
    const found = yield* load(store, workflowId)
    if (typeof found === "string") return { workflowId, faults: [found] }
    if (found === undefined) return undefined
    const faults = faultsOf(found)
    if (faults.length > 0) return { workflowId, faults }
    const lost = yield* inChildren(store, found)
    suspected = suspected === undefined ? lost : suspected.filter((each) => lost.includes(each))
    if (suspected.length === 0) break
    // A child may have told of its end since its parent was read.
    const now = yield* store.summary(workflowId)
    if (Option.isSome(now) && now.value.version === found.summary.version) break
  }
  return { workflowId, faults: suspected ?? [] }
})

/** All commits of an execution; in words what keeps them from being read, and `undefined` if there is none. */
const load = (store: Store, workflowId: WorkflowId): Effect.Effect<StoredExecution | string | undefined, StoreError> =>
  store.load(workflowId, { after: Version.make(0) }).pipe(
    Effect.map(Option.getOrUndefined),
    Effect.catchIf(isUnreadableHere, ({ reason }) => Effect.succeed(reason.message))
  )

/** Each child that an execution waits for runs, or owes its end; one that its parent still has to start need not be there. */
const inChildren = Effect.fnUntraced(function* (
  store: Store,
  { commits, summary }: StoredExecution
): Effect.fn.Return<ReadonlyArray<string>, StoreError> {
  if (isFinal(summary.status)) return []
  const state = stateOf({ summary, commits: commits.filter(({ runId }) => runId === summary.runId) })
  const faults: Array<string> = []
  for (const [id, { address }] of state?.children ?? []) {
    if (isOwed(state!, id)) continue
    const child = yield* Effect.catchIf(store.summary(id), isUnreadableHere, () => Effect.succeed(undefined))
    // What is damaged is told of where it is looked at itself.
    if (child === undefined) continue
    const name = JSON.stringify(id)
    if (Option.isNone(child)) faults.push(`it waits for the child ${name}, which is not there`)
    else if ((child.value.chain ?? child.value.runId) !== address.chain) {
      faults.push(`it waits for the child ${name}, whose id another execution has`)
    } else if (isFinal(child.value.status) && child.value.owed === undefined) {
      faults.push(`it waits for the child ${name}, which has ended and does not owe it word of that`)
    }
  }
  return faults
})

const isOwed = ({ owed }: WorkflowState, child: WorkflowId): boolean => {
  for (const { message, to } of owed.values()) if (to === child && message._tag === "Start") return true
  return false
}
