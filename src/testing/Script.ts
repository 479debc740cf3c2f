/**
 * The script of a life: what the outside does, or a part of the process that dies with it and begins again.
 */
import * as Cause from "effect/Cause"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import type { DurableExecutor } from "../Executor/DurableExecutor.ts"
import type { Executions } from "../Executor/Executions.ts"
import { executorOf, type Process } from "./Process.ts"
import { TestWorkflows } from "./TestWorkflows.ts"
import type { Group } from "./Turns.ts"

type Asked = Context.Context<DurableExecutor | Executions>

export interface Options<Handle> {
  readonly script: (handle: Handle) => Effect.Effect<unknown, unknown, DurableExecutor | Executions | TestWorkflows>
  /** Whether it dies with its process, and begins again in the next one. */
  readonly restarts: boolean
  /** Where it lives otherwise. */
  readonly world: Group
  /** What it asks there. */
  readonly outside: Asked
  /** The context of what lives in a group. */
  readonly context: (group: Group) => Context.Context<never>
  /** Waits until nothing more happens without time passing. */
  readonly settle: (group: Group) => Effect.Effect<void>
  /** Told once, when it has failed. */
  readonly wrong: (fault: string) => void
}

export class Script<Handle, E> {
  /** Whether it has come to its end. */
  isOver = false
  private readonly options: Options<Handle>
  /** The process in which it was begun last. */
  private begunIn: Process<E> | undefined = undefined

  constructor(options: Options<Handle>) {
    this.options = options
  }

  /** Begins: once, or once in each process, as soon as that is built. */
  begin(handle: Handle, process: Process<E>): void {
    const { outside, restarts, world } = this.options
    if (this.isOver) return
    if (!restarts) {
      if (this.begunIn === undefined) this.run(handle, process, world, outside)
    } else if (this.begunIn !== process && process.services !== undefined) {
      this.run(handle, process, process.group, executorOf(process.services))
    }
  }

  private run(handle: Handle, process: Process<E>, group: Group, asked: Asked): void {
    const { context, script, settle, wrong } = this.options
    this.begunIn = process
    const given = Context.add(asked, TestWorkflows, { settle: settle(group) })
    const running = Effect.provideContext(
      Effect.suspend(() => script(handle)),
      given
    )
    Effect.runForkWith(context(group))(running).addObserver((exit) => {
      if (this.begunIn !== process || this.isOver) return
      this.isOver = true
      if (Exit.isFailure(exit)) wrong(`its script failed: ${Cause.pretty(exit.cause)}`)
    })
  }
}
