/**
 * Whether a provider makes sense, before a registry has it.
 */
import { type Fault, first } from "../../internal/options.ts"
import { type Readable, variableOf } from "./reading.ts"

/** Whether a value may be the name of a provider. */
export const isName = (name: unknown): name is string =>
  typeof name === "string" && /^[a-z\d][a-z\d-]{0,63}$/i.test(name)

/** A provider that no compiler may have checked. */
interface Unchecked extends Readable {
  readonly load?: unknown
  readonly needsStore?: unknown
}

/** Throws when a provider makes no sense, or has a name that is taken. */
export const checkProvider = (provider: Unchecked, taken: ReadonlyArray<string>): void => {
  const fault = faultOf(provider, taken)
  if (fault !== undefined) throw new TypeError(`Providers.register: ${fault}`)
}

// internal

const faultOf = (provider: Unchecked, taken: ReadonlyArray<string>): Fault => {
  const { kind, load, name, needsStore, settings } = provider
  if (kind !== "store" && kind !== "executor") return 'kind must be "store" or "executor"'
  const a = kind === "store" ? "a store" : "an executor"
  return first(
    isName(name) ? undefined : "name must be made of letters, digits and hyphens, 64 at most",
    taken.includes(name) ? `there is ${a} ${JSON.stringify(name)} already; give this one another name` : undefined,
    typeof load === "function"
      ? undefined
      : 'load must be a function that imports a module: () => import("./MyStore.ts")',
    kind === "store" || typeof needsStore === "boolean" ? undefined : "needsStore must be true or false",
    typeof settings === "object" && settings !== null
      ? settingsFault(provider)
      : "settings must say how each option is read, or be {}"
  )
}

/** Options must not be called as what chooses a provider, and each needs a variable of its own. */
const settingsFault = (provider: Unchecked): Fault => {
  const options = Object.keys(provider.settings)
  const chooses = options.find((option) => option === "name" || (option === "store" && provider.kind === "executor"))
  if (chooses !== undefined) return `an option cannot be called ${chooses}, which chooses a provider; rename it`
  const variables = options.map((option) => variableOf(provider, option))
  const twice = variables.find((variable, at) => variables.indexOf(variable) !== at)
  return twice === undefined ? undefined : `two options are read from ${twice}; name another in variables`
}
