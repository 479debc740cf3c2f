/**
 * Addresses of servers, as a text with commas between them. They are secret, since they may have a password in them, and a comma in a
 * password would make two addresses of one: the first would then have a part of the password where its host is, which errors show
 * and name servers are asked for. So a text that can be read in both ways is refused.
 */
import * as Config from "effect/Config"
import * as Redacted from "effect/Redacted"
import { type Fault, first } from "../../internal/options.ts"
import type { Setting } from "../Provider.ts"
import { refused } from "./refused.ts"

/** Addresses with commas between them. */
export const addresses: Setting<ReadonlyArray<string>> = (variable) =>
  Config.flatMap(Config.Redacted(variable), (value) => {
    const listed = Redacted.value(value)
      .split(",")
      .map((address) => address.trim())
    const fault = faultOf(variable, listed)
    return fault === undefined ? Config.succeed(listed) : refused(fault)
  })

// internal

/** No value is shown. */
const faultOf = (variable: string, addresses: ReadonlyArray<string>): Fault =>
  first(
    addresses.every((address) => isAddress.test(address))
      ? undefined
      : `${variable} must be an address, such as host:4222, or several with commas between them`,
    mayBeOne(addresses)
      ? `${variable} must have %2C for a comma in a user, a password or a token; of several addresses the first ones have the ` +
          "user, all the same one, or a scheme each"
      : undefined
  )

/**
 * Whether addresses may be one that was cut at the commas in its credentials. Its `@` would be in the last part, after parts that
 * have none, or after one of the password itself: then the last part has other credentials than the first, and no scheme.
 */
const mayBeOne = (addresses: ReadonlyArray<string>): boolean => {
  const [before, ...others] = addresses
    .slice(0, addresses.findLastIndex((address) => address.includes("@")) + 1)
    .map(partsOf)
  return others.some(
    ({ credentials, scheme }) =>
      before?.credentials === undefined ||
      credentials === undefined ||
      (scheme === undefined && credentials !== before.credentials)
  )
}

const partsOf = (address: string) => {
  const [, scheme, credentials] = isAddress.exec(address) ?? []
  return { scheme, credentials }
}

/** A scheme, credentials with their `@`, a host with its port, and a path. */
const isAddress = /^(\w[\w+.-]*:\/\/)?(\S*@)?(?:[^\s:@/]+|\[[\da-f:.]+\])(?::\d+)?(?:\/[^\s@]*)?$/i
