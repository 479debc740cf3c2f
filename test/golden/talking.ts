/**
 * The program that wrote the golden histories of executions that talk: it does what its input says, one act after the other, and
 * answers what came of each. As in `programs.ts`, nothing here changes, except by additions.
 */
import { Effect, Layer, Ref, Schema, type Scope } from "effect"
import {
  Activity,
  type Message,
  Query,
  RetryPolicy,
  Signal,
  Update,
  Workflow,
  type WorkflowContext,
  type WorkflowError,
  type WorkflowRegistry
} from "perdure"
import { DurableExecutor } from "perdure/Executor/DurableExecutor"
import type { InlineActivities } from "perdure/Executor/WorkflowRegistry"
import { Attribute, ParentClose, type Problem } from "perdure/HistoryEvent"
import { Declined, isWork, work, workHandlers, workingActs, type WorkNeeds } from "./working.ts"

/** A text for the program. */
export const Word = Signal.make("word", { payload: Schema.String })

/** How far the program is, published by it. */
export const Progress = Query.make("progress", { success: Schema.String })

/** Asks a handler of the program to end in some way; it refuses `"nothing"`. */
export const Change = Update.make("change", { input: Schema.String, success: Schema.String, error: Declined })

/** An update that the program takes in no act. */
export const Unheard = Update.make("unheard", { input: Schema.String })

/** Throws an error with a code, a cause, and errors that it stands for; without a code, a text. */
const Break = Activity.make("Break", { input: Schema.Union([Schema.String, Schema.Number]) })

/** Does not end. */
const Hang = Activity.make("Hang")

/** They do not end in time. */
const timedOut = { error: Activity.ActivityTimedOut, retry: RetryPolicy.none }
const HangAnAttempt = Activity.make("HangAnAttempt", { ...timedOut, timeout: { attempt: "1 minute" } })
const HangInAll = Activity.make("HangInAll", { ...timedOut, timeout: { total: "1 minute" } })

/** What children and next runs do is JSON, and so the schema does not hold itself. */
const acts = Schema.Json
const beside = Schema.optionalKey(Schema.Literal(true))

/** What the program can do. With `beside` it does not wait for it. */
const Act = Schema.TaggedUnion({
  /** Nothing interrupts what comes after; it stands first. */
  Shield: {},
  Receive: {},
  /** Sleeps, so many times at once. */
  Sleep: { millis: Schema.Number, times: Schema.optionalKey(Schema.Int) },
  /** Sends a message of any kind, and answers what it is answered. */
  Tell: { to: Schema.String, run: Schema.optionalKey(Schema.String), message: Schema.Json, beside },
  /** Starts a child that does other acts. */
  Start: {
    id: Schema.String,
    acts,
    version: Schema.optionalKey(Schema.String),
    parentClose: Schema.optionalKey(ParentClose),
    timeout: Schema.optionalKey(Schema.Number),
    attributes: Schema.optionalKey(Schema.Record(Schema.String, Attribute)),
    memo: Schema.optionalKey(Schema.Json),
    beside
  },
  /** Starts a child and waits for its end, in one. */
  Execute: { id: Schema.String, acts },
  Find: { id: Schema.String },
  /** Waits for the end of an execution, which is a child when this run has started it, or the one before, which says its `run`. */
  Result: { of: Schema.String, run: Schema.optionalKey(Schema.String) },
  /** Sends to an execution, and fails if that fails, as it does without one. */
  Rely: { on: Schema.optionalKey(Schema.String) },
  /** Publishes a text, so many times over. */
  Publish: { text: Schema.String, times: Schema.optionalKey(Schema.Int) },
  /** Answers `Change` from here on. */
  Answer: {},
  /** Has something undone when the program fails; `fails`: and that fails, too. */
  Undo: { fails: Schema.optionalKey(Schema.Literal(true)) },
  Break: { code: Schema.Union([Schema.String, Schema.Number]) },
  Fail: { why: Schema.String },
  /** Throws a text. */
  Die: { text: Schema.String },
  Hang: { timeout: Schema.optionalKey(Schema.Literals(["attempt", "total"])) },
  /** Sleeps when the program has ended. */
  Linger: { millis: Schema.Number },
  /** Waits for nothing. */
  Never: {},
  Patch: { id: Schema.String },
  Deprecate: { id: Schema.String },
  /** Continues as new with other acts; it stands last. */
  Again: { acts },
  ...workingActs
})
export type Act = typeof Act.Type

/** What the program does. */
const contract = { input: Schema.Array(Act), success: Schema.Json, error: Declined }
export const Acting = Workflow.make("Acting", contract)
export const Acting2 = Workflow.make("Acting", { ...contract, version: "2" })

type Acts = ReadonlyArray<Act>

/** What a run of the program has in its memory. */
interface Memory {
  readonly progress: Ref.Ref<string>
  /** The runs of the children that it has started, by their ids. */
  readonly children: Map<string, string>
}

type Doing = Effect.Effect<Schema.Json, Declined | WorkflowError.WorkflowError, Given>
type Given =
  | WorkflowContext.WorkflowContext
  | DurableExecutor
  | Scope.Scope
  | WorkNeeds
  | Effect.Services<ReturnType<typeof Break | typeof Hang | typeof HangAnAttempt | typeof HangInAll>>

/** An answer of another execution, or why there is none. */
const told = <A>(answer: Effect.Effect<A, WorkflowError.WorkflowError, DurableExecutor>): Doing =>
  Effect.match(answer, {
    onSuccess: (value) => (value === undefined ? "done" : (structuredClone(value) as Schema.Json)),
    onFailure: ({ reason }) => reason._tag
  })

const start = ({ acts, attributes, id, memo, parentClose, timeout, version }: ActOf<"Start">) => {
  const workflow = version === undefined ? Acting : Acting2
  const options = { workflowId: id, parentClose, timeout, attributes, memo }
  return workflow.start(acts as unknown as Acts, options)
}
type ActOf<Tag extends Act["_tag"]> = Extract<Act, { readonly _tag: Tag }>

/** Sends to an execution. What no compiler has checked may name none. */
const rely = (on?: string) => Word.send(on as string, "a word")

/** The handler of `Change`: how it ends is what it is asked. */
const change = Effect.fnUntraced(function* (how: string) {
  if (how === "decline") return yield* new Declined({ why: how })
  if (how === "break") yield* Effect.orDie(Break("E"))
  if (how === "break with a number") yield* Effect.orDie(Break(7))
  if (how === "die") return yield* Effect.die(how)
  if (how === "rely") yield* rely("there is none")
  if (how === "rely on nothing") yield* rely()
  if (how === "wait") yield* Effect.sleep("1 hour")
  return how
})
const validate = (how: string) => (how === "nothing" ? Effect.fail(new Declined({ why: how })) : Effect.void)

/** What undoes something. */
const undo = (fails: boolean) => () =>
  fails ? Effect.die(new Error("cannot be undone")) : Effect.orDie(Effect.sleep("1 second"))

const nothing = Effect.succeed(null)

const hang = (timeout: ActOf<"Hang">["timeout"]): Effect.Effect<void, Activity.ActivityTimedOut, Given> => {
  if (timeout === "attempt") return HangAnAttempt()
  return timeout === "total" ? HangInAll() : Hang()
}

const perform = (act: Act, { children, progress }: Memory): Doing => {
  if (isWork(act)) return work(act)
  switch (act._tag) {
    case "Shield":
    case "Again":
      return nothing
    case "Receive":
      return Word.receive
    case "Sleep":
      return Effect.as(
        Effect.replicateEffect(Effect.sleep(act.millis), act.times ?? 1, { concurrency: "unbounded" }),
        null
      )
    case "Tell":
      return Effect.flatMap(DurableExecutor, ({ send }) =>
        told(send({ workflowId: act.to, runId: act.run }, act.message as Message.Message))
      )
    case "Start":
      return told(Effect.map(start(act), ({ runId }) => void children.set(act.id, runId)))
    case "Execute":
      return Acting.execute(act.acts as unknown as Acts, { workflowId: act.id })
    case "Find":
      return Effect.flatMap(DurableExecutor, ({ find }) => told(find(act.id)))
    case "Result":
      return Effect.flatMap(DurableExecutor, ({ result }) =>
        told(Effect.map(result({ workflowId: act.of, runId: act.run ?? children.get(act.of) }), ({ _tag }) => _tag))
      )
    case "Rely":
      return Effect.as(rely(act.on), null)
    case "Publish":
      return Effect.as(Ref.set(progress, act.text.repeat(act.times ?? 1)), null)
    case "Answer":
      return Effect.as(Change.handle(change, { validate }), null)
    case "Undo":
      return Workflow.withCompensation(nothing, undo(act.fails === true))
    case "Break":
      return Effect.as(Effect.orDie(Break(act.code)), null)
    case "Fail":
      return Effect.fail(new Declined({ why: act.why }))
    case "Die":
      return Effect.die(act.text)
    case "Hang":
      return Effect.as(Effect.orDie(hang(act.timeout)), null)
    case "Linger":
      return Effect.as(
        Effect.addFinalizer(() => Effect.sleep(act.millis)),
        null
      )
    case "Never":
      return Effect.never
    case "Patch":
      return Workflow.patched(act.id)
    case "Deprecate":
      return Effect.as(Workflow.deprecatePatch(act.id), null)
  }
}

/** The acts of the next run, which does not know by itself what the runs of the children are. */
const withRuns = (acts: Acts, children: Memory["children"]): Acts =>
  acts.map((act) => {
    if (act._tag === "Again")
      return { ...act, acts: withRuns(act.acts as unknown as Acts, children) as unknown as Schema.Json }
    const run = act._tag === "Result" ? children.get(act.of) : undefined
    return run === undefined ? act : { ...act, run }
  })

const acting = (acts: Acts) => {
  const all = Effect.gen(function* () {
    const memory: Memory = { progress: yield* Ref.make(""), children: new Map() }
    if (acts.some(({ _tag }) => _tag === "Publish")) yield* Progress.publish(memory.progress)
    const done: Array<Schema.Json> = []
    for (const act of acts) {
      const doing = perform(act, memory)
      if ("beside" in act) yield* Effect.forkChild(doing, { startImmediately: true })
      else done.push(yield* doing)
    }
    const last = acts.at(-1)
    return last?._tag === "Again" ? Acting.continueAsNew(withRuns(last.acts as unknown as Acts, memory.children)) : done
  })
  return acts[0]?._tag === "Shield" ? Effect.uninterruptible(all) : all
}

/** An error with a stack that does not depend on the machine. */
const placed = <E extends Error>(error: E): E =>
  Object.assign(error, { stack: `${error.name}: ${error.message}\n    at handler (/app/handlers.ts:1:1)` })

const handlers = Layer.mergeAll(
  Break.toLayer((code) => {
    if (code === "") return Effect.die("broken")
    const errors = [placed(new TypeError("one")), placed(new Error("two"))]
    const error = new AggregateError(errors, "broken", { cause: placed(new Error("it was old")) })
    return Effect.die(placed(Object.assign(error, { code })))
  }),
  Hang.toLayer(() => Effect.never),
  HangAnAttempt.toLayer(() => Effect.never),
  HangInAll.toLayer(() => Effect.never),
  ...workHandlers
)

/** Workflows with all that they need but the executor. */
type Workflows = Layer.Layer<never, WorkflowError.WorkflowError, WorkflowRegistry.WorkflowRegistry | InlineActivities>

/** The workflow, with the handlers of its activities. */
export const actingWorkflow: Workflows = Acting.toLayer(acting).pipe(Layer.provide(handlers))

/** The same as version 2 of it. */
export const acting2Workflow: Workflows = Acting2.toLayer(acting).pipe(Layer.provide(handlers))

/** A program in encoded form. */
type Program = WorkflowRegistry.Registration["program"]

/** The program in encoded form. Handlers are in the requirements for the compiler only. */
export const actingProgram: readonly [name: string, program: Program] = [
  Acting.name,
  Acting.encoded(acting as Parameters<typeof Acting.encoded>[0])
]

const wrong = (program: () => Effect.Effect<Schema.Json>, contract: Contract = Acting) => ({
  workflow: contract.toLayer(program) as Workflows,
  program: contract.encoded(program)
})
type Contract = Pick<typeof Acting, "toLayer" | "encoded">

/** The workflow as if its input were another one. */
const Misread = Workflow.make(Acting.name, { input: Schema.Number, success: Schema.Json, error: Declined })

/** How many events a run may have that is to have too many. */
export const maxHistory = 3

/** How long the one that spins may do so, in milliseconds. */
export const spinLimit = 20

/** Programs that cannot go on with any execution of the workflow, by the problem that each has. */
export const wrongPrograms = {
  AsynchronousWork: wrong(() => Effect.promise(() => Promise.resolve(null))),
  Spinning: wrong(() => Effect.forever(Effect.void)),
  Undecodable: wrong(() => nothing, Misread as unknown as Contract),
  TooLarge: wrong(() => Effect.succeed("x".repeat(10_000))),
  // It is no effect, and has no text.
  Defect: wrong(() => Effect.flatMap(nothing, () => Object.create(null) as Effect.Effect<never>))
} satisfies { readonly [Reason in Problem["reason"]]?: { readonly workflow: Workflows; readonly program: Program } }
