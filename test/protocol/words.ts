/**
 * Messages, commits and what workers have in hand, as a trace names them.
 */
import type { Hand, Message, Write } from "./state.ts"

export const ofMessage = ({ id, kind, to }: Message): string => `${kind} ${id} > ${to}`

export const ofWrite = ({ facts, id, next }: Write): string => {
  if (next === null || next.status === "deleted") return `the deletion of ${id}`
  const status = next.status === "running" ? "" : ` ${next.status}`
  const unread = next.unread.map(([kind, what]) => (what === "" ? kind : `${kind} ${what}`))
  const owed = next.owed.map(({ kind, to }) => `${kind} > ${to}`)
  const parts = [
    ...facts,
    ...(unread.length === 0 ? [] : [`unread: ${unread.join(", ")}`]),
    ...(owed.length === 0 ? [] : [`owes: ${owed.join(", ")}`])
  ]
  return `${id}@${next.version} [${next.run}${status}] ${parts.join("; ")}`.trimEnd()
}

export const ofHand = (hand: Hand): string => {
  if (hand._tag !== "Asking") return ": nothing yet"
  return hand.answer === undefined ? "" : `: ${hand.answer}`
}
