/**
 * Whether a provider makes sense, before a registry has it.
 */
import { type Fault, first, shown } from "../../internal/options.ts"
import { type Readable, variableOf } from "./reading.ts"

/** Whether a value may be the name of a provider. */
export const isName = (name: unknown): name is string =>
  typeof name === "string" && /^[a-z\d][a-z\d-]{0,63}$/i.test(name)

/** A provider that no compiler may have checked. */
interface Unchecked {
  readonly kind?: unknown
  readonly name?: unknown
  readonly load?: unknown
  readonly needsStore?: unknown
  readonly settings?: unknown
}

/** Throws when a provider makes no sense, or has a name that is taken. */
export const checkProvider = (provider: unknown, taken: (kind: Readable["kind"]) => ReadonlyArray<string>): void => {
  const fault = isObject(provider) ? faultOf(provider, taken) : `a provider is an object, and not ${shown(provider)}`
  if (fault !== undefined) throw new TypeError(`Providers.register: ${fault}`)
}

// internal

const isObject = (value: unknown): value is object => typeof value === "object" && value !== null

const faultOf = (provider: Unchecked, taken: (kind: Readable["kind"]) => ReadonlyArray<string>): Fault => {
  const { kind, load, name, needsStore, settings } = provider
  if (kind !== "store" && kind !== "executor") return 'kind must be "store" or "executor"'
  if (!isName(name)) return "name must be made of letters, digits and hyphens, 64 at most"
  const a = `${kind === "store" ? "a store" : "an executor"} ${JSON.stringify(name)}`
  if (taken(kind).includes(name)) return `there is ${a} already; give this one another name`
  const fault = first(
    typeof load === "function"
      ? undefined
      : 'load must be a function that imports a module: () => import("./MyStore.ts")',
    kind === "store" || typeof needsStore === "boolean" ? undefined : "needsStore must be true or false",
    isObject(settings) ? settingsFault(provider as Readable) : "settings must say how each option is read, or be {}"
  )
  return fault === undefined ? undefined : `the ${kind} ${JSON.stringify(name)}: ${fault}`
}

/** Options must not be called as what chooses a provider, and each needs a variable of its own. */
const settingsFault = (provider: Readable): Fault => {
  const options = Object.keys(provider.settings)
  const chooses = options.find((option) => option === "name" || (option === "store" && provider.kind === "executor"))
  if (chooses !== undefined) return `an option cannot be called ${chooses}, which chooses a provider; rename it`
  const unread = Object.entries(provider.settings).find(([, setting]) => setting !== undefined && !isSetting(setting))
  if (unread !== undefined) {
    return `the setting ${unread[0]} must be a function, such as Config.String, or Providers.optional of one`
  }
  const variables = options.map((option) => variableOf(provider, option))
  const twice = variables.find((variable, at) => variables.indexOf(variable) !== at)
  return twice === undefined ? undefined : `two options are read from ${twice}; name another in variables`
}

const isSetting = (setting: unknown): boolean =>
  typeof setting === "function" ||
  (isObject(setting) && "optional" in setting && typeof setting.optional === "function")
