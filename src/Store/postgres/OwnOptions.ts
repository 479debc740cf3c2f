/**
 * The settings of a store on PostgreSQL, without the ones of its client, whose types need the client; what they must be, and what they are
 * unless told.
 */
import type * as Duration from "effect/Duration"
import * as Predicate from "effect/Predicate"
import type * as Redacted from "effect/Redacted"
import { count, type Fault, shown } from "../../internal/options.ts"

/** What the store is told, whatever client it has. */
export interface ClientOptions {
  /** The schema with the tables: `perdure` by default. It is made when there is none. Stores of two schemas see nothing of each other. */
  readonly schema?: string | undefined
  /** How many bytes the encoded events of one commit may have: 8 MiB by default. */
  readonly maxCommitBytes?: number | undefined
  /** How many groups of commits are under way at a time, each on a connection of its own: 2 by default. */
  readonly lanes?: number | undefined
  /** How long one statement may take: 5 seconds by default. */
  readonly timeout?: Duration.Input | undefined
  /** Accepts servers that may lose what they acknowledged. `guarantees` tells what they promise. */
  readonly unsafe?: boolean | undefined
}

/** What the store is told when its connections are its own. */
export interface OwnOptions extends ClientOptions {
  /** The address of the database: `postgres://user:password@host:5432/database`. */
  readonly url: Redacted.Redacted
  /** How many connections there are at most: 10 by default, and at least 3 more than `lanes`. */
  readonly maxConnections?: number | undefined
}

export const defaultSchema = "perdure"
export const defaultLanes = 2
export const defaultConnections = 10

/** How many connections listen and do what is neither a commit nor a transaction. */
export const reserved = 2

/** Why a schema cannot have the tables. The options are named as their reader knows them. */
export const schemaFault = ({ schema = defaultSchema }: ClientOptions, nameOf: NameOf = itself): Fault =>
  Predicate.isString(schema) && /^(?!pg_|information_schema$)[A-Za-z_][A-Za-z0-9_]{0,39}$/i.test(schema)
    ? undefined
    : `${nameOf("schema")} must be letters, digits and _, at most 40, begin with no digit, and be none of the server's own, as pg_ is, and is ${shown(schema)}`

/** Why so many connections are not enough. */
export const connectionsFault = (
  { lanes = defaultLanes, maxConnections = defaultConnections }: Pick<OwnOptions, "lanes" | "maxConnections">,
  nameOf: NameOf = itself
): Fault =>
  count(nameOf("maxConnections"), maxConnections, { unlimited: false }) ??
  (maxConnections >= lanes + reserved + 1
    ? undefined
    : `${nameOf("maxConnections")} must be at least ${lanes + reserved + 1}: one for each of ${lanes} ${nameOf("lanes")}, one ` +
      `that listens, one for transactional activities and one for all else`)

// internal

type NameOf = (option: keyof OwnOptions) => string

const itself: NameOf = (option) => option
