/**
 * What the payload codec adds to a commit, beside what any store does and the cipher of Node.js takes: microseconds of CPU of a payload.
 *
 * Ours is the way of a commit to its stored text, and back, with the codec. The reference is the same way without it, and then the same bytes,
 * encrypted for the same place by the calls of `node:crypto` that the codec makes, from buffers that are there already. So JSON of the
 * payload counts where it is done twice, and base64, nonces, places and copies count as the codec's own.
 */
import { createCipheriv, createDecipheriv, createSecretKey, randomBytes } from "node:crypto"
import { Effect, Redacted, Result } from "effect"
import { formatVersion } from "perdure/HistoryEvent"
import { RunId, Sequence, Version, WorkflowId } from "perdure/Ids"
import type { Commit } from "perdure/Store/WorkflowStore"
import { decodeEvents, encodeEvents } from "../../src/internal/store/codec.ts"
import * as Envelope from "../../src/layers/codec/envelope.ts"
import * as KeyRing from "../../src/layers/codec/KeyRing.ts"
import * as Sealing from "../../src/layers/codec/Sealing.ts"
import * as Figure from "../Figure.ts"

/** Microseconds of a payload beyond those of the reference: at most so many. */
export const codec = (name: string, atMost: number) =>
  Effect.sync(() =>
    [writing, reading, opening].map((what) => {
      const { ours, reference } = compare(what, 9, 20_000)
      return Figure.make({
        name: `${name}-${what.name}`,
        value: ours - reference,
        unit: "us/payload",
        atMost,
        reference: { name: what.of, value: reference, unit: "us" }
      })
    })
  )

/** What is compared. */
interface Comparison {
  readonly name: string
  readonly ours: () => unknown
  readonly reference: () => unknown
  readonly of: string
  /** How many payloads are in what is done. */
  readonly payloads: number
}

/** Microseconds of CPU of a payload, in the median of rounds that take turns. */
export const compare = ({ ours, payloads, reference }: Comparison, rounds: number, times: number) => {
  const timed = (run: () => unknown): number => {
    const begun = process.cpuUsage()
    for (let done = 0; done < times; done++) run()
    const { system, user } = process.cpuUsage(begun)
    return (user + system) / times / payloads
  }
  const all = Array.from({ length: rounds + 1 }, () => ({ reference: timed(reference), ours: timed(ours) }))
  return Figure.median(all.slice(1), ({ ours, reference }) => ours - reference)
}

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

const secret = randomBytes(32)
const keys = Result.getOrThrow(KeyRing.make([{ id: "bench", secret: Redacted.make(secret.toString("base64")) }]))
const settings: Sealing.Settings = { keys, secrets: new Set(), readPlain: false, compressAbove: 4096 }
const key = createSecretKey(secret)
const algorithm = "aes-256-gcm"
const options = { authTagLength: 16 }
const nonce = randomBytes(12)

/** What the codec encrypts of the commit, and of its summary, and what it authenticates with it. */
const ofEvents = {
  text: JSON.stringify([{ exit: { _tag: "Success", value: "a receipt" } }, { input, digest: 4_255_177_941_582_535 }]),
  place: `commit ${workflowId.length} ${workflowId} ${runId.length} ${runId} 2 ActivityResolved 0 ActivityScheduled 1`
}
const ofSummary = { text: "{}", place: `summary ${workflowId.length} ${workflowId} ${runId.length} ${runId} 2` }
const head = "perdure1.bench."

const encrypt = ({ place, text }: typeof ofEvents) => {
  const cipher = createCipheriv(algorithm, key, nonce, options)
  cipher.setAAD(Buffer.from(head + place))
  const content = cipher.update(text, "utf8")
  cipher.final()
  return { content, tag: cipher.getAuthTag() }
}

const decrypt = ({ content, tag }: ReturnType<typeof encrypt>): void => {
  const decipher = createDecipheriv(algorithm, key, nonce, options)
  decipher.setAAD(Buffer.from(head + ofEvents.place))
  decipher.setAuthTag(tag)
  decipher.update(content)
  decipher.final()
}

const textsOf = ({ events, summary }: Commit) => encodeEvents(events) + JSON.stringify(summary)
const eventsIn = (text: string) => Result.getOrThrow(decodeEvents(text, formatVersion)) as Commit["events"]

const plain = encodeEvents(commit.events)
const stored = encodeEvents(Sealing.sealCommit(settings, commit).events)
const encrypted = encrypt(ofEvents)

/** A commit on its way to a store: it has two payloads, that of its events and that of its summary. */
export const writing: Comparison = {
  name: "write",
  ours: () => textsOf(Sealing.sealCommit(settings, commit)),
  reference: () => [textsOf(commit), encrypt(ofEvents), encrypt(ofSummary)],
  of: "without the codec, and node:crypto",
  payloads: 2
}

/** The events of a commit on their way back. */
export const reading: Comparison = {
  name: "read",
  ours: () => {
    const { id, version } = commit
    return Result.getOrThrow(Sealing.openCommit(settings, workflowId, { id, runId, version, events: eventsIn(stored) }))
  },
  reference: () => [eventsIn(plain), decrypt(encrypted)],
  of: "without the codec, and node:crypto",
  payloads: 1
}

const envelope = Envelope.seal(keys, ofEvents.text, ofEvents.place, 4096)

/** The stored form alone. */
const opening: Comparison = {
  name: "envelope",
  ours: () => Envelope.open(keys, envelope, ofEvents.place),
  reference: () => decrypt(encrypted),
  of: "node:crypto",
  payloads: 1
}
