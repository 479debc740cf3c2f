/**
 * Why middleware has refused an operation before it reached the executor.
 */
import * as Schema from "effect/Schema"
import { TaggedError } from "./internal/taggedError.ts"

/**
 * The caller may not do this.
 *
 * @category errors
 * @since 0.2.0
 */
export class Forbidden extends TaggedError<Forbidden>()("Forbidden", {
  /** What is missing, for the caller to read. */
  detail: Schema.String
}) {
  override get message() {
    return `not allowed: ${this.detail}`
  }
}

/**
 * Too many operations came at once.
 *
 * @category errors
 * @since 0.2.0
 */
export class RateLimited extends TaggedError<RateLimited>()("RateLimited", {
  /** When the next one would be let through, in milliseconds from now. */
  retryAfter: Schema.Finite
}) {
  override get message() {
    return `too many operations at once; try again in ${Math.ceil(this.retryAfter)} ms`
  }
}
