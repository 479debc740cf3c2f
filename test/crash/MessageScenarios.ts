/**
 * Executions that send messages to each other and start children, and what clients do to them meanwhile: the scenarios of the
 * model of the protocol, and a few more.
 */
import { Effect, Exit, Fiber, Layer, Ref, Schema } from "effect"
import { Activity, Query, RetryPolicy, Signal, Update, Workflow } from "perdure"
import type { MessageOutcome, ParentClose } from "perdure/HistoryEvent"
import { type RunId, WorkflowId } from "perdure/Ids"
import { WorkflowContext } from "perdure/WorkflowContext"
import { messageId } from "../../src/internal/core/evolve.ts"
import { protocol } from "../../src/internal/replay/Protocol.ts"

/**
 * What a program does next. It sends and starts without waiting; `learn` waits for what becomes of its first message, `wait` of
 * all, and `join` for the end of its latest child that was started. `answer` answers updates from then on, and `obey` takes what a
 * client tells. `again` continues as new, and `carry` is what the run before has heard and learned. With `execute`, `end`, `ask` and
 * `query` it has patience for a while: for a child, the end of another execution, the answer of its update and that of its query.
 * `undo` says something when it is cancelled, `patched` goes by a patch, and `show` publishes how much it has heard. `leave` calls an
 * activity that a client may end, and gives it up after a while.
 */
export type Instruction =
  | readonly ["say" | "cancel", string]
  | readonly ["child", id: string, parentClose: string, input: string]
  | readonly ["join"]
  | readonly ["hear"]
  | readonly ["obey"]
  | readonly ["answer"]
  | readonly ["learn"]
  | readonly ["wait"]
  | readonly ["idle"]
  | readonly ["again"]
  | readonly ["carry", string]
  | readonly ["halt"]
  | readonly ["execute", id: string, parentClose: string, input: string]
  | readonly ["end" | "query" | "undo", string]
  | readonly ["ask", id: string, update: string]
  | readonly ["patched" | "nap" | "show" | "leave"]

/** What a client does. */
export type Action =
  | { readonly op: "start" | "restart"; readonly id: string; readonly workflow: Name; readonly input: Input }
  | { readonly op: "delete" | "terminate" | "cancel"; readonly id: string }
  /** The input of an update, and the payload of a signal, are the names that make them the same when they are sent again. */
  | { readonly op: "update" | "tell"; readonly id: string; readonly name: string }
  /** Ends the call that is left to clients, with the name as its value. */
  | { readonly op: "finish"; readonly id: string; readonly name: string }
  | {
      readonly op: "updateWith" | "tellOrStart"
      readonly id: string
      readonly name: string
      readonly workflow: Name
      readonly input: Input
    }

export interface Scenario {
  readonly name: string
  /** One after the other. */
  readonly actions: ReadonlyArray<Action>
  /** Whether an update may wait for ever, so that a client leaves it. */
  readonly isOpen?: true
}

type Name = "Sender" | "Receiver"
type Input = ReadonlyArray<ReadonlyArray<string>>

const Said = Signal.make("said", { payload: Schema.String })
const Never = Signal.make("never")
const Heard = Query.make("heard", { success: Schema.Int })
const Shown = Query.make("shown", { success: Schema.Int })
export const Told = Signal.make("told", { payload: Schema.String })

/** An activity that a client ends. */
export const Leave = Activity.make("LeaveToClient", { success: Schema.String, retry: RetryPolicy.none })
const leaveLive = Leave.toLayer(() => Activity.pending)

/** Answers with its input and how many were answered, at once, or after a while. */
export const Count = Update.make("count", { input: Schema.String, success: Schema.String })

/**
 * What a finished program returns: the messages that it heard, what clients told it, what it learned of the messages that it sent, and how its
 * children ended.
 */
const Ended = Schema.Struct({
  heard: Schema.Array(Schema.String),
  told: Schema.Array(Schema.String),
  learned: Schema.Record(Schema.String, Schema.String),
  joined: Schema.Record(Schema.String, Schema.String),
  /** The answers of updates that it asked other executions for, by their ids. */
  answered: Schema.optionalKey(Schema.Record(Schema.String, Schema.String))
})
const definition = { input: Schema.Array(Schema.Array(Schema.String)), success: Ended }
const Sender = Workflow.make("Sender", definition)
const Receiver = Workflow.make("Receiver", definition)

/** The value of a finished program. */
export type Ended = typeof Ended.Type
export const isEnded = Schema.is(Ended)

/** What a run hands to the next one, and how many messages the chain has sent `before` it. */
interface Carried {
  before: number
  counted: number
  heard: Array<string>
  told: Array<string>
  learned: Record<string, string>
  joined: Record<string, string>
  answered: Record<string, string>
  /** Whether all that the chain has sent is numbered here. */
  isNumbered: boolean
}

const nothing = (): Carried => ({
  before: 0,
  counted: 0,
  heard: [],
  told: [],
  learned: {},
  joined: {},
  answered: {},
  isNumbered: true
})

/** How long a program waits for others. */
const patience = 25

const programOf = <Name extends string>(self: {
  readonly continueAsNew: (input: Input) => Workflow.ContinueAsNew<Name>
}) =>
  Effect.fnUntraced(function* (input: Input) {
    const { runId } = yield* WorkflowContext
    const { endOfChild, halt, send, startChild } = yield* protocol
    let { answered, before, counted, heard, isNumbered, joined, learned, told }: Carried = nothing()
    const sent: Array<Fiber.Fiber<void>> = []
    const children: Array<RunId> = []
    const learn = (outcome: Effect.Effect<MessageOutcome>) =>
      Effect.gen(function* () {
        const id = messageId(runId, before + sent.length + 1)
        const isKnown = isNumbered
        const learning = Effect.map(outcome, (outcome) => {
          if (isKnown) learned[id] = outcome._tag === "Refused" ? outcome.reason : outcome._tag
        })
        sent.push(yield* Effect.forkChild(learning, { startImmediately: true }))
      })
    const instructions = input as ReadonlyArray<Instruction>
    for (const [index, [what, to = "", parentClose = "", childInput = ""]] of instructions.entries()) {
      if (what === "say" || what === "cancel") {
        // A message says its own id, so what was heard tells which messages arrived.
        const id = messageId(runId, before + sent.length + 1)
        const message = what === "say" ? { _tag: "Signal", name: "said", payload: id } : { _tag: "Cancel", reason: id }
        yield* learn(send({ to: WorkflowId.make(to), message: message as Parameters<typeof send>[0]["message"] }))
      } else if (what === "child") {
        const child = startChild({
          workflow: "Receiver",
          workflowId: WorkflowId.make(to),
          input: JSON.parse(childInput) as Schema.Json,
          parentClose: parentClose as ParentClose
        })
        children.push(child.runId)
        yield* learn(child.settled)
      } else if (what === "join") {
        const child = children.at(-1)!
        joined[child] = (yield* endOfChild(child)!)._tag
      } else if (what === "hear") heard.push(yield* Said.receive)
      else if (what === "obey") told.push(yield* Told.receive)
      else if (what === "answer") {
        yield* Count.handle((text) =>
          Effect.suspend(() => {
            const answer = `${text} ${++counted}`
            return Effect.as(text.startsWith("slow") ? Effect.sleep(5) : Effect.void, answer)
          })
        )
      } else if (what === "learn") yield* Fiber.join(sent[0]!)
      else if (what === "wait") yield* Fiber.joinAll(sent)
      else if (what === "idle") yield* Never.receive
      else if (what === "nap") yield* Effect.sleep(5)
      else if (what === "patched") yield* Effect.sleep((yield* Workflow.patched("nap")) ? 7 : 3)
      else if (what === "undo") {
        const message = { _tag: "Signal", name: "said", payload: `undone by ${runId}` } as const
        yield* Workflow.withCompensation(Effect.void, () => send({ to: WorkflowId.make(to), message }))
      } else if (what === "execute") {
        // How many messages that takes only the history knows.
        isNumbered = false
        const options = { workflowId: to, parentClose: parentClose as ParentClose }
        yield* patiently(Receiver.execute(JSON.parse(childInput) as Input, options))
      } else if (what === "end") yield* patiently(Effect.flatMap(Receiver.handle(to), ({ result }) => result))
      else if (what === "query") yield* patiently(Heard.ask(to))
      else if (what === "leave") yield* patiently(Leave() as Effect.Effect<string>)
      else if (what === "ask") {
        const answer = yield* patiently(Count.execute(to, parentClose, { updateId: parentClose }))
        if (answer !== undefined) answered[parentClose] = answer
      } else if (what === "show") {
        yield* Heard.answer(() => Effect.sync(() => heard.length))
        yield* Shown.publish(yield* Ref.make(heard.length))
      } else if (what === "carry") {
        ;({ answered, before, counted, heard, isNumbered, joined, learned, told } = JSON.parse(to) as Carried)
      } else if (what === "again") {
        const carried: Carried = {
          before: before + sent.length,
          counted,
          heard,
          told,
          learned,
          joined,
          answered,
          isNumbered
        }
        return self.continueAsNew([["carry", JSON.stringify(carried)], ...input.slice(index + 1)])
      } else return yield* halt({ reason: "NonDeterminism", message: "it halts" })
    }
    const ended = { heard, told, learned, joined }
    return Object.keys(answered).length === 0 ? ended : { ...ended, answered }
  })

/** What comes of a call within a while; nothing when that is an error. */
const patiently = <A, E, R>(call: Effect.Effect<A, E, R>): Effect.Effect<A | undefined, never, R> =>
  Effect.exit(Effect.timeout(call, patience)).pipe(
    Effect.flatMap((exit) =>
      Exit.isSuccess(exit) || !Exit.hasInterrupts(exit)
        ? Effect.succeed(Exit.isSuccess(exit) ? exit.value : undefined)
        : Effect.interrupt
    )
  )

/** The program in encoded form, which both workflows have. */
export const encoded = Receiver.encoded(programOf(Receiver))

const ReceiverLive = Layer.provide(Receiver.toLayer(programOf(Receiver)), leaveLive)

/** The programs of a process: all, or the program of the receivers alone. */
export const layers = {
  all: Layer.merge(Layer.provide(Sender.toLayer(programOf(Sender)), leaveLive), ReceiverLive),
  receivers: ReceiverLive
}

const hear = ["hear"] as const
const obey = ["obey"] as const
const answer = ["answer"] as const
const learn = ["learn"] as const
const wait = ["wait"] as const
const idle = ["idle"] as const
const again = ["again"] as const
const halt = ["halt"] as const
const say = (to: string) => ["say", to] as const
const cancel = (to: string) => ["cancel", to] as const
const join = ["join"] as const
const child = (id: string, parentClose: ParentClose, ...input: ReadonlyArray<Instruction>): Instruction => [
  "child",
  id,
  parentClose,
  JSON.stringify(input)
]

const start =
  (op: "start" | "restart", workflow: Name) =>
  (id: string, ...input: ReadonlyArray<Instruction>): Action => ({ op, id, workflow, input })
const sender = start("start", "Sender")
const senderAgain = start("restart", "Sender")
const receiver = start("start", "Receiver")
const receiverAgain = start("restart", "Receiver")
const end = (op: "delete" | "terminate" | "cancel", id: string): Action => ({ op, id })

const ask =
  (op: "update" | "tell") =>
  (id: string, name: string): Action => ({ op, id, name })
const update = ask("update")
const tell = ask("tell")
const askFirst =
  (op: "updateWith" | "tellOrStart") =>
  (id: string, name: string, ...input: ReadonlyArray<Instruction>): Action => ({
    op,
    id,
    name,
    workflow: "Receiver",
    input
  })
const updateWith = askFirst("updateWith")
const tellOrStart = askFirst("tellOrStart")

const all: Readonly<Record<string, ReadonlyArray<Action>>> = {
  /** P sends two signals to D and closes at once. */
  send: [receiver("D", hear, hear, idle), sender("P", say("D"), say("D"))],
  /** P waits for what becomes of its messages. */
  sendWait: [receiver("D", hear, hear), sender("P", say("D"), say("D"), wait, say("D"), wait)],
  /** D takes one signal and closes. */
  sendClosed: [receiver("D", hear), sender("P", say("D"), say("D"))],
  /** D closes after one signal and is started again. */
  sendRestart: [receiver("D", hear), sender("P", say("D"), say("D"), wait, idle), receiverAgain("D", hear, idle)],
  /** P sends a signal to D before D is started. */
  sendEarly: [sender("P", say("D"), say("D"), wait, idle), receiver("D", hear, idle)],
  /** D closes by itself and is started again. */
  sendAgain: [receiver("D"), sender("P", say("D"), say("D"), wait, idle), receiverAgain("D", hear, idle)],
  /** D closes after one signal, is deleted and started again. */
  sendDelete: [
    receiver("D", hear),
    sender("P", say("D"), say("D"), wait),
    end("delete", "D"),
    receiver("D", hear, idle)
  ],
  /** D is deleted and started again twice, and P goes on sending. */
  sendDeleteTwice: [
    receiver("D", hear),
    sender("P", say("D"), wait, say("D"), wait),
    end("delete", "D"),
    receiver("D", hear),
    end("delete", "D"),
    receiver("D", hear)
  ],
  /** P sends signals to itself, the last of which it does not wait for. */
  sendSelf: [sender("P", say("P"), say("P"), hear, hear, wait, say("P"))],
  /** P closes while it owes signals, and is deleted and started again. */
  deleteOwing: [
    receiver("D", hear, hear, hear, hear, idle),
    sender("P", say("D"), say("D")),
    end("delete", "P"),
    sender("P", say("D"), say("D"))
  ],
  /** P closes while it owes signals, and is started again. */
  restartOwing: [
    receiver("D", hear, hear, hear, hear),
    sender("P", say("D"), say("D")),
    senderAgain("P", say("D"), say("D"), wait)
  ],
  /** P and Q send to D, which closes before it has heard all. */
  twoSenders: [
    receiver("D", hear, hear, hear),
    sender("P", say("D"), say("D"), wait),
    sender("Q", say("D"), say("D"), wait)
  ],
  /** P sends to two receivers in turn. */
  twoReceivers: [
    receiver("D", hear, hear),
    receiver("E", hear),
    sender("P", say("D"), say("E"), say("D"), say("E"), wait)
  ],
  /** P sends a signal and then a cancel to D. */
  cancel: [receiver("D", hear, idle), sender("P", say("D"), cancel("D"), say("D"), wait)],
  /** D is terminated and started again, and its second run is cancelled by a client: no message is for that run. */
  cancelAgain: [
    receiver("D", hear, idle),
    sender("P", say("D"), cancel("D"), say("D"), wait),
    end("terminate", "D"),
    receiverAgain("D", idle),
    end("cancel", "D")
  ],
  /** D is terminated and started again: no message is for its second run. */
  terminateReceiver: [
    receiver("D", hear, hear, idle),
    sender("P", say("D"), say("D"), wait, idle),
    end("terminate", "D"),
    receiverAgain("D", hear, idle)
  ],
  /** D is terminated, deleted and started again. */
  deleteReceiver: [
    receiver("D", hear, hear, idle),
    sender("P", say("D"), say("D"), wait, say("D"), wait),
    end("terminate", "D"),
    end("delete", "D"),
    receiver("D", hear, idle)
  ],
  /** P is terminated from outside while it owes signals. */
  terminate: [receiver("D", hear, hear), sender("P", say("D"), say("D"), wait, idle), end("terminate", "P")],
  /** P and D answer each other. */
  talk: [receiver("D", hear, say("P"), hear, say("P")), sender("P", say("D"), hear, say("D"), hear, wait)],
  /** P starts a child and waits for its end. */
  child: [sender("P", child("C", "cancel"), join)],
  /** P talks to its child before it is started, and waits for its end. */
  childTalk: [sender("P", child("C", "cancel", hear, hear), say("C"), say("C"), join, wait)],
  /** P starts two children, one after the other, with one id. */
  childTwice: [sender("P", child("C", "cancel"), join, child("C", "cancel"), wait)],
  /** P closes at once, and leaves children that are cancelled, terminated and let be. */
  childLeft: [sender("P", child("C", "cancel", idle), child("T", "terminate", idle), child("A", "abandon", idle))],
  /** P is cancelled while it waits for its child, which is asked to stop when P has ended. */
  childCancel: [sender("P", child("C", "cancel", idle), join), end("cancel", "P")],
  /** P is terminated while it waits for its child. */
  childTerminate: [sender("P", child("C", "cancel", hear, idle), say("C"), join), end("terminate", "P")],
  /** The child is terminated, deleted and started again as nobody's child; P learns of its end. */
  childDeleted: [
    sender("P", child("C", "cancel", idle), join, hear),
    end("terminate", "C"),
    end("delete", "C"),
    receiver("C", hear, idle)
  ],
  /** The id of the child is in use. */
  childTaken: [receiver("C", hear, idle), sender("P", child("C", "cancel"), say("C"), wait)],
  /** A client takes the id of the child before or after it is started. */
  childRace: [sender("P", child("C", "abandon"), wait), receiver("C", idle)],
  /** P is started again while its first child lives, whose end is not for the second run. */
  childRestart: [sender("P", child("A", "abandon", hear)), senderAgain("P", say("A"), idle)],
  /** P has a child, which has a child. */
  grandchild: [sender("P", child("C", "cancel", child("G", "cancel", hear), join), join), end("cancel", "P")],
  /** D continues as new after each signal; one comes between two runs, or before. */
  again: [receiver("D", hear, again, hear, again), sender("P", say("D"), say("D"), wait)],
  /** D continues as new while it has signals that it has not received. */
  againUnread: [
    receiver("D", hear, again, hear, again, hear, hear),
    sender("P", say("D"), say("D"), say("D"), say("D")),
    sender("Q", say("D"))
  ],
  /** D continues before it has heard anything, and P too, while it owes. */
  againOwing: [receiver("D", again, again, hear, hear), sender("P", say("D"), again, say("D"), again, wait)],
  /** D continues on a signal, with a cancel that it has not seen. */
  againCancel: [receiver("D", hear, again, idle), sender("P", say("D"), cancel("D"), wait)],
  /** D continues for ever, is terminated between two runs or within one, and started again. */
  againTerminate: [
    receiver("D", hear, again, hear, again, idle),
    sender("P", say("D"), say("D"), wait),
    end("terminate", "D"),
    receiverAgain("D", hear, again)
  ],
  /** P continues while its children run, and ends. */
  againChildren: [
    sender(
      "P",
      child("C", "cancel", idle),
      child("A", "abandon", again, hear),
      say("A"),
      again,
      child("T", "terminate", idle),
      wait
    )
  ],
  /** The child continues, and its parent hears of the last run. */
  againChild: [sender("P", child("C", "cancel", again, hear), say("C"), join, again)],
  /** D is asked for updates, one of them again. */
  update: [receiver("D", answer, idle), update("D", "u"), update("D", "v"), update("D", "u")],
  /** A handler of D waits. */
  updateSlow: [receiver("D", answer, idle), update("D", "slow"), update("D", "u"), update("D", "slow")],
  /** D answers once it has heard a message of P. */
  updateEarly: [receiver("D", hear, answer, idle), receiver("P", say("D")), update("D", "u"), update("D", "v")],
  /** D may end before it answers, and what it has answered stays so. */
  updateEnd: [
    receiver("D", answer, hear),
    update("D", "u"),
    sender("P", say("D")),
    update("D", "slow"),
    update("D", "u")
  ],
  /** D is terminated while a handler runs. */
  updateTerminate: [
    receiver("D", answer, idle),
    receiver("E", hear, hear, idle),
    update("D", "u"),
    receiver("P", say("E"), say("E"), wait, idle),
    end("terminate", "D"),
    update("D", "u")
  ],
  /** D is started by an update, and asked again. */
  updateWith: [
    updateWith("D", "u", answer, hear, hear, idle),
    updateWith("D", "u"),
    receiver("P", say("D"), say("D"), wait, idle),
    updateWith("D", "v"),
    update("D", "u")
  ],
  /** D is told by a client that repeats itself. It ends with the last, so that it has obeyed all. */
  keyed: [
    receiver("E", hear),
    receiver("D", obey, say("E"), obey, obey, wait),
    tell("D", "a"),
    tell("D", "a"),
    tell("D", "b"),
    tell("D", "b"),
    tell("D", "c")
  ],
  /** D is told by a client that repeats itself, also after its end. */
  keyedEnd: [receiver("D", obey, obey), tell("D", "a"), tell("D", "b"), tell("D", "a")],
  /** D is started by a signal, and told again. */
  tellOrStart: [tellOrStart("D", "a", obey, obey, obey), tellOrStart("D", "a"), tellOrStart("D", "b"), tell("D", "c")],
  /** D continues between updates, one of which is asked for again. */
  againUpdate: [
    receiver("D", answer, hear, again, answer, idle),
    update("D", "u"),
    sender("P", say("D")),
    update("D", "v"),
    update("D", "u")
  ],
  /** D continues while a handler runs, and before one is there. */
  againSlow: [
    receiver("D", answer, hear, again, hear, answer, idle),
    update("D", "slow"),
    receiver("P", say("D")),
    receiver("Q", say("D")),
    update("D", "slower"),
    update("D", "slow")
  ],
  /** D is told again by a client after it has continued, and ends with the last that it is told. */
  againKeyed: [
    receiver("D", obey, again, obey, again, obey),
    tell("D", "a"),
    tell("D", "a"),
    tell("D", "b"),
    tell("D", "a"),
    tell("D", "b"),
    tell("D", "c")
  ],
  /** P cannot go on once it knows of its first message, and owes the others still. */
  blocked: [receiver("D", hear, hear, idle), sender("P", say("D"), say("D"), say("D"), say("D"), say("D"), learn, halt)]
}

export const scenarios: ReadonlyArray<Scenario> = Object.entries(all).map(([name, actions]) => ({ name, actions }))
