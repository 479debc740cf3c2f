import { explore } from "./search.ts"
import { type Rule, without } from "./rules.ts"
import { type ScenarioName, scenarios } from "./scenarios.ts"
const [name, ...off] = process.argv.slice(2)
const names = name === undefined || name === "all" ? Object.keys(scenarios) : name.split(",")
for (const n of names) {
  const t0 = performance.now()
  try {
    const r = explore({ scenario: scenarios[n as ScenarioName], rules: without(...(off.map((o) => o.slice(1)) as Rule[])) }, Number(process.env.MOST ?? 1_000_000))
    console.log(n, off.join(" "), r.states, "states depth", r.depth, "ends", r.ends, ((performance.now() - t0) / 1000).toFixed(1), r.violation ?? "holds")
    for (const l of r.trace) console.log("     ", l)
  } catch (e) { console.log(n, off.join(" "), String(e)) }
}
