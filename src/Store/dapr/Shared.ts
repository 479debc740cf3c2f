/**
 * What the parts of a store have in common.
 */
import type { Keys } from "./key.ts"
import type { Manners, Sidecar } from "./Sidecar.ts"
import type { Table } from "./Table.ts"

export interface Shared {
  readonly sidecar: Sidecar
  readonly keys: Keys
  readonly manners: Manners
  readonly table: Table
}

/** The numbers from 0 to one below a count. */
export const numbers = (count: number): ReadonlyArray<number> => Array.from({ length: count }, (_, index) => index)

/** A list in pieces. That of Effect copies all that is left with each piece, and there may be very many. */
export const chunksOf = <A>(all: ReadonlyArray<A>, size: number): ReadonlyArray<ReadonlyArray<A>> =>
  Array.from({ length: Math.ceil(all.length / size) }, (_, index) => all.slice(index * size, (index + 1) * size))
