/** The Dapr store and what happens between it and its sidecar: answers that are lost, connections that fail, partitions. */
import { assert, it } from "@effect/vitest"
import { Effect, Exit, Fiber, Scope } from "effect"
import { freshId, loaded, reasonOf, save, start } from "../suites/store/builders.ts"
import { components, open, sidecar } from "../support/daprClient.ts"
import { gateway, page } from "../support/gateway.ts"
import { proxy } from "../support/proxy.ts"
import { describeWith, shared } from "../support/servers.ts"
import { soon } from "../support/soon.ts"
import { linking } from "./linking.ts"

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

    linking({
      link: behindProxy,
      server: "sidecar",
      rounds: Number(process.env["ROUNDS"] ?? 20),
      patience: "1200 millis",
      silence: "5 seconds",
      recovers: "soon"
    })

    it.live("4. what is no answer of a sidecar is none, also when it says success", () =>
      Effect.gen(function* () {
        const { url } = yield* server
        const between = yield* gateway(url)
        const direct = yield* open({ url }, { prefix: "strange", component })
        const store = yield* open(between, { prefix: "strange", component, timeout: "1 second" })
        const [first, other] = [start(freshId()), start(freshId())]
        yield* save(direct, first)
        for (const instead of [page, { ...page, body: "" }, { ...page, type: "application/json", body: "[]" }]) {
          between.answer = () => instead
          const opening = open(between, { prefix: "strange", component, timeout: "100 millis" })
          const reasons = [
            ...(yield* Effect.all(
              [store.save(other), store.delete(first.workflowId, first), store.load(first.workflowId)].map(reasonOf)
            )),
            yield* reasonOf(Effect.asVoid(store.list())),
            (yield* Effect.flip(Effect.scoped(opening))).reason._tag
          ]
          for (const reason of reasons) assert.strictEqual(reason, "Unavailable")
        }
        // A list without the keys that it was asked for is no list of what is not there.
        const list = { status: 200, type: "application/json", body: "[]" }
        between.answer = ({ path }) => (path.endsWith("/bulk") ? list : undefined)
        assert.strictEqual(yield* reasonOf(Effect.asVoid(store.list())), "Unavailable")
        between.answer = () => undefined
        assert.strictEqual(yield* store.count(), 1)
        yield* save(store, other)
        assert.lengthOf((yield* loaded(direct, other.workflowId)).commits, 1)
        yield* loaded(store, first.workflowId)
      }).pipe(Effect.scoped)
    )

    it.live("4. a request whose caller is interrupted, or waits no longer, is not broken off", () =>
      Effect.gen(function* () {
        const { url } = yield* server
        const between = yield* gateway(url)
        const scope = yield* Scope.make()
        const options = { prefix: "unbroken", component, timeout: "500 millis" } as const
        const store = yield* Effect.provideService(open(between, options), Scope.Scope, scope)
        const first = start(freshId())
        yield* save(store, first)
        between.delay = 300
        const { answered } = between.ended
        yield* Effect.timeoutOption(store.load(first.workflowId), "50 millis")
        yield* Effect.timeoutOption(store.save(start(freshId())), "50 millis")
        between.delay = 800
        assert.strictEqual(yield* reasonOf(store.load(first.workflowId)), "Unavailable")
        yield* soon(Effect.sync(() => assert.isAtLeast(between.ended.answered, answered + 3)))
        assert.strictEqual(between.ended.brokenOff, 0)
        between.delay = 0
        yield* loaded(store, first.workflowId)
        between.delay = 300
        yield* Effect.timeoutOption(store.load(first.workflowId), "50 millis")
        const before = between.ended.answered
        yield* Scope.close(scope, Exit.void)
        yield* soon(Effect.sync(() => assert.isAbove(between.ended.answered + between.ended.brokenOff, before)))
        assert.strictEqual(between.ended.brokenOff, 0, "the end of the store waits for it")
      }).pipe(Effect.scoped)
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
  })
}
