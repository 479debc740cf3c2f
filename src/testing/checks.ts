/**
 * What must hold of a life, whatever crashes in it.
 */
import type { Registration } from "../Executor/WorkflowRegistry.ts"
import type { ClosingEvent, HistoryEvent } from "../HistoryEvent.ts"
import { describe } from "../internal/core/match.ts"
import { byRun } from "../internal/store/runs.ts"
import type { Commit } from "../Store/WorkflowStore.ts"
import type { Course } from "./LifeRun.ts"
import { disagreement, programOf } from "./replaying.ts"
import type { Began } from "./Watched.ts"

/** What is known of a life that can be checked, whatever its types. */
type Checked = Pick<Course<unknown, unknown>, "began" | "commits" | "fault" | "programs">

/** What does not hold of a life; `undefined` when all is well. */
export const faultOf = (life: Checked): string | undefined =>
  // First what is nearest to the cause: a handler that ran again may well be why the execution is blocked.
  repeated(life.began) ?? renamed(life.began) ?? life.fault ?? disagreements(life.commits, life.programs)

/** The history of an execution over all its runs. */
export const historyOf = (
  commits: ReadonlyArray<Commit>,
  workflowId: string | undefined
): ReadonlyArray<HistoryEvent> =>
  commits.filter((commit) => commit.workflowId === workflowId).flatMap(({ events }) => events)

/** What tells ends apart: all but when they came, and what names lines of code. */
export const endKeyOf = (closing: ClosingEvent): string =>
  JSON.stringify(closing, (key, value: unknown) =>
    key === "at" || key === "stack" || key === "detail" ? undefined : value
  )

/** An end that differs from the ends without a crash. */
export const otherEnd = (closing: ClosingEvent, calm: ReadonlyArray<ClosingEvent>): string => {
  const words = describe(closing)
  const others = [...new Set(calm.map(describe))]
  return others.includes(words)
    ? `it ended with ${endKeyOf(closing)}, and without a crash with ${calm.map(endKeyOf).join(" or ")}`
    : `it ended with ${words}, and without a crash with ${others.join(" or ")}`
}

// internal

const repeated = (began: ReadonlyArray<Began>): string | undefined => {
  const late = began.find(({ isOver }) => isOver)
  return late === undefined
    ? undefined
    : `attempt ${late.attempt} of activity ${late.activity} began after its result was recorded`
}

/** A call of which two attempts had two idempotency keys, or whose key another call had. */
const renamed = (began: ReadonlyArray<Began>): string | undefined => {
  const keys = new Map<string, string>()
  const calls = new Map<string, string>()
  for (const { activity, attempt, call, key } of began) {
    if ((keys.get(call) ?? key) !== key) {
      return `attempt ${attempt} of activity ${activity} had another idempotency key than the attempt before it`
    }
    if ((calls.get(key) ?? call) !== call) {
      return `attempt ${attempt} of activity ${activity} had the idempotency key of another call`
    }
    keys.set(call, key)
    calls.set(key, call)
  }
  return undefined
}

const disagreements = (
  commits: ReadonlyArray<Commit>,
  programs: ReadonlyMap<string, Registration>
): string | undefined => {
  for (const run of byRun(commits).values()) {
    const history = run.flatMap(({ events }) => events)
    const registration = programOf(programs, history)
    const wrong = registration === undefined ? undefined : disagreement(registration.program, history)
    if (wrong !== undefined) return `replayed at the end, ${wrong}\n${hint}`
  }
  return undefined
}

const hint =
  "The code is the same, so what it asks for depends on something that its history does not have, such as Date.now(), Math.random() or a " +
  "variable outside of the program: take the time from Clock, numbers from Random, and all else from activities."
