/** What a worker does that others may have taken for dead. */
import { assert, it } from "@effect/vitest"
import { Clock, Context, Effect, Option } from "effect"
import { TestClock } from "effect/testing"
import { WorkerId, WorkflowId } from "perdure/Ids"
import { StoreError, Unavailable } from "perdure/Store/WorkflowStore"
import { Awakening } from "../../src/Executor/default/Awakening.ts"
import type { Execution } from "../../src/Executor/default/Execution.ts"
import { Fibers } from "../../src/Executor/default/Fibers.ts"
import { Heartbeat } from "../../src/Executor/default/Heartbeat.ts"
import { Lease } from "../../src/Executor/default/Lease.ts"
import type { Owner } from "../../src/Executor/default/Owner.ts"
import type { Shared } from "../../src/Executor/default/Shared.ts"
import type { Store } from "../suites/executor/FaultyStore.ts"

const worker = WorkerId.make("orders/me")

it.effect(
  "a worker that was taken for dead says that it lives, then looks what of its line it still has, then goes on",
  () =>
    Effect.gen(function* () {
      const clock = yield* Clock.Clock
      const did: Array<string> = []
      const link = { isCut: false }
      const store = {
        heartbeat: () =>
          Effect.suspend(() => {
            did.push(link.isCut ? "beats in vain" : "beats")
            return link.isCut ? Effect.fail(away) : Effect.void
          }),
        summary: (workflowId: WorkflowId) =>
          Effect.sync(() => {
            did.push(`looks at ${workflowId}`)
            return Option.some({ owner: workflowId === "taken" ? WorkerId.make("other") : worker })
          })
      } as unknown as Store
      const lease = new Lease(1000, () => clock.currentTimeMillisUnsafe())
      const heartbeat = new Heartbeat({
        ...{ store, worker, lease, name: undefined, milliseconds: 1000 },
        ...{ workflows: () => ["Order"], superseded: () => {} }
      })
      const ownerOf = (id: string): Owner =>
        ({
          workflowId: WorkflowId.make(id),
          term: 0,
          release: () => did.push(`lets go of ${id}`)
        }) as Partial<Owner> as Owner
      const runner = {
        owners: new Set([ownerOf("ours"), ownerOf("taken")]),
        hold: () => did.push("holds"),
        release: () => did.push("goes on")
      }
      const fibers = new Fibers(Context.make(Clock.Clock, clock), clock)
      const shared = { fibers, store, runner, worker } as unknown as Shared<Execution>
      const awakening = new Awakening({ shared, heartbeat, pause: 10, inRealTime: (effect) => effect })

      yield* heartbeat.beat
      yield* TestClock.adjust("2 seconds")
      link.isCut = true
      awakening.look()
      awakening.look()
      yield* TestClock.adjust("25 millis")
      link.isCut = false
      yield* TestClock.adjust("10 millis")
      const looked = ["looks at ours", "looks at taken", "lets go of taken"]
      const vain = ["beats in vain", "beats in vain", "beats in vain"]
      assert.deepStrictEqual(did, ["beats", "holds", ...vain, "beats", ...looked, "goes on"])
      assert.isFalse(lease.mustLook)
      assert.deepStrictEqual(
        [...runner.owners].map(({ term }) => term),
        [1, 1]
      )

      did.length = 0
      awakening.look()
      yield* TestClock.adjust(0)
      assert.deepStrictEqual(did, ["holds", "beats", "goes on"], "what it knows of this term it need not ask again")
    })
)

const away = new StoreError({ operation: "heartbeat", reason: new Unavailable({ cause: "cut" }) })
