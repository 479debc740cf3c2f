/**
 * What became of the executions of the golden histories of release 0.2: messages between executions, starts without an owner,
 * events that were appended unread, timeouts of activities, blocked executions.
 */
import { Effect, Layer, type Scope } from "effect"
import type * as Default from "perdure/Executor/Default"
import type { Executions } from "perdure/Executor/Executions"
import { type FaultyStore, sound } from "../suites/executor/FaultyStore.ts"
import * as Lab from "../suites/executor/Lab.ts"
import {
  begin,
  changedWorkflow,
  Changing,
  Hurrying,
  Order,
  Telling,
  Waiting,
  waitingWorkflow,
  workflows
} from "./programs.ts"

/** What happens in a laboratory of its own. */
export type Story = (open: Open) => Effect.Effect<void, unknown, Lab.Lab | Executions | Scope.Scope>

/** Opens an executor with a name. */
export type Open = (workflows: Lab.Workflows, worker: string, options?: Default.Options) => ReturnType<typeof Lab.open>

/** Each execution has its id as the name of its history, so no two stories use one id. */
export const stories: ReadonlyArray<Story> = [
  (open) =>
    Effect.gen(function* () {
      const worker = yield* open(workflows, "worker-a")
      const attributes = { customer: "Zoë", weight: 2.5, urgent: true }
      const start = (workflowId: string) =>
        Waiting.start({ notes: 1 }, { workflowId, attributes, timeout: "1 day", whenExists: "restart" })
      yield* worker.run(start("waits, with attributes and a deadline"))
      const first = yield* worker.run(start("two runs"))
      yield* worker.signal(first.id, "note", "first")
      yield* Lab.pass("1 minute")
      yield* worker.run(start("two runs"))
      yield* worker.signal(first.id, "note", "second")
      yield* Lab.settle
    }),
  (open) =>
    Effect.gen(function* () {
      const client = yield* open(Layer.empty, "client")
      yield* client.run(Waiting.start({ notes: 1 }, { workflowId: "no worker has taken it" }))
    }),
  (open) =>
    Effect.gen(function* () {
      const client = yield* open(Layer.empty, "client")
      const options = { workflowId: "a client started and told it", attributes: { urgent: false } }
      yield* client.run(Waiting.start({ notes: 2 }, options))
      yield* client.signal(options.workflowId, "note", "before a worker took it")
      yield* Lab.pass("1 minute")
      const worker = yield* open(workflows, "worker-a")
      yield* Lab.pass("1 minute")
      yield* client.signal(options.workflowId, "note", "after a worker took it")
      yield* Lab.settle
      yield* worker.stop
    }),
  (open) =>
    Effect.gen(function* () {
      const client = yield* open(Layer.empty, "client")
      const first = yield* open(workflows, "worker-a")
      const ids = ["told, cancelled and terminated", "told and cancelled, then taken over"]
      for (const workflowId of ids) yield* first.run(Waiting.start({ notes: 3 }, { workflowId }))
      yield* first.stop
      for (const id of ids) yield* client.signal(id, "note", "one")
      yield* Lab.pass("1 minute")
      for (const id of ids) yield* client.cancel(id, "not needed")
      yield* client.terminate(ids[0]!, "enough")
      const second = yield* open(workflows, "worker-b")
      yield* Lab.pass("1 minute")
      yield* second.stop
    }),
  (open) =>
    Effect.gen(function* () {
      const client = yield* open(Layer.empty, "client")
      const first = yield* open(workflows, "worker-a")
      yield* first.run(Waiting.start({ notes: 3 }, { workflowId: "told while no worker runs it" }))
      yield* first.stop
      yield* client.signal("told while no worker runs it", "note", "one")
      yield* Lab.pass("1 minute")
      yield* client.signal("told while no worker runs it", "note", "two")
    }),
  (open) =>
    Effect.gen(function* () {
      const client = yield* open(Layer.empty, "client")
      const worker = yield* open(workflows, "worker-a")
      const order = { cents: 4250, deliverAt: begin + 3_600_000 }
      for (const workflowId of ["cancelled by another", "terminated by another", "approved by another"]) {
        yield* worker.run(Order.start(order, { workflowId, attributes: { customer: "Ada" } }))
      }
      yield* Lab.pass("1 minute")
      yield* client.cancel("cancelled by another", "not needed")
      yield* client.terminate("terminated by another", "enough")
      yield* client.signal("approved by another", "approve", { by: "Eve" })
      yield* Lab.pass("2 hours")
    }),
  (open) =>
    Effect.gen(function* () {
      const worker = yield* open(workflows, "worker-a")
      yield* worker.run(Hurrying.start({ until: begin + 500 }, { workflowId: "in time" }))
      yield* worker.run(Hurrying.start({ until: begin + 5500 }, { workflowId: "in time at the second attempt" }))
      yield* worker.run(Hurrying.start({ until: begin + 3_600_000 }, { workflowId: "never in time" }))
      yield* Lab.pass("1 minute")
      yield* worker.run(Hurrying.start({ until: begin + 3_600_000 }, { workflowId: "between attempts" }))
      yield* Lab.pass("2 seconds")
    }),
  (open) =>
    Effect.gen(function* () {
      const worker = yield* open(workflows, "worker-a")
      yield* worker.run(Changing.start(undefined, { workflowId: "blocked" }))
      yield* worker.run(Changing.start(undefined, { workflowId: "blocked and resumed" }))
      yield* Lab.settle
      yield* worker.stop
      const changed = yield* open(changedWorkflow, "worker-b")
      yield* Lab.settle
      yield* changed.terminate("blocked", "enough")
      yield* Lab.settle
      yield* changed.stop
      const again = yield* open(workflows, "worker-c")
      yield* Lab.settle
      yield* again.signal("blocked and resumed", "approve", { by: "Ada" })
      yield* Lab.settle
    }),
  (open) =>
    Effect.gen(function* () {
      const worker = yield* open(workflows, "worker-a")
      const tell = (workflowId: string, to: string, options: Partial<typeof Telling.input.Type> = {}) =>
        worker.run(
          Telling.start({ to, notes: ["one", "two"], cancels: false, waits: true, ...options }, { workflowId })
        )
      yield* worker.run(Waiting.start({ notes: 2 }, { workflowId: "receives notes" }))
      yield* tell("sends notes", "receives notes")
      yield* Lab.settle
      yield* worker.run(Waiting.start({ notes: 2 }, { workflowId: "receives a cancel" }))
      yield* tell("sends a note and a cancel", "receives a cancel", { notes: ["one"], cancels: true })
      yield* Lab.settle
      yield* tell("sends to a finished execution", "receives notes")
      yield* tell("sends to no execution", "there is none")
      yield* tell("sends to itself", "sends to itself")
      yield* Lab.settle
    }),
  (open) =>
    Effect.gen(function* () {
      const worker = yield* open(workflows, "worker-a")
      const tell = (workflowId: string, waits: boolean) => {
        const input = { to: "receives late", notes: ["one", "two"], cancels: false, waits }
        return worker.run(Telling.start(input, { workflowId }))
      }
      yield* worker.run(Waiting.start({ notes: 6 }, { workflowId: "receives late" }))
      // Where a message goes is read by its summary; a history is read to deliver it.
      worker.link.fault = withoutLoads
      yield* tell("owes at its close, delivered later", false)
      yield* tell("owes while it waits, delivered by a worker without its program", true)
      yield* Lab.settle
      yield* worker.stop
      yield* Lab.pass("1 minute")
      const other = yield* open(waitingWorkflow, "worker-b")
      yield* Lab.pass("1 minute")
      yield* other.stop
      const last = yield* open(workflows, "worker-c")
      last.link.fault = withoutLoads
      const input = { to: "receives late", notes: ["five", "six"], cancels: true, waits: false }
      yield* last.run(Telling.start(input, { workflowId: "owes at its close" }))
      yield* last.run(Telling.start({ ...input, waits: true }, { workflowId: "owes while it waits" }))
      yield* Lab.settle
    })
]

// internal

const withoutLoads: FaultyStore["fault"] = (operation) => (operation === "load" ? "unasked" : sound(operation))
