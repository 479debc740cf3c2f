/** What must hold of a life, each claim with a life in which it does not. */
import { assert, it } from "@effect/vitest"
import { faultOf } from "../../src/testing/checks.ts"
import type { Began } from "../../src/testing/Watched.ts"

const began = (each: Partial<Began>): Began => ({
  activity: "Charge",
  workflowId: "order",
  runId: "run",
  attempt: 1,
  call: "run/0",
  key: "key 0",
  isOver: false,
  ...each
})

const faultIn = (...all: ReadonlyArray<Partial<Began>>) =>
  faultOf({ began: all.map(began), commits: [], fault: undefined, programs: new Map() })

it("a handler may run again with the same key, as long as its result is not recorded", () => {
  assert.isUndefined(faultIn({}, { attempt: 2 }, { call: "run/1", key: "key 1" }, { call: "other/0", key: "key 2" }))
})

it("a handler that begins after its result is recorded is a fault", () => {
  assert.strictEqual(
    faultIn({}, { attempt: 2, isOver: true }),
    "attempt 2 of activity Charge began after its result was recorded"
  )
})

it("two keys of one call are a fault, also while another call has not begun", () => {
  assert.strictEqual(
    faultIn({}, { attempt: 2, key: "key 1" }),
    "attempt 2 of activity Charge had another idempotency key than the attempt before it"
  )
})

it("one key of two calls is a fault, also of other activities", () => {
  assert.strictEqual(
    faultIn({}, { activity: "Ship", call: "run/1" }),
    "attempt 1 of activity Ship had the idempotency key of another call"
  )
})
