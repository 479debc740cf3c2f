/** The Dapr store and what happens between it and its sidecar: answers that are lost, connections that fail, partitions. */
import { assert, it } from "@effect/vitest"
import { Duration, Effect, Exit, Fiber } from "effect"
import { Version } from "perdure/Ids"
import type { StoreError } from "perdure/Store/WorkflowStore"
import {
  after,
  freshId,
  freshWorker,
  living,
  loaded,
  reasonOf,
  save,
  start,
  type Store
} from "../suites/store/builders.ts"
import { components, open, sidecar } from "../support/daprClient.ts"
import { proxy } from "../support/proxy.ts"
import { describeWith, shared } from "../support/servers.ts"
import { soon } from "../support/soon.ts"

/** How often each mishap happens. */
const rounds = Number(process.env["ROUNDS"] ?? 20)

const versionsOf = (store: Store, first: ReturnType<typeof start>) =>
  Effect.map(soon(loaded(store, first.workflowId)), ({ commits }) => commits.map(({ version }) => Number(version)))

const upTo = (count: number) => Array.from({ length: count }, (_, index) => index + 1)

for (const component of components) {
  describeWith("daprd", `the Dapr store with state.${component} and its connections`, () => {
    const server = shared(sidecar(component, { inMemory: true }))

    /** A store behind a proxy, and one beside it, with a prefix of their own. */
    const behindProxy = Effect.fnUntraced(function* (prefix: string) {
      const { address, url } = yield* server
      const between = yield* proxy(address)
      const direct = yield* open({ url }, { prefix, component })
      const store = yield* open({ url: `http://${between.address}` }, { prefix, component, timeout: "1 second" })
      return { between, store, direct }
    })

    it.live(
      `4. an answer that is lost ${rounds} times can be had again: the commit is stored once, and no conflict is made up`,
      () =>
        Effect.gen(function* () {
          const { between, direct, store } = yield* behindProxy("answers")
          const first = start(freshId())
          yield* save(store, first)
          let { summary } = first
          for (let round = 0; round < rounds; round++) {
            const commit = after(summary)
            yield* between.loseAnswers
            const saving = yield* Effect.forkChild(reasonOf(store.save(commit)))
            yield* Effect.sleep(round % 3 === 2 ? "1200 millis" : "100 millis")
            yield* between.cut
            // The store may have read by itself what became of it.
            assert.include([undefined, "Unavailable"], yield* Fiber.join(saving))
            yield* soon(save(store, commit))
            const next = after(commit.summary)
            yield* save(direct, next)
            yield* save(store, commit)
            assert.strictEqual(yield* reasonOf(save(store, { ...commit, id: "another" })), "Conflict")
            summary = next.summary
          }
          for (const reader of [store, direct]) {
            assert.deepStrictEqual(yield* versionsOf(reader, first), upTo(2 * rounds + 1))
          }
        }).pipe(Effect.scoped),
      60_000 + rounds * 10_000
    )

    it.live(
      `4. a commit that never arrived and lost the race meanwhile is a conflict, ${rounds} times`,
      () =>
        Effect.gen(function* () {
          const { between, direct, store } = yield* behindProxy("races")
          const first = start(freshId())
          yield* save(store, first)
          let { summary } = first
          for (let round = 0; round < rounds; round++) {
            const loser = after(summary)
            yield* between.freeze
            const losing = yield* Effect.forkChild(reasonOf(store.save(loser)))
            const winner = after(summary)
            yield* save(direct, winner)
            yield* Effect.sleep("100 millis")
            yield* between.cut
            assert.include(["Conflict", "Unavailable"], yield* Fiber.join(losing))
            assert.strictEqual(yield* soon(reasonOf(save(store, loser))), "Conflict")
            summary = winner.summary
          }
          const { commits } = yield* soon(loaded(direct, first.workflowId))
          assert.strictEqual(commits.at(-1)?.id, (yield* soon(loaded(store, first.workflowId))).commits.at(-1)?.id)
          assert.lengthOf(commits, rounds + 1)
        }).pipe(Effect.scoped),
      60_000 + rounds * 10_000
    )

    it.live("9. an answer to a deletion that is lost leaves nothing to remove", () =>
      Effect.gen(function* () {
        const { between, store } = yield* behindProxy("removals")
        const first = start(freshId())
        yield* save(store, first)
        yield* between.loseAnswersFrom("deletion")
        const deleting = yield* Effect.forkChild(Effect.exit(store.delete(first.workflowId, first)))
        yield* Effect.sleep("300 millis")
        yield* between.cut
        const removed = yield* Fiber.join(deleting)
        if (Exit.isSuccess(removed)) assert.isTrue(removed.value)
        assert.isFalse(yield* soon(store.delete(first.workflowId, first)))
        assert.strictEqual((yield* store.deletion(first.workflowId))._tag, "Some")
      }).pipe(Effect.scoped)
    )

    it.live("8. what others commit while the sidecar is away is listed and told afterwards", () =>
      Effect.gen(function* () {
        const { between, direct, store } = yield* behindProxy("away")
        yield* between.refuse
        const commits = Array.from({ length: 5 }, () => start(freshId()))
        yield* Effect.forEach(commits, (commit) => save(direct, commit))
        assert.strictEqual(yield* reasonOf(store.list()), "Unavailable")
        yield* between.resume
        assert.strictEqual(yield* soon(store.count()), 5)
      }).pipe(Effect.scoped)
    )

    it.live("14. a sidecar that is silent is unavailable within a bounded time, whatever it is asked", () =>
      Effect.gen(function* () {
        const { between, store } = yield* behindProxy("silent")
        const first = start(freshId())
        yield* save(store, first)
        yield* between.freeze
        const operations: ReadonlyArray<Effect.Effect<unknown, StoreError>> = [
          store.save(after(first.summary)),
          store.load(first.workflowId),
          store.list(),
          store.summary(first.workflowId),
          store.deletion(first.workflowId),
          store.count(),
          store.delete(first.workflowId, first),
          store.delete(first.workflowId, { before: Version.make(1) }),
          store.workers,
          store.heartbeat({ id: freshWorker() }, Duration.seconds(1))
        ]
        const reasons = yield* Effect.forEach(operations, reasonOf, { concurrency: "unbounded" }).pipe(
          Effect.timeout("15 seconds")
        )
        assert.deepStrictEqual(
          reasons,
          operations.map(() => "Unavailable")
        )
        yield* between.cut
        yield* soon(save(store, after(first.summary)))
      }).pipe(Effect.scoped)
    )

    it.live(
      "13. no lease runs out while the sidecar cannot be reached, as far as the process is told that could not",
      () =>
        Effect.gen(function* () {
          const { between, direct, store } = yield* behindProxy("leases")
          const worker = freshWorker()
          yield* direct.heartbeat({ id: worker }, Duration.seconds(2))
          assert.deepStrictEqual(yield* living(store), [worker])
          yield* between.refuse
          yield* Effect.sleep("2500 millis")
          assert.strictEqual(yield* reasonOf(store.workers), "Unavailable")
          yield* between.resume
          assert.deepStrictEqual(yield* soon(living(store)), [worker])
          assert.deepStrictEqual(yield* living(direct), [])
        }).pipe(Effect.scoped)
    )
  })
}
