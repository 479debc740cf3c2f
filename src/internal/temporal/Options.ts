/**
 * How a Temporal server is reached.
 */
import * as Duration from "effect/Duration"
import * as Redacted from "effect/Redacted"
import { first, shown, time } from "../options.ts"
import type { Codec } from "./Codec.ts"
import { isTooLong, mostIdBytes } from "./names.ts"
import type { ServerOptions, Tls } from "./ServerOptions.ts"

export type { ServerOptions, Tls } from "./ServerOptions.ts"

/** The options, complete. */
export interface Settings {
  readonly address: string
  readonly namespace: string
  readonly taskQueue: string
  readonly answerTimeout: number
  readonly attributes: Readonly<Record<string, "text" | "number" | "flag">>
  readonly codec: Codec | undefined
}

/** Completes options. Throws a `TypeError` when one of them makes no sense. */
export const settingsOf = (options: ServerOptions): Settings => {
  const {
    address = "localhost:7233",
    answerTimeout = "30 seconds",
    apiKey,
    namespace = "default",
    taskQueue = "perdure"
  } = options
  const fault = first(
    text("address", address),
    address.includes("://") ? "address must be host:port, without a scheme" : undefined,
    text("namespace", namespace),
    text("taskQueue", taskQueue),
    time("answerTimeout", answerTimeout),
    typeof options.tls === "object" ? tlsFault(options.tls) : undefined,
    attributesFault(options.attributes),
    codecFault(options),
    apiKey === undefined || isHeader(revealed(apiKey))
      ? undefined
      : "apiKey must be a text for a header: no spaces, no line ends"
  )
  if (fault !== undefined) throw new TypeError(`the options of Temporal: ${fault}`)
  const milliseconds = Duration.toMillis(Duration.fromInputUnsafe(answerTimeout))
  const { attributes = {}, codec } = options
  return { address, namespace, taskQueue, answerTimeout: milliseconds, attributes, codec }
}

/** How Temporal's clients are told of the same. */
export const connectionOf = (options: ServerOptions, { address, answerTimeout }: Settings) => {
  const { apiKey, tls } = options
  return {
    address,
    connectTimeout: answerTimeout,
    ...(apiKey === undefined ? {} : { apiKey: revealed(apiKey) }),
    ...(tls === undefined ? {} : { tls: typeof tls === "boolean" ? tls : tlsOf(tls) })
  }
}

// internal

const text = (name: string, value: unknown): string | undefined => {
  if (typeof value !== "string" || value === "") return `${name} must be a text that is not empty`
  // A worker asks for ever with a name that the server does not take.
  return value.isWellFormed() && !isTooLong(value)
    ? undefined
    : `${name} may have ${mostIdBytes} bytes, and no unpaired surrogates`
}

/** A client that cannot send a key shows it in its error. */
const isHeader = (apiKey: unknown): boolean => typeof apiKey === "string" && /^[\x21-\x7e]+$/.test(apiKey)

const tlsFault = ({ certificate, key, rootCertificate }: Tls): string | undefined => {
  if ((certificate === undefined) !== (key === undefined)) return "tls needs both certificate and key, or none of them"
  const secret = key === undefined ? undefined : revealed(key)
  return first(pem("tls.rootCertificate", rootCertificate), pem("tls.certificate", certificate), pem("tls.key", secret))
}

/** The text is not shown, since it may be a key. */
const pem = (name: string, text: string | undefined): string | undefined =>
  text === undefined || (typeof text === "string" && /-----BEGIN [A-Z0-9 ]+-----/.test(text))
    ? undefined
    : `${name} must be PEM, a text with -----BEGIN …----- in it, and no path of a file`

const attributesFault = (attributes: ServerOptions["attributes"]): string | undefined => {
  if (attributes === undefined) return undefined
  if (typeof attributes !== "object" || attributes === null || Array.isArray(attributes))
    return 'attributes must name kinds, as in { customer: "text" }'
  const odd = Object.entries(attributes).find(([, kind]) => !["text", "number", "flag"].includes(kind))
  return odd === undefined
    ? undefined
    : `the attribute ${JSON.stringify(odd[0])} must be "text", "number" or "flag", and is ${shown(odd[1])}`
}

const codecFault = ({ attributes = {}, codec }: ServerOptions): string | undefined => {
  if (codec === undefined) return undefined
  if (typeof codec?.seal !== "function") return "codec must be what PayloadCodec.forTemporal makes"
  const secret = Object.keys(attributes).find((name) => codec.secretAttributes.has(name))
  return secret === undefined
    ? undefined
    : `the attribute ${JSON.stringify(secret)} is secret, and no execution is found by it: leave it out of attributes`
}

const revealed = (secret: string | Redacted.Redacted): string =>
  typeof secret === "string" ? secret : Redacted.value(secret)

const tlsOf = ({ certificate, key, rootCertificate, serverName }: Tls) => ({
  ...(serverName === undefined ? {} : { serverNameOverride: serverName }),
  ...(rootCertificate === undefined ? {} : { serverRootCACertificate: bytes(rootCertificate) }),
  ...(certificate === undefined || key === undefined
    ? {}
    : { clientCertPair: { crt: bytes(certificate), key: bytes(revealed(key)) } })
})

const bytes = (pem: string): Buffer => Buffer.from(pem)
