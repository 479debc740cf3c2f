/**
 * What the processes of the tests of growth do: `node growthProgram.ts ROLE FILENAME COUNT`.
 */
import { readFileSync } from "node:fs"
import { setFlagsFromString } from "node:v8"
import { runInNewContext } from "node:vm"
import { Effect, Layer, Logger, Schema } from "effect"
import * as Activity from "perdure/Activity"
import * as Default from "perdure/Executor/Default"
import * as Signal from "perdure/Signal"
import * as Memory from "perdure/Store/Memory"
import * as Sqlite from "perdure/Store/Sqlite"
import { WorkflowStore } from "perdure/Store/WorkflowStore"
import * as Workflow from "perdure/Workflow"

const Sleeping = Workflow.make("Sleeping")

const layer = (filename: string, synchronous: "FULL" | "NORMAL") =>
  Sleeping.toLayer(() => Effect.sleep("1 day")).pipe(
    Layer.provideMerge(Default.layer),
    Layer.provideMerge(Sqlite.layer({ filename, synchronous })),
    Layer.provide(Logger.layer([]))
  )

const [role, filename = "", count = "0"] = process.argv.slice(2)

/** A value of the status of this process in the kernel, in MB. */
const megabytes = (name: string): number =>
  Math.round(Number(new RegExp(`${name}:\\s+(\\d+)`).exec(readFileSync("/proc/self/status", "utf8"))?.[1]) / 1024)

/** Frees what nothing refers to, so that what is left on the heap is what is in use. */
const collectGarbage = (): void => {
  setFlagsFromString("--expose-gc")
  runInNewContext("gc")()
}

const fill = Effect.gen(function* () {
  const ids = Array.from({ length: Number(count) }, (_, index) => `sleeper-${index}`)
  yield* Effect.forEach(ids, (workflowId) => Sleeping.start(undefined, { workflowId }), {
    concurrency: 512,
    discard: true
  })
  console.log("filled")
}).pipe(Effect.provide(layer(filename, "NORMAL")))

/** Waits until the workers that live have all executions. */
const recover = Effect.gen(function* () {
  const begun = performance.now()
  const store = yield* WorkflowStore
  const orphans = Effect.flatMap(store.workers, ({ living }) =>
    store.count({ unsettled: true, ownerNotIn: living.map(({ id }) => id) })
  )
  do yield* Effect.sleep("1 second")
  while ((yield* orphans) > 0)
  const seconds = ((performance.now() - begun) / 1000).toFixed(1)
  const peak = megabytes("VmHWM")
  yield* Effect.sleep("5 seconds")
  collectGarbage()
  const heap = Math.round(process.memoryUsage().heapUsed / 1048576)
  console.log([megabytes("VmRSS"), peak, megabytes("VmHWM"), heap, seconds].join("\t"))
}).pipe(Effect.provide(layer(filename, "FULL")))

const Echo = Activity.make("Echo", { input: Schema.Int, success: Schema.Int })
const Go = Signal.make("go")
const Steps = Workflow.make("Steps", { input: Schema.Int })

const layerSteps = Steps.toLayer((count) =>
  Effect.gen(function* () {
    for (let step = 0; step < count; step++) yield* Echo(step)
    return yield* Effect.forever(Go.receive)
  })
).pipe(
  Layer.provide(Echo.toLayer(Effect.succeed)),
  Layer.provideMerge(Default.layerWith({ maxLoaded: 1 })),
  Layer.provide(filename === "" ? Memory.layer : Sqlite.layer({ filename, synchronous: "NORMAL" })),
  Layer.provide(Logger.layer([]))
)

/** The longest time for which a timer of the host could not run during an effect, in milliseconds. */
const longestStall = Effect.fnUntraced(function* <A, E, R>(effect: Effect.Effect<A, E, R>) {
  let longest = 0
  let last = performance.now()
  const timer = setInterval(() => {
    const now = performance.now()
    longest = Math.max(longest, now - last)
    last = now
  }, 1)
  yield* effect
  yield* Effect.sleep("5 millis")
  clearInterval(timer)
  return longest
})

/** Brings a long execution back ten times, and prints the shortest of the longest stalls. */
const stepping = Effect.gen(function* () {
  const long = yield* Steps.start(Number(count))
  while (!(yield* long.describe).waitingFor.some(({ _tag }) => _tag === "Signal")) yield* Effect.sleep("100 millis")
  const stalls: Array<number> = []
  for (let round = 0; round < 10; round++) {
    const short = yield* Steps.start(0)
    yield* Effect.sleep("20 millis")
    yield* Go.send(short)
    yield* Effect.sleep("20 millis")
    stalls.push(yield* longestStall(Go.send(long)))
  }
  console.log(Math.round(Math.min(...stalls)))
}).pipe(Effect.provide(layerSteps))

const roles: Record<string, Effect.Effect<void, unknown>> = {
  fill: Effect.scoped(fill),
  recover: Effect.scoped(recover),
  steps: Effect.scoped(stepping)
}

await Effect.runPromise(roles[role!]!)
process.exit()
