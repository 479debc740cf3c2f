/** The fold of a Kafka partition in more histories than the unit tests have time for: earlier rules were wrong in few of 10,000. */
import { assert, describe, it } from "@effect/vitest"
import { historyOf, variants } from "../Store/foldModel.ts"

const histories = Number(process.env["HISTORIES"] ?? 60_000)
const seed = Number(process.env["SEED"] ?? 0)
const group = 10_000

describe("the fold of a partition", () => {
  for (let from = 0; from < histories; from += group) {
    const to = Math.min(histories, from + group)
    it(`has what the whole log says, in the histories from ${from + 1} to ${to}`, () => {
      const wrong = Array.from({ length: to - from }, (_, index) =>
        historyOf(seed + from + index + 1, variants.right, new Map())
      ).filter((wrong) => wrong !== undefined)
      assert.deepStrictEqual(wrong, [])
    }, 900_000)
  }

  it("is wrong in some when a deletion is forgotten too early", () => {
    const wrong = Array.from({ length: 2000 }, (_, index) =>
      historyOf(index + 1, variants.withEagerForgetting, new Map())
    ).filter((wrong) => wrong !== undefined)
    assert.isNotEmpty(wrong)
  }, 300_000)
})
