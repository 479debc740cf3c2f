/**
 * What goes wrong without each rule: the shortest run of a scenario that breaks something, and its length in steps.
 */
import type { Rule } from "./rules.ts"
import type { ScenarioName } from "./scenarios.ts"

export interface Hole {
  /** The rules that are taken away: one, or two of which either is enough. */
  readonly without: ReadonlyArray<Rule>
  readonly scenario: ScenarioName
  readonly violation: string
  readonly length: number
}

const hole = (
  without: Rule | ReadonlyArray<Rule>,
  scenario: ScenarioName,
  length: number,
  violation: string
): Hole => ({ without: typeof without === "string" ? [without] : without, scenario, violation, length })

/** Those that are explored within moments. */
export const small: ReadonlyArray<Hole> = [
  hole("findClosed", "sendClosed", 2, "P owes for ever: signal > D"),
  hole("wakeTerminated", "terminate", 5, "P owes for ever: start > C, cancel > C"),
  hole("wakeTerminated", "cascadeTerminates", 4, "P owes for ever: start > C, terminate > C"),
  hole("findAsking", "askResultSmall", 6, "P waits for ever for the answer of D"),
  hole("addressed", "sendEarly", 14, "P:1#1 was delivered, and its sender told that it was not"),
  hole("countByChain", "sendOver", 6, "two messages have the id P:1#1"),
  hole("endByChain", "twoChildren", 16, "the wait for B was ended by the end of another child"),
  hole("chainCheck", "parentRestart", 16, "the end of C<P:1.1 reached chain P:2, which is not its parent"),
  hole("seenFirst", "sendClosed", 12, "P:1#1 was delivered, and its sender told that it was not"),
  hole("startThenStop", "parentCancel", 10, "C<P:1.1 outlives its parent for ever"),
  hole("abandonedGoOn", "closeAbandons", 10, "C<P:1.1 was abandoned, and told to end"),
  hole("terminateByHistory", "cascadeTerminates", 16, "C<P:1.1 outlives its parent for ever"),
  hole(["finishFirst", "sealed"], "askBetween", 8, "P waits for ever for the answer of D"),
  hole("ownCommitId", "between", 6, "of two that began D:1+ both were told that theirs is stored"),
  hole("carryCancel", "cancelOver", 8, "the cancel of D:1 was lost"),
  hole("carryKids", "parentCloseOver", 11, "C<P:1.1 outlives its parent for ever"),
  hole("carryParent", "child", 13, "P waits for ever for C<P:1.1, which has ended"),
  hole("deleteSettled", "deleteOwing", 4, "signal P:1#2 vanished from its sender"),
  hole("askRecorded", "askUpdate", 8, 'update P:1?0 begun twice: "handles D:1 P:1?0/1" after "handles D:1 P:1?0/0"')
]

/** Those that take longer. */
export const large: ReadonlyArray<Hole> = [
  hole("findLeft", "cascadeLeft", 16, "C owes for ever: end > P"),
  hole("oneLine", "send", 15, "P:1#1 delivered after P:1#2, which was sent later"),
  hole("oneLine", "childSignals", 18, "C<P:1.1#1 arrived after the end of its sender"),
  hole("oneLine", "closeTerminates", 15, "C<P:1.1 outlives its parent for ever"),
  hole("addressed", "takenDeleted", 22, "P:1#1 was delivered, and its sender told that it was not"),
  hole("chainCheck", "childRestart", 13, "the cancel of C<P:1.1 reached chain C:2"),
  hole("chainCheck", "terminateRestart", 13, "the terminate of C<P:1.1 reached chain C:2"),
  hole("chainNotRun", "childOver", 21, "P waits for ever for C<P:1.1, which has ended"),
  hole("seenById", "sendRestart", 14, "P:1#1 was delivered, and its sender told that it was not"),
  hole("seenById", "sendDelete", 15, "P:1#1 was delivered, and its sender told that it was not"),
  hole("recordOfDeletion", "deleteChild", 15, "child C<P:1.1 ran twice"),
  hole("recordOfDeletion", "sendDelete", 15, "P:1#1 was delivered, and its sender told that it was not"),
  hole("startKnown", "child", 22, "P:1#1 was delivered, and its sender told that it was not"),
  hole("endedWasStarted", "deleteChild", 21, "P:1#1 was delivered, and its sender told that it was not"),
  hole("abandonedGoOn", "cascadeMixes", 33, "H<G<C<P:1.1.1.1 was abandoned, and told to end"),
  hole("terminateByHistory", "middleTerminated", 23, "G<C<P:1.1.1 outlives its parent for ever"),
  hole("onlyUntaken", "cascadeOver", 25, "G<C<P:1.1.1 outlives its parent for ever"),
  hole(["finishFirst", "sealed"], "between", 8, "the cancel of D:1 was lost"),
  hole("handlersFirst", "update", 10, "update u begun twice by D:1"),
  hole("carryUnread", "outside", 10, "l was lost by D:1"),
  hole("carryOwed", "sendOver", 15, "signal P:1#1 vanished from its sender"),
  hole("carryKids", "cascadeOver", 27, "G<C<P:1.1.1 outlives its parent for ever"),
  hole("carryEnds", "childOverDelete", 25, "the end of C<P:1.1 reached P:1, whose program was told NotFound"),
  hole("carryUpdates", "update", 16, "update u begun twice by D:1"),
  hole("carryUpdates", "askUpdate", 18, "update P:1?0 begun twice by D:1"),
  hole("carryKeys", "outside", 10, "k delivered twice to chain D:1"),
  hole("restartSettled", "restartOwing", 13, "signal P:1#1 vanished from its sender"),
  hole("deleteClosed", "deleteChild", 10, "P waits for ever for C<P:1.1, which has ended"),
  hole("askAddressed", "askById", 14, 'update P:1?0 begun twice: "handles D:2 P:1?0" after "handles D:1 P:1?0"'),
  hole("askByRun", "askTwice", 24, "two questions have the id P:1?0"),
  hole("knownFirst", "askClosing", 15, "update P:1?0 was answered by D:1, and its asker told Finished"),
  hole("knownBefore", "askFound", 22, "update P:1?1 was answered by D:1, and its asker told Restarted"),
  hole("knownBefore", "askResultLater", 14, "D:1 ended terminated, and who asked was told Restarted"),
  hole("resultStays", "askResult", 20, "P waits for ever for the answer of D"),
  hole("openOnly", "askRace", 13, 'question P:1?1 was answered with "done", the answer of another one'),
  hole("openOnly", "askAndLeave", 19, "update P:2?0 was answered, and never handled")
]
