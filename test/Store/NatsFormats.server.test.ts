/** What the NATS store makes of messages that it did not write itself: those of release 0.1, of newer ones, and of leases. */
import { assert, describe, it } from "@effect/vitest"
import { Context, Duration, Effect, Fiber, Layer, Option } from "effect"
import { readFileSync } from "node:fs"
import { formatVersion, HistoryEvent } from "perdure/HistoryEvent"
import { Sequence, Version, type WorkerId, type WorkflowId } from "perdure/Ids"
import * as Default from "perdure/Executor/Default"
import { DurableExecutor } from "perdure/Executor/DurableExecutor"
import { type ExecutionSummary, WorkflowStore } from "perdure/Store/WorkflowStore"
import { outcomeOf } from "../corpus/scenarios.ts"
import { onServer, workflows } from "../golden/programs.ts"
import { after, freshWorker, living, loaded, reasonOf, restart, save, start } from "../suites/store/builders.ts"
import { manager, open, publish, streamOf } from "../support/natsClient.ts"
import { proxy } from "../support/proxy.ts"
import { describeWith, type NatsServer, natsServer, shared } from "../support/servers.ts"

type Store = WorkflowStore["Service"]

interface Golden {
  readonly stream: { readonly name: string }
  readonly messages: ReadonlyArray<{
    readonly subject: string
    readonly headers: ReadonlyArray<readonly [name: string, value: string]>
    readonly body?: string
  }>
}

const golden = JSON.parse(readFileSync(new URL("../golden/0.1/nats.json", import.meta.url), "utf8")) as Golden

/** Fills a new bucket with the messages of release 0.1. */
const publishGolden = Effect.fnUntraced(function* (server: NatsServer, bucket: string) {
  const jsm = yield* manager(server)
  yield* Effect.promise(() => jsm.streams.add({ ...golden.stream, ...streamOf(bucket) }))
  for (const { body = "", headers, subject } of golden.messages) {
    yield* publish(
      server,
      subject.replace("$KV.perdure.", `$KV.${bucket}.`),
      Buffer.from(body, "base64"),
      headers.filter(([name]) => !name.startsWith("Nats-Batch-"))
    )
  }
})

/** The executions of the bucket of release 0.1, with their versions. */
const executions: ReadonlyArray<
  readonly [id: string, status: ExecutionSummary["status"], first: number, last: number]
> = [
  ["Zoë's/\ud800", "running", 1, 1],
  ["deleted and started again", "running", 1, 1],
  ["finished", "completed", 1, 5],
  ["in parts", "running", 1, 2],
  ["twice", "running", 3, 3],
  ["with much to find it by", "running", 1, 2]
]

describeWith("nats", "the NATS store reads", () => {
  const server = shared(natsServer())

  describe("what release 0.1 wrote", () => {
    it.live("and goes on from it", () =>
      Effect.gen(function* () {
        const on = yield* server
        yield* publishGolden(on, "golden")
        const store = yield* open(on, { bucket: "golden" })
        const { executions: found } = yield* store.list()
        const byId = found.toSorted((a, b) => (a.workflowId < b.workflowId ? -1 : 1))
        assert.deepStrictEqual(
          byId.map(({ firstVersion, status, version, workflowId }) => [workflowId, status, firstVersion, version]),
          executions.map((each) => [...each])
        )
        for (const summary of byId) yield* goesOn(store, summary)
        assert.strictEqual((yield* loaded(store, "twice" as WorkflowId, 0)).commits.length, 4)
      }).pipe(Effect.scoped)
    )

    it.live("and the default executor resumes it, and every execution ends as it should", () =>
      Effect.gen(function* () {
        const on = yield* server
        yield* publishGolden(on, "resumed")
        const store = yield* open(on, { bucket: "resumed" })
        const context = yield* Layer.build(
          Layer.provideMerge(workflows, Default.layer).pipe(Layer.provide(Layer.succeed(WorkflowStore, store)))
        )
        const executor = Context.get(context, DurableExecutor)
        for (const { ends, id, signals } of onServer) {
          const ref = { workflowId: id }
          for (const signal of signals) yield* executor.send(ref, { _tag: "Signal", ...signal })
          assert.deepStrictEqual(outcomeOf(yield* executor.result(ref)), ends, id)
        }
      }).pipe(Effect.scoped)
    )

    it.live("of which a deletion has no record", () =>
      Effect.gen(function* () {
        const on = yield* server
        yield* publishGolden(on, "gone")
        const store = yield* open(on, { bucket: "gone" })
        for (const id of ["deleted" as WorkflowId, "deleted and started again" as WorkflowId]) {
          assert.isTrue(Option.isNone(yield* store.deletion(id)))
        }
        const deleted = "deleted" as WorkflowId
        assert.isTrue(Option.isNone(yield* store.summary(deleted)))
        assert.isTrue(Option.isNone(yield* store.load(deleted)))
        yield* save(store, start(deleted))
        const again = start("deleted and started again" as WorkflowId)
        assert.isTrue(yield* store.delete(again.workflowId, again))
        yield* save(store, restart({ ...again.summary, version: Version.make(2) }))
      }).pipe(Effect.scoped)
    )
  })

  describe("what a newer release wrote", () => {
    it.live("as far as it can: the summary, and not the events", () =>
      Effect.gen(function* () {
        const on = yield* server
        const store = yield* open(on, { bucket: "newer" })
        const first = start("order" as WorkflowId)
        yield* save(store, first)
        const { summary } = after(first.summary, { summary: { format: 99 } })
        const { runId, version, workflowId } = summary
        const label = { workflowId, id: "newer", runId, version, format: 99, origin: 0, base: 0, previous: 1 }
        yield* publish(on, "$KV.newer.order", `[{"_tag":"Unheard","of":{}}]`, [
          ["Perdure-Commit", JSON.stringify({ ...label, parts: 0, summaryBytes: 0, more: true })],
          ["Perdure-Summary", JSON.stringify({ ...summary, more: true })]
        ])
        for (const each of [store, yield* open(on, { bucket: "newer" })]) {
          assert.deepInclude(Option.getOrUndefined(yield* each.summary(workflowId)), { version, format: 99 })
          assert.strictEqual((yield* each.list()).executions[0]?.format, 99)
          const { reason } = yield* Effect.flip(each.load(workflowId))
          assert.deepInclude(reason, { _tag: "NewerFormat", format: 99, known: formatVersion })
          assert.lengthOf((yield* loaded(each, workflowId, version)).commits, 0)
        }
      }).pipe(Effect.scoped)
    )

    it.live("and writes a commit in the oldest form that holds its events", () =>
      Effect.gen(function* () {
        const on = yield* server
        const store = yield* open(on, { bucket: "formats" })
        const first = start("order" as WorkflowId)
        const sent = HistoryEvent.cases.MessageSent.make({
          at: 1,
          seq: Sequence.make(1),
          to: "another" as WorkflowId,
          message: { _tag: "Cancel", reason: "enough" }
        })
        yield* save(store, first)
        yield* save(store, after(first.summary, { events: [sent] }))
        const jsm = yield* manager(on)
        const formats = yield* Effect.forEach([1, 2], (seq) =>
          Effect.map(
            Effect.promise(() => jsm.streams.getMessage("KV_formats", { seq })),
            (message) => JSON.parse(message!.header.get("Perdure-Commit")).format as number
          )
        )
        assert.deepStrictEqual(formats, [1, 2])
        assert.deepStrictEqual((yield* loaded(store, first.workflowId)).commits[1]?.events, [sent])
      }).pipe(Effect.scoped)
    )
  })

  describe("a worker", () => {
    it.live("that has left is known to have left for a day, and is no worker to older releases", () =>
      Effect.gen(function* () {
        const on = yield* server
        const store = yield* open(on, { bucket: "leaving" })
        const id = "leaver" as WorkerId
        yield* store.heartbeat({ id, workflows: ["W"] }, Duration.minutes(1))
        yield* store.heartbeat({ id, workflows: ["W"] }, Duration.zero)
        assert.deepStrictEqual(yield* store.workers, { living: [], left: [id] })
        const jsm = yield* manager(on)
        const message = yield* Effect.promise(() =>
          jsm.streams.getMessage("KV_leaving_workers", { last_by_subj: "$KV.leaving_workers.leaver" })
        )
        assert.strictEqual(message!.header.get("Nats-TTL"), "86400s")
        // Release 0.1 compares `until` with its clock, and 0.2 adds `lease` to the time of the message.
        assert.deepInclude(message!.json<object>(), { worker: id, until: 0, lease: 0 })
      }).pipe(Effect.scoped)
    )

    it.live("of release 0.1 leaves by an empty message, and its workflows are not known", () =>
      Effect.gen(function* () {
        const on = yield* server
        const store = yield* open(on, { bucket: "purged" })
        const [gone, old] = ["gone" as WorkerId, "old" as WorkerId]
        yield* store.heartbeat({ id: gone }, Duration.minutes(1))
        yield* publish(on, "$KV.purged_workers.gone", "", [
          ["KV-Operation", "PURGE"],
          ["Nats-Rollup", "sub"]
        ])
        yield* publish(on, "$KV.purged_workers.old", JSON.stringify({ worker: old, until: Date.now() + 60_000 }))
        assert.deepStrictEqual(yield* store.workers, { living: [{ id: old }], left: [] })
      }).pipe(Effect.scoped)
    )

    it.live("whose message is damaged does not hide the others", () =>
      Effect.gen(function* () {
        const on = yield* server
        const store = yield* open(on, { bucket: "hurt" })
        const own = { id: "own" as WorkerId, workflows: ["W"] }
        yield* store.heartbeat(own, Duration.minutes(1))
        const until = Date.now() + 60_000
        const damaged = ["{", "null", "5", "[]", '"x"', "{}", '{"worker":5,"until":1e15}', '{"worker":"x"}']
        for (const [n, text] of damaged.entries()) yield* publish(on, `$KV.hurt_workers.damaged-${n}`, text)
        const half = { worker: "half", lease: 60_000, until, workflows: ["W", 5], left: "no" }
        yield* publish(on, "$KV.hurt_workers.half", JSON.stringify(half))
        const { left, living } = yield* store.workers
        assert.sameDeepMembers([...living], [own, { id: "half" as WorkerId }])
        assert.deepStrictEqual(left, [])
      }).pipe(Effect.scoped)
    )
  })

  describe("a lease", () => {
    const workersOf = (store: Store) => Effect.map(living(store), (workers) => workers.map(String).toSorted())

    it.live("by the clock of the server, whatever that of its writer says", () =>
      Effect.gen(function* () {
        const on = yield* server
        const store = yield* open(on, { bucket: "skewed" })
        const write = (worker: string, life: object) =>
          publish(on, `$KV.skewed_workers.${worker}`, JSON.stringify({ worker, ...life }))
        yield* write("slow", { lease: 60_000, until: 1 })
        yield* write("fast", { lease: 300, until: Number.MAX_SAFE_INTEGER })
        assert.deepStrictEqual(yield* workersOf(store), ["fast", "slow"])
        yield* Effect.sleep("310 millis")
        assert.deepStrictEqual(yield* workersOf(store), ["slow"])
      }).pipe(Effect.scoped)
    )

    it.live.each(["500 millis", "10 seconds"] as const)(
      "does not run while the server is away: requests wait for %s",
      (timeout) =>
        Effect.gen(function* () {
          const on = yield* natsServer()
          const [store, other] = [yield* open(on, { timeout }), yield* open(on)]
          const [away, gone] = ["away" as WorkerId, "gone" as WorkerId]
          yield* other.heartbeat({ id: away }, Duration.seconds(2))
          yield* other.heartbeat({ id: gone }, Duration.zero)
          yield* on.kill9
          yield* Effect.sleep("2500 millis")
          const asking = yield* Effect.forkChild(reasonOf(store.workers))
          if (timeout === "500 millis") assert.strictEqual(yield* Fiber.join(asking), "Unavailable")
          yield* on.restart
          assert.strictEqual(yield* Fiber.join(asking), timeout === "500 millis" ? "Unavailable" : undefined)
          assert.deepStrictEqual(yield* workersOf(store), [away])
          yield* Effect.sleep("2100 millis")
          assert.deepStrictEqual(yield* store.workers, { living: [], left: [gone] })
        }).pipe(Effect.scoped)
    )

    it.live("does not run while the server does not answer, though no connection is lost", () =>
      Effect.gen(function* () {
        const on = yield* server
        const between = yield* proxy(on.address)
        const store = yield* open(on, { servers: between.address, bucket: "held", timeout: "10 seconds" })
        const other = yield* open(on, { bucket: "held" })
        const away = "away" as WorkerId
        yield* other.heartbeat({ id: away }, Duration.seconds(1))
        yield* between.hold
        const asking = yield* Effect.forkChild(workersOf(store))
        yield* Effect.sleep("1500 millis")
        assert.deepStrictEqual(yield* workersOf(other), [])
        yield* between.release
        assert.deepStrictEqual(yield* Fiber.join(asking), [away])
        yield* Effect.sleep("1100 millis")
        assert.deepStrictEqual(yield* workersOf(store), [])
      }).pipe(Effect.scoped)
    )

    it.live("that is shorter than a second", () =>
      Effect.gen(function* () {
        const store = yield* open(yield* server, { bucket: "short" })
        const worker = freshWorker()
        yield* store.heartbeat({ id: worker }, Duration.millis(400))
        assert.deepStrictEqual(yield* workersOf(store), [worker])
        yield* Effect.sleep("410 millis")
        assert.deepStrictEqual(yield* workersOf(store), [])
      }).pipe(Effect.scoped)
    )

    it.live("of release 0.1, which says until when, and is read by it", () =>
      Effect.gen(function* () {
        const on = yield* server
        const store = yield* open(on, { bucket: "old" })
        const now = Date.now()
        const write = (worker: string, until: number) =>
          publish(on, `$KV.old_workers.${worker}`, JSON.stringify({ worker, until }))
        yield* write("living", now + 60_000)
        yield* write("dead", now - 1)
        assert.deepStrictEqual(yield* workersOf(store), ["living"])
        yield* store.heartbeat({ id: "new" as WorkerId }, Duration.minutes(1))
        const jsm = yield* manager(on)
        const message = yield* Effect.promise(() =>
          jsm.streams.getMessage("KV_old_workers", { last_by_subj: "$KV.old_workers.new" })
        )
        const { until } = message!.json<{ readonly until: number }>()
        assert.isAtLeast(until, now + 60_000)
        assert.isAtMost(until, Date.now() + 60_000)
      }).pipe(Effect.scoped)
    )
  })
})

/** An execution of release 0.1 is read with all its events, and takes a commit of this release. */
const goesOn = Effect.fnUntraced(function* (store: Store, summary: ExecutionSummary) {
  const { commits } = yield* loaded(store, summary.workflowId)
  assert.strictEqual(commits.length, summary.version - summary.firstVersion + 1)
  assert.strictEqual(commits[0]?.events[0]?._tag, "ExecutionStarted")
  assert.deepStrictEqual(Option.getOrUndefined(yield* store.summary(summary.workflowId)), summary)
  const next = summary.status === "running" ? after(summary) : restart(summary)
  yield* save(store, next)
  assert.deepStrictEqual((yield* loaded(store, summary.workflowId)).commits.at(-1)?.events, next.events)
  assert.strictEqual(yield* reasonOf(store.save({ ...next, id: "another" })), "Conflict")
})
