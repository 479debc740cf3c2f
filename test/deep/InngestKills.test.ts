/** What a double of a server of Inngest acknowledged survives that it is killed, and its writers frozen, for minutes. */
import { describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { frozenUnderLoad, killedUnderLoad } from "../Store/contending.ts"
import { inngestPlace } from "../support/inngestClient.ts"

/** How often a server is killed, or a process frozen. */
const times = Number(process.env["SERVER_KILLS"] ?? 200)

describe("a double of a server of Inngest, for minutes", () => {
  it.live(
    `5. that is killed ${times} times under load, with writers beside it, keeps every acknowledged commit`,
    () => Effect.scoped(killedUnderLoad(inngestPlace, times)),
    120_000 + times * 20_000
  )

  it.live(
    `2. whose writers are frozen for longer than their lease, ${times} times, has each version once`,
    () => Effect.scoped(frozenUnderLoad(inngestPlace, times, "1500 millis")),
    120_000 + times * 10_000
  )
})
