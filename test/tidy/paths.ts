/**
 * Paths that are two on Linux and one on macOS and Windows.
 */

/** The spellings of files and folders that differ in case only, a line each. */
export const alike = (paths: ReadonlyArray<string>): ReadonlyArray<string> => {
  const all = new Set(
    paths.flatMap((path) => path.split("/").map((_, end, parts) => parts.slice(0, end + 1).join("/")))
  )
  return [...Map.groupBy(all, (path) => path.toLowerCase()).values()].flatMap((spellings) =>
    spellings.length > 1 ? [`${spellings.toSorted().join(", ")}: one name on macOS and Windows`] : []
  )
}
