/**
 * What every store must do. Each title begins with the number of the law of `WorkflowStore.ts` that the test proves.
 *
 * A store of your own passes when `suite` does:
 *
 * ```ts no-run
 * suite("mine", { layer: Mine.layer({ url }), shared: true })
 * ```
 *
 * A store whose `guarantees.writes` are `"refused"` passes with `writes: "refused"`. All tests that must save something first
 * are then skipped by name, and those of `reading` are left: unknown ids, cursors, and that a commit is `Unsupported`.
 */
import * as Store from "./store/suite.ts"
import { vitest } from "./vitest.ts"

/** Defines the tests of a store. */
export const suite = <E>(name: string, options: Store.Options<E>): void => Store.suite(vitest, name, options)
