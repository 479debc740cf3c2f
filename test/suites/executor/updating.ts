/** Promise 19: an update is answered once and the same, wherever its caller and its execution are. */
import { Deferred, Effect, Exit, Fiber, Layer, Logger, Ref, Schema } from "effect"
import { Activity, Query, Signal, Update, Workflow } from "perdure"
import type { HistoryEvent } from "perdure/HistoryEvent"
import { assert } from "../assert.ts"
import { errorOf, reasonOf } from "./failures.ts"
import { cut, sound } from "./FaultyStore.ts"
import { open, pass, type Running, settle, until, words } from "./Lab.ts"
import { tags } from "./stored.ts"
import type { SuitePart } from "./SuitePart.ts"

class Rejected extends Schema.TaggedError<Rejected>()("Rejected", { why: Schema.String }) {}

const AddItem = Update.make("addItem", { input: Schema.String, success: Schema.Int, error: Rejected })
const Later = Update.make("later", { input: Schema.String, success: Schema.String })
const CheckOut = Signal.make("checkOut")
const Items = Query.make("items", { success: Schema.Int })
const Note = Signal.make("note", { payload: Schema.String })

const Price = Activity.make("Price", { input: Schema.String, success: Schema.Int })
const PriceLive = Price.toLayer((item) => Effect.succeed(item.length))

/** A cart that keeps what it is given; `price` asks an activity, and `later` sleeps an hour. */
const Cart = Workflow.make("Cart", { input: Schema.String, success: Schema.Array(Schema.String) })
const CartLive = Cart.toLayer(() =>
  Effect.gen(function* () {
    const items = yield* Ref.make<ReadonlyArray<string>>([])
    yield* AddItem.handle(
      Effect.fnUntraced(function* (item) {
        if (item === "gone") return yield* new Rejected({ why: "sold out" })
        if (item === "bug") return yield* Effect.die(new Error("a bug"))
        if (item.startsWith("priced")) yield* Price(item)
        return (yield* Ref.updateAndGet(items, (all) => [...all, item])).length
      }),
      { validate: (item) => (item === "" ? Effect.fail(new Rejected({ why: "empty" })) : Effect.void) }
    )
    yield* Later.handle((text) => Effect.as(Effect.sleep("1 hour"), text))
    yield* CheckOut.receive
    return yield* Ref.get(items)
  })
).pipe(Layer.provide(PriceLive))

const answers = (history: ReadonlyArray<HistoryEvent>) =>
  history.flatMap((event) => (event._tag === "UpdateAnswered" ? [event.exit] : []))

/** Whether a history has so many events of a kind. */
const recorded = <E, R>(
  history: Effect.Effect<ReadonlyArray<HistoryEvent>, E, R>,
  tag: HistoryEvent["_tag"],
  count: number
) => Effect.map(history, (events) => tags(events).filter((each) => each === tag).length === count)

/** Joins it once it has ended, in real time, as news of other processes come in it. */
const joined = <A, E>(fiber: Fiber.Fiber<A, E>) =>
  Effect.andThen(until(Effect.sync(() => fiber.pollUnsafe() !== undefined)), Fiber.join(fiber))

export const updating: SuitePart = (it) => {
  it.effect("19. an update is answered, in one commit when its handler does not wait", () =>
    Effect.gen(function* () {
      const app = yield* open(CartLive)
      const cart = yield* app.run(Cart.start("x"))
      assert.strictEqual(yield* app.run(AddItem.execute(cart, "book")), 1)
      assert.strictEqual(yield* app.run(AddItem.execute(cart.id, "pen")), 2)
      assert.deepStrictEqual(tags(yield* cart.history), [
        "ExecutionStarted",
        ...["UpdateRequested", "UpdateAccepted", "UpdateAnswered"],
        ...["UpdateRequested", "UpdateAccepted", "UpdateAnswered"]
      ])
      assert.strictEqual((yield* cart.describe).version, 3)
      yield* app.run(CheckOut.send(cart))
      assert.deepStrictEqual(yield* cart.result, ["book", "pen"])
    })
  )

  it.effect("19. a handler may do what the program may, and several run at once", () =>
    Effect.gen(function* () {
      const app = yield* open(CartLive)
      const cart = yield* app.run(Cart.start("x"))
      const later = yield* Effect.forkChild(
        Effect.all([app.run(Later.execute(cart, "a")), app.run(Later.execute(cart, "b"))], { concurrency: 2 })
      )
      yield* settle
      assert.deepStrictEqual(
        (yield* cart.describe).waitingFor.flatMap((each) =>
          each._tag === "Update" ? [[each.name, each.accepted]] : []
        ),
        [
          ["later", true],
          ["later", true]
        ]
      )
      assert.strictEqual(yield* app.run(AddItem.execute(cart, "priced")), 1)
      assert.isUndefined(later.pollUnsafe())
      yield* pass("1 hour")
      assert.deepStrictEqual(yield* Fiber.join(later), ["a", "b"])
    })
  )

  it.effect(
    "19. an update fails with its own errors, a defect of its handler is its answer, and the program goes on",
    () =>
      Effect.gen(function* () {
        const app = yield* open(CartLive)
        const cart = yield* app.run(Cart.start("x"))
        const failed = yield* Effect.flip(app.run(AddItem.execute(cart, "gone")))
        assert.deepStrictEqual([failed instanceof Rejected, failed], [true, new Rejected({ why: "sold out" })])
        const reason = yield* errorOf(Effect.catchTag(app.run(AddItem.execute(cart, "bug")), "Rejected", Effect.die))
        assert.deepInclude(reason, { _tag: "Defect", update: "addItem" })
        assert.include(reason.message, 'the handler of update "addItem" ended with a defect')
        assert.strictEqual(yield* app.run(AddItem.execute(cart, "book")), 1)
      })
  )

  it.effect("19. what a validation refuses leaves no trace where the caller is in the process of the worker", () =>
    Effect.gen(function* () {
      const app = yield* open(CartLive)
      const cart = yield* app.run(Cart.start("x"))
      const failed = yield* Effect.flip(app.run(AddItem.execute(cart, "", { updateId: "u" })))
      assert.deepStrictEqual(failed, new Rejected({ why: "empty" }))
      assert.deepStrictEqual(yield* Effect.flip(app.run(AddItem.start(cart, ""))), failed)
      assert.deepStrictEqual(tags(yield* cart.history), ["ExecutionStarted"])
      assert.strictEqual((yield* cart.describe).version, 1)
    })
  )

  it.effect("19. an update from a process without the program is answered, and what is refused is a small event", () =>
    Effect.gen(function* () {
      const app = yield* open(CartLive)
      // Without a heartbeat, so that only the news of the store tells of the answer.
      const web = yield* open(Layer.empty, { heartbeatInterval: "1 hour", lease: "2 hours" })
      const cart = yield* app.run(Cart.start("x"))
      const first = yield* Effect.forkChild(web.run(AddItem.execute(cart.id, "book")))
      assert.strictEqual(yield* joined(first), 1)
      assert.strictEqual((yield* cart.describe).version, 3)
      const refused = yield* Effect.forkChild(Effect.flip(web.run(AddItem.execute(cart.id, ""))))
      assert.deepStrictEqual(yield* joined(refused), new Rejected({ why: "empty" }))
      const history = yield* cart.history
      assert.deepStrictEqual(tags(history).slice(4), ["UpdateRequested", "UpdateAnswered"])
      assert.isTrue((history[4] as { unread?: true }).unread)
    })
  )

  it.effect("19. an answer whose news was missed is found at a heartbeat", () =>
    Effect.gen(function* () {
      const app = yield* open(CartLive)
      const web = yield* open(Layer.empty, { heartbeatInterval: "20 millis", lease: "10 minutes" })
      const cart = yield* app.run(Cart.start("x"))
      web.link.fault = cut("changes")
      const added = yield* Effect.forkChild(web.run(AddItem.execute(cart.id, "book")))
      assert.strictEqual(yield* joined(added), 1)
    })
  )

  it.effect("19. a start waits for the acceptance, and its handle for the answer, here and elsewhere", () =>
    Effect.gen(function* () {
      const app = yield* open(CartLive)
      const web = yield* open(Layer.empty)
      const cart = yield* app.run(Cart.start("x"))
      for (const process of [app, web]) {
        const handle = yield* joined(yield* Effect.forkChild(process.run(Later.start(cart.id, "text"))))
        assert.deepStrictEqual([handle.workflowId, handle.runId], [cart.id, cart.runId])
        const answer = yield* Effect.forkChild(handle.result)
        yield* settle
        assert.isUndefined(answer.pollUnsafe())
        yield* pass("1 hour")
        assert.strictEqual(yield* joined(answer), "text")
        assert.strictEqual(yield* joined(yield* Effect.forkChild(handle.result)), "text")
      }
      const requests = (yield* cart.history).filter(({ _tag }) => _tag === "UpdateRequested")
      assert.strictEqual(requests.length, 2)
    })
  )

  it.effect("19. an update waits for its handler, and is named meanwhile", () =>
    Effect.gen(function* () {
      const Lazy = Workflow.make("Lazy", { success: Schema.Array(Schema.String) })
      const seen: Array<string> = []
      const LazyLive = Lazy.toLayer(() =>
        Effect.gen(function* () {
          yield* Note.receive
          yield* AddItem.handle((item) => Effect.sync(() => seen.push(item)))
          yield* CheckOut.receive
          return seen
        })
      )
      const app = yield* open(LazyLive)
      const web = yield* open(Layer.empty)
      const lazy = yield* app.run(Lazy.start())
      const here = yield* Effect.forkChild(app.run(AddItem.execute(lazy, "a", { updateId: "a" })))
      yield* settle
      const there = yield* Effect.forkChild(web.run(AddItem.execute(lazy.id, "b", { updateId: "b" })))
      yield* until(recorded(lazy.history, "UpdateRequested", 2))
      yield* settle
      const waiting = words(yield* lazy.describe)
      assert.deepStrictEqual(
        waiting.filter((line) => line.startsWith("update")),
        Array.from({ length: 2 }, () => "update addItem, which no handler has taken yet")
      )
      yield* app.run(Note.send(lazy, "go"))
      assert.deepStrictEqual([yield* joined(here), yield* joined(there)], [1, 2])
      assert.deepStrictEqual(seen, ["a", "b"])
    })
  )

  it.effect("19. a receiver or a workflow that is none is refused", () =>
    Effect.gen(function* () {
      const app = yield* open(CartLive)
      for (const to of [undefined, null, 7, {}, { workflowId: 7 }, { workflowId: null }, { workflowId: Symbol() }]) {
        const receiver = to as never
        assert.strictEqual(yield* reasonOf(app.run(CheckOut.send(receiver, undefined))), "InvalidPayload")
        assert.strictEqual(yield* reasonOf(app.run(Later.execute(receiver, "text"))), "InvalidPayload")
        assert.strictEqual(yield* reasonOf(app.run(Items.ask(receiver))), "InvalidPayload")
        const start = app.run(Later.startWith(receiver, undefined as never, "text"))
        assert.strictEqual(yield* reasonOf(start), "InvalidPayload")
        const signal = app.run(CheckOut.sendOrStart(receiver, undefined as never, undefined))
        assert.strictEqual(yield* reasonOf(signal), "InvalidPayload")
      }
    })
  )

  it.effect("19. an id is answered once, and the same, also after the end and by another process", () =>
    Effect.gen(function* () {
      const app = yield* open(CartLive)
      const web = yield* open(Layer.empty)
      const cart = yield* app.run(Cart.start("x"))
      const add = (process: typeof app, item = "book") =>
        Effect.forkChild(process.run(AddItem.execute(cart, item, { updateId: "u" }))).pipe(Effect.flatMap(joined))
      const both = yield* Effect.all([add(app), add(web), add(app)], { concurrency: "unbounded" })
      assert.deepStrictEqual(both, [1, 1, 1])
      assert.strictEqual(yield* reasonOf(Effect.catchTag(add(app, "pen"), "Rejected", Effect.die)), "UpdateIdInUse")
      assert.strictEqual(yield* reasonOf(Effect.catchTag(add(web, "pen"), "Rejected", Effect.die)), "UpdateIdInUse")
      const other = app.run(Later.execute(cart, "book", { updateId: "u" }))
      assert.strictEqual(yield* reasonOf(other), "UpdateIdInUse")
      yield* app.run(CheckOut.send(cart))
      assert.deepStrictEqual(yield* cart.result, ["book"])
      assert.deepStrictEqual([yield* add(app), yield* add(web)], [1, 1])
      assert.strictEqual(yield* reasonOf(Effect.catchTag(add(web, "pen"), "Rejected", Effect.die)), "UpdateIdInUse")
      // A new run is another chain; the handle of the earlier one still has its answer.
      const again = yield* app.run(Cart.start("x", { workflowId: cart.id, whenExists: "restart" }))
      assert.isTrue(again.created)
      assert.strictEqual(yield* add(web), 1)
      assert.strictEqual(yield* reasonOf(app.run(Later.execute(cart, "new", { updateId: "v" }))), "Restarted")
      assert.deepStrictEqual(answers(yield* again.history), [])
    })
  )

  it.effect("19. what is open at the end is answered with Finished, and handlers are interrupted", () =>
    Effect.gen(function* () {
      const ended: Array<boolean> = []
      const Brief = Workflow.make("Brief")
      const BriefLive = Brief.toLayer(() =>
        Effect.gen(function* () {
          yield* Later.handle(() =>
            Effect.onExit(Effect.never, (exit) => Effect.sync(() => ended.push(Exit.hasInterrupts(exit))))
          )
          yield* CheckOut.receive
        })
      )
      const app = yield* open(BriefLive)
      const web = yield* open(Layer.empty)
      const brief = yield* app.run(Brief.start())
      const asked = [
        yield* Effect.forkChild(reasonOf(app.run(Later.execute(brief, "a", { updateId: "a" })))),
        yield* Effect.forkChild(
          reasonOf(Effect.catchTag(app.run(AddItem.execute(brief, "b")), "Rejected", Effect.die))
        ),
        yield* Effect.forkChild(reasonOf(web.run(Later.execute(brief.id, "c"))))
      ]
      yield* until(recorded(brief.history, "UpdateRequested", 3))
      yield* until(recorded(brief.history, "UpdateAccepted", 2))
      yield* settle
      yield* app.run(CheckOut.send(brief))
      for (const each of asked) assert.strictEqual(yield* joined(each), "Finished")
      assert.deepStrictEqual(ended, [true, true])
      assert.isUndefined(yield* brief.result)
      assert.deepStrictEqual(answers(yield* brief.history), [])
      assert.strictEqual(yield* reasonOf(app.run(Later.execute(brief, "a", { updateId: "a" }))), "Finished")
      assert.strictEqual(yield* reasonOf(web.run(Later.execute(brief, "d"))), "Finished")
    })
  )

  it.effect("19. callers hear of a termination, of a deletion and of an id without execution", () =>
    Effect.gen(function* () {
      const app = yield* open(CartLive)
      const web = yield* open(Layer.empty)
      const cart = yield* app.run(Cart.start("x"))
      const here = yield* Effect.forkChild(reasonOf(app.run(Later.execute(cart, "a"))))
      const there = yield* Effect.forkChild(reasonOf(web.run(Later.execute(cart.id, "b"))))
      yield* until(recorded(cart.history, "UpdateAccepted", 2))
      yield* web.terminate(cart.id)
      assert.strictEqual(yield* joined(here), "Finished")
      assert.strictEqual(yield* joined(there), "Finished")
      yield* app.executions.delete(cart.id)
      assert.strictEqual(yield* reasonOf(web.run(Later.execute(cart.id, "b"))), "NotFound")
      assert.strictEqual(yield* reasonOf(app.run(Later.execute("nobody", "b"))), "NotFound")
    })
  )

  it.effect("19. a blocked execution says so, and answers what it has answered before", () =>
    Effect.gen(function* () {
      const Halt = Workflow.make("Halt")
      const HaltLive = Halt.toLayer(() =>
        Effect.gen(function* () {
          yield* AddItem.handle(() => Effect.succeed(1))
          yield* Later.handle(() => Effect.never)
          yield* CheckOut.receive
          yield* Effect.promise(() => Promise.resolve())
        })
      )
      const app = yield* open(HaltLive)
      const web = yield* open(Layer.empty)
      const halt = yield* app.run(Halt.start())
      const add = AddItem.execute(halt.id, "a", { updateId: "a" })
      assert.strictEqual(yield* app.run(add), 1)
      const here = yield* Effect.forkChild(reasonOf(app.run(Later.execute(halt, "a"))))
      const there = yield* Effect.forkChild(reasonOf(web.run(Later.execute(halt.id, "b"))))
      yield* until(recorded(halt.history, "UpdateAccepted", 3))
      yield* app.run(CheckOut.send(halt))
      assert.strictEqual(yield* joined(here), "Blocked")
      assert.strictEqual(yield* joined(there), "Blocked")
      const { version } = yield* halt.describe
      assert.strictEqual(yield* reasonOf(app.run(Later.execute(halt, "c"))), "Blocked")
      assert.strictEqual(yield* reasonOf(web.run(Later.execute(halt.id, "d"))), "Blocked")
      assert.strictEqual(yield* app.run(add), 1)
      assert.strictEqual(yield* web.run(add), 1)
      assert.strictEqual((yield* halt.describe).version, version)
    })
  )

  it.effect("19. a caller survives the takeover of the execution by another worker", () =>
    Effect.gen(function* () {
      const web = yield* open(Layer.empty)
      const first = yield* open(CartLive)
      const cart = yield* first.run(Cart.start("x"))
      const later = yield* Effect.forkChild(web.run(Later.execute(cart.id, "text")))
      yield* until(Effect.map(cart.history, (history) => tags(history).includes("UpdateAccepted")))
      yield* first.stop
      yield* open(CartLive)
      yield* pass("1 hour")
      yield* pass("1 minute")
      assert.strictEqual(yield* joined(later), "text")
    })
  )

  it.effect("19. a caller survives that its own worker loses the execution to another one", () =>
    Effect.gen(function* () {
      const brief = { heartbeatInterval: "20 millis", lease: "100 millis" } as const
      const first = yield* open(CartLive, brief)
      const cart = yield* first.run(Cart.start("x"))
      const later = yield* Effect.forkChild(first.run(Later.execute(cart.id, "text")))
      yield* until(recorded(cart.history, "UpdateAccepted", 1))
      first.link.fault = cut()
      const second = yield* open(CartLive, brief)
      yield* until(recorded(second.executions.history(cart.id), "OwnerChanged", 1))
      first.link.fault = sound
      yield* pass("1 hour")
      assert.strictEqual(yield* joined(later), "text")
      assert.lengthOf(answers(yield* second.executions.history(cart.id)), 1)
    })
  )

  it.effect("19. a caller whose own worker is cut off hears the answer when it is back", () =>
    Effect.gen(function* () {
      const app = yield* open(CartLive)
      const cart = yield* app.run(Cart.start("x"))
      app.link.fault = (operation) => (operation === "saveAll" ? "unanswered" : undefined)
      const add = yield* Effect.forkChild(app.run(AddItem.execute(cart, "book", { updateId: "u" })))
      yield* settle
      assert.isUndefined(add.pollUnsafe())
      app.link.fault = sound
      yield* pass("10 seconds")
      assert.strictEqual(yield* joined(add), 1)
      app.link.fault = cut()
      const lost = yield* Effect.forkChild(
        reasonOf(Effect.catchTag(app.run(AddItem.execute(cart, "pen", { updateId: "v" })), "Rejected", Effect.die))
      )
      yield* pass("1 minute")
      assert.strictEqual(yield* joined(lost), "StoreUnavailable")
      app.link.fault = sound
      yield* pass("1 minute")
      assert.strictEqual(yield* app.run(AddItem.execute(cart, "pen", { updateId: "v" })), 2)
      assert.strictEqual(answers(yield* cart.history).length, 2)
    })
  )

  it.effect("19. a caller hears nothing of what another execution of the id has answered", () =>
    Effect.gen(function* () {
      const app = yield* open(Layer.empty)
      const other = yield* open(Layer.empty)
      const start = other.run(Cart.start("x", { workflowId: "cart", whenExists: "restart" }))
      const add = (by: Running) => by.run(Effect.orDie(AddItem.execute("cart", "book", { updateId: "u" })))
      const first = yield* start
      const caller = yield* Effect.forkChild(
        reasonOf(Effect.catchTag(app.run(AddItem.execute("cart", "book", { updateId: "u" })), "Rejected", Effect.die))
      )
      yield* settle
      // Of all that follows the caller hears late.
      app.link.fault = cut("changes", "load", "summary")
      yield* first.terminate()
      yield* other.executions.delete(first)
      const second = yield* start
      yield* open(CartLive)
      yield* settle
      assert.strictEqual(yield* add(other), 1)
      app.link.fault = sound
      yield* pass("10 seconds")
      assert.strictEqual(yield* joined(caller), "Restarted")
      assert.lengthOf(answers(yield* second.history), 1)
    })
  )

  it.effect("19. a caller hears of the end of its execution also when that was started again by then", () =>
    Effect.gen(function* () {
      const app = yield* open(Layer.empty)
      const other = yield* open(CartLive)
      const start = other.run(Cart.start("x", { workflowId: "cart", whenExists: "restart" }))
      yield* start
      yield* settle
      const caller = yield* Effect.forkChild(reasonOf(app.run(Later.execute("cart", "late"))))
      yield* settle
      app.link.fault = cut("changes", "load", "summary")
      yield* other.run(CheckOut.send("cart"))
      yield* settle
      yield* start
      app.link.fault = sound
      yield* pass("10 seconds")
      assert.strictEqual(yield* joined(caller), "Finished")
    })
  )

  it.effect("19. a handler that dies is in the log, also where the program ends with it", () =>
    Effect.gen(function* () {
      const lines: Array<string> = []
      const logger = Logger.layer([Logger.make(({ message }) => void lines.push(String(message)))])
      const Brief = Workflow.make("Brief")
      const BriefLive = Brief.toLayer(() =>
        Effect.gen(function* () {
          const asked = yield* Deferred.make<void>()
          const end = Deferred.succeed(asked, undefined)
          yield* AddItem.handle(() => Effect.ensuring(Effect.die(new Error("a bug")), end))
          yield* Deferred.await(asked)
          yield* Effect.yieldNow
        })
      )
      const app = yield* Effect.provide(open(BriefLive), logger)
      const brief = yield* app.run(Brief.start())
      const update = Effect.catchTag(app.run(AddItem.execute(brief, "book")), "Rejected", Effect.die)
      assert.strictEqual(yield* reasonOf(update), "Defect")
      assert.strictEqual(yield* brief.status, "completed")
      assert.lengthOf(
        lines.filter((line) => line.includes("with a defect: Error: a bug")),
        1
      )
    })
  )

  it.effect("19. a replay does not ask a validation again, whatever it would say now", () =>
    Effect.gen(function* () {
      const cartWith = (refused: string) =>
        Cart.toLayer(() =>
          Effect.gen(function* () {
            const items: Array<string> = []
            yield* AddItem.handle((item) => Effect.sync(() => items.push(item)), {
              validate: (item) => (item === refused ? Effect.fail(new Rejected({ why: refused })) : Effect.void)
            })
            yield* CheckOut.receive
            return items
          })
        )
      const web = yield* open(Layer.empty)
      const first = yield* open(cartWith("b"))
      const cart = yield* first.run(Cart.start("x"))
      yield* joined(yield* Effect.forkChild(web.run(AddItem.execute(cart.id, "a"))))
      const refusal = yield* Effect.forkChild(Effect.flip(web.run(AddItem.execute(cart.id, "b"))))
      assert.deepStrictEqual(yield* joined(refusal), new Rejected({ why: "b" }))
      yield* first.stop
      const second = yield* open(cartWith("a"))
      yield* pass("1 minute")
      assert.strictEqual(yield* second.run(AddItem.execute(cart.id, "b")), 2)
      yield* second.run(CheckOut.send(cart.id, undefined))
      assert.deepStrictEqual(yield* Effect.flatMap(second.run(Cart.handle(cart.id)), ({ result }) => result), [
        "a",
        "b"
      ])
    })
  )

  it.effect(
    "19. a validation may only read: what else it does refuses the update, and blocks where it changed the program",
    () =>
      Effect.gen(function* () {
        const validations = {
          sleeps: [Effect.sleep("1 second"), "slept", false],
          asks: [Effect.asVoid(Effect.orDie(Price("x"))), 'called activity "Price"', false],
          receives: [Effect.asVoid(Note.poll), 'received signal "note"', false],
          spins: [Effect.forever(Effect.yieldNow), "ran for 20 ms without an end", true],
          wakes: [undefined, "woke or interrupted a fiber of the program", true]
        } as const
        const Odd = Workflow.make("Odd", { input: Schema.Literals(["sleeps", "asks", "receives", "spins", "wakes"]) })
        const OddLive = Odd.toLayer((kind) =>
          Effect.gen(function* () {
            const woken = yield* Deferred.make<void>()
            yield* Effect.forkChild(Effect.andThen(Deferred.await(woken), Effect.sleep("1 hour")))
            const validation = validations[kind][0] ?? Effect.asVoid(Deferred.succeed(woken, undefined))
            // For the compiler a validation needs nothing, which a program in plain JavaScript may not know.
            yield* AddItem.handle(() => Effect.succeed(1), { validate: () => validation as Effect.Effect<void> })
            yield* CheckOut.receive
          })
        ).pipe(Layer.provide(PriceLive))
        const app = yield* open(OddLive, { spinLimit: "20 millis" })
        for (const [kind, [, what, isHarmed]] of Object.entries(validations)) {
          const odd = yield* app.run(Odd.start(kind as keyof typeof validations))
          const update = Effect.catchTag(app.run(AddItem.execute(odd, "book")), "Rejected", Effect.die)
          assert.include((yield* errorOf(update)).message, `may only read, and it ${what}; do that in the handler`)
          yield* settle
          const { status, waitingFor } = yield* app.run(odd.describe)
          assert.strictEqual(status, isHarmed ? "blocked" : "running", kind)
          const problem = waitingFor.flatMap((waiting) => (waiting._tag === "Blocked" ? [waiting.problem.message] : []))
          assert.deepStrictEqual(
            problem,
            isHarmed ? [`the validation of update "addItem" may have changed the program: ${what}`] : []
          )
        }
      })
  )

  it.effect("19. a start with an update is one commit, also without the program", () =>
    Effect.gen(function* () {
      const web = yield* open(Layer.empty)
      const early = yield* Effect.forkChild(web.run(AddItem.startWith(Cart, "x", "book", { workflowId: "early" })))
      yield* until(Effect.map(Effect.exit(web.executions.history("early")), Exit.isSuccess))
      const first = yield* web.executions.history("early")
      assert.deepStrictEqual(tags(first), ["ExecutionStarted", "UpdateRequested"])
      assert.strictEqual((yield* web.executions.describe("early")).version, 1)
      const app = yield* open(CartLive)
      yield* pass("1 minute")
      const [handle, size] = yield* joined(early)
      assert.deepStrictEqual([handle.id, handle.created, size], ["early", true, 1])
      const [local, second] = yield* app.run(AddItem.startWith(Cart, "x", "book"))
      assert.deepStrictEqual([local.created, second], [true, 1])
      assert.strictEqual((yield* local.describe).version, 1)
      assert.deepStrictEqual(tags(yield* local.history), [
        "ExecutionStarted",
        "UpdateRequested",
        "UpdateAccepted",
        "UpdateAnswered"
      ])
      // The input is not compared with what exists.
      const [same, third] = yield* app.run(AddItem.startWith(Cart, "y", "pen", { workflowId: local.id }))
      assert.deepStrictEqual([same.created, same.runId, third], [false, local.runId, 2])
      yield* app.run(CheckOut.send(local))
      yield* local.result
      const again = app.run(AddItem.startWith(Cart, "y", "pen", { workflowId: local.id }))
      assert.strictEqual(yield* reasonOf(Effect.catchTag(again, "Rejected", Effect.die)), "Finished")
      const [restarted, fourth] = yield* app.run(
        AddItem.startWith(Cart, "y", "pen", { workflowId: local.id, whenExists: "restart" })
      )
      assert.deepStrictEqual([restarted.created, fourth], [true, 1])
    })
  )

  it.effect("19. a start with an update that is refused has started", () =>
    Effect.gen(function* () {
      const app = yield* open(CartLive)
      const refused = yield* Effect.flip(app.run(AddItem.startWith(Cart, "x", "", { workflowId: "early" })))
      assert.deepStrictEqual(refused, new Rejected({ why: "empty" }))
      assert.deepStrictEqual(tags(yield* app.executions.history("early")), ["ExecutionStarted"])
    })
  )

  it.effect("19. an update whose input, id or receiver makes no sense is refused", () =>
    Effect.gen(function* () {
      const app = yield* open(CartLive)
      const cart = yield* app.run(Cart.start("x"))
      const wrong = [
        Effect.asVoid(Later.execute(cart, 1 as never)),
        Effect.asVoid(Later.execute({} as never, "a")),
        Effect.asVoid(Later.execute(cart, "a", { updateId: "" })),
        Effect.asVoid(Later.start(cart, "a", { updateId: "x".repeat(1025) }))
      ]
      for (const each of wrong) assert.strictEqual(yield* reasonOf(app.run(each)), "InvalidPayload")
      const Other = Update.make("later", { input: Schema.Int, success: Schema.String })
      const reason = yield* errorOf(app.run(Other.execute(cart, 1)))
      assert.strictEqual(reason._tag, "Defect")
      assert.include(reason.message, "the input of update later does not fit its schema")
      assert.deepStrictEqual(tags(yield* cart.history), ["ExecutionStarted"])
    })
  )
}
