/**
 * Prints how old this process is when its first execution has completed. It imports modules, not barrels, as a program
 * does that is to start fast.
 */
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Schema from "effect/Schema"
import * as Activity from "perdure/Activity"
import * as Default from "perdure/Executor/Default"
import * as Sqlite from "perdure/Store/Sqlite"
import * as Workflow from "perdure/Workflow"

const Greet = Activity.make("Greet", { input: Schema.String, success: Schema.String })
const Hello = Workflow.make("Hello", { input: Schema.String, success: Schema.String })

const Main = Hello.toLayer((name) => Greet(name)).pipe(
  Layer.provide(Greet.toLayer((name) => Effect.succeed(`Hello, ${name}`))),
  Layer.provideMerge(Default.layer),
  Layer.provide(Sqlite.layer({ filename: process.argv[2] ?? "" }))
)

const program = Effect.map(Hello.execute("world"), () => console.log(performance.now()))

await Effect.runPromise(Effect.provide(program, Main))
