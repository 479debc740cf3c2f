/** How a SQLite store reads long histories: in slices, which are one history all the same. */
import { assert, it } from "@effect/vitest"
import { Effect, Fiber } from "effect"
import type { Commit } from "perdure/Store/WorkflowStore"
import { freshFile, open } from "../support/sqliteFiles.ts"
import { after, finish, freshId, loaded, remove, saveAll, start, startAgain } from "../suites/store/builders.ts"

const length = 20_000

/** Commits of one execution, the last of which ends it. */
const history = (): ReadonlyArray<Commit> => {
  const commits = [start(freshId())]
  while (commits.length < length - 1) commits.push(after(commits.at(-1)!.summary))
  return [...commits, finish(commits.at(-1)!.summary)]
}

const nextTurn = Effect.promise(() => new Promise((resolve) => setImmediate(resolve)))

/** Counts the turns of the event loop during an effect. */
const turnsOf = Effect.fnUntraced(function* <A, E>(effect: Effect.Effect<A, E>) {
  let turns = 0
  const count = () => {
    turns++
    immediate = setImmediate(count)
  }
  let immediate = setImmediate(count)
  const value = yield* effect
  clearImmediate(immediate)
  return { turns, value }
})

it.live("lets the process do other work between the slices of a long history", () =>
  Effect.scoped(
    Effect.gen(function* () {
      const store = yield* open(freshFile(), { synchronous: "NORMAL" })
      const commits = history()
      yield* saveAll(store, commits)
      const { turns, value } = yield* turnsOf(loaded(store, commits[0]!.workflowId))
      assert.deepStrictEqual(
        value.commits.map(({ version }) => version),
        commits.map(({ version }) => version)
      )
      assert.isAtLeast(turns, 8)
    })
  )
)

it.live("lets the process do other work between commits that are large", () =>
  Effect.scoped(
    Effect.gen(function* () {
      const store = yield* open(freshFile(), { synchronous: "NORMAL" })
      const commits = history().slice(0, 10)
      const [event] = commits[1]!.events
      const large = commits.map((commit, index) =>
        index === 0 ? commit : { ...commit, events: [{ ...event!, payload: "x".repeat(600_000) }] as Commit["events"] }
      )
      yield* saveAll(store, large)
      const { turns, value } = yield* turnsOf(loaded(store, large[0]!.workflowId))
      assert.lengthOf(value.commits, 10)
      assert.isAtLeast(turns, 4)
    })
  )
)

it.live("reads again what is removed between two slices", () =>
  Effect.scoped(
    Effect.gen(function* () {
      const store = yield* open(freshFile(), { synchronous: "NORMAL" })
      const commits = history()
      yield* saveAll(store, commits)
      const { summary, workflowId } = commits.at(-1)!
      const reading = yield* Effect.forkChild(loaded(store, workflowId), { startImmediately: true })
      yield* nextTurn
      yield* nextTurn
      assert.isUndefined(reading.pollUnsafe())
      yield* remove(store, workflowId)
      const again = startAgain(summary)
      yield* saveAll(store, [again])
      const found = yield* Fiber.join(reading)
      assert.strictEqual(found.summary.runId, again.runId)
      assert.deepStrictEqual(
        found.commits.map(({ id }) => id),
        [again.id]
      )
    })
  )
)

it.live("reads a long history to the version at which it began, while others append", () =>
  Effect.scoped(
    Effect.gen(function* () {
      const store = yield* open(freshFile(), { synchronous: "NORMAL" })
      const commits = history().slice(0, -1)
      yield* saveAll(store, commits)
      const { summary, version, workflowId } = commits.at(-1)!
      const reading = yield* Effect.forkChild(loaded(store, workflowId), { startImmediately: true })
      yield* nextTurn
      yield* saveAll(store, [after(summary)])
      const found = yield* Fiber.join(reading)
      assert.strictEqual(found.summary.version, version)
      assert.lengthOf(found.commits, commits.length)
    })
  )
)
