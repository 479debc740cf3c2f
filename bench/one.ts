/**
 * Runs one bench in this process and prints its figures as a line of JSON.
 */
import { NodeRuntime, NodeServices } from "@effect/platform-node"
import { Console, Effect } from "effect"
import { benches } from "./benches.ts"

const name = process.argv[2] ?? ""

const program = Effect.gen(function* () {
  const bench = benches[name]
  if (bench === undefined) return yield* Effect.die(new Error(`no bench is named ${JSON.stringify(name)}`))
  yield* Console.log(JSON.stringify(yield* bench))
})

program.pipe(Effect.scoped, Effect.provide(NodeServices.layer), NodeRuntime.runMain)
