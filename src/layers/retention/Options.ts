/**
 * What is kept, and for how long.
 */
import * as Duration from "effect/Duration"
import { count, type Fault, first, shown, time } from "../../internal/options.ts"
import { isFinal, WorkflowStatus } from "../../WorkflowState.ts"

/**
 * How an execution has ended.
 *
 * @category models
 * @since 0.2.0
 */
export type EndStatus = Exclude<WorkflowStatus, "running" | "blocked">

/**
 * How long executions are kept after their end.
 *
 * @category models
 * @since 0.2.0
 */
export interface Rule {
  /** Executions of this workflow, by its name; absent for all. */
  readonly workflow?: string
  /** Executions that ended so; absent for every end. */
  readonly status?: ReadonlyArray<EndStatus>
  /** How long they are kept after their end; `"Infinity"` for ever. */
  readonly after: Duration.Input
}

/**
 * What is removed, and how fast.
 *
 * @category models
 * @since 0.2.0
 */
export interface Options {
  /** How long executions are kept after their end. Of rules, the first one that fits an execution counts; one that none fits is kept. */
  readonly closed?: Duration.Input | ReadonlyArray<Rule> | undefined
  /**
   * How long runs are kept after their end when another run of the same id came after them, as it does with `continueAsNew`. The history
   * and the results of runs that are removed are gone. Absent: as long as their execution.
   */
  readonly olderRuns?: Duration.Input | undefined
  /** The pause between two looks through the store. Default: a minute. */
  readonly every?: Duration.Input | undefined
  /** How many executions are looked at, and removed if that is due, in a second. Default: 100. */
  readonly perSecond?: number | undefined
}

/**
 * What was removed: whole executions, and the older runs of executions that stay.
 *
 * @category models
 * @since 0.2.0
 */
export interface Removed {
  readonly executions: number
  readonly runs: number
}

/** A rule in milliseconds. */
export interface Keeping {
  readonly workflow: string | undefined
  readonly status: ReadonlyArray<EndStatus>
  readonly milliseconds: number
}

export interface Settings {
  readonly rules: ReadonlyArray<Keeping>
  readonly olderRuns: number | undefined
  /** In milliseconds. */
  readonly every: number
  readonly perSecond: number
}

/** The settings of options. Throws a `TypeError` for options that make no sense. */
export const settingsOf = (options: Options): Settings => {
  const { closed, every = "1 minute", olderRuns, perSecond = 100 } = options
  const rules = Array.isArray(closed)
    ? (closed as ReadonlyArray<Rule>)
    : closed === undefined
      ? []
      : [{ after: closed as Duration.Input }]
  const fault = faultOf(options, rules)
  if (fault !== undefined) throw new TypeError(`the retention: ${fault}`)
  return {
    rules: rules.map(({ after, status = ends, workflow }) => ({ workflow, status, milliseconds: millis(after) })),
    olderRuns: olderRuns === undefined ? undefined : millis(olderRuns),
    every: millis(every),
    perSecond
  }
}

// internal

const ends = WorkflowStatus.literals.filter((status): status is EndStatus => isFinal(status))

const millis = (input: Duration.Input): number => Duration.toMillis(Duration.fromInputUnsafe(input))

const faultOf = (options: Options, rules: ReadonlyArray<Rule>): Fault => {
  const { closed, every, olderRuns, perSecond } = options
  return first(
    unknownIn(options, "the options", ["closed", "olderRuns", "every", "perSecond"]),
    rules.length === 0 && olderRuns === undefined
      ? 'nothing is to be removed: say how long to keep what ended, such as closed: "30 days"'
      : undefined,
    ...(Array.isArray(closed)
      ? rules.map((rule, index) => faultOfRule(rule, `rule ${index + 1}`))
      : [time("closed", closed as Duration.Input | undefined, { unlimited: true })]),
    time("olderRuns", olderRuns, { unlimited: true }),
    time("every", every),
    perSecond === Number.POSITIVE_INFINITY ? "perSecond must be finite" : count("perSecond", perSecond)
  )
}

/** What is misspelt is not left out: a rule without its condition would remove everything. */
const unknownIn = (given: object, what: string, known: ReadonlyArray<string>): Fault => {
  const unknown = Object.keys(given).find((name) => !known.includes(name))
  return unknown === undefined ? undefined : `${what} know no ${JSON.stringify(unknown)}, but ${known.join(", ")}`
}

const faultOfRule = (rule: Rule, name: string): Fault => {
  if (typeof rule !== "object" || rule === null) return `${name} is ${shown(rule)}`
  const { after, status, workflow } = rule
  return first(
    unknownIn(rule, `the fields of ${name}`, ["workflow", "status", "after"]),
    after === undefined ? `${name} does not say after which time` : time(`${name}: after`, after, { unlimited: true }),
    !("workflow" in rule) || typeof workflow === "string"
      ? undefined
      : `${name}: workflow must be the name of a workflow, and is ${shown(workflow)}`,
    !("status" in rule) || (Array.isArray(status) && status.length > 0 && status.every((each) => ends.includes(each)))
      ? undefined
      : `${name}: status must be some of ${ends.join(", ")}, and is ${shown(status)}`
  )
}
