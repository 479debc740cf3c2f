/**
 * Which errors of the server may be gone the next time, though what is sent is the same.
 */
import * as Predicate from "effect/Predicate"
import type { SqlError } from "effect/sql/SqlError"
import { codeOf } from "./Database.ts"

/** Whether a statement that failed may succeed when it is sent again. */
export const passes = ({ reason }: SqlError): boolean =>
  reason._tag === "ConnectionError" || isPassing(stateOf(reason.cause) ?? "")

/** Whether the server has said something that stays: not that it is away, or did not answer. */
export const stays = (cause: unknown): boolean => {
  const state = stateOf(cause)
  return state !== undefined && !isPassing(state)
}

/** What the server or the socket said. */
export const saidBy = (cause: unknown): string =>
  Predicate.hasProperty(cause, "message") ? String(cause.message) : String(cause)

/** Whether the client has given a connection up because of a message of the server that is too large for it, and will be the next time. */
export const isTooLarge = (cause: unknown): boolean =>
  Predicate.isTagged(cause, "PgProtocolParseError") && saidBy(cause).includes("exceeds maxMessageSize")

// internal

/** The SQLSTATE of an error; a socket has names of its own. */
const stateOf = (cause: unknown): string | undefined => {
  const code = codeOf(cause)
  return code !== undefined && /^(\d|F0|HV|P0|XX)\w*$/.test(code) && code.length === 5 ? code : undefined
}

/**
 * Connections, transactions that met others, what a server is short of, its operators and its disk; locks, a server that follows
 * another one for now, and what the server has no name for.
 */
const isPassing = (state: string): boolean => /^(08|40|53|57|58)|^(55P03|25006|25P03|XX000)$/.test(state)
