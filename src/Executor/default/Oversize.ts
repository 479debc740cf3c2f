/**
 * What to do when a commit is larger than the store accepts. Half as much mail is tried again, down to one, and that without
 * what the program issues: if that can be saved, the program is at fault, and is blocked; if not, the mail is.
 *
 * A commit that the store refuses for another reason is tried again without what the program issues, and blocks it as well.
 */
import type { EventOf, HistoryEvent, Problem } from "../../HistoryEvent.ts"
import { isCommand } from "../../HistoryEvent.ts"
import type { Interpreter } from "../../internal/replay/Interpreter.ts"
import type { Told } from "../../internal/replay/Told.ts"
import type { Program } from "../../internal/replay/Program.ts"
import type { FirstMessage } from "../../Message.ts"
import { PayloadTooLarge } from "../../WorkflowError.ts"
import type { Mail } from "./Mail.ts"

/** How much of the mail goes into one commit. */
export type Size =
  | { readonly _tag: "Together" }
  /** So many at most, until no more are there. */
  | { readonly _tag: "AtMost"; readonly count: number }
  /** One, and the program is stopped by the problem that the store does not take its commands. */
  | { readonly _tag: "WithoutCommands"; readonly problem: Problem; readonly count: number }

export const together: Size = { _tag: "Together" }

/** How much mail may go into one commit. */
export const mostMail = (size: Size): number => {
  switch (size._tag) {
    case "Together":
      return Number.POSITIVE_INFINITY
    case "AtMost":
      return size.count
    case "WithoutCommands":
      return 1
  }
}

/** How much goes into the commits after one that was saved: what did not fit before would not fit now, while as much waits. */
export const afterSaved = (size: Size, waiting: number): Size => {
  if (size._tag === "Together" || waiting <= size.count) return together
  return { _tag: "AtMost", count: size.count }
}

/** How much goes into the next commit once another process has committed: the program is judged anew. */
export const afterNews = (size: Size): Size =>
  size._tag === "WithoutCommands" ? { _tag: "AtMost", count: size.count } : size

/** The problem of a program whose commands the store does not take. */
export const problemOf = (size: Size): Problem | undefined =>
  size._tag === "WithoutCommands" ? size.problem : undefined

/** The program of a run that begins; stopped when what it asks for at once is too much. */
export const begin = (size: Size, interpreter: () => Interpreter): Program => {
  const problem = problemOf(size)
  return problem === undefined ? { _tag: "Loaded", interpreter: interpreter() } : { _tag: "Stopped", problem }
}

/** What follows from a commit that the store refused, whatever its size; `undefined` when it was without what the program issues. */
export const withoutCommands = (size: Size, message: string): Size | undefined =>
  size._tag === "WithoutCommands"
    ? undefined
    : {
        _tag: "WithoutCommands",
        problem: { reason: "Unsupported", message },
        count: size._tag === "AtMost" ? size.count : Number.POSITIVE_INFINITY
      }

/** What follows from a commit that was too large. */
export interface Judgement {
  readonly size: Size
  readonly reason: PayloadTooLarge
  /** To be taken again. */
  readonly again: ReadonlyArray<Mail>
  readonly refused: ReadonlyArray<Mail>
}

/** A commit that no store accepts. */
export interface TooLarge {
  readonly bytes: number
  readonly limit: number
  readonly workflow: string
  readonly events: ReadonlyArray<HistoryEvent>
}

/** Judges a commit that was too large, by how it was made. */
export const judge = (size: Size, mail: ReadonlyArray<Mail>, commit: TooLarge): Judgement => {
  const { bytes, limit } = commit
  const [only, ...others] = mail
  const reason = new PayloadTooLarge({ of: only === undefined ? "what is recorded" : inWords(only.told), bytes, limit })
  if (others.length > 0) {
    const count = Math.ceil(mail.length / 2)
    return { size: { _tag: "AtMost", count }, reason, again: mail, refused: [] }
  }
  const count = size._tag === "Together" ? 1 : size.count
  if (size._tag !== "WithoutCommands" && commit.events.some(isCommand)) {
    const problem: Problem = { reason: "TooLarge", message: complaint(commit) }
    return { size: { _tag: "WithoutCommands", problem, count }, reason, again: mail, refused: [] }
  }
  if (only?.told._tag === "Resolved" || only?.told._tag === "Failed") {
    const defect = { name: "PayloadTooLarge", message: reason.message }
    const told = { ...only.told, _tag: "Resolved", exit: { _tag: "Die", defect } } as const
    return { size: { _tag: "AtMost", count }, reason, again: [{ ...only, told }], refused: [] }
  }
  return { size: { _tag: "AtMost", count }, reason, again: [], refused: mail }
}

/** What is too large of a start: its input, or the message that comes with it if that is larger. */
export const startInWords = (
  { input, workflow }: EventOf<"ExecutionStarted">,
  message: FirstMessage | undefined
): string => {
  const isOfMessage = message !== undefined && JSON.stringify(message).length > JSON.stringify(input).length
  return isOfMessage ? inWords(message) : `the input of workflow ${JSON.stringify(workflow)}`
}

// internal

const inWords = (told: Told): string => {
  switch (told._tag) {
    case "Start":
      return startInWords(told.event, told.with)
    case "Signal":
      return `the payload of signal ${JSON.stringify(told.name)}`
    case "Update":
      return `the input of update ${JSON.stringify(told.name)}`
    case "Cancel":
    case "Terminate":
      return "the reason"
    case "Resolved":
    case "Failed":
    case "Complete":
      return `the result of activity ${JSON.stringify(told.activity)}`
    case "ChildEnded":
      return "the result of a child"
    case "Isolated":
    case "Pending":
    case "Settled":
    case "Due":
    case "Seen":
      return "what is recorded"
  }
}

/** What a program asks for that no commit can hold, with the largest part of it. */
const complaint = ({ bytes, events, limit, workflow }: TooLarge): string => {
  const commands = events.filter(isCommand)
  let largest = { what: "", size: 0 }
  for (const command of commands) {
    const size = JSON.stringify(command).length
    if (size > largest.size) largest = { what: payloadOf(command), size }
  }
  const program = `the program of ${JSON.stringify(workflow)}`
  const size = `${bytes} bytes and the store accepts ${limit}`
  const which = `${largest.what} (${largest.size} bytes)`
  const cure = "keep large data elsewhere and pass a reference to it, or raise maxCommitBytes"
  return commands.length === 1
    ? `${program} records too much at once: with ${which} a commit takes ${size}; ${cure}`
    : `${program} asks for too much at once: ${commands.length} commands take ${size}; the largest is ${which}; ask for ` +
        `fewer at once (\`concurrency\`), ${cure}`
}

const payloadOf = (command: HistoryEvent): string => {
  switch (command._tag) {
    case "ActivityScheduled":
      return `${command.inline === true ? "the call" : "the input"} of activity ${JSON.stringify(command.name)} #${command.seq}`
    case "MessageSent":
      return `the message to ${JSON.stringify(command.to)}`
    case "UpdateAnswered":
      return `the answer of update ${JSON.stringify(command.id)}`
    case "ExecutionCompleted":
      return "its success"
    case "ExecutionFailed":
      return "its error"
    default:
      return command._tag
  }
}
