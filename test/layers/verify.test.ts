/** Verify: each way in which a stored execution can be unsound is told in words, and nothing is written. */
import { assert, describe, it } from "@effect/vitest"
import { Effect, Layer, Option, Schema, Stream } from "effect"
import { TestClock } from "effect/testing"
import { Activity, Signal, Verify, Workflow, WorkflowStore } from "perdure"
import * as DefaultExecutor from "perdure/Executor/Default"
import { RunId, Version, WorkflowId } from "perdure/Ids"
import * as MemoryStore from "perdure/Store/Memory"
import { Corrupt, StoreError } from "perdure/Store/WorkflowStore"

const Work = Activity.make("Work", { input: Schema.Int, success: Schema.Int })
const Go = Signal.make("go")
const Child = Workflow.make("Child", { workflowId: () => "child" })
const Parent = Workflow.make("Parent", { input: Schema.Int, workflowId: () => "parent" })
const Pair = Workflow.make("Pair", { workflowId: () => "pair" })
const Live = Layer.mergeAll(
  Pair.toLayer(() =>
    Effect.all(
      ["first", "second"].map((workflowId) => Child.execute(undefined, { workflowId })),
      { concurrency: "unbounded", discard: true }
    )
  ),
  Child.toLayer(() => Go.receive),
  Parent.toLayer(
    Effect.fnUntraced(function* (n) {
      yield* Work(n)
      if (n > 0) return Parent.continueAsNew(n - 1)
      yield* Effect.sleep("1 hour")
      return yield* Child.execute()
    })
  )
).pipe(
  Layer.provide(Work.toLayer(Effect.succeed)),
  Layer.provideMerge(DefaultExecutor.layer),
  Layer.provideMerge(MemoryStore.layer)
)

type Stored = WorkflowStore.StoredExecution
type Commits = ReadonlyArray<WorkflowStore.StoredCommit>

const parentId = WorkflowId.make("parent")
const childId = WorkflowId.make("child")

/** Verdicts on a store that reads one execution back as it was made by a change. */
const verdictsOn = (id: WorkflowId, change: (stored: Stored) => Stored) =>
  Effect.gen(function* () {
    const store = yield* WorkflowStore.WorkflowStore
    const read = (found: Option.Option<Stored>, workflowId: WorkflowId) =>
      workflowId === id ? Option.map(found, change) : found
    const changed = {
      ...store,
      load: (workflowId: WorkflowId, options?: { readonly after?: Version | undefined }) =>
        Effect.map(store.load(workflowId, options), (found) => read(found, workflowId)),
      summary: (workflowId: WorkflowId) =>
        Effect.map(store.load(workflowId), (found) => Option.map(read(found, workflowId), ({ summary }) => summary))
    }
    const verdicts = yield* Effect.provideService(
      Stream.runCollect(Verify.stream()),
      WorkflowStore.WorkflowStore,
      changed
    )
    return Object.fromEntries(verdicts.map(({ faults, workflowId }) => [workflowId, faults]))
  })

/** A parent of three runs that waits for its child. */
const family = Effect.gen(function* () {
  const parent = yield* Parent.start(2)
  const { summary } = yield* WorkflowStore.WorkflowStore
  // What follows from time that passes is done in fibers of the executor.
  for (let turn = 0; Option.isNone(yield* summary(childId)) && turn < 100; turn++) yield* TestClock.adjust("1 hour")
  yield* TestClock.adjust("1 hour")
  return parent
})

const edit = (commits: Commits, index: number, commit: object): Commits =>
  commits.map((each, at) => (at === (index < 0 ? commits.length + index : index) ? { ...each, ...commit } : each))

const withSummary = (stored: Stored, summary: object): Stored => ({
  ...stored,
  summary: { ...stored.summary, ...summary }
})

describe("verify", () => {
  it.effect("finds nothing in sound executions, of any status", () =>
    Effect.gen(function* () {
      const parent = yield* family
      const sound = { parent: [], child: [] }
      assert.deepStrictEqual(yield* verdictsOn(parentId, (stored) => stored), sound)
      yield* Go.send("child")
      yield* parent.result
      assert.deepStrictEqual(yield* verdictsOn(parentId, (stored) => stored), sound)
      assert.deepStrictEqual(yield* Verify.one("parent"), { workflowId: parentId, faults: [] })
      assert.isUndefined(yield* Verify.one("nothing"))
    }).pipe(Effect.provide(Live))
  )

  it.effect("looks at those that match", () =>
    Effect.gen(function* () {
      yield* family
      const verdicts = yield* Stream.runCollect(Verify.stream({ workflow: "Child" }))
      assert.deepStrictEqual(verdicts, [{ workflowId: childId, faults: [] }])
    }).pipe(Effect.provide(Live))
  )

  it.effect("says what is wrong", () =>
    Effect.gen(function* () {
      yield* family
      const store = yield* WorkflowStore.WorkflowStore
      const whole = Option.getOrThrow(yield* store.load(parentId, { after: Version.make(0) }))
      const { commits, summary } = whole
      const { firstVersion, runId, version } = summary
      const other = RunId.make("other")
      const shownRun = JSON.stringify(runId)
      const faults: ReadonlyArray<readonly [(stored: Stored) => Stored, ReadonlyArray<string>]> = [
        [() => ({ summary, commits: [] }), ["it has a summary and no commits"]],
        [
          (stored) => ({ ...stored, commits: stored.commits.filter((_, index) => index !== 1) }),
          [`version 2 is missing: 3 stands there`]
        ],
        [
          (stored) => ({ ...stored, commits: stored.commits.slice(0, -1) }),
          [`the latest commit has version ${version - 1}, and the summary ${version}`]
        ],
        [
          (stored) => ({ ...stored, commits: edit(stored.commits, 1, { id: commits[0]!.id }) }),
          [`the commit of version 2 has the id ${JSON.stringify(commits[0]!.id)} of an earlier one`]
        ],
        [
          (stored) => ({ ...stored, commits: edit(stored.commits, -1, { runId: other }) }),
          [
            `the latest commit is of run "other", and the summary of ${shownRun}`,
            `the current run begins with version ${version}, and by the summary with ${firstVersion}`
          ]
        ],
        [
          (stored) => ({ ...stored, commits: edit(stored.commits, -1, { runId: commits[0]!.runId }) }),
          [
            `version ${version} belongs to run ${JSON.stringify(commits[0]!.runId)}, which another run has followed`,
            `the latest commit is of run ${JSON.stringify(commits[0]!.runId)}, and the summary of ${shownRun}`,
            `the current run begins with version 1, and by the summary with ${firstVersion}`
          ]
        ],
        [
          (stored) => withSummary(stored, { firstVersion: 1 }),
          [`the current run begins with version ${firstVersion}, and by the summary with 1`]
        ],
        [(stored) => ({ ...stored, commits: edit(stored.commits, 1, { events: [] }) }), ["version 2 has no events"]],
        [
          (stored) => ({ ...stored, commits: edit(stored.commits, 1, { events: [{ _tag: "TimerFired", at: 0 }] }) }),
          ['version 2 has a damaged event: Missing key\n  at ["seq"]']
        ],
        [
          (stored) => ({
            ...stored,
            commits: edit(stored.commits, 0, { events: commits[0]!.events.slice(1) })
          }),
          [`run ${JSON.stringify(commits[0]!.runId)} does not begin at version 1`]
        ],
        [
          (stored) => ({
            ...stored,
            commits: edit(stored.commits, 1, { events: [commits[0]!.events[0], ...commits[1]!.events] })
          }),
          [`run ${JSON.stringify(commits[0]!.runId)} begins again at version 2`]
        ],
        [
          (stored) => withSummary(stored, { status: "completed", closedAt: 5 }),
          [
            'the summary has the status "completed", and its history "running"',
            "the summary has the closedAt 5, and its history undefined"
          ]
        ],
        [
          (stored) => withSummary(stored, { owner: "somebody", owed: 2, memo: { a: 1 } }),
          [
            `the summary has the owner "somebody", and its history ${JSON.stringify(summary.owner)}`,
            "the summary has the owed 2, and its history undefined",
            'the summary has the memo {"a":1}, and its history undefined'
          ]
        ]
      ]
      for (const [change, expected] of faults) {
        assert.deepStrictEqual((yield* verdictsOn(parentId, change))["parent"], expected)
      }
      const ended = commits.findIndex(({ events }) => events.some(({ _tag }) => _tag === "ExecutionContinued"))
      const late = (stored: Stored) => ({
        ...stored,
        commits: edit(stored.commits, ended, {
          events: [...commits[ended]!.events, { _tag: "SignalReceived", at: 0, name: "late", payload: null }]
        })
      })
      assert.deepStrictEqual((yield* verdictsOn(parentId, late))["parent"], [
        `version ${ended + 1} has an event after the end of its run: SignalReceived`
      ])
      assert.deepStrictEqual(yield* verdictsOn(parentId, (stored) => stored), { parent: [], child: [] })
    }).pipe(Effect.provide(Live))
  )

  it.effect("says when a worker would look too late", () =>
    Effect.gen(function* () {
      yield* Parent.start(0)
      yield* TestClock.adjust("1 minute")
      const hour = 3_600_000
      const at = (wakeAt: number | undefined) => (stored: Stored) => withSummary(stored, { wakeAt })
      assert.deepStrictEqual((yield* verdictsOn(parentId, at(hour - 1)))["parent"], [])
      assert.deepStrictEqual((yield* verdictsOn(parentId, at(hour + 1)))["parent"], [
        "a worker looks at it at 3600001, and by its history at 3600000"
      ])
      assert.deepStrictEqual((yield* verdictsOn(parentId, at(undefined)))["parent"], [
        "a worker looks at it at undefined, and by its history at 3600000"
      ])
    }).pipe(Effect.provide(Live))
  )

  it.effect("says when a child will never tell of its end", () =>
    Effect.gen(function* () {
      yield* family
      const store = yield* WorkflowStore.WorkflowStore
      const waits = 'it waits for the child "child", '
      const other = (stored: Stored) => withSummary(stored, { runId: "other" })
      assert.deepStrictEqual((yield* verdictsOn(childId, other))["parent"], [`${waits}whose id another execution has`])
      const over = (stored: Stored) => withSummary(stored, { status: "completed" })
      assert.deepStrictEqual((yield* verdictsOn(childId, over))["parent"], [
        `${waits}which has ended and does not owe it word of that`
      ])
      const owing = (stored: Stored) => withSummary(stored, { status: "completed", owed: 1 })
      assert.deepStrictEqual((yield* verdictsOn(childId, owing))["parent"], [])
      const { version } = Option.getOrThrow(yield* store.summary(childId))
      yield* store.delete(childId, { version })
      assert.deepStrictEqual(yield* Verify.one("parent"), {
        workflowId: parentId,
        faults: [`${waits}which is not there`]
      })
    }).pipe(Effect.provide(Live))
  )

  it.effect("says of children what was so at each look, while their parent changes", () =>
    Effect.gen(function* () {
      const children = ["first", "second"]
      yield* Pair.start()
      yield* TestClock.adjust("1 hour")
      const store = yield* WorkflowStore.WorkflowStore
      const verdict = (gone: (looks: number) => ReadonlyArray<string>) => {
        let looks = 0
        return Effect.provideService(Verify.one("pair"), WorkflowStore.WorkflowStore, {
          ...store,
          load: (id, options) => {
            looks++
            return store.load(id, options)
          },
          // As its parent is when it goes on all the time.
          summary: (id) => {
            if (id !== "pair") return gone(looks).includes(id) ? Effect.succeedNone : store.summary(id)
            return Effect.map(
              store.summary(id),
              Option.map((summary) => ({ ...summary, version: Version.make(summary.version + looks) }))
            )
          }
        })
      }
      const faults = children.map((id) => `it waits for the child "${id}", which is not there`)
      assert.deepStrictEqual((yield* verdict(() => children))?.faults, faults)
      assert.deepStrictEqual((yield* verdict((looks) => (looks < 3 ? children : ["second"])))?.faults, faults.slice(1))
      assert.deepStrictEqual((yield* verdict((looks) => [children[looks % 2]!]))?.faults, [])
    }).pipe(Effect.provide(Live))
  )

  it.effect("says what cannot be read, and fails with the store", () =>
    Effect.gen(function* () {
      yield* family
      const store = yield* WorkflowStore.WorkflowStore
      const corrupt = new StoreError({ operation: "load", reason: new Corrupt({ detail: "page 7 is torn" }) })
      const on = (load: typeof store.load) =>
        Effect.provideService(Verify.one("parent"), WorkflowStore.WorkflowStore, { ...store, load })
      const verdict = yield* on(() => Effect.fail(corrupt))
      assert.deepStrictEqual(verdict?.faults, [corrupt.reason.message])
      const away = new StoreError({ operation: "load", reason: new WorkflowStore.Unavailable({ cause: "away" }) })
      assert.strictEqual(yield* Effect.flip(on(() => Effect.fail(away))), away)
    }).pipe(Effect.provide(Live))
  )

  it.effect("says nothing of a child that its parent has still to start, or that changes while it is looked at", () =>
    Effect.gen(function* () {
      yield* family
      const store = yield* WorkflowStore.WorkflowStore
      const whole = Option.getOrThrow(yield* store.load(parentId))
      const sent = whole.commits.findIndex(({ events }) => events.some(({ _tag }) => _tag === "MessageSent"))
      assert.isAtLeast(sent, 0)
      // As it is while the store takes nothing for the child.
      const commits = whole.commits.slice(0, sent + 1)
      const { version } = commits.at(-1)!
      const owing = { ...whole, commits, summary: { ...whole.summary, version, owed: 1, wakeAt: 0 } }
      const child = Option.getOrThrow(yield* store.summary(childId))
      const nobody = { ...store, load: () => Effect.succeedSome(owing), summary: () => Effect.succeedNone }
      const on = (service: typeof store) =>
        Effect.provideService(Verify.one("parent"), WorkflowStore.WorkflowStore, service)
      const verdict = yield* on(nobody)
      assert.deepStrictEqual(
        verdict?.faults.filter((fault) => fault.includes("child")),
        []
      )
      // One that is there at the third look; its parent changes all the time.
      let looks = 0
      const busy = {
        ...store,
        summary: (id: WorkflowId) =>
          id === childId
            ? Effect.sync(() => (++looks < 3 ? Option.none() : Option.some(child)))
            : Effect.map(store.summary(id), (found) =>
                Option.map(found, (summary) => ({ ...summary, version: Version.make(summary.version + 1) }))
              )
      }
      assert.deepStrictEqual(yield* on(busy), { workflowId: parentId, faults: [] })
      assert.strictEqual(looks, 3)
      // One that is not there at any of them.
      looks = -1000
      assert.deepStrictEqual(yield* on(busy), {
        workflowId: parentId,
        faults: ['it waits for the child "child", which is not there']
      })
    }).pipe(Effect.provide(Live))
  )
})
