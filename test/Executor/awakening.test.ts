/** What a worker does that others may have taken for dead. */
import { assert, it } from "@effect/vitest"
import { Clock, Context, Effect, Logger, Option } from "effect"
import { TestClock } from "effect/testing"
import { WorkerId, WorkflowId } from "perdure/Ids"
import {
  Corrupt,
  type ExecutionSummary,
  NewerFormat,
  StoreError,
  Unavailable,
  Unsupported
} from "perdure/Store/WorkflowStore"
import { Awakening } from "../../src/Executor/default/Awakening.ts"
import type { Execution } from "../../src/Executor/default/Execution.ts"
import { Fibers } from "../../src/Executor/default/Fibers.ts"
import { Heartbeat } from "../../src/Executor/default/Heartbeat.ts"
import { Lease } from "../../src/Executor/default/Lease.ts"
import type { Refusal } from "../../src/Executor/default/Mail.ts"
import type { Owner } from "../../src/Executor/default/Owner.ts"
import type { Shared } from "../../src/Executor/default/Shared.ts"
import type { Store } from "../suites/executor/FaultyStore.ts"

const worker = WorkerId.make("orders/me")

/** What a worker has to do with its line, as far as it is looked at here. */
const worldOf = Effect.fnUntraced(function* (
  summary: (id: WorkflowId) => ReturnType<Store["summary"]>,
  ids: ReadonlyArray<string>
) {
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
      Effect.suspend(() => {
        did.push(`looks at ${workflowId}`)
        return summary(workflowId)
      })
  } as unknown as Store
  const lease = new Lease(1000, () => clock.currentTimeMillisUnsafe())
  const heartbeat = new Heartbeat({
    ...{ store, worker, lease, name: undefined, milliseconds: 1000 },
    ...{ workflows: () => ["Order"], now: () => 0, superseded: () => {} }
  })
  const ownerOf = (id: string): Owner =>
    ({
      workflowId: WorkflowId.make(id),
      term: 0,
      release: (refuse: () => Refusal) => {
        const refusal = refuse()
        did.push(`lets go of ${id}: ${refusal === "Conflict" ? refusal : refusal._tag}`)
      }
    }) as Partial<Owner> as Owner
  const runner = {
    owners: new Set(ids.map(ownerOf)),
    hold: () => did.push("holds"),
    release: () => did.push("goes on")
  }
  const lines: Array<string> = []
  const logger = Logger.make(({ message }) => void lines.push(String(message)))
  const context = Context.make(Clock.Clock, clock).pipe(Context.add(Logger.CurrentLoggers, new Set([logger])))
  const fibers = new Fibers(context, clock)
  const shared = { fibers, store, runner, worker, lost: () => did.push("scans") } as unknown as Shared<Execution>
  const awakening = new Awakening({ shared, heartbeat, pause: 10, inRealTime: (effect) => effect })
  yield* heartbeat.beat
  yield* TestClock.adjust("2 seconds")
  did.length = 0
  return { awakening, did, lease, lines, link, runner }
})

const ownedBy = (owner: WorkerId): ReturnType<Store["summary"]> =>
  Effect.succeed(Option.some({ owner } as Partial<ExecutionSummary> as ExecutionSummary))

it.effect(
  "a worker that was taken for dead says that it lives, then looks what of its line it still has, then goes on",
  () =>
    Effect.gen(function* () {
      const { awakening, did, lease, lines, link, runner } = yield* worldOf(
        (id) => ownedBy(id === "taken" ? WorkerId.make("other") : worker),
        ["ours", "taken"]
      )
      link.isCut = true
      awakening.look()
      awakening.look()
      yield* TestClock.adjust("25 millis")
      link.isCut = false
      yield* TestClock.adjust("10 millis")
      const looked = ["looks at ours", "looks at taken", "lets go of taken: Conflict"]
      const vain = ["beats in vain", "beats in vain", "beats in vain"]
      assert.deepStrictEqual(did, ["holds", ...vain, "beats", ...looked, "goes on"])
      assert.isFalse(lease.mustLook)
      assert.deepStrictEqual(
        [...runner.owners].map(({ term }) => term),
        [1, 1]
      )
      const [first, ...failed] = lines
      assert.match(first!, /^this worker could not say in time that it lives/)
      assert.deepStrictEqual(
        failed,
        vain.map(() => `could not look what others have taken: ${away.message}`)
      )

      did.length = 0
      awakening.look()
      yield* TestClock.adjust(0)
      assert.deepStrictEqual(did, ["holds", "beats", "goes on"], "what it knows of this term it need not ask again")
    })
)

it.effect("a summary that can never be read holds up its own execution alone, and is told of", () =>
  Effect.gen(function* () {
    const failing: Record<string, ReturnType<Store["summary"]>> = {
      damaged: Effect.fail(unreadable(new Corrupt({ detail: "no JSON" }))),
      newer: Effect.fail(unreadable(new NewerFormat({ format: 9, known: 2 }))),
      refused: Effect.fail(unreadable(new Unsupported({ detail: "no" }))),
      dying: Effect.die(new Error("a bug"))
    }
    const ids = [...Object.keys(failing), "ours"]
    const { awakening, did, lease, lines } = yield* worldOf((id) => failing[id] ?? ownedBy(worker), ids)
    awakening.look()
    yield* TestClock.adjust(0)
    assert.deepStrictEqual(did.slice(0, 2), ["holds", "beats"])
    assert.strictEqual(did.at(-1), "goes on")
    assert.isFalse(lease.mustLook)
    assert.deepStrictEqual(
      did.filter((each) => each.startsWith("lets go")),
      [
        "lets go of damaged: StoreFailed",
        "lets go of newer: NewerRelease",
        "lets go of refused: StoreFailed",
        "lets go of dying: StoreFailed"
      ]
    )
    assert.strictEqual(did.filter((each) => each === "scans").length, 4)
    assert.strictEqual(lines.filter((line) => line.startsWith("an execution is let go for now: ")).length, 4)
  })
)

const unreadable = (reason: StoreError["reason"]) => new StoreError({ operation: "summary", reason })
const away = new StoreError({ operation: "heartbeat", reason: new Unavailable({ cause: "cut" }) })
