/** The rules of architecture and style, held against the tree, and each of them against code that breaks it. */
import { spawnSync } from "node:child_process"
import { existsSync, globSync, readFileSync, statSync } from "node:fs"
import { join } from "node:path"
import { assert, describe, it } from "@effect/vitest"
import manifest from "../package.json" with { type: "json" }
import { mutants } from "./mutants.ts"
import { architecture, partOf } from "./tidy/architecture.ts"
import { circles } from "./tidy/circles.ts"
import { alike } from "./tidy/paths.ts"
import { findings, make, type Rule } from "./tidy/Source.ts"
import { isPublic, style } from "./tidy/style.ts"

const root = join(import.meta.dirname, "..")
const rules = [...architecture, ...style]
const files = globSync("src/**/*.ts", { cwd: root }).toSorted()
const sources = files.map((path) => make(path, readFileSync(join(root, path), "utf8")))

describe("the sources", () => {
  it("are there", () => assert.isNotEmpty(sources))

  for (const rule of rules) {
    it(`hold: ${rule.name}`, () =>
      assert.deepStrictEqual(
        sources.flatMap((source) => findings(source, rule)),
        []
      ))
  }
})

it("every planted bug has one place", () => {
  const places = ({ file, find }: { readonly file: string; readonly find: string }) =>
    readFileSync(join(root, file), "utf8").split(find).length - 1
  assert.deepStrictEqual(
    mutants.filter((mutant) => places(mutant) !== 1).map(({ bug, file }) => `${file}: ${bug}`),
    []
  )
})

/** What each rule says of a line of code in a file, and what it lets pass. */
const cases: Readonly<Record<string, { readonly breaks: ReadonlyArray<Case>; readonly holds: ReadonlyArray<Case> }>> = {
  "imports go inward": {
    breaks: [
      ["src/Ids.ts", `import { evolve } from "./internal/core/evolve.ts"`],
      ["src/internal/core/a.ts", `import { random } from "../replay/random.ts"`],
      ["src/internal/replay/a.ts", `import type { Commit } from "../../Store/WorkflowStore.ts"`],
      ["src/Store/WorkflowStore.ts", `import * as Workflow from "../Workflow.ts"`],
      ["src/Workflow.ts", `import * as Memory from "./Store/Memory.ts"`],
      ["src/Store/Memory.ts", `import { open } from "./sqlite/Database.ts"`],
      ["src/Store/Memory.ts", `import * as Default from "../Executor/Default.ts"`],
      ["src/Executor/default/Worker.ts", `export * from "../Temporal.ts"`],
      ["src/Executor/Default.ts", `import * as Sqlite from "../Store/Sqlite.ts"`],
      ["src/Executor/default/Worker.ts", `import * as Memory from "../../Store/Memory.ts"`],
      ["src/Executor/Default.ts", `const nats = () => import("../Store/Nats.ts")`],
      ["src/Workflow.ts", `import * as All from "./index.ts"`]
    ],
    holds: [
      ["src/internal/replay/a.ts", `import { match } from "../core/match.ts"`],
      ["src/Store/Sqlite.ts", `import { open } from "./sqlite/Database.ts"`],
      ["src/Store/sqlite/Database.ts", `import { Commit } from "../WorkflowStore.ts"`],
      ["src/layers/Providers.ts", `import * as Memory from "../Store/Memory.ts"`],
      ["src/layers/Providers.ts", `const nats = () => import("../Store/Nats.ts")`],
      ["src/Executor/Default.ts", `import * as Memory from "../Store/Memory.ts"`]
    ]
  },
  "the sandbox has neither Node.js nor clients": {
    breaks: [
      ["src/Executor/temporal/sandbox/a.ts", `import { hostname } from "node:os"`],
      ["src/Executor/temporal/sandbox/a.ts", `import { Client } from "@temporalio/client"`]
    ],
    holds: [["src/Executor/temporal/sandbox/a.ts", `import { sleep } from "@temporalio/workflow"`]]
  },
  "a client library stays in its store or executor": {
    breaks: [
      ["src/Workflow.ts", `import { Effect } from "effect"`],
      ["src/Store/Memory.ts", `import { connect } from "@nats-io/transport-node"`],
      ["src/Store/Memory.ts", `import type { DatabaseSync } from "node:sqlite"`],
      ["src/internal/core/a.ts", `import { createHash } from "node:crypto"`],
      ["src/Executor/default/a.ts", `import { setTimeout } from "node:timers"`],
      ["src/internal/core/a.ts", `import * as Effect from "effect/Effect"`],
      ["src/Workflow.ts", `import { Worker } from "@temporalio/worker"`],
      ["src/layers/Providers.ts", `const client = () => import("@nats-io/transport-node")`]
    ],
    holds: [
      ["src/Store/nats/a.ts", `import { connect } from "@nats-io/transport-node"`],
      ["src/Store/Sqlite.ts", `import { DatabaseSync } from "node:sqlite"`],
      ["src/lint/imported.ts", `import { readFileSync } from "node:fs"`],
      ["src/internal/core/a.ts", `import * as Result from "effect/Result"`],
      ["src/internal/core/a.ts", `import type * as Effect from "effect/Effect"`]
    ]
  },
  "time, chance and output are services": {
    breaks: [
      ["src/a.ts", "const now = Date.now()"],
      ["src/a.ts", "const now = [1].map(Date.now)"],
      ["src/a.ts", "const now = new Date()"],
      ["src/a.ts", "const x = Math.random()"],
      ["src/a.ts", "setTimeout(() => {}, 1)"],
      ["src/a.ts", "setInterval(() => {}, 1)"],
      ["src/a.ts", `console.log("x")`],
      ["src/a.ts", "Effect.forkDetach(effect)"],
      ["src/a.ts", "effect.pipe(Effect.forkDaemon)"],
      ["src/a.ts", "const json = Option.liftThrowable(JSON.parse)"],
      ["src/a.ts", 'class A extends Schema.TaggedError<A>()("A", {}) {}']
    ],
    holds: [
      ["src/a.ts", "// Date.now() is not for us"],
      ["src/a.ts", `const text = "console.log(1)"`],
      ["src/a.ts", "const x = Math.max(1, 2)"],
      ["src/internal/core/parse.ts", "const json = JSON.parse(text)"]
    ]
  },
  "the test kit names each operation that it wraps": {
    breaks: [["src/testing/a.ts", "const mortal = { ...store, save }"]],
    holds: [
      ["src/testing/a.ts", "const mortal = { save, load: store.load, commits: [...commits] }"],
      ["src/layers/a.ts", "const traced = { ...store, save }"]
    ]
  },
  "promises enter by Effect.tryPromise": {
    breaks: [
      ["src/a.ts", "const f = async () => 1"],
      ["src/a.ts", "async function f() {}"],
      ["src/a.ts", "const o = { async f() {} }"],
      ["src/a.ts", "const x = await f()"]
    ],
    holds: [["src/a.ts", "const done = Deferred.await(deferred)"]]
  },
  "types are not switched off": {
    breaks: [
      ["src/a.ts", "const x = y as any"],
      ["src/a.ts", "// @ts-ignore\nconst x = y"],
      ["src/a.ts", "/* @ts-expect-error */\nconst x = y"],
      ["src/a.ts", "// @ts-nocheck"]
    ],
    holds: [
      ["src/a.ts", "const x = y as Layer<any>"],
      ["src/a.ts", "// as any"]
    ]
  },
  "one word for one idea": {
    breaks: [
      ["src/a.ts", "export const runJob = 1"],
      ["src/a.ts", "export interface TaskQueue {}"],
      ["src/a.ts", "export class WorkflowEngine {}"],
      ["src/a.ts", "export type Steps = 1"],
      ["src/a.ts", "export const max_backends = 1"]
    ],
    holds: [
      ["src/a.ts", "const job = 1"],
      ["src/a.ts", "export const Stepping = 1, taskless = 2"]
    ]
  },
  "what is public is documented": {
    breaks: [
      ["src/A.ts", "export const a = 1"],
      ["src/A.ts", "/** @since 1 */\nexport const a = 1"],
      ["src/A.ts", "/** @category x */\nexport interface A {}"],
      ["src/Store/A.ts", "// @category @since\nexport class A {}"],
      ["src/layers/A.ts", "/** @category x\n @since 1 */\nconst a = 1\nexport const b = a"]
    ],
    holds: [
      ["src/A.ts", "/**\n * @category x\n * @since 0.1.0\n */\nexport const A = 1\nexport type A = typeof A"],
      ["src/Store/a/A.ts", "export const a = 1"],
      ["src/internal/A.ts", "export const a = 1"],
      ["src/A.ts", "/** @internal */\nexport const a = 1"],
      ["src/A.ts", "const a = 1"]
    ]
  },
  "a comment names its subject": {
    breaks: [
      ["src/a.ts", "// Whoever runs it reads all that is there."],
      ["src/a.ts", "/** A span is only made where somebody traces. */"],
      ["src/a.ts", "/**\n * `undefined` for those\n * that do not exist.\n */"],
      ["src/a.ts", "// Told to those who wait."],
      ["src/a.ts", "/* Nobody knows. */"]
    ],
    holds: [
      ["src/a.ts", "// The worker that runs the execution reads all events."],
      ["src/a.ts", "// Executions in those states have no owner."],
      ["src/a.ts", `const text = "nobody approved"`],
      ["src/a.ts", "const somebody = 1"]
    ]
  },
  "a file opens with what it is": {
    breaks: [["src/a.ts", `import * as Effect from "effect/Effect"`]],
    holds: [["src/a.ts", "/**\n * What it is.\n */\n"]]
  },
  "a file is read in one sitting": {
    breaks: [["src/a.ts", "f()\n".repeat(401)]],
    holds: [["src/a.ts", "f()\n".repeat(400)]]
  }
}

type Case = readonly [path: string, code: string]

const checked = (rule: Rule, [path, code]: Case) => findings(make(path, code), rule)

describe("a rule", () => {
  for (const rule of rules) {
    const { breaks, holds } = cases[rule.name] ?? { breaks: [], holds: [] }
    it(`"${rule.name}" finds what breaks it`, () => {
      assert.isNotEmpty(breaks)
      for (const broken of breaks) assert.lengthOf(checked(rule, broken), 1, broken.join(": "))
    })
    it(`"${rule.name}" lets pass what holds it`, () => {
      for (const good of holds) assert.deepStrictEqual(checked(rule, good), [], good.join(": "))
    })
  }

  describe("about paths", () => {
    it("finds files and folders that differ in case only", () => {
      const broken: ReadonlyArray<readonly [paths: ReadonlyArray<string>, found: string]> = [
        [["test/Store/a.ts", "test/store/b.ts"], "test/Store, test/store"],
        [["src/Order.ts", "src/order.ts"], "src/Order.ts, src/order.ts"],
        [["a/B/c/d.ts", "a/b/e/f.ts", "a/b/g.ts"], "a/B, a/b"],
        [["Notes", "notes/a.md"], "Notes, notes"]
      ]
      for (const [paths, found] of broken) {
        assert.deepStrictEqual(alike(paths), [`${found}: one name on macOS and Windows`])
      }
    })

    it("lets pass what differs in more", () => {
      for (const paths of [[], ["a/b.ts", "a/c.ts"], ["a/b.ts", "c/B.ts"], ["a/b.ts", "a/b.ts"], ["a/b/c", "a/bc"]]) {
        assert.deepStrictEqual(alike(paths), [])
      }
    })
  })

  describe("about circles", () => {
    const modules = (imports: Readonly<Record<string, string>>) =>
      circles(Object.entries(imports).map(([path, code]) => make(`src/${path}.ts`, code)))

    it("finds modules that import each other, types included, over any number of modules", () => {
      const found = [
        modules({ a: `import { b } from "./b.ts"`, b: `import { a } from "./a.ts"` }),
        modules({ a: `import type { B } from "./b.ts"`, b: `import { type A } from "./a.ts"` }),
        modules({ a: `export * from "./b.ts"`, b: `export { a } from "./a.ts"`, c: `import "./a.ts"` })
      ]
      for (const circle of found) assert.deepStrictEqual(circle, ["src/a.ts <-> src/b.ts"])
      assert.deepStrictEqual(
        modules({
          a: `import type { B } from "./x/b.ts"`,
          "x/b": `import { c } from "../y/c.ts"`,
          "y/c": `import { a } from "../a.ts"`,
          d: `import { d } from "./d.ts"`
        }),
        ["src/a.ts <-> src/x/b.ts <-> src/y/c.ts", "src/d.ts"]
      )
    })

    it("lets pass modules that share one", () => {
      assert.deepStrictEqual(
        modules({
          a: `import { b } from "./b.ts"\nimport { c } from "./c.ts"`,
          b: `import { c } from "./c.ts"`,
          c: `import * as Effect from "effect/Effect"`
        }),
        []
      )
    })
  })

  it("names the line", () => {
    assert.deepStrictEqual(findings(make("src/a.ts", "f()\n\nsetTimeout(f)"), ...style.slice(0, 1)), [
      "src/a.ts:3 setTimeout: use Effect.sleep, which TestClock moves"
    ])
  })
})

describe("the tree", () => {
  it("has no two paths that differ in case only", () => {
    const { stdout } = spawnSync("git", ["ls-files", "--cached", "--others", "--exclude-standard"], {
      cwd: root,
      encoding: "utf8"
    })
    const paths = stdout.split("\n").filter((path) => path !== "" && existsSync(join(root, path)))
    assert.isNotEmpty(paths)
    assert.deepStrictEqual(alike(paths), [])
  })

  it("has no modules that import each other in a circle", () => assert.deepStrictEqual(circles(sources), []))

  it("has no file that belongs to no part", () => {
    assert.deepStrictEqual(
      files.filter((path) => partOf(path) === path),
      []
    )
  })

  it("exports every public module, and closes every other folder", () => {
    const closed = Object.entries(manifest.exports).flatMap(([path, target]) => (target === null ? [path] : []))
    const folders = files
      .filter((path) => !isPublic(path) && path !== "src/index.ts")
      .map((path) => path.split("/").slice(1, -1))
    const roots = folders.map((folder) => (folder[0] === "internal" ? "internal" : folder.join("/")))
    assert.sameMembers(closed, [...new Set(roots.map((folder) => `./${folder}/*`))])
  })

  it("names no folder of one machine", () => {
    const tracked = spawnSync("git", ["ls-files"], { cwd: root, encoding: "utf8" }).stdout.split("\n")
    const texts = tracked.filter(
      (path) => /\.(ts|md|json|sh|yml|yaml)$|^\.ci\//.test(path) && existsSync(join(root, path))
    )
    assert.isNotEmpty(texts)
    const folder = new RegExp(`(^|[\\s"'\`(=])/${"(work|root|home)"}/`, "m")
    const named = texts.filter(
      (path) => statSync(join(root, path)).isFile() && folder.test(readFileSync(join(root, path), "utf8"))
    )
    assert.deepStrictEqual(named, [])
  })

  it("locks packages without saying where they come from", () => {
    assert.notMatch(readFileSync(join(root, "package-lock.json"), "utf8"), /"resolved"/)
  })
})
