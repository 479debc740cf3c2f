/** Decisions of people: found and answered from any process, once, by who may, and of what they have seen. */
import { createHash } from "node:crypto"
import { assert, describe, it } from "@effect/vitest"
import { DateTime, Deferred, Effect, Fiber, Layer, Option, Schedule, Schema, Stream } from "effect"
import { Executions, Waiting, Workflow, WorkflowError } from "perdure"
import { Approvals, HumanActivity } from "perdure/ai"
import * as DefaultExecutor from "perdure/Executor/Default"
import * as SqliteStore from "perdure/Store/Sqlite"
import { TestWorkflows } from "perdure/testing"
import { freshFile } from "../support/sqliteFiles.ts"

const Grant = HumanActivity.make("Grant", {
  request: Schema.Struct({ cents: Schema.Int, why: Schema.optionalKey(Schema.String) }),
  decision: Schema.Literals(["yes", "no"])
})
/** Its decisions look like those of `Grant`. */
const Delete = HumanActivity.make("Delete", { request: Schema.Void, decision: Schema.Literals(["yes", "no"]) })
const Hint = HumanActivity.make("Hint", { request: Schema.String, decision: Schema.DateTimeUtcFromString })

const Refund = Workflow.make("Refund", { input: Schema.Int, success: Schema.String, workflowId: (cents) => `${cents}` })
const RefundLive = Refund.toLayer(
  Effect.fn("Refund")(
    function* (cents) {
      const { at, by, decision } = yield* Grant({ cents }, { who: ["ada", "finance"], expires: "3 days" })
      // It goes on, so that what comes late comes before its end.
      yield* Effect.sleep("1 day")
      return `${by} says ${decision} at ${at / 3_600_000}`
    },
    Effect.catchTag("ApprovalExpired", ({ name }) => Effect.as(Effect.sleep("1 day"), `${name} had no answer`))
  )
)

/** Asks about a hint, again after a day, and gives up after two. */
const Riddle = Workflow.make("Riddle", { success: Schema.String })
const RiddleLive = Riddle.toLayer(
  Effect.fn("Riddle")(
    function* () {
      const hint = yield* Hint.open("x".repeat(9000))
      const first = yield* Effect.timeoutOption(hint.answer, "1 day")
      if (Option.isSome(first)) return `${first.value.by} at once`
      const second = yield* Effect.timeoutOption(hint.answer, "1 day")
      if (Option.isSome(second)) return `${second.value.by} when reminded`
      yield* hint.withdraw
      yield* Effect.sleep("1 day")
      return yield* Effect.as(hint.answer, "a hint that was withdrawn")
    },
    Effect.catchTag("ApprovalExpired", ({ reason }) => Effect.succeed(reason))
  )
)

/** Asks about texts of so many characters, and waits for all answers. */
const Essays = Workflow.make("Essays", { input: Schema.Array(Schema.Int), success: Schema.Array(Schema.String) })
const EssaysLive = Essays.toLayer(
  Effect.fn("Essays")(function* (lengths) {
    const opened = yield* Effect.forEach(lengths, (length) => Hint.open("x".repeat(length)))
    return yield* Effect.orDie(Effect.forEach(opened, ({ answer }) => Effect.map(answer, ({ by }) => by)))
  })
)

/** A program without a request. */
const Mute = Workflow.make("Mute")
const MuteLive = Mute.toLayer(() => Effect.sleep("1 hour"))

/** Asks one after the other, and goes on. */
const Survey = Workflow.make("Survey", { input: Schema.Int })
const SurveyLive = Survey.toLayer((count) =>
  Effect.andThen(
    Effect.forEach(Array.from({ length: count }), () => Effect.orDie(Grant({ cents: 1 }))),
    Effect.sleep("1 hour")
  )
)

/** Asks, and looks for the answer two days later. */
const Busy = Workflow.make("Busy", { success: Schema.String })
const BusyLive = Busy.toLayer(
  Effect.fn("Busy")(
    function* () {
      const request = yield* Grant.open({ cents: 1 }, { expires: "1 day" })
      yield* Effect.sleep("2 days")
      return (yield* request.answer).by
    },
    Effect.catchTag("ApprovalExpired", () => Effect.succeed("too late"))
  )
)

/** Asks two at once, and takes the first answer. */
const Race = Workflow.make("Race", { success: Schema.String })
const RaceLive = Race.toLayer(
  Effect.fn("Race")(
    function* () {
      const { by } = yield* Effect.raceFirst(
        Grant({ cents: 1 }, { who: ["ada"] }),
        Grant({ cents: 2 }, { who: ["grace"] })
      )
      yield* Effect.sleep("1 day")
      return by
    },
    Effect.catchTag("ApprovalExpired", () => Effect.succeed("too late"))
  )
)

/** Asks in each of two runs. */
const Chain = Workflow.make("Chain", { input: Schema.Int, success: Schema.String })
const ChainLive = Chain.toLayer(
  Effect.fn("Chain")(
    function* (run) {
      const request = Grant({ cents: 5 })
      if (run === 2) return (yield* request).by
      yield* Effect.timeoutOption(request, "1 day")
      return Chain.continueAsNew(2)
    },
    Effect.catchTag("ApprovalExpired", () => Effect.succeed("too late"))
  )
)

/** Asks those who are named, and takes any answer. */
const Asking = Workflow.make("Asking", { input: Schema.Array(Schema.String), success: Schema.String })
const AskingLive = Asking.toLayer((who) => Effect.map(Effect.orDie(Grant({ cents: 1 }, { who })), ({ by }) => by))

/** Fails while a request is open, and asks whether to undo what it did. */
const Booking = Workflow.make("Booking", { success: Schema.Void })
const BookingLive = Booking.toLayer(() =>
  Effect.andThen(Grant.open({ cents: 1 }), Effect.void).pipe(
    Workflow.withCompensation(() => Effect.orDie(Effect.andThen(Grant({ cents: 2 }), Hint("why")))),
    Effect.andThen(Effect.sleep("1 hour")),
    Effect.andThen(Effect.die(new Error("no seats")))
  )
)

const Test = Layer.mergeAll(
  BookingLive,
  RefundLive,
  RiddleLive,
  BusyLive,
  RaceLive,
  ChainLive,
  AskingLive,
  Approvals.layer
).pipe(Layer.provideMerge(TestWorkflows.layer))

const list = (filter?: Approvals.Filter) =>
  Effect.flatMap(Approvals.Approvals, (approvals) => Effect.map(approvals.list(filter), ({ requests }) => requests))

/** The only request that is open. */
const only = Effect.map(list(), (requests) => {
  assert.strictEqual(requests.length, 1)
  return requests[0]!
})

const answer = (request: Approvals.Asked, by: string, others: Partial<Approvals.GivenAnswer<"yes" | "no">> = {}) =>
  Effect.flatMap(Approvals.Approvals, (approvals) =>
    approvals.answer(Grant, request, { decision: "yes", by, ...others })
  )

/** Why an answer is refused, or that it is taken. */
const refusal = <A, R>(answer: Effect.Effect<A, HumanActivity.ApprovalRefused | { readonly _tag: string }, R>) =>
  Effect.match(answer, {
    onSuccess: () => "taken",
    onFailure: (error) => ("reason" in error ? String(error.reason) : error._tag)
  })

describe("a request to people", () => {
  it.effect("is answered in a compensation too, where those of the program are not known any more", () =>
    Effect.gen(function* () {
      const { result } = yield* Booking.start(undefined, { workflowId: "undone" })
      const asked = yield* only
      yield* TestWorkflows.pass("1 hour")
      assert.strictEqual(yield* refusal(answer(asked, "ada")), "Unknown")
      const again = yield* only
      assert.deepStrictEqual(again.request, { cents: 2 })
      const { waitingFor } = yield* Effect.flatMap(Executions.Executions, ({ describe }) => describe("undone"))
      assert.deepStrictEqual(waitingFor.map(Waiting.inWords), ["one of its updates: perdure/answer"])
      yield* answer(again, "ada")
      const hint = yield* only
      assert.strictEqual(hint.name, "Hint")
      yield* Effect.flatMap(Approvals.Approvals, ({ answer }) =>
        answer(Hint, hint, { decision: DateTime.makeUnsafe(0), by: "ada" })
      )
      assert.include(String(yield* Effect.flip(result)), "no seats")
      assert.deepStrictEqual(yield* list(), [])
    }).pipe(Effect.provide(Test))
  )

  it.effect("is found with its digest, by whom it asks and until when, and its answer is the program's", () =>
    Effect.gen(function* () {
      const refund = yield* Refund.start(700)
      yield* TestWorkflows.pass("2 hours")
      const request = yield* only
      const { id, openedAt, ...rest } = request
      assert.isAbove(id.length, 10)
      assert.deepStrictEqual(rest, {
        workflow: "Refund",
        workflowId: "700",
        name: "Grant",
        request: { cents: 700 },
        digest: createHash("sha256").update(`["Grant",{"cents":700}]`).digest("hex"),
        who: ["ada", "finance"],
        expiresAt: openedAt + 3 * 86_400_000
      })
      yield* answer(request, "ada", { decision: "no" })
      assert.deepStrictEqual(yield* list(), [])
      yield* TestWorkflows.pass("1 day")
      assert.strictEqual(yield* refund.result, "ada says no at 2")
    }).pipe(Effect.provide(Test))
  )

  it.effect("says that it waits for an answer, and that it needs somebody to ask and somebody who answers", () =>
    Effect.gen(function* () {
      const asked = yield* Asking.start(["ada"])
      const nobody = yield* Asking.start([])
      yield* TestWorkflows.settle
      assert.deepStrictEqual((yield* asked.describe).waitingFor.map(Waiting.inWords), [
        "one of its updates: perdure/answer"
      ])
      assert.include((yield* Effect.flip(nobody.result)).message, "who must name somebody")
      const request = yield* only
      const forms: ReadonlyArray<readonly [Partial<Record<keyof Approvals.Asked, unknown>>, object]> = [
        [{ workflowId: undefined }, {}],
        [{ workflowId: { id: "ada" } }, {}],
        [{ id: 5 }, {}],
        [{ digest: null }, {}],
        [{}, { by: ["ada"] }],
        [{}, { groups: null }],
        [{}, { groups: "ada" }],
        [{}, { decision: "maybe" }]
      ]
      for (const [asked, given] of forms) {
        const error = yield* Effect.flip(answer({ ...request, ...asked } as Approvals.Asked, "eve", given))
        assert.strictEqual(error._tag === "WorkflowError" && error.reason._tag, "InvalidPayload")
      }
      const { message } = yield* Effect.flip(answer(request, ""))
      assert.include(message, "it must name the person who answers")
      yield* answer(request, "ada")
      assert.strictEqual(yield* asked.result, "ada")
    }).pipe(Effect.provide(Test))
  )

  it.effect("is not answered while the store is away, and the caller waits for it once", () =>
    Effect.gen(function* () {
      yield* Refund.start(700)
      yield* TestWorkflows.pass("1 minute")
      const request = yield* only
      const reason = new WorkflowError.StoreUnavailable({ detail: "away" })
      const away = Effect.fail(new WorkflowError.WorkflowError({ operation: "describe", reason }))
      const Away = Layer.effect(
        Executions.Executions,
        Effect.map(Executions.Executions, (executions) => ({ ...executions, describe: () => away }))
      )
      const { message } = yield* Effect.flip(
        answer(request, "ada").pipe(Effect.provide(Layer.fresh(Approvals.layer.pipe(Layer.provide(Away)))))
      )
      assert.include(message, "away")
      assert.deepStrictEqual(yield* only, request)
    }).pipe(Effect.provide(Test))
  )

  it.effect("26. takes the first answer that is right, and tells each other one why it is none", () =>
    Effect.gen(function* () {
      const refund = yield* Refund.start(700)
      yield* TestWorkflows.pass("1 minute")
      const request = yield* only
      const other = yield* Effect.sync(() => createHash("sha256").update(`["Grant",{"cents":7}]`).digest("hex"))
      assert.strictEqual(yield* refusal(answer({ ...request, digest: other }, "ada")), "Differs")
      assert.strictEqual(yield* refusal(answer(request, "eve")), "Forbidden")
      assert.strictEqual(yield* refusal(answer(request, "eve", { groups: ["sales"] })), "Forbidden")
      assert.strictEqual(yield* refusal(answer({ ...request, id: "another" }, "ada")), "Unknown")
      const approvals = yield* Approvals.Approvals
      // The contract of another decision, under the id of this one.
      const wrong = approvals.answer(Hint, request, { decision: yield* now, by: "ada" })
      assert.strictEqual(yield* refusal(wrong), "Differs")
      const sameShape = approvals.answer(Delete, request, { decision: "yes", by: "ada" })
      assert.strictEqual(yield* refusal(sameShape), "Differs")
      assert.strictEqual((yield* list()).length, 1)
      const before = (yield* historyOf("700")).length

      assert.strictEqual(yield* refusal(answer(request, "grace", { groups: ["finance"], answerId: "click" })), "taken")
      assert.strictEqual(yield* refusal(answer(request, "grace", { groups: ["finance"], answerId: "click" })), "taken")
      assert.strictEqual(yield* refusal(answer(request, "ada", { decision: "no" })), "Decided")
      assert.strictEqual(yield* refusal(answer(request, "grace", { groups: ["finance"] })), "Decided")
      yield* TestWorkflows.pass("1 day")
      assert.include(yield* refund.result, "grace says yes")
      assert.strictEqual(yield* refusal(answer(request, "ada")), "Finished")
      // What was refused in the process of the program has left nothing behind.
      assert.isAbove((yield* historyOf("700")).length, before)
      assert.notInclude(JSON.stringify(yield* historyOf("700")), "eve")
    }).pipe(Effect.provide(Test))
  )

  it.effect("26. expires at its time, for its program and for people", () =>
    Effect.gen(function* () {
      const refund = yield* Refund.start(700)
      yield* TestWorkflows.pass("2 days")
      const request = yield* only
      yield* TestWorkflows.pass("1 day")
      assert.deepStrictEqual(yield* list(), [])
      assert.strictEqual(yield* refusal(answer(request, "ada")), "Expired")
      yield* TestWorkflows.pass("1 day")
      assert.strictEqual(yield* refund.result, "Grant had no answer")
    }).pipe(Effect.provide(Test))
  )

  it.effect("stays open when the program goes on waiting, is told also where it is large, and may be withdrawn", () =>
    Effect.gen(function* () {
      const first = yield* Riddle.start()
      yield* TestWorkflows.pass("36 hours")
      const request = yield* only
      assert.strictEqual((request.request as string).length, 9000)
      const approvals = yield* Approvals.Approvals
      const hint = (of: Approvals.Asked) =>
        Effect.flatMap(now, (decision) => approvals.answer(Hint, of, { decision, by: "ada" }))
      // It ends the execution, and the person hears that it was taken.
      assert.strictEqual(yield* refusal(hint(request)), "taken")
      assert.strictEqual(yield* first.result, "ada when reminded")
      const second = yield* Riddle.start()
      yield* TestWorkflows.pass("36 hours")
      const again = yield* only
      yield* TestWorkflows.pass("24 hours")
      assert.deepStrictEqual(yield* list(), [])
      assert.strictEqual(yield* refusal(hint(again)), "Withdrawn")
      yield* TestWorkflows.pass("24 hours")
      assert.strictEqual(yield* second.result, "Withdrawn")
    }).pipe(Effect.provide(Test))
  )

  it.effect("26. takes an answer in time, and no later one, also when its program looks afterwards", () =>
    Effect.gen(function* () {
      const ended = Effect.fnUntraced(function* (hours: number) {
        const busy = yield* Busy.start()
        yield* TestWorkflows.pass("1 minute")
        const request = yield* only
        yield* TestWorkflows.pass(`${hours} hours`)
        const answered = yield* refusal(answer(request, "ada"))
        assert.deepStrictEqual(yield* list(), [])
        yield* TestWorkflows.pass("2 days")
        return [answered, yield* busy.result]
      })
      assert.deepStrictEqual(yield* ended(23), ["taken", "ada"])
      assert.deepStrictEqual(yield* ended(24), ["Expired", "too late"])
    }).pipe(Effect.provide(Test))
  )

  it.effect("26. is withdrawn when the call that asks is interrupted", () =>
    Effect.gen(function* () {
      const race = yield* Race.start()
      yield* TestWorkflows.pass("1 minute")
      const requests = yield* list()
      assert.deepStrictEqual(
        requests.map(({ who }) => who),
        [["ada"], ["grace"]]
      )
      yield* answer(requests[1]!, "grace")
      assert.deepStrictEqual(yield* list(), [])
      assert.strictEqual(yield* refusal(answer(requests[0]!, "ada")), "Withdrawn")
      yield* TestWorkflows.pass("1 day")
      assert.strictEqual(yield* race.result, "grace")
    }).pipe(Effect.provide(Test))
  )

  it.effect("26. is one of its run: an answer to an earlier run is none to the next, though it asks the same", () =>
    Effect.gen(function* () {
      const chain = yield* Chain.start(1, { workflowId: "chain" })
      yield* TestWorkflows.pass("1 minute")
      const first = yield* only
      yield* TestWorkflows.pass("1 day")
      const second = yield* only
      assert.strictEqual(first.digest, second.digest)
      assert.strictEqual(yield* refusal(answer(first, "ada")), "Unknown")
      yield* answer(second, "grace")
      assert.strictEqual(yield* chain.result, "grace")
    }).pipe(Effect.provide(Test))
  )

  it("needs a name, and schemas of its request and its decision", () => {
    const make = (name: unknown, options: unknown) => () => HumanActivity.make(name as "Grant", options as never)
    assert.throws(make("", {}), TypeError, "the name of a HumanActivity must be a text that is not empty")
    for (const options of [
      undefined,
      {},
      { decision: Schema.Boolean },
      { request: "order", decision: Schema.Boolean }
    ]) {
      assert.throws(make("Grant", options), TypeError, "the request of HumanActivity Grant must be a schema")
    }
    assert.throws(
      make("Grant", { request: Schema.Int }),
      TypeError,
      "the decision of HumanActivity Grant must be a schema"
    )
  })

  it.effect("is found by workflow, name and who may answer, a page at a time", () =>
    Effect.gen(function* () {
      yield* Refund.start(1)
      yield* Refund.start(2)
      yield* Riddle.start(undefined, { workflowId: "riddle" })
      yield* Race.start(undefined, { workflowId: "race" })
      yield* TestWorkflows.pass("1 minute")
      const idsOf = (filter: Approvals.Filter) =>
        Effect.map(list(filter), (all) => all.map(({ workflowId }) => workflowId))
      assert.deepStrictEqual(yield* idsOf({}), ["1", "2", "race", "race", "riddle"])
      assert.deepStrictEqual(yield* idsOf({ workflow: "Refund" }), ["1", "2"])
      assert.deepStrictEqual(yield* idsOf({ name: "Hint" }), ["riddle"])
      assert.deepStrictEqual(yield* idsOf({ who: ["grace", "finance"] }), ["1", "2", "race", "riddle"])
      assert.deepStrictEqual(yield* idsOf({ who: ["eve"] }), ["riddle"])
      const approvals = yield* Approvals.Approvals
      const page = yield* approvals.list({ limit: 3 })
      assert.strictEqual(page.requests.length, 4)
      const rest = yield* approvals.list({ cursor: Option.getOrThrow(page.next) })
      assert.deepStrictEqual(
        rest.requests.map(({ workflowId }) => workflowId),
        ["riddle"]
      )
      const idsOfAll = (filter: Approvals.Filter) =>
        Effect.map(Stream.runCollect(Approvals.stream(approvals, filter)), (all) =>
          all.map(({ workflowId }) => workflowId)
        )
      assert.deepStrictEqual(yield* idsOfAll({ limit: 1 }), ["1", "2", "race", "race", "riddle"])
      // No page but the last one has any.
      assert.deepStrictEqual(yield* idsOfAll({ limit: 1, who: ["eve"] }), ["riddle"])
    }).pipe(Effect.provide(Test))
  )
})

/** A moment, which is a decision about a hint. */
const now = Effect.map(
  Effect.clockWith((clock) => clock.currentTimeMillis),
  (at) => Schema.decodeSync(Schema.DateTimeUtcFromString)(new Date(at).toISOString())
)

const historyOf = (workflowId: string) =>
  Effect.flatMap(Executions.Executions, (executions) => executions.history(workflowId))

describe("a request on a file", () => {
  const inProcesses = () => {
    const Executor = DefaultExecutor.layer.pipe(Layer.provide(SqliteStore.layer({ filename: freshFile() })))
    return <A, E, R>(program: Effect.Effect<A, E, R>, layer: Layer.Layer<never, any, any> = Layer.empty) =>
      Effect.provide(
        program,
        Layer.fresh(Layer.provideMerge(Layer.merge(layer, Approvals.layer), Executor)) as Layer.Layer<any>
      ) as Effect.Effect<A, E>
  }

  const page = Effect.flatMap(Approvals.Approvals, (approvals) => approvals.list())
  /** The page that has so many requests, once there is one. */
  const pageOf = (count: number) =>
    Effect.repeat(page, {
      until: ({ requests }) => requests.length === count,
      schedule: Schedule.spaced("20 millis"),
      times: 500
    })
  const hint = (of: Approvals.Asked, by: string) =>
    Effect.flatMap(Approvals.Approvals, ({ answer }) => answer(Hint, of, { decision: DateTime.makeUnsafe(0), by }))

  it.live("that is large, or is one of many, is listed whole and answered by a process without the program", () =>
    Effect.gen(function* () {
      const process = inProcesses()
      const lengths = [10, 9000, 10, 200_000, ...Array.from({ length: 60 }, () => 100)]
      const inWorker = Effect.andThen(Essays.start(lengths, { workflowId: "essays" }), pageOf(lengths.length))
      const told = (yield* process(inWorker, EssaysLive)).requests
      const { requests, unreadable } = yield* process(page)
      assert.deepStrictEqual(unreadable, [])
      assert.deepStrictEqual(requests, told)
      assert.sameMembers(
        requests.map(({ request }) => (request as string).length),
        lengths
      )
      for (const { digest, name, request } of requests) {
        assert.strictEqual(
          digest,
          createHash("sha256")
            .update(JSON.stringify([name, request]))
            .digest("hex")
        )
      }
      const client = Effect.gen(function* () {
        const large = requests.find(({ request }) => (request as string).length === 9000)!
        assert.strictEqual(yield* refusal(hint({ ...large, digest: requests[0]!.digest }, "eve")), "Differs")
        yield* Effect.forEach(requests, (request) => hint(request, "ada"), { concurrency: "unbounded" })
        return yield* Effect.flatMap(page, ({ requests }) => Effect.succeed(requests.length))
      })
      // The answers are taken in a process that knows the requests from a replay.
      const asked = yield* Effect.forkChild(process(client))
      yield* process(
        Effect.gen(function* () {
          assert.deepStrictEqual(
            yield* (yield* Essays.handle("essays")).result,
            lengths.map(() => "ada")
          )
        }),
        EssaysLive
      )
      assert.strictEqual(yield* Fiber.join(asked), 0)
    })
  )

  it.live("that is too large to be recorded is told as unreadable by a process without the program", () =>
    Effect.gen(function* () {
      const process = inProcesses()
      const inWorker = Effect.andThen(Essays.start([300_000], { workflowId: "essays" }), pageOf(1))
      assert.strictEqual((yield* process(inWorker, EssaysLive)).requests.length, 1)
      const { requests, unreadable } = yield* process(page)
      assert.deepStrictEqual(requests, [])
      assert.deepStrictEqual(
        unreadable.map(({ workflowId }) => workflowId),
        ["essays"]
      )
      assert.include(unreadable[0]!.detail, "or ask in a process that has")
    })
  )

  it.live("26. a wrong answer of another process is refused with its reason, and nothing of it is recorded", () =>
    Effect.gen(function* () {
      const process = inProcesses()
      const length = (id: string) => Effect.map(historyOf(id), (events) => events.length)
      const ready = yield* Deferred.make<void>()
      const done = yield* Deferred.make<void>()
      const running = yield* Effect.forkChild(
        process(
          Effect.gen(function* () {
            yield* Refund.start(700)
            yield* Mute.start(undefined, { workflowId: "mute" })
            yield* Survey.start(18, { workflowId: "survey" })
            yield* pageOf(2)
            yield* Deferred.succeed(ready, undefined)
            yield* Deferred.await(done)
          }),
          Layer.mergeAll(RefundLive, MuteLive, SurveyLive)
        )
      )
      yield* Deferred.await(ready)
      yield* process(
        Effect.gen(function* () {
          const all = yield* list()
          const request = all.find(({ workflowId }) => workflowId === "700")!
          const wrong: ReadonlyArray<readonly [string, ReturnType<typeof answer>]> = [
            ["Forbidden", answer(request, "eve")],
            ["Differs", answer({ ...request, digest: "0".repeat(64) }, "ada")],
            ["Unknown", answer({ ...request, id: "another" }, "ada")],
            ["Unknown", answer({ ...request, workflowId: "mute" }, "ada")],
            ["Unknown", answer({ ...request, workflowId: "mute" }, "ada", { answerId: "click" })]
          ]
          const [before, mute] = [yield* length("700"), yield* length("mute")]
          for (const [reason, sent] of wrong) assert.strictEqual(yield* refusal(sent), reason)
          assert.deepStrictEqual([yield* length("700"), yield* length("mute")], [before, mute])

          assert.strictEqual(yield* refusal(answer(request, "ada", { answerId: "click" })), "taken")
          const after = yield* length("700")
          for (const answerId of [undefined, "other"]) {
            assert.strictEqual(yield* refusal(answer(request, "ada", { answerId })), "Decided")
          }
          // The outcome of one that was taken is told again.
          assert.strictEqual(yield* refusal(answer(request, "ada", { answerId: "click" })), "taken")
          assert.strictEqual(yield* length("700"), after)

          // The latest ones that are over are known by what has become of them, and the others not any more.
          const first = all.find(({ workflowId }) => workflowId === "survey")!
          const last = yield* Effect.reduce(
            Array.from({ length: 17 }),
            () => first,
            (request) =>
              Effect.gen(function* () {
                yield* answer(request, "ada")
                const open = list({ workflow: "Survey" })
                const until = (all: ReadonlyArray<Approvals.OpenRequest>) => all[0]?.id !== request.id
                return (yield* Effect.repeat(open, { until, times: 500 }))[0]!
              })
          )
          yield* answer(last, "ada")
          const survey = yield* length("survey")
          assert.strictEqual(yield* refusal(answer(first, "ada")), "Unknown")
          assert.strictEqual(yield* refusal(answer(last, "ada")), "Decided")
          assert.strictEqual(yield* length("survey"), survey)
        })
      )
      yield* Deferred.succeed(done, undefined)
      yield* Fiber.join(running)
    })
  )

  it.live("26. is listed without a worker, is answered by a process without the program, and survives restarts", () =>
    Effect.gen(function* () {
      const process = inProcesses()
      yield* process(Effect.andThen(Refund.start(700), pageOf(1)), RefundLive)
      const request = yield* process(only)
      assert.deepStrictEqual(request.request, { cents: 700 })
      // The client waits for its answer until a worker is there.
      const answered = yield* Effect.forkChild(process(answer(request, "ada")))
      yield* process(
        Effect.repeat(historyOf("700"), {
          until: (events) => events.some(({ _tag }) => _tag === "UpdateRequested"),
          schedule: Schedule.spaced("20 millis"),
          times: 500
        })
      )
      // It is right until the first one is taken, which only the program knows.
      const second = yield* Effect.forkChild(process(refusal(answer(request, "ada", { decision: "no" }))))
      const refused = yield* process(
        Effect.gen(function* () {
          yield* Fiber.join(answered)
          return [yield* Fiber.join(second), yield* refusal(answer(request, "ada", { decision: "no" }))]
        }),
        RefundLive
      )
      assert.deepStrictEqual(refused, ["Decided", "Decided"])
      const [description] = yield* process(
        Effect.flatMap(Executions.Executions, (executions) => Effect.all([executions.describe("700"), list()]))
      )
      assert.strictEqual(description.status, "running")
      assert.deepStrictEqual(description.attributes, {})
    })
  )
})
