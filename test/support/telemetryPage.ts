/** The tables of `docs/telemetry.md`. */
import { readFileSync } from "node:fs"
import { join } from "node:path"

const page = readFileSync(join(import.meta.dirname, "../../docs/telemetry.md"), "utf8")

const cells = (line: string): ReadonlyArray<string> =>
  line
    .split("|")
    .slice(1, -1)
    .map((cell) => cell.trim())

const codes = (cell = ""): ReadonlyArray<string> => Array.from(cell.matchAll(/`([^`]*)`/g), ([, code = ""]) => code)

const below = (heading: string): ReadonlyArray<ReadonlyArray<string>> => {
  const lines = page.slice(page.indexOf(`\n## ${heading}\n`)).split("\n")
  const begin = lines.findIndex((line) => line.startsWith("| ---"))
  const end = lines.findIndex((line, index) => index > begin && !line.startsWith("|"))
  return lines.slice(begin + 1, end).map(cells)
}

/** The spans: their names, kinds and attributes, without `error.type`. */
export const spans = below("Spans").map(([name, kind, , attributes]) => ({
  name: codes(name)[0]!,
  kind: codes(kind)[0]!,
  attributes: codes(attributes).toSorted()
}))

/** The metrics: their names, types and labels, and what they are. */
export const metrics = below("Metrics").map(([name, type, labels, is = ""]) => ({
  name: codes(name)[0]!,
  type: type!,
  labels: codes(labels),
  is
}))

/** The trace that is drawn there: the names, each below its parent. */
export const trace: string = /```\n(POST[^]*?)```/
  .exec(page)![1]!
  .split("\n")
  .map((line) =>
    line
      .replace(/ {2,}[█ ]*\d+ ms.*$/, "")
      .replace(/(?<=\S) {2,}█.*$/, "")
      .trimEnd()
  )
  .join("\n")
