/**
 * The time of an execution in the sandbox: that of the workflow task which is worked on, so it stands still within one.
 */
import * as Clock from "effect/Clock"

const clock = Clock.Clock.defaultValue()

/** Now, in milliseconds since 1970. */
export const now = (): number => clock.currentTimeMillisUnsafe()
