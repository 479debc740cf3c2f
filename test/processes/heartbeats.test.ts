/** What a handler has reported outlives its process: that of an example, which is killed. */
import { assert, it } from "@effect/vitest"
import { Effect } from "effect"
import { freshFile } from "../support/sqliteFiles.ts"
import { type Life, live } from "./ExampleLives.ts"

const pagesOf = ({ logged }: Pick<Life, "logged">): ReadonlyArray<number> =>
  logged.flatMap((line) => {
    const page = /\bpage (\d+)/.exec(line)?.[1]
    return page === undefined ? [] : [Number(page)]
  })

it.live(
  "21. the next process goes on where the one that was killed has reported to be, but for its last second",
  () =>
    Effect.gen(function* () {
      const file = freshFile()
      const killed = yield* live("examples/polling.ts", file, {
        hasLogged: (logged) => pagesOf({ logged }).includes(12)
      })
      const next = yield* live("examples/polling.ts", file)
      assert.isUndefined(killed.code)
      const [last, first] = [Math.max(...pagesOf(killed)), pagesOf(next)[0]!]
      assert.isAtLeast(last, 12)
      // A page takes a tenth of a second.
      assert.isAtMost(first, last + 1)
      assert.isAtLeast(first, last - 12)
      assert.strictEqual(next.printed.at(-1), "imported 2000 rows")
    }),
  30_000
)
