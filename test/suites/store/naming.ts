/** Law 10, for all that has a name beside executions: workflows, runs, workers, commits and attributes. */
import { Effect, Option } from "effect"
import { RunId, WorkerId, WorkflowId } from "perdure/Ids"
import { WorkflowStore } from "perdure/Store/WorkflowStore"
import { assert } from "../assert.ts"
import { after, freshId, freshRun, loaded, reasonOf, restart, saveAll, start } from "./builders.ts"
import { type Area, listed } from "./Settings.ts"

/** Ends of names that a text column, a header or a JSON text may make alike. */
const ends = [
  ...[
    "",
    " ",
    "a",
    "A",
    "\u0000",
    "\u0000b",
    "\n",
    "\r\nX: y",
    "'",
    '"',
    "\\",
    "\\ud800",
    "%",
    "é",
    "e\u0301",
    "\ufffd"
  ],
  ...["\ud800", "\ud801", "\udc00", "\ud83d\ude00", "\ude00\ud83d", "\ufffe", '\ufffe"', "\ufeff"]
]

export const naming: Area = (it, settings) => {
  const { timeout } = settings

  it.effect(
    "10. workflows, runs, owners and attributes whose names differ in anything are different",
    () =>
      Effect.gen(function* () {
        const store = yield* WorkflowStore
        const own = freshRun()
        const names = new Set(ends.flatMap((end) => [own + end, end + own]))
        const commits = Array.from(names, (name) =>
          start(freshId(), {
            id: name,
            runId: RunId.make(name),
            summary: {
              workflow: name,
              owner: WorkerId.make(name),
              chain: RunId.make(name),
              waitingFor: [{ _tag: "Signal", name }],
              unreceived: { [name]: 1, other: 2 },
              published: { [name]: { value: name.toWellFormed() }, other: { leftOut: "large" } },
              attributes: { own, [name]: 1, value: name },
              parent: { workflowId: WorkflowId.make(name), chain: RunId.make(name) },
              root: { workflowId: WorkflowId.make(`root ${own}`), chain: RunId.make(name) }
            }
          })
        )
        yield* saveAll(store, commits)
        const everyone = commits.map(({ summary }) => summary.owner!)
        for (const commit of commits) {
          const { id, runId, summary, workflowId } = commit
          assert.deepStrictEqual(yield* store.summary(workflowId), Option.some(summary))
          const [read] = (yield* loaded(store, workflowId)).commits
          assert.deepStrictEqual([read?.id, read?.runId], [id, runId])
          const others = everyone.filter((owner) => owner !== summary.owner)
          for (const filter of [
            { workflow: summary.workflow },
            { attributes: { [id]: 1 } },
            { attributes: { value: id } },
            { attributes: { own }, ownerNotIn: others },
            { parent: id },
            { parent: { workflowId: id, runId: id } },
            { root: { workflowId: `root ${own}`, runId: id } }
          ]) {
            yield* listed(
              store,
              settings,
              Effect.map(store.list(filter), ({ executions }) => assert.deepStrictEqual(executions, [summary]))
            )
          }
        }
      }),
    timeout
  )

  it.effect(
    "10. a commit is known again, and its run goes on, whatever their names",
    () =>
      Effect.gen(function* () {
        const store = yield* WorkflowStore
        for (const end of ["\ud800", "\u0000", "\ufffe"]) {
          const first = start(freshId(), { id: `1${end}`, runId: RunId.make(freshRun() + end) })
          yield* store.save(first)
          yield* store.save(first)
          assert.strictEqual(yield* reasonOf(store.save({ ...first, id: "1\ufffd" })), "Conflict")
          const second = after(first.summary, { id: `2${end}` })
          yield* store.save(second)
          yield* store.save(second)
          yield* store.save(first)
          const stranger = after(second.summary)
          const runId = RunId.make(first.runId.replaceAll(end, "\ufffd"))
          assert.strictEqual(
            yield* reasonOf(store.save({ ...stranger, runId, summary: { ...stranger.summary, runId } })),
            "Conflict"
          )
          const third = restart(second.summary, { runId: RunId.make(freshRun() + end) })
          yield* store.save(third)
          const { commits } = yield* loaded(store, first.workflowId, 0)
          assert.deepStrictEqual(
            commits.map(({ id, runId }) => [id, runId]),
            [first, second, third].map(({ id, runId }) => [id, runId])
          )
        }
      }),
    timeout
  )
}
