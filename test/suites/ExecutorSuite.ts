/**
 * What every executor promises. Each title begins with the number of the promise of `docs/semantics.md` that the test proves.
 *
 * ```ts no-run
 * suite("mine", { store: Memory.layer, executor: Mine.layerWith })
 * ```
 */
import * as Executor from "./executor/suite.ts"
import type { Options } from "./executor/SuitePart.ts"
import { vitest } from "./vitest.ts"

/** Defines the tests of an executor on a store. */
export const suite = (name: string, options: Options): void => Executor.suite(vitest, name, options)
