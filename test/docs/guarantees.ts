/** What the table of `docs/stores.md` says of a store, held against the guarantees of its layer. */
import { readFileSync } from "node:fs"
import { join } from "node:path"
import { assert, it } from "@effect/vitest"
import { Effect, type Layer } from "effect"
import { type StoreError, WorkflowStore } from "perdure/Store/WorkflowStore"

/** Defines the test of a store, by the head of its column; the options of its layer leave the size of commits alone. */
export const toldInTheTable = (column: string, layer: Layer.Layer<WorkflowStore, StoreError>): void => {
  it.live(`docs/stores.md says what ${column} guarantees`, () =>
    Effect.gen(function* () {
      const { durability, fencing, listing, maxCommitBytes } = (yield* WorkflowStore).guarantees
      const cell = cellsOf(column)
      assert.include(wordsIn(cell("`durability`")), durability)
      assert.deepStrictEqual(wordsIn(cell("`fencing`")), [fencing])
      assert.deepStrictEqual(wordsIn(cell("`listing`")), [listing])
      assert.strictEqual(cell("`maxCommitBytes`"), `${maxCommitBytes / 1024 / 1024} MiB`)
    }).pipe(Effect.provide(layer))
  )
}

// internal

const page = readFileSync(join(import.meta.dirname, "../../docs/stores.md"), "utf8")

const rows = page
  .split("\n")
  .filter((line) => line.startsWith("|"))
  .map((line) => line.split("|").slice(1, -1))
  .map((cells) => cells.map((cell) => cell.trim()))

/** The cell of a row, by the head of the row. */
const cellsOf = (column: string) => {
  // A head may be a link.
  const index = rows[0]!.findIndex((head) => head.replace(/^\[(.*)\]\(.*\)$/, "$1") === column)
  assert.isAbove(index, 0, `there is no column ${column}`)
  return (row: string): string => {
    const found = rows.find(([head]) => head === row)?.[index]
    assert(found !== undefined, `there is no row ${row}`)
    return found
  }
}

/** The words of a cell that are code. */
const wordsIn = (cell: string): ReadonlyArray<string> => [...cell.matchAll(/`([^`]*)`/g)].map(([, word]) => word!)
