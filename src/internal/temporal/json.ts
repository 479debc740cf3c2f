/**
 * Payloads as JSON, and times as milliseconds.
 */
import { defaultPayloadConverter, type Payload } from "@temporalio/common"
import type * as Schema from "effect/Schema"
import { parseJson } from "../core/parse.ts"

/** The value of a payload. Bytes and what another author encoded otherwise are shown as far as can be. */
export const jsonOf = (payload: Payload | null | undefined): Schema.Json => {
  if (payload === undefined || payload === null) return null
  try {
    const value: unknown = defaultPayloadConverter.fromPayload(payload)
    // Copied, as what is JSON may only look like it.
    return parseJson(JSON.stringify(value ?? null)) as Schema.Json
  } catch {
    return `${payload.data?.length ?? 0} bytes that are no JSON`
  }
}

/** The first of several payloads. */
export const firstOf = (
  payloads: { readonly payloads?: ReadonlyArray<Payload> | null } | null | undefined
): Schema.Json => jsonOf(payloads?.payloads?.[0])

/** A time of Temporal, in milliseconds since 1970. */
export const timeOf = (
  time: { readonly seconds?: unknown; readonly nanos?: number | null } | null | undefined
): number => Number(time?.seconds ?? 0) * 1000 + Math.floor((time?.nanos ?? 0) / 1_000_000)
