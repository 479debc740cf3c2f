/**
 * Arrays as parameters. Each is of a stated type, since a client takes an array of nothing but nulls for one of no type.
 */
import * as PgTypes from "@effect/sql-pg/PgTypes"
import * as Result from "effect/Result"

const array =
  <A>(type: number) =>
  (values: ReadonlyArray<A | null>): PgTypes.Parameter =>
    Result.getOrThrow(PgTypes.array(values, type))

/** Arrays by the type of their elements. */
export const arrays = {
  text: array<string>(PgTypes.OID.text),
  int4: array<number>(PgTypes.OID.int4),
  float8: array<number>(PgTypes.OID.float8),
  bool: array<boolean>(PgTypes.OID.bool),
  bytea: array<Uint8Array>(PgTypes.OID.bytea)
}
