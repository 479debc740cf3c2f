import * as Effect from "effect/Effect";
import * as Layer from "effect/Layer";
import { StoreError, WorkflowStore } from "../Store/WorkflowStore.ts";
import { type Options, type Removed } from "./retention/Options.ts";
export type { EndStatus, Options, Removed, Rule } from "./retention/Options.ts";
/**
 * Removes what is due, again and again while the scope is open, on the store that is provided. Any number of processes may have it: one
 * of them removes, and another one goes on when that is gone. Throws a `TypeError` for options that make no sense.
 *
 * **Example** (Failed orders are kept for a year, and all else for a month)
 *
 * ```ts
 * import { Layer } from "effect"
 * import { Retention } from "perdure"
 * import * as SqliteStore from "perdure/Store/Sqlite"
 *
 * const Store = SqliteStore.layer({ filename: "orders.db" })
 * const RetentionLive = Retention.layer({
 *   closed: [{ workflow: "Order", status: ["failed", "timedOut"], after: "365 days" }, { after: "30 days" }],
 *   olderRuns: "7 days"
 * }).pipe(Layer.provide(Store))
 * ```
 *
 * @category layers
 * @since 0.2.0
 */
export declare const layer: (options: Options) => Layer.Layer<never, StoreError, WorkflowStore>;
/**
 * Removes once what is due: for a command or a schedule of one's own. Says what it has removed. Throws a `TypeError` for options that make
 * no sense.
 *
 * @category operations
 * @since 0.2.0
 */
export declare const once: (options: Options) => Effect.Effect<Removed, StoreError, WorkflowStore>;
