/**
 * The settings of a store on Dapr; what they must be, and what they are unless told.
 */
import type * as Duration from "effect/Duration"
import * as Predicate from "effect/Predicate"
import type * as Redacted from "effect/Redacted"
import { type Fault, shown } from "../../internal/options.ts"
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

/** Why there can be no sidecar at an address. It is not shown, since a password may stand in it by mistake. */
export const urlFault = ({ url = defaultUrl }: OwnOptions, nameOf: NameOf = itself): Fault => {
  const address = Predicate.isString(url) && /^https?:\/\//.test(url) && URL.canParse(url) ? new URL(url) : undefined
  if (address === undefined) return `${nameOf("url")} must be where the sidecar answers HTTP, such as ${defaultUrl}`
  return address.username === "" && address.password === ""
    ? undefined
    : `${nameOf("url")} must be without a user: a sidecar has an API token, which is ${nameOf("token")}`
}

/** Why there can be no component of a name. */
export const componentFault = ({ component = defaultComponent }: OwnOptions, nameOf: NameOf = itself): Fault =>
  Predicate.isString(component) && /^[^\s/?#]+$/.test(component)
    ? undefined
    : `${nameOf("component")} must be the name of a state store component, and is ${shown(component)}`

/** Why keys cannot begin with a prefix. */
export const prefixFault = ({ prefix = defaultPrefix }: OwnOptions, nameOf: NameOf = itself): Fault =>
  Predicate.isString(prefix) && /^[-\w]{1,100}$/.test(prefix)
    ? undefined
    : `${nameOf("prefix")} must be made of letters, digits, - and _, at most 100, and is ${shown(prefix)}`

// internal

type NameOf = (option: keyof OwnOptions) => string

const itself: NameOf = (option) => option
