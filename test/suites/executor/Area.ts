/** What the parts of the suite are given: tests that each have a world of their own. */
import { it as vitest } from "@effect/vitest"
import { Duration, Effect, type Layer, Logger, type Schema, type Scope } from "effect"
import { TestClock } from "effect/testing"
import type { WorkflowStore } from "perdure/Store/WorkflowStore"
import * as World from "./World.ts"

export interface Settings {
  /** A store that is empty whenever the layer is built. */
  readonly store: Layer.Layer<WorkflowStore, unknown>
  readonly timeout: Duration.Input
}

/** What a test does, in a world of its own. */
export type Body = Effect.Effect<void, unknown, World.World | Scope.Scope>

export interface It {
  /** A test in virtual time. */
  readonly effect: (title: string, body: () => Body) => void
  /** A test in real time. */
  readonly live: (title: string, body: () => Body) => void
  /** A test in virtual time with many values, a world each. */
  readonly prop: <A>(title: string, schema: Schema.Schema<A>, runs: number, body: (value: A) => Body) => void
}

/** A part of the suite. */
export type Area = (it: It) => void

/** What executors log of faults that a test wants is not to be read with its report. */
const silence = Logger.layer([])

/** The tests of a part, on stores made by a layer. */
export const makeIt = ({ store, timeout }: Settings): It => {
  const milliseconds = Duration.toMillis(Duration.fromInputUnsafe(timeout))
  const inWorld = (body: Body) => Effect.scoped(body).pipe(Effect.provide(World.layer(store), { local: true }))
  return {
    // A first step of the clock, without which one that sleeps while it is interrupted would not.
    effect: (title, body) =>
      vitest.effect(title, () => Effect.andThen(TestClock.adjust(0), inWorld(body())), milliseconds),
    live: (title, body) => vitest.live(title, () => Effect.provide(inWorld(body()), silence), milliseconds),
    prop: (title, schema, runs, body) =>
      vitest.effect.prop(title, [schema], ([value]) => inWorld(body(value)), {
        timeout: milliseconds,
        arbitrary: { runs }
      })
  }
}
