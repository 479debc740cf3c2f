/** What an example says that it prints: the comment that ends it. */
import { readFileSync } from "node:fs"
import { join } from "node:path"

/** The text, as it is printed, of an example whose path is relative to the project. */
export const outputOf = (path: string): string => {
  const [, comment] = readFileSync(join(import.meta.dirname, "../..", path), "utf8").split("\n// Output:\n")
  if (comment === undefined) throw new Error(`${path} does not end with a comment "// Output:"`)
  return comment.replaceAll(/^\/\/ ?/gm, "")
}
