/**
 * The settings of a store on Inngest; what they must be, and what they are unless told.
 */
import * as Duration from "effect/Duration"
import * as Predicate from "effect/Predicate"
import * as Redacted from "effect/Redacted"
import { count, type Fault, first, shown, time } from "../../internal/options.ts"
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

/** Why there can be no server at an address. It is not shown, since a password may stand in it by mistake. */
export const urlFault = ({ url = defaultUrl }: OwnOptions, nameOf: NameOf = itself): Fault => {
  const address = Predicate.isString(url) && /^https?:\/\//.test(url) && URL.canParse(url) ? new URL(url) : undefined
  if (address === undefined) return `${nameOf("url")} must be where the server answers HTTP, such as ${defaultUrl}`
  return address.username === "" && address.password === ""
    ? undefined
    : `${nameOf("url")} must be without a user: keys are ${nameOf("eventKey")} and ${nameOf("signingKey")}`
}

/** Why names of events cannot begin with a prefix. The server has names of its own that begin with `inngest`. */
export const prefixFault = ({ prefix = defaultPrefix }: OwnOptions, nameOf: NameOf = itself): Fault =>
  Predicate.isString(prefix) && /^[-\w]{1,100}$/.test(prefix) && prefix !== "inngest"
    ? undefined
    : `${nameOf("prefix")} must be made of letters, digits, - and _, at most 100, and not be "inngest"; it is ${shown(prefix)}`

/** Why a writer cannot be told from one that is gone. */
export const leaseFault = (options: OwnOptions, nameOf: NameOf = itself): Fault => {
  const { lease, visibility } = settingsOf({ lease: options.lease, visibility: options.visibility })
  return lease > 2 * visibility
    ? undefined
    : `${nameOf("lease")} must be longer than twice ${nameOf("visibility")}, after which a heartbeat is seen`
}

/** What is wrong with options that no compiler has checked. */
export const faultOf = (options: OwnOptions): Fault =>
  first(
    urlFault(options),
    prefixFault(options),
    ...(["eventKey", "signingKey"] as const).map((name) =>
      options[name] === undefined || Redacted.isRedacted(options[name]) ? undefined : `${name} must be Redacted.make(…)`
    ),
    oneOf("role", options.role, roles),
    oneOf("durability", options.durability, durabilities),
    count("maxCommitBytes", options.maxCommitBytes, { unlimited: false }),
    bytesFault(options),
    time("retention", options.retention),
    time("visibility", options.visibility),
    time("lease", options.lease),
    time("lookEvery", options.lookEvery, { least: 10 }),
    time("timeout", options.timeout)
  ) ?? leaseFault(options)

/** Why commits cannot be so large. */
export const bytesFault = ({ maxCommitBytes = 1 }: OwnOptions, nameOf: NameOf = itself): Fault =>
  maxCommitBytes <= mostEventBytes
    ? undefined
    : `${nameOf("maxCommitBytes")} must be at most ${mostEventBytes}, which the server accepts of an event`

export const roles = ["worker", "client"] as const
export const durabilities = ["none", "process", "disk", "replicated"] as const

// internal

type NameOf = (option: keyof OwnOptions) => string

const itself: NameOf = (option) => option

const millis = (duration: Duration.Input): number => Duration.toMillis(Duration.fromInputUnsafe(duration))

const oneOf = (name: string, value: string | undefined, all: ReadonlyArray<string>): Fault =>
  value === undefined || all.includes(value)
    ? undefined
    : `${name} must be one of ${all.join(", ")}, and is ${shown(value)}`
