/** The examples of workflows end as they say however often they are killed, and do nothing twice whose result was recorded. */
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { numbers } from "../support/numbers.ts"
import { freshFile } from "../support/sqliteFiles.ts"
import { outputOf } from "./exampleOutput.ts"
import { commitsIn, type Kill, type Life, live, type Recorded, recordOf } from "./ExampleLives.ts"

/**
 * What a life is held against: the first line that each handler prints or logs, which may come again when it is killed, or all that
 * is recorded.
 */
type Expected = { readonly effects: RegExp } | { readonly record: Recorded }

const recorded = (ended: Readonly<Record<string, number>>, called: Readonly<Record<string, number>>): Expected => ({
  record: { ended: new Map(Object.entries(ended)), called: new Map(Object.entries(called)), open: 0 }
})

const effects = (effects: RegExp): Expected => ({ effects })

const examples: Readonly<Record<string, Expected>> = {
  "booking-saga": effects(/^(booked|cancelled) the \w+$/),
  // Two callers and more have one payment.
  "early-return": recorded(
    { "Payment ExecutionCompleted": 1 },
    { "Reserve(1999)": 1, 'Settle("reservation of 1999 cents")': 1 }
  ),
  // What is asked for again is not priced again, and what is refused is not priced at all.
  "entity-cart": recorded({ "Cart ExecutionCompleted": 1 }, { 'Price("book")': 1, 'Price("pencil")': 1 }),
  "expense-approval": effects(/^.*may we buy .*\?$/),
  "moved-timer": effects(/^it rings$/),
  mutex: effects(/\w+, page \d/),
  outbox: recorded({ "Order ExecutionCompleted": 2 }, { 'Send("a book")': 1, 'Send("a lamp")': 1 }),
  // The first of the three orders began before there was a check.
  "patched-deployment": recorded(
    { "Order ExecutionCompleted": 3 },
    { 'Do("packed")': 3, 'Do("sent")': 3, 'Do("checked")': 2 }
  ),
  "rate-limited-fan-out": recorded(
    { "Survey ExecutionCompleted": 1 },
    Object.fromEntries(numbers(1000).map((number) => [`Check(${number})`, 1]))
  ),
  "sliding-window": recorded(
    { "Gallery ExecutionCompleted": 1, "Picture ExecutionCompleted": 999, "Picture ExecutionCancelled": 1 },
    Object.fromEntries(numbers(1000).flatMap((number) => (number === 13 ? [] : [[`Resize(${number})`, 1]])))
  ),
  subscription: effects(/^(charged \d+ cents|(month|paused|paid) .*)$/),
  transfer: recorded(
    { "Day ExecutionCompleted": 1 },
    {
      'Open(["Ada","Grace","Alan"])': 1,
      'Transfer({"from":"Ada","to":"Grace","cents":300})': 1,
      'Transfer({"from":"Grace","to":"Alan","cents":250})': 1,
      "Sum(null)": 1
    }
  )
}

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

/** Examples that wait for nothing: some milliseconds after a commit they may be at their end. */
const quick = new Set(["outbox", "transfer"])

/** The same kills, each at its commit. */
const atOnce = (kills: ReadonlyArray<Kill>): ReadonlyArray<Kill> => kills.map((kill) => ({ ...kill, after: 0 }))

/** What handlers did, once for each time. */
const effectsIn = ({ logged, printed }: Life, effects: RegExp): ReadonlyArray<string> =>
  [...printed, ...logged].flatMap((line) => effects.exec(line)?.[0] ?? [])

/** All of a story, for the report of a test that fails. */
const toldOf = (kills: ReadonlyArray<Kill>, lives: ReadonlyArray<Life>): string =>
  [JSON.stringify(kills), ...lives.flatMap(({ logged, printed }) => ["-----", ...printed, ...logged])].join("\n")

const once = (lines: ReadonlyArray<string>): ReadonlyArray<string> => [...new Set(lines)].toSorted()

describe("an example that is killed and started again ends as it says", () => {
  for (const [name, wanted] of Object.entries(examples)) {
    it.live(
      name,
      () =>
        Effect.gen(function* () {
          const path = `examples/${name}.ts`
          const file = freshFile()
          const whole = yield* live(path, file)
          const [expected, record] = [outputOf(path).trimEnd().split("\n"), yield* recordOf(file)]
          assert.deepStrictEqual(whole.printed, expected, whole.logged.join("\n"))
          if ("record" in wanted) assert.deepStrictEqual(record, wanted.record)
          const effects = "effects" in wanted ? effectsIn(whole, wanted.effects) : undefined
          assert.isTrue(effects === undefined || effects.length > 0)

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
            if (effects === undefined || !("effects" in wanted)) return
            const done = lives.flatMap((life) => effectsIn(life, wanted.effects))
            assert.deepStrictEqual(once(done), once(effects), story)
            assert.isAtMost(done.length, effects.length + open, story)
          })
          const told = stories(commitsIn(file)).map((kills) => (quick.has(name) ? atOnce(kills) : kills))
          yield* Effect.forEach(told, tell, { concurrency: "unbounded" })
        }),
      60_000
    )
  }
})
