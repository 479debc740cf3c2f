/** The runner of the tests in this repository. */
import { afterAll, describe, it } from "vitest"
import type { Runner } from "./Runner.ts"

export const vitest: Runner = { describe, it, afterAll }
