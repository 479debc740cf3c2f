/** A shop in a SQLite file whose desk is killed: each row has its execution, and each execution its row. */
import { describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { inFile } from "./bankPlaces.ts"
import { killed } from "./shop.ts"

describe("the desk of a shop in a SQLite file", () => {
  it.live(
    "24. one that is killed 10 times leaves no row without its execution, and none without its row",
    () => Effect.scoped(Effect.flatMap(inFile, (place) => killed(place, 10))),
    300_000
  )
})
