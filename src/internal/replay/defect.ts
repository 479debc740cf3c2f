/**
 * Defects as they are recorded, and back.
 */
import type { RecordedDefect } from "../../HistoryEvent.ts"

/** The record of anything that was thrown. */
export const defectOf = (thrown: unknown): RecordedDefect =>
  thrown instanceof Error
    ? {
        name: thrown.name,
        message: thrown.message,
        ...(thrown.stack === undefined ? {} : { stack: thrown.stack })
      }
    : { name: "Error", message: typeof thrown === "string" ? thrown : textOf(thrown) }

/** An error like the one that was recorded, with the stack of its origin. */
export const errorOf = (defect: RecordedDefect): Error => {
  const error = new Error(defect.message)
  error.name = defect.name
  if (defect.stack !== undefined) error.stack = defect.stack
  return error
}

// internal

const textOf = (value: unknown): string => {
  try {
    return JSON.stringify(value) ?? String(value)
  } catch {
    return String(value)
  }
}
