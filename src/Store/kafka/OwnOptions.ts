/**
 * The settings of a store on Kafka, without the ones of its client, whose types need the client; and what they must be.
 */
import type * as Duration from "effect/Duration"
import * as Predicate from "effect/Predicate"
import * as Redacted from "effect/Redacted"
import { count, type Fault, first, other, shown, time } from "../../internal/options.ts"
import { flagFault, itself, type NameOf, wordFault } from "../../internal/store/serverOptions.ts"
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

export const defaultTopic = "perdure"

/** The addresses that an option names. */
export const listed = (addresses: string | ReadonlyArray<string>): ReadonlyArray<string> =>
  typeof addresses === "string" ? addresses.split(",").map((address) => address.trim()) : addresses

/** The mechanisms by which a user is authenticated. */
export const mechanisms = ["PLAIN", "SCRAM-SHA-256", "SCRAM-SHA-512"] as const

/** The packages that speak to brokers. */
export const clients = ["kafkajs", "platformatic"] as const

/** What is wrong with options; names say how they are called where they were set. */
export const faultOf = (options: OwnOptions, nameOf: NameOf<OwnOptions> = itself): Fault =>
  first(
    other(options, ...names),
    wordFault(nameOf("client"), options.client, clients),
    brokersFault(nameOf("brokers"), options),
    topicFault(nameOf("topic"), options.topic ?? defaultTopic),
    count(nameOf("partitions"), options.partitions, { unlimited: false, most: mostPartitions }),
    count(nameOf("replicas"), options.replicas, { unlimited: false, most: mostReplicas }),
    count(nameOf("cache"), options.cache),
    count(nameOf("maxCommitBytes"), options.maxCommitBytes, { unlimited: false, most: mostCommitBytes }),
    credentialsFault(options, nameOf),
    flagFault(nameOf("tls"), options.tls),
    flagFault(nameOf("unsafe"), options.unsafe),
    snapshotsFault(nameOf("snapshots"), options.snapshots),
    time(nameOf("timeout"), options.timeout, { most: longestTimeout })
  )

// internal

const names = [
  ...["brokers", "topic", "client", "user", "password", "mechanism", "tls", "partitions", "replicas", "maxCommitBytes"],
  ...["cache", "snapshots", "unsafe", "timeout", "connection"]
]

// What a request, or a setting of a topic, has room for.
const mostPartitions = 1_000_000
const mostReplicas = 32_767
const mostCommitBytes = 2_000_000_000
const longestTimeout = 86_400_000

/** The value is not named, since it may have credentials in it. */
const brokersFault = (name: string, { brokers, client }: OwnOptions): Fault => {
  const all: ReadonlyArray<unknown> = typeof brokers === "string" || Array.isArray(brokers) ? listed(brokers) : []
  const fault = `${name} must be an address, such as "host:9092", or a list of them, without a user in it`
  if (all.length === 0 || !all.every(isAddress)) return fault
  return client !== "platformatic" && all.some((address) => address.startsWith("["))
    ? `${name} must have no address of IPv6, which kafkajs does not read: use a name, or client: "platformatic"`
    : undefined
}

const isAddress = (address: unknown): address is string => {
  const [, port] = /^(?:[^@/\s:]+|\[[\da-f:]+\]):(\d+)$/i.exec(String(address)) ?? []
  return port !== undefined && Number(port) >= 1 && Number(port) <= 65_535
}

const topicFault = (name: string, topic: unknown): Fault =>
  Predicate.isString(topic) && /^(?!\.\.?$)[-.\w]{1,200}$/.test(topic)
    ? undefined
    : `${name} must be made of letters, digits, ., - and _, at most 200, and is ${shown(topic)}`

const snapshotsFault = (name: string, folder: unknown): Fault =>
  folder === undefined || (Predicate.isString(folder) && folder !== "" && !folder.includes("\0"))
    ? undefined
    : `${name} must be the path of a folder, and is ${shown(folder)}`

/** Credentials that are not redacted could be printed, and half of them would be left out without a word. */
const credentialsFault = ({ mechanism, password, user }: OwnOptions, nameOf: NameOf<OwnOptions>): Fault => {
  const needs = (option: "user" | "password" | "mechanism", other: "user" | "password") =>
    `${nameOf(option)} needs ${nameOf(other)} beside it`
  return first(
    wordFault(nameOf("mechanism"), mechanism, mechanisms),
    passwordFault(nameOf("password"), password),
    user === undefined || (Predicate.isString(user) && user !== "")
      ? undefined
      : `${nameOf("user")} must be a name, and is ${shown(user)}`,
    password === undefined || user !== undefined ? undefined : needs("password", "user"),
    user === undefined || password !== undefined ? undefined : needs("user", "password"),
    mechanism === undefined || user !== undefined ? undefined : needs("mechanism", "user")
  )
}

const passwordFault = (name: string, password: unknown): Fault => {
  if (password === undefined) return undefined
  if (!Redacted.isRedacted(password)) return `${name} must be Redacted.make(…)`
  const text = Redacted.value(password)
  return Predicate.isString(text) && text !== "" ? undefined : `${name} must be a text that is not empty`
}
