/**
 * What the disk and SQLite do by themselves.
 */
import { Effect } from "effect"
import * as Figure from "../Figure.ts"
import * as Meter from "../Meter.ts"
import * as Raw from "../Raw.ts"
import * as Scratch from "../Scratch.ts"

/** Writes and commits that wait for the disk one by one. */
export const raw = Effect.gen(function* () {
  const folder = yield* Scratch.makeFolder
  const { many } = yield* Raw.makeCommits(folder)
  const rounds = yield* Meter.rounds(Effect.all({ syncs: yield* Raw.makeSyncs(folder), commits: many }))
  const { commits, syncs } = Figure.median(rounds, ({ commits, syncs }) => commits.rate / syncs.rate)
  const fdatasync = { name: "fdatasync", value: syncs.rate, unit: "writes/s" }
  return [
    Figure.make(fdatasync),
    Figure.make({ name: "commits", value: commits.rate, unit: "commits/s", reference: fdatasync })
  ]
})
