/**
 * A bad link to a store, by a seed: answers come late or not at all, whether the write took place or not, and others commit
 * first.
 */
import { Clock, Effect } from "effect"
import type { EventOf } from "perdure/HistoryEvent"
import { Version } from "perdure/Ids"
import { type Commit, StoreError, Unavailable, type WorkflowStore } from "perdure/Store/WorkflowStore"
import { isFinal } from "perdure/WorkflowState"
import { make as makeRandom } from "../../src/internal/replay/random.ts"
import { beginNext } from "../../src/Executor/default/nextRun.ts"
import { appended, isBetweenRuns } from "../../src/internal/store/summary.ts"
import type { Message } from "../corpus/scenarios.ts"
import { type Observer, unheard } from "./Observer.ts"

type Store = WorkflowStore["Service"]

/** How often a commit is hindered; then it goes through, so that time does not pass without end. */
const hindrances = 3

/** Makes a link bad. */
export const link =
  (seed: string) =>
  (store: Store, observer: Pick<Observer, "acknowledged">): Store => {
    const random = makeRandom(seed)
    const draw = () => random.nextDoubleUnsafe()
    const hindered = new Map<string, number>()
    const late = Effect.suspend(() => Effect.sleep(1 + Math.floor(draw() * 15)))

    const save = (commit: Commit): Effect.Effect<void, StoreError> =>
      Effect.suspend(() => {
        const chance = draw()
        const times = hindered.get(commit.id) ?? 0
        if (chance > 0.5 || times >= hindrances) return store.save(commit)
        hindered.set(commit.id, times + 1)
        if (chance < 0.12) return Effect.andThen(late, store.save(commit))
        if (chance < 0.25) return lost("save")
        if (chance < 0.38) return Effect.andThen(Effect.exit(store.save(commit)), lost("save"))
        return Effect.andThen(Effect.ignore(interfere(store, observer, commit)), store.save(commit))
      })

    const read = <A>(operation: "load" | "summary" | "deletion", effect: Effect.Effect<A, StoreError>) =>
      Effect.suspend(() => {
        const chance = draw()
        return chance < 0.15 ? lost(operation) : chance < 0.3 ? Effect.andThen(late, effect) : effect
      })

    const remove: Store["delete"] = (workflowId, options) =>
      Effect.suspend(() => {
        const chance = draw()
        const removed = store.delete(workflowId, options)
        if (chance < 0.15) return Effect.andThen(late, removed)
        return chance < 0.3 ? Effect.andThen(Effect.exit(removed), lost("delete")) : removed
      })

    return {
      ...store,
      save,
      delete: remove,
      deletion: (workflowId) => read("deletion", store.deletion(workflowId)),
      load: (workflowId, options) => read("load", store.load(workflowId, options)),
      summary: (workflowId) => read("summary", store.summary(workflowId))
    }
  }

// internal

const lost = (operation: StoreError["operation"]) =>
  Effect.fail(new StoreError({ operation, reason: new Unavailable({ cause: new Error("the link is bad") }) }))

/** Commits a signal that no program receives, as another process would, so that the commit in hand comes too late. */
const interfere = Effect.fnUntraced(function* (
  store: Store,
  observer: Pick<Observer, "acknowledged">,
  { workflowId }: Commit
) {
  const stored = yield* store.load(workflowId)
  if (stored._tag === "None" || isFinal(stored.value.summary.status)) return
  const { summary } = stored.value
  const now = yield* Clock.currentTimeMillis
  const at = Math.max(now, summary.updatedAt)
  const version = Version.make(summary.version + 1)
  const id = `${workflowId}/elsewhere/${version}`
  if (isBetweenRuns(summary)) {
    return yield* beginNext(
      { store, save: store.save, commitId: () => id, now: () => now, suggestContinueAt: 10_000 },
      summary
    )
  }
  const event: EventOf<"SignalReceived"> = { _tag: "SignalReceived", at, name: unheard, payload: version, unread: true }
  yield* store.save({
    id,
    workflowId,
    runId: summary.runId,
    version,
    events: [event],
    summary: appended(summary, event)
  })
  const message: Message = { at, _tag: "Signal", name: unheard, payload: version }
  observer.acknowledged.push(message)
})
