/**
 * The addresses of servers and of their monitoring ports. Credentials are taken out of them at once, so that no error, log or
 * printed setting can show what is not there.
 */
import * as Option from "effect/Option"

/** An address, without credentials in it. */
export interface Address {
  /** `host:port`, with the scheme before it when there was one. */
  readonly address: string
  readonly credentials: Option.Option<Credentials>
}

/** What stands before the `@` of an address. A name alone is a token. */
export interface Credentials {
  readonly user: string
  readonly password: string | undefined
}

/** Reads an address. */
export const parse = (text: string): Address => {
  const [, scheme = "", userinfo, host = ""] = /^(\w[\w+.-]*:\/\/)?(?:(.*)@)?([^@]*)$/s.exec(text.trim()) ?? []
  if (userinfo === undefined) return { address: scheme + host, credentials: Option.none() }
  const colon = userinfo.indexOf(":")
  const [user, password] = colon === -1 ? [userinfo, undefined] : [userinfo.slice(0, colon), userinfo.slice(colon + 1)]
  return {
    address: scheme + host,
    credentials: Option.some({
      user: unescape(user),
      password: password === undefined ? undefined : unescape(password)
    })
  }
}

// internal

const unescape = (text: string): string => Option.getOrElse(decode(text), () => text)

const decode: (text: string) => Option.Option<string> = Option.liftThrowable(decodeURIComponent)
