/** All rows, in the groups of `docs/effect-in-workflows.md`. */
import type { Scenario } from "../corpus/scenarios.ts"
import { ai } from "./ai.ts"
import { control } from "./control.ts"
import { fibers } from "./fibers.ts"
import { keeping } from "./keeping.ts"
import { observing } from "./observing.ts"
import { queues } from "./queues.ts"
import { sharing } from "./sharing.ts"
import { streams } from "./streams.ts"
import { time } from "./time.ts"

/** Rows of one concern. */
export interface Group {
  readonly rows: ReadonlyArray<Scenario>
  /** Whether random schedules know all activities of the rows. */
  readonly isDriven: boolean
}

const driven = (rows: ReadonlyArray<Scenario>): Group => ({ rows, isDriven: true })

export const groups: Readonly<Record<string, Group>> = {
  streams: driven(streams),
  queues: driven(queues),
  sharing: driven(sharing),
  fibers: driven(fibers),
  control: driven(control),
  keeping: driven(keeping),
  time: driven(time),
  observing: driven(observing),
  ai: { rows: ai, isDriven: false }
}
