/** Callers in processes with other keys, on SQLite. */
import { describe } from "@effect/vitest"
import { Effect } from "effect"
import * as Sqlite from "perdure/Store/Sqlite"
import { encrypted } from "../support/encrypted.ts"
import { suite } from "../support/otherKeys.ts"
import { freshFile } from "../support/sqliteFiles.ts"

describe("on SQLite", () =>
  suite(
    Effect.sync(() => {
      const filename = freshFile()
      return (keys) => encrypted(Sqlite.layer({ filename, synchronous: "NORMAL" }), {}, keys)
    })
  ))
