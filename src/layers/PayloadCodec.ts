/**
 * Encrypts and compresses the payloads of executions in any store: inputs, results, errors, messages and texts. Programs, callers and
 * replay see none of it.
 *
 * Names, ids, times, and attributes that are not named as secret stay readable in the store, and so does how much there is of everything.
 */
import type * as Config from "effect/Config"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import * as Redacted from "effect/Redacted"
import * as Result from "effect/Result"
import { count, type Fault, first, other } from "../internal/options.ts"
import { Transactions } from "../Store/Transactions.ts"
import { type Guarantees, StoreError, Unsupported, WorkflowStore } from "../Store/WorkflowStore.ts"
import type { Codec } from "../internal/temporal/Codec.ts"
import { openBytes, sealBytes } from "./codec/envelope.ts"
import * as KeyRing from "./codec/KeyRing.ts"
import type { Settings } from "./codec/Sealing.ts"
import { sealedStore, sealedTransactions } from "./codec/store.ts"

export type { Codec } from "../internal/temporal/Codec.ts"
export type { PayloadKey } from "./codec/KeyRing.ts"

/**
 * How payloads are encoded.
 *
 * @category models
 * @since 0.2.0
 */
export interface Options {
  /** The names of attributes that are encrypted too. No execution is found by one of them. */
  readonly secretAttributes?: ReadonlyArray<string> | undefined
  /**
   * Whether what was written without the codec is read as it is: while there are executions from before it. What can write to the store
   * can then put payloads there as well.
   */
  readonly readPlain?: boolean | undefined
  /**
   * Payloads of more characters are compressed, before they are encrypted, where that makes them shorter: 4,096 by default, and `Infinity` for
   * never. There is no compression without encryption.
   */
  readonly compressAbove?: number | undefined
}

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
export class PayloadKeys extends Context.Service<
  PayloadKeys,
  {
    /** The current key, and then the ones that were. */
    readonly keys: ReadonlyArray<KeyRing.PayloadKey>
  }
>()("perdure/layers/PayloadCodec/PayloadKeys") {}

/**
 * Provides keys: the current one, and then the ones that were.
 *
 * @category layers
 * @since 0.2.0
 */
export const layerKeys = (keys: ReadonlyArray<KeyRing.PayloadKey>): Layer.Layer<PayloadKeys> =>
  Layer.succeed(PayloadKeys, { keys })

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
export const layerKeysConfig = (keys: Config.Config<Redacted.Redacted>): Layer.Layer<PayloadKeys, Config.ConfigError> =>
  Layer.effect(
    PayloadKeys,
    Effect.map(keys, (text) => ({ keys: keysIn(Redacted.value(text)) }))
  )

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
export const layer = (options: Options = {}): Layer.Layer<WorkflowStore, StoreError, WorkflowStore | PayloadKeys> =>
  Layer.effectContext(
    Effect.gen(function* () {
      const store = yield* WorkflowStore
      const settings = yield* settingsOf(options, yield* PayloadKeys, store.guarantees)
      const sealed = Context.make(WorkflowStore, sealedStore(store, settings))
      // A layer that has none is not asked for any.
      const transactions = yield* Effect.serviceOption(Transactions)
      return Option.match(transactions, {
        onNone: () => sealed,
        onSome: (transactions) => Context.add(sealed, Transactions, sealedTransactions(transactions, store, settings))
      })
    })
  )

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
export const forTemporal = (
  options: Options & {
    /** The current key and then the ones that were; or a text of them, as `layerKeysConfig` reads it. */
    readonly keys: ReadonlyArray<KeyRing.PayloadKey> | Redacted.Redacted
  }
): Codec => {
  const { keys: given, ...others } = options
  const keys = Redacted.isRedacted(given) ? keysIn(Redacted.value(given)) : given
  const settings = checked(others, keys)
  if (Result.isFailure(settings)) throw new TypeError(`the options of a payload codec: ${settings.failure}`)
  const { compressAbove, keys: ring, readPlain, secrets } = settings.success
  return {
    seal: (content, place) => sealBytes(ring, content, place, compressAbove),
    open: (sealed, place) => openBytes(ring, sealed, place),
    digest: (text) => KeyRing.digest(ring, text),
    secretAttributes: secrets,
    readPlain
  }
}

// internal

const settingsOf = (
  options: Options,
  { keys }: PayloadKeys["Service"],
  { maxCommitBytes, writes }: Guarantees
): Effect.Effect<Settings, StoreError> => {
  const refused = (detail: string) => new StoreError({ operation: "open", reason: new Unsupported({ detail }) })
  if (writes === "refused") {
    return Effect.fail(refused("the store takes no commits: give the codec to that of Temporal as its option `codec`"))
  }
  if (maxCommitBytes < leastCommitBytes) {
    const words = `the store takes commits of ${maxCommitBytes} bytes, and must take ${leastCommitBytes} for a payload codec`
    return Effect.fail(refused(`${words}: raise its maxCommitBytes`))
  }
  return Effect.mapError(Effect.fromResult(checked(options, keys)), refused)
}

/** The settings, or what is wrong with the options or the keys. */
const checked = (options: Options, keys: ReadonlyArray<KeyRing.PayloadKey>): Result.Result<Settings, string> => {
  const fault = faultOf(options)
  if (fault !== undefined) return Result.fail(fault)
  const { compressAbove = 4096, readPlain = false, secretAttributes = [] } = options
  return Result.mapBoth(KeyRing.make(keys), {
    onFailure: (fault) => `the keys: ${fault}`,
    onSuccess: (keys) => ({ keys, compressAbove, readPlain, secrets: new Set(secretAttributes) })
  })
}

/** Less would leave too little for a commit, beside what encryption adds to each. */
const leastCommitBytes = 262_144

const faultOf = (options: Options): Fault => {
  const { compressAbove, readPlain = false, secretAttributes = [] } = options
  return first(
    other(options, "secretAttributes", "readPlain", "compressAbove"),
    Array.isArray(secretAttributes) && secretAttributes.every((name) => typeof name === "string")
      ? undefined
      : "secretAttributes must be a list of names",
    typeof readPlain === "boolean" ? undefined : "readPlain must be true or false",
    count("compressAbove", compressAbove)
  )
}

/** The keys of a setting. What has no colon may be a key itself, so it is no id. */
const keysIn = (text: string): ReadonlyArray<KeyRing.PayloadKey> =>
  text
    .split(/[\s,]+/)
    .filter((part) => part !== "")
    .map((part) => {
      const colon = part.indexOf(":")
      return { id: part.slice(0, Math.max(0, colon)), secret: Redacted.make(part.slice(colon + 1)) }
    })
