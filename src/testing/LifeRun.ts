/**
 * One life of an execution: in processes that die, one after the other, until one lives to its end.
 */
import * as Cause from "effect/Cause"
import * as Clock from "effect/Clock"
import * as Context from "effect/Context"
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import type * as Layer from "effect/Layer"
import * as Logger from "effect/Logger"
import * as Option from "effect/Option"
import * as Random from "effect/Random"
import * as Scheduler from "effect/Scheduler"
import type * as Default from "../Executor/Default.ts"
import { DurableExecutor, type StartOptions } from "../Executor/DurableExecutor.ts"
import type { Executions } from "../Executor/Executions.ts"
import type { Registration } from "../Executor/WorkflowRegistry.ts"
import type { ClosingEvent } from "../HistoryEvent.ts"
import type { WorkerId, WorkflowId } from "../Ids.ts"
import { LiveClock } from "../internal/liveClock.ts"
import { make as makeRandom } from "../internal/replay/random.ts"
import * as MemoryStore from "../Store/Memory.ts"
import type { Commit, StoreError, WorkflowStore } from "../Store/WorkflowStore.ts"
import { inWords } from "../Waiting.ts"
import type { WorkflowError } from "../WorkflowError.ts"
import type { WorkflowHandle } from "../WorkflowHandle.ts"
import type { Life } from "./lives.ts"
import { Outside } from "./Outside.ts"
import { Process } from "./Process.ts"
import { Script } from "./Script.ts"
import type { TestWorkflows } from "./TestWorkflows.ts"
import { Group, inRealTime, Turns } from "./Turns.ts"
import { type Began, Watched } from "./Watched.ts"

/** A workflow, as a life knows it. */
export interface Target<in Input, out Success, out Error> {
  readonly name: string
  readonly start: (
    input: Input,
    options?: StartOptions
  ) => Effect.Effect<WorkflowHandle<Success, Error>, WorkflowError, DurableExecutor>
  readonly handle: (workflowId: string) => Effect.Effect<WorkflowHandle<Success, Error>, WorkflowError, DurableExecutor>
}

export interface Options<Input, Success, Error, E> {
  readonly workflow: Target<Input, Success, Error>
  readonly input: Input
  readonly layer: Layer.Layer<never, E, Default.Services>
  readonly script: (
    handle: WorkflowHandle<Success, Error>
  ) => Effect.Effect<unknown, unknown, DurableExecutor | Executions | TestWorkflows>
  /** Whether the script dies with its process, and begins again in the next one. */
  readonly scriptRestarts: boolean
  readonly life: Life
  /** How late something comes at most, in milliseconds, where the life has an order. */
  readonly spread: number
  /** Whether what is logged is shown. */
  readonly isLoud: boolean
}

/** How a life went. */
export interface Course<Success, Error> {
  /** How many of its crashes have come. */
  readonly crashed: number
  /** How the execution ended; none when it did not. */
  readonly end: Exit.Exit<Success, Error | WorkflowError> | undefined
  /** The last event of the execution, if it ended. */
  readonly closing: ClosingEvent | undefined
  /** What went wrong on the way. */
  readonly fault: string | undefined
  /** What was written, in order. */
  readonly commits: ReadonlyArray<Commit>
  /** The execution itself. */
  readonly workflowId: string | undefined
  readonly began: ReadonlyArray<Began>
  /** The programs that were registered, by workflow and version. */
  readonly programs: ReadonlyMap<string, Registration>
}

/**
 * Lives a life, and clears it away once it is looked at: what stands still in a process that died may go on then. Fails where the layer
 * does.
 */
export const run = <Input, Success, Error, E, A, E2>(
  options: Options<Input, Success, Error, E>,
  look: (lived: Course<Success, Error>) => Effect.Effect<A, E2>
): Effect.Effect<A, E | E2 | StoreError> =>
  Effect.flatMap(Effect.context<never>(), (context) => {
    const life = new LifeRun(options, context)
    return Effect.ensuring(Effect.flatMap(life.run, look), life.clear)
  })

// internal

/** How long work outside of this world, such as a promise, is waited for when nothing else can happen: in milliseconds. */
const patience = 1000

/** And so long when nothing shows that there is such work. */
const moment = 20

/** So often time passes in a life. */
const mostPauses = 4000

/** So often the time of the machines passes in vain, before nothing more is to come: all that a worker does now and then it does twice. */
const mostLooks = 20

class LifeRun<Input, Success, Error, E> {
  private readonly options: Options<Input, Success, Error, E>
  private readonly base: Context.Context<never>
  private readonly turns = new Turns()
  private readonly world = new Group(this.turns)
  private readonly store: WorkflowStore["Service"]
  private readonly outside: Outside
  /** Waits as long as what is in flight is late. */
  private readonly late: Effect.Effect<void>
  private readonly watched = new Watched((fault) => this.wrong(fault))
  private readonly script: Script<WorkflowHandle<Success, Error>, E>
  private readonly processes: Array<Process<E>> = []
  private readonly dead = new Set<WorkerId>()
  private living = Deferred.makeUnsafe<Process<E>>()
  private handle: WorkflowHandle<Success, Error> | undefined = undefined
  private fault: string | undefined = undefined
  private failure: Cause.Cause<E | StoreError> | undefined = undefined
  private isBuilding = false
  private looks = 0
  private ids = 0

  constructor(options: Options<Input, Success, Error, E>, base: Context.Context<never>) {
    this.options = options
    this.base = options.isLoud ? base : Context.add(base, Logger.CurrentLoggers, new Set())
    this.store = Effect.runSyncWith(this.contextOf(this.world))(MemoryStore.make())
    const { life, spread } = options
    const random = makeRandom(`order ${life.order}`)
    const wait = Effect.suspend(() => Effect.sleep(Math.floor(random.nextDoubleUnsafe() * spread)))
    this.late = life.order === 0 ? Effect.void : wait
    const living = Effect.map(
      Effect.suspend(() => Deferred.await(this.living)),
      ({ built, died }) => ({
        executor: Effect.map(Effect.orDie(Deferred.await(built)), (services) => Context.get(services, DurableExecutor)),
        died: Deferred.await(died)
      })
    )
    this.outside = new Outside({ living, store: this.store, late: this.late })
    this.script = new Script({
      script: options.script,
      restarts: options.scriptRestarts,
      world: this.world,
      outside: this.outside.context,
      context: (group) => this.contextOf(group),
      settle: (group) => this.turns.time.rest(group),
      wrong: (fault) => this.wrong(fault)
    })
  }

  /** Runs until the execution has ended and its script too, or until something is wrong. */
  get run(): Effect.Effect<Course<Success, Error>, E | StoreError> {
    return Effect.gen({ self: this }, function* () {
      this.startProcess()
      this.startExecution()
      for (let pauses = 0; !this.isOver; pauses++) {
        if (!this.turns.run(() => this.hasFailed)) this.wrong("it does not come to rest, though no time passes")
        else if (pauses > mostPauses) this.wrong(`it is not over after ${mostPauses} pauses: ${yield* this.waits}`)
        else if (!this.isOver) yield* this.pause
      }
      if (this.failure !== undefined) return yield* Effect.failCause(this.failure)
      return this.report()
    })
  }

  /** Clears away what is left of its processes. */
  get clear(): Effect.Effect<void> {
    return Effect.suspend(() => {
      const all = this.processes.map((process) => process.end())
      const isCleared = () => {
        this.turns.run(() => false)
        return all.every((fiber) => fiber.pollUnsafe() !== undefined)
      }
      return isCleared() ? Effect.void : Effect.asVoid(this.outsideIs(isCleared))
    })
  }

  private get hasFailed(): boolean {
    return this.fault !== undefined || this.failure !== undefined
  }

  private get isOver(): boolean {
    return this.hasFailed || (this.closing !== undefined && this.script.isOver)
  }

  /** The last event of the execution, once it has ended. */
  private get closing(): ClosingEvent | undefined {
    return this.handle === undefined ? undefined : this.watched.closingOf(this.handle.workflowId)
  }

  private wrong(fault: string): void {
    this.fault ??= fault
    this.processes.at(-1)?.mute()
  }

  /** Nothing can happen without time passing, or without the world outside of this one. */
  private get pause(): Effect.Effect<void> {
    return Effect.gen({ self: this }, function* () {
      const mayBeOutside = this.isBuilding || this.watched.isBusy || !this.script.isOver
      if (mayBeOutside) {
        yield* Effect.yieldNow
        if (!this.turns.isQuiet) return
      }
      if (!this.isBuilding && this.turns.time.pass()) return
      // Workers look now and then for what they may have missed.
      if (this.looks++ < mostLooks && this.turns.machines.pass()) return
      // A program may wait for a promise, which blocks it as soon as it is kept.
      if (yield* this.outsideIs(() => !this.turns.isQuiet, mayBeOutside ? patience : moment)) return
      this.wrong(yield* this.stuck)
    })
  }

  /** Waits for the world outside, for a while; returns whether it is as it should be. */
  private outsideIs(isSo: () => boolean, longest = patience): Effect.Effect<boolean> {
    return Effect.gen({ self: this }, function* () {
      for (let waited = 0; waited < longest; waited++) {
        yield* inRealTime(Effect.sleep(1))
        if (isSo()) return true
      }
      return false
    })
  }

  /** Why it does not go on, in words. */
  private get stuck(): Effect.Effect<string> {
    if (this.isBuilding) return Effect.succeed("its layer is not built: what that waits for does not come")
    if (this.handle === undefined) return Effect.succeed("its start is not answered")
    if (this.closing !== undefined) return Effect.succeed("it has ended, and its script does not end")
    const script = this.script.isOver ? "has nothing more to do" : "does not end"
    return Effect.map(this.waits, (waits) => `it does not end: ${waits}, and its script ${script}`)
  }

  /** What it waits for, in words. */
  private get waits(): Effect.Effect<string> {
    const id = this.handle?.workflowId as WorkflowId
    return Effect.map(Effect.orDie(this.store.summary(id)), (summary) => {
      const waitingFor = Option.isSome(summary) ? summary.value.waitingFor.map(inWords) : []
      return `it waits for ${waitingFor.join(", ") || "nothing that is known"}`
    })
  }

  private contextOf(group: Group): Context.Context<never> {
    return this.base.pipe(
      Context.add(Scheduler.Scheduler, group),
      Context.add(Clock.Clock, group.clock),
      Context.add(LiveClock, group.liveClock),
      Context.add(Random.Random, makeRandom("life"))
    )
  }

  /** Starts a process, and another one when it has died, at the same time. */
  private startProcess(): void {
    const { layer, life } = this.options
    const process = new Process<E>({
      turns: this.turns,
      layer,
      store: this.store,
      crash: life.crashes[this.processes.length],
      makeId: () => `id ${this.ids++}`,
      dead: this.dead,
      late: this.late,
      context: (group) => this.contextOf(group),
      watcher: this.watched.next()
    })
    this.processes.push(process)
    this.isBuilding = true
    Deferred.doneUnsafe(this.living, Exit.succeed(process))
    this.observe(Deferred.await(process.died), () => {
      this.living = Deferred.makeUnsafe()
      // What ended with this very commit needs no other process.
      if (!this.isOver) this.startProcess()
    })
    this.observe(Deferred.await(process.built), (built) => {
      if (process !== this.processes.at(-1)) return
      this.isBuilding = false
      if (Exit.isSuccess(built)) this.begin()
      else if (this.processes.length === 1) this.failure ??= built.cause
      else this.wrong(`its layer could be built at first, and not after a crash: ${Cause.pretty(built.cause)}`)
    })
    process.start()
  }

  private startExecution(): void {
    const { input, workflow } = this.options
    this.observe(Effect.provideContext(workflow.start(input), this.outside.context), (started) => {
      if (Exit.isFailure(started)) {
        const error = Cause.squash(started.cause)
        return this.wrong(`its start failed: ${error instanceof Error ? error.message : String(error)}`)
      }
      this.handle = started.value
      this.begin()
    })
  }

  private begin(): void {
    if (this.handle !== undefined) this.script.begin(this.handle, this.processes.at(-1)!)
  }

  private observe<A, E2>(effect: Effect.Effect<A, E2>, done: (exit: Exit.Exit<A, E2>) => void): void {
    Effect.runForkWith(this.contextOf(this.world))(effect).addObserver(done)
  }

  private report(): Course<Success, Error> {
    const { closing, fault, handle } = this
    const { began, commits, programs } = this.watched
    const executor = { ...absent, result: () => Effect.succeed(closing!) }
    const end =
      handle === undefined || closing === undefined
        ? undefined
        : Effect.runSyncExit(Effect.provideService(handle.result, DurableExecutor, executor))
    const crashed = this.processes.filter(({ hasCrashed }) => hasCrashed).length
    return { began, closing, commits, crashed, end, fault, programs, workflowId: handle?.workflowId }
  }
}

/** An executor that is only asked for the result. */
const absent = { start: () => Effect.never, find: () => Effect.never, send: () => Effect.never }
