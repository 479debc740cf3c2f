/** Promises 9 and 11: workers of different code share a store, as they do during a deployment. */
import { Effect, Layer, Logger } from "effect"
import { Activity, Signal, Workflow } from "perdure"
import type { Executions } from "perdure/Executor/Executions"
import { assert } from "../assert.ts"
import { nameOf, open, ownerName, pass, type Running, settle, slowly, until, words } from "./Lab.ts"
import { historyOf } from "./stored.ts"
import type { SuitePart } from "./SuitePart.ts"

const Go = Signal.make("go")
const A = Activity.make("A")
const B = Activity.make("B")
const Order = Workflow.make("Order")
const Other = Workflow.make("Other")

/** The worker calls one activity first: `old` code A, `new` code B, and the `newest` none. */
const code = (version: "old" | "new" | "newest") =>
  Order.toLayer(() =>
    Effect.gen(function* () {
      if (version === "old") yield* A()
      else if (version === "new") yield* B()
      yield* Go.receive
    })
  ).pipe(Layer.provide([A.toLayer(() => Effect.void), B.toLayer(() => Effect.void)]))

const OtherLive = Other.toLayer(() => Effect.never)

/** Lives to the end of the test, however slow the machine is. */
const settings = (worker: string) => ({ worker, heartbeatInterval: "20 millis", lease: "10 minutes" }) as const

/** Looks so seldom that what a look begins is mostly saved before the next one, also in a store that takes its time. */
const looksSeldom = (worker: string) => ({ ...settings(worker), heartbeatInterval: "100 millis" }) as const

const ids = Array.from({ length: 20 }, (_, number) => `order ${number}`)

/** Starts executions, which then wait for a signal. */
const startAll = Effect.fnUntraced(function* (worker: Running) {
  yield* Effect.forEach(ids, (workflowId) => worker.run(Order.start(undefined, { workflowId })))
  yield* until(isSoForAll(worker, (summary) => words(summary).includes("signal go")))
})

type Summary = Effect.Success<ReturnType<Executions["Service"]["describe"]>>

const isSoForAll = ({ executions }: Running, isSo: (summary: Summary) => boolean) =>
  Effect.map(
    Effect.forEach(ids, (id) => executions.describe(id)),
    (all) => all.every(isSo)
  )

/** The tags of the events of an execution, and who took it. */
const notesOf = (id: string) =>
  Effect.map(historyOf(id), (history) =>
    history.flatMap((event) => {
      if (event._tag === "OwnerChanged") return [nameOf(event.owner)]
      return event._tag === "ExecutionBlocked" ? ["blocked"] : []
    })
  )

/** Lines of a log, and the logger that writes them. */
const logging = () => {
  const lines: Array<string> = []
  return { lines, logger: Logger.layer([Logger.make(({ message }) => void lines.push(String(message)))]) }
}

export const deploying: SuitePart = (it) => {
  it.live("11. in a deployment each execution is run by a worker whose code can run it", () =>
    Effect.gen(function* () {
      const first = yield* open(code("old"), settings("old-1"))
      yield* startAll(first)
      yield* open(code("new"), settings("new-1"))
      const last = yield* open(code("old"), settings("old-2"))
      yield* open(code("new"), settings("new-2"))
      yield* first.stop
      yield* until(isSoForAll(last, (summary) => ownerName(summary) === "old-2"))
      // None of the others takes it back.
      yield* Effect.sleep("200 millis")
      assert.isTrue(
        yield* isSoForAll(last, (summary) => ownerName(summary) === "old-2" && summary.status === "running")
      )
      for (const id of ids) {
        yield* last.signal(id, "go", null)
        yield* Effect.timeout(last.result(id), "5 seconds")
        assert.deepStrictEqual(yield* notesOf(id), ["old-2"], "it is not blocked before the others have looked")
      }
    })
  )

  it.live("11. a worker that looks very often leaves the others their time to look", () =>
    Effect.gen(function* () {
      const first = yield* open(code("old"), settings("old-1"))
      yield* startAll(first)
      const often = yield* open(code("new"), { ...settings("new-1"), heartbeatInterval: "10 millis" })
      const next = yield* slowly(Effect.sleep("300 millis"), open(code("old"), settings("old-2")))
      yield* first.stop
      yield* until(isSoForAll(next, (summary) => ownerName(summary) === "old-2"))
      assert.isAtMost(often.link.count.load, ids.length * 3)
      for (const id of ids) assert.deepStrictEqual(yield* notesOf(id), ["old-2"])
    })
  )

  it.live("9. what no worker can run is blocked after a few looks, by one of them, and says so", () =>
    Effect.gen(function* () {
      const { lines, logger } = logging()
      const first = yield* open(code("old"), looksSeldom("old-1"))
      yield* startAll(first)
      const next = yield* Effect.provide(open(code("new"), looksSeldom("new-1")), logger)
      const other = yield* Effect.provide(open(code("new"), looksSeldom("new-2")), logger)
      yield* first.stop
      yield* until(isSoForAll(next, ({ status }) => status === "blocked"))
      // Then it is left alone for half a minute.
      const loads = () => next.link.count.load + other.link.count.load
      for (let before = -1; before < loads();) {
        before = loads()
        yield* Effect.sleep("200 millis")
        assert.isAtMost(loads(), ids.length * 10)
      }
      for (const id of ids) {
        const summary = yield* next.executions.describe(id)
        assert.match(words(summary)[0]!, /^blocked: /)
        assert.match(ownerName(summary), /^new-[12]$/)
        const notes = yield* notesOf(id)
        assert.deepStrictEqual(notes, [ownerName(summary), "blocked"], "it is taken and blocked once")
        assert.lengthOf(
          lines.filter((line) => line.includes(`execution ${JSON.stringify(id)} is blocked: `)),
          1
        )
        const declines = lines.filter((line) =>
          line.startsWith(`execution ${JSON.stringify(id)} is left to other workers: the program of "Order" disagrees`)
        )
        assert.isAtLeast(declines.length, 1, "one left it to the other at first, and said so")
      }
    })
  )

  it.effect("9. a worker that cannot go on with what is blocked either says why, once it is for another reason", () =>
    Effect.gen(function* () {
      const { lines, logger } = logging()
      const said = () => lines.splice(0).filter((line) => line.startsWith('execution "order" stays blocked'))
      const first = yield* open(code("old"))
      yield* first.run(Order.start(undefined, { workflowId: "order" }))
      yield* settle
      yield* first.stop
      const second = yield* Effect.provide(open(code("new")), logger)
      yield* pass("10 minutes")
      assert.strictEqual((yield* second.executions.describe("order")).status, "blocked")
      assert.deepStrictEqual(said(), [], "it has said so when it blocked it")
      yield* second.stop
      const same = yield* Effect.provide(open(code("new")), logger)
      yield* pass("10 minutes")
      assert.deepStrictEqual(said(), [], "it fails for the reason that is recorded")
      yield* same.stop
      const third = yield* Effect.provide(open(code("newest")), logger)
      yield* pass("10 minutes")
      assert.include(said()[0], 'stays blocked, here because: the program of "Order" disagrees with its history')
      yield* third.stop
      const last = yield* open(code("old"))
      yield* pass("1 hour")
      yield* last.run(Go.send("order", undefined))
      yield* last.result("order")
    })
  )

  it.live("9. a worker of another workflow does not keep what cannot be run from being blocked at once", () =>
    Effect.gen(function* () {
      const first = yield* open(code("old"), settings("old-1"))
      yield* startAll(first)
      yield* open(OtherLive, settings("other"))
      yield* first.stop
      const next = yield* open(code("new"), settings("new-1"))
      yield* until(isSoForAll(next, ({ status }) => status === "blocked"))
      assert.strictEqual(next.link.count.load, ids.length, "each is replayed once")
    })
  )

  it.live("11. a worker of another workflow does not go first: what another one left is taken at the first look", () =>
    Effect.gen(function* () {
      const first = yield* open(code("old"), settings("old-1"))
      yield* startAll(first)
      yield* Effect.forEach(["other-1", "other-2", "other-3"], (worker) => open(OtherLive, settings(worker)))
      yield* first.stop
      // Its second look is long after the test.
      const next = yield* open(code("old"), { worker: "old-2", heartbeatInterval: "1 hour" })
      yield* until(isSoForAll(next, (summary) => ownerName(summary) === "old-2"))
    })
  )

  it.live("9. a blocked execution is taken by a worker that can run it, while the one that blocked it lives", () =>
    Effect.gen(function* () {
      const first = yield* open(code("old"), settings("old-1"))
      yield* startAll(first)
      yield* first.stop
      const blocker = yield* open(code("new"), settings("new-1"))
      yield* until(isSoForAll(blocker, ({ status }) => status === "blocked"))
      for (const id of ids.slice(0, 10)) yield* blocker.signal(id, "go", null)
      const rescuer = yield* open(code("old"), settings("old-2"))
      yield* until(
        Effect.map(
          Effect.forEach(ids, (id) => blocker.executions.describe(id)),
          (all) =>
            all.every((summary, index) =>
              index < 10
                ? summary.status === "completed"
                : ownerName(summary) === "old-2" && summary.status === "running"
            )
        )
      )
      for (const id of ids) assert.deepStrictEqual(yield* notesOf(id), ["new-1", "blocked", "old-2"])
      assert.strictEqual(yield* rescuer.executions.count({ status: ["blocked"] }), 0)
    })
  )

  for (const [store, reading] of [
    ["", Effect.void],
    [", also where a read takes longer than a look", Effect.sleep("30 millis")]
  ] as const) {
    it.live(`9. executions that spin do not keep a new worker from its other work${store}`, () =>
      Effect.gen(function* () {
        let spins = 0
        const Spin = Workflow.make("Spin")
        const spinning = Spin.toLayer(() =>
          Effect.andThen(
            Effect.sync(() => spins++),
            Effect.forever(Effect.yieldNow)
          )
        )
        const Quick = Workflow.make("Quick")
        const QuickLive = Quick.toLayer(() => Effect.sleep("10 millis"))
        const first = yield* open(spinning, { ...settings("first"), spinLimit: "2 millis" })
        yield* Effect.forEach(ids, (workflowId) => first.run(Spin.start(undefined, { workflowId })))
        yield* until(isSoForAll(first, ({ status }) => status === "blocked"))
        yield* first.stop
        spins = 0
        const limit = 60
        const begun = performance.now()
        const next = yield* slowly(
          reading,
          open(Layer.merge(spinning, QuickLive), { ...settings("next"), spinLimit: limit })
        )
        while (performance.now() - begun < 2500) yield* Effect.timeout(next.run(Quick.execute()), "5 seconds")
        const passed = performance.now() - begun
        assert.isAtLeast(spins, 1)
        // A try takes the limit, and ten times as long the worker does other work.
        assert.isAtMost(spins, Math.ceil(passed / (limit * 11)) + 1)
      })
    )
  }

  it.live("9. what no worker can run is blocked, also where a read takes longer than a look", () =>
    Effect.gen(function* () {
      const first = yield* open(code("old"), settings("old-1"))
      yield* startAll(first)
      const reading = Effect.sleep("60 millis")
      const next = yield* slowly(reading, open(code("new"), settings("new-1")))
      yield* slowly(reading, open(code("new"), settings("new-2")))
      yield* first.stop
      yield* until(isSoForAll(next, ({ status }) => status === "blocked"))
    })
  )
}
