/** Nothing of a payload is readable where payloads are encrypted, and all of it is where they are not. */
import { readdirSync, readFileSync } from "node:fs"
import { basename, dirname, join } from "node:path"
import { assert, describe, it } from "@effect/vitest"
import { Context, Effect, Exit, Layer, Scope } from "effect"
import * as Memory from "perdure/Store/Memory"
import * as Sqlite from "perdure/Store/Sqlite"
import { WorkflowStore } from "perdure/Store/WorkflowStore"
import { hidden, names, seenIn, tellOn, withCodec } from "../support/secretStory.ts"
import { fold, freshFile } from "../support/sqliteFiles.ts"

/** All files of a database. */
const bytesOf = (filename: string): string =>
  readdirSync(dirname(filename))
    .filter((name) => name.startsWith(basename(filename)))
    .map((name) => readFileSync(join(dirname(filename), name), "latin1"))
    .join("\n")

describe("the payloads of a store", () => {
  it.live("are readable without the codec: the story has a secret of every kind", () =>
    Effect.gen(function* () {
      const { stored } = yield* tellOn(yield* Memory.make(), (store) => store)
      assert.deepStrictEqual(seenIn(stored, hidden), hidden)
    })
  )

  it.live("27. are hidden in memory, and read through the codec", () =>
    Effect.gen(function* () {
      const { read, stored } = yield* tellOn(yield* Memory.make(), withCodec)
      assert.deepStrictEqual(seenIn(stored, hidden), [])
      assert.deepStrictEqual(seenIn(read, hidden), hidden)
      assert.deepStrictEqual(seenIn(stored, names), names)
    })
  )

  it.live("27. are in no file of a SQLite database, before it is folded and after", () =>
    Effect.gen(function* () {
      const filename = freshFile()
      const scope = yield* Scope.make()
      const raw = Context.get(yield* Layer.build(Sqlite.layer({ filename })).pipe(Scope.provide(scope)), WorkflowStore)
      yield* tellOn(raw, withCodec)
      assert.deepStrictEqual(seenIn(bytesOf(filename), hidden), [])
      assert.deepStrictEqual(seenIn(bytesOf(filename), names), names)
      yield* fold(filename)
      assert.deepStrictEqual(seenIn(bytesOf(filename), hidden), [])
      yield* Scope.close(scope, Exit.void)
      assert.deepStrictEqual(seenIn(bytesOf(filename), hidden), [])
    })
  )
})
