/**
 * The executions in the care of this worker, at most so many of them in memory.
 */
import type { WorkflowId } from "../../Ids.ts"
import { ShutDown } from "../../WorkflowError.ts"
import type { Registration } from "../WorkflowRegistry.ts"
import type { Execution } from "./Execution.ts"

/** How many of the least recently used executions are looked at for one that can leave. */
const candidates = 16

/** An execution that was taken and sleeps for longer than this leaves memory at once, in milliseconds. */
const longSleep = 60_000

export class InCare {
  private readonly maxLoaded: number
  private readonly all = new Map<WorkflowId, Execution>()
  /** Executions whose first commit is not saved yet: they are not in care, and end with their workflow all the same. */
  private readonly unsaved = new Set<Execution>()
  /** The executions in memory, the least recently used first. */
  private readonly loaded = new Set<Execution>()
  /** The last of them. */
  private newest: Execution | undefined = undefined
  /** How often an execution was taken that others had, or none. */
  takeovers = 0

  constructor(maxLoaded: number) {
    this.maxLoaded = maxLoaded
  }

  /** How many are in care, in memory or not. */
  get size(): number {
    return this.all.size
  }

  /** How many are in memory. */
  get loadedSize(): number {
    return this.loaded.size
  }

  /** The executions that wait for the answers of others, if none in memory has anything to do but that. */
  get asking(): ReadonlyArray<Execution> | undefined {
    const busy = [...this.loaded].filter(({ isIdle }) => !isIdle)
    return this.unsaved.size === 0 && busy.every(({ isAsking }) => isAsking) ? busy : undefined
  }

  get(workflowId: WorkflowId): Execution | undefined {
    return this.all.get(workflowId)
  }

  /** Follows an execution into, within and out of memory. */
  touched(execution: Execution): void {
    switch (execution.program._tag) {
      case "New":
        return
      case "Released":
        this.unsaved.delete(execution)
        this.forget(execution)
        if (this.all.get(execution.workflowId) === execution) this.all.delete(execution.workflowId)
        return
      case "Claiming":
      case "Unloaded":
        this.forget(execution)
        return this.keep(execution)
      case "Loaded":
      case "Stopped":
        // Fast path: an execution that works for a while is the newest all the time.
        if (execution === this.newest) return
        if (isUnsaved(execution)) return void this.unsaved.add(execution)
        this.unsaved.delete(execution)
        this.loaded.delete(execution)
        this.loaded.add(execution)
        this.newest = execution
        this.keep(execution)
        if (this.loaded.size > this.maxLoaded) this.unload()
    }
  }

  /**
   * Lets go of the program of an execution that was just taken, if it sleeps for long or many are there: those of a worker that
   * died may be many more than have room, and must not push out what is busy.
   */
  taken(execution: Execution, now: number): void {
    this.takeovers++
    const { alarmAt = now } = execution
    if (alarmAt <= now + longSleep && this.loaded.size <= this.maxLoaded / 2) return
    if (!this.loaded.has(execution) || !execution.isIdle) return
    this.forget(execution)
    execution.unload()
  }

  /** Lets go of all executions; senders that wait for an answer are told of the shutdown. */
  release(): void {
    for (const execution of [...this.all.values(), ...this.unsaved]) execution.release(() => new ShutDown())
  }

  /** The executions of a workflow. */
  of(registration: Registration): ReadonlyArray<Execution> {
    return [...this.all.values(), ...this.unsaved].filter((execution) => execution.registration === registration)
  }

  private forget(execution: Execution): void {
    this.loaded.delete(execution)
    if (this.newest === execution) this.newest = undefined
  }

  private keep(execution: Execution): void {
    const other = this.all.get(execution.workflowId)
    if (other === execution) return
    // Of two runs of one id the store has the later one, so whatever the other one was told goes there.
    other?.release(() => "Conflict")
    this.all.set(execution.workflowId, execution)
  }

  private unload(): void {
    let looked = 0
    for (const execution of this.loaded) {
      if (this.loaded.size <= this.maxLoaded || ++looked > candidates) return
      this.forget(execution)
      if (execution.isIdle) execution.unload()
      // Re-insert at the end: otherwise the same busy executions are looked at every time.
      else this.loaded.add(execution)
    }
  }
}

// internal

/** Whether the first commit of its chain is not saved yet. A later run of a chain goes on in the care in which the one before it was. */
const isUnsaved = ({ chain, firstVersion, runId, version }: Execution): boolean =>
  version < firstVersion && runId === chain
