/**
 * What the processes of the tests of the SQLite store do: `node sqliteProgram.ts ROLE FILENAME [ARGUMENT…]`.
 *
 * Each prints a line for what it has done, before it goes on: what is printed was acknowledged.
 */
import { once } from "node:events"
import { writeSync } from "node:fs"
import { Duration, Effect, Exit, Option } from "effect"
import { WorkerId, WorkflowId } from "perdure/Ids"
import * as Sqlite from "perdure/Store/Sqlite"
import { WorkflowStore } from "perdure/Store/WorkflowStore"
import { after, appendToken, loaded, signal, start, type Store } from "../suites/store/builders.ts"

const say = (...words: ReadonlyArray<string | number>) => Effect.sync(() => writeSync(1, `${words.join("\t")}\n`))

/** Waits for a line, so that all processes begin together, or end only when they are told. */
const told = Effect.promise(() => once(process.stdin, "data"))

type Role = (store: Store, args: ReadonlyArray<string>) => Effect.Effect<unknown, unknown>

const roles: Record<string, Role> = {
  /** Appends tokens to executions that others write to as well. */
  append: Effect.fnUntraced(function* (store, [name, count, ...ids]) {
    yield* say("ready")
    yield* told
    for (let n = 0; n < Number(count); n++) {
      for (const id of ids) {
        yield* appendToken(store, WorkflowId.make(id), `${name}:${n}`)
        yield* say(id, `${name}:${n}`)
      }
    }
  }),

  /** Appends groups of tokens to executions of its own, going on from what is there, until it is killed. */
  group: Effect.fnUntraced(function* (store, [name, ...ids]) {
    let summaries = yield* Effect.forEach(ids, (id) =>
      Effect.map(loaded(store, WorkflowId.make(id)), ({ summary }) => summary)
    )
    for (let n = 0; n < 100_000; n++) {
      const token = `${name}:${n}`
      const filler = signal("x".repeat((n * 997) % 5000))
      const commits = summaries.map((summary) =>
        after(summary, { events: [signal(token), filler, signal(token)], summary: { attributes: { token } } })
      )
      const exits = yield* store.saveAll(commits)
      for (const [index, exit] of exits.entries()) if (Exit.isSuccess(exit)) yield* say(ids[index]!, token)
      const failed = exits.find(Exit.isFailure)
      if (failed !== undefined) return yield* say("failed", String(failed.cause))
      summaries = commits.map(({ summary }) => summary)
    }
  }),

  /** Commits once a line, and says when. */
  commit: Effect.fnUntraced(function* (store, ids) {
    yield* say("ready")
    for (const id of ids) {
      yield* told
      yield* store.save(start(WorkflowId.make(id)))
      yield* say(id, yield* Effect.clockWith((clock) => clock.currentTimeMillis))
    }
  }),

  /** Lives as a worker until it is killed. */
  live: Effect.fnUntraced(function* (store, [worker]) {
    yield* store.heartbeat({ id: WorkerId.make(worker!), workflows: [worker!] }, Duration.minutes(10))
    yield* say("ready")
    yield* told
  })
}

const [role, filename, ...args] = process.argv.slice(2)

/** Opens a file only when all are ready, to race for its creation. */
const race = Effect.gen(function* () {
  yield* say("ready")
  yield* told
  yield* Effect.gen(function* () {
    const store = yield* WorkflowStore
    const commit = start(WorkflowId.make(args[0]!))
    yield* store.save(commit)
    yield* say(Option.isSome(yield* store.load(commit.workflowId)) ? "opened" : "lost")
  }).pipe(Effect.provide(Sqlite.layer({ filename: filename! })))
})

const program =
  role === "race"
    ? race
    : Effect.gen(function* () {
        yield* roles[role!]!(yield* WorkflowStore, args)
      }).pipe(Effect.provide(Sqlite.layer({ filename: filename! })))

await Effect.runPromise(program)
process.stdin.unref()
process.exit()
