/** Promise 3: what is passed is what is recorded, and what a replay gives. */
import { Effect, Layer, Schema } from "effect"
import { Activity, RetryPolicy, Signal, Workflow } from "perdure"
import type { RecordedDefect } from "perdure/HistoryEvent"
import { Version } from "perdure/Ids"
import { assert } from "../assert.ts"
import type { SuitePart } from "./SuitePart.ts"
import { errorOf, reasonOf } from "./failures.ts"
import { Lab, open, pass, settle } from "./Lab.ts"
import { summaryOf } from "./stored.ts"

const schemas: Readonly<Record<string, Schema.Codec<unknown, unknown>>> = {
  Json: Schema.Json as Schema.Codec<unknown, unknown>,
  Unknown: Schema.Unknown,
  Any: Schema.Any,
  Struct: Schema.Struct({ list: Schema.Array(Schema.String) }) as Schema.Codec<unknown, unknown>
}

/** Changes a value in place, and says what it was. */
const used = (value: unknown): string => {
  const before = JSON.stringify(value)
  ;(value as { readonly list: Array<string> }).list.push("used")
  return before
}

const given = () => ({ list: ["a"] })
const nested = (levels: number): Schema.Json => {
  let value: Schema.Json = "x"
  for (let level = 0; level < levels; level++) value = [value]
  return value
}

export const passing: SuitePart = (it) => {
  for (const [name, schema] of Object.entries(schemas)) {
    it.effect(`3. what a program does to values of ${name} changes nothing that is recorded`, () =>
      Effect.gen(function* () {
        const Answer = Activity.make("Answer", {
          input: schema,
          success: schema,
          error: schema,
          retry: RetryPolicy.none
        })
        const Tell = Signal.make("tell", { payload: schema })
        const Use = Workflow.make("Use", { input: schema, success: Schema.Array(Schema.String), error: schema })
        const answers: Array<unknown> = []
        const workflows = Use.toLayer((input) =>
          Effect.gen(function* () {
            const seen = [used(input)]
            const mine = given()
            seen.push(used(yield* Answer(mine)))
            seen.push(used(mine))
            seen.push(used(yield* Effect.flip(Answer({ list: ["fail"] }))))
            seen.push(used(yield* Tell.receive))
            yield* Signal.make("go").receive
            return [...seen, JSON.stringify(input)]
          })
        ).pipe(
          Layer.provide(
            Answer.toLayer((input) => {
              const fails = used(input).includes("fail")
              answers.push(input)
              return fails ? Effect.fail(input) : Effect.succeed(input)
            })
          )
        )
        const app = yield* open(workflows)
        const mine = given()
        const handle = yield* app.run(Use.start(mine, { workflowId: "use" }))
        used(mine)
        yield* settle
        for (const answer of answers) used(answer)
        const payload = given()
        yield* app.run(Tell.send(handle, payload))
        used(payload)
        yield* settle
        yield* app.stop
        const again = yield* open(workflows)
        yield* again.signal("use", "go", null)
        assert.deepStrictEqual(yield* (yield* again.run(Use.handle("use"))).result, [
          '{"list":["a"]}',
          '{"list":["a","used"]}',
          '{"list":["a"]}',
          '{"list":["fail","used"]}',
          '{"list":["a"]}',
          '{"list":["a","used"]}'
        ])
      })
    )
  }

  it.effect("3. each attempt of a handler gets the input that was recorded", () =>
    Effect.gen(function* () {
      const seen: Array<string> = []
      const Try = Activity.make("Try", { input: Schema.Json, error: Schema.Json, retry: RetryPolicy.exponential() })
      const Run = Workflow.make("Run", { error: Schema.Json })
      const handler = Try.toLayer((input) => {
        seen.push(used(input))
        return seen.length < 3 ? Effect.fail("again") : Effect.void
      })
      const app = yield* open(Run.toLayer(() => Try(given())).pipe(Layer.provide(handler)))
      const handle = yield* app.run(Run.start())
      yield* pass("1 second")
      yield* handle.result
      assert.deepStrictEqual(seen, ['{"list":["a"]}', '{"list":["a"]}', '{"list":["a"]}'])
    })
  )

  it.effect("3. a program sees at once what it will see in a replay", () =>
    Effect.gen(function* () {
      const Odd = Activity.make("Odd", { success: Schema.Any })
      const Look = Workflow.make("Look", { success: Schema.Array(Schema.String) })
      const odd = { zero: -0, none: undefined, at: new Date(0), half: "\ud800", toJSON: undefined }
      const seen: Array<unknown> = []
      const workflows = Look.toLayer(() =>
        Effect.gen(function* () {
          const answer = yield* Odd()
          seen.push(answer)
          yield* Signal.make("go").receive
          return [Object.is(answer.zero, 0) ? "zero" : "minus zero", ...Object.keys(answer)]
        })
      ).pipe(Layer.provide(Odd.toLayer(() => Effect.succeed(odd))))
      const app = yield* open(workflows)
      yield* app.run(Look.start(undefined, { workflowId: "look" }))
      yield* settle
      yield* app.stop
      const again = yield* open(workflows)
      // It has taken the execution before the signal comes: a commit that loses against that one is replayed once more.
      yield* settle
      yield* again.signal("look", "go", null)
      assert.deepStrictEqual(yield* again.run(Look.execute(undefined, { workflowId: "look" })), [
        "zero",
        "zero",
        "at",
        "half"
      ])
      assert.lengthOf(seen, 2)
      assert.deepStrictEqual(seen[0], { zero: 0, at: "1970-01-01T00:00:00.000Z", half: "\ud800" })
      assert.deepStrictEqual(seen[1], seen[0])
    })
  )

  it.effect("3. a result that is no JSON is a defect of its call that names it, and its handler runs once", () =>
    Effect.gen(function* () {
      const circle: Record<string, unknown> = {}
      circle["self"] = circle
      const results: ReadonlyArray<readonly [result: unknown, text: string]> = [
        [nested(20_000), "it is nested deeper than 1000 levels"],
        [nested(1_001), "it is nested deeper than 1000 levels"],
        [circle, "it contains itself"],
        [{ a: [Number.NaN] }, 'NaN is no number of JSON\n  at ["a"][0]'],
        [new Map(), "a value of class Map is neither a plain object nor a list"]
      ]
      let runs = 0
      const Out = Activity.make("Out", { input: Schema.Number, success: Schema.Any, error: Schema.Any })
      const Run = Workflow.make("Run", { input: Schema.Number, success: Schema.Any, error: Schema.Any })
      const result = (index: number) => results[index % results.length]![0]
      const fails = (index: number) => index >= results.length
      const app = yield* open(
        Run.toLayer((index) => (index < 100 ? Out(index) : Effect.succeed(result(index - 100)))).pipe(
          Layer.provide(
            Out.toLayer((index) => {
              runs++
              return fails(index) ? Effect.fail(result(index)) : Effect.succeed(result(index))
            })
          )
        )
      )
      for (const [index, [, text]] of results.entries()) {
        const success = yield* errorOf(app.run(Run.execute(index)))
        assert.include(success.message, `the success of activity Out does not fit its schema: ${text}`)
        const error = yield* errorOf(app.run(Run.execute(index + results.length)))
        assert.include(error.message, `the error of activity Out does not fit its schema: ${text}`)
        const end = yield* errorOf(app.run(Run.execute(index + 100)))
        assert.include(end.message, `the success of workflow Run does not fit its schema: ${text}`)
      }
      assert.strictEqual(runs, 2 * results.length)
    })
  )

  it.effect("3. the deepest result that may be is recorded and read", () =>
    Effect.gen(function* () {
      const Out = Activity.make("Out", { success: Schema.Json })
      const Run = Workflow.make("Run", { success: Schema.Json })
      const workflows = Run.toLayer(() => Out()).pipe(Layer.provide(Out.toLayer(() => Effect.succeed(nested(1_000)))))
      const app = yield* open(workflows)
      assert.deepStrictEqual(yield* app.run(Run.execute(undefined, { workflowId: "deep" })), nested(1_000))
      yield* app.stop
      const again = yield* open(workflows)
      assert.deepStrictEqual(yield* (yield* again.run(Run.handle("deep"))).result, nested(1_000))
    })
  )

  it.effect("3. an input or a payload that is no JSON is refused and recorded nowhere", () =>
    Effect.gen(function* () {
      const Tell = Signal.make("tell", { payload: Schema.Any })
      const Run = Workflow.make("Run", { input: Schema.Any, success: Schema.Any })
      const app = yield* open(Run.toLayer(() => Tell.receive))
      const handle = yield* app.run(Run.start(1, { workflowId: "run" }))
      for (const value of [nested(20_000), { a: 1n }, [undefined], new Set(), () => 1]) {
        const start = yield* errorOf(app.run(Run.start(value, { workflowId: "refused" })))
        assert.strictEqual(start._tag, "InvalidPayload")
        assert.include(start.message, "the input of workflow Run: ")
        assert.include(start.message, "Nothing was recorded; put the value right and try again.")
        const signal = yield* errorOf(app.run(Tell.send(handle, value)))
        assert.strictEqual(signal._tag, "InvalidPayload")
        assert.include(signal.message, "the payload of signal tell: ")
      }
      assert.strictEqual(yield* reasonOf(app.executions.describe("refused")), "NotFound")
      yield* app.run(Tell.send(handle, "fine"))
      assert.strictEqual(yield* handle.result, "fine")
    })
  )

  it.effect("3. attributes are copied, and what is none is refused", () =>
    Effect.gen(function* () {
      const Run = Workflow.make("Run")
      const app = yield* open(Run.toLayer(() => Effect.never))
      const attributes: Record<string, string | number | boolean> = { text: "a", zero: -0 }
      yield* app.run(Run.start(undefined, { workflowId: "good", attributes }))
      attributes["text"] = "changed"
      assert.deepStrictEqual((yield* app.executions.describe("good")).attributes, { text: "a", zero: 0 })
      const throwing = Object.defineProperty({}, "a", { enumerable: true, get: () => assert.fail("not to be read") })
      const hostile: ReadonlyArray<readonly [attributes: unknown, text: string]> = [
        [null, "they must be an object with a field for each, and are null"],
        ["text", 'they must be an object with a field for each, and are "text"'],
        [["a"], "they must be an object with a field for each"],
        [{ a: Number.NaN }, '"a" is NaN; each must be a text, a finite number or a flag'],
        [{ a: Number.POSITIVE_INFINITY }, '"a" is Infinity; '],
        [{ a: { b: 1 } }, '"a" is {"b":1}; '],
        [{ a: null }, '"a" is null; '],
        [{ a: undefined }, '"a" is undefined; '],
        [{ a: 1n }, '"a" is 1; '],
        [{ a: new Date(0) }, '"a" is "1970-01-01T00:00:00.000Z"; '],
        [{ a: "\ud800" }, '"a" is "\\ud800", which has an unpaired surrogate'],
        [{ "\udc00": 1 }, 'the name "\\udc00" has an unpaired surrogate'],
        [throwing, "they cannot be read: "]
      ]
      for (const [attributes, text] of hostile) {
        const error = yield* errorOf(app.run(Run.start(undefined, { workflowId: "bad", attributes: attributes as {} })))
        assert.strictEqual(error._tag, "InvalidPayload")
        assert.include(error.message, `the attributes of workflow Run: ${text}`)
      }
      assert.strictEqual(yield* reasonOf(app.executions.describe("bad")), "NotFound")
    })
  )

  it.effect("3. an id that a definition cannot derive, and an id or reason that is no text, is refused", () =>
    Effect.gen(function* () {
      const derive = (input: string): string => {
        if (input === "throw") throw new TypeError("no id")
        return (input === "number" ? 5 : input === "nothing" ? undefined : input) as string
      }
      const Run = Workflow.make("Run", { input: Schema.String, workflowId: derive })
      const app = yield* open(Run.toLayer(() => Effect.never))
      const refused = (input: string, workflowId?: unknown) =>
        Effect.map(errorOf(app.run(Run.start(input, { workflowId: workflowId as string }))), ({ _tag, message }) => {
          assert.strictEqual(_tag, "InvalidPayload")
          return message
        })
      assert.include(yield* refused("throw"), "the id of workflow Run: the function workflowId threw TypeError: no id")
      assert.include(yield* refused("number"), "the id of workflow Run: it must be a text, and is 5")
      assert.include(yield* refused("nothing"), "the id of workflow Run: it must be a text, and is undefined")
      assert.include(yield* refused("fine", { id: 1 }), 'the id of workflow Run: it must be a text, and is {"id":1}')
      const handle = yield* app.run(Run.start("fine"))
      assert.strictEqual(handle.workflowId, "fine")
      assert.strictEqual(yield* reasonOf(handle.cancel(7 as unknown as string)), "InvalidPayload")
      assert.strictEqual(yield* reasonOf(handle.terminate({} as unknown as string)), "InvalidPayload")
      assert.strictEqual((yield* app.executions.describe("fine")).status, "running")
    })
  )

  it.effect("3. a defect of another form, as other authors may record it, is read all the same", () =>
    Effect.gen(function* () {
      const Run = Workflow.make("Run")
      const app = yield* open(Run.toLayer(() => Effect.never))
      const { store } = yield* Lab
      const handle = yield* app.run(Run.start(undefined, { workflowId: "odd" }))
      yield* settle
      yield* app.stop
      const summary = yield* summaryOf("odd")
      const version = Version.make(summary.version + 1)
      const at = summary.updatedAt
      const defect = { name: 5, message: { a: 1 }, stack: ["here"], cause: "because" } as unknown as RecordedDefect
      yield* store.save({
        id: "odd",
        workflowId: summary.workflowId,
        runId: summary.runId,
        version,
        events: [{ _tag: "ExecutionFailed", at, failure: { _tag: "Die", defect } }],
        summary: { ...summary, version, status: "failed", closedAt: at }
      })
      const again = yield* open(Layer.empty)
      const error = yield* errorOf((yield* again.run(Run.handle(handle.workflowId))).result)
      assert.strictEqual(error._tag, "Defect")
      if (error._tag === "Defect") assert.deepInclude(error.defect, { name: "5", stack: '["here"]' })
      // What this library records is sound, and this is not.
      yield* store.delete(summary.workflowId, { version })
    })
  )
}
