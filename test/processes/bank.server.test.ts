/** A bank in a PostgreSQL whose worker is killed: what its accounts have is exact. */
import { it } from "@effect/vitest"
import { Effect } from "effect"
import { describeWith } from "../support/servers.ts"
import { abandoned, frozen, killed } from "./bank.ts"
import { onServer } from "./bankPlaces.ts"

describeWith("postgres", "the workers of a bank in a PostgreSQL", () => {
  it.live(
    "23. one that is killed 10 times makes each transfer once",
    () => Effect.scoped(Effect.flatMap(onServer, (place) => killed(place, 10))),
    300_000
  )

  it.live(
    "23. one whose server is killed 10 times makes each transfer once",
    () => Effect.scoped(Effect.flatMap(onServer, (place) => abandoned(place, 10))),
    300_000
  )

  it.live(
    "23. two of which one is frozen for longer than its lease make each transfer once",
    () => Effect.scoped(Effect.flatMap(onServer, (place) => frozen(place, 2))),
    300_000
  )
})
