/** What is a program: which `toLayer` is that of a workflow, and which helpers belong to it. */
import { assert, describe, it } from "@effect/vitest"
import { fileOf, first, lint, lintAll } from "./Lab.ts"

const bad = "Effect.sync(() => Date.now())"

/** Lines after the imports and definitions, other files, and the lines in which something is found, from 1. */
interface Case {
  readonly code: ReadonlyArray<string>
  readonly files?: Readonly<Record<string, string>>
  readonly found: ReadonlyArray<number>
}

/** Claims about cases, which are linted together. */
const claims = (cases: Readonly<Record<string, Case>>, settings?: object) => {
  const files = Object.entries(cases).map(([claim, each]) => [
    claim,
    { ...each.files, "code.ts": fileOf(...each.code) }
  ])
  const said = lintAll(Object.fromEntries(files), settings)
  for (const [claim, { found }] of Object.entries(cases)) {
    it(claim, () => {
      const places = said[claim]!.map(({ file, line }) => (file === "code.ts" ? line - first + 1 : file))
      assert.deepStrictEqual<ReadonlyArray<number | string>>(places.toSorted(), found)
    })
  }
}

const at = (found: ReadonlyArray<number>, ...code: ReadonlyArray<string>): Case => ({ code, found })

describe("a program is found", () => {
  claims({
    "in a generator": at([2], "Order.toLayer(Effect.fnUntraced(function* () {", "return Date.now()", "}))"),
    "in a generator in a function": at(
      [2],
      "Order.toLayer(() => Effect.gen(function* () {",
      "return Date.now()",
      "}))"
    ),
    "in an arrow function": at([2], "Order.toLayer(() =>", `${bad})`),
    "in what is piped": at([2], "Order.toLayer((id) => Charge(id).pipe(", `Effect.andThen(${bad})))`),
    "behind the generator of Effect.fn": at(
      [2],
      `Order.toLayer(Effect.fn("a")(function* () {}, `,
      "Effect.tap(() => Date.now())))"
    ),
    "of a definition that is made in place": at([2], `Workflow.make("Other").toLayer(() =>`, `${bad})`),
    "of a definition with a type": at(
      [2],
      "const Other = Workflow.make(name) as Workflow.Workflow<any>; Other.toLayer(() =>",
      `${bad})`
    ),
    "of a definition of the module": at(
      [2],
      `import * as W from "perdure/Workflow"; W.make("a").toLayer(() =>`,
      `${bad})`
    ),
    "of a definition under another name": at(
      [2],
      `import { Workflow as W } from "perdure"; W.make("a").toLayer(() =>`,
      `${bad})`
    ),
    "of a definition of the whole package": at(
      [2],
      `import * as P from "perdure"; P.Workflow.make("a").toLayer(() =>`,
      `${bad})`
    ),
    "of a definition in a record": at(
      [2],
      `const all = { Other: Workflow.make("a"), Far: Activity.make("b") }; all.Other.toLayer(() =>`,
      `${bad})`,
      `all.Far.toLayer(() => ${bad})`
    ),
    "in a function": at([2], "export const make = () => { return Order.toLayer(() =>", `${bad}) }`),
    "in a workflow beside an activity": at([2], `Charge.toLayer(() => ${bad})`, `Order.toLayer(() => ${bad})`)
  })
})

describe("a definition of another package is that of a workflow", () => {
  claims({
    "when it is started in the file": at(
      [2],
      `import { Far } from "far"; const x = Far.execute(1); Far.toLayer(() =>`,
      `${bad})`
    ),
    "when its program uses what only programs have": at(
      [2],
      `import { Far } from "far"; Far.toLayer(() => Effect.andThen(Workflow.pure(Tariff),`,
      `${bad}))`
    ),
    "when its program continues as new": at(
      [2],
      `import { Far } from "far"; Far.toLayer(() => Effect.as(`,
      `${bad}, Far.continueAsNew()))`
    ),
    "when its program has inline activities": at(
      [2],
      `import { Far } from "far"; Far.toLayer(() => Effect.andThen(Activity.inline("a", {}, Effect.void),`,
      `${bad}))`
    ),
    "and not when it is called": at(
      [],
      `import { Far } from "far"`,
      `Far.toLayer(() => ${bad})`,
      "const call = () => Far(Far.start)"
    ),
    "and not when nothing tells": at([], `import { Far } from "far"`, `Far.toLayer(() => ${bad})`)
  })
})

describe("a definition of another file", () => {
  const imported = [`import { Other } from "./contracts.ts"`, `export const Live = Other.toLayer(() => ${bad})`]
  const from = (found: ReadonlyArray<number>, files: Readonly<Record<string, string>>): Case => ({
    code: imported,
    files,
    found
  })
  const contracts = {
    "contracts.ts": `import { Workflow } from "perdure"\nexport const Other = Workflow.make("Other", { workflowId: (a) => a })`
  }
  claims({
    "is that of a workflow when the file says so": from([2], contracts),
    "is so when another file hands it on": from([2], {
      "contracts.ts": `export { Far as Other } from "./far/index.js"`,
      "far/index.ts": `export * from "./most"`,
      "far/most.ts": `import * as Workflow from "perdure/Workflow"\nexport const Far: Any = Workflow.make("Far")`
    }),
    "is so when another file imports and exports it": from([2], {
      "contracts.ts": `import { Other } from "./far"\nexport { Other }`,
      "far.ts": `import { Activity, Workflow } from "perdure"\nexport const Other = Workflow.make("Other")`
    }),
    "is so as a member of what is imported as a whole": {
      code: [`import * as Contracts from "./contracts.ts"`, `Contracts.Other.toLayer(() => ${bad})`],
      files: contracts,
      found: [2]
    },
    "is not when it is an activity": from([], {
      "contracts.ts": `import { Activity, Workflow } from "perdure"\nexport const Other = Activity.make("Other")`
    }),
    "is not when it is an activity, whatever is done with it": {
      code: [...imported, "const x = Other.start"],
      files: { "contracts.ts": `import { Activity } from "perdure"\nexport const Other = Activity.make("Other")` },
      found: []
    },
    "is not when it is a workflow of Effect": {
      code: [...imported, "const x = Other.execute({})"],
      files: {
        "contracts.ts": `import { Workflow } from "effect/workflow"\nimport { a } from "perdure"\nexport const Other = Workflow.make({})`
      },
      found: []
    },
    "is not when another one is a workflow": from([], {
      "contracts.ts": `import { Workflow } from "perdure"\nexport const Another = Workflow.make("Other")`
    }),
    "is not when files hand it on in a circle": from([], { "contracts.ts": `export * from "./contracts.ts"` }),
    "is not when there is no file": from([], {})
  })
})

describe("the setting perdure.workflows", () => {
  const code = [`import { Far, Near } from "far"`, `Far.toLayer(() => ${bad})`, `Near.toLayer(() => ${bad})`]
  claims({ "names workflows of other packages": at([2], ...code) }, { perdure: { workflows: ["Far"] } })

  it("is a list of names, and is told so where it is not", () =>
    assert.throws(
      () => lint({ "code.ts": fileOf(...code) }, { perdure: { workflows: "Far" } }),
      /must be a list of names, such as \["Order"\], and is "Far"/
    ))
})

describe("a helper belongs to the program", () => {
  claims({
    "that is passed to toLayer": at([3], "Order.toLayer(program)", `function* program() {`, "Date.now()", "}"),
    "that is called": at([3], "Order.toLayer(() => helper())", "const helper = () =>", bad),
    "that is yielded": at(
      [3],
      "Order.toLayer(Effect.fn(function* () { yield* helper }))",
      "const helper = Effect.gen(function* () {",
      "Date.now() })"
    ),
    "that a helper calls": at(
      [3],
      "Order.toLayer(() => one()); const one = () => two",
      "const two = Effect.fn(function* () { yield* one()",
      "Date.now() })()"
    ),
    "that is a field of a record": at(
      [3],
      "Order.toLayer(() => helpers.bad()); const helpers = {",
      "good: () => Effect.void, unused: () => Math.random(),",
      `bad: () => ${bad} }`
    ),
    "that is passed on": at(
      [3],
      "Order.toLayer(() => Effect.forEach([1], helper))",
      "function helper() {",
      `return ${bad} }`
    ),
    "that provides a service": at(
      [3],
      "Order.toLayer(() => Charge().pipe(Effect.provide(Live)))",
      "const Live = Layer.effect(Service, ",
      `Effect.gen(function* () { return yield* Effect.promise(call) }))`
    ),
    "that is an effect": at([2], "Order.toLayer(() => wait)", "const wait = Effect.promise(call)"),
    "that makes a program": at([3], "Order.toLayer(programOf(1))", "const programOf = (n) => () =>", bad),
    "once, however many programs use it": at(
      [1],
      `const helper = () => ${bad}`,
      "Order.toLayer(() => helper())",
      `Workflow.make("a").toLayer(helper)`
    ),
    "when an inline activity uses it as well": at(
      [1],
      `const helper = ${bad}`,
      `Order.toLayer(() => Effect.andThen(helper, Activity.inline("a", {}, helper)))`
    ),
    "when it is written in the program, and an inline activity uses it as well": at(
      [2],
      "Order.toLayer(Effect.fn(function* () {",
      `const helper = ${bad}`,
      "yield* helper",
      `yield* Activity.inline("a", {}, helper)`,
      "}))"
    ),
    "and so does what is read for an inline activity": at(
      [2, 3, 4],
      "Order.toLayer(Effect.fn(function* () {",
      "const now = yield* Effect.sync(() => Date.now())",
      "const random = Math.random()",
      `yield* Activity.inline(process.env.NAME, {}, Effect.log(now, random))`,
      "}))"
    ),
    "and what is computed once, when its file is loaded, does not": at(
      [],
      "const [filename] = process.argv.slice(2)",
      "const began = [Date.now(), Effect.runSync(Clock.currentTimeMillis), DateTime.nowUnsafe()]",
      "let late",
      "late = 1",
      "const { env } = process; const rate = process.env.RATE",
      "Order.toLayer(() => Effect.log(filename, began, late, rate))"
    ),
    "and a handler that is written in it does not": at(
      [],
      `Order.toLayer(() => Charge().pipe(Effect.provide(Charge.toLayer(() => ${bad}))))`
    ),
    "and a policy of retries does not": at(
      [],
      "const retry = RetryPolicy.make(() => Math.random())",
      `const Far = Activity.make("Far", { retry: RetryPolicy.make(() => Date.now()) })`,
      `Order.toLayer(() => Effect.andThen(Far(), Activity.inline("a", { retry }, Effect.log(Date.now()))))`
    ),
    "and the id of a child does": at(
      [1],
      `const Child = Workflow.make("Child", { workflowId: () => crypto.randomUUID() })`,
      "Order.toLayer(() => Child.execute())"
    ),
    "and a class does not": at(
      [],
      "class Tariff extends Context.Service()('Tariff') { static now = () => Date.now() }",
      "Order.toLayer(() => Workflow.pure(Tariff))"
    )
  })
})

describe("a variable is that of the program", () => {
  claims({
    "when it is declared there, and not around it": at(
      [7],
      "const make = () => {",
      "let runs = 0",
      "return Order.toLayer(() => Effect.sync(() => {",
      "let own = 0",
      "const count = () => { own++ }",
      "count()",
      "runs++",
      "}))",
      "}"
    ),
    "when a helper declares it": at(
      [],
      "Order.toLayer(() => helper())",
      "const helper = () => { let n = 0; return Effect.sync(() => n++) }"
    ),
    "and an inline activity may write to its own, and to those of the file": at(
      [],
      "let sent = 0",
      `Order.toLayer(() => Activity.inline("a", {}, Effect.sync(() => { let n = 0; n++; sent++ })))`
    )
  })
})
