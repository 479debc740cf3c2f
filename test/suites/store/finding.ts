/** Law 8: which executions a filter finds, one condition at a time and many together. */
import { Effect, Schema } from "effect"
import type { Ancestor } from "perdure/HistoryEvent"
import * as Store from "perdure/Store/WorkflowStore"
import { isFinal, WorkflowStatus } from "perdure/WorkflowState"
import { assert } from "../assert.ts"
import { epoch } from "./builders.ts"
import { type It, owners, parents, pass, Population, roots, type Summary, words } from "./population.ts"
import type { Settings } from "./Settings.ts"

const isUnsettled = ({ status, wakeAt }: Summary): boolean => !isFinal(status) || wakeAt !== undefined

/** A condition in words, as a filter, and as what it means. */
type Condition = readonly [words: string, filter: Store.WorkflowFilter, holds: (summary: Summary) => boolean]

const handleOf = ({ chain, workflowId }: Ancestor) => ({ workflowId, runId: chain, id: workflowId })

const numberOf = ({ attributes }: Summary, name: string) => attributes[name] as number

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
  ["a value, among tests", { where: { region: "us" } }, ({ attributes }) => attributes["region"] === "us"],
  [
    "a range",
    { where: { total: { from: 100, below: 200 } } },
    (summary) => 100 <= numberOf(summary, "total") && numberOf(summary, "total") < 200
  ],
  [
    "a range of few, from above",
    { where: { total: { above: 100, upTo: 101 } } },
    (summary) => 100 < numberOf(summary, "total") && numberOf(summary, "total") <= 101
  ],
  ["a range without an end", { where: { total: { above: -50 } } }, (summary) => numberOf(summary, "total") > -50],
  ["a range without a beginning", { where: { tier: { upTo: 1 } } }, (summary) => numberOf(summary, "tier") <= 1],
  ["an empty range", { where: { tier: { from: 3, below: 3 } } }, () => false],
  ["a range of texts that are numbers", { where: { tier: { from: "" } } }, () => false],
  ["one of some", { where: { tier: { in: [0, 3, 3, 7] } } }, ({ attributes: { tier } }) => tier === 0 || tier === 3],
  ["one of none", { where: { tier: { in: [] } } }, () => false],
  ["one flag of two", { where: { urgent: { in: [true] } } }, ({ attributes }) => attributes["urgent"] === true],
  [
    "a value, a range and one of some",
    { attributes: { tier: 2 }, where: { total: { from: 0 }, region: { in: ["eu", "us"] } } },
    (summary) => summary.attributes["tier"] === 2 && numberOf(summary, "total") >= 0
  ],
  ["two values of one attribute", { attributes: { tier: 3 }, where: { tier: { in: [0] } } }, () => false],
  [
    "one value of an attribute twice",
    { attributes: { tier: 3 }, where: { tier: 3 } },
    (summary) => numberOf(summary, "tier") === 3
  ],
  ["two conditions on one attribute", { attributes: { tier: 2 }, where: { tier: { above: 2 } } }, () => false],
  [
    "numbers among texts and flags",
    { where: { mixed: { from: 50 } } },
    ({ attributes: { mixed } }) => typeof mixed === "number" && mixed >= 50
  ],
  [
    "few numbers among few texts and flags",
    { where: { rare: { from: 0 } } },
    ({ attributes: { rare } }) => typeof rare === "number"
  ],
  [
    "few texts among few numbers and flags",
    { where: { rare: { below: "9" } } },
    ({ attributes: { rare } }) => typeof rare === "string" && rare < "9"
  ],
  [
    "all numbers among texts and flags",
    { where: { mixed: { from: 0 } } },
    ({ attributes: { mixed } }) => typeof mixed === "number"
  ],
  [
    "texts among numbers and flags",
    { where: { mixed: { upTo: "50" } } },
    ({ attributes: { mixed } }) => typeof mixed === "string" && mixed <= "50"
  ],
  [
    "all texts among numbers and flags",
    { where: { mixed: { from: "" } } },
    ({ attributes: { mixed } }) => typeof mixed === "string"
  ],
  [
    "a range of many, without its end",
    { where: { total: { above: 0, below: 650 } } },
    (summary) => 0 < numberOf(summary, "total") && numberOf(summary, "total") < 650
  ],
  [
    "a range of many, with its end",
    { where: { total: { from: 0, upTo: 650 } } },
    (summary) => 0 <= numberOf(summary, "total") && numberOf(summary, "total") <= 650
  ],
  [
    "a range of many, and a time",
    { ...tenMinutes, where: { total: { above: 0 } } },
    (summary) => summary.startedAt >= epoch + 1000 && summary.startedAt < epoch + 1600 && numberOf(summary, "total") > 0
  ],
  ["a range of many, and no status", { status: [], where: { total: { above: 0 } } }, () => false],
  ["no tests", { where: {} }, () => true],
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
  const where = Object.assign({}, ...filters.map(({ where }) => where))
  return [
    kept.map(([words]) => words).join(", "),
    Object.assign({}, ...filters, { attributes, where }),
    (summary) => kept.every(([, , holds]) => holds(summary))
  ]
}

const namesOf = ({ attributes = {}, where = {}, ...others }: Store.WorkflowFilter): ReadonlyArray<string> => [
  ...Object.keys(others),
  ...Object.keys({ ...attributes, ...where }).map((name) => `the attribute ${name}`)
]

const untested = conditions.filter(([, { where }]) => where === undefined)

/** What attributes are compared with, by type. */
const values = [words, [-101, -100, -0.5, 0, 1, 2, 3, 4.25, 99, 100, 1500, 1e300], [true, false]] as const
const index = Schema.Literals(Array.from({ length: 12 }, (_, n) => n))
const Test = Schema.Struct({
  name: Schema.Literals(["total", "tier", "word", "mixed", "urgent", "region", "tenant", "unknown"]),
  type: Schema.Literals([0, 0, 1, 1, 2]),
  kind: Schema.Literals(["equals", "in", "range", "range"]),
  bounds: Schema.Tuple([Schema.Literals(["from", "above", "none"]), Schema.Literals(["below", "upTo", "none"])]),
  indexes: Schema.Tuple([index, index, index])
})

/** A test as a filter has it; one of an attribute that takes it. */
const testOf = ({ bounds, indexes, kind, type }: typeof Test.Type): Store.AttributeTest => {
  // Words are three times as many as places in them.
  const [a, b, c] = indexes.map((at, place) => values[type][(at * 3 + place) % values[type].length]!)
  if (kind === "equals") return a!
  if (kind === "in" || typeof a === "boolean") return { in: [a!, b!, c!].slice(0, indexes[0] % 4) }
  const [lower, upper] = bounds
  const sides = { ...(lower === "none" ? {} : { [lower]: a }), ...(upper === "none" ? {} : { [upper]: b }) }
  return (Object.keys(sides).length === 0 ? { from: a } : sides) as Store.AttributeTest
}

/** What a test means, in the plainest words. */
const passes = (value: unknown, test: Store.AttributeTest): boolean => {
  if (typeof test !== "object") return value === test
  if ("in" in test) return test.in.some((each) => each === value)
  return Object.entries(test).every(([name, bound]) => {
    if (typeof value !== typeof bound) return false
    const order = (value as number) < (bound as number) ? -1 : value === bound ? 0 : 1
    return name === "from" ? order >= 0 : name === "above" ? order > 0 : name === "below" ? order < 0 : order <= 0
  })
}

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
          assert.strictEqual(yield* store.count({ ...filter, workflow }), expected.length)
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

  it.effect.prop(
    "8. whatever the tests of attributes, a pass and a count are of the executions that pass them all",
    [
      Schema.Array(Test).check(Schema.isMaxLength(3)),
      Schema.Literals(untested.map((_, index) => index)),
      Schema.Literals([0, 1, 2]),
      Schema.Literals(["oldest", "newest"]),
      Schema.Literals([40, 333, 1000])
    ],
    ([tests, other, n, order, limit]) =>
      Effect.gen(function* () {
        const store = yield* Store.WorkflowStore
        const { summaries, workflows } = yield* Population
        const workflow = workflows[n]!
        const where = Object.fromEntries(tests.map((test) => [test.name, testOf(test)]))
        const [words, filter, holds] = untested[other]!
        const expected = summaries.filter(
          (summary) =>
            summary.workflow === workflow &&
            holds(summary) &&
            Object.entries(where).every(([name, test]) => passes(summary.attributes[name], test))
        )
        const asked = { ...filter, where, workflow }
        const said = `${words} and ${JSON.stringify(where)}`
        const found = yield* pass(store, { ...asked, limit, order })
        assert.deepStrictEqual(idsOf(found), idsOf(order === "newest" ? expected.toReversed() : expected), said)
        assert.strictEqual(yield* store.count(asked), expected.length, said)
      }),
    { timeout, arbitrary: { runs: 150 } }
  )

  it.effect(
    "8. texts are in the order of their code units, whatever a store keeps them as",
    () =>
      Effect.gen(function* () {
        const store = yield* Store.WorkflowStore
        const { summaries, workflows } = yield* Population
        for (const word of words) {
          for (const [bound, isIn] of [
            ["from", (found: string) => found >= word],
            ["above", (found: string) => found > word],
            ["below", (found: string) => found < word],
            ["upTo", (found: string) => found <= word]
          ] as const) {
            const workflow = workflows[1]!
            const where = { word: { [bound]: word } as Store.AttributeRange<string> }
            const expected = summaries.filter(
              (summary) => summary.workflow === workflow && isIn(summary.attributes["word"] as string)
            )
            const said = `${bound} ${JSON.stringify(word)}`
            assert.strictEqual(yield* store.count({ workflow, where }), expected.length, said)
            assert.deepStrictEqual(
              idsOf((yield* store.list({ workflow, where })).executions),
              idsOf(expected.slice(0, 100)),
              said
            )
          }
        }
      }),
    timeout
  )
}
