/** The loop of an execution, when something is thrown in it. */
import { assert, describe, it } from "@effect/vitest"
import { Clock, Context, Effect } from "effect"
import type { Problem } from "perdure/HistoryEvent"
import { RunId, Version, WorkflowId } from "perdure/Ids"
import { Fibers } from "../../src/Executor/default/Fibers.ts"
import { Loop } from "../../src/Executor/default/Loop.ts"
import type { Mail } from "../../src/Executor/default/Mail.ts"

/** A loop that takes the mail one by one, and throws at some of it. */
class Signals extends Loop {
  readonly did: Array<string> = []
  throwing: (name: string) => boolean = () => false

  constructor(clock: Clock.Clock) {
    const identity = {
      workflowId: WorkflowId.make("order"),
      runId: RunId.make("run"),
      version: Version.make(3),
      firstVersion: Version.make(1)
    }
    const registration = { workflow: "Order", program: () => Effect.never, handlers: new Map() }
    super(new Fibers(Context.empty(), clock), registration as never, identity)
  }

  tell(...names: ReadonlyArray<string>): void {
    for (const name of names) this.inbox.push({ told: { _tag: "Signal", name, payload: null }, reply: undefined })
    this.work()
  }

  protected step(): boolean {
    const mail = this.inbox.shift()
    if (mail === undefined) return false
    this.inHand = [mail]
    const name = nameOf(mail)
    if (this.throwing(name)) throw new Error(`no ${name}`)
    this.inHand = []
    this.did.push(`takes ${name}`)
    return true
  }

  protected rest(): void {
    this.did.push("rests")
  }

  protected stopBy({ message, reason }: Problem): void {
    this.did.push(`stops by ${reason} ${/no \w+/.exec(message)?.[0]}`)
  }

  protected giveUp(text: string, mail: ReadonlyArray<Mail>): void {
    this.did.push(`gives up ${/no \w+/.exec(text)?.[0]}: ${mail.map(nameOf).join()}`)
  }
}

const nameOf = ({ told }: Mail) => (told._tag === "Signal" ? told.name : told._tag)

const make = Effect.map(Clock.Clock, (clock) => new Signals(clock))

describe("what is thrown in the loop", () => {
  it.effect("stops the program, and what was in hand is taken again, before the rest", () =>
    Effect.gen(function* () {
      const loop = yield* make
      let isBad = true
      loop.throwing = (name) => {
        const throws = isBad && name === "b"
        if (throws) isBad = false
        return throws
      }
      loop.tell("a", "b", "c")
      assert.deepStrictEqual(loop.did, ["takes a", "stops by Defect no b", "takes b", "takes c", "rests"])
      loop.tell("d")
      assert.deepStrictEqual(loop.did.slice(5), ["takes d", "rests"])
    })
  )

  it.effect("a second time gives the execution up with what was in hand", () =>
    Effect.gen(function* () {
      const loop = yield* make
      loop.throwing = (name) => name === "b"
      loop.tell("a", "b")
      assert.deepStrictEqual(loop.did, ["takes a", "stops by Defect no b", "gives up no b: b", "rests"])
    })
  )
})
