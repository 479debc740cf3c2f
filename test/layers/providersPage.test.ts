/** The table of `docs/configuration.md` has the variables that there are, and says of them what is so. */
import { readFileSync } from "node:fs"
import { join } from "node:path"
import { assert, describe, it } from "@effect/vitest"
import { Duration, Option } from "effect"
import { settings as settingsOf } from "../../src/Executor/default/Options.ts"
import { addresses } from "../../src/layers/providers/addresses.ts"
import { dapr, inngest, kafka, memory, nats, postgres, sqlite, standard } from "../../src/layers/providers/builtIn.ts"
import { type Readable, variableOf } from "../../src/layers/providers/reading.ts"
import { secret } from "../../src/layers/providers/settings.ts"
import { root } from "./apps.ts"

const page = readFileSync(join(root, "docs/configuration.md"), "utf8")

/** The rows: the variable, whose it is, whether it is a secret, and its default. */
const rows = [...page.matchAll(/^\| `(PERDURE_\w+)` *\|([^|]*)\|([^|]*)\|([^|]*)\|$/gm)].map(
  ([, variable = "", of = "", says = "", unlessTold = ""]) => ({
    variable,
    of: of.trim().replaceAll("`", ""),
    isSecret: says.includes("(*secret*)"),
    unlessTold: unlessTold.trim().replaceAll("`", "")
  })
)

const variablesOf = (provider: Readable) =>
  Object.entries(provider.settings).map(([option, setting]) => {
    const reads = typeof setting === "function" ? setting : setting?.optional
    const isSecret = reads === secret || reads === addresses
    return { variable: variableOf(provider, option), of: provider.name, isSecret }
  })

describe("the table of variables", () => {
  it("has each variable of each store and executor, and says which are secret", () => {
    const own = ["PERDURE_EXECUTOR", "PERDURE_STORE"].map((variable) => ({ variable, of: "", isSecret: false }))
    assert.sameDeepMembers(
      rows.map(({ unlessTold: _, ...row }) => row),
      [
        ...own,
        ...[memory, sqlite, nats, postgres, kafka, dapr, inngest, standard].flatMap((provider) =>
          variablesOf(provider as Readable)
        )
      ]
    )
  })

  it("has the defaults of the executor", () => {
    const defaults: Readonly<Record<string, unknown>> = { ...settingsOf() }
    for (const option of Object.keys(standard.settings)) {
      if (option === "worker") continue
      const variable = variableOf(standard as Readable, option)
      const { unlessTold = "" } = rows.find((row) => row.variable === variable) ?? {}
      const duration = Option.map(Duration.fromInput(unlessTold as Duration.Input), Duration.toMillis)
      const said = unlessTold === "three heartbeats" ? 15_000 : Option.getOrElse(duration, () => JSON.parse(unlessTold))
      assert.strictEqual(said, defaults[option], variable)
    }
  })
})
