/**
 * How a Temporal server is reached.
 */
import * as Duration from "effect/Duration"
import * as Redacted from "effect/Redacted"
import { first, time } from "../options.ts"

/**
 * How a Temporal server is reached. All has defaults, which are those of a development server.
 *
 * @category models
 * @since 0.2.0
 */
export interface ServerOptions {
  /** `host:port`. Default `localhost:7233`. */
  readonly address?: string | undefined
  /** Default `default`. */
  readonly namespace?: string | undefined
  /** The queue of the workers that run the workflows. Default `perdure`. */
  readonly taskQueue?: string | undefined
  /** Whether the connection is encrypted, with certificates where the server asks for them. Default: with an `apiKey`. */
  readonly tls?: boolean | Tls | undefined
  readonly apiKey?: string | Redacted.Redacted | undefined
  /**
   * Attributes by which executions are to be found: search attributes that the namespace must have. Building the layer fails with
   * `AttributesMissing` where it lacks one, and says by which command it is made. Attributes that are not named here are searchable where
   * the namespace has them, and shown all the same where it has not.
   */
  readonly attributes?: Readonly<Record<string, "text" | "number" | "flag">> | undefined
  /** How long a caller waits for a server that does not answer. Default 30 seconds. */
  readonly answerTimeout?: Duration.Input | undefined
}

/**
 * The certificates of an encrypted connection, as PEM.
 *
 * @category models
 * @since 0.2.0
 */
export interface Tls {
  /** The name in the certificate of the server, where it is not its host. */
  readonly serverName?: string | undefined
  /** The authority that signs the certificate of the server. Default: those of the system. */
  readonly rootCertificate?: string | undefined
  readonly certificate?: string | undefined
  readonly key?: string | Redacted.Redacted | undefined
}

/** The options, complete. */
export interface Settings {
  readonly address: string
  readonly namespace: string
  readonly taskQueue: string
  readonly answerTimeout: number
  readonly attributes: Readonly<Record<string, "text" | "number" | "flag">>
}

/** Completes options. Throws a `TypeError` when one of them makes no sense. */
export const settingsOf = (options: ServerOptions): Settings => {
  const {
    address = "localhost:7233",
    answerTimeout = "30 seconds",
    namespace = "default",
    taskQueue = "perdure"
  } = options
  const fault = first(
    text("address", address),
    address.includes("://") ? "address must be host:port, without a scheme" : undefined,
    text("namespace", namespace),
    text("taskQueue", taskQueue),
    time("answerTimeout", answerTimeout)
  )
  if (fault !== undefined) throw new TypeError(`the options of Temporal: ${fault}`)
  const milliseconds = Duration.toMillis(Duration.fromInputUnsafe(answerTimeout))
  return { address, namespace, taskQueue, answerTimeout: milliseconds, attributes: options.attributes ?? {} }
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

const text = (name: string, value: unknown): string | undefined =>
  typeof value === "string" && value !== "" ? undefined : `${name} must be a text that is not empty`

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
