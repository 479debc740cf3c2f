/**
 * Loads the module of a provider, and tells a package that is not installed from all else that may be wrong with it.
 */
import * as Effect from "effect/Effect"
import type * as Layer from "effect/Layer"
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
  const { layer } = yield* Effect.tryPromise({ try: load, catch: (cause): Failed => ({ cause }) }).pipe(
    Effect.catch(({ cause }) => {
      const missing = packages.find((it) => isMissing(cause, it))
      return missing === undefined
        ? Effect.die(cause)
        : Effect.fail(new ProviderError({ kind, provider: name, reason: new NotInstalled({ missing, packages }) }))
    })
  )
  if (typeof layer === "function") return layer as (options: unknown) => ReturnType<typeof layer>
  return yield* Effect.die(
    new TypeError(`the module of the ${kind} ${JSON.stringify(name)} exports no function "layer"`)
  )
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
