/** Law 17 on Dapr: what is damaged affects its own execution alone, whichever key it is in. */
import { assert, it } from "@effect/vitest"
import { Duration, Effect } from "effect"
import { Version, WorkflowId } from "perdure/Ids"
import {
  after,
  epoch,
  freshWorker,
  loaded,
  reasonOf,
  remove,
  restart,
  save,
  saveAll,
  signal,
  start
} from "../suites/store/builders.ts"
import { Keys } from "../../src/Store/dapr/key.ts"
import { components, open, sidecar, state } from "../support/daprClient.ts"
import { describeWith, shared } from "../support/servers.ts"

/** How a head or a place is damaged: another text, or other fields of its JSON; and what is said. */
type Damage = readonly [what: string, text: unknown, said: RegExp]

const heads: ReadonlyArray<Damage> = [
  ["no JSON", "{", /it is not JSON/],
  ["a list", "[]", /it is no object|the latest commit has no id/],
  ["an object that no store wrote", { some: "value" }, /the latest commit has no id/],
  ["no id", JSON.stringify({ id: 5 }), /the latest commit has no id/],
  ["no summary", JSON.stringify({ id: "x" }), /the summary is undefined/],
  ["a summary of another execution", "other", /it is the head of "other"/],
  ["a summary with an unknown status", "status", /the summary has the status "walking"/],
  ["a deletion without a version", JSON.stringify({ workflowId: "d3", deleted: 0 }), /the deletion has no version/]
]

for (const component of components) {
  describeWith("daprd", `what is damaged on Dapr with state.${component}`, () => {
    const server = shared(sidecar(component, { inMemory: true }))
    let prefixes = 0

    /** Ten executions of two commits, the latest damage of the fourth being still to come. */
    const population = Effect.fnUntraced(function* () {
      const prefix = `damaged-${prefixes++}`
      const store = yield* open(yield* server, { prefix, component })
      const firsts = Array.from({ length: 10 }, (_, n) =>
        start(WorkflowId.make(`d${n}`), { summary: { startedAt: epoch + n } })
      )
      yield* saveAll(store, firsts)
      const seconds = firsts.map(({ summary }) => after(summary, { events: [signal("second")] }))
      yield* saveAll(store, seconds)
      return { commits: seconds, prefix, store, client: state(yield* server, component) }
    })

    for (const [what, text, said] of heads) {
      it.live(`17. stops nothing else: a head with ${what}`, () =>
        Effect.gen(function* () {
          const { client, commits, prefix, store } = yield* population()
          const workflowId = WorkflowId.make("d3")
          const summary = {
            ...commits[3]!.summary,
            ...(text === "status" ? { status: "walking" } : { workflowId: text })
          }
          const written = text === "other" || text === "status" ? JSON.stringify({ id: "x", summary }) : text
          yield* client.write(`${prefix}:head:d3`, written)
          const fresh = yield* open(yield* server, { prefix, component })
          for (const each of [store, fresh]) {
            for (const ask of [Effect.asVoid(each.summary(workflowId)), Effect.asVoid(each.load(workflowId))]) {
              const error = yield* Effect.flip(ask)
              assert.strictEqual(error.reason._tag, "Corrupt")
              assert.match(error.message, said)
              assert.match(error.message, /no other execution is affected, so restore this one from a backup/)
            }
            assert.strictEqual(yield* reasonOf(each.save(start(workflowId))), "Corrupt")
          }
          assert.strictEqual(yield* reasonOf(fresh.save(restart(commits[3]!.summary))), "Corrupt")
          const { executions, unreadable } = yield* fresh.list()
          assert.deepStrictEqual(
            executions.map(({ workflowId }) => String(workflowId)),
            ["d0", "d1", "d2", "d4", "d5", "d6", "d7", "d8", "d9"]
          )
          assert.lengthOf(unreadable!, 1)
          assert.strictEqual(unreadable![0]!.workflowId, workflowId)
          assert.match(unreadable![0]!.detail, said)
          assert.strictEqual(yield* fresh.count(), 10)
          assert.lengthOf((yield* fresh.list({ unsettled: true, ownerNotIn: [freshWorker()] })).executions, 9)
          yield* save(fresh, after(commits[0]!.summary))
          assert.isTrue(yield* remove(fresh, commits[1]!.workflowId))
          assert.strictEqual(yield* store.count({ workflow: commits[2]!.summary.workflow }), 9)
        }).pipe(Effect.scoped)
      )
    }

    for (const [what, value, said] of [
      ["gone", undefined, /version 1 is not there/],
      ["no JSON", "{", /version 1: it is not JSON/],
      [
        "of another version",
        JSON.stringify({ id: "a", runId: "r", version: 7, format: 1, events: [] }),
        /version 1 has the label/
      ],
      [
        "without events",
        JSON.stringify({ id: "a", runId: "r", version: 1, format: 1 }),
        /version 1: the events are not an array/
      ],
      [
        "with lost parts",
        JSON.stringify({ id: "a", runId: "r", version: 1, format: 1, parts: { token: "t", count: 2 } }),
        /version 1 is not there/
      ]
    ] as const) {
      it.live(`17. a place that is ${what} makes its execution unreadable, and its later commits are read`, () =>
        Effect.gen(function* () {
          const { client, commits, prefix, store } = yield* population()
          const workflowId = WorkflowId.make("d3")
          yield* value === undefined
            ? client.remove(`${prefix}:commit:d3:1`)
            : client.write(`${prefix}:commit:d3:1`, value)
          assert.strictEqual(yield* reasonOf(store.load(workflowId)), "Corrupt")
          assert.match((yield* Effect.flip(store.load(workflowId))).message, said)
          const { commits: later } = yield* loaded(store, workflowId, 1)
          assert.deepStrictEqual(
            later.map(({ events }) => events),
            [commits[3]!.events]
          )
          assert.lengthOf((yield* store.list()).executions, 10)
          yield* loaded(store, commits[4]!.workflowId)
        }).pipe(Effect.scoped)
      )
    }

    it.live("17. a newer format of events is told as such", () =>
      Effect.gen(function* () {
        const { client, prefix, store } = yield* population()
        const newer = { id: "a", runId: "r", version: 1, format: 1000, events: [] }
        yield* client.write(`${prefix}:commit:d3:1`, JSON.stringify(newer))
        assert.strictEqual(yield* reasonOf(store.load(WorkflowId.make("d3"))), "NewerFormat")
      }).pipe(Effect.scoped)
    )

    it.live("17. a worker that cannot be read is none, and the others live", () =>
      Effect.gen(function* () {
        const { client, prefix, store } = yield* population()
        const [one, other] = [freshWorker(), freshWorker()]
        for (const id of [one, other]) yield* store.heartbeat({ id }, Duration.minutes(1))
        yield* client.write(new Keys(prefix).worker(one), "{")
        assert.deepStrictEqual(
          (yield* store.workers).living.map(({ id }) => id),
          [other]
        )
      }).pipe(Effect.scoped)
    )

    it.live("17. a record of a deletion that cannot be read is corrupt, and the deletion stands", () =>
      Effect.gen(function* () {
        const { client, commits, prefix, store } = yield* population()
        const { workflowId } = commits[3]!
        assert.isTrue(yield* store.delete(workflowId, { version: Version.make(2) }))
        yield* client.write(`${prefix}:record:d3`, "{")
        assert.strictEqual(yield* reasonOf(store.deletion(workflowId)), "Corrupt")
        assert.strictEqual(yield* reasonOf(store.save(start(workflowId))), "Conflict")
      }).pipe(Effect.scoped)
    )
  })
}
