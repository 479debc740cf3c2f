/** A shop in a PostgreSQL whose desk is killed: each row has its execution, and each execution its row. */
import { it } from "@effect/vitest"
import { Effect } from "effect"
import { describeWith } from "../support/servers.ts"
import { onServer } from "./bankPlaces.ts"
import { killed } from "./shop.ts"

describeWith("postgres", "the desk of a shop in a PostgreSQL", () => {
  it.live(
    "24. one that is killed 10 times leaves no row without its execution, and none without its row",
    () => Effect.scoped(Effect.flatMap(onServer, (place) => killed(place, 10))),
    300_000
  )
})
