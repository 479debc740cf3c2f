/**
 * Defects as they are recorded, and back.
 */
import type { RecordedDefect } from "../../HistoryEvent.ts"

/** The record of anything that was thrown, also of what cannot be looked at. */
export const defectOf = (thrown: unknown): RecordedDefect => {
  try {
    if (!(thrown instanceof Error)) return { name: "Error", message: textOf(thrown) }
    const stack: unknown = thrown.stack
    return {
      name: textOf(thrown.name),
      message: textOf(thrown.message),
      ...(stack === undefined ? {} : { stack: textOf(stack) })
    }
  } catch {
    return { name: "Error", message: "something was thrown that cannot be read" }
  }
}

/** An error like the one that was recorded, with the stack of its origin. */
export const errorOf = (defect: RecordedDefect): Error => {
  const error = new Error(defect.message)
  error.name = defect.name
  if (defect.stack !== undefined) error.stack = defect.stack
  return error
}

// internal

const textOf = (value: unknown): string => {
  if (typeof value === "string") return value
  try {
    return JSON.stringify(value) ?? String(value)
  } catch {
    return String(value)
  }
}
