/**
 * How a Temporal server is reached, as its users say it.
 */
import type * as Duration from "effect/Duration"
import type * as Redacted from "effect/Redacted"
import type { Codec } from "./Codec.ts"

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
  /**
   * What encrypts the payloads: `PayloadCodec.forTemporal({ keys })`. Workers, callers and views of a namespace need it with the same keys.
   * Default: payloads are readable on the server.
   */
  readonly codec?: Codec | undefined
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
