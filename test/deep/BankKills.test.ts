/** What a bank has in its accounts is exact, however often its worker is killed. */
import { describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { abandoned, frozen, killed } from "../processes/bank.ts"
import { inFile, onServer } from "../processes/bankPlaces.ts"
import { describeWith } from "../support/servers.ts"

/** How often the worker is killed. */
const kills = Number(process.env["KILLS"] ?? 100)

describe("a worker of a bank that is killed for minutes", () => {
  it.live(
    `23. ${kills} times makes each transfer once, in a SQLite file`,
    () => Effect.scoped(Effect.flatMap(inFile, (place) => killed(place, kills))),
    120_000 + kills * 5000
  )
})

describeWith("postgres", "a worker of a bank in a PostgreSQL that is killed for minutes", () => {
  it.live(
    `23. ${kills} times makes each transfer once`,
    () => Effect.scoped(Effect.flatMap(onServer, (place) => killed(place, kills))),
    120_000 + kills * 5000
  )

  it.live(
    `23. ${kills} times of its server makes each transfer once`,
    () => Effect.scoped(Effect.flatMap(onServer, (place) => abandoned(place, kills))),
    120_000 + kills * 10_000
  )

  it.live(
    "23. frozen for longer than the server leaves a transaction idle makes each transfer once",
    () => Effect.scoped(Effect.flatMap(onServer, (place) => frozen(place, 4, 35_000))),
    600_000
  )
})
