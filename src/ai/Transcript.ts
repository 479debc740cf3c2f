/**
 * What a program has said to a model and heard from it, as a tree of messages: a request records what is new, and names the place of an
 * earlier call for what is not. So a conversation grows by what is said in it, and not by what is repeated with each call.
 */
import * as Schema from "effect/Schema"
import { Message } from "effect/ai/Prompt"
import { jsonCodec } from "../internal/schema.ts"
import { encodedOrThrow } from "./encoding.ts"

/** A message of an earlier call, by its index: first come the messages of its request, after those before it, and then those of its answer. */
export const Place = Schema.Struct({ call: Schema.Int, message: Schema.Int })
export type Place = typeof Place.Type

/** The messages of a request: those up to a place of an earlier call, and then others, of which some were said before. */
export const Said = Schema.Struct({
  after: Schema.optionalKey(Place),
  messages: Schema.Array(Schema.Union([Place, Message]))
})
export type Said = typeof Said.Type

/** A call whose messages are recorded. */
export interface Turn {
  readonly said: Said
  /** The messages of its answer, if it has one. */
  readonly answer: ReadonlyArray<Message>
}

/** The side of the program: what it has said in the run so far. */
export class Transcript {
  private readonly root: Node = { place: undefined, next: new Map() }
  private readonly places = new Map<string, Place>()
  private readonly setups = new Map<string, number>()
  private calls = 0

  /** The number of a call that begins. */
  begin(): number {
    return this.calls++
  }

  /** The earlier call of the same setup, or nothing when this is the first one. */
  setup(call: number, text: string): number | undefined {
    const known = this.setups.get(text)
    if (known === undefined) this.setups.set(text, call)
    return known
  }

  /** What a call records of its messages, and how its answer is added. */
  say(call: number, messages: ReadonlyArray<Message>) {
    let [node, index] = [this.root, 0]
    for (; index < messages.length; index++) {
      const next = node.next.get(textOf(messages[index]!))
      if (next === undefined) break
      node = next
    }
    const after = node.place
    const rest = messages.slice(index)
    const said: Said = {
      ...(after === undefined ? {} : { after }),
      messages: rest.map((message) => this.places.get(textOf(message)) ?? message)
    }
    const last = this.extend(node, call, 0, rest)
    const answered = (answer: ReadonlyArray<Message>) => void this.extend(last, call, rest.length, answer)
    return { said, answered }
  }

  private extend(from: Node, call: number, first: number, messages: ReadonlyArray<Message>): Node {
    return messages.reduce((node, message, index) => {
      const text = textOf(message)
      const place = { call, message: first + index }
      if (!this.places.has(text)) this.places.set(text, place)
      const next = node.next.get(text) ?? { place, next: new Map() }
      node.next.set(text, next)
      return next
    }, from)
  }
}

/** The side of the handler: the whole messages of a request. Throws where the calls that it names are not there. */
export const messagesOf = (said: Said, turns: ReadonlyMap<number, Turn>): ReadonlyArray<Message> => {
  const parts = [resolved(said.messages, turns)]
  let { after } = said
  // Each call names one that began before it.
  while (after !== undefined) {
    const turn = turnOf(after, turns)
    const own = [...resolved(turn.said.messages, turns), ...turn.answer]
    parts.unshift(own.slice(0, after.message + 1))
    const earlier: Place | undefined = turn.said.after
    if (earlier !== undefined && earlier.call >= after.call) throw lost(earlier)
    after = earlier
  }
  return parts.flat()
}

// internal

/** The end of a conversation: what was said up to it is the way from the root. */
interface Node {
  readonly place: Place | undefined
  readonly next: Map<string, Node>
}

const codec = jsonCodec(Message)

const texts = new WeakMap<Message, string>()

/** The text of a message, made once: a conversation repeats its messages with each call. */
const textOf = (message: Message): string => {
  const known = texts.get(message)
  if (known !== undefined) return known
  const text = JSON.stringify(encodedOrThrow("a message of the prompt", codec.encode(message)))
  texts.set(message, text)
  return text
}

const isPlace = Schema.is(Place)

const resolved = (messages: Said["messages"], turns: ReadonlyMap<number, Turn>): ReadonlyArray<Message> =>
  messages.map((message) => (isPlace(message) ? messageAt(message, turns) : message))

const messageAt = (place: Place, turns: ReadonlyMap<number, Turn>): Message => {
  const { answer, said } = turnOf(place, turns)
  const message =
    place.message < said.messages.length ? said.messages[place.message] : answer[place.message - said.messages.length]
  // A place is that of the first time when a message was said, so it is the message itself.
  if (message === undefined || isPlace(message)) throw lost(place)
  return message
}

const turnOf = (place: Place, turns: ReadonlyMap<number, Turn>): Turn => {
  const turn = turns.get(place.call)
  if (turn === undefined) throw lost(place)
  return turn
}

const lost = ({ call, message }: Place) =>
  new Error(`the history of the run has no message ${message} of call ${call} of the model, which a later call repeats`)
