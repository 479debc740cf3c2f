/**
 * The states of the model. All of it is immutable: an execution is the fold of its commits, and the world is what the store has, what
 * each process has in hand, and what has happened.
 */
import type { Rules } from "./rules.ts"

/** What becomes of a child when its parent closes. */
export type Policy = "cancel" | "terminate" | "abandon"

/** What a program does, one instruction after the other. */
export type Instruction =
  | readonly ["start", child: string, policy: Policy]
  /** Waits until the child is started. */
  | readonly ["started", child: string]
  /** Waits for the end of a child. */
  | readonly ["await", child: string]
  | readonly ["signal", to: string]
  | readonly ["receive"]
  /** Asks which chain an id has; what follows is about that one. */
  | readonly ["find", id: string]
  /** Asks another execution for an update, or how it ends, and waits for the answer. */
  | readonly ["update" | "result", of: string]
  /** Asks how another execution ends, until a signal comes. */
  | readonly ["race", of: string]
  | readonly ["continue"]
  | readonly ["return"]
  | readonly ["idle"]

/** What a process without executions does. */
export type Operation =
  | readonly ["signal", id: string, key: string]
  | readonly ["update", id: string, updateId: string]
  | readonly ["cancel" | "terminate" | "delete" | "restart", id: string]
  /** A worker has the workflow of an execution no more. */
  | readonly ["leave", id: string]

/** A message that is owed. */
export interface Message {
  readonly id: string
  readonly kind: "start" | "signal" | "cancel" | "terminate" | "end"
  readonly from: { readonly id: string; readonly chain: string; readonly run: string }
  readonly to: string
  /** The chain that is meant; for a start the one that it makes. */
  readonly chain?: string | undefined
  /** For a start: the version after which it is made. */
  readonly base?: number | undefined
  /** For an end: the run of the parent that started the child. */
  readonly run?: string | undefined
  /** How the parent knows the child, for a start and an end. */
  readonly key?: string | undefined
}

/** What was recorded, and not delivered to the program. */
export type Event = readonly [
  kind: "signal" | "key" | "cancel" | "request" | "handled" | "end" | "answer",
  what: string
]

/** A question of a program that is open. */
export interface Question {
  readonly id: string
  readonly kind: "find" | "update" | "result"
  readonly of: string
  readonly chain: string | undefined
  /** Whether a signal ends the wait. */
  readonly races: boolean
}

export interface Kid {
  readonly id: string
  readonly chain: string
  readonly key: string
  readonly policy: Policy
}

export interface Parent {
  readonly id: string
  readonly chain: string
  readonly run: string
  readonly key: string
}

/** An execution, or what is left of it when it was deleted. */
export interface Execution {
  readonly id: string
  readonly version: number
  readonly chain: string
  readonly run: string
  readonly status: "running" | "between" | "closed" | "deleted"
  /** Whether the summary does not say that there is something to do. */
  readonly isQuiet: boolean
  /** Whether its worker lives and has let it go: what is to be run then waits for that worker. */
  readonly isLeft: boolean
  /** Whether a worker has taken it. */
  readonly isTaken: boolean
  /** The next instruction, the commands of the run, and the messages of the chain. */
  readonly place: number
  readonly commands: number
  readonly sent: number
  readonly unread: ReadonlyArray<Event>
  /** Signals that the program has not received, and the keys of all that came from outside. */
  readonly mailbox: ReadonlyArray<string>
  readonly keys: ReadonlyArray<string>
  /** The messages that its commits have, and what the record of a deletion says: the highest number of each chain. */
  readonly seen: ReadonlyArray<string>
  readonly record: Readonly<Record<string, number>>
  /** The chains that the program knows by their ids, the children that it waits for by their keys, and the ends it has heard of. */
  readonly refs: Readonly<Record<string, string>>
  readonly own: Readonly<Record<string, string>>
  readonly ended: ReadonlyArray<string>
  readonly question: Question | undefined
  readonly isCancelled: boolean
  readonly owed: ReadonlyArray<Message>
  readonly kids: ReadonlyArray<Kid>
  readonly parent: Parent | undefined
  /** Each update is open, busy, or has an answer. */
  readonly updates: Readonly<Record<string, string>>
  readonly result: string | undefined
  readonly closedAt: number
  /** The chains of the id that came before, of which the commits are still there. */
  readonly past: Readonly<Record<string, Pick<Execution, "updates" | "result">>>
}

/** A commit that is conditional on a version, and on a run. */
export interface Write {
  readonly id: string
  readonly base: number
  readonly run?: string | undefined
  readonly next: Execution | null
  readonly facts: ReadonlyArray<string>
  /** Whether it only begins the next run, so that what the process is about comes after it. */
  readonly isHelp?: true | undefined
  /** Whether it was stored, and its writer does not know. */
  readonly hasLanded?: boolean | undefined
}

/** What a worker has in hand. */
export type Hand =
  | { readonly _tag: "Nothing" }
  | { readonly _tag: "Saving"; readonly write: Write }
  | {
      readonly _tag: "Delivering"
      readonly message: Message
      readonly write?: Write | undefined
      readonly outcome?: Outcome | undefined
    }
  | {
      readonly _tag: "Asking"
      readonly asker: string
      readonly question: Question
      /** The id of the update. */
      readonly updateId: string
      readonly write?: Write | undefined
      /** The answer, and the chain that it is of. */
      readonly answer?: string | undefined
      readonly by?: string | undefined
    }

/** What becomes of a message. */
export type Outcome = "delivered" | "refused"

/** Where a client stands: its next operation, and what it is about to save. */
export interface Client {
  readonly place: number
  readonly write?: Write | undefined
  /** The answer when that is saved; without one the client looks again. */
  readonly answer?: string | undefined
}

export type Store = Readonly<Record<string, Execution | null>>

export interface World {
  readonly store: Store
  readonly workers: ReadonlyArray<Hand>
  readonly clients: ReadonlyArray<Client>
  /** Writes of processes that are gone, which may land at any time. */
  readonly late: ReadonlyArray<Write>
  /** What has happened, sorted: for the invariants alone. */
  readonly facts: ReadonlyArray<string>
  readonly crashesLeft: number
  readonly lossesLeft: number
  readonly violation: string | undefined
}

export interface Scenario {
  readonly about: string
  readonly programs: Readonly<Record<string, ReadonlyArray<Instruction>>>
  /** The executions that are there in the beginning. */
  readonly there: ReadonlyArray<string>
  readonly clients?: ReadonlyArray<ReadonlyArray<Operation>>
  /** How many crashes, lost answers of the store, and late writes there may be. */
  readonly faults: Faults
  readonly workers?: number
}

export interface Faults {
  readonly crashes: number
  readonly losses: number
  readonly late: number
}

/** What is explored: a scenario under rules. */
export interface Model {
  readonly scenario: Scenario
  readonly rules: Rules
}

/** A run that begins. */
export const begun = (id: string, chain: string, version: number, more: Partial<Execution> = {}): Execution => ({
  id,
  version,
  chain,
  run: chain,
  status: "running",
  isQuiet: false,
  isLeft: false,
  isTaken: false,
  place: 0,
  commands: 0,
  sent: 0,
  unread: [],
  mailbox: [],
  keys: [],
  seen: [],
  record: {},
  refs: {},
  own: {},
  ended: [],
  question: undefined,
  isCancelled: false,
  owed: [],
  kids: [],
  parent: undefined,
  updates: {},
  result: undefined,
  closedAt: 0,
  past: {},
  ...more
})

/** The chain of the sender of a message. */
export const chainOf = (id: string): string => id.split(/[#/]/)[0]!

/** The number of a message in its chain; a message of a close has none. */
export const numberOf = (id: string): number => Number(id.split("#")[1])

/** Whether an execution is there: not only the record of a deletion. */
export const isThere = (execution: Execution | null | undefined): execution is Execution =>
  execution !== null && execution !== undefined && execution.status !== "deleted"
