/** The digest of what a person agrees to is that of Node.js. */
import { createHash } from "node:crypto"
import { assert, it } from "@effect/vitest"
import { sha256 } from "../../src/internal/core/sha256.ts"

it("SHA-256 is that of Node.js, for texts of each length and of each kind of letter", () => {
  const letters = "aé€😀\u0000"
  for (let length = 0; length < 300; length++) {
    const text = Array.from({ length }, (_, index) => letters[(index * 7 + length) % letters.length]).join("")
    assert.strictEqual(sha256(text), createHash("sha256").update(text, "utf8").digest("hex"), `of ${length} letters`)
  }
})
