/** A bank in a SQLite file whose worker is killed: what its accounts have is exact. */
import { describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { killed } from "./bank.ts"
import { inFile } from "./bankPlaces.ts"

describe("a worker of a bank that is killed", () => {
  it.live(
    "23. 10 times makes each transfer once, in a SQLite file",
    () => Effect.scoped(Effect.flatMap(inFile, (place) => killed(place, 10))),
    300_000
  )
})
