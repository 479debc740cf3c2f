/**
 * The signals of a program that were delivered and not taken, and the fibers that wait for one.
 */
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import type * as Schema from "effect/Schema"
import type { EventOf } from "../../HistoryEvent.ts"
import { namedAtMost, noSignals, type Signals } from "./signals.ts"

type Resume = (effect: Effect.Effect<Schema.Json>) => void

/** A signal that was not taken, and how many came before it. */
interface Arrived {
  readonly order: number
  readonly signal: EventOf<"SignalReceived">
}

/** Signals of one name that were not taken yet, or fibers that wait for one. Never both. */
interface Mailbox {
  readonly buffered: Array<Arrived>
  readonly waiting: Array<Resume>
}

export class Mailboxes {
  private readonly all = new Map<string, Mailbox>()
  private arrived = 0
  /** The keys of the signals that were delivered. */
  private keys: Set<string> | undefined = undefined

  /** What the program waits for, and how many it has not received. */
  get signals(): Signals {
    if (this.all.size === 0) return noSignals
    const awaited: Array<string> = []
    const unreceived: Record<string, number> = {}
    let named = 0
    for (const [name, { buffered, waiting }] of this.all) {
      if (waiting.length > 0) awaited.push(name)
      if (buffered.length > 0 && ++named <= namedAtMost) unreceived[name] = buffered.length
    }
    return named === 0 ? { awaited } : { awaited, unreceived }
  }

  /** The signals that were not taken, in the order in which they came. */
  get untaken(): ReadonlyArray<EventOf<"SignalReceived">> {
    const all = Array.from(this.all.values(), ({ buffered }) => buffered).flat()
    return all.sort((a, b) => a.order - b.order).map(({ signal }) => signal)
  }

  deliver(signal: EventOf<"SignalReceived">): void {
    if (signal.key !== undefined && this.isKnown(signal.key)) return
    const mailbox = this.mailbox(signal.name)
    const resume = mailbox.waiting.shift()
    if (resume === undefined) mailbox.buffered.push({ order: this.arrived++, signal })
    else resume(Effect.succeed(signal.payload))
  }

  /** Takes the next signal of a name, or waits for it. */
  receive(name: string): Effect.Effect<Schema.Json> {
    return Effect.callback<Schema.Json>((resume) => {
      const mailbox = this.mailbox(name)
      if (mailbox.buffered.length > 0) return resume(Effect.succeed(mailbox.buffered.shift()!.signal.payload))
      mailbox.waiting.push(resume)
      return Effect.sync(() => {
        const index = mailbox.waiting.indexOf(resume)
        if (index >= 0) mailbox.waiting.splice(index, 1)
      })
    })
  }

  /** Takes the next signal of a name, if there is one. */
  poll(name: string): Effect.Effect<Option.Option<Schema.Json>> {
    return Effect.sync(() => Option.fromUndefinedOr(this.all.get(name)?.buffered.shift()?.signal.payload))
  }

  /** No fiber waits any more. */
  close(): void {
    for (const { waiting } of this.all.values()) waiting.length = 0
  }

  /** Drops signals of keys that earlier runs have taken. */
  know(keys: ReadonlyArray<string>): void {
    for (const key of keys) this.isKnown(key)
  }

  private isKnown(key: string): boolean {
    const { size } = (this.keys ??= new Set())
    return this.keys.add(key).size === size
  }

  private mailbox(name: string): Mailbox {
    let mailbox = this.all.get(name)
    if (mailbox === undefined) this.all.set(name, (mailbox = { buffered: [], waiting: [] }))
    return mailbox
  }
}
