/**
 * The settings of a store on Kafka, without the ones of its client, whose types need the client.
 */
import type * as Duration from "effect/Duration"
import type * as Redacted from "effect/Redacted"
import type { Mechanism } from "./Client.ts"

/** What the store itself is told. */
export interface OwnOptions {
  /** The addresses of brokers: `host:port`. */
  readonly brokers: string | ReadonlyArray<string>
  /** The name of the topic: `perdure` by default. It is created when there is none. */
  readonly topic?: string | undefined
  /** The package that speaks to the brokers: `kafkajs` by default, or `@platformatic/kafka`. */
  readonly client?: "kafkajs" | "platformatic" | undefined
  /** Who connects. */
  readonly user?: string | undefined
  /** The password of `user`. */
  readonly password?: Redacted.Redacted | undefined
  /** How `user` is authenticated: `PLAIN` by default. */
  readonly mechanism?: Mechanism | undefined
  /** Whether connections are encrypted: not by default. */
  readonly tls?: boolean | undefined
  /** How many partitions a topic has that is created: 1 by default. It stays so; more of them let more brokers share the work. */
  readonly partitions?: number | undefined
  /** How many brokers keep a copy: 3 by default. */
  readonly replicas?: number | undefined
  /** How many bytes the encoded events of one commit may have: 8 MiB by default. */
  readonly maxCommitBytes?: number | undefined
  /** How many characters of events are kept in memory: 64 Mi by default. What is older is read from the topic again. */
  readonly cache?: number | undefined
  /** A folder of this machine for snapshots, from which a start reads the end of the topic only. None by default. */
  readonly snapshots?: string | undefined
  /** Accepts topics that may lose what they acknowledged. `guarantees` tells what they promise. */
  readonly unsafe?: boolean | undefined
  /** How long one request may take: 5 seconds by default. */
  readonly timeout?: Duration.Input | undefined
}
