/** The fold of a Kafka partition is right whatever was compacted away, and each of its rules is needed. Deep: `test/deep/KafkaFold.test.ts`. */
import { assert, describe, it } from "@effect/vitest"
import { type Counts, historyOf, variants } from "./foldModel.ts"

const histories = 300

/** A late seal; deletions that never took place; a life that was over. */
const rare = [8460, 42_204, 6744, 6783, 629, 1213]

const wrongs = (variant: keyof typeof variants, counts: Counts = new Map()) =>
  Array.from({ length: histories }, (_, index) => historyOf(index + 1, variants[variant], counts)).filter(
    (wrong) => wrong !== undefined
  )

describe("the fold of a partition", () => {
  it(`has what the whole log says, in ${histories} histories with compaction`, () => {
    const counts: Counts = new Map()
    assert.deepStrictEqual(wrongs("right", counts), [])
    for (const what of ["c counted", "d counted", "t counted", "compacted", "forgotten"]) {
      assert.isAbove(counts.get(what) ?? 0, 100, what)
    }
  })

  it("has it in histories that earlier rules were wrong in, of 60,000", () => {
    const wrong = rare.map((seed) => historyOf(seed, variants.right, new Map())).filter((wrong) => wrong !== undefined)
    assert.deepStrictEqual(wrong, [])
  })

  for (const variant of ["withoutWindow", "withoutOverride", "withEagerTombstones", "withoutSeals"] as const) {
    it(`is wrong ${variant.replaceAll(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`)}`, () => {
      assert.isNotEmpty(wrongs(variant))
    })
  }
})
