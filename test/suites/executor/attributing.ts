/** Promise 8: attributes are typed, set by starts and programs, and executions are found by them; a memo is told with them. */
import { Effect, Layer, Schema } from "effect"
import { Attributes, Query, Signal, Workflow } from "perdure"
import type { WorkflowFilter } from "perdure/Store/WorkflowStore"
import { formatOf } from "perdure/HistoryEvent"
import { assert } from "../assert.ts"
import { errorOf, reasonOf } from "./failures.ts"
import { open, pass, settle } from "./Lab.ts"
import { historyOf, summaryOf, tags } from "./stored.ts"
import type { SuitePart } from "./SuitePart.ts"

const Level = Schema.Literals(["gold", "silver"])
const OrderAttributes = Attributes.make({
  customer: Schema.String,
  total: Schema.Finite,
  urgent: Schema.Boolean,
  level: Level,
  due: Schema.DateTimeUtcFromMillis
})

const Next = Signal.make("next", { payload: Schema.String })
const Order = Workflow.make("Order", { input: Schema.String, success: Schema.String })

/** Does what it is told, one step at a time. */
const OrderLive = Order.toLayer(
  Effect.fnUntraced(function* () {
    yield* OrderAttributes.set({ urgent: true })
    for (;;) {
      switch (yield* Next.receive) {
        case "raise":
          yield* OrderAttributes.set({ total: 500, level: "gold" })
          break
        case "twice":
          yield* OrderAttributes.set({ total: 1, level: undefined })
          yield* OrderAttributes.set({ total: 2 })
          break
        case "nothing":
          yield* OrderAttributes.set({ total: undefined })
          break
        case "calm":
          yield* OrderAttributes.remove("urgent", "customer")
          break
        case "again":
          return Order.continueAsNew("again")
        default:
          return "done"
      }
    }
  })
)

const idsOf = Effect.fnUntraced(function* (
  { executions }: Effect.Success<ReturnType<typeof open>>,
  filter: WorkflowFilter
) {
  const page = yield* executions.list(filter)
  assert.strictEqual(yield* executions.count(filter), page.executions.length)
  return page.executions.map(({ workflowId }) => String(workflowId))
})

const many = <A>(count: number, value: A) =>
  Object.fromEntries(Array.from({ length: count }, (_, n) => [`a${n}`, value]))

export const attributing: SuitePart = (it) => {
  it.effect("8. executions are found by values, ranges and lists, as their definition types them", () =>
    Effect.gen(function* () {
      const Wait = Workflow.make("Wait", { input: Schema.Finite })
      const app = yield* open(Wait.toLayer(() => Effect.never))
      for (const n of [0, 1, 2, 3, 4]) {
        const attributes = OrderAttributes.of({
          customer: ["Ada", "Grace", "Zoë", "ada", ""][n],
          total: n * 50,
          ...(n === 4 ? {} : { urgent: n % 2 === 0 }),
          level: n < 2 ? "gold" : "silver"
        })
        yield* app.run(Wait.start(n, { workflowId: String(n), attributes }))
      }
      const { where } = OrderAttributes
      for (const [tests, expected] of [
        [{ customer: "Ada" }, "0"],
        [{ total: { from: 50, below: 150 } }, "12"],
        [{ total: { above: 50, upTo: 150 } }, "23"],
        [{ total: { from: 100 } }, "234"],
        [{ total: { below: 100 }, urgent: true }, "0"],
        [{ customer: { in: ["Grace", "Zoë", "nobody"] } }, "12"],
        [{ customer: { in: [] } }, ""],
        [{ customer: { from: "A", below: "B" } }, "0"],
        [{ customer: { upTo: "" } }, "4"],
        [{ urgent: { in: [true, false] } }, "0123"],
        [{ level: "silver", total: { in: [100, 200] } }, "24"],
        [{}, "01234"]
      ] as const) {
        assert.strictEqual((yield* idsOf(app, { where: where(tests) })).join(""), expected, JSON.stringify(tests))
      }
      // The two ways to ask are one, and go together.
      assert.deepStrictEqual(yield* idsOf(app, { attributes: { level: "gold" }, where: { total: { above: 0 } } }), [
        "1"
      ])
      assert.deepStrictEqual(yield* idsOf(app, { attributes: OrderAttributes.of({ customer: "Zoë" }) }), ["2"])
      assert.deepStrictEqual(yield* idsOf(app, { where: { total: 200 } }), ["4"])
    })
  )

  it.effect("8. a program sets and removes attributes, each an event, and is found by them from that commit on", () =>
    Effect.gen(function* () {
      const app = yield* open(OrderLive)
      const { of, where } = OrderAttributes
      yield* app.run(Order.start("a", { workflowId: "a", attributes: of({ customer: "Ada", total: 5 }) }))
      yield* settle
      const now = Effect.map(app.executions.describe("a"), ({ attributes }) => attributes)
      assert.deepStrictEqual(yield* now, { customer: "Ada", total: 5, urgent: true })
      assert.deepStrictEqual(yield* idsOf(app, { where: where({ urgent: true, customer: "Ada" }) }), ["a"])
      for (const [step, expected] of [
        ["raise", { customer: "Ada", total: 500, urgent: true, level: "gold" }],
        ["nothing", { customer: "Ada", total: 500, urgent: true, level: "gold" }],
        ["twice", { customer: "Ada", total: 2, urgent: true, level: "gold" }],
        ["calm", { total: 2, level: "gold" }]
      ] as const) {
        yield* app.run(Next.send("a", step))
        yield* settle
        assert.deepStrictEqual<unknown>(yield* now, expected, step)
        assert.deepStrictEqual(yield* idsOf(app, { attributes: expected }), ["a"])
      }
      assert.deepStrictEqual(yield* idsOf(app, { where: where({ urgent: { in: [true, false] } }) }), [])
      assert.deepStrictEqual(yield* idsOf(app, { where: where({ total: { above: 2 } }) }), [])
      const history = yield* historyOf("a")
      const set = history.flatMap((event) => (event._tag === "AttributesSet" ? [event.attributes] : []))
      assert.deepStrictEqual(set, [
        { urgent: true },
        { total: 500, level: "gold" },
        { total: 1 },
        { total: 2 },
        { urgent: null, customer: null }
      ])
      yield* app.run(Next.send("a", "end"))
      yield* settle
      assert.deepStrictEqual<unknown>(yield* now, { total: 2, level: "gold" })
    })
  )

  it.effect("8. attributes that a program has set are those of every worker after it, and of the next run", () =>
    Effect.gen(function* () {
      const first = yield* open(OrderLive)
      const attributes = OrderAttributes.of({ customer: "Ada" })
      yield* first.run(Order.start("a", { workflowId: "a", attributes, memo: { note: "kept" } }))
      yield* first.run(Next.send("a", "raise"))
      yield* settle
      yield* first.stop
      const second = yield* open(OrderLive)
      yield* settle
      yield* second.run(Next.send("a", "calm"))
      yield* settle
      const raised = { total: 500, level: "gold" }
      assert.deepStrictEqual<unknown>((yield* second.executions.describe("a")).attributes, raised)
      yield* second.run(Next.send("a", "again"))
      yield* settle
      // The next run sets one again at its beginning, and has the others from the run before, without what that has removed.
      assert.deepStrictEqual<unknown>((yield* summaryOf("a")).attributes, { ...raised, urgent: true })
      assert.deepStrictEqual((yield* summaryOf("a")).memo, { note: "kept" })
      const [started] = yield* historyOf("a")
      assert.deepStrictEqual<unknown>(started?._tag === "ExecutionStarted" && started.attributes, raised)
      yield* second.run(Next.send("a", "end"))
      yield* settle
      assert.strictEqual((yield* summaryOf("a")).status, "completed")
    })
  )

  it.effect("8. a run whose program has removed all attributes passes none on", () =>
    Effect.gen(function* () {
      const Own = Attributes.make({ a: Schema.String })
      const Twice = Workflow.make("Twice", { input: Schema.Boolean })
      const app = yield* open(
        Twice.toLayer(
          Effect.fnUntraced(function* (isSecond) {
            if (isSecond) return yield* Effect.never
            yield* Own.remove("a")
            return Twice.continueAsNew(true)
          })
        )
      )
      yield* app.run(Twice.start(false, { workflowId: "twice", attributes: Own.of({ a: "x" }) }))
      yield* settle
      const [started] = yield* historyOf("twice")
      assert.isTrue(started?._tag === "ExecutionStarted" && started.continues !== undefined)
      assert.isFalse(started !== undefined && "attributes" in started)
      assert.deepStrictEqual((yield* app.executions.describe("twice")).attributes, {})
    })
  )

  it.effect("8. a program that sets another attribute than it did disagrees with its history, which says both", () =>
    Effect.gen(function* () {
      const Own = Attributes.make({ a: Schema.Finite })
      const One = Workflow.make("One")
      const program = (a: number) => One.toLayer(() => Effect.andThen(Own.set({ a }), Effect.sleep("1 hour")))
      const first = yield* open(program(1))
      yield* first.run(One.start(undefined, { workflowId: "one" }))
      yield* settle
      yield* first.stop
      const second = yield* open(program(2))
      yield* settle
      const error = yield* errorOf(second.result("one"))
      assert.strictEqual(error._tag, "Blocked")
      assert.include(error.message, 'history: AttributesSet {"a":1}')
      assert.include(error.message, 'program: AttributesSet {"a":2}')
      yield* second.stop
      const third = yield* open(program(1))
      yield* pass("1 hour")
      assert.strictEqual((yield* third.executions.describe("one")).status, "completed")
    })
  )

  it.effect(
    "8. what no attribute can be is refused by the start and by the program, with its name and what to do",
    () =>
      Effect.gen(function* () {
        const Wide = Attributes.make({ a: Schema.Number, text: Schema.String, level: Level })
        const All = Attributes.make(Object.fromEntries(Object.keys(many(200, 0)).map((name) => [name, Schema.String])))
        const cases: ReadonlyArray<readonly [set: ReturnType<typeof Wide.set>, of: unknown, said: string]> = [
          [Wide.set({ a: Number.NaN }), Wide.of({ a: Number.NaN }), '"a" does not fit its schema: it encodes to NaN'],
          [
            Wide.set({ level: "iron" as "gold" }),
            Wide.of({ level: "iron" as "gold" }),
            '"level" does not fit its schema'
          ],
          [
            Wide.set({ b: 1 } as {}),
            Wide.of({ b: 1 } as {}),
            '"b" does not fit its schema: the definition has no such'
          ],
          [Wide.set({ text: "é".repeat(513) }), { text: "é".repeat(513) }, "has 1026 bytes, and may have 1024"],
          [Wide.set({ text: "\ud800" }), { text: "\ud800" }, "which has an unpaired surrogate"],
          [All.set(many(101, "")), many(101, 1), "they are 101, and may be 100; keep the others in the memo"],
          [All.set(many(9, "x".repeat(1000))), many(9, "x".repeat(1000)), "bytes as JSON, and may have 8192"],
          [Wide.set(null as never), null, "they must be an object with a field for each, and are null"]
        ]
        const said: Array<string> = []
        const One = Workflow.make("One", { input: Schema.Finite })
        const app = yield* open(
          One.toLayer(
            Effect.fnUntraced(function* (index) {
              yield* Wide.set({ a: 1 })
              const { operation, reason, workflowId } = yield* Effect.flip(Effect.asVoid(cases[index]![0]))
              said.push(`${operation} ${workflowId} ${reason._tag} ${reason.message}`)
            }, Effect.orDie)
          )
        )
        for (const [index, [, attributes, text]] of cases.entries()) {
          const workflowId = `w${index}`
          const refused = yield* errorOf(app.run(One.start(index, { workflowId, attributes: attributes as {} })))
          assert.strictEqual(refused._tag, "InvalidPayload")
          assert.include(refused.message, "the attributes of workflow One: ")
          assert.include(refused.message, text)
          assert.strictEqual(yield* reasonOf(app.executions.describe(workflowId)), "NotFound")
          yield* app.run(One.execute(index, { workflowId }))
          assert.include(
            said.at(-1),
            `setAttributes ${workflowId} InvalidPayload the attributes that the program sets: `
          )
          assert.include(said.at(-1), text)
          assert.deepStrictEqual((yield* app.executions.describe(workflowId)).attributes, { a: 1 })
        }
        const long = "n".repeat(257)
        assert.throws(() => Attributes.make({ [long]: Schema.String }), /has 257 bytes, and may have 256; shorten it/)
        assert.throws(() => Attributes.make({ "\ud800": Schema.String }), /has an unpaired surrogate; leave it out/)
        const refused = yield* errorOf(app.run(One.start(0, { workflowId: "x", attributes: { [long]: 1 } })))
        assert.include(refused.message, "has 257 bytes, and may have 256; shorten it")
      })
  )

  it.effect("8. attributes of a start and of the program count together", () =>
    Effect.gen(function* () {
      const Own = Attributes.make({ own: Schema.Finite, more: Schema.Finite, a0: Schema.Finite })
      const One = Workflow.make("One", { success: Schema.String })
      const app = yield* open(
        One.toLayer(() =>
          Own.set({ a0: 5 }).pipe(
            Effect.andThen(Own.set({ own: 1 })),
            Effect.andThen(Own.set({ more: 1 })),
            Effect.as(""),
            Effect.catch(({ reason }) => Effect.succeed(reason.message)),
            Effect.tap(Own.remove("own")),
            Effect.tap(Effect.orDie(Own.set({ more: 2 })))
          )
        )
      )
      const said = yield* app.run(One.execute(undefined, { workflowId: "one", attributes: many(99, 1) }))
      assert.include(said, "they are 101, and may be 100")
      const { attributes } = yield* app.executions.describe("one")
      assert.deepStrictEqual(attributes, { ...many(99, 1), a0: 5, more: 2 })
    })
  )

  it.effect("8. a condition that does not fit its definition, or asks for what has no order, says so", () =>
    Effect.gen(function* () {
      const { executions } = yield* open(Layer.empty)
      const { where } = OrderAttributes
      for (const [tests, text] of [
        [{ total: Number.NaN }, 'the attribute "total" does not fit its schema'],
        [{ total: { from: "1" } }, 'the attribute "total" does not fit its schema'],
        [{ level: { in: ["gold", "iron"] } }, 'the attribute "level" does not fit its schema'],
        [{ customer: undefined }, 'the attribute "customer" does not fit its schema'],
        [{ urgent: { from: false } }, 'the attribute "urgent" has a boolean for a bound'],
        [{ total: { over: 5 } }, 'the attribute "total" has no test "over"; give it a value'],
        [{ total: {} }, 'the attribute "total" has an empty test'],
        [{ total: { in: 5 } }, 'the attribute "total" must be in a list, and in is 5'],
        [{ none: 1 }, 'the attribute "none" does not fit its schema: the definition has no such attribute'],
        [null, "where must be an object, and is null"]
      ] as const) {
        const filter = { where: where(tests as {}) }
        for (const ask of [Effect.asVoid(executions.list(filter)), Effect.asVoid(executions.count(filter))]) {
          const error = yield* errorOf(ask)
          assert.strictEqual(error._tag, "InvalidPayload")
          assert.include(error.message, `the filter: ${text}`)
        }
      }
    })
  )

  it.effect("8. attributes are compared as they are encoded, and read back as they are typed", () =>
    Effect.gen(function* () {
      const When = Attributes.make({
        due: Schema.DateTimeUtcFromMillis,
        size: Schema.fromJsonString(Schema.Struct({ in: Schema.Finite }))
      })
      const Wait = Workflow.make("Wait", { input: Schema.Finite })
      const app = yield* open(Wait.toLayer(() => Effect.never))
      const due = (day: number) => Schema.decodeSync(Schema.DateTimeUtcFromMillis)(day * 86_400_000)
      for (const n of [1, 2, 3]) {
        const attributes = When.of({ due: due(n), size: { in: n } })
        yield* app.run(Wait.start(n, { workflowId: String(n), attributes }))
      }
      assert.deepStrictEqual(yield* idsOf(app, { where: When.where({ due: { above: due(1), upTo: due(3) } }) }), [
        "2",
        "3"
      ])
      assert.deepStrictEqual(yield* idsOf(app, { where: When.where({ due: due(2) }) }), ["2"])
      // An object that is a value of the schema is a value, whatever its fields are called.
      assert.deepStrictEqual(yield* idsOf(app, { where: When.where({ size: { in: 3 } }) }), ["3"])
      const described = yield* app.executions.describe("2")
      assert.deepStrictEqual<unknown>(described.attributes, { due: 2 * 86_400_000, size: '{"in":2}' })
      assert.deepStrictEqual(yield* When.get(described), { due: due(2), size: { in: 2 } })
      assert.deepStrictEqual(yield* OrderAttributes.get({ attributes: { other: 1 } }), {})
      const error = yield* errorOf(OrderAttributes.get({ ...described, attributes: { total: "much" } }))
      assert.strictEqual(error._tag, "InvalidPayload")
      assert.include(error.message, 'the attribute "total": ')
    })
  )

  it.effect("8. a memo is in descriptions and listings, also that of a child, and is bounded", () =>
    Effect.gen(function* () {
      const Child = Workflow.make("Child")
      const Parent = Workflow.make("Parent")
      const memo = { for: ["Ada", null, 1], "": { deep: true } }
      const app = yield* open(
        Layer.merge(
          Child.toLayer(() => Effect.never),
          Parent.toLayer(() =>
            Effect.andThen(
              Child.start(undefined, { workflowId: "child", memo, attributes: { a: 1 } }),
              Effect.sleep("1 hour")
            )
          )
        )
      )
      const given: Record<string, Schema.Json> = { text: "a" }
      yield* app.run(Parent.start(undefined, { workflowId: "parent", memo: given }))
      given["text"] = "changed"
      yield* settle
      assert.deepStrictEqual((yield* app.executions.describe("parent")).memo, { text: "a" })
      assert.deepStrictEqual((yield* app.executions.describe("child")).memo, memo)
      const { executions } = yield* app.executions.list({ parent: "parent" })
      assert.deepStrictEqual<unknown>(
        executions.map(({ attributes, memo }) => [memo, attributes]),
        [[memo, { a: 1 }]]
      )
      yield* app.run(Child.start(undefined, { workflowId: "none" }))
      assert.notProperty(yield* app.executions.describe("none"), "memo")
      yield* app.run(Child.start(undefined, { workflowId: "null", memo: null }))
      assert.isNull((yield* app.executions.describe("null")).memo)
      yield* app.run(Child.start(undefined, { workflowId: "large", memo: "x".repeat(8190) }))
      for (const [memo, text] of [
        ["x".repeat(8191), "it has 8193 bytes as JSON, and may have 8192; keep an id of what it tells"],
        [{ a: Number.NaN }, "NaN"],
        [() => 1, "function"]
      ] as const) {
        const error = yield* errorOf(app.run(Child.start(undefined, { workflowId: "bad", memo: memo as never })))
        assert.strictEqual(error._tag, "InvalidPayload")
        assert.include(error.message, "the memo of workflow Child: ")
        assert.include(error.message, text)
      }
      assert.strictEqual(yield* reasonOf(app.executions.describe("bad")), "NotFound")
      yield* pass("1 hour")
      assert.deepStrictEqual((yield* app.executions.describe("parent")).memo, { text: "a" })
    })
  )

  it.effect(
    "8. an older release leaves an execution alone that has a memo, or whose program has set attributes, and no other",
    () =>
      Effect.gen(function* () {
        const Own = Attributes.make({ a: Schema.Finite })
        const One = Workflow.make("One", { input: Schema.Boolean })
        const app = yield* open(
          One.toLayer((sets) => Effect.andThen(sets ? Effect.orDie(Own.set({ a: 1 })) : Effect.void, Effect.never))
        )
        yield* app.run(One.start(false, { workflowId: "plain", attributes: { a: 1 } }))
        yield* app.run(One.start(false, { workflowId: "memo", memo: 1 }))
        yield* app.run(One.start(true, { workflowId: "sets" }))
        yield* settle
        const formats = yield* Effect.forEach(["plain", "memo", "sets"], (id) =>
          Effect.all([Effect.map(summaryOf(id), ({ format = 1 }) => format), historyOf(id)])
        )
        assert.deepStrictEqual(
          formats.map(([format, history]) => [format, Math.max(...history.map(formatOf))]),
          [
            [1, 1],
            [2, 2],
            [2, 2]
          ]
        )
      })
  )

  it.effect("8. a query only reads: its handler cannot set attributes", () =>
    Effect.gen(function* () {
      const Own = Attributes.make({ a: Schema.Finite })
      const Ask = Query.make("ask", { success: Schema.Void })
      const One = Workflow.make("One")
      const app = yield* open(
        One.toLayer(() =>
          // The compiler refuses the handler, too.
          Effect.andThen(Ask.answer((() => Effect.orDie(Own.set({ a: 1 }))) as never), Effect.never)
        )
      )
      yield* app.run(One.start(undefined, { workflowId: "one" }))
      const error = yield* errorOf(app.run(Ask.ask("one")))
      assert.strictEqual(error._tag, "OnlyReads")
      assert.include(error.message, "set attributes")
      assert.deepStrictEqual(tags(yield* historyOf("one")), ["ExecutionStarted"])
    })
  )
}
