/** Promise 15: a message between executions is delivered once, in order, and its sender learns what became of it. */
import { Effect, Layer, Option, Schema } from "effect"
import { Signal, Workflow } from "perdure"
import type { HistoryEvent } from "perdure/HistoryEvent"
import { WorkflowId } from "perdure/Ids"
import {
  Corrupt,
  NewerFormat,
  StoreError,
  type StoreErrorReason,
  TooLarge,
  type WorkflowStore
} from "perdure/Store/WorkflowStore"
import { numbers } from "../numbers.ts"
import { protocol } from "#protocol"
import { assert } from "../assert.ts"
import { errorOf, reasonOf } from "./failures.ts"
import { cut, sound } from "./FaultyStore.ts"
import { Lab, open, pass, settle, words } from "./Lab.ts"
import type { SuitePart } from "./SuitePart.ts"

const Go = Signal.make("go")
const Add = Signal.make("add", { payload: Schema.Number })

/** Sends numbers to another execution, once it may go, and returns what became of each. */
const Send = Workflow.make("Send", {
  input: Schema.Struct({ to: Schema.String, numbers: Schema.Array(Schema.Number) }),
  success: Schema.Array(Schema.String)
})
const SendLive = Send.toLayer(
  Effect.fnUntraced(function* ({ numbers, to }) {
    yield* Go.receive
    return yield* Effect.forEach(numbers, (number) => sent(to, number), { concurrency: "unbounded" })
  })
)

/** Sends a number and ends at once, without waiting for what becomes of it. */
const Forget = Workflow.make("Forget", { input: Schema.Struct({ to: Schema.String, number: Schema.Number }) })
const ForgetLive = Forget.toLayer(
  Effect.fnUntraced(function* ({ number, to }) {
    yield* Go.receive
    yield* Effect.forkChild(sent(to, number), { startImmediately: true })
  })
)

/** Takes so many numbers. */
const Take = Workflow.make("Take", { input: Schema.Int, success: Schema.Array(Schema.Number) })
const TakeLive = Take.toLayer((count) => Effect.replicateEffect(Add.receive, count))

const sent = (to: string, number: number) =>
  Effect.flatMap(protocol, ({ send }) =>
    send({ to: WorkflowId.make(to), message: { _tag: "Signal", name: "add", payload: number } })
  ).pipe(Effect.map((outcome) => (outcome._tag === "Refused" ? outcome.reason : outcome._tag)))

const senders = Layer.mergeAll(SendLive, ForgetLive)
const all = Layer.merge(senders, TakeLive)
const received = (history: ReadonlyArray<HistoryEvent>) =>
  history.flatMap((event) => (event._tag === "SignalReceived" ? [event.payload] : []))

export const sending: SuitePart = (it) => {
  it.effect("15. a message to another execution arrives once, and its sender learns that", () =>
    Effect.gen(function* () {
      const app = yield* open(all)
      const take = yield* app.run(Take.start(1, { workflowId: "take" }))
      const send = yield* app.run(Send.start({ to: "take", numbers: [7] }))
      yield* app.run(Go.send(send, undefined))
      yield* settle
      assert.deepStrictEqual(yield* take.result, [7])
      assert.deepStrictEqual(yield* send.result, ["Delivered"])
      assert.deepStrictEqual(received(yield* take.history), [7])
      assert.deepStrictEqual(
        (yield* send.history).map(({ _tag }) => _tag),
        ["ExecutionStarted", "SignalReceived", "MessageSent", "MessageSettled", "ExecutionCompleted"]
      )
    })
  )

  it.effect("15. messages of one sender to one receiver arrive in the order in which they were sent", () =>
    Effect.gen(function* () {
      const app = yield* open(all)
      const take = yield* app.run(Take.start(40, { workflowId: "take" }))
      const send = yield* app.run(Send.start({ to: "take", numbers: numbers(40) }))
      yield* app.run(Go.send(send, undefined))
      yield* pass("1 minute")
      assert.deepStrictEqual(yield* take.result, numbers(40))
      assert.deepStrictEqual(
        yield* send.result,
        numbers(40).map(() => "Delivered")
      )
    })
  )

  it.effect("15. a message to an id that nobody started is refused at once, and stays so", () =>
    Effect.gen(function* () {
      const app = yield* open(all)
      const send = yield* app.run(Send.start({ to: "take", numbers: [7, 8] }))
      yield* app.run(Go.send(send, undefined))
      yield* settle
      assert.deepStrictEqual(yield* send.result, ["NotFound", "NotFound"])
      assert.strictEqual((yield* send.describe).version, 2)
      const take = yield* app.run(Take.start(1, { workflowId: "take" }))
      yield* pass("1 minute")
      assert.deepStrictEqual(received(yield* take.history), [])
    })
  )

  it.effect("15. a message to a finished execution is refused, and its next run does not get it", () =>
    Effect.gen(function* () {
      const app = yield* open(all)
      const start = app.run(Take.start(0, { workflowId: "take", whenExists: "restart" }))
      yield* (yield* start).result
      const send = yield* app.run(Send.start({ to: "take", numbers: [7] }))
      yield* app.run(Go.send(send, undefined))
      yield* pass("1 minute")
      assert.deepStrictEqual(yield* send.result, ["Finished"])
      const again = yield* app.run(Take.start(1, { workflowId: "take", whenExists: "restart" }))
      yield* pass("1 minute")
      assert.deepStrictEqual(received(yield* again.history), [])
    })
  )

  it.effect("15. an execution may send a message to itself", () =>
    Effect.gen(function* () {
      const Self = Workflow.make("Self", { success: Schema.Array(Schema.Unknown) })
      const app = yield* open(Self.toLayer(() => Effect.all([sent("self", 3), Add.receive], { concurrency: 2 })))
      const handle = yield* app.run(Self.start(undefined, { workflowId: "self" }))
      yield* pass("1 minute")
      assert.deepStrictEqual(yield* handle.result, ["Delivered", 3])
    })
  )

  it.effect("15. what a finished execution owes is delivered, also by a worker without its program", () =>
    Effect.gen(function* () {
      const first = yield* open(all)
      const take = yield* first.run(Take.start(1, { workflowId: "take" }))
      const forget = yield* first.run(Forget.start({ to: "take", number: 7 }, { workflowId: "forget" }))
      // It reads where the message goes; what comes after that is lost.
      first.link.fault = (operation) => (operation === "load" ? "unasked" : undefined)
      yield* first.run(Go.send(forget, undefined))
      yield* settle
      const owing = yield* forget.describe
      assert.deepInclude(owing, { status: "completed", owed: 1, waitingFor: [{ _tag: "Deliveries", count: 1 }] })
      assert.isDefined(owing.wakeAt)
      assert.deepStrictEqual(received(yield* take.history), [])
      yield* first.stop
      const closed = (yield* forget.history).at(-1)
      const second = yield* open(TakeLive)
      yield* pass("1 minute")
      assert.deepStrictEqual(yield* (yield* second.run(Take.handle("take"))).result, [7])
      const settled = yield* forget.describe
      assert.deepStrictEqual(
        [settled.status, settled.owed, settled.wakeAt, settled.owner, settled.waitingFor],
        ["completed", undefined, undefined, undefined, []]
      )
      const history = yield* forget.history
      assert.deepInclude(history.at(-1), { _tag: "MessageSettled" })
      assert.deepStrictEqual(history.at(-2), closed)
      assert.isUndefined(yield* (yield* second.run(Forget.handle("forget"))).result)
    })
  )

  it.effect(
    "15. an execution that owes a message is not deleted, and is started again only after it is delivered",
    () =>
      Effect.gen(function* () {
        const app = yield* open(all)
        const take = yield* app.run(Take.start(2, { workflowId: "take" }))
        const start = (number: number) =>
          app.run(Forget.start({ to: "take", number }, { workflowId: "forget", whenExists: "restart" }))
        const forget = yield* start(1)
        app.link.fault = (operation) => (operation === "load" ? "unasked" : undefined)
        yield* app.run(Go.send(forget, undefined))
        yield* settle
        assert.deepInclude(yield* errorOf(app.executions.delete("forget")), { _tag: "StillOwes", messages: 1 })
        const other = yield* open(Layer.empty)
        const startAgain = Forget.start({ to: "take", number: 2 }, { workflowId: "forget", whenExists: "restart" })
        other.link.fault = (operation) => (operation === "saveAll" ? "unasked" : undefined)
        const again = yield* Effect.forkChild(other.run(startAgain))
        yield* pass("10 seconds")
        assert.isUndefined(again.pollUnsafe(), "the message cannot be delivered yet")
        assert.strictEqual((yield* app.run(forget.describe)).runId, forget.runId)
        for (const { link } of [app, other]) link.fault = sound
        yield* pass("1 minute")
        assert.deepStrictEqual(received(yield* take.history), [1])
        const handle = Option.getOrThrow(Option.fromUndefinedOr(again.pollUnsafe()))
        const second = yield* handle
        assert.isTrue(second.created)
        yield* app.run(Go.send(second, undefined))
        yield* pass("1 minute")
        assert.deepStrictEqual(yield* take.result, [1, 2])
        yield* app.executions.delete("forget")
        assert.strictEqual(yield* reasonOf(app.executions.describe("forget")), "NotFound")
      })
  )

  for (const fault of ["unasked", "unanswered"] as const) {
    it.effect(`15. operations that go ${fault} delay messages; none is lost, and none is there twice`, () =>
      Effect.gen(function* () {
        const app = yield* open(all)
        const takes = yield* Effect.forEach(numbers(3), (id) => app.run(Take.start(10, { workflowId: `take ${id}` })))
        const sends = yield* Effect.forEach(numbers(6), (id) =>
          app.run(Send.start({ to: `take ${id % 3}`, numbers: numbers(5).map((number) => id * 10 + number) }))
        )
        let operations = 0
        app.link.fault = () => (++operations % 3 === 0 ? undefined : fault)
        const going = yield* Effect.forkChild(
          Effect.forEach(sends, (send) => app.run(Go.send(send, undefined)), { concurrency: "unbounded" })
        )
        yield* pass("20 seconds")
        app.link.fault = sound
        yield* pass("10 minutes")
        assert.isDefined(going.pollUnsafe())
        for (const [id, take] of takes.entries()) {
          const expected = [id, id + 3].flatMap((sender) => numbers(5).map((number) => sender * 10 + number))
          const taken = yield* take.result
          assert.sameMembers([...taken], expected)
          for (const sender of [id, id + 3]) {
            const own = taken.filter((number) => Math.floor(number / 10) === sender)
            assert.deepStrictEqual(own, own.toSorted())
          }
        }
        for (const send of sends) {
          assert.deepStrictEqual(
            yield* send.result,
            numbers(5).map(() => "Delivered")
          )
        }
      })
    )
  }

  it.effect("15. a receiver that is deleted after it took a message is not taken for one that never got it", () =>
    Effect.gen(function* () {
      const app = yield* open(senders)
      const receiver = yield* open(TakeLive)
      const take = yield* receiver.run(Take.start(1, { workflowId: "take" }))
      const send = yield* app.run(Send.start({ to: "take", numbers: [7] }, { workflowId: "send" }))
      // The message is written, and its sender is cut off before it can note that.
      const { store } = yield* Lab
      app.link.fault = (operation) => (operation === "saveAll" && app.link.count.load > 0 ? "unanswered" : undefined)
      yield* app.run(Go.send(send, undefined))
      yield* settle
      app.link.fault = cut()
      yield* settle
      assert.deepStrictEqual(received(yield* take.history), [7])
      assert.deepStrictEqual(
        yield* take.result.pipe(
          Effect.timeoutOption("1 minute"),
          Effect.forkChild,
          Effect.tap(() => pass("1 minute")),
          Effect.flatMap((fiber) => fiber.pollUnsafe() ?? Effect.succeedNone)
        ),
        Option.some([7])
      )
      yield* receiver.executions.delete("take")
      assert.isTrue(Option.isNone(yield* store.summary(WorkflowId.make("take"))))
      app.link.fault = sound
      yield* pass("10 minutes")
      assert.deepStrictEqual(yield* send.result, ["Delivered"])
    })
  )

  it.effect("15. what became of its receiver before it arrives is what the sender of a message learns", () =>
    Effect.gen(function* () {
      const app = yield* open(senders)
      const receiver = yield* open(TakeLive)
      const start = (id: string) => receiver.run(Take.start(1, { workflowId: id, whenExists: "restart" }))
      const finish = (id: string) => Effect.andThen(receiver.signal(id, "add", 1), receiver.result(id))
      const fates = {
        NotFound: Effect.andThen(finish("NotFound"), receiver.executions.delete("NotFound")),
        Finished: finish("Finished"),
        Restarted: Effect.andThen(finish("Restarted"), start("Restarted"))
      }
      const sends = []
      for (const id of Object.keys(fates)) {
        yield* start(id)
        sends.push(yield* app.run(Send.start({ to: id, numbers: [7] })))
      }
      // The messages are addressed, and cannot be delivered yet.
      app.link.fault = cut("load")
      for (const send of sends) yield* app.run(Go.send(send, undefined))
      yield* settle
      yield* Effect.all(Object.values(fates), { discard: true })
      app.link.fault = sound
      yield* pass("1 minute")
      for (const [index, reason] of Object.keys(fates).entries()) {
        assert.deepStrictEqual(yield* sends[index]!.result, [reason])
      }
      assert.deepStrictEqual(received(yield* receiver.executions.history("Restarted")), [])
    })
  )

  it.effect(
    "15. a message that was taken is known by the record of its receiver's deletion, whoever has the id then",
    () =>
      Effect.gen(function* () {
        const app = yield* open(senders)
        const receiver = yield* open(TakeLive)
        const start = (count: number) => receiver.run(Take.start(count, { workflowId: "take", whenExists: "restart" }))
        const take = yield* start(1)
        const send = yield* app.run(Send.start({ to: "take", numbers: [7] }))
        app.link.fault = (operation) => (operation === "saveAll" && app.link.count.load > 0 ? "unanswered" : undefined)
        yield* app.run(Go.send(send, undefined))
        yield* settle
        app.link.fault = cut()
        yield* settle
        assert.deepStrictEqual(received(yield* take.history), [7])
        yield* take.result
        // The run that took it is not the last one when the id is deleted.
        yield* (yield* start(0)).result
        yield* receiver.executions.delete("take")
        const last = yield* start(1)
        app.link.fault = sound
        yield* pass("10 minutes")
        assert.deepStrictEqual(yield* send.result, ["Delivered"])
        assert.deepStrictEqual(received(yield* last.history), [])
      })
  )

  it.effect("15. a message that its receiver cannot hold, or whose receiver is damaged, is refused", () =>
    Effect.gen(function* () {
      const lab = yield* Lab
      const faults: Record<string, StoreErrorReason> = {
        large: new TooLarge({ bytes: 2, limit: 1 }),
        damaged: new Corrupt({ detail: "it is" }),
        newer: new NewerFormat({ format: 99, known: 2 })
      }
      const failing = (operation: StoreError["operation"], workflowId: WorkflowId) =>
        workflowId in faults && (operation === "save") === (workflowId === "large")
          ? Effect.fail(new StoreError({ operation, workflowId, reason: faults[workflowId]! }))
          : Effect.void
      const store: WorkflowStore["Service"] = {
        ...lab.store,
        save: (commit) => Effect.andThen(failing("save", commit.workflowId), lab.store.save(commit)),
        load: (workflowId, options) => Effect.andThen(failing("load", workflowId), lab.store.load(workflowId, options))
      }
      const receiver = yield* open(TakeLive)
      const app = yield* Effect.provideService(open(senders), Lab, { ...lab, store })
      for (const [id, outcome] of [
        ["large", "TooLarge"],
        ["damaged", "Unreadable"]
      ] as const) {
        yield* receiver.run(Take.start(1, { workflowId: id }))
        const send = yield* app.run(Send.start({ to: id, numbers: [7] }))
        yield* app.run(Go.send(send, undefined))
        yield* pass("1 minute")
        assert.deepStrictEqual(yield* send.result, [outcome])
      }
      // Of a receiver that a newer release has written to, only that release can say whether it has the message.
      const newer = yield* receiver.run(Take.start(1, { workflowId: "newer" }))
      const send = yield* app.run(Send.start({ to: "newer", numbers: [7] }))
      yield* app.run(Go.send(send, undefined))
      yield* pass("1 minute")
      assert.deepStrictEqual(words(yield* send.describe), ['delivery of signal add to "newer"'])
      delete faults["newer"]
      yield* pass("1 minute")
      assert.deepStrictEqual(yield* send.result, ["Delivered"])
      assert.deepStrictEqual(yield* newer.result, [7])
    })
  )

  it.effect("15. two cancels are one for their receiver, and both are delivered", () =>
    Effect.gen(function* () {
      const Stop = Workflow.make("Stop", { success: Schema.Array(Schema.String) })
      const cancel = Effect.flatMap(protocol, ({ send }) =>
        send({ to: WorkflowId.make("take"), message: { _tag: "Cancel", reason: "enough" } })
      )
      const StopLive = Stop.toLayer(() =>
        Effect.map(Effect.all([cancel, cancel], { concurrency: 2 }), (outcomes) => outcomes.map(({ _tag }) => _tag))
      )
      const Slow = Workflow.make("Slow")
      const app = yield* open(
        Layer.merge(
          StopLive,
          Slow.toLayer(() => Effect.onInterrupt(Effect.never, () => Effect.sleep("1 hour")))
        )
      )
      const slow = yield* app.run(Slow.start(undefined, { workflowId: "take" }))
      const stop = yield* app.run(Stop.start())
      yield* pass("1 minute")
      assert.deepStrictEqual(yield* stop.result, ["Delivered", "Delivered"])
      assert.strictEqual((yield* slow.history).filter(({ _tag }) => _tag === "CancelRequested").length, 1)
    })
  )

  it.effect(
    "15. what a running execution owes is delivered by whoever is there, and its program learns of it later",
    () =>
      Effect.gen(function* () {
        const Both = Workflow.make("Both", { success: Schema.Array(Schema.Unknown) })
        const BothLive = Both.toLayer(() => Effect.all([sent("take", 7), Add.receive], { concurrency: 2 }))
        const first = yield* open(Layer.merge(BothLive, TakeLive))
        const take = yield* first.run(Take.start(1, { workflowId: "take" }))
        first.link.fault = cut("load")
        const { describe, id } = yield* first.run(Both.start(undefined, { workflowId: "both" }))
        yield* settle
        assert.deepInclude(yield* describe, { owed: 1 })
        yield* first.stop
        const second = yield* open(TakeLive)
        yield* pass("1 minute")
        assert.deepStrictEqual(yield* (yield* second.run(Take.handle("take"))).result, [7])
        assert.deepStrictEqual(received(yield* take.history), [7])
        const settled = yield* describe
        assert.isUndefined(settled.owed)
        assert.include(words(settled), "signal add")
        assert.isDefined(settled.wakeAt, "its program has not read that yet")
        yield* second.signal(id, "add", 3)
        const third = yield* open(BothLive)
        yield* pass("1 minute")
        assert.deepStrictEqual(yield* (yield* third.run(Both.handle(id))).result, ["Delivered", 3])
      })
  )

  it.effect("15. what an execution owes that is terminated from elsewhere is delivered and noted by its worker", () =>
    Effect.gen(function* () {
      const app = yield* open(all)
      const other = yield* open(Layer.empty)
      const take = yield* app.run(Take.start(1, { workflowId: "take" }))
      const send = yield* app.run(Send.start({ to: "take", numbers: [7] }, { workflowId: "send" }))
      app.link.fault = (operation) => (operation === "load" ? "unasked" : undefined)
      yield* app.run(Go.send(send, undefined))
      yield* settle
      yield* other.terminate("send", "enough")
      assert.deepInclude(yield* send.describe, { status: "terminated", owed: 1 })
      app.link.fault = sound
      yield* pass("1 minute")
      assert.deepStrictEqual(yield* take.result, [7])
      const { owed, owner, status } = yield* send.describe
      assert.deepStrictEqual([status, owed, owner], ["terminated", undefined, undefined])
      yield* app.executions.delete("send")
    })
  )

  it.effect("15. an execution delivers so many messages at once, and the others after them", () =>
    Effect.gen(function* () {
      const Spread = Workflow.make("Spread", { success: Schema.Array(Schema.String) })
      const SpreadLive = Spread.toLayer(() =>
        Effect.andThen(
          Go.receive,
          Effect.forEach(numbers(40), (number) => sent(`take ${number}`, number), { concurrency: "unbounded" })
        )
      )
      const app = yield* open(Layer.merge(SpreadLive, TakeLive))
      const takes = yield* Effect.forEach(numbers(40), (id) => app.run(Take.start(1, { workflowId: `take ${id}` })))
      const spread = yield* app.run(Spread.start())
      const { load } = app.link.count
      app.link.fault = cut("load")
      yield* app.run(Go.send(spread, undefined))
      yield* settle
      assert.strictEqual(app.link.count.load - load, 16)
      app.link.fault = sound
      yield* pass("1 minute")
      assert.deepStrictEqual(
        yield* Effect.forEach(takes, (take) => take.result),
        numbers(40).map((number) => [number])
      )
      assert.deepStrictEqual(
        yield* spread.result,
        Array.from({ length: 40 }, () => "Delivered")
      )
    })
  )

  it.effect("15. a message arrives also when its receiver moves on while it is delivered", () =>
    Effect.gen(function* () {
      const lab = yield* Lab
      const receiver = yield* open(TakeLive)
      const take = yield* receiver.run(Take.start(2, { workflowId: "take" }))
      let reads = 0
      const store: WorkflowStore["Service"] = {
        ...lab.store,
        load: (workflowId, options) =>
          Effect.tap(lab.store.load(workflowId, options), () =>
            workflowId === "take" && reads++ === 0 ? Effect.orDie(receiver.signal("take", "add", 1)) : Effect.void
          )
      }
      const app = yield* Effect.provideService(open(senders), Lab, { ...lab, store })
      const send = yield* app.run(Send.start({ to: "take", numbers: [7] }))
      yield* app.run(Go.send(send, undefined))
      yield* settle
      assert.deepStrictEqual(yield* send.result, ["Delivered"])
      assert.deepStrictEqual(yield* take.result, [1, 7])
      assert.isAbove(reads, 1)
    })
  )

  it.effect("15. what a running execution owes is delivered by the worker that takes it", () =>
    Effect.gen(function* () {
      const first = yield* open(all)
      yield* first.run(Take.start(1, { workflowId: "take" }))
      const send = yield* first.run(Send.start({ to: "take", numbers: [7] }, { workflowId: "send" }))
      first.link.fault = cut("load")
      yield* first.run(Go.send(send, undefined))
      yield* settle
      yield* first.stop
      const second = yield* open(all)
      yield* pass("1 minute")
      assert.strictEqual(yield* (yield* second.run(Send.handle("send"))).status, "completed")
      assert.deepStrictEqual(received(yield* second.executions.history("take")), [7])
    })
  )
}
