/** Law 8: listing, over 10,000 executions, also while others write. */
import { assert, type Vitest } from "@effect/vitest"
import { Context, Effect, Fiber, Layer, Option, Stream } from "effect"
import { WorkerId } from "perdure/Ids"
import * as Store from "perdure/Store/WorkflowStore"
import { WorkflowStatus } from "perdure/WorkflowState"
import { after, epoch, finish, freshId, restart, saveAll, start } from "./builders.ts"
import { type Area, listed, type Settings, stores } from "./Settings.ts"

const count = 10_000

/** The workers that own two thirds of the executions. */
const owners = ["one", "another"].map((name) => WorkerId.make(name))

/** Executions of three workflows that only these tests know, in an order that is not that of a listing. */
class Population extends Context.Service<
  Population,
  {
    readonly workflows: ReadonlyArray<string>
    readonly commits: ReadonlyArray<Store.Commit>
    readonly summaries: ReadonlyArray<Store.ExecutionSummary>
  }
>()("test/Population") {}

const populate = Effect.fnUntraced(function* (settings: Settings) {
  const store = yield* Store.WorkflowStore
  const name = freshId("listed")
  const workflows = ["A", "B", "C"].map((letter) => `${name} ${letter}`)
  const commits = Array.from({ length: count }, (_, index) => {
    // A permutation, since 7,919 is prime to the count; four executions start at each time.
    const n = (index * 7919) % count
    const status = WorkflowStatus.literals[n % 7]!
    return start(freshId(String(n % 10)), {
      summary: {
        workflow: workflows[n % 3]!,
        status,
        startedAt: epoch + Math.floor(n / 4),
        ...(n % 9 < 3 ? {} : { owner: owners[n % 2]! }),
        ...(n % 4 === 3 ? {} : { wakeAt: epoch + (n % 1000) }),
        attributes: {
          tier: n % 5,
          region: n % 2 === 0 ? "eu" : "us",
          urgent: n % 11 === 0,
          ...(n % 100 === 0 ? { tenant: "1", 'a.b "c"': 1, "": "" } : {})
        }
      }
    })
  })
  yield* saveAll(store, commits, settings.groupSize)
  return Population.of({ workflows, commits, summaries: commits.map(({ summary }) => summary).sort(inOrder) })
})

const inOrder = (a: Store.ExecutionSummary, b: Store.ExecutionSummary): number =>
  a.startedAt - b.startedAt || (a.workflowId < b.workflowId ? -1 : 1)

type Summary = Store.ExecutionSummary

/** All of a listing, page by page; no page is larger than asked, and none but the last is followed by nothing. */
const pass = Effect.fnUntraced(function* (
  store: Store.WorkflowStore["Service"],
  filter: Store.WorkflowFilter,
  between: Effect.Effect<void> = Effect.void
) {
  const found: Array<Summary> = []
  let next = Option.none<string>()
  do {
    const page: Store.Page = yield* store.list({ ...filter, cursor: Option.getOrUndefined(next) })
    assert.isAtMost(page.executions.length, filter.limit ?? 100)
    found.push(...page.executions)
    next = page.next
    yield* between
  } while (Option.isSome(next))
  return found
})

export const listing: Area = (it, settings) => {
  it.layer(Layer.effect(Population, populate(settings)), { timeout: "5 minutes" })((it) => {
    resting(it, settings)
    moving(it, settings)
  })
}

type It = Vitest.MethodsNonLive<Store.WorkflowStore | Population>

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

  const tenMinutes = { startedFrom: epoch + 1000, startedBefore: epoch + 1600 }
  const conditions: ReadonlyArray<readonly [string, Store.WorkflowFilter, (summary: Summary) => boolean]> = [
    ["a status", { status: ["failed"] }, ({ status }) => status === "failed"],
    ["what is open", { status: ["running", "blocked"] }, ({ status }) => status === "running" || status === "blocked"],
    ["one open status", { status: ["blocked"] }, ({ status }) => status === "blocked"],
    [
      "open and final",
      { status: ["timedOut", "running"] },
      ({ status }) => status === "timedOut" || status === "running"
    ],
    ["every status", { status: WorkflowStatus.literals }, () => true],
    ["no status", { status: [] }, () => false],
    ["started from", { startedFrom: epoch + 2400 }, ({ startedAt }) => startedAt >= epoch + 2400],
    ["started before", { startedBefore: epoch + 100 }, ({ startedAt }) => startedAt < epoch + 100],
    ["started within", tenMinutes, ({ startedAt }) => startedAt >= epoch + 1000 && startedAt < epoch + 1600],
    ["started never", { startedFrom: epoch + 5, startedBefore: epoch + 5 }, () => false],
    ["a text", { attributes: { region: "us" } }, ({ attributes }) => attributes["region"] === "us"],
    ["a number", { attributes: { tier: 3 } }, ({ attributes }) => attributes["tier"] === 3],
    ["a flag", { attributes: { urgent: true } }, ({ attributes }) => attributes["urgent"] === true],
    ["a flag that is off", { attributes: { urgent: false } }, ({ attributes }) => attributes["urgent"] === false],
    ["a number that is a text", { attributes: { tier: "3" } }, () => false],
    ["a text that is a number", { attributes: { tenant: 1 } }, () => false],
    ["a text that looks like one", { attributes: { tenant: "1" } }, ({ attributes }) => attributes["tenant"] === "1"],
    ["strange names", { attributes: { 'a.b "c"': 1, "": "" } }, ({ attributes }) => attributes[""] === ""],
    ["an unknown attribute", { attributes: { toString: "x" } }, () => false],
    ["no owner", { ownerNotIn: owners }, ({ owner }) => owner === undefined],
    ["another owner or none", { ownerNotIn: owners.slice(1) }, ({ owner }) => owner !== owners[1]],
    ["any owner or none", { ownerNotIn: [] }, () => true],
    [
      "what is open and has no owner that lives",
      { status: ["running", "blocked"], ownerNotIn: owners.slice(0, 1) },
      ({ owner, status }) => owner !== owners[0] && (status === "running" || status === "blocked")
    ],
    ["due", { wakeBefore: epoch + 500 }, ({ wakeAt }) => wakeAt !== undefined && wakeAt < epoch + 500],
    ["never due", { wakeBefore: epoch }, () => false],
    ["no attributes", { attributes: {} }, () => true],
    [
      "all of it",
      { ...tenMinutes, status: ["running", "completed"], attributes: { region: "eu", tier: 2 } },
      ({ attributes, startedAt, status }) =>
        startedAt >= epoch + 1000 &&
        startedAt < epoch + 1600 &&
        (status === "running" || status === "completed") &&
        attributes["region"] === "eu" &&
        attributes["tier"] === 2
    ]
  ]

  it.effect.each(conditions)(
    "8. executions are found by %s",
    ([, filter, holds]) =>
      Effect.gen(function* () {
        const store = yield* Store.WorkflowStore
        const { summaries, workflows } = yield* Population
        for (const [index, limit] of [1000, 97].entries()) {
          const workflow = workflows[index]!
          const expected = summaries.filter((summary) => summary.workflow === workflow && holds(summary))
          assert.deepStrictEqual(yield* pass(store, { ...filter, workflow, limit }), expected)
        }
      }),
    timeout
  )

  it.effect(
    "8. what is no cursor is refused",
    () =>
      Effect.gen(function* () {
        const store = yield* Store.WorkflowStore
        for (const cursor of ["", "nonsense", "{}", "null", "[1]", '["a",1]']) {
          const error = yield* Effect.flip(store.list({ cursor }))
          assert.deepStrictEqual([error.operation, error.reason._tag], ["list", "Unsupported"])
        }
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
}
