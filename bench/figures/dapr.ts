/**
 * A sidecar of Dapr with SQLite, and with a Redis that waits for the disk: steps a second, what a save takes, what an idle worker asks, and a
 * start with 100,000 executions.
 */
import { Console, Effect, Layer } from "effect"
import * as Dapr from "perdure/Store/Dapr"
import { type Component, components, sidecar } from "../../test/support/daprClient.ts"
import { type DaprServer, isInstalled } from "../../test/support/servers.ts"
import * as Figure from "../Figure.ts"
import * as Meter from "../Meter.ts"
import * as Requests from "../Requests.ts"
import * as Workload from "../Workload.ts"
import { storeFill, storeSave, storeStart } from "./stores.ts"

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
      return yield* storeSave(`${name}-${component}`, yield* Dapr.make({ url, component }), 1000)
    })
  )

/** Requests a second while 1,000 executions sleep for a day. */
export const daprIdle = (name: string, atMost: number) =>
  onSidecars(
    name,
    Effect.fnUntraced(function* ({ url }, component) {
      // Before the client looks what `fetch` is.
      const asked = Requests.count()
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
      const filled = { url, store: component, count: 100_000 }
      yield* storeFill(filled)
      return yield* storeStart(name, filled, { mostMilliseconds, mostMegabytes })
    }),
    [component]
  )

// internal

const idleSeconds = 10
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
