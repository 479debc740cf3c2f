/**
 * The smallest workflow: one activity and a durable pause.
 */
import { Console, Effect, Layer, Schema } from "effect"
import { Activity, Workflow } from "perdure"
import * as DefaultExecutor from "perdure/Executor/Default"
import * as MemoryStore from "perdure/Store/Memory"

const Greet = Activity.make("Greet", { input: Schema.String, success: Schema.String })
const Hello = Workflow.make("Hello", { input: Schema.String, success: Schema.String })

const GreetLive = Greet.toLayer((name) => Effect.succeed(`hello, ${name}`))

const HelloLive = Hello.toLayer(
  Effect.fn("Hello")(function* (name) {
    const greeting = yield* Greet(name)
    yield* Effect.sleep("100 millis")
    return `${greeting}!`
  })
)

const Main = HelloLive.pipe(
  Layer.provide(GreetLive),
  Layer.provideMerge(DefaultExecutor.layer),
  Layer.provide(MemoryStore.layer)
)

const program = Effect.gen(function* () {
  const handle = yield* Hello.start("Ada")
  yield* Console.log(yield* handle.result)
  for (const event of yield* handle.history) yield* Console.log(event._tag)
})

await Effect.runPromise(Effect.provide(program, Main))

// Output:
// hello, Ada!
// ExecutionStarted
// ActivityScheduled
// ActivityResolved
// TimerStarted
// TimerFired
// ExecutionCompleted
