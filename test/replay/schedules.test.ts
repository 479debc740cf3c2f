import { assert, describe, it } from "@effect/vitest"
import { isCommand } from "perdure/HistoryEvent"
import { fold } from "../../src/internal/core/evolve.ts"
import type { Interpreter } from "../../src/internal/replay/Interpreter.ts"
import { all, type Scenario, virtual } from "../corpus/scenarios.ts"
import { continued, drive, printed, tokenOf } from "./Driver.ts"

/** How many schedules a program gets: few of those whose histories are long, since each is replayed from all positions. */
const schedulesOf = ({ name }: Scenario): number => (name === "FanOut" ? 6 : name === "Loop" ? 15 : 80)

const scenarios = all({ ...virtual, calls: 60 })

/** Replays a schedule from each of its positions. */
const check = (scenario: Scenario, seed: number): number => {
  const history = drive(scenario, seed)
  for (let position = 1; position <= history.length; position++) {
    const difference = continued(scenario, history, position)
    if (difference !== undefined) {
      assert.fail(`REPLAY=${tokenOf(scenario, seed)}, from event ${position}: ${difference}\n${printed(history)}`)
    }
  }
  return history.length
}

const [only, seed] = (process.env["REPLAY"] ?? "").split(":")

describe("a random schedule, replayed from each of its positions, goes on as it was", () => {
  for (const scenario of scenarios) {
    it(`${scenario.name}`, () => {
      let positions = 0
      for (let seed = 1; seed <= schedulesOf(scenario); seed++) positions += check(scenario, seed)
      assert.isAbove(positions, schedulesOf(scenario))
    }, 120_000)
  }

  it("is handed over again what its open inline activities do, and nothing of others", () => {
    const inline = scenarios.find(({ name }) => name === "Inline")!
    let handed = 0
    for (let seed = 1; seed <= 20; seed++) {
      const history = drive(inline, seed)
      const compare = (interpreter: Interpreter, at: number) => {
        const open = fold(history.slice(0, at))?.open ?? new Map()
        for (const { seq } of history.filter((event) => event._tag === "ActivityScheduled")) {
          const name = open.get(seq)?.issued.name
          assert.strictEqual(interpreter.closureOf(seq)?.name, name, `#${seq} at event ${at}`)
          if (name !== undefined) handed++
        }
      }
      // Where commands follow, they are open for the program before they are recorded.
      const whole = (interpreter: Interpreter, at: number) =>
        at < history.length && isCommand(history[at]!) ? undefined : compare(interpreter, at)
      for (let position = 1; position <= history.length; position += 3) {
        assert.isUndefined(continued(inline, history, position, whole))
      }
    }
    assert.isAbove(handed, 200)
  })

  it("is tried more than two thousand times", () => {
    assert.isAtLeast(
      scenarios.reduce((sum, scenario) => sum + schedulesOf(scenario), 0),
      2000
    )
  })

  it("holds for a loop of a thousand calls", () => {
    const loop = all(virtual).find((scenario) => scenario.name === "Loop")!
    const history = drive(loop, 3, { isCalm: true })
    assert.isAbove(history.length, 2000)
    for (const position of [1, 2, 3, 500, 1000, 1999, history.length]) {
      assert.isUndefined(continued(loop, history, position))
    }
  })
})

/** `REPLAY=Name:seed` runs one schedule and shows it. */
for (const scenario of scenarios.filter(({ name }) => name === only)) {
  it(`${only}:${seed} is one schedule, shown`, () => {
    console.log(printed(drive(scenario, Number(seed))))
    check(scenario, Number(seed))
  })
}
