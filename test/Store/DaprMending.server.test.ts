/** What becomes of a store on Dapr whose index is damaged, or that was emptied while it was open. */
import { globSync, rmSync } from "node:fs"
import { join } from "node:path"
import { assert, it } from "@effect/vitest"
import { Effect, Stream } from "effect"
import { stream } from "perdure/Store/WorkflowStore"
import { Keys } from "../../src/Store/dapr/key.ts"
import { after, freshId, save, start, type Store } from "../suites/store/builders.ts"
import { components, open, sidecar, state } from "../support/daprClient.ts"
import { daprServer, describeWith, redisServer, shared } from "../support/servers.ts"
import { soon } from "../support/soon.ts"

const idsOf = (store: Store) =>
  Effect.map(Stream.runCollect(stream(store)), (all) => all.map(({ workflowId }) => workflowId).toSorted())

/** What the key of an index says. */
interface Generations {
  readonly pages?: { readonly token: string; readonly count: number }
  readonly before?: Generations
}

interface Damaged extends Generations {
  readonly client: ReturnType<typeof state>
  readonly keys: Keys
}

/** A sidecar with a Redis that keeps nothing. */
const forgetful = Effect.gen(function* () {
  const redis = yield* redisServer({ keeps: false })
  const server = yield* daprServer({ inMemory: true, redis: redis.address })
  return { ...server, kill9: redis.kill9, restart: redis.restart }
})

for (const component of components) {
  describeWith("daprd", `a store on Dapr with state.${component} that has lost something`, () => {
    const server = shared(sidecar(component, { inMemory: true }))

    /** A store whose index was written anew twice, and what one may write of its keys. */
    const renewedTwice = Effect.fnUntraced(function* (prefix: string) {
      const store = yield* open(yield* server, { component, prefix, lookEvery: "20 millis" })
      const client = state(yield* server, component)
      const keys = new Keys(prefix)
      const manifest = Effect.map(
        client.read(keys.index),
        (text): Generations => (text === "" ? {} : JSON.parse(JSON.parse(text) as string))
      )
      const commits: Array<ReturnType<typeof start>> = []
      for (let generation = 0; generation < 2; generation++) {
        const before = (yield* manifest).pages?.token
        const some = Array.from({ length: 30 }, () => start(freshId()))
        commits.push(...some)
        yield* Effect.forEach(some, (commit) => save(store, commit))
        let last = some[0]!
        for (let count = 0; count < 1000; count++) {
          last = after(last.summary)
          yield* save(store, last)
        }
        const isRenewed = ({ pages }: Generations) => pages !== undefined && pages.token !== before
        yield* soon(
          Effect.filterOrFail(manifest, isRenewed, () => "not yet"),
          "20 seconds"
        )
      }
      const late = start(freshId())
      yield* save(store, late)
      const expected = [...commits, late].map(({ workflowId }) => workflowId).toSorted()
      return {
        client,
        keys,
        expected,
        manifest,
        openOther: open(yield* server, { component, prefix, lookEvery: "20 millis" })
      }
    })

    for (const [what, damage, isMendable] of [
      ["the key of the index, which is no JSON", ({ client, keys }) => client.write(keys.index, "{"), true],
      ["the key of the index, which is gone", ({ client, keys }) => client.remove(keys.index), true],
      ["a page, which is no JSON", ({ client, keys, pages }) => client.write(keys.page(pages!.token, 0), "{"), true],
      ["a page, which is gone", ({ client, keys, pages }) => client.remove(keys.page(pages!.token, 0)), true],
      [
        "pages, which are gone, also those before",
        ({ before, client, keys, pages }) =>
          Effect.andThen(client.remove(keys.page(pages!.token, 0)), client.remove(keys.page(before!.pages!.token, 0))),
        false
      ]
    ] as ReadonlyArray<readonly [string, (place: Damaged) => Effect.Effect<unknown>, boolean]>) {
      it.live(
        `17. ${isMendable ? "is written anew by the next process" : "cannot be made anew, and says why"}: ${what}`,
        () =>
          Effect.gen(function* () {
            const { client, expected, keys, manifest, openOther } = yield* Effect.scoped(
              renewedTwice(`mended-${what.replaceAll(/\W/g, "-")}`)
            )
            const told = yield* manifest
            yield* damage({ client, keys, ...told })
            if (!isMendable) {
              const { reason } = yield* Effect.flip(Effect.scoped(openOther))
              assert.strictEqual(reason._tag, "Corrupt")
              assert.match(
                reason.message,
                /pages are not there.*Dapr lists no keys.*restore the database from a backup/
              )
              return
            }
            yield* Effect.scoped(
              Effect.gen(function* () {
                const other = yield* openOther
                assert.deepStrictEqual(yield* idsOf(other), expected)
                const isAnew = ({ pages }: Generations) => pages !== undefined && pages.token !== told.pages!.token
                yield* soon(
                  Effect.filterOrFail(Effect.orDie(manifest), isAnew, () => "not yet"),
                  "5 seconds"
                )
              })
            )
            assert.deepStrictEqual(yield* idsOf(yield* openOther), expected)
          }).pipe(Effect.scoped),
        60_000
      )
    }

    it.live(
      "8. a store that was emptied while it was open lists what is written to it from then on, also in others",
      () =>
        Effect.gen(function* () {
          // A Redis that keeps nothing is empty after a restart.
          const on = component === "redis" ? yield* forgetful : yield* sidecar(component, { inMemory: true })
          const store = yield* open(on, { component, lookEvery: "50 millis" })
          const before = Array.from({ length: 20 }, () => start(freshId()))
          yield* Effect.forEach(before, (commit) => save(store, commit))
          yield* save(store, after(before[0]!.summary))
          assert.strictEqual(yield* store.count(), 20)
          yield* on.kill9
          if (component === "sqlite") for (const file of globSync(join(on.folder, "state.db*"))) rmSync(file)
          yield* on.restart
          const later = start(freshId())
          yield* save(store, later)
          // One of the ids begins anew.
          const again = start(before[0]!.workflowId)
          yield* save(yield* open(on, { component }), again)
          const expected = [later, again].map(({ workflowId }) => workflowId).toSorted()
          const other = Effect.scoped(Effect.flatMap(open(on, { component }), idsOf))
          for (const ids of [idsOf(store), other]) {
            yield* soon(Effect.map(ids, (found) => assert.deepStrictEqual(found, expected)))
          }
          const { executions } = yield* store.list()
          assert.deepStrictEqual(
            executions.map(({ version }) => Number(version)),
            [1, 1]
          )
          yield* save(store, start(freshId()))
          assert.strictEqual(yield* (yield* open(on, { component })).count(), 3)
        }).pipe(Effect.scoped)
    )
  })
}
