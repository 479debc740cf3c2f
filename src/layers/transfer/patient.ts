/**
 * How long an export or an import waits for a store that does not answer.
 */
import { patiently } from "../../internal/store/patiently.ts"

/** Asks again for half a minute. */
export const patient = patiently(30_000)
