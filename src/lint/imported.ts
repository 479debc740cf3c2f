/**
 * What a definition is that a file imports from another file of the project: that file is read, and says so in one line.
 */
import { readFileSync } from "node:fs"
import { dirname, resolve } from "node:path"

/** What has a `toLayer`: a workflow, or an activity or a group of them. */
export type Kind = "workflow" | "other"

/** How many files are looked into that only hand on what they import. */
const depth = 4

/** What the file at `source`, as it is imported from the file at `path`, exports as `name`. None where it does not say. */
export const kindOf = (path: string, source: string, name: string): Kind | undefined => find(path, source, name, depth)

// internal

const find = (from: string, source: string, name: string, left: number): Kind | undefined => {
  // Packages are not looked into: where their sources are is known to the compiler alone.
  if (!source.startsWith(".") || left === 0) return undefined
  const file = read(resolve(dirname(from), source))
  if (file === undefined) return undefined
  const { path, text } = file
  const maker = new RegExp(`\\b(?:const|let|var)\\s+${escaped(name)}\\b[^=;]*=\\s*(?:\\w+\\.)?(\\w+)\\.make\\b`).exec(
    text
  )?.[1]
  if (maker !== undefined && Object.hasOwn(kinds, maker)) return isOurs(text, maker) ? kinds[maker] : "other"
  if (maker !== undefined) return undefined
  for (const [, names = "", next = ""] of text.matchAll(
    /\b(?:import|export)\s*\{([^}]*)\}\s*from\s*["']([^"']+)["']/g
  )) {
    const original = originalOf(names, name)
    if (original !== undefined) return find(path, next, original, left - 1)
  }
  for (const [, next = ""] of text.matchAll(/\bexport\s*\*\s*from\s*["']([^"']+)["']/g)) {
    const found = find(path, next, name, left - 1)
    if (found !== undefined) return found
  }
  return undefined
}

const kinds: Readonly<Partial<Record<string, Kind>>> = {
  Workflow: "workflow",
  Activity: "other",
  ActivityGroup: "other"
}

/** Whether the file imports the module from here: Effect has modules of the same names. */
const isOurs = (text: string, module: string): boolean =>
  new RegExp(`\\bimport\\s[^"']*(\\b${module}\\b[^"']*|\\* as \\w+\\s+)from\\s*["'](perdure["'/]|\\.)`).test(text)

const escaped = (name: string): string => name.replaceAll("$", "\\$")

/** What is called `name` afterwards, in `a, b as c`. */
const originalOf = (names: string, name: string): string | undefined => {
  for (const each of names.split(",")) {
    const [original, renamed = original] = each.trim().split(/\s+as\s+/)
    if (renamed === name) return original
  }
  return undefined
}

const extensions = ["", ".ts", ".tsx", ".mts", ".js", ".mjs", "/index.ts", "/index.js"] as const

const read = (path: string): { readonly path: string; readonly text: string } | undefined => {
  // A file of TypeScript may be imported by the name that it has once it is compiled.
  for (const base of new Set([path, path.replace(/\.([mc]?)js(x?)$/, ".$1ts$2")])) {
    for (const extension of extensions) {
      const text = textOf(base + extension)
      if (text !== undefined) return { path: base + extension, text }
    }
  }
  return undefined
}

const textOf = (path: string): string | undefined => {
  try {
    return readFileSync(path, "utf8")
  } catch {
    return undefined
  }
}
