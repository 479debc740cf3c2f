/** Promises 2 to 4, 7 and 9, of inline activities: what the program hands over runs outside of it, and its result is recorded. */
import { Clock, Config, Context, Deferred, Effect, Exit, Fiber, Latch, Layer, Option, Ref, Schema } from "effect"
import { Activity, ActivityContext, Query, RetryPolicy, Signal, Update, Workflow } from "perdure"
import type { EventOf, HistoryEvent } from "perdure/HistoryEvent"
import { WorkflowId } from "perdure/Ids"
import { assert } from "../assert.ts"
import { errorOf, reasonOf } from "./failures.ts"
import { cut, sound } from "./FaultyStore.ts"
import { Lab, nameOf, open, pass, settle, until, words, type Workflows } from "./Lab.ts"
import { historyOf, tags } from "./stored.ts"
import type { SuitePart } from "./SuitePart.ts"

class Busy extends Schema.TaggedError<Busy>()("Busy", { seconds: Schema.Finite }) {}
class Stock extends Context.Service<Stock, { readonly take: (item: string) => Promise<string> }>()("app/Stock") {}

const Text = { success: Schema.String } as const
const Run = Workflow.make("Run", { success: Schema.Array(Schema.String), error: Busy })
const Go = Signal.make("go", { payload: Schema.String })

/** Every minute, as often as need be. */
const patient = RetryPolicy.exponential({
  maxAttempts: Number.POSITIVE_INFINITY,
  initialInterval: "1 minute",
  coefficient: 1
})

const ofTag = <Tag extends HistoryEvent["_tag"]>(history: ReadonlyArray<HistoryEvent>, tag: Tag) =>
  history.filter((event): event is EventOf<Tag> => event._tag === tag)

/** A program that reserves, sleeps for a day and books; the first attempts fail, and `ran` has a line for each attempt. */
const booking = (ran: Array<string>, failures: number) =>
  Run.toLayer(
    Effect.fnUntraced(function* () {
      // A variable of the program, which replay makes again.
      const seat = `seat ${(yield* Clock.currentTimeMillis) + 7}`
      const step = (name: string) =>
        Activity.inline(
          name,
          { ...Text, error: Busy, retry: patient },
          Effect.gen(function* () {
            const { attempt } = yield* ActivityContext.ActivityContext
            ran.push(`${name} ${attempt}`)
            if (attempt <= failures) return yield* new Busy({ seconds: attempt })
            return `${seat} ${name}`
          })
        )
      const reserved = yield* step("reserve")
      yield* Effect.sleep("1 day")
      return [reserved, yield* step("book")]
    })
  )

const booked = ["seat 7 reserve", "seat 7 book"]

export const inlining: SuitePart = (it) => {
  it.effect("2. the result of an inline activity is recorded once, however often the executor restarts", () =>
    Effect.gen(function* () {
      const ran: Array<string> = []
      let app = yield* open(booking(ran, 0))
      const { id } = yield* app.run(Run.start())
      for (let restarts = 0; restarts < 4; restarts++) {
        yield* pass("1 hour")
        yield* app.stop
        app = yield* open(booking(ran, 0))
      }
      yield* pass("1 day")
      const handle = yield* app.run(Run.handle(id))
      assert.deepStrictEqual(yield* handle.result, booked)
      assert.deepStrictEqual(ran, ["reserve 1", "book 1"])
      const [first] = ofTag(yield* handle.history, "ActivityScheduled")
      assert.deepInclude(first, { name: "reserve", inline: true, input: null })
    })
  )

  it.effect("2. an attempt of an inline activity whose program has left memory begins with its replay", () =>
    Effect.gen(function* () {
      const ran: Array<string> = []
      const app = yield* open(booking(ran, 2), { maxLoaded: 1 })
      const ids = yield* Effect.forEach(["a", "b", "c", "d"], (workflowId) =>
        Effect.map(app.run(Run.start(undefined, { workflowId })), ({ id }) => id)
      )
      yield* settle
      assert.lengthOf(ran, 4)
      const { load } = app.link.count
      yield* pass("1 minute")
      assert.lengthOf(ran, 8)
      assert.isAtLeast(app.link.count.load - load, 3)
      const summary = yield* app.executions.describe(ids[0]!)
      assert.match(words(summary)[0]!, /^activity reserve #0, attempt 3/)
      yield* pass("2 days")
      for (const id of ids) {
        assert.deepStrictEqual(yield* Effect.flatMap(app.run(Run.handle(id)), ({ result }) => result), booked)
      }
      assert.lengthOf(ran, 4 * 6)
    })
  )

  it.effect("2. an inline activity that runs keeps its program in memory", () =>
    Effect.gen(function* () {
      const gate = yield* Latch.make(false)
      let runs = 0
      const layer = Run.toLayer(() =>
        Effect.map(
          Activity.inline(
            "wait",
            Text,
            Effect.andThen(
              Effect.sync(() => runs++),
              Effect.as(gate.await, "done")
            )
          ),
          (text) => [text]
        )
      )
      const app = yield* open(layer, { maxLoaded: 1 })
      const handles = yield* Effect.forEach(["a", "b", "c"], (workflowId) =>
        app.run(Run.start(undefined, { workflowId }))
      )
      yield* pass("1 hour")
      assert.strictEqual(runs, 3)
      assert.strictEqual(app.link.count.load, 0)
      yield* gate.open
      for (const { result } of handles) assert.deepStrictEqual(yield* result, ["done"])
      assert.strictEqual(runs, 3)
    })
  )

  it.effect("4. attempts of an inline activity and the state of its policy survive restarts", () =>
    Effect.gen(function* () {
      const ran: Array<string> = []
      let app = yield* open(booking(ran, 3))
      const { id } = yield* app.run(Run.start())
      for (let restarts = 0; restarts < 3; restarts++) {
        yield* settle
        yield* app.stop
        app = yield* open(booking(ran, 3))
        yield* pass("1 minute")
      }
      assert.deepStrictEqual(ran, ["reserve 1", "reserve 2", "reserve 3", "reserve 4"])
      yield* pass("2 days")
      assert.deepStrictEqual(yield* Effect.flatMap(app.run(Run.handle(id)), ({ result }) => result), booked)
    })
  )

  it.live("11. a worker that takes an execution over replays its program and runs what that hands over", () =>
    Effect.gen(function* () {
      const settings = (worker: string) => ({ heartbeatInterval: "20 millis", lease: "200 millis", worker }) as const
      const ran: Array<string> = []
      const workflows = (worker: string) =>
        Run.toLayer(
          Effect.fnUntraced(function* () {
            const first = yield* Activity.inline("first", Text, Effect.succeed(`first by ${worker}`))
            const second = Effect.gen(function* () {
              const { attempt, idempotencyKey } = yield* ActivityContext.ActivityContext
              ran.push(`${worker} ${attempt} ${idempotencyKey.endsWith("/1")}`)
              return worker === "one" ? yield* Effect.never : `${first}, second by ${worker}`
            })
            return [yield* Activity.inline("second", Text, second)]
          })
        )
      const one = yield* open(workflows("one"), settings("one"))
      const { id } = yield* one.run(Run.start())
      yield* until(Effect.sync(() => ran.length === 1))
      one.link.fault = cut("heartbeat", "saveAll")
      const two = yield* open(workflows("two"), settings("two"))
      const handle = yield* two.run(Run.handle(id))
      assert.deepStrictEqual(yield* Effect.timeout(handle.result, "5 seconds"), ["first by one, second by two"])
      assert.deepStrictEqual(ran, ["one 1 true", "two 2 true"])
      const takers = ofTag(yield* handle.history, "OwnerChanged").map(({ lost, owner }) => [nameOf(owner), lost])
      assert.deepStrictEqual(takers[0], ["two", true])
    })
  )

  it.effect("2. an inline activity has the services of the layer, promises, a scope and the real clock", () =>
    Effect.gen(function* () {
      const log: Array<string> = []
      const layer = Run.toLayer(
        Effect.fnUntraced(function* () {
          yield* Effect.sleep("1 minute")
          const taken = yield* Activity.inline(
            "take",
            Text,
            Effect.gen(function* () {
              const stock = yield* Stock
              yield* Effect.acquireRelease(
                Effect.sync(() => log.push("opened")),
                () => Effect.sync(() => log.push("closed"))
              )
              yield* Effect.sleep("1 hour")
              log.push(`at ${yield* Clock.currentTimeMillis}`)
              return yield* Effect.promise(() => stock.take("book"))
            })
          )
          return [taken]
        })
      )
      const app = yield* open(
        Layer.provide(layer, Layer.succeed(Stock, { take: (item) => Promise.resolve(`one ${item}`) }))
      )
      const handle = yield* app.run(Run.start())
      yield* pass("2 hours")
      assert.deepStrictEqual(yield* handle.result, ["one book"])
      assert.deepStrictEqual(log, ["opened", "at 3660000", "closed"])
      // The hour that it slept is none of the program's.
      assert.lengthOf(ofTag(yield* handle.history, "TimerStarted"), 1)
    })
  )

  it.effect("2. steps of one name are told apart by their places, and run side by side within maxActivities", () =>
    Effect.gen(function* () {
      let most = 0
      let running = 0
      const layer = Run.toLayer(() =>
        Effect.forEach(
          ["a", "b", "c", "d", "e"],
          (item) =>
            Activity.inline(
              "step",
              Text,
              Effect.sync(() => (most = Math.max(most, ++running))).pipe(
                Effect.andThen(Effect.sleep("1 minute")),
                Effect.ensuring(Effect.sync(() => running--)),
                Effect.as(item)
              )
            ),
          { concurrency: "unbounded" }
        )
      )
      const app = yield* open(layer, { maxActivities: 2 })
      const handle = yield* app.run(Run.start())
      yield* pass("10 minutes")
      assert.deepStrictEqual(yield* handle.result, ["a", "b", "c", "d", "e"])
      assert.strictEqual(most, 2)
    })
  )

  it.effect("2. an inline activity may have any name, also that of an activity with a handler", () =>
    Effect.gen(function* () {
      const Step = Activity.make("step", Text)
      const inline = (name: string) => Activity.inline(name, Text, Effect.succeed(`inline ${name}`))
      const names = ["step", "perdure/ask", "__proto__", "Grüße\n"]
      const layer = Run.toLayer(() =>
        Effect.map(Effect.all([Step(), Effect.forEach(names, inline)]), ([text, texts]) => [text, ...texts])
      ).pipe(Layer.provide(Step.toLayer(() => Effect.succeed("by contract"))))
      const app = yield* open(layer)
      assert.deepStrictEqual(yield* app.run(Run.execute()), ["by contract", ...names.map((name) => `inline ${name}`)])
      const Named = Workflow.make("Named", { input: Schema.String })
      const other = yield* open(Named.toLayer((name) => Activity.inline(name, {}, Effect.void)))
      for (const name of ["", "\ud800"]) {
        assert.include(
          (yield* errorOf(other.run(Named.execute(name)))).message,
          "the name of an activity must be a text"
        )
      }
    })
  )

  it.effect("3. what an inline activity returns is copied, and what is no JSON is a defect that names it", () =>
    Effect.gen(function* () {
      const Numbers = Workflow.make("Numbers", { input: Schema.String, success: Schema.Array(Schema.Finite) })
      const list = [1, 2]
      const steps: Record<string, Effect.Effect<ReadonlyArray<number>>> = {
        copied: Effect.succeed(list),
        nan: Effect.succeed([Number.NaN]),
        text: Effect.succeed(["1"] as never),
        nothing: undefined as never,
        value: 7 as never,
        throws: Effect.sync(() => {
          throw new Error("thrown")
        }),
        needs: Effect.asVoid(Go.receive) as never
      }
      const app = yield* open(
        Numbers.toLayer(
          Effect.fnUntraced(function* (kind) {
            const numbers = yield* Activity.inline("numbers", { success: Schema.Array(Schema.Finite) }, steps[kind]!)
            ;(numbers as Array<number>).push(3)
            return numbers
          })
        )
      )
      assert.deepStrictEqual(yield* app.run(Numbers.execute("copied")), [1, 2, 3])
      assert.deepStrictEqual(list, [1, 2])
      const messages: Record<string, string> = {
        nan: "the success of activity numbers does not fit its schema",
        text: "the success of activity numbers does not fit its schema",
        nothing: "inline activity numbers returned no effect but undefined",
        value: "inline activity numbers returned no effect but 7",
        throws: "thrown",
        needs: "perdure/WorkflowContext"
      }
      for (const [kind, message] of Object.entries(messages)) {
        const reason = yield* errorOf(app.run(Numbers.execute(kind)))
        assert.strictEqual(reason._tag, "Defect", kind)
        assert.include(reason.message, message, kind)
      }
    })
  )

  it.effect("3. declared errors are those of the call, as their classes, and others are defects", () =>
    Effect.gen(function* () {
      const Kinds = Workflow.make("Kinds", { input: Schema.String, success: Schema.String })
      let tried = 0
      const step = (kind: string) => {
        const failing = kind === "declared" ? new Busy({ seconds: 3 }) : "undeclared"
        return Activity.inline(
          "step",
          { error: Busy, retry: RetryPolicy.exponential({ nonRetryable: ({ seconds }) => seconds > 2 }) },
          Effect.suspend(() => {
            tried++
            return Effect.fail(failing as Busy)
          })
        )
      }
      const app = yield* open(
        Kinds.toLayer((kind) =>
          Effect.matchCause(step(kind), {
            onSuccess: () => "nothing",
            onFailure: ({ reasons }) =>
              reasons
                .map((reason) =>
                  reason._tag === "Fail" ? `${reason.error instanceof Busy} ${reason.error.seconds}` : reason._tag
                )
                .join()
          })
        )
      )
      assert.strictEqual(yield* app.run(Kinds.execute("declared")), "true 3")
      assert.strictEqual(yield* app.run(Kinds.execute("undeclared")), "Die")
      assert.strictEqual(tried, 2)
    })
  )

  it.effect("4. an inline activity has the timeouts of its attempts and of all of them", () =>
    Effect.gen(function* () {
      const Timed = Workflow.make("Timed", { success: Schema.Array(Schema.Number) })
      const times: Array<number> = []
      const step = (timeout: { readonly attempt: "10 seconds"; readonly total?: "30 seconds" }) =>
        Activity.inline(
          "step",
          {
            error: Activity.ActivityTimedOut,
            timeout,
            retry: RetryPolicy.exponential({ initialInterval: "1 minute", coefficient: 1 })
          },
          Effect.flatMap(Clock.currentTimeMillis, (at) => {
            times.push(at)
            return Effect.never
          })
        ).pipe(
          Effect.as(0),
          Effect.catchTag("ActivityTimedOut", ({ after }) => Effect.succeed(after))
        )
      const app = yield* open(
        Timed.toLayer(() =>
          Effect.all([step({ attempt: "10 seconds" }), step({ attempt: "10 seconds", total: "30 seconds" })])
        ),
        { maxLoaded: 1 }
      )
      const handle = yield* app.run(Timed.start())
      yield* pass("1 hour")
      assert.deepStrictEqual(yield* handle.result, [10_000, 10_000])
      assert.deepStrictEqual(times, [0, 70_000, 140_000, 150_000])
      const [, second] = ofTag(yield* handle.history, "ActivityScheduled")
      assert.deepStrictEqual(second?.timeouts, { attempt: 10_000, total: 30_000 })
    })
  )

  it.effect("7. a cancel interrupts the inline activity that the program waits for, and its finalizers run", () =>
    Effect.gen(function* () {
      const log: Array<string> = []
      const step = Activity.inline(
        "step",
        Text,
        Effect.onInterrupt(Effect.never, () => Effect.sync(() => log.push("interrupted")))
      )
      const undo = Activity.inline("undo", {}, Effect.sync(() => log.push("undone")).pipe(Effect.asVoid))
      const app = yield* open(
        Run.toLayer(() =>
          Effect.map(
            Effect.onInterrupt(step, () => undo),
            (text) => [text]
          )
        )
      )
      const handle = yield* app.run(Run.start())
      yield* settle
      yield* app.cancel(handle.id, "enough")
      assert.strictEqual(yield* reasonOf(handle.result), "Cancelled")
      assert.deepStrictEqual(log, ["interrupted", "undone"])
      assert.lengthOf(ofTag(yield* handle.history, "ActivityCancelled"), 1)
    })
  )

  it.effect("9. an inline activity of another name, or one that was none, is a disagreement with both sides", () =>
    Effect.gen(function* () {
      const Step = Activity.make("step", Text)
      const StepLive = Step.toLayer(() => Effect.succeed("by contract"))
      const step = (name: string) => Activity.inline(name, Text, Effect.succeed("inline"))
      const layer = (
        program: Effect.Effect<string, never, Effect.Services<ReturnType<typeof step> | ReturnType<typeof Step>>>
      ) =>
        Run.toLayer(() => Effect.map(Effect.tap(program, Go.receive), (text) => [text])).pipe(Layer.provide(StepLive))
      const cases = [
        [step("step"), step("stop"), "ActivityScheduled #0 step, inline", "ActivityScheduled #0 stop, inline"],
        [step("step"), Step(), "ActivityScheduled #0 step, inline", "ActivityScheduled #0 step(null)"],
        [Step(), step("step"), "ActivityScheduled #0 step(null)", "ActivityScheduled #0 step, inline"]
      ] as const
      for (const [before, after, history, program] of cases) {
        const first = yield* open(layer(before))
        const { id } = yield* first.run(Run.start())
        yield* settle
        yield* first.stop
        const second = yield* open(layer(after))
        yield* settle
        const reason = yield* errorOf(second.run(Effect.flatMap(Run.handle(id), ({ result }) => result)))
        assert.include(reason.message, `history: ${history}`)
        assert.include(reason.message, `program: ${program}`)
        yield* second.terminate(id)
        yield* second.stop
      }
    })
  )

  it.effect("9. an inline activity whose program cannot go on is not lost: it runs when the program is back", () =>
    Effect.gen(function* () {
      const ran: Array<string> = []
      const first = yield* open(booking(ran, 1))
      const { id } = yield* first.run(Run.start())
      yield* settle
      yield* first.stop
      const wrong = yield* open(Run.toLayer(() => Effect.as(Effect.sleep("1 minute"), [])))
      yield* pass("1 day")
      assert.strictEqual((yield* wrong.executions.describe(id)).status, "blocked")
      yield* wrong.stop
      assert.deepStrictEqual(ran, ["reserve 1"])
      const again = yield* open(booking(ran, 1))
      yield* pass("1 hour")
      assert.deepStrictEqual(ran, ["reserve 1", "reserve 2"])
      yield* pass("2 days")
      assert.deepStrictEqual(yield* Effect.flatMap(again.run(Run.handle(id)), ({ result }) => result), booked)
    })
  )

  it.effect("9. a step that was asked for in the commit in which its program stops begins when that goes on", () =>
    Effect.gen(function* () {
      let isWrong = true
      const ran: Array<string> = []
      const layer = Run.toLayer(
        Effect.fnUntraced(function* () {
          const text = Effect.sync(() => `run ${ran.push("ran")}`)
          const step = yield* Effect.forkChild(
            Effect.andThen(Effect.sleep("1 minute"), Activity.inline("step", Text, text)),
            { startImmediately: true }
          )
          yield* Effect.sleep("1 minute")
          if (isWrong) yield* Effect.orDie(Effect.asVoid(Config.String("NONE")))
          return [yield* Fiber.join(step), yield* Go.receive]
        })
      )
      const app = yield* open(layer)
      const handle = yield* app.run(Run.start(undefined, { workflowId: "one" }))
      yield* pass("1 minute")
      const { store } = yield* Lab
      const { commits } = Option.getOrThrow(yield* store.load(WorkflowId.make("one")))
      assert.deepStrictEqual(tags(commits.at(-1)!.events), [
        "TimerFired",
        "ActivityScheduled",
        "TimerFired",
        "ExecutionBlocked"
      ])
      assert.deepStrictEqual(ran, [])
      // A commit of another process makes the worker read the history again, with a program that is right by then.
      isWrong = false
      app.link.fault = cut("changes")
      const other = yield* open(Layer.empty)
      yield* other.signal("one", "go", "c")
      yield* app.signal("one", "go", "d")
      app.link.fault = sound
      yield* pass("1 minute")
      assert.lengthOf(ran, 1)
      assert.deepStrictEqual(yield* handle.result, ["run 1", "c"])
    })
  )

  it.effect("9. what an inline activity wakes in its program, or runs as its program, blocks the execution", () =>
    Effect.gen(function* () {
      const Odd = Workflow.make("Odd", { input: Schema.Literals(["wakes", "wakes at once", "interrupts", "smuggles"]) })
      const app = yield* open(
        Odd.toLayer(
          Effect.fnUntraced(function* (kind) {
            const woken = yield* Deferred.make<void>()
            const waiting = yield* Effect.forkChild(Deferred.await(woken))
            const context = yield* Effect.context<Effect.Services<typeof Go.receive>>()
            const wakes = Deferred.succeed(woken, undefined)
            const effects = {
              wakes: Effect.andThen(Effect.sleep(1), wakes),
              "wakes at once": wakes,
              interrupts: Effect.sync(() => waiting.interruptUnsafe()),
              smuggles: Effect.provideContext(Go.receive, context)
            }
            yield* Effect.forkChild(Activity.inline("odd", {}, Effect.asVoid(effects[kind])))
            yield* Fiber.await(waiting)
          })
        ),
        { shutdownTimeout: 0 }
      )
      for (const kind of Odd.input.literals) {
        const handle = yield* app.run(Odd.start(kind))
        yield* pass("1 second")
        const reason = yield* errorOf(handle.result)
        assert.include(reason.message, "did asynchronous work outside an activity", kind)
      }
    })
  )

  it.effect("9. what an inline activity writes to variables of its program is not recorded", () =>
    Effect.gen(function* () {
      const layer = Run.toLayer(
        Effect.fnUntraced(function* () {
          const counter = yield* Ref.make(0)
          yield* Activity.inline("write", {}, Ref.set(counter, 1))
          yield* Effect.sleep("1 day")
          return [`${yield* Ref.get(counter)}`]
        })
      )
      const first = yield* open(layer)
      const { id } = yield* first.run(Run.start())
      yield* settle
      yield* first.stop
      const second = yield* open(layer)
      yield* pass("1 day")
      assert.deepStrictEqual(yield* Effect.flatMap(second.run(Run.handle(id)), ({ result }) => result), ["0"])
    })
  )

  it.effect("19. an inline activity in the handler of an update, and as a compensation", () =>
    Effect.gen(function* () {
      const Add = Update.make("add", { input: Schema.String, success: Schema.String })
      const log: Array<string> = []
      const layer = Run.toLayer(
        Effect.fnUntraced(function* () {
          yield* Add.handle((text) =>
            Activity.inline(
              "add",
              Text,
              Effect.sync(() => `${text} ${log.push(`added ${text}`)}`)
            )
          )
          yield* Workflow.withCompensation(
            Activity.inline(
              "do",
              Text,
              Effect.sync(() => `done ${log.push("did")}`)
            ),
            (done) =>
              Activity.inline(
                "undo",
                {},
                Effect.sync(() => void log.push(`undid ${done}`))
              )
          )
          yield* Go.receive
          return yield* new Busy({ seconds: 1 })
        })
      )
      const first = yield* open(layer)
      const { id } = yield* first.run(Run.start())
      yield* settle
      assert.strictEqual(yield* first.run(Add.execute(id, "x")), "x 2")
      yield* first.stop
      const second = yield* open(layer)
      const handle = yield* second.run(Run.handle(id))
      yield* second.run(Go.send(handle, ""))
      yield* settle
      assert.deepStrictEqual(yield* Effect.exit(handle.result), Exit.fail(new Busy({ seconds: 1 })))
      assert.deepStrictEqual(log, ["did", "added x", "undid done 1"])
    })
  )

  it.effect("18. an inline activity is refused to the handler of a query, and to a validation", () =>
    Effect.gen(function* () {
      const Peek = Query.make("peek", { success: Schema.String })
      const Add = Update.make("add", { success: Schema.String })
      let ran = 0
      const step = Activity.inline(
        "step",
        Text,
        Effect.sync(() => `${++ran}`)
      )
      const app = yield* open(
        Run.toLayer(
          Effect.fnUntraced(function* () {
            // For the compiler they need nothing, which a program in plain JavaScript may not know.
            yield* Peek.answer(() => step as Effect.Effect<string>)
            yield* Add.handle(() => step, { validate: () => Effect.asVoid(step as Effect.Effect<string>) })
            return [yield* Go.receive]
          })
        )
      )
      const handle = yield* app.run(Run.start())
      const refused = yield* errorOf(app.run(Peek.ask(handle)))
      assert.deepInclude(refused, { _tag: "OnlyReads", what: 'called activity "step"' })
      assert.include((yield* errorOf(app.run(Add.execute(handle)))).message, 'it called activity "step"')
      assert.strictEqual(ran, 0)
      assert.lengthOf(ofTag(yield* historyOf(handle.id), "ActivityScheduled"), 0)
    })
  )

  it.effect("16. a client within an inline activity starts an execution of its own, and no child", () =>
    Effect.gen(function* () {
      const Other = Workflow.make("Other", { success: Schema.String, workflowId: () => "other" })
      const layer = Run.toLayer(() =>
        Effect.map(Activity.inline("start", Text, Effect.orDie(Other.execute())), (text) => [text])
      )
      const others = Other.toLayer(() => Effect.as(Effect.sleep("1 hour"), "done"))
      // The laboratory provides all that an executor is.
      const app = yield* open(Layer.merge(layer, others) as Workflows)
      const handle = yield* app.run(Run.start())
      yield* pass("1 hour")
      assert.deepStrictEqual(yield* handle.result, ["done"])
      const [started] = yield* historyOf("other")
      assert.isTrue(started?._tag === "ExecutionStarted" && started.parent === undefined)
      assert.lengthOf(ofTag(yield* handle.history, "MessageSent"), 0)
    })
  )

  it.effect("2. a commit of another process takes nothing from an inline activity that runs", () =>
    Effect.gen(function* () {
      const gate = yield* Latch.make(false)
      let runs = 0
      const layer = Run.toLayer(
        Effect.fnUntraced(function* () {
          const step = Effect.andThen(
            Effect.sync(() => runs++),
            Effect.as(gate.await, `run ${runs}`)
          )
          const done = yield* Activity.inline("step", Text, step)
          return [done, yield* Go.receive]
        })
      )
      const app = yield* open(layer)
      const handle = yield* app.run(Run.start())
      yield* settle
      const other = yield* open(Layer.empty)
      yield* other.signal(handle.id, "go", "x")
      yield* gate.open
      yield* pass("1 minute")
      assert.deepStrictEqual(yield* handle.result, ["run 0", "x"])
      assert.strictEqual(runs, 1)
      const { store } = yield* Lab
      assert.strictEqual((yield* store.list({ status: ["completed"] })).executions.length, 1)
    })
  )
}
