/**
 * Which workers live. Only processes of one machine share a file, so the store looks at the lease of a worker and at its
 * process: a worker whose process is gone is gone at once.
 */
import { readFileSync, readlinkSync } from "node:fs"
import type { SQLOutputValue } from "node:sqlite"
import * as Duration from "effect/Duration"
import * as Predicate from "effect/Predicate"
import * as Result from "effect/Result"
import { WorkerId } from "../../Ids.ts"
import type { Driver } from "../WorkflowStore.ts"
import { type Database, liveNow } from "./Database.ts"

/** Records workers and returns the living ones. */
export const make = (database: Database): Pick<Driver, "heartbeat" | "workers"> => {
  const { connection } = database
  const set = connection.prepare(`
    INSERT INTO workers (worker, until, pid, started) VALUES (?, ?, ?, ?)
    ON CONFLICT DO UPDATE SET until = excluded.until, pid = excluded.pid, started = excluded.started
  `)
  const remove = connection.prepare("DELETE FROM workers WHERE worker = ?")
  const removePast = connection.prepare("DELETE FROM workers WHERE until <= ?")
  const present = connection.prepare("SELECT worker, pid, started FROM workers WHERE until > ? ORDER BY worker")
  const started = startOf(process.pid)
  return {
    heartbeat: (worker, lease) =>
      database.write(() => {
        if (Duration.isZero(lease)) remove.run(worker)
        else set.run(worker, liveNow() + Duration.toMillis(lease), process.pid, started)
        removePast.run(liveNow())
      }),
    workers: database.read(() =>
      present
        .all(liveNow())
        .filter(isAlive)
        .map(({ worker }) => WorkerId.make(String(worker)))
    )
  }
}

// internal

const isAlive = ({ pid, started }: Record<string, SQLOutputValue>): boolean => {
  const [recorded, now] = [String(started), startOf(Number(pid))]
  if (recorded === "") return answersSignals(Number(pid))
  // In another container the same number is another process: then only the time tells.
  return !recorded.startsWith(`${numbering} `) || recorded === now
}

/** Where process ids mean the same: this boot of the machine, and the namespace of the process. */
const numbering = [
  Result.try(() => readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim()),
  Result.try(() => readlinkSync("/proc/self/ns/pid"))
]
  .map(Result.getOrElse(() => ""))
  .join(" ")

/** Tells a process from a later one with the same id: its start in clock ticks. Empty when there is none to be seen. */
const startOf = (pid: number): string => {
  const stat = Result.getOrElse(
    Result.try(() => readFileSync(`/proc/${pid}/stat`, "utf8")),
    () => ""
  )
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
