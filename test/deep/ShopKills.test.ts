/** Each row of a shop has its execution, and each execution its row, however often its desk is killed. */
import { describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { inFile, onServer } from "../processes/bankPlaces.ts"
import { killed } from "../processes/shop.ts"
import { describeWith } from "../support/servers.ts"

/** How often the desk is killed. */
const kills = Number(process.env["KILLS"] ?? 100)

describe("the desk of a shop that is killed for minutes", () => {
  it.live(
    `24. ${kills} times leaves no row without its execution, in a SQLite file`,
    () => Effect.scoped(Effect.flatMap(inFile, (place) => killed(place, kills))),
    120_000 + kills * 10_000
  )
})

describeWith("postgres", "the desk of a shop in a PostgreSQL that is killed for minutes", () => {
  it.live(
    `24. ${kills} times leaves no row without its execution`,
    () => Effect.scoped(Effect.flatMap(onServer, (place) => killed(place, kills))),
    120_000 + kills * 10_000
  )
})
