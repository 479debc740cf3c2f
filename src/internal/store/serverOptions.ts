/**
 * Checks of the options that stores on servers have alike, for callers that no compiler has checked. Each is told how an option is called
 * where it was set: its own name, or that of a variable.
 */
import * as Predicate from "effect/Predicate"
import * as Redacted from "effect/Redacted"
import { type Fault, shown } from "../options.ts"

/** How an option is called where it was set. */
export type NameOf<Options> = (option: keyof Options & string) => string

/** The name of an option itself. */
export const itself = (option: string): string => option

/** What `guarantees.durability` may say. */
export const durabilities = ["none", "process", "disk", "replicated"] as const

/** Why there can be no server at an address of HTTP. It is not shown, since a password may stand in it by mistake. */
export const urlFault = (
  name: string,
  url: unknown,
  { example, instead, server }: { readonly example: string; readonly instead: string; readonly server: string }
): Fault => {
  const address = Predicate.isString(url) && /^https?:\/\//.test(url) && URL.canParse(url) ? new URL(url) : undefined
  if (address === undefined) return `${name} must be where ${server} answers HTTP, such as ${example}`
  if (address.username !== "" || address.password !== "") return `${name} must be without a user: ${instead}`
  return /[?#]/.test(url as string)
    ? `${name} must be an address alone, such as ${example}, without ? and #`
    : undefined
}

/** Why the names of what a store keeps cannot begin with a prefix. */
export const prefixFault = (name: string, prefix: unknown): Fault =>
  Predicate.isString(prefix) && /^[-\w]{1,100}$/.test(prefix)
    ? undefined
    : `${name} must be made of letters, digits, - and _, at most 100, and is ${shown(prefix)}`

/**
 * Why a secret cannot be sent to a server: what is not redacted could be printed, and of what no header of HTTP can carry the client prints
 * the whole in its error. The value is not shown.
 */
export const secretFault = (name: string, value: unknown): Fault => {
  if (value === undefined) return undefined
  if (!Redacted.isRedacted(value)) return `${name} must be Redacted.make(…)`
  const text = Redacted.value(value)
  return Predicate.isString(text) && /^[!-~]+$/.test(text)
    ? undefined
    : `${name} must be made of visible ASCII characters, one at least; was a line break read with it?`
}

/** Why a value is none of some words. */
export const wordFault = (name: string, value: unknown, words: ReadonlyArray<string>): Fault =>
  value === undefined || words.some((word) => word === value)
    ? undefined
    : `${name} must be one of ${words.join(", ")}, and is ${shown(value)}`

/** Why a value is neither true nor false: of a word JavaScript would take any for true. */
export const flagFault = (name: string, value: unknown): Fault =>
  value === undefined || Predicate.isBoolean(value)
    ? undefined
    : `${name} must be true or false, and is ${shown(value)}`
