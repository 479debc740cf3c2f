/**
 * Folds the oldest rows of the log into the tables: one row for the summary of an execution, and one for its commits.
 *
 * A fold rides on the transactions of others, a slice at a time, and each slice takes whole rows of the log.
 */
import type { DatabaseSync } from "node:sqlite"
import { fromIds } from "./Ids.ts"
import { fromName } from "./Row.ts"
import type { Entry, Key, Pending } from "./Entry.ts"
import type { Known, Log } from "./Log.ts"
import * as Summaries from "./Summaries.ts"

/** Moves rows from the log into the tables, within a transaction. */
export interface Fold {
  /** Folds a slice if the log is long. */
  readonly ease: () => void
  /** Folds a slice of the rows up to a position; whether all of them are folded now. */
  readonly upTo: (position: number) => boolean
  /** Whether the log is so long that nothing may be added before it is shorter. */
  readonly isTooLong: () => boolean
}

/** Folds the log of a database. */
export const make = (connection: DatabaseSync, log: Log): Fold => {
  // Prepared when it is first of use, which a process that only reads never has.
  let fold: ReturnType<typeof folder> | undefined
  let easing = false
  /** Folds rows while there is time and a reason. */
  const slice = (wanted: () => boolean): void => {
    const ends = performance.now() + sliceTime
    let position = 0
    while (log.oldest !== undefined && wanted()) {
      position = log.takeRow((fold ??= folder(connection, log)))
      if (performance.now() >= ends) break
    }
    if (position > 0) log.removeUpTo(position)
  }
  return {
    ease: () => {
      if (isLong(log, 1)) easing = true
      if (easing) slice(() => isLongEnough(log))
      easing &&= isLongEnough(log)
    },
    upTo: (position) => {
      slice(() => log.oldest! <= position)
      return log.oldest === undefined || log.oldest > position
    },
    isTooLong: () => isLong(log, 2)
  }
}

// internal

/**
 * For so long rows are folded in a row, in milliseconds. The last one, of 64 commits at most, takes a millisecond at worst, and together they
 * must be less than 2.
 */
const sliceTime = 0.75

/**
 * How long a log may be before it is folded, in commits and in characters: long enough that most executions are folded once, when they are
 * over. The more executions are moving, the longer that takes.
 */
const linesAtMost = ({ moving }: Log): number => Math.min(8192, Math.max(2048, moving * 24))
const lengthAtMost = 4 * 1024 * 1024

/** How many commits a fold takes at least, so that it has enough to do for its pages; half of a log that is short. */
const linesAtOnce = 2048

const isLong = (log: Log, times: number): boolean =>
  log.lines > linesAtMost(log) * times || log.length > lengthAtMost * times

/** Whether a fold that has begun goes on. */
const isLongEnough = (log: Log): boolean => {
  const most = linesAtMost(log)
  return log.lines > Math.max(most / 2, most - linesAtOnce) || log.length > lengthAtMost / 2
}

/** How many commits, and how many characters of events, are one row of `segments` at most. */
const commitsAtMost = 1024
const eventsAtMost = 512 * 1024

const folder = (connection: DatabaseSync, log: Log) => {
  const summarize = Summaries.make(connection)
  // In place of another one only where that is damaged: no version is there twice.
  const insert = connection.prepare(`
    INSERT OR REPLACE INTO segments (execution, first, version, id, run_id, format, events) VALUES (?, ?, ?, ?, ?, ?, ?)
  `)
  const write = (key: Key, commits: ReadonlyArray<Pending>) => {
    const { format, runId, version } = commits[0]!
    const ids = fromIds(commits.map(({ id }) => id))
    const events = commits.length === 1 ? commits[0]!.events : commits.map(({ events }) => events).join("\n")
    const last = commits.at(-1)!.version
    const { lastInsertRowid } = insert.run(key, version, last, ids, fromName(runId), format, events)
    log.news.segment = Number(lastInsertRowid)
  }
  return (entry: Entry): Known | undefined => {
    const key = summarize(entry)
    const { commits, runId, summary, version } = entry
    let from = 0
    let length = 0
    for (const [index, commit] of commits.entries()) {
      length += commit.events.length
      if (index > from && !belongs(commits, from, index, length)) {
        write(key, commits.slice(from, index))
        from = index
        length = commit.events.length
      }
    }
    write(key, from === 0 ? commits : commits.slice(from))
    return summary?.closedAt !== undefined || runId === undefined ? undefined : { key, version, runId }
  }
}

/** Whether a commit goes into the row of the ones before it. */
const belongs = (commits: ReadonlyArray<Pending>, from: number, index: number, length: number): boolean => {
  const [first, before, commit] = [commits[from]!, commits[index - 1]!, commits[index]!]
  return (
    commit.version === before.version + 1 &&
    commit.runId === first.runId &&
    commit.format === first.format &&
    index - from < commitsAtMost &&
    length <= eventsAtMost
  )
}
