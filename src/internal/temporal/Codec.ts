/**
 * What encrypts payloads on Temporal, as far as Temporal's side knows it: the keys and the cipher are those of `layers/PayloadCodec.ts`.
 */
import type * as Result from "effect/Result"
import type { Undecryptable } from "../../WorkflowErrorReason.ts"

/** The encoding of a payload that is encrypted, as its metadata say. */
export const sealedEncoding = "binary/perdure"

/**
 * What encrypts the payloads on Temporal, as `PayloadCodec.forTemporal` makes it.
 *
 * @category models
 * @since 0.2.0
 */
export interface Codec {
  /** Encrypts bytes for a place. */
  readonly seal: (content: Uint8Array, place: string) => Uint8Array
  /** Decrypts what was encrypted for a place. */
  readonly open: (sealed: Uint8Array, place: string) => Result.Result<Uint8Array, Undecryptable>
  /** A digest that tells nothing without the keys. It is another one when the key has changed. */
  readonly digest: (text: string) => string
  /** The names of the attributes by which no execution is found. */
  readonly secretAttributes: ReadonlySet<string>
  /** Whether what is not encrypted is read as it is. */
  readonly readPlain: boolean
}
