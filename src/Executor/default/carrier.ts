/**
 * How the default executor carries out commands. Timers need nothing here, since the alarm of an execution follows from its
 * state; and a closing command ends all that is under way.
 */
import type { Carrier } from "../../internal/replay/Carrier.ts"
import type { UnderWay } from "./UnderWay.ts"

const nothing = (): void => {}

/** A row for each command. */
export const carrier: Carrier<UnderWay> = {
  ActivityScheduled: (underWay, { seq }) => underWay.begin(seq),
  ActivityCancelled: (underWay, { seq }) => underWay.abandon(seq),
  TimerStarted: nothing,
  TimerCancelled: nothing,
  MessageSent: (underWay) => underWay.deliver(),
  ExecutionCompleted: (underWay) => underWay.abandonAll(),
  ExecutionFailed: (underWay) => underWay.abandonAll(),
  ExecutionCancelled: (underWay) => underWay.abandonAll(),
  ExecutionTimedOut: (underWay) => underWay.abandonAll()
}
