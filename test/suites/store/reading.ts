/** Laws 6, 8, 9, 14, 15 and 16 where nothing has been saved, and what a store does that takes no commits. */
import { Effect, Option } from "effect"
import { Version, WorkerId } from "perdure/Ids"
import { WorkflowStore } from "perdure/Store/WorkflowStore"
import { assert } from "../assert.ts"
import { freshId, reasonOf, reasonsOf, start } from "./builders.ts"
import type { Area } from "./Settings.ts"

export const reading: Area = (it, settings) => {
  const { timeout } = settings

  it.effect(
    "6. an id that is unknown has no execution",
    () =>
      Effect.gen(function* () {
        const store = yield* WorkflowStore
        assert.isTrue(Option.isNone(yield* store.load(freshId())))
        assert.isTrue(Option.isNone(yield* store.load(freshId(), { after: Version.make(1) })))
      }),
    timeout
  )

  it.effect(
    "15. an id that is unknown has no summary",
    () =>
      Effect.gen(function* () {
        const store = yield* WorkflowStore
        assert.isTrue(Option.isNone(yield* store.summary(freshId())))
      }),
    timeout
  )

  it.effect(
    "16. an id that is unknown has no record of a deletion",
    () =>
      Effect.gen(function* () {
        const store = yield* WorkflowStore
        assert.isTrue(Option.isNone(yield* store.deletion(freshId())))
      }),
    timeout
  )

  it.effect(
    "8. what is no cursor is refused",
    () =>
      Effect.gen(function* () {
        const store = yield* WorkflowStore
        for (const cursor of ["", "nonsense", "{}", "null", "[1]", '["a",1]']) {
          for (const order of ["oldest", "newest"] as const) {
            const error = yield* Effect.flip(store.list({ cursor, order }))
            assert.deepStrictEqual([error.operation, error.reason._tag], ["list", "Unsupported"])
          }
        }
      }),
    timeout
  )

  it.effect(
    "8. a filter that makes no sense is refused, with what is wrong with it",
    () =>
      Effect.gen(function* () {
        const store = yield* WorkflowStore
        const many = Object.fromEntries(Array.from({ length: 40_000 }, (_, n) => [`a${n}`, n]))
        const hundred = Object.fromEntries(Object.entries(many).slice(0, 100))
        const wrong: ReadonlyArray<readonly [filter: unknown, said: RegExp]> = [
          [null, /must be an object, and is null/],
          [5, /must be an object, and is 5/],
          [{ statuses: ["running"] }, /there is no option statuses, but status, workflow,/],
          [{ status: ["walking"] }, /there is no status "walking"/],
          [{ status: Array.from({ length: 40_000 }, (_, n) => `s${n}`) }, /there is no status "s0"/],
          [{ status: ["running", 5] }, /there is no status 5/],
          [{ status: "running" }, /status must be a list, and is "running"/],
          [{ status: null }, /status must be a list, and is null/],
          [{ workflow: 5 }, /workflow must be the name of a workflow, and is 5/],
          [{ workflow: null }, /workflow must be the name of a workflow, and is null/],
          [{ cursor: 5 }, /cursor must be the `next` of a page, and is 5/],
          [{ cursor: Option.none() }, /cursor must be the `next` of a page, and is /],
          [{ unsettled: "yes" }, /unsettled must be true or false, and is "yes"/],
          [{ ownerNotIn: "w" }, /ownerNotIn must be a list of workers, and is "w"/],
          [{ ownerNotIn: ["w", 5] }, /ownerNotIn must be a list of workers, and is \["w",5\]/],
          [{ parent: 5 }, /parent must be an id, or a record with a workflowId, and is 5/],
          [{ parent: { id: "p" } }, /parent must be an id, or a record with a workflowId, and is /],
          [{ parent: { workflowId: "p", runId: 5 } }, /parent must be an id/],
          [{ root: null }, /root must be an id, or a record with a workflowId, and is null/],
          [{ root: ["p"] }, /root must be an id/],
          [{ startedFrom: "today" }, /startedFrom must be a time in milliseconds since 1970, and is "today"/],
          [{ startedBefore: Number.NaN }, /startedBefore must be a time .*NaN/],
          [{ closedBefore: new Date() }, /closedBefore must be a time/],
          [{ wakeBefore: 5n }, /wakeBefore must be a time .*5/],
          [{ limit: 0 }, /limit must be a whole number of at least 1, and is 0/],
          [{ limit: "5" }, /limit must be a whole number of at least 1/],
          [{ order: "random" }, /order must be "oldest" or "newest"/],
          [{ attributes: 5 }, /attributes must be an object, and is 5/],
          [{ attributes: ["a"] }, /attributes must be an object, and is \["a"\]/],
          [
            { attributes: { a: Number.NaN } },
            /the attribute "a" must be a text, a finite number or a boolean, and is NaN/
          ],
          [{ attributes: { a: Infinity } }, /the attribute "a" must be .*Infinity/],
          [{ attributes: { a: 1, b: {} } }, /the attribute "b" must be .*\{\}/],
          [{ attributes: { a: null } }, /the attribute "a" must be .*null/],
          [{ attributes: { a: 5n } }, /the attribute "a" must be .*5/],
          [{ attributes: { a: undefined } }, /the attribute "a" must be .*undefined/],
          [{ attributes: many }, /attributes must be at most 100, and are 40000; ask for fewer/],
          [{ where: many }, /attributes must be at most 100, and are 40000; ask for fewer/],
          [{ where: { b: 1 }, attributes: hundred }, /attributes must be at most 100, and are 101/],
          [{ where: 5 }, /where must be an object, and is 5/],
          [{ where: [] }, /where must be an object, and is \[\]/],
          [{ where: { a: Number.NaN } }, /the attribute "a" must be a text, a finite number or a boolean, and is NaN/],
          [{ where: { a: undefined } }, /the attribute "a" must be .*undefined/],
          [{ where: { a: null } }, /the attribute "a" must be .*null/],
          [{ where: { a: [1] } }, /the attribute "a" must be .*\[1\]/],
          [
            { where: { a: {} } },
            /the attribute "a" has an empty test; give it a value, \{ in: \[values\] \}, or bounds/
          ],
          [{ where: { a: { from: undefined } } }, /the attribute "a" has an empty test/],
          [{ where: { a: { over: 5 } } }, /the attribute "a" has no test "over"; give it a value/],
          [{ where: { a: { from: 1, in: [1] } } }, /the attribute "a" has bounds beside in; give it/],
          [{ where: { a: { in: 5 } } }, /the attribute "a" must be in a list, and in is 5/],
          [{ where: { a: { in: [1, Number.NaN] } } }, /the attribute "a" must be .*NaN/],
          [{ where: { a: { in: [1, undefined] } } }, /the attribute "a" must be .*undefined/],
          [{ where: { a: { in: [1, "1"] } } }, /the attribute "a" is compared with values of two types, 1 and "1"/],
          [{ where: { a: { in: Object.values(many) } } }, /"a" may be in a list of at most 100, and it has 40000/],
          [{ where: { a: { from: Number.NaN } } }, /the attribute "a" must be .*NaN/],
          [{ where: { a: { below: Infinity } } }, /the attribute "a" must be .*Infinity/],
          [{ where: { a: { from: 1, below: "2" } } }, /"a" is compared with values of two types, 1 and "2"/],
          [{ where: { a: { from: true } } }, /the attribute "a" has a boolean for a bound, which has no order/],
          [{ where: { a: { from: 1, above: 1 } } }, /the attribute "a" has both from and above; keep one/],
          [{ where: { a: { below: 1, upTo: 1 } } }, /the attribute "a" has both upTo and below; keep one/]
        ]
        for (const [filter, said] of wrong) {
          for (const ask of [Effect.asVoid(store.list(filter as never)), Effect.asVoid(store.count(filter as never))]) {
            const error = yield* Effect.flip(ask)
            assert.strictEqual(error.reason._tag, "Unsupported")
            assert.match(error.message, said)
            assert.isBelow(error.message.length, 500)
          }
        }
      }),
    timeout
  )

  it.effect(
    "8. a filter may name any number of owners and statuses, and 100 attributes",
    () =>
      Effect.gen(function* () {
        const store = yield* WorkflowStore
        const workflow = freshId()
        const owners = Array.from({ length: 40_000 }, (_, n) => WorkerId.make(`worker ${n}`))
        const statuses = Array.from({ length: 40_000 }, (_, n) => (n % 2 === 0 ? "running" : "failed"))
        const attributes = Object.fromEntries(Array.from({ length: 100 }, (_, n) => [`a${n}`, n]))
        const where = Object.fromEntries(
          Object.keys(attributes).map((name) => [name, { in: Array.from({ length: 100 }, (_, n) => n) }])
        )
        for (const filter of [{ ownerNotIn: owners }, { status: statuses }, { attributes }, { where }]) {
          assert.deepStrictEqual((yield* store.list({ workflow, ...filter })).executions, [])
          assert.strictEqual(yield* store.count({ workflow, ...filter }), 0)
        }
      }),
    timeout
  )

  it.effect(
    "the store says whether it takes commits",
    () =>
      Effect.gen(function* () {
        const store = yield* WorkflowStore
        assert.strictEqual(store.guarantees.writes, settings.writes)
      }),
    timeout
  )

  if (settings.writes === "accepted") return

  it.effect(
    "14. a store that takes no commits says that it cannot, for each commit of a group",
    () =>
      Effect.gen(function* () {
        const store = yield* WorkflowStore
        const commits = [start(freshId()), start(freshId())]
        assert.strictEqual(yield* reasonOf(store.save(commits[0]!)), "Unsupported")
        const reasons = yield* Effect.flatMap(store.saveAll(commits), reasonsOf)
        assert.deepStrictEqual(reasons, ["Unsupported", "Unsupported"])
        for (const { workflowId } of commits) assert.isTrue(Option.isNone(yield* store.load(workflowId)))
      }),
    timeout
  )
}
