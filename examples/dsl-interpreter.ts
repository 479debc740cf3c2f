/**
 * An interpreter of programs that are data, as users draw them in an editor. Each step is an inline activity, under the name that its
 * author gave it: no contract could be written for steps that are not known before. What the steps do comes from a service, and the
 * process that has it is where they run.
 */
import { Console, Context, Effect, Fiber, Layer, Logger, Schema } from "effect"
import { TestClock } from "effect/testing"
import { Activity, RetryPolicy, Workflow } from "perdure"
import * as DefaultExecutor from "perdure/Executor/Default"
import * as MemoryStore from "perdure/Store/Memory"

/** One step: do something with values and keep its result, wait, or do some steps side by side. */
const Step = Schema.TaggedUnion({
  Do: { name: Schema.String, action: Schema.String, from: Schema.Array(Schema.String) },
  Wait: { hours: Schema.Number },
  All: {
    steps: Schema.Array(
      Schema.Struct({ name: Schema.String, action: Schema.String, from: Schema.Array(Schema.String) })
    )
  }
})
type Step = typeof Step.Type
type Call = Extract<Step, { readonly _tag: "All" }>["steps"][number]

class Failed extends Schema.TaggedError<Failed>()("Failed", { step: Schema.String }) {}

/** What steps can do: promises, as most libraries have them. */
class Actions extends Context.Service<
  Actions,
  { readonly run: (action: string, values: ReadonlyArray<string>) => Promise<string> }
>()("app/Actions") {}

const Script = Workflow.make("Script", {
  input: Schema.Struct({ steps: Schema.Array(Step), values: Schema.Record(Schema.String, Schema.String) }),
  success: Schema.Record(Schema.String, Schema.String),
  error: Failed
})

const ScriptLive = Script.toLayer(
  Effect.fn("Script")(function* ({ steps, values: given }) {
    const values = new Map(Object.entries(given))

    const call = ({ action, from, name }: Call) =>
      Activity.inline(
        name,
        { success: Schema.String, error: Failed, retry: RetryPolicy.exponential({ initialInterval: "1 minute" }) },
        Effect.gen(function* () {
          const { run } = yield* Actions
          // It reads variables of the program, and returns what it finds: the program keeps that.
          const read = from.map((each) => values.get(each) ?? each)
          return yield* Effect.tryPromise({ try: () => run(action, read), catch: () => new Failed({ step: name }) })
        })
      ).pipe(Effect.tap((result) => Effect.sync(() => values.set(name, result))))

    for (const step of steps) {
      if (step._tag === "Do") yield* call(step)
      else if (step._tag === "Wait") yield* Effect.sleep(`${step.hours} hours`)
      else yield* Effect.forEach(step.steps, call, { concurrency: "unbounded", discard: true })
    }
    return Object.fromEntries(values)
  })
)

let calls = 0
const ActionsLive = Layer.succeed(Actions, {
  run: (action, values) => {
    const result = `${action}(${values.join(", ")})`
    console.log(result)
    // The first try of the second step fails, and the policy tries it again.
    if (++calls === 2) return Promise.reject(new Error("the printer is out of paper"))
    return Promise.resolve(result)
  }
})

const Main = ScriptLive.pipe(
  Layer.provide(ActionsLive), // forget it: a compile error
  Layer.provideMerge(DefaultExecutor.layer),
  Layer.provide(MemoryStore.layer),
  // The log goes to stderr, so that only the output of the example is on stdout.
  Layer.provide(Layer.succeed(Logger.LogToStderr, true)),
  Layer.provideMerge(TestClock.layer())
)

const steps: ReadonlyArray<Step> = [
  { _tag: "Do", name: "sheet", action: "print", from: ["text"] },
  { _tag: "Do", name: "copy", action: "print", from: ["text"] },
  { _tag: "Wait", hours: 24 },
  {
    _tag: "All",
    steps: [
      { name: "letter", action: "post", from: ["sheet", "copy"] },
      { name: "folder", action: "collect", from: ["copy"] }
    ]
  }
]

const program = Effect.gen(function* () {
  const script = yield* Script.start({ steps, values: { text: "a poem" } })
  const result = yield* Effect.forkChild(script.result)
  yield* TestClock.adjust("2 days")
  yield* Console.log(yield* Fiber.join(result))
  const scheduled = (yield* script.history).filter((event) => event._tag === "ActivityScheduled")
  yield* Console.log(`recorded: ${scheduled.map(({ name }) => name).join(", ")}`)
})

await Effect.runPromise(Effect.provide(program, Main))

// Output:
// print(a poem)
// print(a poem)
// print(a poem)
// post(print(a poem), print(a poem))
// collect(print(a poem))
// {
//   text: 'a poem',
//   sheet: 'print(a poem)',
//   copy: 'print(a poem)',
//   letter: 'post(print(a poem), print(a poem))',
//   folder: 'collect(print(a poem))'
// }
// recorded: sheet, copy, letter, folder
