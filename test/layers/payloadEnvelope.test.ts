/** The stored form of payloads: it says nothing, and whatever is done to it is noticed. */
import { assert, describe, it } from "@effect/vitest"
import { Context, Effect, Layer, Option, Redacted, Result } from "effect"
import { HistoryEvent } from "perdure/HistoryEvent"
import { Sequence } from "perdure/Ids"
import * as PayloadCodec from "perdure/layers/PayloadCodec"
import * as Memory from "perdure/Store/Memory"
import { type Commit, type StoreError, WorkflowStore } from "perdure/Store/WorkflowStore"
import { compare, reading, writing } from "../../bench/figures/codec.ts"
import * as Envelope from "../../src/layers/codec/envelope.ts"
import * as KeyRing from "../../src/layers/codec/KeyRing.ts"
import * as Sealing from "../../src/layers/codec/Sealing.ts"
import { after, freshId, loaded, start } from "../suites/store/builders.ts"
import { encrypted, keyOf } from "../support/encrypted.ts"

type Store = WorkflowStore["Service"]

const ring = (...ids: ReadonlyArray<string>) => Result.getOrThrow(KeyRing.make(ids.map((id) => keyOf(id))))
const keys = ring("first")

/** What becomes of a text that is opened: the text, or why not. */
const opened = (sealed: unknown, place = "here", by = keys) =>
  Result.match(Envelope.open(by, sealed, place), {
    onSuccess: (text) => ({ text }),
    onFailure: ({ _tag, fault, keyId }) => ({ _tag, fault, keyId })
  })

const refused = { _tag: "Undecryptable", fault: "Refused", keyId: "first" } as const

/** The text with one bit of its UTF-16 changed, for each of the bits that a text of ASCII has. */
function* flipped(text: string): Generator<string> {
  for (let at = 0; at < text.length; at++) {
    for (let bit = 0; bit < 8; bit++) {
      yield text.slice(0, at) + String.fromCharCode(text.charCodeAt(at) ^ (1 << bit)) + text.slice(at + 1)
    }
  }
}

const long = "a text that is long, and says the same again and again. ".repeat(20)

describe("an envelope", () => {
  for (const [name, text] of [
    ["a short text", '{"a":1}'],
    ["nothing", ""],
    ["a compressed text", long],
    ["any characters", "\u0000\u00e9\u65e5\u{1f600}\u2028"]
  ] as const) {
    it(`27. gives ${name} back, and nothing for any other bit, end, place or key`, () => {
      const sealed = Envelope.seal(keys, text, "here", 100)
      assert.deepStrictEqual(opened(sealed), { text })
      const other = Envelope.seal(keys, text, "here", 100)
      assert.notStrictEqual(other, sealed, "two payloads have two nonces")
      for (const changed of flipped(sealed)) {
        const { _tag } = opened(changed) as { readonly _tag?: string }
        assert.strictEqual(_tag, "Undecryptable", changed)
      }
      for (let length = 0; length < sealed.length; length++) {
        assert.strictEqual((opened(sealed.slice(0, length)) as { readonly _tag?: string })._tag, "Undecryptable")
      }
      for (const more of ["A", "=", " ", "\n", "AAAA"]) {
        assert.strictEqual((opened(sealed + more) as { readonly _tag?: string })._tag, "Undecryptable")
      }
      assert.deepStrictEqual(opened(sealed, "there"), refused)
      const wrong = Result.getOrThrow(KeyRing.make([keyOf("first", "other bytes")]))
      assert.deepStrictEqual(opened(sealed, "here", wrong), refused)
      assert.deepStrictEqual(opened(sealed, "here", ring("second")), { ...refused, fault: "MissingKey" })
    })
  }

  it("is refused when it is none", () => {
    for (const none of [undefined, null, 1, "", "perdure1", "perdure1.first", {}, []]) {
      assert.deepStrictEqual(opened(none), { _tag: "Undecryptable", fault: "Refused", keyId: undefined })
    }
  })

  it("is refused when it has no payload", () => assert.deepStrictEqual(opened("perdure1.first."), refused))

  it("is the same in all releases", () => {
    const recorded = "perdure1.first.Ri3fkX+wJUAcZjGx5irz1C9Jp28f8ilFKE1DXU1H6IRlyD5ik5Db/eMpI+WpoA=="
    assert.deepStrictEqual(opened(recorded), { text: '{"input":"a book"}' })
  })

  it("is compressed where that makes it shorter, and only there", () => {
    const lengthOf = (text: string, above: number) => Envelope.seal(keys, text, "", above).length
    assert.isBelow(lengthOf(long, 1000), lengthOf(long, Infinity) / 5)
    assert.strictEqual(lengthOf(long.slice(0, 1000), 1000), lengthOf("x".repeat(1000), Infinity))
    const all = Array.from({ length: 64 }, (_, index) => String.fromCharCode(48 + index)).join("")
    assert.match(Envelope.seal(keys, all, "", 10), /^perdure1\./)
    assert.match(Envelope.seal(keys, long, "", 10), /^perdure1z\./)
  })
})

describe("a commit", () => {
  const settings: Sealing.Settings = { keys, secrets: new Set(["email"]), readPlain: false, compressAbove: 4096 }

  it.prop("comes back as it was, whatever its event", [HistoryEvent], ([event]) => {
    const commit: Commit = { ...start(freshId()), events: [event] }
    const { id, runId, version, workflowId } = commit
    const { events } = Sealing.sealCommit(settings, commit)
    const stored = JSON.parse(JSON.stringify({ id, runId, version, events }))
    const found = Result.getOrThrow(Sealing.openCommit(settings, workflowId, stored))
    assert.strictEqual(JSON.stringify(found.events), JSON.stringify([event]))
  })
})

describe("what the codec costs", () => {
  for (const what of [reading, writing]) {
    // The bench has the figure, which is half of it at most; this one holds on any machine, with anything else beside it.
    it(`of CPU is at most twice what the cipher and a store without it take, to ${what.name}`, () => {
      const { ours, reference } = compare(what, 7, 1500)
      assert.isBelow(ours, 2 * reference + 2)
      assert.isAbove(ours, reference, "the reference is a part of it")
    })
  }
})

/** A store, what is under it, and two executions of two commits and with details. */
const filled = Effect.gen(function* () {
  const raw = yield* Memory.make()
  const context = yield* Layer.build(encrypted(Layer.succeed(WorkflowStore, raw)))
  const store = Context.get(context, WorkflowStore)
  const firsts = [start(freshId()), start(freshId())]
  for (const first of firsts) {
    yield* store.save(first)
    yield* store.save(after(first.summary, { summary: { memo: "a memo" } }))
    yield* store.saveDetails([{ ...callOf(first), details: { page: 1 } }])
  }
  return { raw, store, firsts: firsts as [Commit, Commit] }
})

const callOf = ({ runId, workflowId }: Commit) => ({ workflowId, runId, seq: Sequence.make(0) })

/** How a store that holds one execution as it is given reads it. */
const readOf = Effect.fnUntraced(function* (commits: ReadonlyArray<Commit>) {
  const raw = yield* Memory.make()
  for (const commit of commits) yield* raw.save(commit)
  const store = Context.get(yield* Layer.build(encrypted(Layer.succeed(WorkflowStore, raw))), WorkflowStore)
  return yield* outcomeOf(store.load(commits[0]!.workflowId))
})

const outcomeOf = <A>(effect: Effect.Effect<A, StoreError>) =>
  Effect.match(effect, { onSuccess: () => "read", onFailure: ({ reason }) => reason._tag })

/** The commits of an execution as they are stored, each with the latest summary. */
const storedOf = (raw: Store, { workflowId }: Commit) =>
  Effect.map(loaded(raw, workflowId), ({ commits, summary }) =>
    commits.map((commit) => ({ ...commit, workflowId, summary: { ...summary, version: commit.version } }) as Commit)
  )

describe("a store that is tampered with", () => {
  it.effect("gives no commit that was changed, moved, or put in another order", () =>
    Effect.gen(function* () {
      const { firsts, raw } = yield* filled
      const [one, two] = yield* storedOf(raw, firsts[0])
      const [other] = yield* storedOf(raw, firsts[1])
      const withEvents = (commit: Commit, events: unknown) => ({ ...commit, events: events as Commit["events"] })
      const last = (events: unknown) => [one!, withEvents({ ...two!, summary: two!.summary }, events)]
      assert.strictEqual(yield* readOf([one!, two!]), "read")
      const [event] = two!.events
      const { sealed } = event as unknown as { readonly sealed: string }
      assert.match(sealed, /^perdure1\.first\./)
      // Of another version, of another execution, and of an event of another kind.
      const [began, scheduled] = one!.events
      assert.strictEqual(
        yield* readOf(last([{ ...event, sealed: (began as never as { sealed: string }).sealed }])),
        "Undecryptable"
      )
      assert.strictEqual(yield* readOf([withEvents(one!, other!.events), two!]), "Undecryptable")
      assert.strictEqual(yield* readOf(last([{ ...scheduled, sealed }])), "Undecryptable")
      assert.strictEqual(yield* readOf([withEvents(one!, [began]), two!]), "Undecryptable")
      // Without its payloads, and with others that are not encrypted.
      const plain = { ...event, sealed: undefined }
      assert.strictEqual(yield* readOf(last([{ ...plain, payload: "forged" }])), "Undecryptable")
      let bits = 0
      for (const changed of flipped(sealed)) {
        bits++
        assert.strictEqual(yield* readOf(last([{ ...event, sealed: changed }])), "Undecryptable")
      }
      assert.isAbove(bits, 500)
    })
  )

  it.effect("gives no summary that was changed or moved, and has it among the unreadable ones of a page", () =>
    Effect.gen(function* () {
      const { firsts, raw, store } = yield* filled
      const { commits, summary } = yield* loaded(raw, firsts[0].workflowId)
      const memo = summary.memo as string
      const { summary: other } = yield* loaded(raw, firsts[1].workflowId)
      const read = Effect.fnUntraced(function* (changes: object) {
        const within = yield* Memory.make()
        for (const { version, ...commit } of commits) {
          const { workflowId } = summary
          yield* within.save({ ...commit, version, workflowId, summary: { ...summary, version, ...changes } } as Commit)
        }
        return Context.get(yield* Layer.build(encrypted(Layer.succeed(WorkflowStore, within))), WorkflowStore)
      })
      const sound = yield* read({})
      assert.strictEqual(yield* outcomeOf(sound.summary(summary.workflowId)), "read")
      // That of an earlier version, too.
      const later = after(yield* Effect.map(store.summary(summary.workflowId), Option.getOrThrow))
      yield* store.save(later)
      const { summary: latest } = yield* loaded(raw, summary.workflowId)
      for (const changed of [latest.memo, other.memo, undefined, null, memo.slice(1), ...flipped(memo)]) {
        const tampered = yield* read({ memo: changed })
        assert.strictEqual(yield* outcomeOf(tampered.summary(summary.workflowId)), "Undecryptable")
        const { executions, unreadable = [] } = yield* tampered.list()
        assert.deepStrictEqual(executions, [])
        assert.deepStrictEqual(
          unreadable.map(({ workflowId }) => workflowId),
          [summary.workflowId]
        )
        assert.match(unreadable[0]!.detail, /encrypted/)
      }
      assert.deepStrictEqual((yield* store.list()).executions.length, 2)
    })
  )

  it.effect("gives no details of a call that were changed or moved", () =>
    Effect.gen(function* () {
      const { firsts, raw, store } = yield* filled
      const [mine, others] = firsts.map(callOf)
      const stored = Option.getOrThrow(yield* raw.details(mine!)) as Record<string, string>
      const [[field, sealed]] = Object.entries(stored) as [[string, string]]
      assert.deepStrictEqual(yield* store.details(mine!), Option.some({ page: 1 }))
      const moved = Option.getOrThrow(yield* raw.details(others!))
      for (const details of [
        moved,
        { page: 1 },
        sealed,
        ...Array.from(flipped(sealed), (each) => ({ [field]: each }))
      ]) {
        yield* raw.saveDetails([{ ...mine!, details }])
        assert.strictEqual(yield* outcomeOf(store.details(mine!)), "Undecryptable")
      }
      yield* store.saveDetails([mine!])
      assert.deepStrictEqual(yield* store.details(mine!), Option.none())
    })
  )
})

/** A store with the codec, whose keys no compiler has checked. */
const keyed = (store: Layer.Layer<WorkflowStore>, options: PayloadCodec.Options, keys: unknown) =>
  PayloadCodec.layer(options).pipe(
    Layer.provide(store),
    Layer.provide(Layer.succeed(PayloadCodec.PayloadKeys, { keys: keys as ReadonlyArray<PayloadCodec.PayloadKey> }))
  )

describe("a codec that is built", () => {
  const faultOf = (options: PayloadCodec.Options, given: unknown, store = Memory.layer()) =>
    Effect.match(Effect.scoped(Layer.build(keyed(store, options, given))), {
      onSuccess: () => "none",
      onFailure: (error) => `${error.operation} ${error.reason._tag}: ${error.reason.message}`
    })

  it.effect("refuses what is wrong with its keys and options, and shows no key", () =>
    Effect.gen(function* () {
      const good = keyOf("first")
      const of = (secret: unknown) => ({ id: "first", secret })
      const secretOf = (length: number) => of(Redacted.make(Buffer.alloc(length, 1).toString("base64")))
      const bytes = Buffer.alloc(32, "\xfb\xff")
      const [key, url, hex] = (["base64", "base64url", "hex"] as const).map((form) => bytes.toString(form)) as [
        string,
        string,
        string
      ]
      const wiped = Redacted.make(key)
      Redacted.wipeUnsafe(wiped)
      for (const [expected, keys, options, store] of [
        [/^open Unsupported: the keys: there is none: .*openssl rand -base64 32/, []],
        [/the keys: they must be a list/, undefined],
        [/the keys: they must be a list/, key],
        [/two keys have the id "first": give each an id of its own/, [good, keyOf("first", "other")]],
        [/the key "first" must be 32 bytes in base64, as openssl rand.*, and has 16 bytes$/, [secretOf(16)]],
        [/the key "first" must be 32 bytes.*, and has 33 bytes$/, [secretOf(33)]],
        [/the key "first" must be 32 bytes.*, and has 0 bytes$/, [secretOf(0)]],
        [/, and is no base64$/, [of(Redacted.make(`${key}!`))]],
        [/, and is not in Redacted\.make\(…\)$/, [of(key)]],
        [/, and is not in Redacted\.make\(…\)$/, [{ id: "first" }]],
        [/, and is no text$/, [of(Redacted.make(Buffer.from(key)))]],
        [/, and was wiped before the codec was built$/, [of(wiped)]],
        [/, and lacks the = at its end$/, [of(Redacted.make(key.slice(0, -1)))]],
        [/, and is base64url: write \+ for each -/, [of(Redacted.make(url))]],
        [/, and is base64url: write \+ for each -/, [of(Redacted.make(`${url}=`))]],
        [/, and is hexadecimal: make base64 of it/, [of(Redacted.make(hex))]],
        [/the id of key 1 must be 1 to 64 letters.*, as 2026-11:<base64>$/, [{ ...good, id: "" }]],
        [/the id of key 1 must be/, [{ ...good, id: "a.b" }]],
        [/the id of key 1 must be/, [{ ...good, id: "é" }]],
        [/the id of key 1 must be/, [{ ...good, id: "a".repeat(65) }]],
        [/the id of key 2 must be/, [good, null]],
        [/the key 1 must be 32 bytes/, [{ id: url, secret: Redacted.make("first") }]],
        [/the key 1 must be 32 bytes/, [{ id: hex, secret: Redacted.make("first") }]],
        [/there is no option readplain/, [good], { readplain: true }],
        [/secretAttributes must be a list/, [good], { secretAttributes: "email" }],
        [/readPlain must be/, [good], { readPlain: 1 }],
        [/compressAbove must be/, [good], { compressAbove: 0.5 }],
        [
          /the store takes commits of 1000 bytes, and must take 262144/,
          [good],
          {},
          Memory.layer({ maxCommitBytes: 1000 })
        ]
      ] as ReadonlyArray<readonly [RegExp, unknown, object?, Layer.Layer<WorkflowStore>?]>) {
        const fault = yield* faultOf(options ?? {}, keys, store)
        assert.match(fault, expected)
        for (const form of [key, url, hex]) assert.notInclude(fault, form.slice(0, 20))
      }
      assert.strictEqual(yield* faultOf({}, [good]), "none")
    })
  )
})
