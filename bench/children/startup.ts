/**
 * Prints how old this process is when its first execution has completed.
 */
import { Effect, Layer, Schema } from "effect"
import { Activity, Workflow } from "perdure"
import * as Default from "perdure/Executor/Default"
import * as Sqlite from "perdure/Store/Sqlite"

const Greet = Activity.make("Greet", { input: Schema.String, success: Schema.String })
const Hello = Workflow.make("Hello", { input: Schema.String, success: Schema.String })

const Main = Hello.toLayer((name) => Greet(name)).pipe(
  Layer.provide(Greet.toLayer((name) => Effect.succeed(`Hello, ${name}`))),
  Layer.provideMerge(Default.layer),
  Layer.provide(Sqlite.layer({ filename: process.argv[2] ?? "" }))
)

const program = Effect.map(Hello.execute("world"), () => console.log(performance.now()))

await Effect.runPromise(Effect.provide(program, Main))
