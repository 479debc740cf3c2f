/** A certificate for 127.0.0.1, which no authority has signed. */
import { spawnSync } from "node:child_process"
import { readFileSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { assert } from "../suites/assert.ts"

/** The files of a certificate. */
export interface Certificate {
  readonly certificate: string
  /** The certificate and its key in one. */
  readonly both: string
}

/** Makes a certificate in a folder. */
export const certificateIn = (folder: string): Certificate => {
  const [key, certificate, both] = ["key.pem", "certificate.pem", "both.pem"].map((name) => join(folder, name)) as [
    string,
    string,
    string
  ]
  const made = spawnSync("openssl", [
    ...["req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=localhost"],
    ...["-addext", "subjectAltName=IP:127.0.0.1", "-keyout", key, "-out", certificate]
  ])
  assert.strictEqual(made.status, 0, String(made.stderr))
  writeFileSync(both, readFileSync(key, "utf8") + readFileSync(certificate, "utf8"))
  return { certificate, both }
}
