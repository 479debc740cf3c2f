/**
 * Encrypts and compresses the payloads of executions in any store: inputs, results, errors, messages and texts. Programs, callers and
 * replay see none of it.
 *
 * Names, ids, times, and attributes that are not named as secret stay readable in the store, and so does how much there is of everything.
 */
import type * as Config from "effect/Config";
import * as Context from "effect/Context";
import * as Layer from "effect/Layer";
import * as Redacted from "effect/Redacted";
import { StoreError, WorkflowStore } from "../Store/WorkflowStore.ts";
import type { Codec } from "../internal/temporal/Codec.ts";
import * as KeyRing from "./codec/KeyRing.ts";
export type { Codec } from "../internal/temporal/Codec.ts";
export type { PayloadKey } from "./codec/KeyRing.ts";
/**
 * How payloads are encoded.
 *
 * @category models
 * @since 0.2.0
 */
export interface Options {
    /** The names of attributes that are encrypted too. No execution is found by one of them. */
    readonly secretAttributes?: ReadonlyArray<string> | undefined;
    /**
     * Whether what was written without the codec is read as it is: while there are executions from before it. What can write to the store
     * can then put payloads there as well.
     */
    readonly readPlain?: boolean | undefined;
    /**
     * Payloads of more characters are compressed, before they are encrypted, where that makes them shorter: 4,096 by default, and `Infinity` for
     * never. There is no compression without encryption.
     */
    readonly compressAbove?: number | undefined;
}
declare const PayloadKeys_base: Context.ServiceClass<PayloadKeys, "perdure/layers/PayloadCodec/PayloadKeys", {
    /** The current key, and then the ones that were. */
    readonly keys: ReadonlyArray<KeyRing.PayloadKey>;
}>;
/**
 * The keys of payloads: the first one encrypts, and each decrypts what it has encrypted. They are read once, when the codec is built.
 *
 * **Example** (Keys of a service that keeps them)
 *
 * ```ts
 * import { Effect, Layer, Redacted } from "effect"
 * import * as PayloadCodec from "perdure/layers/PayloadCodec"
 *
 * declare const fetchSecret: (name: string) => Effect.Effect<string>
 *
 * const KeysLive = Layer.effect(
 *   PayloadCodec.PayloadKeys,
 *   Effect.gen(function*() {
 *     const [november, may] = yield* Effect.all([fetchSecret("payloads-2026-11"), fetchSecret("payloads-2026-05")])
 *     return {
 *       keys: [
 *         { id: "2026-11", secret: Redacted.make(november) },
 *         { id: "2026-05", secret: Redacted.make(may) }
 *       ]
 *     }
 *   })
 * )
 * ```
 *
 * @category services
 * @since 0.2.0
 */
export declare class PayloadKeys extends PayloadKeys_base {
}
/**
 * Provides keys: the current one, and then the ones that were.
 *
 * @category layers
 * @since 0.2.0
 */
export declare const layerKeys: (keys: ReadonlyArray<KeyRing.PayloadKey>) => Layer.Layer<PayloadKeys>;
/**
 * Provides keys from a setting such as `2026-11:aGVsbG8…,2026-05:d29ybGQ…`: ids and keys in base64, the current one first.
 *
 * **Example** (A variable of the environment)
 *
 * ```ts
 * import { Config } from "effect"
 * import * as PayloadCodec from "perdure/layers/PayloadCodec"
 *
 * const KeysLive = PayloadCodec.layerKeysConfig(Config.Redacted("PAYLOAD_KEYS"))
 * ```
 *
 * @category layers
 * @since 0.2.0
 */
export declare const layerKeysConfig: (keys: Config.Config<Redacted.Redacted>) => Layer.Layer<PayloadKeys, Config.ConfigError>;
/**
 * Provides the store that it is given, with payloads that are encrypted. All processes of a store need it, with the same keys.
 *
 * **Details**
 *
 * What it is built over with `Layer.provideMerge` may have `Transactions`, whose payloads are encrypted then too.
 *
 * Building it fails with a `StoreError` of the operation `open` when there is no key, when a key has not 32 bytes or the id of another one,
 * and when the store takes commits of less than 256 KiB, or none, as that of Temporal: it has an option `codec`. Reading fails with the reason `Undecryptable`, which names the key.
 *
 * A commit may have about two thirds of the bytes that the store takes, since encrypted it has more.
 *
 * **Example** (Encrypted executions in a file)
 *
 * ```ts
 * import { Config, Layer } from "effect"
 * import * as PayloadCodec from "perdure/layers/PayloadCodec"
 * import * as SqliteStore from "perdure/Store/Sqlite"
 *
 * const StoreLive = PayloadCodec.layer({ secretAttributes: ["email"] }).pipe(
 *   Layer.provideMerge(SqliteStore.layer({ filename: "orders.db" })),
 *   Layer.provide(PayloadCodec.layerKeysConfig(Config.Redacted("PAYLOAD_KEYS")))
 * )
 * ```
 *
 * @category layers
 * @since 0.2.0
 */
export declare const layer: (options?: Options) => Layer.Layer<WorkflowStore, StoreError, WorkflowStore | PayloadKeys>;
/**
 * Makes the codec of executors and stores on Temporal, which take it as their option `codec`. Throws a `TypeError` when an option makes no
 * sense.
 *
 * **Example** (A worker and its callers)
 *
 * ```ts
 * import { Redacted } from "effect"
 * import * as TemporalExecutor from "perdure/Executor/Temporal"
 * import * as TemporalWorker from "perdure/Executor/TemporalWorker"
 * import * as PayloadCodec from "perdure/layers/PayloadCodec"
 *
 * // 32 random bytes in base64, as `openssl rand -base64 32` prints them.
 * const key = { id: "2026-11", secret: Redacted.make("bm90IGEgc2VjcmV0OiBpdCBpcyBpbiB0aGUgZG9jcyE=") }
 * const codec = PayloadCodec.forTemporal({ keys: [key], secretAttributes: ["email"] })
 *
 * const WorkerLive = TemporalWorker.layer({ workflows: new URL("./workflows.ts", import.meta.url), codec })
 * const CallersLive = TemporalExecutor.layer({ codec })
 * ```
 *
 * @category constructors
 * @since 0.2.0
 */
export declare const forTemporal: (options: Options & {
    /** The current key and then the ones that were; or a text of them, as `layerKeysConfig` reads it. */
    readonly keys: ReadonlyArray<KeyRing.PayloadKey> | Redacted.Redacted;
}) => Codec;
