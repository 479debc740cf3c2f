/**
 * Runs executions that send to each other in several processes over bad links. Now and then one of them dies, or is believed to
 * be dead while it goes on, deaf to what the others commit; another one takes its executions.
 *
 * All chance comes from the seed, and all time is virtual, so a seed is one schedule.
 */
import { Deferred, Duration, Effect, Layer, PubSub, type Scope, Stream } from "effect"
import { type Ref, WorkerId } from "perdure/Ids"
import { type Change, WorkflowStore } from "perdure/Store/WorkflowStore"
import { make as makeRandom } from "../../src/internal/replay/random.ts"
import { changeOf } from "../../src/internal/store/listing.ts"
import * as Faults from "./Faults.ts"
import {
  type Answered,
  attempt,
  type Attempted,
  type Finished,
  type Kept,
  leaving,
  repeated,
  type Services,
  settings
} from "./MessageCrashes.ts"
import { type Action, layers, type Scenario } from "./MessageScenarios.ts"
import { World } from "./MessageWorld.ts"
import * as Process from "./Process.ts"
import { Traffic } from "./Traffic.ts"

export interface Report {
  /** How often an execution was taken, and how many processes died. */
  readonly takeovers: number
  readonly deaths: number
  readonly violations: ReadonlyArray<string>
  readonly printed: string
}

/** Runs a scenario to its end. */
export const run = (store: WorkflowStore["Service"], scenario: Scenario, seed: string): Effect.Effect<Report> =>
  Effect.scoped(
    Effect.flatMap(PubSub.unbounded<ReadonlyArray<Change>>(), (news) => new Takeovers(store, scenario, seed, news).run)
  )

// internal

/** How often a process is believed to be dead. */
const takeovers = 3

/** How long a client waits at most before its next action, and a worker before it looks again, in milliseconds. */
const soon = 60

/** How often the living processes look for executions at most, until all is at rest. */
const looks = 300

/** How often an action is attempted; a client that is told so often that it is too early leaves it. */
const attempts = 8

interface Contender extends Process.Process {
  readonly worker: WorkerId
}

class Takeovers {
  private readonly scenario: Scenario
  private readonly seed: string
  private readonly world: World
  private readonly layer: Layer.Layer<WorkflowStore>
  private readonly traffic = new Traffic<never>(Effect.void)
  private readonly draw: () => number
  /** What a process otherwise finds out at a heartbeat, since it may miss news. */
  private readonly news: PubSub.PubSub<ReadonlyArray<Change>>
  private readonly contenders: Array<Contender> = []
  /** Workers that are believed to be dead. */
  private readonly dead = new Set<WorkerId>()
  private readonly answers: Array<Answered> = []
  private readonly kept: Array<Kept> = []
  private readonly finished: Array<Finished> = []
  private ids = 0

  constructor(
    store: WorkflowStore["Service"],
    scenario: Scenario,
    seed: string,
    news: PubSub.PubSub<ReadonlyArray<Change>>
  ) {
    const random = makeRandom(seed)
    this.scenario = scenario
    this.seed = seed
    this.news = news
    this.world = new World(store)
    this.layer = Layer.succeed(WorkflowStore, store)
    this.draw = () => random.nextDoubleUnsafe()
  }

  get run(): Effect.Effect<Report, never, Scope.Scope> {
    return Effect.gen({ self: this }, function* () {
      yield* this.start("all", true)
      yield* this.start(this.draw() < 0.3 ? "receivers" : "all", true)
      for (const action of this.plan()) {
        yield* action === "takeover" ? this.takeOver : this.act(action)
        // Without a pause what comes next meets what is still under way.
        yield* this.traffic.pass(Math.floor(this.draw() * soon))
      }
      yield* this.comeToRest
      const asked = (ref: Ref) => this.askOne(this.living, ({ executor }) => Effect.orDie(executor.result(ref)))
      const violations = [
        ...(yield* this.world.violations(
          this.living.map(({ worker }) => worker),
          asked
        ))
      ]
      violations.push(...this.world.misanswered(this.answers), ...this.world.lost(this.kept))
      violations.push(...this.world.undone(this.finished))
      const chains = yield* this.world.chains
      for (const answered of this.answers) {
        if (!chains.has(answered.answer.runId)) continue
        const again = yield* this.askOne(this.living, (services) => repeated(services, answered))
        violations.push(...(again ?? []))
      }
      const deaths = this.contenders.filter(({ died }) => Deferred.isDoneUnsafe(died)).length
      return { takeovers: this.world.takeovers, deaths, violations, printed: this.world.printed }
    })
  }

  /** The actions of the clients in their order, and takeovers at any place. */
  private plan(): ReadonlyArray<Action | "takeover"> {
    const plan: Array<Action | "takeover"> = [...this.scenario.actions]
    for (let count = 0; count < takeovers; count++) {
      plan.splice(1 + Math.floor(this.draw() * plan.length), 0, "takeover")
    }
    return plan
  }

  private pick<A>(values: ReadonlyArray<A>): A {
    return values[Math.floor(this.draw() * values.length)]!
  }

  /** The processes that live and are not believed to be dead. */
  private get living(): ReadonlyArray<Contender> {
    return this.contenders.filter(({ died, worker }) => !this.dead.has(worker) && !Deferred.isDoneUnsafe(died))
  }

  /** Starts a process, which may die at one of its first commits unless it is to live. */
  private start(programs: "all" | "receivers", isMortal: boolean): Effect.Effect<void, never, Scope.Scope> {
    return Effect.gen({ self: this }, function* () {
      const worker = WorkerId.make(`worker ${this.contenders.length}`)
      const crash = { commit: 1 + Math.floor(this.draw() * 8), place: this.pick(Process.places) }
      const process = yield* Effect.orDie(
        Process.start(
          {
            scenario: { layer: layers[programs] },
            worker,
            store: this.layer,
            link: (store) => this.linkOf(worker, store),
            crash: isMortal && this.draw() < 0.4 ? crash : undefined,
            observer: this.world.observer,
            traffic: this.traffic,
            makeId: () => `${this.ids++}`
          },
          settings
        )
      )
      yield* Effect.addFinalizer(() => process.end)
      this.contenders.push({ ...process, worker })
    })
  }

  /** A bad link, by which a process that is believed to be dead hears nothing. */
  private linkOf(worker: WorkerId, store: WorkflowStore["Service"]): WorkflowStore["Service"] {
    const all = Stream.merge(store.changes, Stream.fromPubSub(this.news))
    const changes = Stream.filter(all, () => !this.dead.has(worker))
    return Faults.link(`${this.seed}/${worker}`)({ ...store, changes }, this.world)
  }

  /** A process is believed to be dead, and another one begins. All that live look for executions to take. */
  private get takeOver(): Effect.Effect<void, never, Scope.Scope> {
    return Effect.gen({ self: this }, function* () {
      const { worker } = this.pick(this.contenders)
      this.dead.add(worker)
      yield* this.start(this.draw() < 0.3 ? "receivers" : "all", true)
      yield* this.bury
      for (let look = 0; look < 3; look++) {
        for (const contender of this.contenders) {
          if (!Deferred.isDoneUnsafe(contender.died) && this.draw() < 0.7) yield* this.look(contender)
        }
        yield* this.traffic.pass(Math.floor(this.draw() * soon))
      }
    })
  }

  /** Ends the leases of the processes that died, or are believed to be dead. */
  private get bury(): Effect.Effect<void> {
    const living = new Set(this.living.map(({ worker }) => worker))
    const gone = this.contenders.filter(({ worker }) => !living.has(worker))
    return Effect.orDie(
      Effect.forEach(gone, ({ id }) => this.world.store.heartbeat({ id: id() }, Duration.zero), { discard: true })
    )
  }

  private look(contender: Contender): Effect.Effect<void> {
    return Effect.asVoid(this.traffic.answer(contender.look, () => Deferred.isDoneUnsafe(contender.died)))
  }

  /** One more process comes, which lives. The living ones look until nothing is to be done any more. */
  private get comeToRest(): Effect.Effect<void, never, Scope.Scope> {
    return Effect.gen({ self: this }, function* () {
      yield* this.start("all", false)
      for (let look = 0, rest = 0; look < looks && rest < 2; look++) {
        yield* this.bury
        for (const contender of this.living) yield* this.look(contender)
        const due = (yield* this.world.summaries).filter(({ wakeAt }) => wakeAt !== undefined)
        yield* PubSub.publish(this.news, due.map(changeOf))
        yield* this.traffic.pass(1 + Math.floor(this.draw() * 1000))
        const unrest = yield* this.world.unrest(this.living.map(({ worker }) => worker))
        if (unrest.length > 0) rest = 0
        else if (rest++ === 0) yield* this.traffic.pass(60_000)
      }
    })
  }

  private act(action: Action): Effect.Effect<void, never, Scope.Scope> {
    return Effect.gen({ self: this }, function* () {
      for (let time = 0; time < attempts; time++) {
        const outcome = yield* this.ask((services) => this.attempt(services, action))
        if (outcome === "done") return
        yield* this.bury
        for (const contender of this.living) yield* this.look(contender)
        yield* this.traffic.pass(Math.floor(this.draw() * soon))
      }
    })
  }

  /** Attempts an action. A process that hears nothing does not hear answers either, so a client that waits for one asks another. */
  private attempt(services: Services, action: Action): Effect.Effect<Attempted> {
    const attempted = attempt(services, action, {
      answered: (answered) => void this.answers.push(answered),
      kept: (kept) => void this.kept.push(kept),
      finished: (finished) => void this.finished.push(finished)
    })
    return action.op === "update" || action.op === "updateWith" ? leaving(attempted) : attempted
  }

  /** Asks one of them, also one that is believed to be dead, and another one if it dies before it answers. */
  private ask<A>(question: (services: Services) => Effect.Effect<A>): Effect.Effect<A, never, Scope.Scope> {
    return Effect.gen({ self: this }, function* () {
      const isThere = ({ died }: Contender) => !Deferred.isDoneUnsafe(died)
      if (!this.contenders.some(isThere)) yield* this.start("all", false)
      const answer = yield* this.askOne(this.contenders.filter(isThere), question)
      return answer ?? (yield* this.ask(question))
    })
  }

  /** The answer of one of them; none when it dies before. */
  private askOne<A>(contenders: ReadonlyArray<Contender>, question: (services: Services) => Effect.Effect<A>) {
    return Effect.gen({ self: this }, function* () {
      const contender = this.pick(contenders)
      const isGivenUp = () => Deferred.isDoneUnsafe(contender.died)
      const answer = yield* this.traffic.answer(question(contender), isGivenUp)
      return answer === undefined ? undefined : yield* answer
    })
  }
}
