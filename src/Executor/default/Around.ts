/**
 * What is around the handlers of an executor.
 */
import type { Appender } from "./Appender.ts"
import type { Fibers } from "./Fibers.ts"
import type { Observed } from "./Observed.ts"
import type { Reports } from "./Reports.ts"

export interface Around {
  readonly appender: Appender
  readonly fibers: Fibers
  readonly observed: Observed
  readonly reports: Reports
}
