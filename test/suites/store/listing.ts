/** Law 8: listing, over 10,000 executions, also while others write. */
import { Effect, Fiber, Layer, Option, Stream } from "effect"
import * as Store from "perdure/Store/WorkflowStore"
import { WorkflowStatus } from "perdure/WorkflowState"
import { assert } from "../assert.ts"
import { after, epoch, finish, freshId, reasonOf, remove, restart, saveAll, start } from "./builders.ts"
import { finding } from "./finding.ts"
import { type It, pass, Population, populate, type Summary } from "./population.ts"
import { type Area, listed, type Settings, stores } from "./Settings.ts"

export const listing: Area = (it, settings) => {
  it.layer(Layer.effect(Population, populate(settings)))((it) => {
    resting(it, settings)
    finding(it, settings)
    moving(it, settings)
  })
}

const resting = (it: It, settings: Settings) => {
  const { timeout } = settings

  it.effect(
    "8. a pass answers every execution that matches once, ordered by start time and id",
    () =>
      Effect.gen(function* () {
        const { summaries, workflows } = yield* Population
        for (const store of yield* stores(settings)) {
          for (const limit of [1000, 999, undefined]) {
            const workflow = workflows[0]!
            const expected = summaries.filter((summary) => summary.workflow === workflow)
            yield* listed(
              store,
              settings,
              Effect.map(pass(store, { workflow, limit }), (found) => assert.deepStrictEqual(found, expected))
            )
          }
        }
      }),
    timeout
  )

  it.effect(
    "8. a stream reads every page",
    () =>
      Effect.gen(function* () {
        const store = yield* Store.WorkflowStore
        const { summaries, workflows } = yield* Population
        const workflow = workflows[1]!
        const found = yield* Stream.runCollect(Store.stream(store, { workflow, limit: 77 }))
        assert.deepStrictEqual(
          [...found],
          summaries.filter((summary) => summary.workflow === workflow)
        )
      }),
    timeout
  )

  it.effect(
    "8. without conditions everything is listed",
    () =>
      Effect.gen(function* () {
        const store = yield* Store.WorkflowStore
        const { summaries } = yield* Population
        const found = yield* pass(store, { limit: 1000 })
        const ids = found.map(({ workflowId }) => workflowId)
        assert.lengthOf(new Set(ids), ids.length)
        assert.isEmpty(summaries.filter(({ workflowId }) => !ids.includes(workflowId)).slice(0, 3))
        const times = found.map(({ startedAt }) => startedAt)
        assert.deepStrictEqual(
          times,
          [...times].sort((a, b) => a - b)
        )
      }),
    timeout
  )

  it.effect(
    "8. a page has 100 executions unless told, and never more than 1,000",
    () =>
      Effect.gen(function* () {
        const store = yield* Store.WorkflowStore
        const { workflows } = yield* Population
        const sizes = yield* Effect.forEach([undefined, 1, 7, 1000, 1001, 1e9], (limit) =>
          Effect.map(store.list({ workflow: workflows[0]!, limit }), ({ executions }) => executions.length)
        )
        assert.deepStrictEqual(sizes, [100, 1, 7, 1000, 1000, 1000])
      }),
    timeout
  )

  it.effect(
    "8. the last page is followed by nothing, also when it is full",
    () =>
      Effect.gen(function* () {
        const store = yield* Store.WorkflowStore
        const { summaries, workflows } = yield* Population
        const filter = { workflow: workflows[2]!, attributes: { tier: 4 }, startedBefore: epoch + 300 }
        const size = summaries.filter(
          ({ attributes, startedAt, workflow }) =>
            workflow === workflows[2] && attributes["tier"] === 4 && startedAt < epoch + 300
        ).length
        assert.isAbove(size, 50)
        for (const limit of [size - 1, size, size + 1]) {
          const { executions, next } = yield* store.list({ ...filter, limit })
          assert.deepStrictEqual([executions.length, Option.isSome(next)], [Math.min(limit, size), limit < size])
        }
        const none = yield* store.list({ ...filter, workflow: freshId("nothing") })
        assert.deepStrictEqual([none.executions.length, Option.isSome(none.next)], [0, false])
      }),
    timeout
  )

  it.effect(
    "8. a filter that makes no sense is refused",
    () =>
      Effect.gen(function* () {
        const store = yield* Store.WorkflowStore
        const filters: ReadonlyArray<Store.WorkflowFilter> = [
          { limit: 0 },
          { limit: 1.5 },
          { limit: Number.NaN },
          { startedFrom: Number.NaN },
          { startedBefore: Number.NaN },
          { closedBefore: Number.NaN },
          { wakeBefore: Number.NaN },
          { order: "random" as "oldest" }
        ]
        for (const filter of filters) {
          assert.strictEqual(yield* reasonOf(store.list(filter)), "Unsupported")
          assert.strictEqual(yield* reasonOf(store.count(filter)), "Unsupported")
        }
        assert.strictEqual(yield* reasonOf(store.list({ cursor: "garbage" })), "Unsupported")
      }),
    timeout
  )

  it.effect(
    "8. a pass may go from the newest to the oldest, and a cursor continues it",
    () =>
      Effect.gen(function* () {
        const { summaries, workflows } = yield* Population
        const workflow = workflows[0]!
        const expected = summaries.filter((summary) => summary.workflow === workflow).toReversed()
        for (const store of yield* stores(settings)) {
          for (const limit of [1000, 333]) {
            assert.deepStrictEqual(yield* pass(store, { workflow, limit, order: "newest" }), expected)
          }
        }
        const store = yield* Store.WorkflowStore
        const oldest = yield* pass(store, { workflow, limit: 1000, order: "oldest" })
        assert.deepStrictEqual(oldest, expected.toReversed())
      }),
    timeout
  )

  it.effect(
    "8. the cursor of one direction continues in the other one, without the execution that it names",
    () =>
      Effect.gen(function* () {
        const store = yield* Store.WorkflowStore
        const { summaries, workflows } = yield* Population
        const workflow = workflows[1]!
        const all = summaries.filter((summary) => summary.workflow === workflow)
        const { next } = yield* store.list({ workflow, limit: 50 })
        const back = yield* store.list({ workflow, limit: 1000, order: "newest", cursor: Option.getOrUndefined(next) })
        assert.deepStrictEqual(back.executions, all.slice(0, 49).toReversed())
        assert.isTrue(Option.isNone(back.next))
        const late = yield* store.list({ workflow, limit: 50, order: "newest" })
        const on = yield* store.list({ workflow, limit: 1000, cursor: Option.getOrUndefined(late.next) })
        assert.deepStrictEqual(on.executions, all.slice(-49))
      }),
    timeout
  )

  it.effect(
    "8. a count does not depend on limits, cursors and the order",
    () =>
      Effect.gen(function* () {
        const store = yield* Store.WorkflowStore
        const { summaries, workflows } = yield* Population
        const workflow = workflows[0]!
        const expected = summaries.filter((summary) => summary.workflow === workflow).length
        const { next } = yield* store.list({ workflow })
        for (const filter of [
          {},
          { limit: 7 },
          { order: "newest" },
          { cursor: Option.getOrUndefined(next) }
        ] as const) {
          assert.strictEqual(yield* store.count({ workflow, ...filter }), expected)
        }
        for (const atMost of [1, 7, expected, expected + 1]) {
          assert.strictEqual(yield* store.count({ workflow }, { atMost }), Math.min(atMost, expected))
        }
        assert.strictEqual(yield* store.count({}, { atMost: 3 }), 3)
        for (const atMost of [0, -1, 1.5, Number.NaN, "1" as never]) {
          assert.strictEqual(yield* reasonOf(store.count({ workflow }, { atMost })), "Unsupported")
        }
        assert.isAtLeast(yield* store.count(), summaries.length)
        assert.strictEqual(yield* store.count({ workflow: freshId("nothing") }), 0)
      }),
    timeout
  )
}

const moving = (it: It, settings: Settings) => {
  const { timeout } = settings

  it.effect(
    "8. the summary that is listed is the latest",
    () =>
      Effect.gen(function* () {
        const store = yield* Store.WorkflowStore
        const first = start(freshId(), { summary: { workflow: freshId("moving") } })
        const { workflow } = first.summary
        const second = after(first.summary, { summary: { status: "blocked", attributes: { changed: true } } })
        const third = finish(second.summary)
        const fourth = restart(third.summary, { summary: { workflow, startedAt: epoch + 9 } })
        const fifth = restart(finish(fourth.summary).summary, { summary: { workflow: `${workflow} renamed` } })
        const history = [first, second, third, fourth, finish(fourth.summary), fifth]
        for (const [index, commit] of history.entries()) {
          yield* store.save(commit)
          for (const status of WorkflowStatus.literals) {
            const filter = { workflow: commit.summary.workflow, status: [status] }
            const expected = commit.summary.status === status ? [commit.summary] : []
            yield* listed(
              store,
              settings,
              Effect.map(store.list(filter), ({ executions }) =>
                assert.deepStrictEqual(executions, expected, `${index}`)
              )
            )
          }
        }
        yield* listed(
          store,
          settings,
          Effect.map(store.list({ workflow }), ({ executions }) => assert.deepStrictEqual(executions, []))
        )
      }),
    timeout
  )

  it.effect(
    "8. while others write, what matches throughout is neither missed nor listed twice",
    () =>
      Effect.gen(function* () {
        const all = yield* stores(settings)
        const { commits, workflows } = yield* Population
        const workflow = workflows[2]!
        const members = commits.filter(({ summary }) => summary.workflow === workflow)
        const open = members.filter(({ summary }) => summary.status === "running")
        // A third goes on, a third ends, a third is left alone; and new ones begin everywhere between them.
        const goOn = open.filter((_, index) => index % 3 === 0)
        const end = open.filter((_, index) => index % 3 === 1)
        const stay = open.filter((_, index) => index % 3 !== 1).map(({ workflowId }) => workflowId)
        const begin = Array.from({ length: 300 }, (_, n) =>
          start(freshId("new"), { summary: { workflow, startedAt: epoch + n * 8 } })
        )
        const writes = [
          ...goOn.map(({ summary }) => after(summary)),
          ...end.map(({ summary }) => finish(summary)),
          ...begin
        ].sort((a, b) => (a.id < b.id ? -1 : 1))
        const writer = yield* Effect.forkChild(
          Effect.forEach(
            Array.from({ length: Math.ceil(writes.length / 10) }, (_, n) => writes.slice(n * 10, n * 10 + 10)),
            (group, n) => Effect.andThen(saveAll(all[n % all.length]!, group), Effect.sleep("2 millis"))
          )
        )
        const passes: Array<ReadonlyArray<Summary>> = []
        do passes.push(yield* pass(all.at(-1)!, { workflow, status: ["running"], limit: 20 }, Effect.sleep("1 millis")))
        while (writer.pollUnsafe() === undefined)
        yield* Fiber.join(writer)
        passes.push(yield* pass(all[0]!, { workflow, status: ["running"], limit: 20 }))
        for (const found of passes) {
          const ids = new Set(found.map(({ workflowId }) => workflowId))
          assert.lengthOf(ids, found.length)
          assert.isEmpty(stay.filter((id) => !ids.has(id)))
          assert.isTrue(found.every(({ status }) => status === "running"))
        }
        // Enough passes to have met the writer, or the test would prove nothing.
        assert.isAtLeast(passes.length, 3)
        yield* listed(
          all[0]!,
          settings,
          Effect.map(pass(all[0]!, { workflow, status: ["running"] }), (found) =>
            assert.sameMembers(
              found.map(({ workflowId }) => workflowId),
              [...stay, ...begin.map(({ workflowId }) => workflowId)]
            )
          )
        )
      }),
    timeout
  )

  it.effect(
    "8. attributes that change, go and come with a new run are found as they are now",
    () =>
      Effect.gen(function* () {
        const store = yield* Store.WorkflowStore
        const workflow = freshId("attributed")
        const first = start(freshId(), { summary: { workflow, attributes: { step: 1, kept: "yes" } } })
        const second = after(first.summary, { summary: { attributes: { step: 2, kept: "yes" } } })
        const third = finish(second.summary, { summary: { attributes: { step: 3, kept: "yes" } } })
        const fourth = restart(third.summary, {
          summary: { workflow, startedAt: epoch + 50, attributes: { step: 3, kept: "yes" } }
        })
        const fifth = after(fourth.summary, { summary: { attributes: {} } })
        const sixth = after(fifth.summary, { summary: { attributes: { kept: "yes" } } })
        for (const commit of [first, second, third, fourth, fifth, sixth]) {
          yield* store.save(commit)
          for (const attributes of [{ step: 1 }, { step: 2 }, { step: 3 }, { kept: "yes" }, { step: 3, kept: "yes" }]) {
            const now: Readonly<Record<string, unknown>> = commit.summary.attributes
            const matches = Object.entries(attributes).every(([name, value]) => now[name] === value)
            yield* listed(
              store,
              settings,
              Effect.map(store.list({ workflow, attributes }), ({ executions }) =>
                assert.deepStrictEqual(executions, matches ? [commit.summary] : [], `${commit.version}`)
              )
            )
          }
        }
        yield* remove(store, first.workflowId)
        yield* listed(
          store,
          settings,
          Effect.map(store.count({ workflow, attributes: { kept: "yes" } }), (count) => assert.strictEqual(count, 0))
        )
      }),
    timeout
  )
}
