/**
 * What a workflow costs on a Temporal server, against the same one without this library, in one process on one server.
 */
import { fileURLToPath } from "node:url"
import { Client, Connection } from "@temporalio/client"
import { bundleWorkflowCode, DefaultLogger, NativeConnection, Runtime, Worker } from "@temporalio/worker"
import { Console, Effect, Fiber, Layer } from "effect"
import { ChildProcess } from "effect/process"
import { ChildProcessSpawner } from "effect/process/ChildProcessSpawner"
import * as TemporalWorker from "perdure/Executor/TemporalWorker"
import { readFileSync, statSync } from "node:fs"
import { join } from "node:path"
import { temporalServer } from "../../test/support/servers.ts"
import * as Figure from "../Figure.ts"
import * as Meter from "../Meter.ts"
import * as Scratch from "../Scratch.ts"
import * as Plain from "../temporal/plainWorkflows.ts"
import { Approve, Echo, Ordering, ordering, sleeping } from "../temporal/workflows.ts"

/** The targets are multiples of what the other one takes. */
export const temporal = Effect.fnUntraced(function* (
  name: string,
  most: { readonly cpu: number; readonly events: number; readonly latency: number }
) {
  const spawner = yield* ChildProcessSpawner
  if ((yield* spawner.exitCode(ChildProcess.make("bash", [installer, "temporal"]))) !== 0) {
    yield* Console.error(`${name} is skipped: there is no Temporal server, nor Python to install it with`)
    return []
  }
  Runtime.install({ logger, telemetryOptions: { logging: { filter: { core: "WARN", other: "ERROR" }, forward: {} } } })
  const folder = yield* Scratch.makeFolder
  const bundles = yield* bundling(join(folder, "ours.js"))
  const { address } = yield* temporalServer()
  const connection = yield* Effect.acquireRelease(
    Effect.promise(() => NativeConnection.connect({ address })),
    (connection) => Effect.promise(() => connection.close())
  )
  const client = new Client({
    connection: yield* Effect.acquireRelease(
      Effect.promise(() => Connection.connect({ address })),
      (connection) => Effect.promise(() => connection.close())
    )
  })
  yield* plainWorker({ connection, taskQueue: "plain", workflowBundle: { code: bundles.plain.code } })
  const context = yield* Layer.build(
    Layer.provideMerge(
      Layer.provide(Layer.merge(ordering, sleeping), Echo.toLayer(Effect.succeed)),
      TemporalWorker.layer({ address, taskQueue: "ours", workflows, bundle: bundles.ours.file })
    )
  )
  const ours = Effect.provideContext(one, context)
  const theirs = plainOne(client)
  for (const each of [theirs, ours]) yield* Effect.replicateEffect(each, warm, { concurrency: fibers, discard: true })
  const rounds = yield* Meter.rounds(
    Effect.gen(function* () {
      const before = yield* together(client, theirs)
      const subject = yield* together(client, ours)
      const after = yield* together(client, theirs)
      return { subject, reference: between(before, after) }
    })
  )
  const alone = yield* Meter.rounds(
    Effect.gen(function* () {
      const before = yield* Meter.medianTime(alones, Effect.succeed(theirs))
      const subject = yield* Meter.medianTime(alones, Effect.succeed(ours))
      const after = yield* Meter.medianTime(alones, Effect.succeed(theirs))
      return { subject, reference: (before + after) / 2 }
    })
  )
  // Last: workers that run workflows in this thread slow all of its promises down.
  const memory = yield* caching(client, connection, bundles)
  const compared = compare(name)
  const cpu = Figure.median(rounds, ({ reference, subject }) => subject.cpu / reference.cpu)
  const events = Figure.median(rounds, ({ reference, subject }) => subject.events / reference.events)
  const latency = Figure.median(alone, ({ reference, subject }) => subject / reference)
  return [
    compared("cpu", "ms/task", cpu.subject.cpu, cpu.reference.cpu, most.cpu),
    compared("tasks", "/execution", events.subject.tasks, events.reference.tasks),
    compared("events", "/execution", events.subject.events, events.reference.events, most.events),
    compared("latency", "ms", latency.subject, latency.reference, most.latency),
    compared("bundle", "s", bundles.ours.seconds, bundles.plain.seconds),
    compared("bundle-size", "MB", bundles.ours.megabytes, bundles.plain.megabytes),
    compared("cached", "KB", memory.ours, memory.plain)
  ]
})

// internal

const installer = fileURLToPath(import.meta.resolve("../../servers/install.sh"))
const workflows = new URL("../temporal/workflows.ts", import.meta.url)
const plainWorkflows = new URL("../temporal/plainWorkflows.ts", import.meta.url)

/** How many executions a sample has, and how many of them are in flight. */
const [executions, fibers] = [64, 16]

/** After how many executions the compiler has seen what there is: a worker lives long. */
const warm = 128

/** How many executions are timed one after the other. */
const alones = 5

const compare =
  (name: string) =>
  (of: string, unit: string, value: number, plain: number, most?: number): Figure.Figure =>
    Figure.make({
      name: `${name}-${of}`,
      value,
      unit,
      ...(most === undefined ? {} : { atMost: most * plain }),
      reference: { name: "plain @temporalio/worker", value: plain, unit }
    })

/** Ids that are not used twice. */
let ids = 0

/** An execution from its start to its result; returns its id. */
const one = Effect.gen(function* () {
  const workflowId = `ours-${ids++}`
  const handle = yield* Ordering.start(1, { workflowId })
  yield* Approve.send(handle)
  yield* handle.result
  return workflowId
})

const plainOne = (client: Client): Effect.Effect<string> =>
  Effect.promise(async () => {
    const workflowId = `plain-${ids++}`
    const handle = await client.workflow.start(Plain.ordering, { workflowId, taskQueue: "plain", args: [1] })
    await handle.signal(Plain.approve)
    await handle.result()
    return workflowId
  })

/** Events and workflow tasks of an execution, and the CPU of a workflow task with all that this process does for it. */
interface Cost {
  readonly cpu: number
  readonly events: number
  readonly tasks: number
}

const between = (one: Cost, other: Cost): Cost => ({
  cpu: (one.cpu + other.cpu) / 2,
  events: (one.events + other.events) / 2,
  tasks: (one.tasks + other.tasks) / 2
})

const together = Effect.fnUntraced(function* <E, R>(client: Client, execution: Effect.Effect<string, E, R>) {
  const used = process.cpuUsage()
  const done = yield* Effect.replicateEffect(execution, executions, { concurrency: fibers })
  const { system, user } = process.cpuUsage(used)
  const histories = yield* Effect.forEach(
    done,
    (workflowId) => Effect.promise(() => client.workflow.getHandle(workflowId).fetchHistory()),
    { concurrency: fibers }
  )
  const all = histories.flatMap(({ events }) => events ?? [])
  const tasks = all.filter((event) => event.workflowTaskCompletedEventAttributes).length
  return {
    cpu: (user + system) / 1000 / tasks,
    events: all.length / executions,
    tasks: tasks / executions
  } satisfies Cost
})

/** The bundles of both, and what they take. */
const bundling = Effect.fnUntraced(function* (file: string) {
  const begun = performance.now()
  const plain = yield* Effect.promise(() =>
    bundleWorkflowCode({ workflowsPath: fileURLToPath(plainWorkflows), logger })
  )
  const between = performance.now()
  yield* TemporalWorker.bundle({ workflows, file })
  const ended = performance.now()
  return {
    plain: { code: plain.code, seconds: (between - begun) / 1000, megabytes: plain.code.length / 1e6 },
    ours: {
      file,
      code: readFileSync(file, "utf8"),
      seconds: (ended - between) / 1000,
      megabytes: statSync(file).size / 1e6
    }
  }
})

const logger = new DefaultLogger("WARN")

const plainWorker = (options: Parameters<typeof Worker.create>[0]) =>
  Effect.gen(function* () {
    const worker = yield* Effect.promise(() =>
      Worker.create({ ...options, activities: { Echo: (value: number) => Promise.resolve(value) } })
    )
    const running = yield* Effect.forkScoped(Effect.promise(() => worker.run()))
    yield* Effect.addFinalizer(() =>
      Effect.andThen(
        Effect.sync(() => worker.shutdown()),
        Fiber.await(running)
      )
    )
  })

/** The heap that an execution takes which sleeps in the cache of a worker, in KB. Both workers run their workflows in this thread. */
const caching = Effect.fnUntraced(function* (
  client: Client,
  connection: NativeConnection,
  bundles: Effect.Success<ReturnType<typeof bundling>>
) {
  const heap = (workflow: string, code: string) =>
    Effect.gen(function* () {
      const taskQueue = `cached ${workflow}`
      const sinks = { perdure: { committed: { fn: () => {}, callDuringReplay: false } } }
      yield* plainWorker({ connection, taskQueue, workflowBundle: { code }, debugMode: true, sinks })
      const begin = (count: number) =>
        Effect.forEach(
          Array.from({ length: count }, () => `cached-${ids++}`),
          (workflowId) =>
            Effect.promise(async () => {
              const handle = await client.workflow.start(workflow, { workflowId, taskQueue, args: [] })
              while (Number((await handle.describe()).historyLength) < 5) await new Promise((go) => setTimeout(go, 5))
            }),
          { concurrency: fibers, discard: true }
        )
      yield* begin(10)
      const before = used()
      yield* begin(cached)
      return (used() - before) / cached / 1000
    }).pipe(Effect.scoped)
  return { plain: yield* heap("sleeping", bundles.plain.code), ours: yield* heap("Sleeping", bundles.ours.code) }
})

/** How many executions sleep. */
const cached = 50

const used = (): number => {
  globalThis.gc?.()
  return process.memoryUsage().heapUsed
}
