/** Random schedules of messages; `MESSAGES=Name:seed` runs one and shows it. */
import { assert, describe, it } from "@effect/vitest"
import { programs, type MessageProgram } from "../corpus/messages.ts"
import { faultsOf, positionsOf } from "./chains.ts"
import { drive, linesOf, tokenOf } from "./MessageDriver.ts"

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

/** Makes so many schedules of a script, and a fifth of that of each other program. */
export const followSchedules = (first: number, count: number): void => {
  describe("a random schedule of messages, replayed from each commit", () => {
    for (const program of programs) {
      const schedules = program.name === "Script" ? count : Math.ceil(count / 5)
      it(`${program.name} goes on as it was, and its next run has what was left`, () => {
        let positions = 0
        for (let seed = first; seed < first + schedules; seed++) positions += check(program, seed)
        assert.isAbove(positions, 3 * schedules)
      }, 600_000)
    }
  })

  const [only, seed] = (process.env["MESSAGES"] ?? "").split(":")
  for (const program of programs.filter(({ name }) => name === only)) {
    it(`${only}:${seed} is one schedule, shown`, () => {
      console.log(linesOf(drive(program, Number(seed))))
      check(program, Number(seed))
    })
  }
}
