/**
 * What executions ask of the store that only sleep.
 */
import { join } from "node:path"
import { DatabaseSync, StatementSync } from "node:sqlite"
import { Effect, Layer } from "effect"
import * as Sqlite from "perdure/Store/Sqlite"
import * as Counter from "../Counter.ts"
import * as Figure from "../Figure.ts"
import * as Scratch from "../Scratch.ts"
import * as Workload from "../Workload.ts"

const seconds = 20

/** Operations of the store a second while 10,000 executions sleep for a day. The reference counts what SQLite is asked. */
export const idle = Effect.fnUntraced(function* (name: string, atMost: number) {
  const folder = yield* Scratch.makeFolder
  const counts = Counter.make()
  const store = Counter.layer(counts).pipe(Layer.provide(Sqlite.layer({ filename: join(folder, "bench.db") })))
  const context = yield* Layer.build(Workload.layer().pipe(Layer.provide(store)))
  yield* Workload.startMany(10_000, (options) => Workload.Sleeping.start(undefined, options)).pipe(
    Effect.provideContext(context)
  )
  const [operations, statements] = [Counter.total(counts), countStatements()]
  const cpu = process.cpuUsage()
  yield* Effect.sleep(seconds * 1000)
  const { system, user } = process.cpuUsage(cpu)
  const value = (Counter.total(counts) - operations) / seconds
  const reference = { name: "SQL statements, BEGIN and COMMIT too", value: statements() / seconds, unit: "/s" }
  return [
    Figure.make({ name, value, unit: "store queries/s", atMost, reference }),
    Figure.make({ name: `${name}-cpu`, value: (user + system) / 1000 / seconds, unit: "ms/s" })
  ]
})

// internal

/** Begins to count the statements that run in this process; returns how to ask how many. */
const countStatements = (): (() => number) => {
  let statements = 0
  const count = (prototype: object, method: string) => {
    const original = Reflect.get(prototype, method) as (...args: Array<unknown>) => unknown
    Reflect.set(prototype, method, function (this: unknown, ...args: Array<unknown>) {
      statements++
      return Reflect.apply(original, this, args)
    })
  }
  for (const method of ["all", "get", "iterate", "run"]) count(StatementSync.prototype, method)
  count(DatabaseSync.prototype, "exec")
  return () => statements
}
