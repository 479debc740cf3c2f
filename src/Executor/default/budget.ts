/**
 * How long programs may run without waiting for anything, by the clock and by the processor.
 */
import type { FlushBudget } from "../../internal/replay/WorkflowScheduler.ts"

/** The budget of a flush, by a clock that only goes forward; in milliseconds. */
export const budgetOf = (milliseconds: number, now: () => number): FlushBudget => ({
  milliseconds,
  now,
  used: processorTime
})

// internal

/** The time that the processor has worked for this process, in milliseconds. */
const processorTime = (): number => {
  const { system, user } = process.cpuUsage()
  return (system + user) / 1000
}
