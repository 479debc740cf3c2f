/**
 * The registry: finds a provider by its name, loads it and makes its Layer.
 */
import * as Config from "effect/Config"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import { shown } from "../../internal/options.ts"
import { layerWithOptions, type LayerWithOptions } from "../../internal/layerWithOptions.ts"
import type { Names, Registry } from "../Provider.ts"
import { ProviderError, Unknown } from "../ProviderError.ts"
import { checkProvider, isName } from "./checking.ts"
import { load, type Loadable } from "./loading.ts"
import { warnOfMisspelt } from "./misspelt.ts"
import { read, variableOfKind } from "./reading.ts"

/** A provider of any kind. */
export interface AnyProvider extends Loadable {
  readonly needsStore?: boolean | undefined
}

/** Makes a registry of providers, which must make sense. Its types are what the caller says. */
export const make = <Stores extends Names, Executors extends Names>(
  providers: ReadonlyArray<AnyProvider>
): Registry<Stores, Executors> => {
  const executors = namesOf(providers, "executor")
  const storeConfig = layerWithOptions((defaults?: Named) =>
    Layer.unwrap(Effect.map(configured(providers, "store", defaults ?? place), ({ layer }) => layer))
  )
  const registry: Untyped = {
    list: executors,
    executors,
    stores: namesOf(providers, "store"),
    register: (provider) => {
      checkProvider(provider, (kind) => namesOf(providers, kind))
      return make([...providers, provider])
    },
    only: (...stores) => {
      const unknown = stores.find((name) => !namesOf(providers, "store").includes(name))
      if (unknown !== undefined)
        throw new TypeError(`there is no store ${shown(unknown)}; known: ${namesOf(providers, "store").join(", ")}`)
      return make(providers.filter(({ kind, name }) => kind !== "store" || stores.includes(name)))
    },
    store: (name, options = {}) => Layer.unwrap(made(providers, "store", name, options)),
    storeConfig,
    executor: (name, options = {}) => Layer.unwrap(made(providers, "executor", name, options)),
    executorConfig: layerWithOptions((defaults) =>
      Layer.unwrap(Effect.map(configured(providers, "executor", defaults ?? runner), ({ layer }) => layer))
    ),
    layer: (name, { store, ...options } = {}) => Layer.unwrap(together(providers, name, options, store)),
    layerConfig: layerWithOptions((defaults) =>
      Layer.unwrap(togetherConfigured(providers, storeConfig, defaults ?? {}))
    )
  }
  return registry as unknown as Registry<Stores, Executors>
}

// internal

type AnyLayer = Layer.Layer<never, unknown, unknown>
type Given = Readonly<Record<string, unknown>>
interface Named extends Given {
  readonly name: string
}
type Kind = AnyProvider["kind"]

/** The registry as it runs, where names and options are no types. */
interface Untyped {
  readonly list: ReadonlyArray<string>
  readonly executors: ReadonlyArray<string>
  readonly stores: ReadonlyArray<string>
  readonly register: (provider: AnyProvider) => unknown
  readonly only: (...stores: ReadonlyArray<string>) => unknown
  readonly store: (name: string, options?: Given) => AnyLayer
  readonly storeConfig: (defaults?: Named) => AnyLayer
  readonly executor: (name: string, options?: Given) => AnyLayer
  readonly executorConfig: (defaults?: Named) => AnyLayer
  readonly layer: (name: string, config?: Given & { readonly store?: Named }) => AnyLayer
  readonly layerConfig: (defaults?: { readonly executor?: Named; readonly store?: Named }) => AnyLayer
}

/** Where executions are kept unless something else is said: on the disk, so that nothing is lost by saying nothing. */
const place: Named = { name: "sqlite" }

/** What runs executions unless something else is said. */
const runner: Named = { name: "default" }

const namesOf = (providers: ReadonlyArray<AnyProvider>, kind: Kind): ReadonlyArray<string> =>
  Object.freeze(providers.flatMap((provider) => (provider.kind === kind ? [provider.name] : [])).toSorted())

const find = (
  providers: ReadonlyArray<AnyProvider>,
  kind: Kind,
  name: unknown,
  variable?: string
): Effect.Effect<AnyProvider, ProviderError> => {
  const found = providers.find((provider) => provider.kind === kind && provider.name === name)
  if (found !== undefined) return Effect.succeed(found)
  const reason = new Unknown({
    known: namesOf(providers, kind),
    ...(variable === undefined ? undefined : { variable })
  })
  return Effect.fail(new ProviderError({ kind, provider: isName(name) ? name : "", reason }))
}

/** Makes the Layer of a provider. */
const made = Effect.fnUntraced(function* (
  providers: ReadonlyArray<AnyProvider>,
  kind: Kind,
  name: string,
  options: Given
) {
  return (yield* load(yield* find(providers, kind, name)))(options)
})

/** What the configuration chooses of a kind, with its options. */
const chosen = Effect.fnUntraced(function* (
  providers: ReadonlyArray<AnyProvider>,
  kind: Kind,
  { name: fallback, ...defaults }: Named
) {
  yield* warnOfMisspelt(providers, kind)
  const variable = variableOfKind(kind)
  const found = yield* Config.option(Config.String(variable))
  const name = Option.getOrElse(found, () => fallback)
  const provider = yield* find(providers, kind, name, Option.isSome(found) ? variable : undefined)
  // Defaults are those of one provider, and mean nothing to another.
  const options = yield* read(provider, name === fallback ? defaults : {})
  return { provider, options }
})

/** The Layer that the configuration chooses of a kind. */
const configured = Effect.fnUntraced(function* (providers: ReadonlyArray<AnyProvider>, kind: Kind, defaults: Named) {
  const { options, provider } = yield* chosen(providers, kind, defaults)
  return { layer: (yield* load(provider))(options), needsStore: provider.needsStore === true }
})

/** Makes an executor with its store; both names are looked at before anything is opened. */
const together = Effect.fnUntraced(function* (
  providers: ReadonlyArray<AnyProvider>,
  name: string,
  options: Given,
  store: Named | undefined
) {
  const provider = yield* find(providers, "executor", name)
  const executor = yield* load(provider)
  if (provider.needsStore !== true) return executor(options)
  const { name: storeName, ...storeOptions } = store ?? { name: "" }
  return Layer.provideMerge(executor(options), yield* made(providers, "store", storeName, storeOptions))
})

/** The store is `storeConfig` itself where nothing else is said, so an app that has both has one store and not two. */
const togetherConfigured = Effect.fnUntraced(function* (
  providers: ReadonlyArray<AnyProvider>,
  storeConfig: LayerWithOptions<Named, never, unknown, unknown>,
  defaults: { readonly executor?: Named; readonly store?: Named }
) {
  const { layer, needsStore } = yield* configured(providers, "executor", defaults.executor ?? runner)
  if (!needsStore) return layer
  return Layer.provideMerge(layer, defaults.store === undefined ? storeConfig : storeConfig(defaults.store))
})
