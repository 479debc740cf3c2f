/**
 * What the payload codec adds to the cipher of Node.js: microseconds that a payload takes beside it, when it is written and when it is read.
 */
import { createCipheriv, createDecipheriv, createSecretKey, randomBytes } from "node:crypto"
import { Effect, Redacted, Result } from "effect"
import * as Envelope from "../../src/layers/codec/envelope.ts"
import * as KeyRing from "../../src/layers/codec/KeyRing.ts"
import * as Sealing from "../../src/layers/codec/Sealing.ts"
import { RunId, Sequence, Version, WorkflowId } from "perdure/Ids"
import type { Commit } from "perdure/Store/WorkflowStore"
import * as Figure from "../Figure.ts"

/** So many payloads are written, and read, in a round. */
const count = 20_000
const rounds = 9

/** Microseconds of a payload beyond those of the cipher alone: at most so many. */
export const codec = (name: string, atMost: number) =>
  Effect.sync(() => {
    const secret = randomBytes(32)
    const keys = Result.getOrThrow(KeyRing.make([{ id: "bench", secret: Redacted.make(secret.toString("base64")) }]))
    const settings: Sealing.Settings = { keys, secrets: new Set(), readPlain: false, compressAbove: 4096 }
    const sealed = Sealing.sealCommit(settings, commit)
    const key = createSecretKey(secret)
    const write = comparing(
      () => Sealing.sealCommit(settings, commit),
      () => void encrypt(key),
      // A commit has two payloads: that of its events, and that of its summary.
      2
    )
    const { runId, version, workflowId } = commit
    const stored = { id: commit.id, runId, version, events: sealed.events }
    const encrypted = encrypt(key)
    const read = comparing(
      () => Sealing.openCommit(settings, workflowId, stored),
      () => decrypt(key, encrypted),
      1
    )
    const envelope = Envelope.seal(keys, text, place, 4096)
    return [
      figureOf(`${name}-write`, write, "encryptions by node:crypto", atMost),
      figureOf(`${name}-read`, read, "decryptions by node:crypto", atMost),
      figureOf(
        `${name}-envelope`,
        comparing(
          () => Envelope.open(keys, envelope, place),
          () => decrypt(key, encrypted),
          1
        ),
        "decryptions by node:crypto",
        atMost
      )
    ]
  })

// internal

const workflowId = WorkflowId.make("order-1")
const runId = RunId.make("2a5f6b1e-0f8e-4b0a-9f0a-5e6c0c3f1d2e")
const at = 1_700_000_000_000
const input = { customer: "Ada", items: ["a book", "a pen"], cents: 1999 }
const commit: Commit = {
  id: "8d5f6b1e-0f8e-4b0a-9f0a-5e6c0c3f1d2e",
  workflowId,
  runId,
  version: Version.make(2),
  events: [
    { _tag: "ActivityResolved", at, seq: Sequence.make(0), exit: { _tag: "Success", value: "a receipt" } },
    { _tag: "ActivityScheduled", at, seq: Sequence.make(1), name: "Charge", input, digest: 4_255_177_941_582_535 }
  ],
  summary: {
    workflowId,
    runId,
    workflow: "Order",
    status: "running",
    version: Version.make(2),
    firstVersion: Version.make(1),
    startedAt: at,
    updatedAt: at,
    waitingFor: [{ _tag: "Activity", seq: Sequence.make(1), name: "Charge", attempt: 1 }],
    attributes: { customer: "Ada" }
  }
}
const text = JSON.stringify([
  { exit: { _tag: "Success", value: "a receipt" } },
  { input, digest: 4_255_177_941_582_535 }
])
const place = JSON.stringify(["commit", workflowId, runId, 2, "ActivityResolved 0", "ActivityScheduled 1"])
const algorithm = "aes-256-gcm"
const nonce = randomBytes(12)

type Key = ReturnType<typeof createSecretKey>

const encrypt = (key: Key) => {
  const cipher = createCipheriv(algorithm, key, nonce)
  cipher.setAAD(Buffer.from(place))
  const content = cipher.update(text, "utf8")
  cipher.final()
  return { content, tag: cipher.getAuthTag() }
}

const decrypt = (key: Key, { content, tag }: ReturnType<typeof encrypt>): void => {
  const decipher = createDecipheriv(algorithm, key, nonce, { authTagLength: 16 })
  decipher.setAAD(Buffer.from(place))
  decipher.setAuthTag(tag)
  decipher.update(content)
  decipher.final()
}

interface Round {
  readonly ours: number
  readonly raw: number
}

/** Microseconds of CPU of a payload, of which ours makes so many at a time, and of the cipher, in turns. */
const comparing = (ours: () => unknown, raw: () => void, payloads: number): Round => {
  const all = Array.from({ length: rounds + 1 }, () => ({ raw: timed(raw), ours: timed(ours) / payloads }))
  return Figure.median(all.slice(1), ({ ours, raw }) => ours - raw)
}

const timed = (run: () => unknown): number => {
  const begun = process.cpuUsage()
  for (let done = 0; done < count; done++) run()
  const { system, user } = process.cpuUsage(begun)
  return (user + system) / count
}

const figureOf = (name: string, { ours, raw }: Round, reference: string, atMost: number) =>
  Figure.make({
    name,
    value: ours - raw,
    unit: "us/payload",
    atMost,
    reference: { name: reference, value: raw, unit: "us" }
  })
