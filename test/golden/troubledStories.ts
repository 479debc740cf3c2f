/**
 * What became of the executions of the golden histories of release 0.2 that have trouble: messages that are refused, cancels of
 * runs that continue, lost attempts, and problems of each kind.
 */
import { Effect, Layer } from "effect"
import { TestClock } from "effect/testing"
import { Corrupt, type ExecutionSummary, StoreError } from "perdure/Store/WorkflowStore"
import { isFinal } from "perdure/WorkflowState"
import { cut } from "../suites/executor/FaultyStore.ts"
import * as Lab from "../suites/executor/Lab.ts"
import { type Acts, again, child, decline, hour, receive, sleep, start, tell, undo, word } from "./acts.ts"
import { changedWorkflow, Changing, Telling, workflows } from "./programs.ts"
import type { Open, Story } from "./stories.ts"
import { actingWorkflow, maxHistory, spinLimit, wrongPrograms } from "./talking.ts"

/** Leases run in real time. */
const brief = { heartbeatInterval: "20 millis", lease: "100 millis" } as const

/** Waits in real time until an execution is so. */
const isSo = ({ executions }: Lab.Running, id: string, test: (summary: ExecutionSummary) => boolean) =>
  Effect.andThen(TestClock.withLive(Lab.until(Effect.map(executions.describe(id), test))), Lab.settle)

/** Messages and starts that are refused, by executions of every status. */
const refusals: Story = (open) =>
  Effect.gen(function* () {
    const before = yield* open(Layer.merge(workflows, actingWorkflow), "worker-a")
    yield* before.run(Changing.start(undefined, { workflowId: "is blocked" }))
    yield* Lab.settle
    yield* before.stop
    const worker = yield* open(Layer.merge(changedWorkflow, actingWorkflow), "worker-b")
    yield* worker.run(start("is running", [receive]))
    yield* worker.run(start("has completed", []))
    yield* worker.run(start("has failed", [undo, decline]))
    yield* worker.run(start("was cancelled", [receive]))
    yield* worker.run(start("was terminated", [receive]))
    yield* worker.run(start("has timed out", [receive], { timeout: "1 minute" }))
    const { runId: run } = yield* worker.run(start("was started again", []))
    yield* Lab.pass("1 minute")
    yield* worker.cancel("was cancelled", "not needed")
    yield* worker.terminate("was terminated", "enough")
    yield* worker.run(start("was started again", [receive], { whenExists: "restart" }))
    yield* Lab.settle
    const finished = ["has completed", "has failed", "was cancelled", "was terminated", "has timed out"]
    const acts: Acts = [
      ...["is running", "is blocked", ...finished].map((id) => child(id, [])),
      ...finished.map((id) => tell(id, word("too late", "late"))),
      tell("was started again", word("to the first run"), { run }),
      tell("is running", { _tag: "Terminate", reason: "a program says so" })
    ]
    yield* worker.run(start("is refused", acts))
    yield* Lab.pass("1 minute")
  })

/** Messages that are too large for their receiver, and whose receiver cannot be read. */
const undeliverable: Story = (open) =>
  Effect.gen(function* () {
    const lab = yield* Lab.Lab
    const reason = new Corrupt({ detail: "it is damaged" })
    const load: typeof lab.store.load = (workflowId, options) =>
      workflowId === "is damaged"
        ? Effect.fail(new StoreError({ operation: "load", workflowId, reason }))
        : lab.store.load(workflowId, options)
    const client = yield* open(Layer.empty, "client")
    yield* client.run(start("is damaged", [receive]))
    const worker = yield* Effect.provideService(open(actingWorkflow, "worker-a"), Lab.Lab, {
      ...lab,
      store: { ...lab.store, load }
    })
    yield* worker.run(start("sends to what is damaged", [tell("is damaged", word("unread"))]))
    // The first event of a child has the id of its parent twice.
    const long = `starts what is too large${"!".repeat(900)}`
    yield* worker.run(start(long, [sleep(1000), child("is too large", [tell("x".repeat(6300), null)])]))
    yield* Lab.pass("1 minute")
  })

/** Runs that were to end when they continued: a worker finds the word that lets them go on and a cancel after it. */
const cancelledRuns: Story = (open) =>
  Effect.gen(function* () {
    const client = yield* open(Layer.empty, "client")
    const first = yield* open(actingWorkflow, "worker-a")
    const ids = ["goes on, cancelled", "goes on, cancelled by another"] as const
    for (const id of ids) yield* first.run(start(id, [receive, again(undo, receive)]))
    yield* first.run(start("lingers, cancelled", [{ _tag: "Linger", millis: hour }, again(receive)]))
    yield* first.run(
      start("lingers, out of time", [{ _tag: "Linger", millis: hour }, again(receive)], { timeout: "30 minutes" })
    )
    yield* Lab.pass("1 minute")
    yield* first.cancel("lingers, cancelled", "not needed")
    yield* Lab.pass("1 hour")
    yield* first.stop
    for (const id of ids) yield* client.signal(id, "word", "on")
    yield* client.cancel(ids[0], "not needed")
    const sender = yield* open(workflows, "worker-b")
    const input = { to: ids[1], notes: [], cancels: true, waits: true }
    yield* sender.run(Telling.start(input, { workflowId: "cancels another" }))
    yield* Lab.settle
    yield* sender.stop
    yield* open(actingWorkflow, "worker-c")
    yield* Lab.pass("1 minute")
  })

/** A run that no worker begins before its deadline has passed, and that is over when it begins. */
const lateRun: Story = (open) =>
  Effect.gen(function* () {
    const first = yield* open(actingWorkflow, "worker-a", { ...brief, shutdownTimeout: "100 millis" })
    const id = "goes on, out of time"
    yield* first.run(start(id, [receive, again(again(receive))], { timeout: "30 minutes" }))
    yield* Lab.settle
    // The end of the first run is the last that the worker saves.
    let saves = 0
    first.link.fault = (operation) => (operation === "saveAll" && ++saves > 1 ? "unasked" : undefined)
    yield* first.signal(id, "word", "on")
    yield* Lab.settle
    first.link.fault = cut()
    yield* Lab.pass("1 hour")
    const second = yield* open(actingWorkflow, "worker-a", brief)
    yield* isSo(second, id, ({ status }) => isFinal(status))
  })

/** An execution whose workers die, so many in a row, while they run a handler of it; and the one that has it then. */
const dying = (open: Open, id: string, times: number, acts: Acts = [{ _tag: "Hang" }]) =>
  Effect.gen(function* () {
    for (let number = 0; number < times; number++) {
      const worker = yield* open(actingWorkflow, `dying-${number}`, brief)
      if (number === 0) yield* worker.run(start(id, acts))
      yield* isSo(worker, id, (summary) => Lab.ownerName(summary) === `dying-${number}`)
      worker.link.fault = cut()
    }
    return yield* open(actingWorkflow, "worker-a", brief)
  })

/** Handlers that seem to end their process. */
const losses: ReadonlyArray<Story> = [
  (open) =>
    Effect.gen(function* () {
      const id = "is lost, and runs alone"
      const worker = yield* dying(open, id, 3)
      yield* isSo(worker, id, (summary) => Lab.ownerName(summary) === "worker-a")
      yield* Lab.pass("1 second")
    }),
  (open) =>
    Effect.gen(function* () {
      const id = "is lost until it is blocked"
      const worker = yield* dying(open, id, 6)
      yield* isSo(worker, id, ({ status }) => status === "blocked")
    }),
  (open) =>
    Effect.gen(function* () {
      const id = "is lost while it waits for an end from outside"
      const worker = yield* dying(open, id, 2, [{ _tag: "Leave" }])
      yield* isSo(worker, id, (summary) => Lab.ownerName(summary) === "worker-a")
    })
]

/** Programs that cannot go on, and a history that is too long. */
const problems: ReadonlyArray<Story> = [
  ...Object.entries(wrongPrograms).map(
    ([reason, { workflow }]): Story =>
      (open) =>
        Effect.gen(function* () {
          const client = yield* open(Layer.empty, "client")
          yield* client.run(start(`is blocked: ${reason}`, [receive]))
          const worker = yield* open(workflow, "worker-a", { spinLimit })
          yield* Lab.settle
          yield* worker.stop
        })
  ),
  (open) =>
    Effect.gen(function* () {
      const worker = yield* open(actingWorkflow, "worker-a", { maxHistory })
      yield* worker.run(start("is too long", [receive, receive, receive, receive]))
      for (const text of ["one", "two"]) yield* worker.signal("is too long", "word", text)
      yield* Lab.settle
    })
]

export const troubledStories: ReadonlyArray<Story> = [
  refusals,
  undeliverable,
  cancelledRuns,
  lateRun,
  ...losses,
  ...problems
]
