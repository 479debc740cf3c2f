/** The agent of the examples is killed at each of its commits: nothing is asked, granted or run twice, and it ends as it says. */
import { assert, it } from "@effect/vitest"
import { Effect, Layer } from "effect"
import * as Executions from "perdure/Executor/Executions"
import * as Sqlite from "perdure/Store/Sqlite"
import { freshFile } from "../support/sqliteFiles.ts"
import { outputOf } from "./exampleOutput.ts"
import { commitsIn, live, recordOf } from "./ExampleLives.ts"

const example = "examples/agent/main.ts"

/** How many answers of people a program has taken. */
const granted = (filename: string) =>
  Effect.gen(function* () {
    const executions = yield* Executions.Executions
    const events = yield* executions.history("complaint-7")
    const answers = events.filter((event) => event._tag === "UpdateAnswered")
    return answers.filter(({ exit }) => exit._tag === "Success").length
  }).pipe(Effect.provide(Executions.layer.pipe(Layer.provide(Sqlite.layer({ filename })))))

it.live(
  "an agent that is killed at any of its commits goes on where it was",
  () =>
    Effect.gen(function* () {
      const expected = outputOf(example).trimEnd().split("\n")
      const file = freshFile()
      const whole = yield* live(example, file)
      assert.deepStrictEqual(whole.printed, expected, whole.logged.join("\n"))
      const record = yield* recordOf(file)
      // Three questions and two tools, each with one result.
      assert.deepStrictEqual([...record.called.values()], [1, 1, 1, 1, 1])
      assert.deepStrictEqual([record.open, yield* granted(file)], [0, 1])
      const commits = commitsIn(file)
      assert.isAtLeast(commits, 6)
      yield* Effect.forEach(
        Array.from({ length: commits - 1 }, (_, index) => index + 1),
        Effect.fnUntraced(function* (commit) {
          const filename = freshFile()
          const killed = yield* live(example, filename, { commits: commit, after: 0 })
          const { open } = yield* recordOf(filename)
          const last = yield* live(example, filename)
          const story = [`killed at ${commit}`, ...killed.printed, "-----", ...last.printed, ...last.logged].join("\n")
          assert.isUndefined(killed.code, story)
          assert.strictEqual(last.printed.at(-1), expected.at(-1), story)
          assert.deepStrictEqual([yield* recordOf(filename), yield* granted(filename)], [record, 1], story)
          // A handler that was killed may have done its work, and a person may not have heard that an answer was taken.
          const lines = [...killed.printed, ...last.printed].filter((line) => !line.startsWith("grace"))
          const wanted = expected.filter((line) => !line.startsWith("grace"))
          assert.sameMembers([...new Set(lines)], wanted, story)
          assert.isAtMost(lines.length, wanted.length + open, story)
        }),
        { concurrency: 2 }
      )
    }),
  120_000
)
