/**
 * A SQLite store says what a store in memory says, whatever is in its log and whatever is folded, and whichever of several stores on one
 * file is asked: random commits, deletions, folds and questions.
 */
import { assert, describe, it } from "@effect/vitest"
import { Effect, Exit, Option } from "effect"
import { RunId, Version, WorkerId, WorkflowId } from "perdure/Ids"
import * as Memory from "perdure/Store/Memory"
import type { Commit, ExecutionSummary, StoreError, WorkflowFilter } from "perdure/Store/WorkflowStore"
import * as Database from "../../src/Store/sqlite/Database.ts"
import { after, epoch, finish, freshId, restart, start, startAgain, type Store } from "../suites/store/builders.ts"
import { freshFile } from "../support/sqliteFiles.ts"
import { openParts } from "../support/sqliteParts.ts"

const rounds = 12
const steps = 120

/** The files of one test: stores that share one, connections that fold, which are theirs and another one, and what they should say. */
const world = Effect.gen(function* () {
  const filename = freshFile()
  const parts = [yield* openParts(filename), yield* openParts(filename), yield* openParts(filename)]
  const folding = yield* Database.open({ filename, synchronous: "NORMAL", busyTimeout: "5 seconds" })
  return {
    folding: [folding, ...parts.map(({ database }) => database)],
    model: yield* Memory.make(),
    stores: parts.map(({ store }) => store)
  }
})

/** Draws numbers below a limit. */
type Draw = (limit: number) => number

/** Draws the numbers of a seed (Lehmer). */
const draws = (seed: number): Draw => {
  let state = seed * 7919
  return (limit) => {
    state = (state * 48_271) % 2_147_483_647
    return Math.floor((state / 2_147_483_647) * limit)
  }
}

const one = <A>(draw: Draw, all: ReadonlyArray<A>): A => all[draw(all.length)]!

const changed = (draw: Draw): Partial<ExecutionSummary> => {
  const changes: ReadonlyArray<Partial<ExecutionSummary>> = [
    {},
    {},
    { attributes: { n: draw(5), of: one(draw, ["a", "b", "\ud800"]) } },
    { attributes: {} },
    { owner: WorkerId.make(`w${draw(3)}`), wakeAt: epoch + draw(10) },
    { status: "blocked" },
    { published: { progress: { value: draw(9) } }, unreceived: { go: draw(4) } },
    { memo: null, workflowVersion: "v\u0000" },
    { parent: { workflowId: WorkflowId.make(`p${draw(2)}`), chain: RunId.make("c") }, owed: draw(3) },
    { waitingFor: [{ _tag: "Signal", name: "go" }] }
  ]
  return one(draw, changes)
}

/** A commit that may come next, or may not. */
const next = (draw: Draw, known: ReadonlyArray<Commit>): Commit => {
  const kind = draw(20)
  if (known.length === 0 || kind < 4) {
    return start(freshId(one(draw, ["", "\ud800", "z"])), { summary: { startedAt: epoch + draw(6), ...changed(draw) } })
  }
  const commit = one(draw, known.slice(-8))
  const { summary } = commit
  if (kind < 12) return after(summary, { summary: changed(draw) })
  if (kind < 14) return finish(summary)
  if (kind < 16) return restart(summary, { summary: { startedAt: epoch + draw(6) } })
  if (kind < 17) return startAgain(summary)
  if (kind < 18) return commit
  return one(draw, [start(commit.workflowId), after({ ...summary, version: Version.make(summary.version + 1) })])
}

const outcome = <A>(effect: Effect.Effect<A, StoreError>) =>
  Effect.match(effect, { onSuccess: (value) => ({ value }), onFailure: ({ reason }) => ({ reason }) })

const filters: ReadonlyArray<WorkflowFilter> = [
  {},
  { order: "newest" },
  { limit: 3 },
  { limit: 3, order: "newest" },
  { status: ["running", "blocked"], limit: 2 },
  { status: ["completed"] },
  { unsettled: true, ownerNotIn: [WorkerId.make("w1")] },
  { wakeBefore: epoch + 5 },
  { startedFrom: epoch + 2, startedBefore: epoch + 5 },
  { attributes: { n: 3 } },
  { where: { n: { from: 1, below: 4 } }, order: "newest" },
  { where: { of: { in: ["a", "\ud800"] } }, limit: 1 },
  { where: { of: { above: "a" }, n: { upTo: 3 } } },
  { parent: "p1" },
  { workflowVersion: "v\u0000" }
]

/** All pages of a filter: the executions of one start in any order, since memory has another one for ids that are no text. */
const pass = Effect.fnUntraced(function* (store: Store, filter: WorkflowFilter) {
  const all: Array<ExecutionSummary> = []
  let cursor: string | undefined
  do {
    const page = yield* store.list({ ...filter, cursor })
    all.push(...page.executions)
    cursor = Option.getOrUndefined(page.next)
  } while (cursor !== undefined)
  const id = ({ workflowId }: ExecutionSummary) => JSON.stringify(workflowId)
  const isOrdered = all.every(
    ({ startedAt }, n) =>
      n === 0 || (filter.order === "newest" ? startedAt <= all[n - 1]!.startedAt : startedAt >= all[n - 1]!.startedAt)
  )
  assert.isTrue(isOrdered)
  return all.toSorted((a, b) => (id(a) < id(b) ? -1 : 1))
})

const compare = Effect.fnUntraced(function* (draw: Draw, store: Store, model: Store, known: ReadonlyArray<Commit>) {
  const filter = one(draw, filters)
  assert.deepStrictEqual(yield* pass(store, filter), yield* pass(model, filter), JSON.stringify(filter))
  assert.strictEqual(yield* store.count(filter), yield* model.count(filter), JSON.stringify(filter))
  if (known.length === 0) return
  const { version, workflowId } = one(draw, known)
  assert.deepStrictEqual(yield* store.summary(workflowId), yield* model.summary(workflowId))
  assert.deepStrictEqual(yield* store.load(workflowId), yield* model.load(workflowId))
  const options = { after: Version.make(Math.max(1, version - draw(3))) }
  assert.deepStrictEqual(yield* store.load(workflowId, options), yield* model.load(workflowId, options))
})

describe("stores on one SQLite file", () => {
  it.live.each(Array.from({ length: rounds }, (_, seed) => seed))(
    "say what a store in memory says (%i)",
    (seed) =>
      Effect.gen(function* () {
        const draw = draws(seed + 1)
        const { folding, model, stores } = yield* world
        const known: Array<Commit> = []
        for (let step = 0; step < steps; step++) {
          const store = one(draw, stores)
          const kind = draw(12)
          if (kind < 7) {
            const group: Array<Commit> = []
            const size = one(draw, [1, 1, 3, 80])
            for (let n = 0; n < size; n++) group.push(next(draw, [...known, ...group]))
            const [exits, expected] = [yield* store.saveAll(group), yield* model.saveAll(group)]
            assert.deepStrictEqual(exits, expected)
            known.push(...group.filter((_, index) => Exit.isSuccess(expected[index]!)))
          } else if (kind < 9) {
            const { fold, log, write } = one(draw, folding)
            yield* write(() => fold.upTo(log.newest - draw(4)))
          } else if (kind < 10 && known.length > 0) {
            const { summary, workflowId } = one(draw, known)
            const version = Version.make(Math.max(1, summary.version - (draw(4) === 0 ? 1 : 0)))
            const options = one(draw, [
              { version, seen: { c: draw(3) } },
              { before: summary.firstVersion },
              { before: version }
            ])
            assert.deepStrictEqual(
              yield* outcome(store.delete(workflowId, options)),
              yield* outcome(model.delete(workflowId, options)),
              JSON.stringify(options)
            )
            assert.deepStrictEqual(yield* store.deletion(workflowId), yield* model.deletion(workflowId))
          } else yield* compare(draw, store, model, known)
        }
        for (const store of stores) for (let n = 0; n < 5; n++) yield* compare(draw, store, model, known)
      }),
    60_000
  )
})
