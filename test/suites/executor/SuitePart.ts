/** What the parts of the suites are given: tests that each have a laboratory of their own. */
import { type Arbitrary, Duration, Effect, type Layer, Logger, type Schema, type Scope, Stream } from "effect"
import { TestClock } from "effect/testing"
import { Verify } from "perdure"
import * as Default from "perdure/Executor/Default"
import type { Executions } from "perdure/Executor/Executions"
import { type StoreError, WorkflowStore } from "perdure/Store/WorkflowStore"
import { assert } from "../assert.ts"
import { inRealTime, inVirtualTime, type Runner } from "../Runner.ts"
import * as Lab from "./Lab.ts"

export interface Options {
  /** The store below the executor, empty whenever the layer is built. */
  readonly store: Layer.Layer<WorkflowStore, unknown>
  /** The executor under test: the default one unless told. */
  readonly executor?: (options: Default.Options) => Layer.Layer<Default.Services, StoreError, WorkflowStore>
  /** How long a test may take: 30 seconds unless told. */
  readonly timeout?: Duration.Input
  /** Titles of tests that are left out because they take too long. Each must be there. */
  readonly leaveOut?: ReadonlyArray<string>
  /** How many values a test with many of them tries at most. */
  readonly runs?: number
}

/** What a test does, in a laboratory of its own. */
export type Body = Effect.Effect<void, unknown, Lab.Lab | Executions | Scope.Scope>

export interface It {
  /** A test in virtual time. */
  readonly effect: (title: string, body: () => Body) => void
  /** A test in real time. */
  readonly live: (title: string, body: () => Body) => void
  /** A test in virtual time with many values, a laboratory each. */
  readonly prop: <A>(
    title: string,
    schema: Schema.Schema<A>,
    runs: number,
    body: (value: A) => Body,
    /** How large the values are, and which: other ones each time unless told. */
    values?: Pick<Arbitrary.CheckOptions, "size" | "seed">
  ) => void
}

/** A part of a suite. */
export type SuitePart = (it: It) => void

/** What executors log of faults that a test wants is not to be read with its report. */
const silence = Logger.layer([])

/** `PROPERTY='[…]'`, with what is printed after `Replay:`, tries that value alone; name the test with `-t`. */
const replay = process.env["PROPERTY"] as Arbitrary.Replay | undefined

/** What a test leaves behind is sound. */
const sound = Effect.gen(function* () {
  const { store } = yield* Lab.Lab
  const verdicts = yield* Stream.runCollect(Verify.stream()).pipe(Effect.provideService(WorkflowStore, store))
  assert.deepStrictEqual(
    verdicts.filter(({ faults }) => faults.length > 0),
    []
  )
})

/** The tests of a part, on stores made by a layer. */
export const makeIt = (runner: Runner, options: Options): It => {
  const { executor = Default.layerWith, leaveOut = [], runs: most = Number.POSITIVE_INFINITY, store } = options
  const milliseconds = Duration.toMillis(Duration.fromInputUnsafe(options.timeout ?? "30 seconds"))
  const [virtual, real] = [inVirtualTime(runner), inRealTime(runner)]
  const lab = Lab.layer({ store, executor })
  const inLab = (body: Body) => Effect.andThen(Effect.scoped(body), sound).pipe(Effect.provide(lab, { local: true }))
  const wanted = (title: string, define: () => void) => (leaveOut.includes(title) ? undefined : define())
  return {
    // A first step of the clock, without which one that sleeps while it is interrupted would not.
    effect: (title, body) =>
      wanted(title, () => virtual(title, () => Effect.andThen(TestClock.adjust(0), inLab(body())), milliseconds)),
    live: (title, body) => wanted(title, () => real(title, () => Effect.provide(inLab(body()), silence), milliseconds)),
    prop: (title, schema, runs, body, values = {}) =>
      virtual.prop(title, [schema], ([value]) => inLab(body(value)), {
        timeout: milliseconds,
        arbitrary: { ...values, runs: Math.min(runs, most), replay }
      })
  }
}
