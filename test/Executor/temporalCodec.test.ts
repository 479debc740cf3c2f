/** What the codec on Temporal does to a payload: it is itself in its place, and refused anywhere else. */
import { assert, describe, it } from "@effect/vitest"
import { defaultPayloadConverter, type Payload, type SerializationContext } from "@temporalio/common"
import { Result } from "effect"
import * as PayloadCodec from "perdure/layers/PayloadCodec"
import { codecOf, openedIn } from "../../src/internal/temporal/sealing.ts"
import { keyOf } from "../support/encrypted.ts"

const codec = PayloadCodec.forTemporal({ keys: [keyOf("first")], compressAbove: 100 })
const { decode, encode } = codecOf(codec)
const payloadOf = (value: unknown) => defaultPayloadConverter.toPayload(value)
const [namespace, isLocal] = ["default", false]
const workflow = (workflowId: string): SerializationContext => ({ type: "workflow", namespace, workflowId })
const activity = (workflowId: string, activityId: string): SerializationContext => ({
  ...{ type: "activity", namespace, workflowId, activityId, isLocal }
})

/** What a worker makes of a payload. */
const read = (payload: Payload, context: SerializationContext) =>
  decode([payload], context).then(
    ([opened]) => defaultPayloadConverter.fromPayload<unknown>(opened!),
    (error: { readonly type: string }) => error.type
  )
const refused = "perdure/Undecryptable Refused "

describe("a payload on Temporal", () => {
  for (const [name, value] of [
    ["nothing", undefined],
    ["null", null],
    ["bytes", new Uint8Array([0, 255, 1])],
    ["a text", "a text"],
    ["a long value", { text: "again and again ".repeat(50) }]
  ] as const) {
    it(`27. of ${name} is itself in its place`, async () => {
      const [sealed] = await encode([payloadOf(value)], workflow("one"))
      assert.deepStrictEqual(await read(sealed!, workflow("one")), value)
      assert.isBelow(sealed!.data!.length, 300)
    })
  }

  it("27. is refused in another execution, in another call, and in the place of a call", async () => {
    const [ofWorkflow] = await encode([payloadOf("said")], workflow("one"))
    const [ofCall] = await encode([payloadOf("said")], activity("one", "3"))
    assert.strictEqual(await read(ofCall!, activity("one", "3")), "said")
    for (const [sealed, context] of [
      [ofWorkflow, workflow("on")],
      [ofWorkflow, workflow("one,3")],
      [ofWorkflow, activity("one", "3")],
      [ofCall, activity("one", "4")],
      [ofCall, activity("two", "3")],
      [ofCall, workflow("one")],
      [ofCall, workflow("two")]
    ] as const) {
      assert.strictEqual(await read(sealed!, context), refused)
    }
  })

  it("27. is refused when what it says of its place was changed", async () => {
    const [sealed] = await encode([payloadOf("said")], workflow("one"))
    const moved = { ...sealed!, metadata: { ...sealed!.metadata, place: Buffer.from('["two"]') } }
    assert.strictEqual(await read(moved, workflow("two")), `${refused}first`)
  })

  it("27. is refused with any bit changed, and at any length", async () => {
    for (const value of ["said", "said again and again ".repeat(20)]) {
      const [sealed] = await encode([payloadOf(value)], workflow("one"))
      const data = sealed!.data!
      for (let at = 0; at < data.length * 8; at++) {
        const changed = Uint8Array.from(data)
        changed[at >> 3]! ^= 1 << (at & 7)
        assert.match(String(await read({ ...sealed, data: changed }, workflow("one"))), /^perdure\/Undecryptable /)
      }
      for (let length = 0; length < data.length; length++) {
        const cut = data.slice(0, length)
        assert.match(String(await read({ ...sealed, data: cut }, workflow("one"))), /^perdure\/Undecryptable /)
      }
    }
  })

  it("27. without encryption is refused, unless that is allowed", async () => {
    const lenient = PayloadCodec.forTemporal({ keys: [keyOf("first")], readPlain: true })
    const context = workflow("one")
    assert.strictEqual(await read(payloadOf("said"), context), "perdure/Undecryptable NotEncrypted ")
    assert.deepStrictEqual(await codecOf(lenient).decode([payloadOf("said")], context), [payloadOf("said")])
  })

  it("is read in an answer by the execution that the answer names", async () => {
    const [fields] = await encode([payloadOf("said")], workflow("one"))
    const answer = (workflowId: string) => ({ execution: { workflowId }, memo: { fields: { note: fields } } })
    const opened = Result.getOrThrow(openedIn(codec, answer("one")))
    assert.strictEqual(defaultPayloadConverter.fromPayload(opened.memo.fields.note!), "said")
    assert.isTrue(Result.isFailure(openedIn(codec, answer("two"))))
  })
})
