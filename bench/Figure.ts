/**
 * A figure of the bench: a value, the target that it should reach, and a raw reference that was measured beside it.
 */
import { Array as Arr, Order, Schema } from "effect"

/** A number and what it is of. */
export const Quantity = Schema.Struct({ name: Schema.String, value: Schema.Finite, unit: Schema.String })
export type Quantity = typeof Quantity.Type

/** A figure. A target that is a multiple of the reference was computed from the reference of the same round. */
export const Figure = Schema.Struct({
  ...Quantity.fields,
  /** `null` for a figure that is only there to compare with. */
  target: Schema.NullOr(Schema.Finite),
  /** Whether the target is the least or the most that the value should be. */
  atLeast: Schema.Boolean,
  reference: Schema.NullOr(Quantity)
})
export type Figure = typeof Figure.Type

/** Makes a figure. */
export const make = (options: {
  readonly name: string
  readonly value: number
  readonly unit: string
  readonly atLeast?: number
  readonly atMost?: number | undefined
  readonly reference?: Quantity
}): Figure => ({
  name: options.name,
  value: options.value,
  unit: options.unit,
  target: options.atLeast ?? options.atMost ?? null,
  atLeast: options.atMost === undefined,
  reference: options.reference ?? null
})

/** The round whose score is the median: one round, so that all its numbers are of the same moment. */
export const median = <Round>(rounds: ReadonlyArray<Round>, score: (round: Round) => number): Round =>
  Arr.sortWith(rounds, score, Order.Number)[rounds.length >> 1]!

/** The figures as lines under a heading. */
export const table = (figures: ReadonlyArray<Figure>): string => {
  const rows = [heading, ...figures.map(cells)]
  const widths = heading.map((_, column) => Math.max(...rows.map((row) => row[column]!.length)))
  const line = (row: ReadonlyArray<string>) =>
    row.map((cell, column) => (numeric.has(column) ? cell.padStart(widths[column]!) : cell.padEnd(widths[column]!)))
  return rows.map((row) => line(row).join("  ").trimEnd()).join("\n")
}

// internal

const heading = ["", "figure", "value", "", "target", "ratio", "reference", "", ""]

const numeric = new Set([2, 4, 5, 6])

/** Whether a figure reaches its target. */
const isMet = ({ atLeast, target, value }: Figure): boolean =>
  target === null || (atLeast ? value >= target : value <= target)

const cells = (figure: Figure): ReadonlyArray<string> => {
  const { atLeast, name, reference, target, unit, value } = figure
  return [
    target === null ? "" : isMet(figure) ? "ok" : "MISS",
    name,
    short(value),
    unit,
    target === null ? "" : `${atLeast ? ">=" : "<="} ${short(target)}`,
    reference === null || reference.value === 0 ? "" : `${short(value / reference.value)} x`,
    reference === null ? "" : short(reference.value),
    reference?.unit ?? "",
    reference?.name ?? ""
  ]
}

/** Three digits of a small number; a large one without its fraction. */
const short = (value: number): string =>
  Math.abs(value) >= 100 ? Math.round(value).toLocaleString("en-US") : String(Number(value.toPrecision(3)))
