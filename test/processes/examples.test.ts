/** The examples of workflows end as they say however often they are killed, and do nothing twice whose result was recorded. */
import { readFileSync } from "node:fs"
import { join } from "node:path"
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { freshFile } from "../support/sqliteFiles.ts"
import { commitsIn, type Kill, type Life, live, recordOf } from "./ExampleLives.ts"

const root = join(import.meta.dirname, "../..")

interface Example {
  readonly name: string
  /** What handlers print or log, and so may come again when they are killed. */
  readonly effects: RegExp
}

const examples: ReadonlyArray<Example> = [
  { name: "booking-saga", effects: /^(booked|cancelled) the \w+$/ },
  { name: "early-return", effects: /^nothing$/ },
  { name: "entity-cart", effects: /^nothing$/ },
  { name: "expense-approval", effects: /^.*may we buy .*\?$/ },
  { name: "moved-timer", effects: /^it rings$/ },
  { name: "mutex", effects: /\w+, page \d/ },
  { name: "patched-deployment", effects: /^nothing$/ },
  { name: "rate-limited-fan-out", effects: /^nothing$/ },
  { name: "sliding-window", effects: /^nothing$/ },
  { name: "subscription", effects: /^(charged \d+ cents|(month|paused|Ada|paid) .*)$/ }
]

/**
 * When to kill an example that makes so many commits: each list is one story, with a process more than it has numbers. How many
 * commits there are differs a little between two runs, so the last numbers of a story may not be reached.
 */
const stories = (commits: number): ReadonlyArray<ReadonlyArray<Kill>> => [
  [
    { commits: 1, after: 0 },
    { commits: Math.ceil(commits / 2), after: 0 }
  ],
  [
    { commits: Math.ceil(commits / 4), after: 50 },
    { commits: Math.ceil((3 * commits) / 4), after: 50 }
  ],
  [
    { commits: 3, after: 150 },
    { commits: commits - 1, after: 0 }
  ]
]

/** The lines of the comment that ends an example. */
const outputOf = (path: string): ReadonlyArray<string> =>
  readFileSync(join(root, path), "utf8")
    .split("\n// Output:\n")[1]!
    .trimEnd()
    .split("\n")
    .map((line) => line.replace(/^\/\/ ?/, ""))

/** What handlers did, once for each time. */
const effectsIn = ({ logged, printed }: Life, effects: RegExp): ReadonlyArray<string> =>
  [...printed, ...logged].flatMap((line) => effects.exec(line)?.[0] ?? [])

/** All of a story, for the report of a test that fails. */
const toldOf = (kills: ReadonlyArray<Kill>, lives: ReadonlyArray<Life>): string =>
  [JSON.stringify(kills), ...lives.flatMap(({ logged, printed }) => ["-----", ...printed, ...logged])].join("\n")

const once = (lines: ReadonlyArray<string>): ReadonlyArray<string> => [...new Set(lines)].toSorted()

describe("an example that is killed and started again ends as it says", () => {
  for (const { effects, name } of examples) {
    it.live(
      name,
      () =>
        Effect.gen(function* () {
          const path = `examples/${name}.ts`
          const file = freshFile()
          const whole = yield* live(path, file)
          const [expected, record] = [outputOf(path), yield* recordOf(file)]
          assert.deepStrictEqual(whole.printed, expected, whole.logged.join("\n"))

          const tell = Effect.fnUntraced(function* (kills: ReadonlyArray<Kill>) {
            const filename = freshFile()
            const lives: Array<Life> = []
            // Handlers that were killed may have done their work.
            let open = 0
            for (const kill of kills) {
              lives.push(yield* live(path, filename, kill))
              open += (yield* recordOf(filename)).open
            }
            const last = yield* live(path, filename)
            lives.push(last)
            const story = toldOf(kills, lives)
            assert.isUndefined(lives[0]!.code, story)
            assert.strictEqual(last.code, 0, story)
            assert.strictEqual(last.printed.at(-1), expected.at(-1), story)
            assert.deepStrictEqual(once(lives.flatMap(({ printed }) => printed)), once(expected), story)
            assert.deepStrictEqual(yield* recordOf(filename), record, story)
            const done = lives.flatMap((life) => effectsIn(life, effects))
            assert.deepStrictEqual(once(done), once(effectsIn(whole, effects)), story)
            assert.isAtMost(done.length, effectsIn(whole, effects).length + open, story)
          })
          yield* Effect.forEach(stories(commitsIn(file)), tell, { concurrency: "unbounded" })
        }),
      60_000
    )
  }
})
