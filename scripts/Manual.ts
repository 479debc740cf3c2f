/**
 * What coding assistants read: `llms.txt`, which lists the pages, and a skill, which has what one needs to write a program that is right at
 * once. Both are made of pages and examples that the tests run.
 */
import { readFileSync } from "node:fs"
import { join } from "node:path"
import { root } from "./Step.ts"

/** The files that are made, by their paths. */
export const assistants = (): ReadonlyMap<string, string> =>
  new Map([
    ["llms.txt", list()],
    ["skills/perdure/SKILL.md", skill()]
  ])

// internal

const read = (path: string): string => readFileSync(join(root, path), "utf8")

/** A section of a page, without its heading, up to the next heading of its level or a higher one. */
const section = (path: string, heading: string): string => {
  const [, level] = /^(#+) /.exec(heading) ?? []
  const lines = read(path).split("\n")
  const start = lines.indexOf(heading)
  if (level === undefined || start === -1) throw new Error(`${path} has no heading "${heading}"`)
  let isCode = false
  const end = lines.findIndex((line, index) => {
    if (index <= start) return false
    if (line.startsWith("```")) isCode = !isCode
    return !isCode && /^#+ /.test(line) && line.indexOf(" ") <= level.length
  })
  return lines
    .slice(start + 1, end === -1 ? undefined : end)
    .join("\n")
    .trim()
}

/** The first piece of code of a text. */
const code = (text: string): string => {
  const [, found] = /```ts[^\n]*\n(.*?)\n```/s.exec(text) ?? []
  if (found === undefined) throw new Error(`there is no code in: ${text.slice(0, 80)}`)
  return fenced(found)
}

const fenced = (source: string): string => `\`\`\`ts\n${source.trim()}\n\`\`\``

/** The first table of a text, with so many of its columns and without links. */
const table = (text: string, columns: number): string => {
  const rows = text.split("\n").filter((line) => line.startsWith("|"))
  if (rows.length < 3) throw new Error(`there is no table in: ${text.slice(0, 80)}`)
  return rows
    .map(
      (row) =>
        `|${row
          .split(/(?<!\\)\|/)
          .slice(1, columns + 1)
          .join("|")}|`
    )
    .map((row) => row.replaceAll(/\[([^\]]*)\]\([^)]*\)/g, "$1"))
    .join("\n")
}

/** What the library is, in a paragraph. */
const summary = (): string => read("README.md").split("\n\n")[1]!.replaceAll("\n", " ")

/** A list of links to the pages, with what each tells. */
const pages = (prefix: string): string =>
  [...read("docs/README.md").matchAll(/^\d+\. \[(.*?)\]\((.*?)\): (.*(?:\n {4}.*|\n {3}.*)*)/gm)]
    .map(([, title, path, tells]) => {
      const target = path!.startsWith("../") ? path!.slice(3) : `docs/${path}`
      return `- [${title}](${prefix}${target}): ${tells!.replaceAll(/\s+/g, " ")}`
    })
    .join("\n")

const examples = (prefix: string): string =>
  [...section("docs/README.md", "## Examples").matchAll(/^\| \[(.*?)\]\(\.\.\/(.*?)\) +\| (.*?) *\|$/gm)]
    .map(([, title, path, shows]) => `- [${title}](${prefix}${path}): ${shows}`)
    .join("\n")

const list = (): string => `# perdure

> ${summary()}

A program is an Effect. What it does to the world is an activity; everything else in it is replayed. The skill has what is needed to write one.

- [The skill](skills/perdure/SKILL.md): a program, its test, what is durable and what is refused, on one page

## Pages

${pages("")}

## Examples

${examples("")}
`

const skill = (): string => {
  const effects = "docs/effect-in-workflows.md"
  return `---
name: perdure
description: Writes durable workflows, sagas, agents and approvals with perdure, the workflow library of Effect, and tests them. Use it for code that imports perdure.
---

# perdure

${summary()}

This page is made of the documentation and the examples of the package, whose code runs. Effect is version 4.1: look its names up in
\`node_modules/effect/src\`. Nothing here is known from another workflow library: the program is an Effect, and \`Effect.sleep\`, \`timeout\`, \`race\`, \`retry\`
and \`all\` are the durable ones.

## A whole program

${code(section("README.md", "## A first program"))}

## What becomes of it

${table(section("README.md", "## How it works"), 2)}

## What a program must not do

Each of these blocks the execution or does not compile. Move it to the handler of an activity, or to \`Activity.inline\`.

${table(section(effects, "## Refused"), 2)}

These go unnoticed until they change what the program asks for:

${table(section(effects, "## Unnoticed"), 2)}

A program that is deployed has executions under way: [what may be changed in it](../../docs/deploying.md).

## Activities

${table(section("docs/activities.md", "## Retry policies and timeouts"), 2)}

A handler runs at least once: give its \`idempotencyKey\` (\`yield* ActivityContext.ActivityContext\`) to services that take one. Only typed errors and
timeouts are tried again; a defect is final.

## Contracts, a program with compensation, a signal and a deadline

${fenced(read("examples/order/contracts.ts"))}

${fenced(read("examples/order/workflow.ts"))}

## Its test

${code(section("README.md", "## Test it"))}

## An agent

${code(read("docs/agents.md"))}

## A decision of a person

${code(section("docs/agents.md", "## People"))}

## Pages

${pages("../../")}

## Examples

${examples("../../")}
`
}
