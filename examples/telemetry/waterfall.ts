/** Draws the spans of a trace as backends do: each below its parent, with a bar where it lies in the time of the whole. */

/** A span that has ended; times are in milliseconds. */
export interface Drawn {
  readonly name: string
  readonly spanId: string
  readonly parent: string | undefined
  readonly from: number
  readonly until: number
  /** What is told of it beside its name. */
  readonly note?: string | undefined
}

const columns = 40

/** The lines of a trace. A span whose parent is not among them is a root. */
export const waterfall = (spans: ReadonlyArray<Drawn>): string => {
  const rows = inOrder(spans)
  const [begin, end] = [Math.min(...spans.map(({ from }) => from)), Math.max(...spans.map(({ until }) => until))]
  const place = (at: number) => Math.round(((at - begin) / Math.max(1, end - begin)) * columns)
  const width = Math.max(...rows.map(({ depth, span }) => 2 * depth + span.name.length))
  return rows
    .map(({ depth, span: { from, name, note = "", until } }) => {
      const start = Math.min(place(from), columns - 1)
      const bar = " ".repeat(start) + "█".repeat(Math.max(1, place(until) - start))
      const time = `${Math.round(until - from)} ms`
      return (
        `${"  ".repeat(depth)}${name}`.padEnd(width) +
        `  ${bar.padEnd(columns)}  ${time.padStart(7)}  ${note}`.trimEnd()
      )
    })
    .join("\n")
}

/** The names of a trace, each below its parent: the same at any speed. */
export const outline = (spans: ReadonlyArray<Drawn>): string =>
  inOrder(spans)
    .map(({ depth, span }) => `${"  ".repeat(depth)}${span.name}`)
    .join("\n")

interface Row {
  readonly span: Drawn
  readonly depth: number
}

const inOrder = (spans: ReadonlyArray<Drawn>): ReadonlyArray<Row> => {
  const ids = new Set(spans.map(({ spanId }) => spanId))
  const below = (parent: string | undefined, depth: number): ReadonlyArray<Row> =>
    spans
      .filter((span) => (span.parent !== undefined && ids.has(span.parent) ? span.parent : undefined) === parent)
      .toSorted((a, b) => a.from - b.from || b.until - a.until)
      .flatMap((span) => [{ span, depth }, ...below(span.spanId, depth + 1)])
  return below(undefined, 0)
}
