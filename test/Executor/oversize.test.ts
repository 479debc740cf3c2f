/** Which of a message, a result and a program is at fault when a commit is too large. */
import { assert, describe, it } from "@effect/vitest"
import type { HistoryEvent } from "perdure/HistoryEvent"
import { Sequence, WorkflowId } from "perdure/Ids"
import type { Mail } from "../../src/Executor/default/Mail.ts"
import { afterSaved, judge, mostMail, type Size, together } from "../../src/Executor/default/Oversize.ts"

const seq = (number: number) => Sequence.make(number)
const signal: Mail = { told: { _tag: "Signal", name: "go", payload: 1 }, reply: undefined }
const result: Mail = {
  told: { _tag: "Resolved", seq: seq(0), activity: "Read", exit: { _tag: "Success", value: "much" } },
  reply: undefined
}
const received: HistoryEvent = { _tag: "SignalReceived", at: 1, name: "go", payload: 1 }
const call = (name: string, input: string): HistoryEvent => ({
  _tag: "ActivityScheduled",
  at: 1,
  seq: seq(1),
  name,
  input,
  digest: 1
})
const tooLarge = (...events: ReadonlyArray<HistoryEvent>) => ({ bytes: 200, limit: 100, workflow: "Order", events })
const oneByOne: Size = { _tag: "AtMost", count: 1 }

describe("a commit that is too large", () => {
  it("of several messages is tried again in halves, and refuses none", () => {
    const { again, refused, size } = judge(together, [signal, result], tooLarge(received, call("a", "x")))
    assert.deepStrictEqual([size, again, refused], [oneByOne, [signal, result], []])
    const many = Array.from({ length: 9 }, () => signal)
    const half = judge(together, many, tooLarge(received)).size
    assert.deepStrictEqual(half, { _tag: "AtMost", count: 5 })
    assert.deepStrictEqual([mostMail(half), mostMail(together)], [5, Number.POSITIVE_INFINITY])
    assert.deepStrictEqual(afterSaved(half, 6), half, "as many do not fit")
    assert.deepStrictEqual(afterSaved(half, 5), together)
  })

  it("of one message with commands is tried again without them", () => {
    for (const size of [together, oneByOne]) {
      const verdict = judge(size, [signal], tooLarge(received, call("a", "x")))
      assert.strictEqual(verdict.size._tag, "WithoutCommands")
      assert.deepStrictEqual([verdict.again, verdict.refused], [[signal], []])
    }
  })

  it("of several commands names the largest of them, how many they are, and what to do", () => {
    const sent: HistoryEvent = {
      _tag: "MessageSent",
      at: 1,
      seq: seq(2),
      to: WorkflowId.make("other"),
      message: { _tag: "Signal", name: "go", payload: "x".repeat(20) }
    }
    const messageOf = (...events: ReadonlyArray<HistoryEvent>) => {
      const { size } = judge(together, [signal], tooLarge(received, ...events))
      return size._tag === "WithoutCommands" ? size.problem.message : ""
    }
    const message = messageOf(call("small", "x"), call("large", "x".repeat(1000)), sent)
    assert.include(message, 'the program of "Order" asks for too much at once: 3 commands take 200 bytes')
    assert.include(message, 'the largest is the input of activity "large" #1')
    assert.include(message, "raise maxCommitBytes")
    assert.include(messageOf(call("small", "x"), sent), 'the largest is the message to "other"')
    assert.include(message, "ask for fewer at once (`concurrency`)")
  })

  it("of one command names it, and asks for no fewer", () => {
    const completed: HistoryEvent = { _tag: "ExecutionCompleted", at: 1, value: "x" }
    const { size } = judge(together, [signal], tooLarge(received, completed))
    assert.deepStrictEqual(size, {
      _tag: "WithoutCommands",
      count: 1,
      problem: {
        reason: "TooLarge",
        message:
          'the program of "Order" records too much at once: with its success (48 bytes) a commit takes 200 bytes and the ' +
          "store accepts 100; keep large data elsewhere and pass a reference to it, or raise maxCommitBytes"
      }
    })
  })

  it("of one message alone refuses it, and says which it is", () => {
    const { again, reason, refused } = judge(oneByOne, [signal], tooLarge(received))
    assert.deepStrictEqual([again, refused], [[], [signal]])
    assert.include(reason.message, 'the payload of signal "go" takes 200 bytes and the store accepts 100')
    const without: Size = { _tag: "WithoutCommands", problem: { reason: "TooLarge", message: "much" }, count: 4 }
    assert.deepStrictEqual(judge(without, [signal], tooLarge(received, call("a", "x"))).refused, [signal])
  })

  it("of a result alone makes it a defect of the call", () => {
    const { again, refused } = judge(oneByOne, [result], tooLarge())
    assert.deepStrictEqual(refused, [])
    assert.lengthOf(again, 1)
    const { told } = again[0]!
    assert.deepInclude(told, { _tag: "Resolved", seq: seq(0) })
    assert.nestedInclude(told, { "exit._tag": "Die", "exit.defect.name": "PayloadTooLarge" })
  })
})
