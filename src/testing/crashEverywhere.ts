/**
 * Crashes a workflow everywhere: at every commit, in each of its three places, and again in what follows.
 */
import * as Cause from "effect/Cause"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import type * as Layer from "effect/Layer"
import type * as Default from "../Executor/Default.ts"
import type { DurableExecutor } from "../Executor/DurableExecutor.ts"
import type { Executions } from "../Executor/Executions.ts"
import type { ClosingEvent, HistoryEvent } from "../HistoryEvent.ts"
import { count, first as firstOf } from "../internal/options.ts"
import type { StoreError } from "../Store/WorkflowStore.ts"
import type { WorkflowError } from "../WorkflowError.ts"
import type { WorkflowHandle } from "../WorkflowHandle.ts"
import { CrashFailure } from "./CrashFailure.ts"
import { endOf, faultOf, historyOf, otherEnd } from "./checks.ts"
import { type Crash, crashesOf, places, tokenOf } from "./crashes.ts"
import { live, type Lived, type Target } from "./Life.ts"
import { inRealTime } from "./Turns.ts"

/**
 * How an execution ended.
 *
 * @category models
 * @since 0.2.0
 */
export interface Ended<Success, Error> {
  readonly exit: Exit.Exit<Success, Error | WorkflowError>
  /** The events of the execution, of all its runs. */
  readonly history: ReadonlyArray<HistoryEvent>
  /** Where processes died on the way. */
  readonly crashes: ReadonlyArray<Crash>
}

/**
 * What an execution lives through.
 *
 * @category models
 * @since 0.2.0
 */
export interface Scenario<Success, Error, E = never> {
  /** The workflow with the handlers of its activities. It is built anew for each process, so what it keeps in memory is lost with that. */
  readonly layer: Layer.Layer<never, E, Default.Services>
  /**
   * What the outside does, from the moment when the execution is started: it sends, asks and sleeps, and time passes by itself. Default:
   * nothing. It runs once, outside of the processes that die: what it asks is answered in the end, and what it sends is sent once.
   */
  readonly script?: (
    handle: WorkflowHandle<Success, Error>
  ) => Effect.Effect<unknown, unknown, DurableExecutor | Executions>
  /**
   * Whether the script is part of the process: it dies with it, and begins again in the next one, until it has come to its end once. What is
   * repeated like this must send signals with a `key`. Default false.
   */
  readonly scriptRestarts?: boolean
  /** What must hold in the end: it throws, fails or returns `false` where it does not. */
  readonly invariant?: (ended: Ended<Success, Error>) => Effect.Effect<unknown, unknown> | boolean | void
}

/**
 * Settings of `crashEverywhere`.
 *
 * @category models
 * @since 0.2.0
 */
export interface CrashOptions {
  /** Runs the one life that a failure has named, and shows what it logs. */
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
 * - it ends as it does without a crash, or in one of the ways in which it does;
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
): Effect.Effect<CrashReport, CrashFailure | E> =>
  Effect.suspend(() => {
    const settings = settingsOf(options)
    const make = typeof scenario === "function" ? scenario : () => scenario
    const crashing = new Crashing(workflow, input, make, settings.replay !== undefined)
    return settings.replay === undefined ? crashing.all(settings.recovery) : crashing.one(settings.replay)
  })

// internal

/** So many lives without a crash show the ways in which an execution ends. */
const calmLives = 2

/** No execution that is crashed everywhere makes so many commits. */
const mostCommits = 1000

const settingsOf = ({ recovery = 3, replay }: CrashOptions) => {
  const crashes = replay === undefined ? undefined : crashesOf(replay)
  const fault = firstOf(
    recovery === 0 ? undefined : count("recovery", recovery),
    replay === undefined || crashes !== undefined
      ? undefined
      : `replay must be what a failure has named, such as "3-stored", and is ${JSON.stringify(replay)}`
  )
  if (fault !== undefined) throw new TypeError(`the options of crashEverywhere: ${fault}`)
  return { recovery, replay: crashes }
}

class Crashing<Input, Success, Error, E> {
  private readonly workflow: Target<Input, Success, Error>
  private readonly input: Input
  private readonly make: () => Scenario<Success, Error, E>
  private readonly isLoud: boolean
  private readonly calm: Array<ClosingEvent> = []
  private lives = 0
  private commits = 0

  constructor(
    workflow: Target<Input, Success, Error>,
    input: Input,
    make: () => Scenario<Success, Error, E>,
    isLoud: boolean
  ) {
    this.workflow = workflow
    this.input = input
    this.make = make
    this.isLoud = isLoud
  }

  /** Every crash, alone and followed by those of the recovery. */
  all(recovery: number): Effect.Effect<CrashReport, CrashFailure | E> {
    return Effect.gen({ self: this }, function* () {
      yield* this.calmly
      const firsts = yield* this.everyAfter([], mostCommits)
      for (const first of firsts) yield* this.everyAfter([first], Math.min(recovery, mostCommits))
      return { lives: this.lives, commits: this.commits }
    })
  }

  /** One life alone. */
  one(crashes: ReadonlyArray<Crash>): Effect.Effect<CrashReport, CrashFailure | E> {
    return Effect.gen({ self: this }, function* () {
      yield* this.calmly
      if (crashes.length > 0) yield* this.attempt(crashes)
      return { lives: this.lives, commits: this.commits }
    })
  }

  /** Learns how the execution ends without a crash. */
  private get calmly(): Effect.Effect<void, CrashFailure | E> {
    return Effect.gen({ self: this }, function* () {
      for (let life = 0; life < calmLives; life++) yield* this.attempt([])
    })
  }

  /** Some crashes, followed by every other one up to a commit; returns the ones that have come. */
  private everyAfter(
    crashes: ReadonlyArray<Crash>,
    last: number
  ): Effect.Effect<ReadonlyArray<Crash>, CrashFailure | E> {
    return Effect.gen({ self: this }, function* () {
      const come: Array<Crash> = []
      for (let commit = 1; commit <= last; commit++) {
        for (const place of places) {
          const next = { commit, place }
          const { crashed } = yield* this.attempt([...crashes, next])
          if (crashed <= crashes.length) return come
          come.push(next)
        }
      }
      return come
    })
  }

  private attempt(crashes: ReadonlyArray<Crash>): Effect.Effect<Lived<Success, Error>, CrashFailure | E> {
    return Effect.gen({ self: this }, function* () {
      const { input, isLoud, workflow } = this
      const scenario = this.make()
      const { invariant, layer, script = () => Effect.void, scriptRestarts = false } = scenario
      this.lives++
      const life = yield* live({ workflow, input, layer, script, scriptRestarts, crashes, isLoud }).pipe(
        Effect.catchIf(isStoreError, Effect.die)
      )
      const history = historyOf(life.commits, life.workflowId)
      const fail = (why: string, cause?: unknown) =>
        new CrashFailure({ workflow: workflow.name, crashes, why, history, replay: tokenOf(crashes), cause })
      // A program that reads the clock of the machine is replayed at another time.
      if (crashes.length === 0) yield* inRealTime(Effect.sleep(2))
      const fault = faultOf(life)
      if (fault !== undefined || life.end === undefined || life.closing === undefined) {
        return yield* fail(fault ?? "it did not end")
      }
      const { closing, end: exit } = life
      if (crashes.length === 0) {
        this.calm.push(closing)
        this.commits = life.commits.length
      } else if (!this.calm.some((calm) => endOf(calm) === endOf(closing))) {
        return yield* fail(otherEnd(closing, this.calm))
      }
      const broken = yield* brokenBy(() => invariant?.({ exit, history, crashes }))
      if (broken !== undefined) return yield* fail(broken.why, broken.cause)
      return life
    })
  }
}

const isStoreError = (error: unknown): error is StoreError =>
  typeof error === "object" && error !== null && "_tag" in error && error._tag === "StoreError"

/** How an invariant is broken; `undefined` when it holds. */
const brokenBy = (
  invariant: () => Effect.Effect<unknown, unknown> | boolean | void
): Effect.Effect<{ readonly why: string; readonly cause?: unknown } | undefined> =>
  Effect.suspend(() => {
    const said = invariant()
    return Effect.isEffect(said) ? said : Effect.succeed(said)
  }).pipe(
    Effect.matchCause({
      onSuccess: (said) => (said === false ? { why: "its invariant does not hold" } : undefined),
      onFailure: (cause) => ({ why: `its invariant does not hold: ${Cause.pretty(cause)}`, cause: Cause.squash(cause) })
    })
  )
