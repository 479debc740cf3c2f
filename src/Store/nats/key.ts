/**
 * The KV keys of workflow ids and workers.
 */
import { createHash } from "node:crypto"
import { encodeWith } from "../../internal/store/token.ts"

export { decode } from "../../internal/store/token.ts"

/** The key of a text. */
export const encode = encodeWith((bytes) => createHash("sha256").update(bytes).digest("base64url"))
