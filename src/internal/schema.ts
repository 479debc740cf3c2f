/**
 * Schemas as codecs between typed values and JSON, compiled once a definition.
 */
import * as Result from "effect/Result"
import * as Schema from "effect/Schema"

/** Both directions of a schema; a failure is the text of the issue. */
export interface JsonCodec<A> {
  readonly encode: (value: A) => Result.Result<Schema.Json, string>
  readonly decode: (json: Schema.Json) => Result.Result<A, string>
}

/** The codec of a schema. */
export const jsonCodec = <S extends Schema.Codec<unknown, unknown>>(schema: S): JsonCodec<S["Type"]> => {
  const codec = Schema.toCodecJson(schema)
  const encode = Schema.encodeUnknownResult(codec)
  const decode = Schema.decodeUnknownResult(codec)
  return {
    encode: (value) => Result.mapError(encode(value), String),
    decode: (json) => Result.mapError(decode(json), String)
  }
}
