/**
 * Loads the module of a provider, and tells a package that is not installed from all else that may be wrong with it.
 */
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import { shown } from "../../internal/options.ts"
import { NotInstalled, ProviderError } from "../ProviderError.ts"
import type { Readable } from "./reading.ts"

/** A provider, whatever it provides. */
export interface Loadable extends Readable {
  readonly load: () => Promise<{ readonly layer: (options: never) => Layer.Layer<never, unknown, unknown> }>
  readonly packages?: ReadonlyArray<string> | undefined
}

/** Loads what makes the Layer. A module that is broken is a defect: there is nothing that an app could do about it. */
export const load = Effect.fnUntraced(function* ({
  kind,
  load,
  name,
  packages = []
}: Loadable): Effect.fn.Return<(options: unknown) => Layer.Layer<never, unknown, unknown>, ProviderError> {
  const module = yield* Effect.tryPromise({
    try: () => Promise.resolve(load()),
    catch: (cause): Failed => ({ cause })
  }).pipe(
    Effect.catch(({ cause }) => {
      const missing = packages.find((it) => isMissing(cause, it))
      return missing === undefined
        ? Effect.die(cause)
        : Effect.fail(new ProviderError({ kind, provider: name, reason: new NotInstalled({ missing, packages }) }))
    })
  )
  const provider = `the ${kind} ${JSON.stringify(name)}`
  const layer: unknown = (module as { readonly layer?: unknown } | null | undefined)?.layer
  if (typeof layer !== "function") {
    return yield* Effect.die(new TypeError(`the module of ${provider} exports no function "layer"`))
  }
  return (options) => {
    const made: unknown = layer(options)
    if (Layer.isLayer(made)) return made as Layer.Layer<never, unknown, unknown>
    throw new TypeError(`"layer" of the module of ${provider} must give a Layer, and gives ${shown(made)}`)
  }
})

// internal

/** An import that failed, for whatever reason. */
interface Failed {
  readonly cause: unknown
}

/** Whether an import failed because there is no package of this name; not because of a package that this one needs. */
const isMissing = (cause: unknown, name: string): boolean =>
  cause instanceof Error &&
  "code" in cause &&
  cause.code === "ERR_MODULE_NOT_FOUND" &&
  cause.message.startsWith(`Cannot find package '${name}'`)
