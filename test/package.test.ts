/**
 * What is published: packed, installed in an empty project and used there as plain JavaScript and by the compiler. And what an
 * old Node.js is told in the repository.
 */
import { spawnSync } from "node:child_process"
import {
  cpSync,
  existsSync,
  globSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync
} from "node:fs"
import { tmpdir } from "node:os"
import { dirname, join } from "node:path"
import { stripVTControlCharacters } from "node:util"
import { afterAll, assert, beforeAll, describe, it } from "@effect/vitest"
import manifest from "../package.json" with { type: "json" }
import { isPublic } from "./tidy/style.ts"

const root = join(import.meta.dirname, "..")
const folder = mkdtempSync(join(tmpdir(), "perdure-package-"))
const [staged, project] = [join(folder, "staged"), join(folder, "project")]
const tarball = join(folder, `${manifest.name}-${manifest.version}.tgz`)
const modules = globSync("src/**/*.ts", { cwd: root })
  .filter(isPublic)
  .map((path) => path.replace(/^src/, "perdure").replace(/\.ts$/, ""))
  .toSorted()

const run = (cwd: string, command: string, ...args: ReadonlyArray<string>): string => {
  const { error, status, stderr, stdout } = spawnSync(command, args, { cwd, encoding: "utf8" })
  assert.strictEqual(status, 0, `${command} ${args.join(" ")}\n${error ?? ""}${stdout}${stderr}`)
  return stdout
}

const bin = (name: string): string => join(root, "node_modules/.bin", name)

/** A Markdown text without its code. */
const proseOf = (text: string): string => text.replaceAll(/^(`{3,}).*\n[\s\S]*?^\1$/gm, "")

/** The links of a Markdown text to other files and to its own headings. */
const linksOf = (text: string): ReadonlyArray<string> =>
  [...proseOf(text).matchAll(/\]\(([^)\s]+)\)/g)]
    .map(([, target]) => target!)
    .filter((target) => !/^[a-z]+:/.test(target))

/** The names by which links mean the headings of a Markdown text. */
const anchorsOf = (text: string): ReadonlyArray<string> =>
  [...proseOf(text).matchAll(/^#+ (.*)$/gm)].map(([, heading]) =>
    heading!
      .toLowerCase()
      .replaceAll(/[^\w\s-]/g, "")
      .replaceAll(/\s/g, "-")
  )

const link = (name: string): void => {
  const target = join(project, "node_modules", name)
  mkdirSync(join(target, ".."), { recursive: true })
  symlinkSync(join(root, "node_modules", name), target)
}

/** Runs JavaScript in the project of a user. */
const evaluate = (code: string): string => run(project, process.execPath, "--input-type=module", "--eval", code)

beforeAll(() => {
  mkdirSync(staged)
  const published = manifest.files.filter((path) => path !== "dist")
  for (const path of ["package.json", "README.md", "LICENSE", ...published]) {
    cpSync(join(root, path), join(staged, path), { recursive: true })
  }
  run(root, bin("tsc"), "-p", "tsconfig.build.json", "--outDir", join(staged, "dist"))
  for (const path of ["tsconfig.base.json", "tsconfig.suites.json", "test/suites"]) {
    cpSync(join(root, path), join(staged, path), { recursive: true })
  }
  symlinkSync(join(root, "node_modules"), join(staged, "node_modules"))
  run(staged, bin("tsc"), "-p", "tsconfig.suites.json")
  run(staged, "npm", "pack", "--silent", "--ignore-scripts", "--pack-destination", folder)
  const installed = join(project, "node_modules/perdure")
  mkdirSync(installed, { recursive: true })
  run(folder, "tar", "-xzf", tarball, "--strip-components=1", "-C", installed)
  writeFileSync(join(project, "package.json"), `{ "type": "module" }`)
  link("effect")
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

describe("the package", () => {
  it("needs nothing but effect, except in a store or executor", () => {
    const clients = /^perdure\/(Store\/(Nats|Postgres|Temporal)|Executor\/Temporal(Worker)?)$/
    const names = ["perdure", ...modules.filter((name) => !clients.test(name))]
    evaluate(names.map((name) => `await import(${JSON.stringify(name)})`).join("\n"))
  })

  it("has declarations of its index that need no client, and are checked with all that they import", () => {
    writeFileSync(
      join(project, "index.ts"),
      `import { Providers } from "perdure"\nexport const names = Providers.list\n`
    )
    run(project, bin("tsc"), "--noEmit", "--strict", "--module", "nodenext", "--target", "es2023", "index.ts")
  })

  it("says what to install for a store whose client is missing", () => {
    const printed = evaluate(`
      import * as Effect from "effect/Effect"
      import * as Layer from "effect/Layer"
      import { Providers } from "perdure"
      import * as Redacted from "effect/Redacted"
      for (const store of [
        Providers.store("nats", { servers: "127.0.0.1:9" }),
        Providers.store("postgres", { url: Redacted.make("postgres://127.0.0.1:9/shop") })
      ]) console.log((await Effect.runPromise(Effect.flip(Effect.scoped(Layer.build(store))))).message)`)
    assert.include(printed, "npm install @nats-io/jetstream @nats-io/transport-node")
    assert.include(printed, "npm install @effect/sql-pg")
  })

  it("exports every public module, where the clients are installed", () => {
    for (const name of Object.keys(manifest.peerDependencies)) if (name !== "effect") link(name)
    const counts = evaluate(`
      const counts = {}
      for (const name of ${JSON.stringify(modules)}) counts[name] = Object.keys(await import(name)).length
      console.log(JSON.stringify(counts))`)
    assert.sameMembers(Object.keys(JSON.parse(counts)), modules)
  })

  it("runs a workflow there", () => {
    const printed = evaluate(`
      import * as Effect from "effect/Effect"
      import * as Layer from "effect/Layer"
      import { Workflow } from "perdure"
      import * as Default from "perdure/Executor/Default"
      import * as Memory from "perdure/Store/Memory"
      const Hello = Workflow.make("Hello")
      const HelloLive = Hello.toLayer(() => Effect.void)
      const main = HelloLive.pipe(Layer.provideMerge(Default.layer), Layer.provide(Memory.layer))
      await Effect.runPromise(Effect.provide(Hello.execute(undefined), main))
      console.log("done")`)
    assert.strictEqual(printed.trim(), "done")
  })

  it("has rules that oxlint finds by their name", () => {
    const lines = [
      `import { Workflow } from "perdure"`,
      `const Order = Workflow.make("Order")`,
      "export const Live = Order.toLayer(() => Effect.sync(() => Date.now()))"
    ]
    writeFileSync(join(project, "order.js"), lines.join("\n"))
    const rules = { "perdure/no-nondeterminism": "error" }
    writeFileSync(join(project, ".oxlintrc.json"), JSON.stringify({ jsPlugins: ["perdure/lint"], rules }))
    const { stdout } = spawnSync(bin("oxlint"), ["order.js"], { cwd: project, encoding: "utf8" })
    // Where CI is set it has colours.
    assert.match(stripVTControlCharacters(stdout), /perdure\(no-nondeterminism\).*\s+.*order\.js:3:59/)
  })

  it("has suites for stores and executors of others, which run without vitest", () => {
    link("@types/node")
    writeFileSync(
      join(project, "suites.test.ts"),
      `import { after, describe, it } from "node:test"
      import * as Default from "perdure/Executor/Default"
      import * as Memory from "perdure/Store/Memory"
      import { executorSuite, type Runner, storeSuite } from "perdure/testing/suites"
      const runner: Runner = { describe, it, afterAll: after }
      storeSuite(runner, "my", { layer: Memory.layer, groupSize: 50 })
      executorSuite(runner, "my store", { store: Memory.layer, executor: Default.layerWith })`
    )
    const options = ["--strict", "--module", "nodenext", "--target", "es2023", "--types", "node", "--skipLibCheck"]
    run(project, bin("tsc"), ...options, "suites.test.ts")
    const args = ["--test", "--test-reporter=tap", "--test-name-pattern=/^(1|3|4)\\. /", "suites.test.js"]
    const env = { ...process.env, NODE_TEST_CONTEXT: undefined }
    const { status, stdout } = spawnSync(process.execPath, args, { cwd: project, encoding: "utf8", env })
    assert.strictEqual(status, 0, stdout)
    const [, passed] = /^# pass (\d+)$/m.exec(stdout) ?? []
    assert.isAbove(Number(passed), 50, stdout)
    assert.match(stdout, /^# fail 0$/m)
  })

  it("opens no private folder", () => {
    const closed = Object.entries(manifest.exports).flatMap(([path, target]) => (target === null ? [path] : []))
    assert.isNotEmpty(closed)
    const codes = evaluate(`
      for (const path of ${JSON.stringify(closed)}) {
        const name = path.replace(".", "perdure").replace("*", "any")
        console.log(await import(name).then(() => "open", (error) => error.code))
      }`)
    assert.deepStrictEqual(new Set(codes.trim().split("\n")), new Set(["ERR_PACKAGE_PATH_NOT_EXPORTED"]))
  })

  it("has declarations that compile", () => {
    const names = ["perdure", ...modules]
    const lines = names.map((name, index) => `import * as M${index} from "${name}"\nexport { M${index} }`)
    writeFileSync(join(project, "index.ts"), lines.join("\n"))
    const options = ["--noEmit", "--strict", "--module", "nodenext", "--target", "es2023", "--skipLibCheck"]
    run(project, bin("tsc"), ...options, "index.ts")
  })

  it("has nothing to mend for publint", () => {
    run(staged, bin("publint"), "run", "--strict", "--pack", "false", join(project, "node_modules/perdure"))
  })

  it("has types that resolve as its code does", () => {
    // One of each pattern of the exports: a look at all of them takes long and finds the same.
    const entrypoints = [".", "./Workflow", "./Store/Memory", "./testing", "./testing/suites"]
    run(folder, bin("attw"), tarball, "--profile", "esm-only", "--no-definitely-typed", "--entrypoints", ...entrypoints)
  })

  it("has a README and pages whose links lead somewhere in it", () => {
    const installed = join(project, "node_modules/perdure")
    const pages = ["README.md", "ARCHITECTURE.md", "CHANGELOG.md", ...globSync("docs/**/*.md", { cwd: installed })]
    assert.isAbove(pages.length, 10)
    const links = pages.flatMap((page) =>
      linksOf(readFileSync(join(installed, page), "utf8")).map((target) => ({ page, target }))
    )
    assert.isAbove(links.length, 50)
    // Some pages name the tests that prove them, which are in the repository alone; other tests look for those.
    const proved = new Set(["docs/semantics.md", "docs/effect-in-workflows.md"])
    const isProof = (page: string, path: string) => proved.has(page) && path.startsWith("../test/")
    const isThere = ({ page, target }: { readonly page: string; readonly target: string }) => {
      const [path = "", anchor] = target.split("#")
      const file = path === "" ? page : join(dirname(page), path)
      const found = join(isProof(page, path) ? root : installed, file)
      return existsSync(found) && (anchor === undefined || anchorsOf(readFileSync(found, "utf8")).includes(anchor))
    }
    assert.deepStrictEqual(
      links.filter((it) => !isThere(it)),
      []
    )
  })

  it("names the repository, its home and where faults are reported", () => {
    const { bugs, homepage, repository } = manifest
    const url = repository.url.replace(/^git\+(.*)\.git$/, "$1")
    assert.match(url, /^https:\/\/github\.com\/[\w-]+\/perdure$/)
    assert.deepStrictEqual([homepage, bugs.url], [`${url}#readme`, `${url}/issues`])
  })
})

describe("an old Node.js", () => {
  const pretending = (version: string, ...args: ReadonlyArray<string>) =>
    spawnSync(
      process.execPath,
      [
        "--import",
        `data:text/javascript,Object.defineProperty(process.versions, "node", { value: "${version}" })`,
        ...args
      ],
      { cwd: root, encoding: "utf8" }
    )
  const guard = ["--import", "./scripts/requireNode.js"]
  const program = ["--eval", "console.log('ran')"]

  for (const version of ["18.20.0", "20.20.2", "22.18.9"]) {
    it(`${version} is told in one line what is needed`, () => {
      const { status, stderr, stdout } = pretending(version, ...guard, ...program)
      assert.deepStrictEqual([status, stdout], [1, ""])
      const line = `perdure needs Node.js 22.19 or later, and this is ${version}: `
      assert.isTrue(stderr.startsWith(line), stderr)
      assert.lengthOf(stderr.trim().split("\n"), 1)
    })
  }

  for (const version of ["22.19.0", "24.0.0", "25.1.0"]) {
    it(`${version} is not old`, () => assert.strictEqual(pretending(version, ...guard, ...program).stdout, "ran\n"))
  }

  it("is told so by every script that runs TypeScript", () => {
    const unguarded = Object.entries(manifest.scripts).filter(
      ([, script]) => /\bnode\b/.test(script) && !script.includes(`node ${guard.join(" ")} `)
    )
    assert.deepStrictEqual(unguarded, [])
  })
})
