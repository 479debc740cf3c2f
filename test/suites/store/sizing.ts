/** Law 11: how large the events of a commit may be. */
import { Effect, Option } from "effect"
import { WorkflowStore } from "perdure/Store/WorkflowStore"
import { assert } from "../assert.ts"
import { after, freshId, loaded, reasonsOf, remove, signal, start } from "./builders.ts"
import type { Area } from "./Settings.ts"

/** Characters that take 1, 2, 3 and 4 bytes, and one that JSON escapes into 6. */
const fillings = ["x", "\u00e9", "\u65e5", "\u{1f600}", "\u0001"]

const bytesOf = (value: unknown): number => Buffer.byteLength(JSON.stringify(value))

/** Events that encode to exactly this many bytes. */
const eventsOf = (bytes: number, filling: string) => {
  const space = bytes - bytesOf([signal("")])
  const each = bytesOf(filling) - 2
  const events = [signal(filling.repeat(Math.floor(space / each)) + "x".repeat(space % each))] as const
  assert.strictEqual(bytesOf(events), bytes)
  return events
}

export const sizing: Area = (it, settings) => {
  const { timeout } = settings

  it.effect(
    "11. events of exactly as many bytes as the store accepts are stored",
    () =>
      Effect.gen(function* () {
        const store = yield* WorkflowStore
        const { maxCommitBytes } = store.guarantees
        const first = start(freshId("large"))
        yield* store.save(first)
        let { summary } = first
        for (const filling of fillings) {
          const commit = after(summary, { events: eventsOf(maxCommitBytes, filling) })
          yield* store.save(commit)
          const { commits } = yield* loaded(store, first.workflowId, summary.version)
          // Not deepStrictEqual: its message would print the payload.
          assert.isTrue(JSON.stringify(commits[0]!.events) === JSON.stringify(commit.events), filling)
          summary = commit.summary
        }
        yield* remove(store, first.workflowId)
      }),
    Math.max(timeout, 120_000)
  )

  it.effect(
    "11. with one byte more they are refused and nothing is stored",
    () =>
      Effect.gen(function* () {
        const store = yield* WorkflowStore
        const { maxCommitBytes } = store.guarantees
        for (const filling of fillings) {
          const commit = start(freshId("too large"), { events: eventsOf(maxCommitBytes + 1, filling) })
          const { reason } = yield* Effect.flip(store.save(commit))
          assert.deepStrictEqual(reason._tag === "TooLarge" ? { bytes: reason.bytes, limit: reason.limit } : reason, {
            bytes: maxCommitBytes + 1,
            limit: maxCommitBytes
          })
          assert.isTrue(Option.isNone(yield* store.load(commit.workflowId)))
        }
      }),
    timeout
  )

  it.effect(
    "11. one that is too large does not affect the others of its group",
    () =>
      Effect.gen(function* () {
        const store = yield* WorkflowStore
        const events = eventsOf(store.guarantees.maxCommitBytes + 1, "x")
        const group = [start(freshId()), start(freshId(), { events }), start(freshId())]
        const reasons = yield* Effect.flatMap(store.saveAll(group), reasonsOf)
        assert.deepStrictEqual(reasons, [undefined, "TooLarge", undefined])
        yield* loaded(store, group[2]!.workflowId)
      }),
    timeout
  )

  it.effect(
    "11. payloads from a byte to a mebibyte come back whole",
    () =>
      Effect.gen(function* () {
        const store = yield* WorkflowStore
        const first = start(freshId("sizes"))
        yield* store.save(first)
        let { summary } = first
        for (let power = 0; power <= 20; power += 2) {
          for (const length of [2 ** power - 1, 2 ** power, 2 ** power + 1]) {
            const commit = after(summary, { events: [signal("y".repeat(length))] })
            yield* store.save(commit)
            const { commits } = yield* loaded(store, first.workflowId, summary.version)
            assert.isTrue(JSON.stringify(commits[0]!.events) === JSON.stringify(commit.events), `${length} bytes`)
            summary = commit.summary
          }
        }
      }),
    timeout
  )
}
