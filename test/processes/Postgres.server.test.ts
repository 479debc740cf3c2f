/** What the executor promises when processes share a PostgreSQL, and one of them, the server or both are killed, or one is frozen. */
import { assert, it } from "@effect/vitest"
import { Effect, Redacted } from "effect"
import * as Postgres from "perdure/Store/Postgres"
import { describeWith, type PostgresServer, postgresServer } from "../support/servers.ts"
import * as Served from "./served.ts"

const place: Served.Place<PostgresServer> = {
  start: postgresServer(),
  program: "../processes/postgresProgram.ts",
  arguments: ({ url }) => [url],
  store: ({ url }) => Postgres.layer({ url: Redacted.make(url), timeout: "2 seconds" })
}

describeWith("postgres", "processes on one PostgreSQL", () => {
  it.live(
    "11. a worker that is killed is replaced by the other, and nothing is lost",
    () =>
      Served.onServer(
        place,
        Effect.fnUntraced(function* (server) {
          const victim = yield* Served.startWorker(place, server, "victim")
          yield* Served.startWorker(place, server, "heir")
          let inherited: ReadonlyArray<string> = []
          yield* Served.sendTokens(
            Effect.gen(function* () {
              yield* victim.kill
              inherited = yield* Served.ownedBy("victim")
            })
          )
          yield* Served.checkAll(server)
          assert.isNotEmpty(inherited)
          assert.includeMembers([...(yield* Served.takenOver)], [...inherited])
        })
      ),
    120_000
  )

  it.live(
    "11. a worker that is frozen for longer than its lease is replaced, and does no harm when it goes on",
    () =>
      Served.onServer(
        place,
        Effect.fnUntraced(function* (server) {
          const frozen = yield* Served.startWorker(place, server, "frozen")
          yield* Served.startWorker(place, server, "heir")
          let inherited: ReadonlyArray<string> = []
          yield* Served.sendTokens(
            Effect.gen(function* () {
              process.kill(frozen.pid, "SIGSTOP")
              // What it had sent is done by then, and may have ended some.
              yield* Effect.sleep("300 millis")
              inherited = yield* Served.ownedBy("frozen")
              yield* Effect.sleep("100 millis").pipe(
                Effect.andThen(Served.ownedBy("frozen")),
                Effect.repeat({ until: (still) => still.length === 0, times: 200 })
              )
              process.kill(frozen.pid, "SIGCONT")
            })
          )
          yield* Served.checkAll(server, 3)
          assert.isNotEmpty(inherited)
          assert.includeMembers([...(yield* Served.takenOver)], [...inherited])
        })
      ),
    120_000
  )

  it.live(
    "11. living workers keep what they run, though the server was away for longer than their leases",
    () =>
      Served.onServer(
        place,
        Effect.fnUntraced(function* (server) {
          yield* Served.startWorker(place, server, "owner")
          for (const name of ["b", "c"]) yield* Served.startWorker(place, server, name)
          yield* server.kill9
          yield* Effect.sleep("1500 millis")
          yield* server.restart
          // Longer than a lease, so that each of them has looked for workers that are gone.
          yield* Effect.sleep("1500 millis")
          assert.isEmpty(yield* Served.takenOver)
          assert.lengthOf(yield* Served.ownedBy("owner"), Served.count)
          yield* Served.sendTokens(Effect.void)
          yield* Served.checkAll(server)
        })
      ),
    120_000
  )

  it.live(
    "11. the server is killed and comes back, then a worker is killed: nothing is lost",
    () =>
      Served.onServer(
        place,
        Effect.fnUntraced(function* (server) {
          const victim = yield* Served.startWorker(place, server, "victim")
          yield* Served.startWorker(place, server, "heir")
          yield* Served.sendTokens(
            Effect.gen(function* () {
              yield* server.kill9
              yield* Effect.sleep("300 millis")
              yield* server.restart
              yield* Effect.sleep("500 millis")
              yield* victim.kill
            })
          )
          yield* Served.checkAll(server)
        })
      ),
    120_000
  )
})
