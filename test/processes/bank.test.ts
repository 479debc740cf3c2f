/** A bank in a SQLite file whose worker is killed: what its accounts have is exact. */
import { describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { frozen, killed } from "./bank.ts"
import { inFile } from "./bankPlaces.ts"

describe("the workers of a bank in a SQLite file", () => {
  it.live(
    "23. one that is killed 10 times makes each transfer once",
    () => Effect.scoped(Effect.flatMap(inFile, (place) => killed(place, 10))),
    300_000
  )

  it.live(
    "23. two of which one is frozen for longer than its lease make each transfer once",
    () => Effect.scoped(Effect.flatMap(inFile, (place) => frozen(place, 2))),
    300_000
  )
})
