/**
 * How a run ends: closed, with what it owes because of that, or continued by the next one.
 */
import type { Execution, Message, Model, Write } from "./state.ts"

/** Closes a run. What it owes stays owed; its children are told after that, and its parent last. */
export const close = ({ rules }: Model, execution: Execution, result: string, facts: Array<string>): Execution => {
  const { chain, id, kids, parent, run, updates } = execution
  facts.push(`result ${chain} ${result}`)
  const from = { id, chain, run }
  let { owed } = execution
  for (const kid of kids) {
    if (kid.policy === "abandon" && rules.abandonedGoOn) continue
    if (!rules.startThenStop && owed.some(({ kind, to }) => kind === "start" && to === kid.id)) {
      owed = owed.filter(({ kind, to }) => kind !== "start" || to !== kid.id)
      continue
    }
    const kind = kid.policy === "terminate" ? "terminate" : "cancel"
    owed = [...owed, { id: `${chain}/close/${kid.chain}`, kind, from, to: kid.id, chain: kid.chain }]
  }
  if (parent !== undefined) {
    const end: Message = {
      id: `${chain}/end`,
      kind: "end",
      from,
      to: parent.id,
      chain: parent.chain,
      run: parent.run,
      key: parent.key
    }
    owed = [...owed, end]
  }
  const answered = Object.entries(updates).map(([update, at]) => [
    update,
    at === "open" || at === "busy" ? "Finished" : at
  ])
  return {
    ...execution,
    status: "closed",
    result,
    closedAt: execution.version,
    owed,
    kids: [],
    question: undefined,
    updates: Object.fromEntries(answered)
  }
}

/** Closes an execution from outside. By its summary nothing is known of its children. */
export const closeFromOutside = (
  model: Model,
  execution: Execution,
  how: { readonly result: string; readonly bySummary: boolean; readonly facts: ReadonlyArray<string> }
): Write => {
  const facts = [...how.facts]
  const next = { ...execution, version: execution.version + 1 }
  const closed = close(model, how.bySummary ? { ...next, kids: [] } : next, how.result, facts)
  const isQuiet = !model.rules.wakeTerminated && how.result === "terminated"
  return { id: execution.id, base: execution.version, run: execution.run, next: { ...closed, isQuiet }, facts }
}

/** Terminates an execution. */
export const terminate = (model: Model, execution: Execution, facts: ReadonlyArray<string> = []): Write =>
  closeFromOutside(model, execution, { result: "terminated", bySummary: !model.rules.terminateByHistory, facts })

/** The first commit of the run after one that is over; any process can make it. */
export const beginNext = ({ rules }: Model, left: Execution): Write => {
  const { carryCancel, carryEnds, carryKids, carryOwed, carryParent, carryUnread, carryUpdates } = rules
  const isCarried = ([kind]: Execution["unread"][number]): boolean =>
    kind === "cancel"
      ? carryCancel
      : kind === "request" || kind === "handled"
        ? carryUpdates
        : kind === "end"
          ? carryEnds
          : carryUnread
  const isBusy = (update: string) => left.updates[update] === "busy"
  const updates = Object.entries(left.updates)
  const again = updates.flatMap(([id]) => (isBusy(id) && carryUpdates ? [["request", id] as const] : []))
  const mailbox = carryUnread ? left.mailbox : []
  const next: Execution = {
    ...left,
    version: left.version + 1,
    run: `${left.run}+`,
    status: "running",
    isTaken: false,
    commands: 0,
    sent: left.sent,
    mailbox,
    unread: [...again, ...left.unread.filter(isCarried)],
    keys: rules.carryKeys ? left.keys : [],
    own: carryEnds ? left.own : {},
    ended: carryEnds ? left.ended : [],
    question: undefined,
    isCancelled: carryCancel && left.isCancelled,
    owed: carryOwed ? left.owed : [],
    kids: carryKids ? left.kids : [],
    parent: carryParent ? left.parent : undefined,
    updates: carryUpdates ? Object.fromEntries(updates.map(([id, at]) => [id, isBusy(id) ? "open" : at])) : {}
  }
  return { id: left.id, base: left.version, next, facts: [], isHelp: true }
}
