/**
 * The rules of the protocol, one sentence each. With all of them nothing goes wrong that `invariants.ts` can see; without one of
 * them something does, and `holes.ts` says what. A rule that is not missed when it is gone is not needed.
 */
export const rules = {
  // Who looks.
  findClosed: "recovery finds closed executions that owe, too, and not only those that run",
  findLeft: "...also those of a worker that lives and has let them go, as it has their workflow no more",
  findAsking: "...and executions with a question that is open, whose answer may be there",
  wakeTerminated: "a termination leaves the summary due, so that what the close owes is carried out",
  // Messages.
  addressed:
    "the commit with the command records to whom it goes: a chain, for a start a version; or that it is refused",
  oneLine: "each receiver has one line: a message is sent when those before it are settled",
  countByChain: "the messages of a chain are counted by the chain, since a count of the run would begin again",
  chainCheck: "a receiver that is another chain takes nothing; an end is taken where that very child is open",
  chainNotRun: "...and by any run of the chain, not only by the one that started the child",
  seenFirst: "a message is looked for in the receiver before its status is looked at",
  seenById: "...in the commits of all runs of the id, and in the record of a deletion",
  recordOfDeletion: "a deletion leaves a record: the version, and the last message seen of each chain",
  // Children.
  startKnown: "a start that finds the run that it makes is answered, and not refused",
  endedWasStarted: "a child that has ended was started, whatever is found at its id by then",
  endByChain: "the end of a child names its chain, not the number of the command",
  startThenStop: "a parent that closes still sends a start that it owes, and what stops the child after it",
  abandonedGoOn: "a child that is abandoned is told nothing",
  terminateByHistory: "a termination reads the history: a summary does not name the children that must be told",
  onlyUntaken: "a cancel closes at once only what no worker has taken and what continues no other run",
  // Continue as new.
  finishFirst: "a process that finds a run that is over begins the next one before anything else",
  sealed: "...and what came in between all the same is carried over",
  ownCommitId: "the commit that begins the next run has an id of its writer, so the second writer gets a conflict",
  handlersFirst: "a run goes on with another when the handlers of its updates have ended",
  carryUnread: "the next run has what was recorded and not taken",
  carryCancel: "...also a cancel that came too late for the run before",
  carryOwed: "the next run owes what was owed",
  carryKids: "the next run has the open children, with what is to become of them",
  carryEnds: "the next run hears how the children that it has ended, and knows the ends that were not awaited",
  carryParent: "the next run has the parent",
  carryUpdates: "the next run knows the updates, open and answered",
  carryKeys: "the next run knows the keys of signals that were received",
  // Restart and deletion.
  restartSettled: "a restart waits until the closed chain owes nothing",
  deleteClosed: "only a closed chain is deleted",
  deleteSettled: "...when it owes nothing",
  // Questions that a program asks.
  askAddressed: "a question names the chain that is asked, from the commit with the question on",
  askRecorded:
    "an update that is asked for again has the id of the first time, which is recorded before it is asked for",
  askByRun: "the id of an update that a program asks for is made by its run, so the next run makes others",
  knownFirst: "what is known of an update is looked at before the status of its execution",
  knownBefore: "...and is looked for in the commits of earlier chains of the id, as results are",
  resultStays: "the result of a chain is its closing event, also when messages were noted since",
  openOnly: "an answer is recorded for the question that it answers, while that is open"
} as const

export type Rule = keyof typeof rules

/** Which rules hold. */
export type Rules = Readonly<Record<Rule, boolean>>

/** All rules but some. */
export const without = (...removed: ReadonlyArray<Rule>): Rules => {
  const all = Object.keys(rules).map((rule) => [rule, !removed.includes(rule as Rule)])
  return Object.fromEntries(all) as Record<Rule, boolean>
}
