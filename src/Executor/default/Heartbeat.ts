/**
 * What this worker says of itself to the others, and what it knows of them.
 *
 * A worker that is given a name has it together with an *incarnation*, which each start of a process has of its own. Two living
 * workers of one name are a mistake of a deployment: the one that came first stops when it hears of the other.
 */
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Semaphore from "effect/Semaphore"
import { WorkerId } from "../../Ids.ts"
import { digest } from "../../internal/core/digest.ts"
import { type ProgramOf, programName } from "../../internal/core/programName.ts"
import type { Outlook, StoreError, WorkerRecord, Workers, WorkflowStore } from "../../Store/WorkflowStore.ts"
import type { Lease } from "./Lease.ts"

/** The id of a worker that is given a name: incarnations of one name are in the order of their starts. */
export const incarnationOf = (name: string, unique: string, startedAt: number): WorkerId =>
  WorkerId.make(`${name}/${startedAt.toString(36).padStart(9, "0")}${Math.abs(digest(unique)).toString(36)}`)

export class Heartbeat {
  readonly lease: Lease
  private readonly store: WorkflowStore["Service"]
  private readonly worker: WorkerId
  private readonly name: string | undefined
  private readonly milliseconds: number
  private readonly workflows: () => ReadonlyArray<string>
  private readonly now: () => number
  private readonly superseded: (by: WorkerId) => void
  private living: ReadonlyArray<WorkerRecord> = []
  /** The ids of the workers that live, this one included. */
  private ids: ReadonlySet<WorkerId>
  private left: ReadonlySet<WorkerId> = new Set()
  private hasSpoken = false
  private readonly turn = Semaphore.makeUnsafe(1)
  /** Living workers of the same name that were there before this one. */
  private earlier: ReadonlySet<WorkerId> | undefined = undefined

  constructor(options: {
    readonly store: WorkflowStore["Service"]
    readonly worker: WorkerId
    /** The name that the worker was given. */
    readonly name: string | undefined
    readonly lease: Lease
    /** How long a silent worker counts as alive. */
    readonly milliseconds: number
    /** The workflows of which the worker has the programs. */
    readonly workflows: () => ReadonlyArray<string>
    /** The clock of executions. */
    readonly now: () => number
    /** Called when a later worker has the same name. */
    readonly superseded: (by: WorkerId) => void
  }) {
    this.store = options.store
    this.worker = options.worker
    this.ids = new Set([options.worker])
    this.name = options.name
    this.milliseconds = options.milliseconds
    this.workflows = options.workflows
    this.now = options.now
    this.superseded = options.superseded
    this.lease = options.lease
  }

  /** Says that this worker lives, before it runs another workflow, and learns of the others. */
  get begin(): Effect.Effect<void, StoreError> {
    const say = this.inTurn(() => this.say)
    return Effect.flatMap(say, (told) => (told === undefined ? this.look : Effect.void))
  }

  /**
   * Says that this worker lives, if it has anything to run: no other worker needs to wait for one that has not. Returns what there is to
   * look for, where the store tells.
   */
  get beat(): Effect.Effect<Outlook | undefined, StoreError> {
    return this.inTurn(() => (this.workflows().length === 0 ? Effect.succeed(undefined) : this.say))
  }

  /** Says that this worker has ended in order, if it ever said that it lives, so that others take its executions at once. */
  get end(): Effect.Effect<void, StoreError> {
    return this.inTurn(() => {
      if (!this.hasSpoken) return Effect.void
      this.hasSpoken = false
      this.lease.ended()
      return Effect.asVoid(this.store.heartbeat(this.record, Duration.zero))
    })
  }

  /** Learns which workers live. */
  readonly look: Effect.Effect<void, StoreError> = Effect.suspend(() =>
    Effect.map(this.store.workers, (workers) => this.learn(workers))
  )

  /** The workers that live, this one included. */
  get alive(): ReadonlySet<WorkerId> {
    return this.ids
  }

  /** Whether a worker that does not live died, instead of ending in order. */
  hasDied(worker: WorkerId | undefined): boolean {
    return worker !== undefined && !this.alive.has(worker) && !this.left.has(worker)
  }

  /** Whether a worker is this one, or one of the same name before it. */
  isNamesake(worker: WorkerId | undefined): boolean {
    if (worker === undefined) return false
    return worker === this.worker || (this.name !== undefined && isNamed(worker, this.name))
  }

  /** Whether a worker lives and is neither this one nor one of the same name. */
  isOtherAlive(worker: WorkerId | undefined): boolean {
    return worker !== undefined && this.alive.has(worker) && !this.isNamesake(worker)
  }

  /** Whether another worker that lives may have the program of an execution. */
  othersMayHave(needs: ProgramOf): boolean {
    const name = programName(needs)
    return this.living.some((other) => this.isOther(other, name))
  }

  /** How many living workers come before this one for an execution, by their names (rendezvous hashing). */
  rank(execution: ProgramOf & { readonly workflowId: string }): number {
    const { workflowId } = execution
    const name = programName(execution)
    const mine = digest(`${workflowId}\n${nameOf(this.worker)}`)
    let before = 0
    for (const other of this.living) {
      if (this.isOther(other, name) && digest(`${workflowId}\n${nameOf(other.id)}`) > mine) before++
    }
    return before
  }

  private isOther({ id, workflows }: WorkerRecord, program: string): boolean {
    // Releases before 0.2 do not say what they have.
    return id !== this.worker && (workflows === undefined || workflows.includes(program))
  }

  private get record(): WorkerRecord {
    return { id: this.worker, workflows: this.workflows() }
  }

  private get say(): Effect.Effect<Outlook | undefined, StoreError> {
    this.hasSpoken = true
    const asked = this.lease.ask()
    const lease = Duration.millis(this.milliseconds)
    return Effect.map(this.store.heartbeat(this.record, lease, { wakeBefore: this.now() + 1 }), (told) => {
      this.lease.renewed(asked)
      // A store says nothing, or what it knows.
      const outlook = told ?? undefined
      if (outlook !== undefined) this.learn(outlook)
      return outlook
    })
  }

  /** One at a time: of two that are under way a store may keep the earlier one, of fewer workflows or of a worker that has ended. */
  private inTurn<A>(speak: () => Effect.Effect<A, StoreError>): Effect.Effect<A, StoreError> {
    return this.turn.withPermit(Effect.suspend(speak))
  }

  private learn({ left, living }: Workers): void {
    this.living = living
    this.ids = new Set([...living.map(({ id }) => id), this.worker])
    this.left = new Set(left)
    this.lookForNamesakes()
  }

  private lookForNamesakes(): void {
    const { name } = this
    if (name === undefined) return
    const namesakes = this.living.flatMap(({ id }) => (id !== this.worker && isNamed(id, name) ? [id] : []))
    const { earlier } = this
    this.earlier ??= new Set(namesakes)
    const later = namesakes.find((id) => earlier?.has(id) === false && id > this.worker)
    if (later !== undefined) this.superseded(later)
  }
}

// internal

/** The name that a worker was given; release 0.1 has the name alone, and what was given none has its id. */
const nameOf = (id: WorkerId): string => (id.includes("/") ? id.slice(0, id.lastIndexOf("/")) : id)

const isNamed = (id: WorkerId, name: string): boolean => id === name || nameOf(id) === name
