/**
 * Steps a second of transactional activities that write a row of the app, against commits of such a row alone.
 */
import { join } from "node:path"
import { Effect, Layer, Schema } from "effect"
import { SqlClient } from "effect/sql"
import { Activity, Workflow } from "perdure"
import * as Default from "perdure/Executor/Default"
import * as Sqlite from "perdure/Store/Sqlite"
import * as Figure from "../Figure.ts"
import * as Meter from "../Meter.ts"
import * as Raw from "../Raw.ts"
import * as Scratch from "../Scratch.ts"
import * as Workload from "../Workload.ts"

/** On SQLite, one at a time and 64 in flight. */
export const transactional = Effect.fnUntraced(function* (name: string) {
  const folder = yield* Scratch.makeFolder
  const { many } = yield* Raw.makeCommits(folder)
  const context = yield* Layer.build(
    Layer.provideMerge(
      programs,
      Layer.provideMerge(Default.layer, Sqlite.layer({ filename: join(folder, "bench.db") }))
    )
  )
  yield* Effect.provideContext(Prepare.execute(), context)
  const rounds = yield* Meter.rounds(
    Effect.all({ before: many, one: rows(1), together: rows(64), after: many }).pipe(Effect.provideContext(context))
  )
  const commits = ({ after, before }: (typeof rounds)[number]) => (before.rate + after.rate) / 2
  const figure = (which: "one" | "together") => {
    const round = Figure.median(rounds, (round) => round[which].rate / commits(round))
    const reference = { name: "raw one-row commits", value: commits(round), unit: "commits/s" }
    return Figure.make({ name: `${name}-${which}`, value: round[which].rate, unit: "steps/s", reference })
  }
  return [figure("one"), figure("together")]
})

// internal

/** Steps a second of executions that have as many of these activities as others have. */
const rows = (fibers: number) => Workload.sampleSteps(fibers, Rows.execute(Workload.activities))

const Table = Activity.transactional("Table")
const Write = Activity.transactional("Write", { input: Schema.Int })

/** Makes the table of the app. */
const Prepare = Workflow.make("Prepare")

/** A number of rows, one after the other. */
const Rows = Workflow.make("Rows", { input: Schema.Int })

/** The workflows, and what their activities do. */
const programs = Layer.mergeAll(
  Prepare.toLayer(() => Table()),
  Rows.toLayer(
    Effect.fnUntraced(function* (count) {
      for (let i = 0; i < count; i++) yield* Write(i)
    })
  )
).pipe(
  Layer.provide([
    Table.toLayer(() =>
      Effect.flatMap(SqlClient.SqlClient, (sql) => Effect.orDie(sql`CREATE TABLE written (value INTEGER NOT NULL)`))
    ),
    Write.toLayer((value) =>
      Effect.flatMap(SqlClient.SqlClient, (sql) => Effect.orDie(sql`INSERT INTO written ${sql.insert({ value })}`))
    )
  ])
)
