/**
 * What the default executor promises beside `ExecutorSuite.ts`: how its workers take over from each other, the bounds of memory,
 * handlers and sizes, and what a store that fails does to it.
 */
import { evicting, limiting, sizing } from "./executor/bounding.ts"
import { deploying } from "./executor/deploying.ts"
import { enduring } from "./executor/enduring.ts"
import { outlasting, shuttingDown } from "./executor/failing.ts"
import { takingTurns } from "./executor/limiting.ts"
import { modelled } from "./executor/model.ts"
import { outliving } from "./executor/outliving.ts"
import { takingOver } from "./executor/sharing.ts"
import { makeIt, type Options, type SuitePart } from "./executor/SuitePart.ts"
import { unregistering } from "./executor/unregistering.ts"
import * as Promises from "./ExecutorSuite.ts"
import { vitest } from "./vitest.ts"

const parts: ReadonlyArray<SuitePart> = [
  evicting,
  limiting,
  takingTurns,
  sizing,
  takingOver,
  deploying,
  outliving,
  outlasting,
  shuttingDown,
  unregistering,
  enduring,
  modelled
]

/** Defines the tests of the default executor on a store, its promises among them. */
export const suite = (name: string, options: Options): void => {
  Promises.suite(name, options)
  beside(name, options)
}

/** Defines what the default executor promises on a store beside that. */
export const beside = (name: string, options: Options): void => {
  vitest.describe(`the default executor on ${name}`, {}, () => {
    const it = makeIt(vitest, options)
    for (const part of parts) part(it)
  })
}
