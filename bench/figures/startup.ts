/**
 * How long a new process takes to its first result.
 */
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { Effect, Schema } from "effect"
import * as Child from "../Child.ts"
import * as Figure from "../Figure.ts"
import * as Meter from "../Meter.ts"
import * as Scratch from "../Scratch.ts"

/** Milliseconds from the start of a process to the end of its first execution. The reference imports as much of Effect, and no more. */
export const startup = Effect.fnUntraced(function* (name: string, atMost: number) {
  const rounds = yield* Meter.rounds(Effect.all({ imports, first }))
  const round = Figure.median(rounds, ({ first }) => first)
  const reference = { name: "a process that imports Effect, Layer, Schema", value: round.imports, unit: "ms" }
  return [Figure.make({ name, value: round.first, unit: "ms", atMost, reference })]
})

// internal

const program = fileURLToPath(import.meta.resolve("../children/startup.ts"))

const imports = Child.answer(
  Schema.Finite,
  Child.nodeWithBuild(
    "--import=effect/Effect",
    "--import=effect/Layer",
    "--import=effect/Schema",
    "--print",
    "performance.now()"
  )
)

const first = Effect.scoped(
  Effect.flatMap(Scratch.makeFolder, (folder) =>
    Child.answer(Schema.Finite, Child.nodeWithBuild(program, join(folder, "bench.db")))
  )
)
