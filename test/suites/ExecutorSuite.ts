/**
 * What every executor promises. Each title begins with the number of the promise of `docs/semantics.md` that the test proves.
 *
 * ```ts no-run
 * suite("SQLite", { store: Sqlite.layer({ filename }) })
 * ```
 */
import { describe } from "@effect/vitest"
import type { Duration, Layer } from "effect"
import type { WorkflowStore } from "perdure/Store/WorkflowStore"
import { makeIt } from "./executor/Area.ts"
import { blocking } from "./executor/blocking.ts"
import { evicting, limiting, sizing } from "./executor/bounding.ts"
import { calling } from "./executor/calling.ts"
import { describing } from "./executor/describing.ts"
import { cancelling, terminating } from "./executor/ending.ts"
import { modelled } from "./executor/model.ts"
import { retrying, timingOut } from "./executor/retrying.ts"
import { outlasting, shuttingDown } from "./executor/failing.ts"
import { messaging, takingOver } from "./executor/sharing.ts"
import { signalling } from "./executor/signalling.ts"
import { sleeping } from "./executor/sleeping.ts"
import { starting } from "./executor/starting.ts"
import { telling } from "./executor/telling.ts"

export interface Options<E> {
  /** The store below the executor, empty whenever the layer is built. */
  readonly store: Layer.Layer<WorkflowStore, E>
  /** How long a test may take: 30 seconds unless told. */
  readonly timeout?: Duration.Input
}

/** Defines the tests of the default executor on a store. */
export const suite = <E>(name: string, options: Options<E>): void => {
  const it = makeIt({ store: options.store, timeout: options.timeout ?? "30 seconds" })
  describe(`the executor on ${name}`, () => {
    for (const area of [
      starting,
      calling,
      retrying,
      timingOut,
      signalling,
      sleeping,
      cancelling,
      terminating,
      describing,
      blocking,
      telling,
      evicting,
      limiting,
      sizing,
      messaging,
      takingOver,
      outlasting,
      shuttingDown,
      modelled
    ])
      area(it)
  })
}
