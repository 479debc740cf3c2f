/** The Kafka store and what happens between it and its broker: answers that are lost, connections that fail, partitions. */
import { assert, it } from "@effect/vitest"
import { Effect, Fiber, Option } from "effect"
import { freshId, loaded, reasonOf, save, start } from "../suites/store/builders.ts"
import { clients, isWhole, open } from "../support/kafkaClient.ts"
import { kafkaBehindProxy } from "../support/kafkaServer.ts"
import { describeWith, shared } from "../support/servers.ts"
import { soon } from "../support/soon.ts"
import { allOf, endsOf, everyOperation } from "./everyOperation.ts"
import { linking } from "./linking.ts"

/** How many connections the process has open, of all that it does. */
const connections = (): number => process.getActiveResourcesInfo().filter((kind) => kind === "TCPSocketWrap").length

for (const client of clients) {
  describeWith("kafka", `the Kafka store with ${client} and its connections`, () => {
    const place = shared(kafkaBehindProxy())

    /** A store behind the proxy, and one beside it, in a topic of their own. */
    const behindProxy = Effect.fnUntraced(function* (topic: string) {
      const { between, server } = yield* place
      const direct = yield* open(server, { topic, client })
      const store = yield* open(between, { topic, client, timeout: "2 seconds" })
      return { between, store, direct }
    })

    linking({
      link: behindProxy,
      server: "broker",
      rounds: Number(process.env["ROUNDS"] ?? (isWhole ? 20 : 5)),
      patience: "2500 millis",
      // No longer than they may take, but for what the machine needs.
      silence: "3 seconds",
      recovers: "at once"
    })

    it.live("9. an answer to a deletion that is lost leaves nothing to remove", () =>
      Effect.gen(function* () {
        const { between, direct, store } = yield* behindProxy("removals")
        const first = start(freshId())
        yield* save(store, first)
        yield* between.loseAnswersFrom('"k":"d"')
        const removing = yield* Effect.forkChild(store.delete(first.workflowId, first))
        yield* soon(Effect.map(direct.load(first.workflowId), (found) => assert.isTrue(Option.isNone(found))))
        assert.isUndefined(removing.pollUnsafe(), "the answer was not lost")
        yield* between.cut
        // The log says that the deletion is its own.
        assert.isTrue(yield* Fiber.join(removing))
        assert.isFalse(yield* store.delete(first.workflowId, first))
        assert.strictEqual((yield* store.deletion(first.workflowId))._tag, "Some")
      }).pipe(Effect.scoped)
    )

    it.live("14. what writes ends in time too while the broker answers what reads", () =>
      Effect.gen(function* () {
        const { between, direct, store } = yield* behindProxy("mute")
        const first = start(freshId())
        yield* save(store, first)
        yield* between.freezeFrom(first.workflowId)
        const { count, delete: removal, save: saving, "save details": details } = everyOperation(store, first)
        const writing = { removal: removal!, saving: saving!, details: details! }
        assert.deepStrictEqual(yield* endsOf(writing, "3 seconds"), allOf(writing, "Unavailable"))
        assert.deepStrictEqual(yield* endsOf({ count: count! }, "1 second"), { count: "done" })
        yield* between.cut
        assert.lengthOf((yield* loaded(direct, first.workflowId)).commits, 1)
      }).pipe(Effect.scoped)
    )

    it.live("9. a commit that is given up while it stands in line is not stored later", () =>
      Effect.gen(function* () {
        const { between, direct, store } = yield* behindProxy("given-up")
        yield* save(store, start(freshId()))
        yield* between.freeze
        // More than are under way at once. All are given up while the first ones wait for their answers, and for the log after that.
        const commits = Array.from({ length: 8 }, () => start(freshId()))
        const saving = yield* Effect.forEach(commits, (commit) =>
          Effect.tap(Effect.forkChild(reasonOf(store.save(commit))), () => Effect.sleep("20 millis"))
        )
        const reasons = yield* Effect.forEach(saving, Fiber.join)
        assert.deepStrictEqual(
          reasons,
          commits.map(() => "Unavailable")
        )
        yield* between.cut
        const next = start(freshId())
        yield* save(store, next)
        assert.deepStrictEqual(
          (yield* direct.list()).executions
            .map(({ workflowId }) => workflowId)
            .filter((id) => commits.some(({ workflowId }) => workflowId === id)),
          []
        )
      }).pipe(Effect.scoped)
    )

    it.live(
      "14. a broker that stands still for long costs no connection that stays",
      () =>
        Effect.gen(function* () {
          const { server } = yield* place
          const store = yield* open(server, { topic: "leaks", client, timeout: "1 second" })
          const first = start(freshId())
          yield* save(store, first)
          const before = connections()
          yield* Effect.acquireUseRelease(
            Effect.sync(() => process.kill(server.pid(), "SIGSTOP")),
            () =>
              Effect.gen(function* () {
                for (let round = 0; round < 10; round++) yield* endsOf(everyOperation(store, first), "2 seconds")
                assert.isAtMost(connections(), before + 6)
              }),
            () => Effect.sync(() => process.kill(server.pid(), "SIGCONT"))
          )
          yield* save(store, start(freshId()))
          yield* soon(Effect.sync(() => assert.isAtMost(connections(), before + 2)))
        }).pipe(Effect.scoped),
      60_000
    )
  })
}
