import { assert, describe, it } from "@effect/vitest"
import { programs, type MessageProgram } from "../corpus/messages.ts"
import { faultsOf, positionsOf } from "./chains.ts"
import { drive, linesOf, tokenOf } from "./MessageDriver.ts"

/** How many schedules a program gets; `SEEDS` says how many times as many. */
const schedulesOf = ({ name }: MessageProgram): number =>
  (name === "Script" ? 300 : 60) * Number(process.env["SEEDS"] ?? 1)

/** Follows a schedule from each of its commits, and answers how many those are. */
const check = (program: MessageProgram, seed: number): number => {
  let runs: ReturnType<typeof drive>
  try {
    runs = drive(program, seed)
  } catch (error) {
    return assert.fail(`MESSAGES=${tokenOf(program, seed)}: ${String(error)}`)
  }
  const faults = faultsOf(program, runs)
  if (faults.length > 0) assert.fail(`MESSAGES=${tokenOf(program, seed)}: ${faults.join("\n")}\n${linesOf(runs)}`)
  return runs.reduce((sum, run) => sum + positionsOf(run).length, 0)
}

const [only, seed] = (process.env["MESSAGES"] ?? "").split(":")

describe("a random schedule of messages, replayed from each of its commits, goes on as it was, and its next run has all that was left", () => {
  for (const program of programs) {
    it(`${program.name}`, () => {
      let positions = 0
      for (let seed = 1; seed <= schedulesOf(program); seed++) positions += check(program, seed)
      assert.isAbove(positions, schedulesOf(program))
      if (process.env["SEEDS"] !== undefined) console.log(`${program.name}: ${positions} positions`)
    }, 600_000)
  }
})

/** `MESSAGES=Name:seed` runs one schedule and shows it. */
for (const program of programs.filter(({ name }) => name === only)) {
  it(`${only}:${seed} is one schedule, shown`, () => {
    console.log(linesOf(drive(program, Number(seed))))
    check(program, Number(seed))
  })
}
