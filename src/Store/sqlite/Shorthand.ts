/**
 * The JSON of events with one character for each piece that most histories have again and again. JSON never has these characters, since it
 * escapes them, so whatever is written is read back, and plain JSON is shorthand too. They are part of the stored form: a piece may be
 * added, and none changed.
 */
import { encodeEvents } from "../../internal/store/codec.ts"
import { refusedText } from "../../internal/store/commitSize.ts"
import type { EventOf, HistoryEvent } from "../../HistoryEvent.ts"
import type { TooLarge } from "../WorkflowStore.ts"

/** The events of a commit, on one line. */
export const encode = (events: ReadonlyArray<HistoryEvent>): string => {
  let text = "["
  for (let i = 0; i < events.length; i++) text += i === 0 ? textOf(events[i]!) : `,${textOf(events[i]!)}`
  return `${text}]`
}

/** The JSON for which shorthand stands. */
export const expand = (text: string): string => text.replace(shorts, pieceOf)

/** Why events are refused that have a text in shorthand; `undefined` when their JSON fits. */
export const refused = (text: string, events: ReadonlyArray<HistoryEvent>, limit: number): TooLarge | undefined =>
  (text.length + events.length * longest) * 3 <= limit ? undefined : refusedText(encodeEvents(events), limit)

// internal

const scheduled = "\u0001"
const seq = "\u0002"
const name = "\u0003"
const input = "\u0004"
const digest = "\u0005"
const resolved = "\u0006"
const success = "\u0007"

const pieces: Readonly<Record<string, string>> = {
  [scheduled]: '{"_tag":"ActivityScheduled","at":',
  [seq]: ',"seq":',
  [name]: ',"name":',
  [input]: ',"input":',
  [digest]: ',"digest":',
  [resolved]: '{"_tag":"ActivityResolved","at":',
  [success]: ',"exit":{"_tag":"Success","value":'
}

/** All of them, in the order of their codes. */
const shorts = new RegExp(`[${scheduled}-${success}]`, "g")

const pieceOf = (short: string): string => pieces[short]!

/** What shorthand saves of an event at most. */
const longest = 80

const textOf = (event: HistoryEvent): string => {
  if (event._tag === "ActivityScheduled") return ofScheduled(event) ?? JSON.stringify(event)
  if (event._tag === "ActivityResolved") return ofResolved(event) ?? JSON.stringify(event)
  return JSON.stringify(event)
}

/** Has no shorthand for an event with anything more than every one has. */
const ofScheduled = (event: EventOf<"ActivityScheduled">): string | undefined => {
  const { at } = event
  if (countOf(event) !== 6 || !Number.isFinite(at + event.seq + event.digest)) return undefined
  const given = JSON.stringify(event.input)
  if (given === undefined || typeof event.name !== "string") return undefined
  return `${scheduled}${at}${seq}${event.seq}${name}${JSON.stringify(event.name)}${input}${given}${digest}${event.digest}}`
}

const ofResolved = (event: EventOf<"ActivityResolved">): string | undefined => {
  const { at, exit } = event
  if (exit._tag !== "Success" || countOf(event) !== 4 || countOf(exit) !== 2) return undefined
  const value = JSON.stringify(exit.value)
  if (value === undefined || !Number.isFinite(at + event.seq)) return undefined
  return `${resolved}${at}${seq}${event.seq}${success}${value}}}`
}

const countOf = (value: object): number => Object.keys(value).length
