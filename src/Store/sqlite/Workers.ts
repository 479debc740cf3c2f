/**
 * Which workers live. Only processes of one machine share a file, so the store looks at the lease of a worker and at its
 * process: a worker whose process is gone is gone at once.
 *
 * A lease runs by the clock of the machine that begins with its boot, which all processes read alike and which no step of the
 * wall clock moves. Where that clock has no name, and for workers of releases that knew none, leases run by the wall clock.
 *
 * While the file cannot be written, or is away, no worker can renew its lease. So leases do not run meanwhile, as far as this
 * process knows: after it every worker has the length of its lease to be heard again.
 */
import { readFileSync, readlinkSync } from "node:fs"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Predicate from "effect/Predicate"
import * as Result from "effect/Result"
import { WorkerId } from "../../Ids.ts"
import { parsed } from "../../internal/core/parse.ts"
import { type Driver, leftTtl, type WorkerRecord } from "../WorkflowStore.ts"
import { liveNow } from "../../internal/liveClock.ts"
import { workerOf } from "../../internal/store/worker.ts"
import type { Database } from "./Database.ts"
import { numbered } from "./numbered.ts"
import { fromName, integer, toName } from "./Row.ts"

/** Records workers, and returns the ones that live and the ones that have left. */
export const make = (database: Database): Pick<Driver, "heartbeat" | "workers"> => {
  const leases = leasesOf(database)
  const older = olderOf(database)
  return {
    heartbeat: (worker, lease) =>
      database.write(() => {
        const left = Duration.isZero(lease)
        const life = { worker: fromName(worker.id), left, length: Duration.toMillis(left ? leftTtl : lease) }
        leases.set(life, worker.workflows)
        older.set(life)
        leases.removePast()
      }),
    workers: Effect.map(
      database.read(() => [leases.present(), older.present()] as const),
      ([rows, olderRows]) => {
        const living = new Map<string, WorkerRecord>()
        for (const row of olderRows) if (isAlive(row)) living.set(row.worker, { id: idOf(row) })
        for (const row of rows) {
          if (row.has_left === 0 && isOfThisBoot(row) && isAlive(row)) living.set(row.worker, recordOf(row))
        }
        const left = rows.filter(({ has_left, worker }) => has_left === 1 && !living.has(worker)).map(idOf)
        return { living: Array.from(living.values()), left }
      }
    )
  }
}

// internal

/** What a heartbeat says. */
interface Life {
  /** The column of the worker. */
  readonly worker: string
  readonly left: boolean
  /** In milliseconds: how long the worker lives, or how long it is known that it has left. */
  readonly length: number
}

/** A process by its columns. */
interface Process {
  readonly worker: string
  readonly pid: number
  readonly started: string
}

interface Lease extends Process {
  readonly workflows: string
  readonly has_left: number
  readonly clock: string
}

const leasesOf = ({ connection, sinceTrouble }: Database) => {
  const isPast = `length <= ?4 AND CASE WHEN clock = ?1 AND clock <> '' THEN until <= ?2 ELSE wall_until <= ?3 END`
  const now = () => [clock, bootNow(), liveNow(), sinceTrouble()] as const
  const set = connection.prepare(`
    INSERT OR REPLACE INTO leases (worker, workflows, has_left, length, clock, until, wall_until, pid, started)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
  `)
  const present = numbered(
    connection,
    `
    SELECT worker, workflows, ${integer("has_left")} AS has_left, clock, ${integer("pid")} AS pid, started
    FROM leases WHERE NOT (${isPast}) ORDER BY worker
  `
  )
  // Together with their other rows, which would live on when the wall clock was put back.
  const removeOlder = numbered(
    connection,
    `
    DELETE FROM workers WHERE until <= ?3
      OR (worker, pid, started) IN (SELECT worker, pid, started FROM leases WHERE ${isPast})
  `
  )
  const remove = numbered(connection, `DELETE FROM leases WHERE ${isPast}`)
  const started = startOf(process.pid)
  return {
    set: ({ left, length, worker }: Life, workflows: WorkerRecord["workflows"]): void => {
      const ends = [bootNow() + length, liveNow() + length] as const
      set.run(worker, JSON.stringify(workflows ?? null), left ? 1 : 0, length, clock, ...ends, process.pid, started)
    },
    removePast: (): void => {
      removeOlder.run(...now())
      remove.run(...now())
    },
    present: () => present.all(...now()) as Array<unknown> as ReadonlyArray<Lease>
  }
}

/** The table of older releases, in which this one tells them of its workers and finds theirs. */
const olderOf = ({ connection }: Database) => {
  const set = connection.prepare("INSERT OR REPLACE INTO workers (worker, until, pid, started) VALUES (?, ?, ?, ?)")
  const remove = connection.prepare("DELETE FROM workers WHERE worker = ?")
  const present = connection.prepare(`
    SELECT worker, ${integer("pid")} AS pid, started FROM workers WHERE until > ? AND NOT EXISTS (
      SELECT 1 FROM leases
      WHERE leases.worker = workers.worker AND leases.pid = workers.pid AND leases.started = workers.started
    )
    ORDER BY worker
  `)
  const started = startOf(process.pid)
  return {
    set: ({ left, length, worker }: Life): void => {
      if (left) remove.run(worker)
      else set.run(worker, liveNow() + length, process.pid, started)
    },
    present: () => present.all(liveNow()) as Array<unknown> as ReadonlyArray<Process>
  }
}

const idOf = ({ worker }: Process): WorkerId => WorkerId.make(toName(worker))

const recordOf = (row: Lease): WorkerRecord => workerOf(idOf(row), Option.getOrUndefined(parsed(row.workflows)))

const textOf = (read: () => string): string => Result.getOrElse(Result.try(read), () => "")

/** Names this boot of the machine; empty where there is no name to be had. */
const boot = textOf(() => readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim())

/** Names the clock by which leases run: this boot, and the namespace that may shift the clock. Empty when it has no name. */
const clock = boot === "" ? "" : `${boot} ${textOf(() => readlinkSync("/proc/self/ns/time"))}`

/** The time in milliseconds since the machine booted. */
const bootNow = (): number => Number(process.hrtime.bigint()) / 1e6

/** Whether a lease may be of a process that still is: none outlives a boot. */
const isOfThisBoot = (row: Lease): boolean => row.clock === "" || clock === "" || row.clock.split(" ")[0] === boot

const isAlive = ({ pid, started }: Process): boolean => {
  if (started === "") return answersSignals(pid)
  // In another container the same number is another process: then only the time tells.
  return !started.startsWith(`${numbering} `) || started === startOf(pid)
}

/** Where process ids mean the same: this boot of the machine, and the namespace of the process. */
const numbering = `${boot} ${textOf(() => readlinkSync("/proc/self/ns/pid"))}`

/** Tells a process from a later one with the same id: its start in clock ticks. Empty when there is none to be seen. */
const startOf = (pid: number): string => {
  const stat = textOf(() => readFileSync(`/proc/${pid}/stat`, "utf8"))
  // The name of the program comes second, in parentheses, and may contain anything; the state follows it.
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ")
  const ended = fields[0] === "Z" || fields[0] === "X"
  return fields[19] === undefined || ended ? "" : `${numbering} ${fields[19]}`
}

const answersSignals = (pid: number): boolean =>
  Result.match(
    Result.try(() => process.kill(pid, 0)),
    {
      onSuccess: () => true,
      onFailure: (cause) => Predicate.hasProperty(cause, "code") && cause.code === "EPERM"
    }
  )
