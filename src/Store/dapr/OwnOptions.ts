/**
 * The settings of a store on Dapr.
 */
import type * as Duration from "effect/Duration"
import type * as Redacted from "effect/Redacted"
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
