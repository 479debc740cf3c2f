/**
 * The settings of a store on PostgreSQL, without the ones of its client, whose types need the client.
 */
import type * as Duration from "effect/Duration"
import type * as Redacted from "effect/Redacted"

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
