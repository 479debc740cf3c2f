/** What docs/deploying.md says of each change of a program: whether an execution under way goes on or is blocked. */
import { readFileSync } from "node:fs"
import { join } from "node:path"
import { assert, describe, it } from "@effect/vitest"
import { Effect, Layer, Schema } from "effect"
import { Activity, Executions, RetryPolicy, Signal, Workflow } from "perdure"
import * as DefaultExecutor from "perdure/Executor/Default"
import * as MemoryStore from "perdure/Store/Memory"
import { root } from "./Fence.ts"

const id = "parcel-1"
const Input = Schema.Struct({ name: Schema.String })
const Parcel = Workflow.make("Parcel", { input: Input, success: Schema.String, workflowId: () => id })
const Pack = Activity.make("Pack", { input: Schema.String })
const Weigh = Activity.make("Weigh", { input: Schema.String })
const Go = Signal.make("go")
const Handlers = Layer.merge(
  Pack.toLayer(() => Effect.void),
  Weigh.toLayer(() => Effect.void)
)
const waits = (duration: "1 hour" | "2 hours" = "1 hour") => Effect.raceFirst(Go.receive, Effect.sleep(duration))

/** The program of the last release: it packs, weighs, and waits for a signal, an hour at most. */
const before = Effect.fnUntraced(function* ({ name }: typeof Input.Type) {
  yield* Pack(name)
  yield* Weigh(name)
  yield* waits()
  return "sent"
})

/** The same in another order. */
const order = Effect.fnUntraced(function* (name: string) {
  yield* Weigh(name)
  yield* Pack(name)
  yield* waits()
  return "sent"
})

/** The same, with other options of an activity. */
const packing = (pack: (name: string) => ReturnType<typeof Pack>) =>
  Effect.fnUntraced(function* ({ name }: typeof Input.Type) {
    yield* pack(name)
    yield* Weigh(name)
    yield* waits()
    return "sent"
  })

type Release = ReturnType<typeof Parcel.toLayer<never>>

const program = (changed: (input: typeof Input.Type) => ReturnType<typeof before>): Release =>
  Layer.provide(Parcel.toLayer(changed), Handlers)

const withInput = (input: Schema.Codec<{ readonly name: string }, unknown>): Release =>
  Workflow.make("Parcel", { input, success: Schema.String }).toLayer(before).pipe(Layer.provide(Handlers))

/** The releases that change what a row of the table says, and what becomes of the execution under each. */
const changes: ReadonlyArray<readonly [row: string, becomes: "goes on" | "is blocked", Release]> = [
  [
    "handlers, and the services that they use",
    "goes on",
    Layer.provide(
      Parcel.toLayer(before),
      Layer.merge(
        Pack.toLayer(() => Effect.never),
        Weigh.toLayer(() => Effect.never)
      )
    )
  ],
  [
    "`retry` of an activity, options of the executor",
    "goes on",
    program(
      packing(Activity.make("Pack", { input: Schema.String, retry: RetryPolicy.exponential({ maxAttempts: 9 }) }))
    )
  ],
  [
    "`timeout` of an activity",
    "goes on",
    program(packing(Activity.make("Pack", { input: Schema.String, timeout: "1 minute" })))
  ],
  [
    "logs, spans, local functions, names in the code",
    "goes on",
    program((input) => Effect.withSpan(Effect.andThen(Effect.logDebug("packing"), before(input)), "packing"))
  ],
  [
    "code after the place where every execution under way is now",
    "goes on",
    program((input) => Effect.tap(before(input), () => Pack("the bill")))
  ],
  [
    "a field of an input, result or payload that is new **and optional**",
    "goes on",
    withInput(Schema.Struct({ name: Schema.String, color: Schema.optionalKey(Schema.String) }))
  ],
  [
    "another workflow, activity or signal",
    "goes on",
    Layer.merge(
      program(before),
      Layer.provide(
        Workflow.make("Letter").toLayer(() => Pack("letter")),
        Handlers
      )
    )
  ],
  ["the order, the number, the names or the inputs of activities", "is blocked", program(({ name }) => order(name))],
  [
    "the order, the number, the names or the inputs of activities",
    "is blocked",
    program((input) => Effect.andThen(Pack(input.name), before(input)))
  ],
  ["the order, the number, the names or the inputs of activities", "is blocked", program(() => before({ name: "b" }))],
  [
    "the duration of a sleep or timeout",
    "is blocked",
    program(({ name }) =>
      Pack(name).pipe(Effect.andThen(Weigh(name)), Effect.andThen(waits("2 hours")), Effect.as("sent"))
    )
  ],
  ["the value that the workflow ends with", "goes on", program((input) => Effect.as(before(input), "gone"))],
  [
    "a field of an input, result or payload that is new and required",
    "is blocked",
    withInput(Schema.Struct({ name: Schema.String, color: Schema.String }))
  ],
  [
    "the name of a signal",
    "goes on",
    program(
      Effect.fnUntraced(function* ({ name }) {
        yield* Pack(name)
        yield* Weigh(name)
        yield* Effect.raceFirst(Signal.make("leave").receive, Effect.sleep("1 hour"))
        return "sent"
      })
    )
  ]
]

/** Does something in a release on the store that all share. */
const during = <A, E>(release: Release, work: Effect.Effect<A, E, DefaultExecutor.Services>) =>
  Effect.provide(work, Layer.fresh(Layer.provideMerge(release, DefaultExecutor.layer)))

const tagsOf = (workflowId: string) =>
  Effect.gen(function* () {
    const { history } = yield* Executions.Executions
    return (yield* history(workflowId)).map((event) => event._tag)
  })

/** The parcel waits for the signal, or for the hour to pass. */
const startParcel = Effect.andThen(
  Parcel.start({ name: "a" }),
  Effect.repeat(tagsOf(id), { until: (found) => found.includes("TimerStarted") })
)

/** What has become of the parcel, or `undefined` while no worker has taken it. */
const outcome = Effect.map(tagsOf(id), (found) =>
  found.includes("ExecutionBlocked") ? "is blocked" : found.includes("OwnerChanged") ? "goes on" : undefined
)
const outcomeInTheEnd = Effect.repeat(outcome, { until: (it) => it !== undefined })

describe("an execution under way, after a change of", () => {
  for (const [index, [row, expected, release]] of changes.entries()) {
    it.live(`${row} (${index}), ${expected}`, () =>
      Effect.gen(function* () {
        yield* during(program(before), startParcel)
        assert.strictEqual(yield* during(release, outcomeInTheEnd), expected)
      }).pipe(Effect.provide(MemoryStore.layer))
    )
  }

  it.live("the name of a workflow, waits", () =>
    Effect.gen(function* () {
      const Renamed = Workflow.make("Parcel2", { input: Input, success: Schema.String, workflowId: () => "parcel-2" })
      const release = Layer.provide(Renamed.toLayer(before), Handlers)
      yield* during(program(before), startParcel)
      const reached = Effect.repeat(tagsOf("parcel-2"), { until: (found) => found.includes("TimerStarted") })
      yield* during(release, Effect.andThen(Renamed.start({ name: "b" }), reached))
      assert.isUndefined(yield* during(release, outcome))
      assert.strictEqual(yield* during(program(before), outcomeInTheEnd), "goes on")
    }).pipe(Effect.provide(MemoryStore.layer))
  )

  it.live("the timeouts of activities, keeps the ones that calls have recorded and gives the others the new one", () =>
    Effect.gen(function* () {
      const release = (recorded: "1 minute" | "10 millis", added?: "10 millis") => {
        const retry = RetryPolicy.none
        const Recorded = Activity.make("Recorded", { timeout: recorded, retry })
        const Added = Activity.make("Added", { timeout: added, retry })
        return Layer.provide(
          Parcel.toLayer(() => Effect.as(Effect.all([Recorded(), Added()], { concurrency: 2 }), "sent")),
          Layer.merge(
            Recorded.toLayer(() => Effect.never),
            Added.toLayer(() => Effect.never)
          )
        )
      }
      const events = Effect.flatMap(Executions.Executions, ({ history }) => history(id))
      const both = Effect.andThen(
        Parcel.start({ name: "a" }),
        Effect.repeat(tagsOf(id), { until: (found) => found.includes("ActivityScheduled") })
      )
      yield* during(release("1 minute"), both)
      const resolved = yield* during(
        release("10 millis", "10 millis"),
        Effect.repeat(events, { until: (found) => found.some(({ _tag }) => _tag === "ActivityResolved") })
      )
      const scheduled = resolved.flatMap((event) =>
        event._tag === "ActivityScheduled" ? [[event.name, event.seq]] : []
      )
      assert.deepStrictEqual(scheduled, [
        ["Recorded", 0],
        ["Added", 1]
      ])
      assert.deepStrictEqual(
        resolved.flatMap((event) => (event._tag === "ActivityResolved" ? [[event.seq, event.exit._tag]] : [])),
        [[1, "TimedOut"]]
      )
    }).pipe(Effect.provide(MemoryStore.layer))
  )

  it("is told in the page, row by row", () => {
    const page = readFileSync(join(root, "docs/deploying.md"), "utf8")
    const [table = ""] = page.match(/^\| change .*\n(\|.*\n)+/m) ?? []
    const rows = [...table.matchAll(/^\| (.+?) +\| (.*?) *\|$/gm)].map(([, row, says]) => ({
      row: row!,
      becomes: says!.startsWith("are blocked") ? "is blocked" : says!.startsWith("wait") ? "waits" : "goes on"
    }))
    const tested = changes.map(([row, becomes]) => ({ row, becomes }))
    const unique = [...new Map(tested.map((it) => [it.row, it])).values()]
    assert.sameDeepMembers(
      rows.filter(({ row }) => row !== "change" && !row.startsWith("--")),
      [...unique, { row: "the name of a workflow", becomes: "waits" }]
    )
  })
})
