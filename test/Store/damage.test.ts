/** Law 17: whether a summary that was read back is one. */
import { assert, describe, it } from "@effect/vitest"
import { Result } from "effect"
import type { ExecutionSummary } from "perdure/Store/StoredExecution"
import { damageOf, readSeen, readSummary } from "../../src/internal/store/damage.ts"
import { after, finish, freshId, start } from "../suites/store/builders.ts"

const { summary: running } = start(freshId())

/** All that a summary may have. */
const full = {
  ...after(running).summary,
  workflowVersion: "2",
  chain: "chain",
  closedAt: 5,
  wakeAt: 6,
  owner: "worker",
  unreceived: { go: 2 },
  published: { far: { value: null }, large: { leftOut: "it is large" } },
  attributes: { text: "a", number: 1.5, flag: false },
  memo: ["anything", { that: "is JSON" }],
  parent: { workflowId: "parent", chain: "chain" },
  root: { workflowId: "root", chain: "chain" },
  owed: 0,
  format: 2
}

/** What is none, by field. */
const wrong: { readonly [Name in keyof ExecutionSummary]-?: ReadonlyArray<unknown> } = {
  workflowId: [undefined, 1],
  runId: [undefined, null],
  workflow: [undefined, {}],
  status: [undefined, "paused", 1],
  version: [undefined, 0, 1.5, "2", 2 ** 53],
  firstVersion: [undefined, 0, full.version + 1],
  workflowVersion: [1, null],
  chain: [1, null],
  startedAt: [undefined, Number.NaN, "now"],
  updatedAt: [undefined, Number.POSITIVE_INFINITY],
  closedAt: ["now", null],
  wakeAt: ["now", Number.NaN],
  owner: [1, null],
  waitingFor: [undefined, "signal go", [1], {}],
  unreceived: [1, [], { go: "2" }, { go: 1.5 }],
  published: [1, [], { far: 1 }, { far: {} }, { far: { leftOut: 1 } }],
  attributes: [undefined, null, [], { at: null }, { at: [1] }, { at: Number.NaN }],
  memo: [],
  parent: [1, {}, { workflowId: "parent" }, { chain: "chain" }, { workflowId: 1, chain: "chain" }],
  root: [1, null, {}, { workflowId: "root" }, { chain: "chain" }, { workflowId: "root", chain: 1 }],
  owed: [-1, 1.5, "1"],
  format: [0, "2", 1.5]
}

describe("a summary", () => {
  it("of each kind of execution is sound", () => {
    for (const summary of [running, after(running).summary, finish(running).summary, full]) {
      assert.isUndefined(damageOf(summary))
    }
  })

  it.each([[undefined], [null], [1], ["text"], [[]]])("that is none is damage: %j", (summary) => {
    assert.match(damageOf(summary)!, /^the summary is /)
  })

  it.each(Object.keys(wrong).map((name) => [name]))("with a value that is none is damage that is named: %s", (name) => {
    for (const value of wrong[name as keyof ExecutionSummary]) {
      assert.match(damageOf({ ...full, [name]: value })!, new RegExp(`^the summary has the ${name} `), String(value))
    }
  })
})

describe("the text of a summary", () => {
  const read = (summary: object, commit = full): Result.Result<unknown, unknown> =>
    readSummary(JSON.stringify(summary), commit)

  it("is read with what the execution waits for, also where that was stored in words", () => {
    assert.deepStrictEqual(read(full), Result.succeed(full))
    const waitingFor = [{ _tag: "Other", text: "signal go" }] as const
    assert.deepStrictEqual(read({ ...full, waitingFor: ["signal go"] }), Result.succeed({ ...full, waitingFor }))
  })

  it.each([
    ["id", { workflowId: freshId() }],
    ["version", { version: full.version + 1 }],
    ["run", { runId: "other" }]
  ])("that is of another %s is damage, with the time of the start", (_, other) => {
    const detail = `the summary is of version ${full.version} of ${JSON.stringify(full.workflowId)}`
    assert.deepStrictEqual(
      read(full, { ...full, ...other } as typeof full),
      Result.fail({ detail, startedAt: full.startedAt })
    )
  })

  it("that is none is damage, with the time of the start as far as it tells", () => {
    const none = { detail: "the summary is not JSON", startedAt: 0 }
    assert.deepStrictEqual(readSummary("{", full), Result.fail(none))
    const damage = "the summary has the status "
    const { startedAt } = full
    assert.deepStrictEqual(read({ ...full, status: 1 }), Result.fail({ detail: `${damage}1`, startedAt }))
    assert.deepStrictEqual(
      read({ ...full, status: 1, startedAt: "now" }),
      Result.fail({ detail: `${damage}1`, startedAt: 0 })
    )
    assert.deepStrictEqual(readSummary("null", full), Result.fail({ detail: "the summary is null", startedAt: 0 }))
  })
})

describe("what a deletion has seen", () => {
  it("is a number for each chain", () => {
    const seen = { chain: 3, "": 1, constructor: 2 }
    assert.deepStrictEqual(readSeen(seen), seen)
    assert.deepStrictEqual(readSeen({}), {})
  })

  it("has nothing of a chain for which null was recorded", () => {
    assert.deepStrictEqual(readSeen({ one: null, two: 2 }), { two: 2 })
  })

  it.each([[undefined], [null], [1], ["text"], [[]], [{ chain: "x" }], [{ chain: 1.5 }]])("is not %j", (value) => {
    assert.isUndefined(readSeen(value))
  })
})
