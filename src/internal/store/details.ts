/**
 * How stores read the details of calls of activities.
 */
import * as Result from "effect/Result"
import type * as Schema from "effect/Schema"
import { Corrupt } from "../../Store/StoreError.ts"
import { parseJson } from "../core/parse.ts"

/** Reads the text that was kept of the details of a call. */
export const decodeDetails = (text: string): Result.Result<Schema.Json, Corrupt> =>
  Result.try({
    try: () => parseJson(text) as Schema.Json,
    catch: () => new Corrupt({ detail: "the details of a call are no JSON" })
  })
