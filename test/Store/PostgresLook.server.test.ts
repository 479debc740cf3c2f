/** The look for executions that are due reads each open execution once, however many there are that are not. */
import { assert, it } from "@effect/vitest"
import { Context, Effect, Layer, Option, Redacted } from "effect"
import { WorkerId, WorkflowId } from "perdure/Ids"
import * as Postgres from "perdure/Store/Postgres"
import { WorkflowStore } from "perdure/Store/WorkflowStore"
import { query } from "../support/postgresClient.ts"
import { describeWith, postgresServer, shared } from "../support/servers.ts"
import { epoch, start } from "../suites/store/builders.ts"

describeWith("postgres", "a look of a PostgreSQL store at many executions that sleep", () => {
  const server = shared(postgresServer({ inMemory: true }))

  it.live(
    "takes five times as long for five times as many",
    () =>
      Effect.gen(function* () {
        const on = yield* server
        const layer = Postgres.layer({ url: Redacted.make(on.url), schema: "look" })
        const store = Context.get(yield* Layer.build(layer), WorkflowStore)
        const summary = { owner: WorkerId.make("w"), wakeAt: epoch * 2, waitingFor: [] }
        yield* store.save(start(WorkflowId.make("first"), { summary }))
        const columns = yield* query(
          on,
          `SELECT string_agg(column_name, ',') AS names FROM information_schema.columns WHERE table_schema = 'look'
           AND table_name = 'executions' AND column_name NOT IN ('key', 'workflow_id', 'started_at')`
        )
        const names = String(columns[0]!["names"])
        /** Adds executions that are like the first one, up to a number. */
        const add = (from: number, to: number) =>
          query(
            on,
            `INSERT INTO look.executions (workflow_id, started_at, ${names}) SELECT 'copy-' || n, started_at + n, ${names}
             FROM look.executions, generate_series(${from}, ${to - 1}) n WHERE started_at = ${epoch}`
          ).pipe(Effect.andThen(query(on, "VACUUM ANALYZE look.executions")))
        /** The milliseconds of the fastest of three looks, each at all pages. */
        const look = Effect.gen(function* () {
          let fastest = Infinity
          for (let n = 0; n < 3; n++) {
            const began = performance.now()
            let cursor: string | undefined
            do {
              const page = yield* store.list({ wakeBefore: epoch, limit: 1000, cursor })
              assert.deepStrictEqual(page.executions, [])
              cursor = Option.getOrUndefined(page.next)
            } while (cursor !== undefined)
            fastest = Math.min(fastest, performance.now() - began)
          }
          return fastest
        })
        yield* add(1, 20_000)
        const few = yield* look
        yield* add(20_000, 100_000)
        const many = yield* look
        // Where each page walks what is left, it is twenty-five times as long.
        assert.isBelow(many, few * 12)
      }),
    120_000
  )
})
