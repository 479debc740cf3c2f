/**
 * The settings of a store on Inngest; what they must be, and what they are unless told.
 */
import * as Duration from "effect/Duration"
import * as Redacted from "effect/Redacted"
import { count, type Fault, first, other, time } from "../../internal/options.ts"
import {
  durabilities,
  itself,
  type NameOf,
  prefixFault,
  secretFault,
  urlFault,
  wordFault
} from "../../internal/store/serverOptions.ts"
import type { Guarantees } from "../WorkflowStore.ts"

/** What the store is told. */
export interface OwnOptions {
  /** Where the server answers HTTP (`INNGEST_BASE_URL`): `http://127.0.0.1:8288` by default. */
  readonly url?: string | undefined
  /** The key with which events are sent (`INNGEST_EVENT_KEY`). A development server takes any, and gets one without it. */
  readonly eventKey?: Redacted.Redacted | undefined
  /** The key with which events are read (`INNGEST_SIGNING_KEY`); none where the server wants none. */
  readonly signingKey?: Redacted.Redacted | undefined
  /** What the names of events begin with, so that several stores can share a server: `perdure` by default. */
  readonly prefix?: string | undefined
  /**
   * Whether this process may write, which one at a time does: a `"worker"` does when no other one writes, a `"client"` never. `"worker"` by
   * default.
   */
  readonly role?: "worker" | "client" | undefined
  /** For how long the server keeps events: 7 days by default. A timer that is due later is refused. */
  readonly retention?: Duration.Input | undefined
  /** For how long the server may keep events to itself that it has accepted: 1 second by default. */
  readonly visibility?: Duration.Input | undefined
  /** For how long a writer counts as alive that is silent: 10 seconds by default. */
  readonly lease?: Duration.Input | undefined
  /** How often the writer looks for what others send, and others for commits while they listen: every 250 milliseconds by default. */
  readonly lookEvery?: Duration.Input | undefined
  /** How many bytes the encoded events of one commit may have: 1.25 MiB by default, and 3 MiB at most. */
  readonly maxCommitBytes?: number | undefined
  /** What the database of the server keeps, which no API tells: `"process"` by default. `guarantees` repeats it. */
  readonly durability?: Guarantees["durability"] | undefined
  /** How long one operation may take: 5 seconds by default. */
  readonly timeout?: Duration.Input | undefined
}

const defaultUrl = "http://127.0.0.1:8288"
const defaultPrefix = "perdure"
/** What fits into an event whatever it is of, and a summary beside it: within a string of JSON each quote takes twice the room. */
const defaultCommitBytes = 1.25 * 1024 * 1024
/** What the server accepts of one event. */
export const mostEventBytes = 3 * 1024 * 1024

/** The settings, with all defaults and times in milliseconds. */
export interface Settings {
  readonly url: string
  readonly eventKey: string
  readonly signingKey: string | undefined
  readonly prefix: string
  readonly role: "worker" | "client"
  readonly retention: number
  readonly visibility: number
  readonly lease: number
  readonly lookEvery: number
  readonly maxCommitBytes: number
  readonly durability: Guarantees["durability"]
  readonly timeout: number
}

/** Fills defaults in. */
export const settingsOf = (options: OwnOptions): Settings => ({
  url: (options.url ?? defaultUrl).replace(/\/+$/, ""),
  eventKey: options.eventKey === undefined ? "perdure" : Redacted.value(options.eventKey),
  signingKey: options.signingKey === undefined ? undefined : Redacted.value(options.signingKey),
  prefix: options.prefix ?? defaultPrefix,
  role: options.role ?? "worker",
  retention: millis(options.retention ?? "7 days"),
  visibility: millis(options.visibility ?? "1 second"),
  lease: millis(options.lease ?? "10 seconds"),
  lookEvery: millis(options.lookEvery ?? "250 millis"),
  maxCommitBytes: options.maxCommitBytes ?? defaultCommitBytes,
  durability: options.durability ?? "process",
  timeout: millis(options.timeout ?? "5 seconds")
})

/** What is wrong with options; names say how they are called where they were set. */
export const faultOf = (options: OwnOptions, nameOf: NameOf<OwnOptions> = itself): Fault =>
  first(
    other(options, ...names),
    urlFault(nameOf("url"), options.url ?? defaultUrl, {
      example: defaultUrl,
      server: "the server",
      instead: `keys are ${nameOf("eventKey")} and ${nameOf("signingKey")}`
    }),
    prefixFault(nameOf("prefix"), options.prefix ?? defaultPrefix),
    // The server has names of its own that begin so.
    options.prefix === "inngest" ? `${nameOf("prefix")} must not be "inngest"` : undefined,
    secretFault(nameOf("eventKey"), options.eventKey),
    secretFault(nameOf("signingKey"), options.signingKey),
    wordFault(nameOf("role"), options.role, roles),
    wordFault(nameOf("durability"), options.durability, durabilities),
    count(nameOf("maxCommitBytes"), options.maxCommitBytes, { unlimited: false }),
    bytesFault(nameOf("maxCommitBytes"), options.maxCommitBytes),
    time(nameOf("retention"), options.retention),
    time(nameOf("visibility"), options.visibility),
    time(nameOf("lease"), options.lease),
    time(nameOf("lookEvery"), options.lookEvery, { least: 10 }),
    time(nameOf("timeout"), options.timeout)
  ) ?? leaseFault(options, nameOf)

export const roles = ["worker", "client"] as const

// internal

const names = [
  ...["url", "eventKey", "signingKey", "prefix", "role", "retention", "visibility", "lease", "lookEvery"],
  ...["maxCommitBytes", "durability", "timeout"]
]

/** Why a writer cannot be told from one that is gone. */
const leaseFault = (options: OwnOptions, nameOf: NameOf<OwnOptions>): Fault => {
  const { lease, visibility } = settingsOf({ lease: options.lease, visibility: options.visibility })
  return lease > 2 * visibility
    ? undefined
    : `${nameOf("lease")} must be longer than twice ${nameOf("visibility")}, after which a heartbeat is seen`
}

const bytesFault = (name: string, bytes = 1): Fault =>
  bytes <= mostEventBytes
    ? undefined
    : `${name} must be at most ${mostEventBytes}, which the server accepts of an event`

const millis = (duration: Duration.Input): number => Duration.toMillis(Duration.fromInputUnsafe(duration))
