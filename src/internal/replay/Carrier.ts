/**
 * What an executor does with the commands of a program, once they are recorded: a row for each command, so that a new one does
 * not compile until every executor carries it out.
 */
import type { CommandEvent, EventOf } from "../../HistoryEvent.ts"

/** How an executor carries out each command of an execution. */
export type Carrier<Execution> = {
  readonly [Tag in CommandEvent["_tag"]]: (execution: Execution, command: EventOf<Tag>) => void
}

/** Carries out a command. */
export const carryOut = <Execution>(carrier: Carrier<Execution>, execution: Execution, command: CommandEvent): void => {
  // The row of the tag takes the event of the tag, which the compiler cannot follow.
  const carry = carrier[command._tag] as (execution: Execution, command: CommandEvent) => void
  carry(execution, command)
}
