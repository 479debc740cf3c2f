/**
 * The least that a durable execution could cost: what a prototype does that knows neither fibers nor Effect. Each of its
 * executions makes eleven commits of two events; the commits of a turn of the event loop are one transaction.
 */
import { join } from "node:path"
import { Effect } from "effect"
import * as Meter from "./Meter.ts"
import * as Raw from "./Raw.ts"

/** Measures steps of executions with no program, a number of them in flight. */
export const makeBaseline = Effect.fnUntraced(function* (folder: string, fibers: number) {
  const connection = yield* Raw.open(join(folder, "baseline.db"))
  connection.exec(`
    CREATE TABLE commits (execution TEXT, version INTEGER, events TEXT, PRIMARY KEY (execution, version)) WITHOUT ROWID;
    CREATE TABLE executions (id TEXT PRIMARY KEY, status TEXT, version INTEGER, updated REAL);
  `)
  const insert = connection.prepare("INSERT INTO commits VALUES (?, ?, ?)")
  const upsert = connection.prepare(`
    INSERT INTO executions VALUES (?, ?, ?, ?)
    ON CONFLICT DO UPDATE SET status = excluded.status, version = excluded.version, updated = excluded.updated
  `)
  let ready: Array<Commit> = []
  const flush = () => {
    const group = ready
    ready = []
    connection.exec("BEGIN IMMEDIATE")
    for (const { events, id, status, version } of group) {
      insert.run(id, version, JSON.stringify(events))
      upsert.run(id, status, version, Date.now())
    }
    connection.exec("COMMIT")
    for (const { done } of group) done()
  }
  const save = (commit: Omit<Commit, "done">) =>
    new Promise<void>((done) => {
      if (ready.push({ ...commit, done }) === 1) setImmediate(flush)
    })
  let executions = 0
  const run = async (end: number): Promise<number> => {
    let steps = 0
    while (performance.now() < end) {
      const id = `baseline-${executions++}`
      await save({ id, version: 1, status: "running", events: [started(id), scheduled(0)] })
      for (let seq = 0; seq < 10; seq++) {
        const last = seq === 9
        const events = [resolved(seq), last ? completed() : scheduled(seq + 1)]
        await save({ id, version: seq + 2, status: last ? "completed" : "running", events })
      }
      steps += 10
    }
    return steps
  }
  return Meter.sample(
    Effect.promise(async () => {
      const end = performance.now() + 600
      const steps = await Promise.all(Array.from({ length: fibers }, () => run(end)))
      return steps.reduce((total, count) => total + count, 0)
    })
  )
})

/** An activity that was asked for. */
export const scheduled = (seq: number) => ({
  _tag: "ActivityScheduled",
  at: Date.now(),
  seq,
  name: "Echo",
  input: seq,
  digest: 2 ** 52 + seq
})

/** The result of an activity. */
export const resolved = (seq: number) => ({
  _tag: "ActivityResolved",
  at: Date.now(),
  seq,
  exit: { _tag: "Success", value: seq }
})

// internal

interface Commit {
  readonly id: string
  readonly version: number
  readonly status: string
  readonly events: ReadonlyArray<unknown>
  readonly done: () => void
}

const started = (id: string) => ({
  _tag: "ExecutionStarted",
  at: Date.now(),
  workflow: "Ten",
  workflowId: id,
  input: 10
})

const completed = () => ({ _tag: "ExecutionCompleted", at: Date.now(), value: 45 })
