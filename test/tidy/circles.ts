/**
 * Modules that import each other in a circle: none can be read or moved without the others. Imports of types count like all
 * others, since a reader follows them too; nothing is exempt.
 */
import { posix } from "node:path"
import { imports, type Source } from "./Source.ts"

/** The circles of some modules, a line each: all modules of a circle in alphabetical order. */
export const circles = (sources: ReadonlyArray<Source>): ReadonlyArray<string> => {
  const graph = new Map(sources.map((source) => [source.path, targets(source)]))
  const reached = new Map([...graph.keys()].map((path) => [path, reachable(graph, path)]))
  const circles = [...graph.keys()].map((path) =>
    [...reached.get(path)!].filter((other) => reached.get(other)?.has(path) === true).toSorted()
  )
  return [...new Set(circles.filter((circle) => circle.length > 0).map((circle) => circle.join(" <-> ")))].toSorted()
}

// internal

/** The modules that a module imports. */
const targets = (source: Source): ReadonlyArray<string> =>
  imports(source).flatMap(({ specifier }) =>
    specifier.startsWith(".") ? [posix.join(posix.dirname(source.path), specifier)] : []
  )

/** The modules that a module imports, and what these import in turn; itself only when it is in a circle. */
const reachable = (graph: ReadonlyMap<string, ReadonlyArray<string>>, from: string): ReadonlySet<string> => {
  const found = new Set<string>()
  const next = [...(graph.get(from) ?? [])]
  for (let path = next.pop(); path !== undefined; path = next.pop()) {
    if (found.has(path)) continue
    found.add(path)
    next.push(...(graph.get(path) ?? []))
  }
  return found
}
