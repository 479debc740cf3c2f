/**
 * Why an executor or a store could not be had by its name.
 */
import * as Schema from "effect/Schema"
import { TaggedError } from "../internal/taggedError.ts"

/**
 * There is no provider of this name. Names are compared exactly.
 *
 * @category errors
 * @since 0.2.0
 */
export class Unknown extends TaggedError<Unknown>()("Unknown", {
  /** The names that there are, sorted. */
  known: Schema.Array(Schema.String),
  /** The variable that has the name, where one has. */
  variable: Schema.optionalKey(Schema.String)
}) {
  override get message() {
    return `known: ${this.known.join(", ")}`
  }
}

/**
 * A package that the provider needs is not installed.
 *
 * @category errors
 * @since 0.2.0
 */
export class NotInstalled extends TaggedError<NotInstalled>()("NotInstalled", {
  /** The package that was not found. */
  missing: Schema.String,
  /** All packages that the provider needs beside this library. */
  packages: Schema.Array(Schema.String)
}) {
  override get message() {
    return `the package ${this.missing} is not installed: npm install ${this.packages.join(" ")}`
  }
}

/**
 * Why a provider could not be had.
 *
 * @category errors
 * @since 0.2.0
 */
export const ProviderErrorReason = Schema.Union([Unknown, NotInstalled])
export type ProviderErrorReason = typeof ProviderErrorReason.Type

/**
 * An executor or a store could not be had by its name.
 *
 * @category errors
 * @since 0.2.0
 */
export class ProviderError extends TaggedError<ProviderError>()("ProviderError", {
  kind: Schema.Literals(["executor", "store"]),
  /** The name that was asked for; empty where it cannot be one, since an address with a password in it may stand there. */
  provider: Schema.String,
  reason: ProviderErrorReason
}) {
  override get message() {
    const { kind, provider, reason } = this
    if (reason._tag === "NotInstalled")
      return `the ${kind} ${JSON.stringify(provider)} cannot be used: ${reason.message}`
    const at = reason.variable === undefined ? "" : `${reason.variable}: `
    if (provider !== "") return `${at}there is no ${kind} ${JSON.stringify(provider)}; ${reason.message}`
    const hint = reason.variable === undefined ? "" : `, and an address belongs in ${reason.variable}_URL`
    return `${at}this is no name of a ${kind}; ${reason.message}${hint}`
  }
}
