/**
 * The settings of a store on Dapr; what they must be, and what they are unless told.
 */
import type * as Duration from "effect/Duration"
import * as Predicate from "effect/Predicate"
import type * as Redacted from "effect/Redacted"
import { count, type Fault, first, other, shown, time } from "../../internal/options.ts"
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
  /** The name of the state store component: `statestore` by default. */
  readonly component?: string | undefined
  /** Where the sidecar answers HTTP: `http://127.0.0.1:3500` by default. */
  readonly url?: string | undefined
  /** The API token of the sidecar, if it wants one (`DAPR_API_TOKEN`). */
  readonly token?: Redacted.Redacted | undefined
  /** What the keys of the store begin with, so that several can share a component: `perdure` by default. */
  readonly prefix?: string | undefined
  /** How many bytes the encoded events of one commit may have: 8 MiB by default. */
  readonly maxCommitBytes?: number | undefined
  /** What the database of the component keeps, which no sidecar can tell: `"process"` by default. `guarantees` repeats it. */
  readonly durability?: Guarantees["durability"] | undefined
  /** How often the store looks for commits of other processes, while a worker listens: every 500 milliseconds by default. */
  readonly lookEvery?: Duration.Input | undefined
  /** How long one request may take: 5 seconds by default. */
  readonly timeout?: Duration.Input | undefined
}

export const defaultUrl = "http://127.0.0.1:3500"
export const defaultComponent = "statestore"
export const defaultPrefix = "perdure"

/** What is wrong with options; names say how they are called where they were set. */
export const faultOf = (options: OwnOptions, nameOf: NameOf<OwnOptions> = itself): Fault =>
  first(
    other(options, ...names),
    urlFault(nameOf("url"), options.url ?? defaultUrl, {
      example: defaultUrl,
      server: "the sidecar",
      instead: `a sidecar has an API token, which is ${nameOf("token")}`
    }),
    componentFault(nameOf("component"), options.component ?? defaultComponent),
    prefixFault(nameOf("prefix"), options.prefix ?? defaultPrefix),
    secretFault(nameOf("token"), options.token),
    count(nameOf("maxCommitBytes"), options.maxCommitBytes, { unlimited: false }),
    wordFault(nameOf("durability"), options.durability, durabilities),
    time(nameOf("lookEvery"), options.lookEvery, { least: 10 }),
    time(nameOf("timeout"), options.timeout)
  )

// internal

const names = ["component", "url", "token", "prefix", "maxCommitBytes", "durability", "lookEvery", "timeout"]

const componentFault = (name: string, component: unknown): Fault =>
  Predicate.isString(component) && /^[^\s/?#]+$/.test(component)
    ? undefined
    : `${name} must be the name of a state store component, and is ${shown(component)}`
