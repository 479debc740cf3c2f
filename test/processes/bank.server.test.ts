/** A bank in a PostgreSQL whose worker is killed: what its accounts have is exact. */
import { it } from "@effect/vitest"
import { Effect } from "effect"
import { describeWith } from "../support/servers.ts"
import { killed } from "./bank.ts"
import { onServer } from "./bankPlaces.ts"

describeWith("postgres", "a worker of a bank that is killed", () => {
  it.live(
    "23. 10 times makes each transfer once, in a PostgreSQL",
    () => Effect.scoped(Effect.flatMap(onServer, (place) => killed(place, 10))),
    300_000
  )
})
