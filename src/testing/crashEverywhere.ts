/**
 * Crashes a workflow everywhere: at every commit, in each of its three places, and again in what follows.
 */
import * as Effect from "effect/Effect"
import { type ClosingEvent, headlines } from "../HistoryEvent.ts"
import { count, first as firstOf } from "../internal/options.ts"
import { endKeyOf, otherEnd } from "./checks.ts"
import type { LifeFailure } from "./LifeFailure.ts"
import type { Target } from "./LifeRun.ts"
import { calm, type Crash, type Life, places } from "./lives.ts"
import { type Lived, lived, type LiveOptions, type Scenario, spreadOf, type Subject } from "./live.ts"
import { named } from "./tokens.ts"

/**
 * Settings of `crashEverywhere`.
 *
 * @category models
 * @since 0.2.0
 */
export interface CrashOptions extends LiveOptions {
  /** Runs the one life that a failure has named, and shows what it logs. Without `recovery`. */
  readonly replay?: string | undefined
  /**
   * At how many of its commits a recovery is crashed again, in each place; from the first one on, which takes the execution over. 0 for
   * none, `Infinity` for all. Default 3.
   */
  readonly recovery?: number | undefined
}

/**
 * What was tried.
 *
 * @category models
 * @since 0.2.0
 */
export interface CrashReport {
  /** How many times the execution was lived. */
  readonly lives: number
  /** How many commits there are without a crash. */
  readonly commits: number
}

/**
 * Lets an execution of a workflow live again and again, in virtual time and in memory, and kills its process in each life at another
 * commit: before it is stored, after that and before it is answered, and after it is answered. Then once more in what follows. Succeeds
 * when the execution survives all of it:
 *
 * - it ends as it does without a crash, or in one of the ways in which it does, which is no defect;
 * - its program agrees with its history, when the next process replays it and at the end;
 * - no handler begins after its result is recorded, and all attempts of a call have one idempotency key;
 * - the `invariant` holds.
 *
 * Fails with the first life that shows otherwise, which is the one with the fewest and earliest crashes.
 *
 * **When to use**
 *
 * Use for each workflow, with the script of what it waits for. Give a function that makes the scenario where handlers keep something
 * outside of their layers, such as counts: it is called for each life.
 *
 * **Gotchas**
 *
 * Handlers are to wait in virtual time (`Effect.sleep`) or not at all: of promises it is not known how long they take, so time may pass
 * before they are kept. A program that reads `Date.now()` is found out where that changes what it asks for, within the milliseconds of a
 * test.
 *
 * **Example** (An order that is paid once, whatever crashes)
 *
 * ```ts
 * import { Effect, Schema } from "effect"
 * import * as Layer from "effect/Layer"
 * import { Activity, Signal, Workflow } from "perdure"
 * import { crashEverywhere } from "perdure/testing"
 *
 * const Pay = Activity.make("Pay", { input: Schema.Int, success: Schema.String })
 * const Approve = Signal.make("approve")
 * const Order = Workflow.make("Order", { input: Schema.Int, success: Schema.String })
 * const OrderLive = Order.toLayer((cents) => Effect.andThen(Approve.receive, Pay(cents)))
 *
 * const program = crashEverywhere(Order, 100, () => {
 *   const paid = new Set<string>()
 *   const PayLive = Pay.toLayer((cents) => Effect.sync(() => void paid.add(`${cents}`)).pipe(Effect.as("receipt")))
 *   return {
 *     layer: OrderLive.pipe(Layer.provide(PayLive)),
 *     script: (order) => Effect.delay(Approve.send(order), "3 days"),
 *     invariant: () => paid.size === 1
 *   }
 * })
 *
 * await Effect.runPromise(Effect.map(program, ({ lives }) => lives > 10)) // => true
 * ```
 *
 * @category testing
 * @since 0.2.0
 */
export const crashEverywhere = <Input, Success, Error, E = never>(
  workflow: Target<Input, Success, Error>,
  input: NoInfer<Input>,
  scenario: Scenario<NoInfer<Success>, NoInfer<Error>, E> | (() => Scenario<NoInfer<Success>, NoInfer<Error>, E>),
  options: CrashOptions = {}
): Effect.Effect<CrashReport, LifeFailure | E> =>
  Effect.suspend(() => {
    const { life, recovery, spread } = settingsOf(options)
    const crashing = new Crashing({ workflow, input, scenario, isLoud: life !== undefined, spread, by })
    return life === undefined ? crashing.all(recovery) : crashing.one(life)
  })

// internal

/** So many lives without a crash show the ways in which an execution ends. */
const calmLives = 2

/** An execution that dies without a crash would survive every crash, and so hide a test whose layers are wrong. */
const defect = (closing: ClosingEvent): string | undefined =>
  closing._tag === "ExecutionFailed" && closing.failure._tag === "Die"
    ? `it ends with a defect, and nothing has crashed: ${headlines(closing.failure.defect)}`
    : undefined

/** No execution that is crashed everywhere makes so many commits. */
const mostCommits = 1000

const by = "crashEverywhere" as const

const settingsOf = (options: CrashOptions) => {
  const { recovery = 3, replay } = options
  const fault = firstOf(
    recovery === 0 ? undefined : count("recovery", recovery),
    replay === undefined || options.recovery === undefined
      ? undefined
      : "replay runs one life, and recovery is about many: leave one of them out"
  )
  if (fault !== undefined) throw new TypeError(`the options of ${by}: ${fault}`)
  const life = replay === undefined ? undefined : named(by, replay)
  return { recovery, life, spread: spreadOf(by, options) }
}

class Crashing<Input, Success, Error, E> {
  private readonly subject: Subject<Input, Success, Error, E>
  private readonly calm: Array<ClosingEvent> = []
  private lives = 0
  private commits = 0

  constructor(subject: Subject<Input, Success, Error, E>) {
    this.subject = subject
  }

  /** Every crash, alone and followed by those of the recovery. */
  all(recovery: number): Effect.Effect<CrashReport, LifeFailure | E> {
    return Effect.gen({ self: this }, function* () {
      yield* this.calmly
      const firsts = yield* this.everyAfter([], mostCommits)
      for (const first of firsts) yield* this.everyAfter([first], Math.min(recovery, mostCommits))
      return { lives: this.lives, commits: this.commits }
    })
  }

  /** One life alone. */
  one(life: Life): Effect.Effect<CrashReport, LifeFailure | E> {
    return Effect.gen({ self: this }, function* () {
      yield* this.calmly
      const { crashed, commits } = yield* this.attempt(life)
      const missed = life.crashes[crashed]
      if (missed !== undefined) {
        const said = `its crash at commit ${missed.commit} never came, since the life has ${commits} commits`
        return yield* Effect.die(
          new TypeError(`the options of crashEverywhere: replay names no life any more: ${said}`)
        )
      }
      return { lives: this.lives, commits: this.commits }
    })
  }

  /** Learns how the execution ends without a crash. */
  private get calmly(): Effect.Effect<void, LifeFailure | E> {
    return Effect.gen({ self: this }, function* () {
      for (let life = 0; life < calmLives; life++) {
        const { closing, commits } = yield* lived(this.subject, calm, { later: life === 0, check: defect })
        this.lives++
        this.calm.push(closing)
        this.commits = commits
      }
    })
  }

  /** Some crashes, followed by every other one up to a commit; returns the ones that have come. */
  private everyAfter(
    crashes: ReadonlyArray<Crash>,
    last: number
  ): Effect.Effect<ReadonlyArray<Crash>, LifeFailure | E> {
    return Effect.gen({ self: this }, function* () {
      const come: Array<Crash> = []
      for (let commit = 1; commit <= last; commit++) {
        for (const place of places) {
          const next = { commit, place }
          const { crashed } = yield* this.attempt({ crashes: [...crashes, next], order: 0 })
          if (crashed <= crashes.length) return come
          come.push(next)
        }
      }
      return come
    })
  }

  private attempt(life: Life): Effect.Effect<Lived<Success, Error>, LifeFailure | E> {
    this.lives++
    return lived(this.subject, life, {
      check: (closing) =>
        this.calm.some((calm) => endKeyOf(calm) === endKeyOf(closing)) ? undefined : otherEnd(closing, this.calm)
    })
  }
}
