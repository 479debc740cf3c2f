/**
 * `npm run bench` measures everything, one bench at a time, each in a process of its own, and prints a table.
 *
 * - `-- --only NAME,NAME` runs some of the benches;
 * - `-- --json FILE` writes the figures too.
 *
 * A figure that misses its target does not make the exit code bad; a bench that fails or takes too long does.
 */
import { cpus, loadavg } from "node:os"
import { fileURLToPath } from "node:url"
import { parseArgs } from "node:util"
import { NodeRuntime, NodeServices } from "@effect/platform-node"
import { Cause, Console, Effect, FileSystem, Option, Schema } from "effect"
import { benches } from "./benches.ts"
import * as Child from "./Child.ts"
import * as Figure from "./Figure.ts"

const { values } = parseArgs({ options: { only: { type: "string" }, json: { type: "string" } } })
const names = values.only?.split(",") ?? Object.keys(benches)

/** Where this runs, and whether anything else did when it began. */
const machine = [
  `Node ${process.version}, ${cpus().length} x ${cpus()[0]?.model}, load ${loadavg()[0]?.toFixed(1)}`,
  ...(loadavg()[0]! > 0.5 * cpus().length ? ["The machine was busy: compare nothing with this."] : [])
].join("\n")

/** No bench takes longer, and all together not much longer than the second. */
const [longest, budget] = [90_000, 230_000]

const runOne = Effect.fnUntraced(function* (name: string) {
  const start = performance.now()
  const limit = Math.max(1000, Math.min(longest, budget - start))
  const figures = yield* Child.answer(
    Schema.Array(Figure.Figure),
    Child.node(fileURLToPath(import.meta.resolve("./one.ts")), name)
  ).pipe(
    Effect.timeoutOption(limit),
    Effect.catchCause((cause) => Effect.as(Console.error(Cause.pretty(cause)), Option.none()))
  )
  const seconds = `${((performance.now() - start) / 1000).toFixed(1)} s`
  yield* Console.error(`${name}: ${Option.isSome(figures) ? "" : "no figures after "}${seconds}`)
  return figures
})

const program = Effect.gen(function* () {
  const unknown = names.filter((name) => benches[name] === undefined)
  if (unknown.length > 0) return yield* Effect.die(new Error(`no bench is named ${unknown.join(", ")}`))
  const results = yield* Effect.forEach(names, runOne)
  const figures = results.flatMap(Option.getOrElse(() => []))
  yield* Console.log(`\n${machine}\n`)
  yield* Console.log(Figure.table(figures))
  if (values.json !== undefined) {
    const files = yield* FileSystem.FileSystem
    yield* files.writeFileString(values.json, `${JSON.stringify(figures, undefined, 2)}\n`)
  }
  if (results.some(Option.isNone)) process.exitCode = 1
})

program.pipe(Effect.provide(NodeServices.layer), NodeRuntime.runMain)
