/** Law 8: which executions a filter finds, one condition at a time and many together. */
import { assert } from "@effect/vitest"
import { Effect, Schema } from "effect"
import type { Ancestor } from "perdure/HistoryEvent"
import * as Store from "perdure/Store/WorkflowStore"
import { isFinal, WorkflowStatus } from "perdure/WorkflowState"
import { epoch } from "./builders.ts"
import { type It, owners, parents, pass, Population, roots, type Summary } from "./population.ts"
import type { Settings } from "./Settings.ts"

const isUnsettled = ({ status, wakeAt }: Summary): boolean => !isFinal(status) || wakeAt !== undefined

/** A condition in words, as a filter, and as what it means. */
type Condition = readonly [words: string, filter: Store.WorkflowFilter, holds: (summary: Summary) => boolean]

const handleOf = ({ chain, workflowId }: Ancestor) => ({ workflowId, runId: chain, id: workflowId })

const tenMinutes = { startedFrom: epoch + 1000, startedBefore: epoch + 1600 }
const conditions: ReadonlyArray<Condition> = [
  ["a status", { status: ["failed"] }, ({ status }) => status === "failed"],
  ["what is open", { status: ["running", "blocked"] }, ({ status }) => status === "running" || status === "blocked"],
  ["one open status", { status: ["blocked"] }, ({ status }) => status === "blocked"],
  [
    "open and final",
    { status: ["timedOut", "running"] },
    ({ status }) => status === "timedOut" || status === "running"
  ],
  ["every status", { status: WorkflowStatus.literals }, () => true],
  ["no status", { status: [] }, () => false],
  ["started from", { startedFrom: epoch + 2400 }, ({ startedAt }) => startedAt >= epoch + 2400],
  ["started before", { startedBefore: epoch + 100 }, ({ startedAt }) => startedAt < epoch + 100],
  ["started within", tenMinutes, ({ startedAt }) => startedAt >= epoch + 1000 && startedAt < epoch + 1600],
  ["started never", { startedFrom: epoch + 5, startedBefore: epoch + 5 }, () => false],
  ["a text", { attributes: { region: "us" } }, ({ attributes }) => attributes["region"] === "us"],
  ["a number", { attributes: { tier: 3 } }, ({ attributes }) => attributes["tier"] === 3],
  ["a flag", { attributes: { urgent: true } }, ({ attributes }) => attributes["urgent"] === true],
  ["a flag that is off", { attributes: { urgent: false } }, ({ attributes }) => attributes["urgent"] === false],
  ["a number that is a text", { attributes: { tier: "3" } }, () => false],
  ["a text that is a number", { attributes: { tenant: 1 } }, () => false],
  ["a text that looks like one", { attributes: { tenant: "1" } }, ({ attributes }) => attributes["tenant"] === "1"],
  ["strange names", { attributes: { 'a.b "c"': 1, "": "" } }, ({ attributes }) => attributes[""] === ""],
  ["an unknown attribute", { attributes: { toString: "x" } }, () => false],
  ["no owner", { ownerNotIn: owners }, ({ owner }) => owner === undefined],
  ["another owner or none", { ownerNotIn: owners.slice(1) }, ({ owner }) => owner !== owners[1]],
  ["any owner or none", { ownerNotIn: [] }, () => true],
  [
    "what is open and has no owner that lives",
    { status: ["running", "blocked"], ownerNotIn: owners.slice(0, 1) },
    ({ owner, status }) => owner !== owners[0] && (status === "running" || status === "blocked")
  ],
  ["closed before", { closedBefore: epoch + 90 }, ({ closedAt }) => closedAt !== undefined && closedAt < epoch + 90],
  ["never closed", { closedBefore: epoch }, () => false],
  ["something to do", { unsettled: true }, isUnsettled],
  ["all, settled or not", { unsettled: false }, () => true],
  [
    "something to do and no owner that lives",
    { unsettled: true, ownerNotIn: owners },
    (summary) => isUnsettled(summary) && summary.owner === undefined
  ],
  [
    "open and due",
    { status: ["running", "blocked"], wakeBefore: epoch + 400 },
    ({ status, wakeAt }) => !isFinal(status) && wakeAt !== undefined && wakeAt < epoch + 400
  ],
  [
    "two attributes",
    { attributes: { region: "eu", urgent: true } },
    ({ attributes }) => attributes["region"] === "eu" && attributes["urgent"] === true
  ],
  ["due", { wakeBefore: epoch + 500 }, ({ wakeAt }) => wakeAt !== undefined && wakeAt < epoch + 500],
  ["never due", { wakeBefore: epoch }, () => false],
  ["a version", { workflowVersion: "1" }, ({ workflowVersion }) => workflowVersion === "1"],
  ["a version that none has", { workflowVersion: "2" }, () => false],
  ["a parent, by its id", { parent: "parent" }, ({ parent }) => parent?.workflowId === "parent"],
  ["a parent, by its handle", { parent: handleOf(parents[1]!) }, ({ parent }) => parent?.chain === "two"],
  ["a ref without a run", { parent: { workflowId: "another parent" } }, ({ parent }) => parent?.chain === "three"],
  ["another run of a parent", { parent: { workflowId: "parent", runId: "three" } }, () => false],
  ["a parent that has no children", { parent: "chain" }, () => false],
  ["a root, by its id", { root: "root" }, ({ root }) => root !== undefined],
  ["a root, by its handle", { root: handleOf(roots[0]!) }, ({ root }) => root?.chain === "one"],
  ["a root that is a parent", { root: "parent" }, () => false],
  [
    "open children of a parent in one tree",
    { parent: "parent", root: handleOf(roots[1]!), status: ["running", "blocked"] },
    ({ parent, root, status }) => parent?.workflowId === "parent" && root?.chain === "two" && !isFinal(status)
  ],
  [
    "a parent and an attribute",
    { parent: handleOf(parents[0]!), attributes: { region: "us" } },
    ({ attributes, parent }) => parent?.chain === "one" && attributes["region"] === "us"
  ],
  ["no attributes", { attributes: {} }, () => true],
  [
    "all of it",
    { ...tenMinutes, status: ["running", "completed"], attributes: { region: "eu", tier: 2 } },
    ({ attributes, startedAt, status }) =>
      startedAt >= epoch + 1000 &&
      startedAt < epoch + 1600 &&
      (status === "running" || status === "completed") &&
      attributes["region"] === "eu" &&
      attributes["tier"] === 2
  ]
]

/** Some conditions together, without those that would replace another one. */
const together = (chosen: ReadonlyArray<Condition>): Condition => {
  const taken = new Set<string>()
  const kept = chosen.filter(([, filter]) => {
    const names = namesOf(filter)
    if (names.some((name) => taken.has(name))) return false
    for (const name of names) taken.add(name)
    return true
  })
  const filters = kept.map(([, filter]) => filter)
  const attributes = Object.assign({}, ...filters.map(({ attributes }) => attributes))
  return [
    kept.map(([words]) => words).join(", "),
    Object.assign({}, ...filters, { attributes }),
    (summary) => kept.every(([, , holds]) => holds(summary))
  ]
}

const namesOf = ({ attributes = {}, ...others }: Store.WorkflowFilter): ReadonlyArray<string> => [
  ...Object.keys(others),
  ...Object.keys(attributes).map((name) => `the attribute ${name}`)
]

const idsOf = (summaries: ReadonlyArray<Summary>) => summaries.map(({ workflowId }) => workflowId)

export const finding = (it: It, settings: Settings): void => {
  const { timeout } = settings

  it.effect.each(conditions)(
    "8. executions are found by %s",
    ([, filter, holds]) =>
      Effect.gen(function* () {
        const store = yield* Store.WorkflowStore
        const { summaries, workflows } = yield* Population
        for (const [index, limit] of [1000, 97].entries()) {
          const workflow = workflows[index]!
          const expected = summaries.filter((summary) => summary.workflow === workflow && holds(summary))
          assert.deepStrictEqual(yield* pass(store, { ...filter, workflow, limit }), expected)
        }
      }),
    timeout
  )

  it.effect.prop(
    "8. whatever the conditions, a pass and a count are of the executions that meet them all",
    [
      Schema.Array(Schema.Literals(conditions.map((_, index) => index))),
      Schema.Literals([0, 1, 2]),
      Schema.Literals(["oldest", "newest"]),
      Schema.Literals([200, 333, 1000])
    ],
    ([chosen, n, order, limit]) =>
      Effect.gen(function* () {
        const store = yield* Store.WorkflowStore
        const { summaries, workflows } = yield* Population
        const workflow = workflows[n]!
        const [words, filter, holds] = together(chosen.map((index) => conditions[index]!))
        const expected = summaries.filter((summary) => summary.workflow === workflow && holds(summary))
        const found = yield* pass(store, { ...filter, workflow, limit, order })
        assert.deepStrictEqual(idsOf(found), idsOf(order === "newest" ? expected.toReversed() : expected), words)
        assert.strictEqual(yield* store.count({ ...filter, workflow }), expected.length, words)
      }),
    { timeout, arbitrary: { runs: 60 } }
  )
}
