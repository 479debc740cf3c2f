/**
 * Values of `effect/ai` as JSON.
 */
import * as Result from "effect/Result"
import type * as Schema from "effect/Schema"

/** What was encoded. Throws where it could not be, which is a defect of the program that has made the value. */
export const encodedOrThrow = (what: string, json: Result.Result<Schema.Json, string>): Schema.Json => {
  if (Result.isSuccess(json)) return json.success
  throw new Error(`${what} cannot be recorded: ${json.failure}`)
}
