/** The stored form of histories: what is written is read back, and what was not written by it is refused in words. */
import { assert, describe, it } from "@effect/vitest"
import { Arbitrary, Result, Schema } from "effect"
import { formatVersion, HistoryEvent } from "perdure/HistoryEvent"
import { Sequence, WorkflowId } from "perdure/Ids"
import { Commit, ExecutionSummary } from "perdure/Store/WorkflowStore"
import { parseJson } from "../src/internal/core/parse.ts"
import { byteLength, decodeEvents, encodeEvents, exceeds, formatOfEvents } from "../src/internal/store/codec.ts"
import { refusedEvents, refusedText } from "../src/internal/store/commitSize.ts"

/** JSON writes minus zero as zero, which is the same number; nothing else may change. */
const sameZeros = (value: unknown): unknown => {
  if (typeof value === "number") return value === 0 ? 0 : value
  if (Array.isArray(value)) return value.map(sameZeros)
  if (typeof value !== "object" || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, sameZeros(each)]))
}

const assertSame = (actual: unknown, expected: unknown) => assert.deepStrictEqual(actual, sameZeros(expected))

const events = Arbitrary.array(Arbitrary.schema(HistoryEvent))

describe("the codec of events", () => {
  it.prop("every event survives its schema", [HistoryEvent], ([event]) => {
    const codec = Schema.toCodecJson(HistoryEvent)
    const text = JSON.stringify(Schema.encodeUnknownSync(codec)(event))
    assertSame(Schema.decodeUnknownSync(codec)(parseJson(text)), event)
  })

  it.prop("every history survives the stored form", [events], ([events]) => {
    assertSame(Result.getOrThrow(decodeEvents(encodeEvents(events), formatVersion)), events)
  })

  it("a field is read back with its own name, after another one that is named by the escape of it", () => {
    const named = (name: string) => [
      HistoryEvent.cases.SignalReceived.make({ at: 1, name: "named", payload: { escapes: 1, [name]: 2 } })
    ]
    for (const name of ["\\", "\t"]) {
      assertSame(Result.getOrThrow(decodeEvents(encodeEvents(named(name)), formatVersion)), named(name))
    }
  })

  it.prop("every event is its own stored form", [HistoryEvent], ([event]) => {
    assertSame(parseJson(encodeEvents([event])), [Schema.encodeUnknownSync(HistoryEvent)(event)])
  })

  it.prop("every summary survives its stored form", [ExecutionSummary], ([summary]) => {
    assertSame(Schema.decodeUnknownSync(ExecutionSummary)(parseJson(JSON.stringify(summary))), summary)
  })

  it.each<readonly [string, string, RegExp]>([
    ["nothing", "", /^the events are not JSON: /],
    ["a part", '[{"_tag":"TimerFired"', /^the events are not JSON: /],
    ["no JSON", "[undefined]", /^the events are not JSON: /],
    ["no array", '{"_tag":"TimerFired"}', /^the events are not an array$/],
    ["null", "null", /^the events are not an array$/],
    ["an unknown event", '[{"_tag":"TimerExploded"}]', /^not an event: \{"_tag":"TimerExploded"\}$/],
    ["an inherited name", '[{"_tag":"constructor"}]', /^not an event: /],
    ["an event without a tag", '[{"at":1}]', /^not an event: \{"at":1\}$/],
    ["null for an event", "[null]", /^not an event: null$/],
    ["a text for an event", '["TimerFired"]', /^not an event: "TimerFired"$/],
    ["a list for an event", "[[]]", /^not an event: \[\]$/]
  ])("refuses %s", (_, text, message) => {
    const decoded = decodeEvents(text, formatVersion)
    assert.isTrue(Result.isFailure(decoded))
    if (Result.isFailure(decoded)) {
      assert.strictEqual(decoded.failure._tag, "Corrupt")
      assert.match(decoded.failure.message.replace("what is stored cannot be read: ", ""), message)
    }
  })

  it.each([0, -1, 1.5, Number.NaN])("refuses format %s, which never was", (format) => {
    const decoded = decodeEvents("[]", format)
    assert.isTrue(Result.isFailure(decoded))
    if (Result.isFailure(decoded)) assert.strictEqual(decoded.failure._tag, "Corrupt")
  })

  it("takes a format of a newer release for what it is, whatever the text", () => {
    const decoded = decodeEvents("no JSON", formatVersion + 1)
    assert.isTrue(Result.isFailure(decoded))
    if (Result.isFailure(decoded)) {
      assert.deepInclude(decoded.failure, { _tag: "NewerFormat", format: formatVersion + 1, known: formatVersion })
    }
  })

  it("writes the oldest format that can hold the events", () => {
    const at = 1
    const old: HistoryEvent = { _tag: "ExecutionTimedOut", at }
    const sent: HistoryEvent = {
      _tag: "MessageSent",
      at,
      seq: Sequence.make(0),
      to: WorkflowId.make("other"),
      message: { _tag: "Cancel", reason: "enough" }
    }
    assert.strictEqual(formatOfEvents([old]), 1)
    assert.strictEqual(formatOfEvents([old, sent, old]), 2)
    const called = HistoryEvent.cases.ActivityScheduled.make({
      at,
      seq: Sequence.make(0),
      name: "Step",
      input: null,
      digest: 1
    })
    assert.strictEqual(formatOfEvents([called]), 1)
    assert.strictEqual(formatOfEvents([{ ...called, inline: true }]), 2)
    const failed = HistoryEvent.cases.ExecutionFailed.make({ at: 1, failure: { _tag: "Fail", error: "no" } })
    assert.strictEqual(formatOfEvents([failed]), 1)
    assert.strictEqual(formatOfEvents([{ ...failed, detail: "a compensation failed" }]), 2)
  })

  it("does not print the whole of a large value that is no event", () => {
    const decoded = decodeEvents(JSON.stringify([{ _tag: "x".repeat(10_000) }]), formatVersion)
    assert.isTrue(Result.isFailure(decoded))
    if (Result.isFailure(decoded)) assert.isBelow(decoded.failure.message.length, 300)
  })
})

describe("the size of a commit", () => {
  it.prop("is counted in bytes, and the limit itself is accepted", [events], ([events]) => {
    const text = encodeEvents(events)
    const bytes = Buffer.byteLength(text)
    assert.strictEqual(byteLength(text), bytes)
    assert.isFalse(exceeds(text, bytes))
    assert.isTrue(exceeds(text, bytes - 1))
  })

  it.prop("is judged the same with and without encoding", [Commit], ([{ events }]) => {
    const bytes = Buffer.byteLength(encodeEvents(events))
    for (const limit of [0, 1, bytes / 2, bytes - 1, bytes, bytes + 1, bytes * 2, bytes * 10].map(Math.floor)) {
      const expected = bytes > limit ? { bytes, limit } : undefined
      for (const refused of [refusedEvents(events, limit), refusedText(encodeEvents(events), limit)]) {
        assert.deepStrictEqual(refused && { bytes: refused.bytes, limit: refused.limit }, expected)
      }
    }
  })
})
