/**
 * Programs that send, start children, answer updates and queries, go by patches, undo what they did and continue as new.
 *
 * Most of them is one program, `Script`, which does what its input says, and inputs are drawn at random.
 */
import { Clock, Effect, Exit, Fiber, Random, Ref, Schema } from "effect"
import { Query, Signal, Update, Workflow, WorkflowContext, type WorkflowError } from "perdure"
import type { ParentClose } from "perdure/HistoryEvent"
import type { EncodedProgram } from "../../src/internal/replay/Interpreter.ts"
import { Echo, Lose, Refused } from "./activities.ts"

/** A program of which random schedules are made. */
export interface MessageProgram {
  readonly name: string
  readonly workflow: string
  /** The program as it was from release to release: an execution begins with any, and goes on with later ones. */
  readonly releases: readonly [EncodedProgram, ...ReadonlyArray<EncodedProgram>]
  /** An encoded input, drawn at random. */
  readonly input: (draw: () => number) => Schema.Json
  /** Whether the runs of a chain have received, in order, the signals that came before those that are left. */
  readonly receives?: (value: Schema.Json) => ReadonlyArray<Schema.Json>
}

/** The signals, updates and queries that the outside uses, and one of each that programs do not know. */
export const signals = ["a", "b", "unknown"] as const
export const updates = ["add", "set", "unknown"] as const
export const asked = ["state", "shown", "unknown"] as const

/** What an act does; the texts among its arguments name signals, updates, patches and receivers. */
export type Act =
  | readonly ["sleep" | "echo" | "ask" | "random", number]
  | readonly ["lose" | "fail" | "die" | "length" | "clock" | "join"]
  | readonly ["take" | "poll", (typeof signals)[number]]
  | readonly ["send" | "cancel" | "terminate" | "find" | "result" | "query" | "update" | "begin" | "both", string]
  | readonly ["child", string, ParentClose]
  | readonly ["execute", string, ParentClose, isCaught: boolean]
  | readonly ["handle", string, Act, isValidated: boolean]
  | readonly ["patched" | "deprecate", string]
  | readonly ["undo" | "race" | "ensure", Act, Act]
  | readonly ["all", Act, Act, Act]
  | readonly ["timeout", number, Act]
  | readonly ["fork" | "mask", Act]

const Child = Workflow.make("Child", { input: Schema.Number, success: Schema.Number, error: Refused })
const State = Query.make("state", { success: Schema.Json })
const Shown = Query.make("shown", { success: Schema.Array(Schema.String) })
const shape = { input: Schema.Number, success: Schema.Number, error: Refused }
const named = { add: Update.make("add", shape), set: Update.make("set", shape) }
const inbox = {
  a: Signal.make("a", { payload: Schema.Number }),
  b: Signal.make("b", { payload: Schema.Number }),
  unknown: Signal.make("never", { payload: Schema.Number })
}

/** What a run of `Script` begins with: what it and the runs after it do, and what the runs before it wrote down. */
interface Acts {
  readonly rounds: ReadonlyArray<ReadonlyArray<Act>>
  readonly isLate: boolean
  readonly written: ReadonlyArray<string>
}

const Script = Workflow.make("Script", { input: Schema.Json, success: Schema.Json, error: Refused })

const script = Effect.fnUntraced(function* (input: Schema.Json) {
  const { isLate, rounds, written } = input as unknown as Acts
  const [acts = [], ...rest] = rounds
  const shown = yield* Ref.make(written)
  yield* Shown.publish(shown)
  yield* State.answer(() => Effect.map(Ref.get(shown), (lines) => [rest.length, ...lines]))
  const performer = makePerformer((line) => Ref.update(shown, (lines) => [...lines, line]))
  for (const act of acts) yield* performer(act)
  const next = () => ({ rounds: rest, isLate, written: Ref.getUnsafe(shown).slice(-20) }) as unknown as Schema.Json
  if (rest.length > 0) return Script.continueAsNew(isLate ? next : next())
  return [...(yield* Ref.get(shown))] as Schema.Json
})

/** What a program may fail with, and what it needs; the rest of its requirements is for the compiler. */
type Performed = Effect.Effect<void, Refused | WorkflowError.WorkflowError, any>

/** How the acts of a run are performed. */
const makePerformer = (write: (line: string) => Effect.Effect<void>) => {
  const children: Array<Workflow.HandleOf<typeof Child>> = []
  /** Writes down what came of an effect, also that it failed. */
  const told = (what: string, effect: Effect.Effect<unknown, unknown, any>): Performed =>
    Effect.matchEffect(effect, {
      onSuccess: (value) => write(`${what} ${JSON.stringify(value ?? null)}`),
      onFailure: (error) => write(`${what} failed: ${textOf(error)}`)
    })
  const perform = (act: Act): Performed => {
    switch (act[0]) {
      case "sleep":
        return told("slept", Effect.sleep(act[1]))
      case "echo":
        return told("echo", Echo(act[1]))
      case "random":
        return told("random", Random.nextIntBetween(0, act[1]))
      case "clock":
        return told("clock", Clock.currentTimeMillis)
      case "length":
        return told(
          "length",
          Effect.flatMap(WorkflowContext.WorkflowContext, ({ historyLength, suggestContinue }) =>
            Effect.all([historyLength, suggestContinue])
          )
        )
      case "lose":
        return told("lose", Lose("it"))
      case "fail":
        return Effect.fail(new Refused({ what: "the script" }))
      case "die":
        return Effect.die(new Error("the script"))
      case "take":
        return told(`took ${act[1]}`, inbox[act[1]].receive)
      case "poll":
        return told(`polled ${act[1]}`, inbox[act[1]].poll)
      case "patched":
        return Effect.flatMap(Workflow.patched(act[1]), (isPatched) =>
          isPatched ? told(`patch ${act[1]}`, Echo(7)) : write(`no patch ${act[1]}`)
        )
      case "deprecate":
        return Workflow.deprecatePatch(act[1])
      case "child":
        return told(
          "child",
          Effect.map(Child.start(1, childOptions(act)), (handle) => children.push(handle))
        )
      case "execute": {
        const executed = Child.execute(2, childOptions(act))
        return act[3] ? told("executed", executed) : Effect.asVoid(executed as Effect.Effect<number, never, any>)
      }
      case "join":
        return children.length === 0 ? Effect.void : told("joined", children.at(-1)!.result)
      case "handle":
        return named[act[1] as "add"].handle(
          (number) => Effect.as(perform(act[2]) as Effect.Effect<void, Refused>, number + 1),
          act[3] ? { validate: (number) => (number % 3 === 2 ? Effect.fail(refusal) : Effect.void) } : {}
        )
      case "undo":
        return told(
          "done",
          Workflow.withCompensation(perform(act[1]) as Effect.Effect<void, Refused>, () =>
            Effect.orDie(perform(act[2]) as Effect.Effect<void, Refused>)
          )
        )
      case "race":
        return Effect.race(perform(act[1]), perform(act[2]))
      case "all":
        return Effect.all(
          act.slice(1).map((each) => perform(each as Act)),
          { concurrency: "unbounded", discard: true }
        )
      case "timeout":
        return Effect.asVoid(Effect.timeoutOption(perform(act[2]), act[1]))
      case "ensure":
        return Effect.onExit(perform(act[1]), (exit) =>
          Effect.andThen(write(Exit.isSuccess(exit) ? "went well" : "went wrong"), Effect.ignore(perform(act[2])))
        )
      case "fork":
        return Effect.asVoid(Effect.forkChild(perform(act[1])))
      case "mask":
        return Effect.uninterruptible(perform(act[1]))
      default:
        return told(act[0], reach(act[0], act[1] as string))
    }
  }
  return perform
}

/** Speaks to an execution that is no child, or to itself. */
const reach = (what: string, to: string): Effect.Effect<unknown, unknown, any> => {
  const found = Child.handle(to)
  switch (what) {
    case "send":
      return inbox.a.send(to, 1)
    case "cancel":
      return Effect.flatMap(found, (handle) => handle.cancel("the script"))
    case "terminate":
      return Effect.flatMap(found, (handle) => handle.terminate("the script"))
    case "find":
      return Effect.map(found, ({ runId }) => runId)
    case "result":
      return Effect.flatMap(found, (handle) => handle.result)
    case "query":
      return Shown.ask(to)
    case "update":
      return named.add.execute(to, 1, { updateId: `to ${to}` })
    case "begin":
      return Effect.flatMap(named.set.start(to, 2), ({ result }) => result)
    default:
      return Effect.map(named.add.startWith(Child, 3, 4, { workflowId: to }), ([, answer]) => answer)
  }
}

const refusal = new Refused({ what: "a third" })

const childOptions = ([, id, parentClose]: readonly [
  "child" | "execute",
  string,
  ParentClose,
  ...ReadonlyArray<unknown>
]) => (id === "" ? { parentClose } : { workflowId: id, parentClose })

const textOf = (error: unknown): string => {
  const { _tag, reason } = error as { readonly _tag?: string; readonly reason?: { readonly _tag: string } }
  return reason?._tag ?? _tag ?? String(error)
}

/** Draws an act that is so deep at most. */
const actBy = (draw: () => number, depth: number): Act => {
  const pick = <A>(...all: ReadonlyArray<A>): A => all[Math.floor(draw() * all.length)]!
  const inner = () => actBy(draw, depth - 1)
  const someone = () => pick("one", "two", "me")
  const close = () => pick<ParentClose>("cancel", "terminate", "abandon")
  const leaf = (): Act =>
    pick<() => Act>(
      () => ["sleep", Math.floor(draw() * 100)],
      () => ["echo", Math.floor(draw() * 10)],
      () => ["random", 10],
      () => [pick("lose", "length", "clock", "join")],
      () => ["take", pick("a", "b")],
      () => ["poll", pick("a", "b")],
      () => [pick("send", "cancel", "terminate", "find", "result"), someone()],
      () => [pick("query", "update", "begin", "both", "send"), someone()],
      () => ["child", pick("", "kid"), close()],
      () => ["execute", pick("", "kid"), close(), draw() < 0.8],
      () => ["patched", pick("p", "q")]
    )()
  if (depth === 0 || draw() < 0.3) return leaf()
  return pick<() => Act>(
    () => ["handle", pick("add", "set"), inner(), draw() < 0.5],
    () => ["undo", inner(), inner()],
    () => ["race", inner(), inner()],
    () => ["race", ["sleep", 30], inner()],
    () => ["ensure", inner(), inner()],
    () => ["all", inner(), inner(), inner()],
    () => ["timeout", Math.floor(draw() * 60), inner()],
    () => [pick("fork", "mask"), inner()],
    () => (draw() < 0.2 ? [pick("fail", "die")] : inner())
  )()
}

const scripted = (draw: () => number): Schema.Json => {
  const handle = (): Act => ["handle", draw() < 0.5 ? "add" : "set", actBy(draw, 2), draw() < 0.5]
  const round = () => [
    ...(draw() < 0.6 ? [handle()] : []),
    ...Array.from({ length: 1 + Math.floor(draw() * 5) }, () => actBy(draw, 3))
  ]
  const rounds = Array.from({ length: 1 + Math.floor(draw() * 3) }, round)
  return { rounds, isLate: draw() < 0.5, written: [] } as unknown as Schema.Json
}

/** Takes all signals in their order, one at a time, and continues after some; so nothing that came may be missing at its end. */
const Inbox = Workflow.make("Inbox", {
  input: Schema.Struct({ rounds: Schema.Int, taken: Schema.Array(Schema.Number), counted: Schema.Int }),
  success: Schema.Struct({ taken: Schema.Array(Schema.Number), counted: Schema.Int })
})
const takeAll = Effect.fnUntraced(function* (input: typeof Inbox.input.Type) {
  const { rounds } = input
  const taken = yield* Ref.make(input.taken)
  let { counted } = input
  yield* named.add.handle((number) =>
    Effect.andThen(
      number % 2 === 0 ? Effect.sleep(20) : Effect.void,
      Effect.sync(() => ++counted)
    )
  )
  const amount = 1 + (yield* Random.nextIntBetween(0, 2))
  for (let index = 0; index < amount; index++) {
    const number = yield* inbox.a.receive
    yield* Ref.update(taken, (all) => [...all, number])
    if (number % 3 === 0) yield* Effect.sleep(5)
  }
  const end = () => ({ taken: Ref.getUnsafe(taken), counted })
  if (rounds === 0) return end()
  return Inbox.continueAsNew(() => ({ ...end(), rounds: rounds - 1 }))
})

/** Continues at once, some times, and then takes what has come to all its runs. */
const Hasty = Workflow.make("Hasty", { input: Schema.Int, success: Schema.Array(Schema.Number) })
const hasty = Effect.fnUntraced(function* (rounds: number) {
  if (rounds > 0) return Hasty.continueAsNew(rounds - 1)
  yield* named.add.handle((number) => Effect.succeed(number))
  return [yield* inbox.a.receive, yield* inbox.a.receive]
})

/** A program that changed: the old one, one with a patch, one without the old branch, one that has forgotten it. */
const Changed = Workflow.make("Changed", { success: Schema.Array(Schema.Number) })
type Change = Effect.Effect<ReadonlyArray<number>, never, WorkflowContext.WorkflowContext>
const before = Effect.forEach([1, 2], (number) => Echo(number)) as Change
const after = Effect.forEach([2, 3, 1], (number) => Echo(number)) as Change
const within = (change: Change) =>
  Effect.gen(function* () {
    yield* named.add.handle((number) => Effect.as(change, number))
    const first = yield* inbox.a.receive
    const forked = yield* Effect.forkChild(change)
    const second = yield* Effect.race(change, Effect.as(inbox.b.receive, [first]))
    yield* Effect.sleep(10)
    return [...(yield* Fiber.join(forked)), ...second, ...(yield* change)]
  })
const patched = Effect.flatMap(Workflow.patched("order"), (isNew) => (isNew ? after : before))

/** The program of a workflow in encoded form. */
const encoded = <Input>(
  workflow: { readonly encoded: (program: any) => EncodedProgram },
  program: (input: Input) => Effect.Effect<unknown, unknown, any>
): EncodedProgram => workflow.encoded(program)

export const programs: ReadonlyArray<MessageProgram> = [
  { name: "Script", workflow: "Script", releases: [encoded(Script, script)], input: scripted },
  {
    name: "Inbox",
    workflow: "Inbox",
    releases: [encoded(Inbox, takeAll)],
    input: (draw) => ({ rounds: Math.floor(draw() * 4), taken: [], counted: 0 }),
    receives: (value) => (value as typeof Inbox.success.Type).taken as ReadonlyArray<Schema.Json>
  },
  {
    name: "Hasty",
    workflow: "Hasty",
    releases: [encoded(Hasty, hasty)],
    input: (draw) => Math.floor(draw() * 4),
    receives: (value) => value as ReadonlyArray<Schema.Json>
  },
  {
    name: "Changed",
    workflow: "Changed",
    releases: [
      encoded(Changed, () => within(before)),
      encoded(Changed, () => within(patched)),
      encoded(Changed, () => within(Effect.andThen(Workflow.deprecatePatch("order"), after))),
      encoded(Changed, () => within(after))
    ],
    input: () => null
  }
]
