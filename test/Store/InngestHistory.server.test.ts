/** What a store on Inngest makes of events that processes wrote which were stopped while they wrote, and of what it lists: on a double. */
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { randomUUID } from "node:crypto"
import type { Commit } from "perdure/Store/WorkflowStore"
import { Names } from "../../src/Store/inngest/names.ts"
import { contentOf, encode } from "../../src/Store/inngest/record.ts"
import { after, finish, freshId, loaded, reasonOf, save, start } from "../suites/store/builders.ts"
import { freshPrefix, type InngestServer, inngestDouble, open, quick } from "../support/inngestClient.ts"
import { shared } from "../support/servers.ts"

/** Sends a commit as a writer does that knows of no other one, and waits until it is shown. */
const sendAlone = Effect.fnUntraced(function* ({ url }: InngestServer, prefix: string, commit: Commit) {
  const name = new Names(prefix).execution(commit.workflowId)
  const event = { name, id: `${name}/${randomUUID()}`, data: { text: encode(contentOf(commit)) } }
  yield* Effect.promise(() => fetch(`${url}/e/perdure`, { method: "POST", body: JSON.stringify([event]) }))
  yield* Effect.sleep("20 millis")
})

describe("the events of an execution", () => {
  const server = shared(inngestDouble({ delay: 4, delayOfEach: 0 }))

  it.live(
    "2. a version that a writer had sent before which was stopped while it wrote is a conflict for its successor",
    () =>
      Effect.gen(function* () {
        const prefix = freshPrefix()
        const store = yield* open(yield* server, { ...quick, prefix })
        const first = start(freshId())
        yield* save(store, first)
        const stale = after(first.summary)
        yield* sendAlone(yield* server, prefix, stale)
        assert.strictEqual(yield* reasonOf(store.save(after(first.summary))), "Conflict")
        const { commits } = yield* loaded(store, first.workflowId)
        assert.deepStrictEqual(
          commits.map(({ id }) => id),
          [first.id, stale.id]
        )
        // It goes on after the one that counts.
        yield* save(store, after(stale.summary))
      }).pipe(Effect.scoped)
  )

  it.live(
    "2. of one version the event that was received first counts, also when it is on a later page than the others",
    () =>
      Effect.gen(function* () {
        const prefix = freshPrefix()
        const store = yield* open(yield* server, { ...quick, prefix, role: "client" })
        const first = start(freshId())
        const [winner, loser] = [after(first.summary), after(first.summary)]
        for (const commit of [first, winner]) yield* sendAlone(yield* server, prefix, commit)
        yield* Effect.replicateEffect(sendAlone(yield* server, prefix, loser), 60)
        const { commits } = yield* loaded(store, first.workflowId)
        assert.deepStrictEqual(
          commits.map(({ id }) => id),
          [first.id, winner.id]
        )
        assert.deepStrictEqual(
          (yield* loaded(store, first.workflowId, first.version)).commits.map(({ id }) => id),
          [winner.id]
        )
      }).pipe(Effect.scoped)
  )

  it.live("8. a run that has begun or ended is listed so by clients once its caller knows", () =>
    Effect.gen(function* () {
      const on = yield* inngestDouble({ delay: 100, delayOfEach: 0 })
      const options = { ...quick, prefix: freshPrefix(), visibility: "300 millis" } as const
      const worker = yield* open(on, options)
      const client = yield* open(on, { ...options, role: "client" })
      const other = yield* open(on, { ...options, role: "client" })
      for (const [writer, reader] of [
        [worker, client],
        [client, other]
      ] as const) {
        const workflow = randomUUID()
        const listed = Effect.map(reader.list({ workflow }), ({ executions }) => executions.map(({ status }) => status))
        const first = start(freshId(), { summary: { workflow } })
        yield* save(writer, first)
        assert.deepStrictEqual(yield* listed, ["running"])
        yield* save(writer, finish(first.summary))
        assert.deepStrictEqual(yield* listed, ["completed"])
      }
    }).pipe(Effect.scoped)
  )
})
