/**
 * The settings of a store on NATS, without the ones of its client, whose types need the client.
 */
import type * as Duration from "effect/Duration"
import type * as Redacted from "effect/Redacted"

/** What the store itself is told. */
export interface OwnOptions {
  /** The addresses of the servers: `host:port`, or `nats://user:password@host:port`. */
  readonly servers: string | ReadonlyArray<string>
  /** Who connects, where no address says so. */
  readonly user?: string | undefined
  /** The password of `user`. */
  readonly password?: Redacted.Redacted | undefined
  /** A token, for servers that ask for one instead of a user. */
  readonly token?: Redacted.Redacted | undefined
  /** The name of the bucket: `perdure` by default. It is created when there is none. */
  readonly bucket?: string | undefined
  /** How many servers keep a copy: 1 by default. */
  readonly replicas?: number | undefined
  /** How many bytes the events of one commit may have: 8 MiB by default. */
  readonly maxCommitBytes?: number | undefined
  /**
   * The monitoring ports of the servers, which tell whether `sync_interval` is `always`: `http://host:8222`, or
   * `http://user:password@host:8222`.
   */
  readonly monitor?: string | ReadonlyArray<string> | undefined
  /** States that `sync_interval` is `always` on every server, when no monitoring port can be asked. */
  readonly syncInterval?: "always" | undefined
  /** Accepts servers and buckets that may lose what they acknowledged. `guarantees` tells what they promise. */
  readonly unsafe?: boolean | undefined
  /** How long one request may take: 5 seconds by default. */
  readonly timeout?: Duration.Input | undefined
}
