/**
 * Options from the configuration of an app: each from its variable, or else from the defaults.
 */
import * as Config from "effect/Config"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import type { OptionalSetting, Setting } from "../Provider.ts"
import { refused } from "./refused.ts"

/** A provider, whatever its options are. */
export interface Readable {
  readonly kind: "executor" | "store"
  readonly name: string
  readonly settings: Readonly<Record<string, Setting<unknown> | OptionalSetting<unknown> | undefined>>
  readonly variables?: Readonly<Record<string, string | undefined>> | undefined
  readonly defaults?: object | undefined
  readonly check?: ((options: never, variable: (option: string) => string) => string | undefined) | undefined
}

/** The variable that says which of a kind is chosen. */
export const variableOfKind = (kind: Readable["kind"]): string => `PERDURE_${kind.toUpperCase()}`

/** The variable of an option: `PERDURE_STORE_MAX_COMMIT_BYTES` for `maxCommitBytes`. */
export const variableOf = ({ kind, variables }: Readable, option: string): string =>
  `${variableOfKind(kind)}_${variables?.[option] ?? option.replaceAll(/(?<=[a-z0-9])(?=[A-Z])/g, "_").toUpperCase()}`

/** Reads the options of a provider. */
export const read = Effect.fnUntraced(function* (
  provider: Readable,
  defaults: Readonly<Record<string, unknown>>
): Effect.fn.Return<Readonly<Record<string, unknown>>, Config.ConfigError> {
  const options: Record<string, unknown> = { ...provider.defaults, ...defaults }
  for (const [option, setting] of Object.entries(provider.settings)) {
    if (setting === undefined) continue
    const variable = variableOf(provider, option)
    const isOptional = typeof setting !== "function"
    const config: unknown = (isOptional ? setting.optional : setting)(variable)
    if (!Config.isConfig(config)) {
      return yield* Effect.die(
        new TypeError(
          `the setting ${option} of the ${provider.kind} ${JSON.stringify(provider.name)} must give a Config`
        )
      )
    }
    const found = yield* Config.option(config)
    if (Option.isSome(found)) options[option] = found.value
    else if (!isOptional && options[option] === undefined) {
      return yield* refused(`${variable} is missing: the ${provider.kind} ${JSON.stringify(provider.name)} needs it`)
    }
  }
  const fault = provider.check?.(options as never, (option: string) => variableOf(provider, option))
  return fault === undefined ? options : yield* refused(fault)
})
