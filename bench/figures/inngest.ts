/**
 * Inngest, on a double of its server that shows events after 50 milliseconds, and later under load, as a real one was measured to: steps a
 * second, what a save takes, what an idle worker asks, and a start with 10,000 executions. No real server is measured.
 */
import { randomUUID } from "node:crypto"
import { Effect, Layer } from "effect"
import * as Inngest from "perdure/Store/Inngest"
import { inngestDouble } from "../../test/support/inngestClient.ts"
import * as Figure from "../Figure.ts"
import * as Meter from "../Meter.ts"
import * as Requests from "../Requests.ts"
import * as Workload from "../Workload.ts"
import { storeFill, storeSave, storeStart } from "./stores.ts"

/** Steps a second with so many executions in flight, against events that are sent until they are shown, as many in flight. */
export const inngest = Effect.fnUntraced(function* (name: string, fibers: number, factor: number) {
  const { url } = yield* inngestDouble()
  const events = makeEvents(url, fibers)
  const context = yield* Layer.build(Workload.layer().pipe(Layer.provide(Inngest.layer({ url }))))
  const subject = Effect.provideContext(Workload.steps(fibers), context)
  const rounds = yield* Meter.rounds(Effect.all({ before: events, subject, after: events }))
  const rate = ({ after, before }: (typeof rounds)[number]) => (before.rate + after.rate) / 2
  const round = Figure.median(rounds, (round) => round.subject.rate / rate(round))
  const reference = { name: "raw events, until shown", value: rate(round), unit: "events/s" }
  const value = round.subject.rate
  return [Figure.make({ name, value, unit: "steps/s", atLeast: factor * reference.value, reference })]
})

/** What a save of an execution alone takes. */
export const inngestSave = Effect.fnUntraced(function* (name: string) {
  const { url } = yield* inngestDouble()
  return yield* storeSave(name, yield* Inngest.make({ url }), 100)
})

/** Requests a second while 1,000 executions sleep for a day. */
export const inngestIdle = Effect.fnUntraced(function* (name: string, atMost: number) {
  const { url } = yield* inngestDouble()
  // Before the client looks what `fetch` is.
  const asked = Requests.count()
  const context = yield* Layer.build(Workload.layer().pipe(Layer.provide(Inngest.layer({ url }))))
  yield* Workload.startMany(1000, (options) => Workload.Sleeping.start(undefined, options)).pipe(
    Effect.provideContext(context)
  )
  const before = asked()
  yield* Effect.sleep(idleSeconds * 1000)
  return [Figure.make({ name, value: (asked() - before) / idleSeconds, unit: "requests/s", atMost })]
})

/** A start with 10,000 executions: to save more takes minutes. */
export const inngestStart = Effect.fnUntraced(function* (
  name: string,
  mostMilliseconds: number,
  mostMegabytes: number
) {
  const { url } = yield* inngestDouble()
  const filled = { url, store: "inngest", count: 10_000 }
  yield* storeFill(filled)
  return yield* storeStart(name, filled, { mostMilliseconds, mostMegabytes })
})

// internal

const idleSeconds = 10

/** Events of names of their own, so many in flight, each asked for until it is shown: how many a second. */
const makeEvents = (url: string, fibers: number) => {
  const text = "x".repeat(200)
  const event = Effect.promise(async () => {
    const name = `raw/${randomUUID()}`
    const body = JSON.stringify([{ name, data: { text } }])
    await (
      await fetch(`${url}/e/raw`, { method: "POST", headers: { "content-type": "application/json" }, body })
    ).text()
    for (let isShown = false; !isShown;) {
      await new Promise((resolve) => void setTimeout(resolve, 4))
      const answer = await fetch(`${url}/v1/events?name=${name}&limit=1`)
      isShown = ((await answer.json()) as { data: ReadonlyArray<unknown> }).data.length > 0
    }
  })
  return Meter.sample(Meter.repeatFor({ milliseconds: 1000, fibers, effect: event }))
}
