/**
 * The line in front of the handlers: attempts that wait for room, and which of them is the next.
 *
 * Activities take turns, and in the turn of an activity the executions that call it; the calls of one execution to one activity keep
 * their order. So ten thousand calls of one execution, or of one activity, do not delay the first call of another one: it comes
 * when each has had a turn. An activity at one of its limits has no turn, and keeps no other from one:
 *
 * | the activity of an attempt in line | has turns | again                                                       |
 * | ---------------------------------- | --------- | ----------------------------------------------------------- |
 * | has room                           | yes       |                                                             |
 * | runs `concurrency` handlers        | no        | when one of them has ended, or is left behind               |
 * | has begun `rateLimit` of them      | no        | when the time has passed, for which the activity has one alarm |
 *
 * Nothing here looks at every attempt: what is done with one takes the same time however long the line is.
 */
import * as Duration from "effect/Duration"
import { type Linked, Links } from "../../internal/core/Links.ts"
import type { ActivityHandler } from "../WorkflowRegistry.ts"
import type { AlarmOwner, Alarms } from "./Alarms.ts"
import type { Fibers } from "./Fibers.ts"
import { Rate } from "./Rate.ts"

/** What stands in line: the call of an execution to an activity, which is one for all that have its handler. */
export interface Standing {
  readonly owner: object
  readonly handler: ActivityHandler
}

/** An activity whose attempts wait because as many of its handlers run as may. */
export interface Full {
  readonly name: string
  readonly running: number
  readonly waiting: number
  /** When one of its handlers last made room, or it became full. */
  readonly movedAt: number
}

export class Line<A extends Standing> {
  private readonly clock: Pick<Fibers, "now" | "passed">
  private readonly alarms: Pick<Alarms, "at">
  private readonly opened: () => void
  private readonly places = new Map<A, Place<A>>()
  private readonly activities = new WeakMap<ActivityHandler, Activity<A>>()
  /** The activities that have turns, the next one in front. */
  private readonly turns = new Links<Activity<A>>()
  private readonly full = new Set<Activity<A>>()

  /** `opened` is called when time has given an activity room. */
  constructor(clock: Pick<Fibers, "now" | "passed">, alarms: Pick<Alarms, "at">, opened: () => void) {
    this.clock = clock
    this.alarms = alarms
    this.opened = opened
  }

  /** How many stand in line. */
  get size(): number {
    return this.places.size
  }

  /** All that stands in line, in no order that matters. */
  get standing(): Iterable<A> {
    return this.places.keys()
  }

  /** Whether one of them may leave the line, as far as the limits of activities go. */
  get isReady(): boolean {
    return !this.turns.isEmpty
  }

  /** The activities that wait for their own handlers. */
  get waitingForOwn(): ReadonlyArray<Full> {
    return Array.from(this.full, ({ movedAt, name, running, waiting }) => ({ movedAt, name, running, waiting }))
  }

  /** Whether the limits of an activity let one more begin. */
  hasRoom(handler: ActivityHandler): boolean {
    // Fast path: most activities have no limits.
    return handler.limits === undefined || this.pauseOf(this.activityOf(handler)) === 0
  }

  /** Whether an attempt of an activity need not stand in line, if nothing else in it is ready. */
  admits(handler: ActivityHandler): boolean {
    return handler.limits === undefined || (this.activityOf(handler).waiting === 0 && this.hasRoom(handler))
  }

  /** Adds an attempt behind the others of its execution. */
  add(attempt: A): void {
    const activity = this.activityOf(attempt.handler)
    const execution = activity.executionOf(attempt.owner)
    const place: Place<A> = { attempt, execution, before: undefined, after: undefined }
    execution.places.push(place)
    this.places.set(attempt, place)
    activity.waiting++
    this.look(activity)
  }

  /** Removes an attempt, and says whether it was there. */
  remove(attempt: A): boolean {
    const place = this.places.get(attempt)
    if (place === undefined) return false
    const { execution } = place
    const { activity } = execution
    this.places.delete(attempt)
    execution.places.remove(place)
    if (execution.places.isEmpty) activity.forget(execution)
    activity.waiting--
    this.look(activity)
    return true
  }

  /** Removes the attempt whose turn it is. The next turn is that of another activity, if another one has turns. */
  take(): A | undefined {
    const activity = this.turns.first
    const execution = activity?.executions.first
    const place = execution?.places.first
    if (activity === undefined || execution === undefined || place === undefined) return undefined
    this.turns.rotate(activity)
    activity.executions.rotate(execution)
    this.remove(place.attempt)
    return place.attempt
  }

  /** A handler of an activity has begun, whether or not it stood in line. */
  began(handler: ActivityHandler): void {
    if (handler.limits === undefined) return
    const activity = this.activityOf(handler)
    activity.running++
    activity.rate?.began(this.clock.passed())
    this.look(activity)
  }

  /** A handler of an activity does not run any more, or is left behind. */
  ended(handler: ActivityHandler): void {
    if (handler.limits === undefined) return
    const activity = this.activityOf(handler)
    activity.running--
    activity.movedAt = this.clock.now()
    this.look(activity)
  }

  /** Gives an activity its turns, or takes them away. */
  private look(activity: Activity<A>): void {
    const pause = activity.waiting === 0 ? undefined : this.pauseOf(activity)
    const hasTurns = pause === 0
    if (hasTurns !== activity.hasTurns) {
      activity.hasTurns = hasTurns
      if (hasTurns) this.turns.push(activity)
      else this.turns.remove(activity)
    }
    if (pause !== Number.POSITIVE_INFINITY) this.full.delete(activity)
    else if (!this.full.has(activity)) {
      activity.movedAt = this.clock.now()
      this.full.add(activity)
    }
    const isTimed = pause !== undefined && pause > 0 && Number.isFinite(pause)
    if (!isTimed) this.alarms.at(activity, undefined)
    // Whole milliseconds: a timer that is early by a part of one would find no room.
    else if (activity.alarmAt === undefined) this.alarms.at(activity, this.clock.now() + Math.ceil(pause))
  }

  /** How long an activity has no room, in milliseconds: for an unknown time when its own handlers must end first. */
  private pauseOf({ concurrency, rate, running }: Activity<A>): number {
    if (running >= concurrency) return Number.POSITIVE_INFINITY
    return rate === undefined ? 0 : rate.pauseAt(this.clock.passed())
  }

  private activityOf(handler: ActivityHandler): Activity<A> {
    const known = this.activities.get(handler)
    if (known !== undefined) return known
    const activity = new Activity<A>(handler, () => {
      this.look(activity)
      if (activity.hasTurns) this.opened()
    })
    this.activities.set(handler, activity)
    return activity
  }
}

// internal

/** An attempt in line, in the list of its execution. */
interface Place<A> extends Linked<Place<A>> {
  readonly attempt: A
  readonly execution: Execution<A>
}

/** The attempts of an execution that wait for one activity. */
interface Execution<A> extends Linked<Execution<A>> {
  readonly owner: object
  readonly activity: Activity<A>
  readonly places: Links<Place<A>>
}

/** An activity: what runs of it, and the executions that wait for it. Its alarm goes off when its rate has room again. */
class Activity<A> implements Linked<Activity<A>>, AlarmOwner {
  before: Activity<A> | undefined = undefined
  after: Activity<A> | undefined = undefined
  alarmAt: number | undefined = undefined
  readonly wake: () => void
  readonly name: string
  readonly concurrency: number
  readonly rate: Rate | undefined
  readonly executions = new Links<Execution<A>>()
  private readonly byOwner = new Map<object, Execution<A>>()
  hasTurns = false
  running = 0
  waiting = 0
  movedAt = 0

  constructor({ limits, name }: ActivityHandler, wake: () => void) {
    this.wake = wake
    this.name = name
    this.concurrency = limits?.concurrency ?? Number.POSITIVE_INFINITY
    const rate = limits?.rateLimit
    this.rate = rate === undefined ? undefined : new Rate(rate.limit, Duration.toMillis(rate.every))
  }

  executionOf(owner: object): Execution<A> {
    const known = this.byOwner.get(owner)
    if (known !== undefined) return known
    const execution: Execution<A> = { owner, activity: this, places: new Links(), before: undefined, after: undefined }
    this.byOwner.set(owner, execution)
    this.executions.push(execution)
    return execution
  }

  forget(execution: Execution<A>): void {
    this.byOwner.delete(execution.owner)
    this.executions.remove(execution)
  }
}
