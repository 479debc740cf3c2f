/**
 * A sidecar of Dapr with SQLite, and with a Redis that waits for the disk: steps a second, what a save takes, what an idle worker asks, and a
 * start with 100,000 executions.
 */
import { fileURLToPath } from "node:url"
import { Console, Effect, Layer, Schema } from "effect"
import * as Dapr from "perdure/Store/Dapr"
import { after, freshId, start } from "../../test/suites/store/builders.ts"
import { type Component, components, sidecar } from "../../test/support/daprClient.ts"
import { type DaprServer, isInstalled } from "../../test/support/servers.ts"
import * as Child from "../Child.ts"
import * as Figure from "../Figure.ts"
import * as Meter from "../Meter.ts"
import * as Workload from "../Workload.ts"

/** Steps a second with so many executions in flight, against writes of one key by `fetch`, as many in flight. */
export const dapr = (name: string, fibers: number, factor: number) =>
  onSidecars(
    name,
    Effect.fnUntraced(function* ({ url }, component) {
      const writes = makeWrites(url, component, fibers)
      const context = yield* Layer.build(Workload.layer().pipe(Layer.provide(Dapr.layer({ url, component }))))
      const subject = Effect.provideContext(Workload.steps(fibers), context)
      const rounds = yield* Meter.rounds(Effect.all({ before: writes, subject, after: writes }))
      const rate = ({ after, before }: (typeof rounds)[number]) => (before.rate + after.rate) / 2
      const round = Figure.median(rounds, (round) => round.subject.rate / rate(round))
      const reference = { name: "raw writes of a key", value: rate(round), unit: "writes/s" }
      const value = round.subject.rate
      return [
        Figure.make({
          name: `${name}-${component}`,
          value,
          unit: "steps/s",
          atLeast: factor * reference.value,
          reference
        })
      ]
    })
  )

/** What a save of an execution alone takes. */
export const daprSave = (name: string) =>
  onSidecars(
    name,
    Effect.fnUntraced(function* ({ url }, component) {
      const store = yield* Dapr.make({ url, component })
      let commit = start(freshId())
      const taken: Array<number> = []
      for (let count = 0; count < 1100; count++) {
        const began = performance.now()
        yield* store.save(commit)
        taken.push(performance.now() - began)
        commit = after(commit.summary)
      }
      const sorted = taken.slice(100).toSorted((a, b) => a - b)
      return [0.5, 0.99].map((share) =>
        Figure.make({
          name: `${name}-${component}-p${share * 100}`,
          value: sorted[Math.floor(share * sorted.length)]!,
          unit: "ms"
        })
      )
    })
  )

/** Requests a second while 1,000 executions sleep for a day. */
export const daprIdle = (name: string, atMost: number) =>
  onSidecars(
    name,
    Effect.fnUntraced(function* ({ url }, component) {
      // Before the client looks what `fetch` is.
      const asked = countRequests()
      const context = yield* Layer.build(Workload.layer().pipe(Layer.provide(Dapr.layer({ url, component }))))
      yield* Workload.startMany(1000, (options) => Workload.Sleeping.start(undefined, options)).pipe(
        Effect.provideContext(context)
      )
      const before = asked()
      yield* Effect.sleep(idleSeconds * 1000)
      return [
        Figure.make({
          name: `${name}-${component}`,
          value: (asked() - before) / idleSeconds,
          unit: "requests/s",
          atMost
        })
      ]
    })
  )

/** A start with 100,000 executions. */
export const daprStart = (name: string, component: Component, mostMilliseconds: number, mostMegabytes: number) =>
  onSidecars(
    name,
    Effect.fnUntraced(function* ({ url }) {
      yield* Child.answer(Schema.Struct({}), Child.node(program, "fill", url, component))
      const started = yield* Child.answer(Started, Child.node(program, "start", url, component))
      const { list, megabytes, milliseconds } = started
      return [
        Figure.make({ name, value: milliseconds, unit: "ms", atMost: mostMilliseconds }),
        Figure.make({ name: `${name}-memory`, value: megabytes, unit: "MB", atMost: mostMegabytes }),
        Figure.make({ name: `${name}-list`, value: list, unit: "ms" })
      ]
    }),
    [component]
  )

// internal

const idleSeconds = 10
const program = fileURLToPath(import.meta.resolve("../children/daprStart.ts"))

const Started = Schema.Struct({
  found: Schema.Literal(100_000),
  milliseconds: Schema.Finite,
  megabytes: Schema.Finite,
  list: Schema.Finite
})

/** Runs a bench with sidecars of its own, where they are built. */
const onSidecars = Effect.fnUntraced(function* <E, R>(
  name: string,
  bench: (server: DaprServer, component: Component) => Effect.Effect<ReadonlyArray<Figure.Figure>, E, R>,
  which: ReadonlyArray<Component> = components
) {
  if (!isInstalled("daprd") || !isInstalled("redis")) {
    yield* Console.error(`${name} is skipped: there is no daprd or no Redis; npm run servers:install daprd redis`)
    return []
  }
  const measured = yield* Effect.forEach(which, (component) =>
    Effect.flatMap(sidecar(component), (server) => bench(server, component)).pipe(Effect.scoped)
  )
  return measured.flat()
})

/** Writes of new keys, so many in flight: how many a second. Of many at once SQLite refuses some, which count when they are written. */
const makeWrites = (url: string, component: Component, fibers: number) => {
  const value = "x".repeat(200)
  let keys = 0
  const write = Effect.promise(async () => {
    const body = JSON.stringify([{ key: `raw-${keys++}`, value }])
    const headers = { "content-type": "application/json" }
    for (let isWritten = false; !isWritten;) {
      const response = await fetch(`${url}/v1.0/state/${component}`, { method: "POST", headers, body })
      await response.arrayBuffer()
      isWritten = response.ok
    }
  })
  return Meter.sample(Meter.repeatFor({ milliseconds: 500, fibers, effect: write }))
}

let requests = 0

/** Begins to count the requests of this process, once: a client looks but once what `fetch` is. */
const countRequests = (): (() => number) => {
  const { fetch } = globalThis
  if (fetch.name !== "counting") {
    globalThis.fetch = function counting(...parameters) {
      requests++
      return fetch(...parameters)
    }
  }
  return () => requests
}
