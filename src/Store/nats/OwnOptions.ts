/**
 * The settings of a store on NATS, without the ones of its client, whose types need the client; and what they must be.
 */
import type * as Duration from "effect/Duration"
import * as Predicate from "effect/Predicate"
import * as Redacted from "effect/Redacted"
import { count, type Fault, first, other, shown, time } from "../../internal/options.ts"
import { flagFault, itself, type NameOf, wordFault } from "../../internal/store/serverOptions.ts"

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

export const defaultBucket = "perdure"

/** What may be stated of the servers. */
export const syncIntervals = ["always"] as const

/** What is wrong with options; names say how they are called where they were set. */
export const faultOf = (options: OwnOptions, nameOf: NameOf<OwnOptions> = itself): Fault =>
  first(
    other(options, ...names),
    addressesFault(nameOf("servers"), options.servers),
    options.monitor === undefined ? undefined : addressesFault(nameOf("monitor"), options.monitor),
    bucketFault(nameOf("bucket"), options.bucket ?? defaultBucket),
    count(nameOf("maxCommitBytes"), options.maxCommitBytes, { unlimited: false }),
    count(nameOf("replicas"), options.replicas, { unlimited: false }),
    credentialsFault(options, nameOf),
    wordFault(nameOf("syncInterval"), options.syncInterval, syncIntervals),
    flagFault(nameOf("unsafe"), options.unsafe),
    time(nameOf("timeout"), options.timeout)
  )

// internal

const names = [
  ...["servers", "user", "password", "token", "bucket", "replicas", "maxCommitBytes", "monitor", "syncInterval"],
  ...["unsafe", "timeout", "connection"]
]

/** The value is not named, since it may have credentials in it. */
const addressesFault = (name: string, addresses: unknown): Fault => {
  const all: ReadonlyArray<unknown> = Array.isArray(addresses) ? addresses : [addresses]
  return all.length > 0 && all.every((address) => Predicate.isString(address) && address !== "")
    ? undefined
    : `${name} must be an address, such as "host:4222", or a list of them`
}

const bucketFault = (name: string, bucket: unknown): Fault =>
  Predicate.isString(bucket) && /^[-\w]+$/.test(bucket)
    ? undefined
    : `${name} must be made of letters, digits, - and _, and is ${shown(bucket)}`

/** Credentials that are not redacted could be printed, and half of them would be left out without a word. */
const credentialsFault = ({ password, token, user }: OwnOptions, nameOf: NameOf<OwnOptions>): Fault =>
  first(
    password === undefined || Redacted.isRedacted(password)
      ? undefined
      : `${nameOf("password")} must be Redacted.make(…)`,
    token === undefined || Redacted.isRedacted(token) ? undefined : `${nameOf("token")} must be Redacted.make(…)`,
    password === undefined || user !== undefined
      ? undefined
      : `${nameOf("password")} needs ${nameOf("user")} beside it`,
    token === undefined || user === undefined
      ? undefined
      : `${nameOf("token")} and ${nameOf("user")} are two ways to be known: give one of them`
  )
