/** Whether a SQLite store with many executions lets the process do other work while it looks for some of them. */
import { assert, describe, it } from "@effect/vitest"
import { Effect, Exit, Scope } from "effect"
import type { Ancestor } from "perdure/HistoryEvent"
import { RunId, WorkflowId } from "perdure/Ids"
import type { WorkflowFilter, WorkflowStore } from "perdure/Store/WorkflowStore"
import { afterAll, beforeAll } from "vitest"
import { epoch, freshId, saveAll, start } from "./store/builders.ts"
import { freshFile, open } from "../support/sqliteFiles.ts"

/** How long the event loop may stand still. */
const stallAtMost = 50

/** Runs an effect and returns its value with the longest time for which a timer of the host could not run. */
const longestStall = Effect.fnUntraced(function* <A, E>(effect: Effect.Effect<A, E>) {
  let longest = 0
  let last = performance.now()
  const tick = () => {
    const now = performance.now()
    longest = Math.max(longest, now - last)
    last = now
  }
  const timer = setInterval(tick, 1)
  const value = yield* effect
  // Once more, or a stall until the very end would not be seen.
  yield* Effect.promise(() => new Promise((resolve) => setTimeout(resolve, 2)))
  clearInterval(timer)
  return { value, longest }
})

/**
 * The value of an effect, which must once in ten times stop the process for less than allowed: in the others it met the
 * garbage collector or another process.
 */
const brief = Effect.fnUntraced(function* <E>(effect: Effect.Effect<number, E>) {
  const { longest, value } = yield* Effect.repeat(longestStall(effect), {
    until: ({ longest }) => longest < stallAtMost,
    times: 9
  })
  assert.isBelow(longest, stallAtMost)
  return value
})

const [few, many] = ["few", "many"].map((id) => ({ workflowId: WorkflowId.make(id), chain: RunId.make(id) })) as [
  Ancestor,
  Ancestor
]

/** Of 1,000 executions one is for a person of rank, and ten run; none has failed. */
const fill = (store: WorkflowStore["Service"], size: number) =>
  saveAll(
    store,
    Array.from({ length: size }, (_, n) =>
      start(freshId(), {
        summary: {
          startedAt: epoch + n,
          ...(n % 100 === 0 ? {} : { status: n % 2 === 0 ? "completed" : "cancelled", closedAt: epoch + n }),
          attributes: {
            region: n % 2 === 0 ? "eu" : "us",
            total: (n * 7919) % size,
            ...(n % 1000 === 1 ? { rank: 1 } : {})
          },
          ...(n % 1000 === 3 ? { parent: few, root: many } : { parent: many, root: many })
        }
      })
    ),
    2000
  )

/** Defines the tests for a store with so many executions. */
export const stalls = (size: number): void => {
  describe(`a SQLite store with ${size} executions`, () => {
    const scope = Scope.makeUnsafe()
    let store: WorkflowStore["Service"]
    beforeAll(
      () =>
        Effect.runPromise(
          Effect.gen(function* () {
            store = yield* Scope.provide(open(freshFile(), { synchronous: "NORMAL" }), scope)
            yield* fill(store, size)
          })
        ),
      300_000
    )
    afterAll(() => Effect.runPromise(Scope.close(scope, Exit.void)))

    const found = (filter: WorkflowFilter) =>
      Effect.map(store.list({ ...filter, limit: 1000 }), ({ executions }) => executions.length)

    it.live.each<readonly [string, WorkflowFilter, number]>([
      ["attributes that few have", { attributes: { rank: 1 } }, size / 1000],
      ["a parent of few", { parent: "few" }, size / 1000],
      ["the children of one in a tree of many", { parent: "few", root: "many" }, size / 1000],
      ["children of a parent of many, with a status that none has", { parent: "many", status: ["failed"] }, 0],
      ["another run of a parent of many", { parent: { workflowId: "many", runId: "few" } }, 0],
      ["attributes that many have, with others that few have", { attributes: { region: "us", rank: 1 } }, size / 1000],
      ["attributes that many have, with others that exclude them", { attributes: { region: "eu", rank: 1 } }, 0],
      [
        "attributes that many have, with a condition that none meets",
        { attributes: { region: "eu" }, status: ["failed"] },
        0
      ],
      [
        "attributes that many have, with a time that few have",
        { attributes: { region: "us" }, closedBefore: epoch + 20 },
        10
      ],
      ["a range that few are in", { where: { total: { from: 10, below: 30 } } }, 20],
      ["a range that many are in", { where: { total: { above: size / 2 } } }, 1000],
      [
        "a range that many are in, with a condition that none meets",
        { where: { total: { above: 10 } }, closedBefore: epoch },
        0
      ],
      [
        "a range that many are in, among values that few have",
        { where: { total: { above: 10 }, rank: { in: [1, 2] } } },
        size / 1000
      ],
      [
        "one of values that many have, with others that none has",
        { where: { region: { in: ["eu", "us"] }, rank: 2 } },
        0
      ],
      [
        "one of values that many have, from the newest",
        { where: { region: { in: ["eu", "us"] } }, order: "newest" },
        1000
      ],
      ["a status that none has", { status: ["failed"] }, 0],
      ["a status that none has, from the newest", { status: ["failed"], order: "newest" }, 0],
      ["a workflow that none has", { workflow: "none" }, 0],
      ["a time to wake that none has", { status: ["running", "blocked"], wakeBefore: epoch }, 0],
      ["work that others have", { unsettled: true, ownerNotIn: [] }, Math.min(1000, size / 100)]
    ])("8. stops the process for less than 50 ms while it looks for %s", ([, filter, expected]) =>
      Effect.gen(function* () {
        assert.strictEqual(yield* brief(found(filter)), expected)
        const counted = yield* brief(store.count(filter))
        if (expected < 1000) assert.strictEqual(counted, expected)
      })
    )

    it.live("8. stops the process for less than 50 ms while it counts all", () =>
      Effect.gen(function* () {
        assert.strictEqual(yield* brief(store.count()), size)
      })
    )
  })
}
