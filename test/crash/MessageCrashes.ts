/**
 * Runs executions that send to each other in processes that die, one after the other, until one lives to the end.
 */
import { Deferred, Effect, Layer, type Scope } from "effect"
import type { Executions } from "perdure/Executor/Executions"
import type { DurableExecutor } from "perdure/Executor/DurableExecutor"
import { WorkflowStore } from "perdure/Store/WorkflowStore"
import type { FirstMessage, UpdateAnswer } from "perdure/Message"
import { type Action, Count, Leave, layers, type Scenario, Told } from "./MessageScenarios.ts"
import { isSame, World } from "./MessageWorld.ts"
import * as Process from "./Process.ts"
import { Traffic } from "./Traffic.ts"

/**
 * What follows a crash:
 *
 * - `prompt`: the next process comes at once; clients ask the process that lives.
 * - `late`: clients have a process of their own and go on; the next one comes when they need it.
 * - `receivers`: the next process has the programs of the receivers alone; one with all comes at the end.
 */
export const modes = ["prompt", "late", "receivers"] as const
export type Mode = (typeof modes)[number]

export interface Report {
  /** How many processes it took, without the one that comes at the end. */
  readonly processes: number
  readonly violations: ReadonlyArray<string>
  readonly printed: string
}

/** Runs a scenario to its end. The first process dies at the first crash, the second one at the second. */
export const run = (
  store: WorkflowStore["Service"],
  scenario: Scenario,
  mode: Mode,
  crashes: ReadonlyArray<Process.Crash>,
  beside?: Process.Beside
): Effect.Effect<Report> => Effect.scoped(Effect.suspend(() => new Run(store, scenario, mode, crashes, beside).run))

/** What a process offers to clients. */
export interface Services {
  readonly executor: DurableExecutor["Service"]
  readonly executions: Executions["Service"]
}

/** What became of an attempt of a client: `again` when it may be worth another one, later. */
export type Attempted = "done" | "again"

/** An answer that a client got. */
export interface Answered {
  readonly workflowId: string
  readonly update: string
  readonly answer: UpdateAnswer
}

/** What clients are told of what they ask for. */
export interface Heard {
  readonly answered: (answered: Answered) => void
  /** A signal with a key is kept, or was before. */
  readonly kept: (kept: Kept) => void
  /** The end of a call is recorded, with a name as its value. */
  readonly finished: (finished: Finished) => void
}

/** A call of which a client knows that it has ended it. */
export interface Finished {
  readonly workflowId: string
  readonly name: string
}

/** A signal with a key of which a client knows that it is kept. */
export interface Kept {
  readonly workflowId: string
  readonly key: string
}

const nothing: Heard = { answered: () => {}, kept: () => {}, finished: () => {} }

/** The update of a name. */
const updateOf = (name: string): FirstMessage => ({
  _tag: "Update",
  id: name,
  name: Count.name,
  input: name,
  wait: "answered"
})

/** The signal of a name. */
const signalOf = (name: string): FirstMessage => ({ _tag: "Signal", name: Told.name, payload: name, key: name })

/** Attempts an action. An error that a client may rightly get is an answer. */
export const attempt = (
  { executions, executor }: Services,
  action: Action,
  { answered, finished, kept }: Heard = nothing
): Effect.Effect<Attempted> => {
  const { id, op } = action
  const attempted = (): Effect.Effect<Attempted, { readonly reason: { readonly _tag: string } }> => {
    switch (op) {
      case "start":
      case "restart": {
        const whenExists = op === "start" ? "return" : "restart"
        const { input, workflow } = action
        const started = executor.start({ workflow, workflowId: id, input, whenExists })
        return Effect.map(started, ({ created }) => (created || op === "start" ? "done" : "again"))
      }
      case "delete":
        return Effect.as(executions.delete(id), "done")
      case "terminate":
        return Effect.as(executor.send({ workflowId: id }, { _tag: "Terminate", reason: "a client" }), "done")
      case "cancel":
        return Effect.as(executor.send({ workflowId: id }, { _tag: "Cancel", reason: "a client" }), "done")
      case "finish":
        return Effect.flatMap(executions.history(id), (history) => {
          const [first] = history
          const left = history.findLast(({ _tag }) => _tag === "ActivityPending")
          if (first?._tag !== "ExecutionStarted" || left?._tag !== "ActivityPending") return Effect.succeed("done")
          const { continues, runId: run } = first
          const { attempt, seq } = left
          const exit = { _tag: "Success", value: action.name } as const
          const end = { _tag: "Complete", run, seq, activity: Leave.name, attempt, exit } as const
          return Effect.map(executor.send({ workflowId: id, runId: continues?.chain ?? run }, end), (): Attempted => {
            finished({ workflowId: id, name: action.name })
            return "done"
          })
        })
      case "tell":
      case "update":
        return told(id, op === "tell" ? signalOf(action.name) : updateOf(action.name))
      case "tellOrStart":
      case "updateWith": {
        const { input, name, workflow } = action
        const message = op === "tellOrStart" ? signalOf(name) : updateOf(name)
        return Effect.flatMap(
          executor.start({ workflow, workflowId: id, input, with: message }),
          ({ created }): ReturnType<typeof told> => {
            if (!created || message._tag !== "Signal") return told(id, message)
            kept({ workflowId: id, key: name })
            return Effect.succeed("done")
          }
        )
      }
    }
  }
  const told = (workflowId: string, message: FirstMessage) =>
    Effect.map(executor.send({ workflowId }, message), (answer): Attempted => {
      if (message._tag === "Update" && answer !== undefined) answered({ workflowId, update: message.id, answer })
      if (message._tag === "Signal" && message.key !== undefined) kept({ workflowId, key: message.key })
      return "done"
    })
  return Effect.catch(attempted(), ({ reason }) => {
    if (["StillOwes", "Unfinished", "AlreadyExists"].includes(reason._tag)) return Effect.succeed("again" as const)
    if (["Finished", "NotFound", "Restarted", "ActivityOver"].includes(reason._tag))
      return Effect.succeed("done" as const)
    return Effect.die(new Error(`${op} ${id}: ${JSON.stringify(reason)}`))
  })
}

/** How long a client waits for the answer of an update before it asks another process, or leaves it. */
const patience = "1 second"

/** Leaves an attempt that is not answered. */
export const leaving = (attempted: Effect.Effect<Attempted>): Effect.Effect<Attempted> =>
  Effect.timeoutOrElse(attempted, { duration: patience, orElse: () => Effect.succeed("again" as const) })

/** What does not hold when a client asks again for an update that was answered. */
export const repeated = (
  services: Services,
  { answer, update, workflowId }: Answered
): Effect.Effect<ReadonlyArray<string>> => {
  const again: Array<Answered> = []
  const action = { op: "update", id: workflowId, name: update } as const
  return Effect.map(attempt(services, action, { ...nothing, answered: (answered) => void again.push(answered) }), () =>
    isSame(again[0]?.answer.exit, answer.exit) ? [] : [`13. ${update} has another answer later`]
  )
}

/** Real time plays no part: a process says that it lives, and looks for executions, only when it is made to. */
export const settings = { heartbeatInterval: "1 hour", lease: "2 hours" } as const

// internal

/** How often an action is attempted; a client that is told for the third time that it is too early leaves it. */
const attempts = 3

/** The name stays the same, so that a restarted worker takes its executions back at once. */
const workers = ["worker"]

class Run {
  private readonly scenario: Scenario
  private readonly mode: Mode
  private readonly crashes: ReadonlyArray<Process.Crash>
  private readonly beside: Process.Beside | undefined
  private readonly world: World
  private readonly layer: Layer.Layer<WorkflowStore>
  private readonly traffic: Traffic<never>
  private process = Deferred.makeUnsafe<Process.Process>()
  /** Completes when clients need a process. */
  private needed = Deferred.makeUnsafe<void>()
  private readonly answers: Array<Answered> = []
  private readonly kept: Array<Kept> = []
  private readonly finished: Array<Finished> = []
  private processes = 0
  private ids = 0

  constructor(
    store: WorkflowStore["Service"],
    scenario: Scenario,
    mode: Mode,
    crashes: ReadonlyArray<Process.Crash>,
    beside: Process.Beside | undefined
  ) {
    this.beside = beside
    this.scenario = scenario
    this.mode = mode
    this.crashes = crashes
    this.world = new World(store)
    this.layer = Layer.succeed(WorkflowStore, store)
    // In the absence of a process a client goes on.
    this.traffic = new Traffic(mode === "late" ? Effect.void : Effect.suspend(() => Deferred.await(this.process)))
  }

  get run(): Effect.Effect<Report, never, Scope.Scope> {
    return Effect.gen({ self: this }, function* () {
      const supervisor = yield* Effect.forkScoped(this.supervise, { startImmediately: true })
      const client = this.mode === "late" ? yield* this.start("nothing", undefined) : undefined
      yield* this.traffic.pass(0)
      for (const action of this.scenario.actions) yield* this.act(action, client)
      Deferred.doneUnsafe(this.needed, Effect.void)
      yield* this.comeToRest
      const violations = [...(this.mode === "receivers" ? yield* this.replace : [])]
      const asked = (ref: Parameters<DurableExecutor["Service"]["result"]>[0]) =>
        this.ask(({ executor }) => Effect.orDie(executor.result(ref)))
      violations.push(...(yield* this.world.violations(workers, asked)), ...this.world.misanswered(this.answers))
      violations.push(...this.world.lost(this.kept), ...this.world.undone(this.finished))
      // What was answered is answered again, also after the end.
      const chains = yield* this.world.chains
      for (const answered of this.answers) {
        if (!chains.has(answered.answer.runId)) continue
        violations.push(...(yield* this.ask((services) => repeated(services, answered))))
      }
      supervisor.interruptUnsafe()
      return { processes: this.processes, violations, printed: this.world.printed }
    })
  }

  private start(programs: "all" | "receivers" | "nothing", crash: Process.Crash | undefined) {
    const layer = programs === "nothing" ? Layer.empty : layers[programs]
    return Effect.acquireRelease(
      Effect.orDie(
        Process.start(
          {
            scenario: { layer },
            worker: programs === "nothing" ? "client" : "worker",
            store: this.layer,
            link: (store) => store,
            crash,
            observer: this.world.observer,
            beside: this.beside,
            traffic: this.traffic,
            makeId: () => `${this.ids++}`
          },
          settings
        )
      ),
      (process) => process.end
    )
  }

  /** Starts a process, and another one after each that has died. */
  private get supervise(): Effect.Effect<never, never, Scope.Scope> {
    return Effect.gen({ self: this }, function* () {
      while (true) {
        const programs = this.mode === "receivers" && this.processes > 0 ? "receivers" : "all"
        const process = yield* this.start(programs, this.crashes[this.processes++])
        yield* Deferred.succeed(this.process, process)
        yield* Deferred.await(process.died)
        this.process = Deferred.makeUnsafe()
        yield* process.end
        if (this.mode === "late") yield* Deferred.await(this.needed)
      }
    })
  }

  /** Puts a process with all programs in the place of one with a part of them, by which nothing may be owed any more. */
  private get replace(): Effect.Effect<ReadonlyArray<string>, never, Scope.Scope> {
    return Effect.gen({ self: this }, function* () {
      const owes = yield* this.world.owes
      const process = yield* Deferred.await(this.process)
      yield* process.end
      const next = yield* this.start("all", undefined)
      this.process = Deferred.makeUnsafe()
      yield* Deferred.succeed(this.process, next)
      yield* this.comeToRest
      return owes ? ["8. debts were left without the program of the sender"] : []
    })
  }

  /** Lets time pass until nothing is owed or due, for a limited time; and then some more. */
  private get comeToRest(): Effect.Effect<void> {
    return Effect.gen({ self: this }, function* () {
      for (let round = 0; round < 5; round++) {
        yield* this.traffic.pass(1000)
        if ((yield* this.world.unrest(workers)).length === 0) break
      }
      yield* Deferred.await(this.process)
      yield* this.traffic.pass(60_000)
    })
  }

  private act(action: Action, client: Services | undefined): Effect.Effect<void> {
    return Effect.gen({ self: this }, function* () {
      for (let time = 0; time < attempts; time++) {
        // An answer to an update needs a worker.
        if (action.op === "update" || action.op === "updateWith") Deferred.doneUnsafe(this.needed, Effect.void)
        const heard: Heard = {
          answered: (answered) => void this.answers.push(answered),
          kept: (kept) => void this.kept.push(kept),
          finished: (finished) => void this.finished.push(finished)
        }
        const outcome = yield* this.ask((services) => {
          const attempted = attempt(services, action, heard)
          return this.scenario.isOpen === true ? leaving(attempted) : attempted
        }, client)
        if (outcome === "again") Deferred.doneUnsafe(this.needed, Effect.void)
        yield* this.traffic.pass(10)
        if (Deferred.isDoneUnsafe(this.needed)) this.needed = Deferred.makeUnsafe()
        if (outcome === "done") return
      }
    })
  }

  /** Asks a client's process, or the one that lives, and the next one if it dies before it answers. */
  private ask<A>(question: (services: Services) => Effect.Effect<A>, client?: Services): Effect.Effect<A> {
    return Effect.gen({ self: this }, function* () {
      const process = client === undefined ? yield* Deferred.await(this.process) : undefined
      const isGivenUp = () => process !== undefined && Deferred.isDoneUnsafe(process.died)
      const answer = yield* this.traffic.answer(question(client ?? process!), isGivenUp)
      return yield* answer ?? this.ask(question, client)
    })
  }
}
