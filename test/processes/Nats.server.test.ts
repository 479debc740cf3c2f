/** What the executor promises when processes share a bucket of NATS, and one of them or the server itself is killed. */
import { assert, it } from "@effect/vitest"
import { Effect } from "effect"
import * as Nats from "perdure/Store/Nats"
import { describeWith, type NatsServer, natsServer } from "../support/servers.ts"
import * as Served from "./served.ts"

const place: Served.Place<NatsServer> = {
  start: natsServer(),
  program: "../processes/natsProgram.ts",
  arguments: ({ address, monitor }) => [address, monitor],
  store: ({ address, monitor }) => Nats.layer({ servers: address, monitor, timeout: "2 seconds" })
}

describeWith("nats", "processes on one bucket of NATS", () => {
  it.live(
    "11. a worker that is killed is replaced by the other, and nothing is lost",
    () =>
      Served.onServer(
        place,
        Effect.fnUntraced(function* (server) {
          const victim = yield* Served.startWorker(place, server, "victim")
          const heir = yield* Served.startWorker(place, server, "heir")
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
          yield* heir.kill
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
          for (const name of ["b", "c", "d"]) yield* Served.startWorker(place, server, name)
          for (let time = 0; time < 2; time++) {
            yield* server.kill9
            yield* Effect.sleep("1500 millis")
            yield* server.restart
            // Longer than a lease, so that each of them has looked for workers that are gone.
            yield* Effect.sleep("1500 millis")
          }
          assert.isEmpty(yield* Served.takenOver)
          assert.lengthOf(yield* Served.ownedBy("owner"), Served.count)
          yield* Served.sendTokens(Effect.void)
          yield* Served.checkAll(server)
        })
      ),
    120_000
  )

  it.live(
    "11. the server is killed and comes back: the workers go on, and nothing is lost",
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
