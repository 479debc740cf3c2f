/**
 * Hooks beside processes that die: each event of which a process learned that it is stored is told once, whatever crashes, and nothing
 * else is.
 */
import { assert, describe, it } from "@effect/vitest"
import { Effect, Layer } from "effect"
import { TestClock } from "effect/testing"
import { Hooks } from "perdure"
import { type Commit, WorkflowStore } from "perdure/Store/WorkflowStore"
import * as Memory from "perdure/Store/Memory"
import { askName } from "../../src/internal/core/asked.ts"
import { make as makeRandom } from "../../src/internal/replay/random.ts"
import { all, type Scenario, virtual } from "../corpus/scenarios.ts"
import * as CrashRun from "./CrashRun.ts"
import * as Faults from "./Faults.ts"
import { modes, run as runMessages } from "./MessageCrashes.ts"
import { scenarios as messageScenarios } from "./MessageScenarios.ts"
import type { Report } from "./Observer.ts"
import { type Beside, type Crash, places } from "./Process.ts"
import * as Takeovers from "./Takeovers.ts"

/** How many pairs of a crash and one in the recovery each scenario gets; `PAIRS=100` tries many, and all modes of executions that talk. */
const pairs = Number(process.env["PAIRS"] ?? 6)
const isThorough = process.env["PAIRS"] !== undefined

/** No scenario makes so many commits, with all that is done again. */
const mostCommits = 1000

/** What hooks were told, what was stored, and of which commits a process learned that they are. */
class Trail {
  private readonly told: Array<string> = []
  private readonly answered: Array<Commit> = []
  private readonly stored = new Map<string, Commit>()

  get beside(): Beside {
    return { layer: Hooks.layer(Hooks.make(this.hooks)), answered: (commit) => void this.answered.push(commit) }
  }

  /** A store that notes what it takes. */
  storing(store: WorkflowStore["Service"]): WorkflowStore["Service"] {
    return {
      ...store,
      save: (commit) => Effect.tap(store.save(commit), () => Effect.sync(() => this.stored.set(commit.id, commit)))
    }
  }

  get calls(): number {
    return this.told.length
  }

  /** How many commits are stored of which no process learned that. */
  get unanswered(): number {
    return this.stored.size - new Set(this.answered.map(({ id }) => id)).size
  }

  /** Fails unless each event that was answered was told once, and nothing else. */
  check(of: string): void {
    const calls = new Map<string, string>()
    for (const { events, runId } of this.stored.values()) {
      for (const event of events) if (event._tag === "ActivityScheduled") calls.set(`${runId} ${event.seq}`, event.name)
    }
    const expected = this.answered.flatMap((commit) => commit.events.flatMap((event) => lineFor(calls, commit, event)))
    assert.deepStrictEqual(this.told.toSorted(), expected.toSorted(), of)
  }

  private readonly note = (hook: string, place: (event: any) => unknown) => (event: Hooks.About) =>
    Effect.sync(() => void this.told.push(lineOf(hook, event, place(event))))

  private get hooks() {
    const { note } = this
    const bySeq = ({ activity = "timer", seq }: { readonly activity?: string; readonly seq: number }) =>
      `${seq} ${activity}`
    return {
      onWorkflowStart: note("onWorkflowStart", () => ""),
      onWorkflowComplete: note("onWorkflowComplete", () => ""),
      onWorkflowFail: note("onWorkflowFail", () => ""),
      onWorkflowCancel: note("onWorkflowCancel", () => ""),
      onWorkflowBlock: note("onWorkflowBlock", () => ""),
      onTimer: note("onTimer", bySeq),
      onActivityStart: note("onActivityStart", bySeq),
      onActivityComplete: note("onActivityComplete", bySeq),
      onActivityFail: note("onActivityFail", bySeq),
      onRetry: note("onRetry", bySeq),
      onSignal: note("onSignal", ({ signal }) => signal),
      onUpdate: note("onUpdate", ({ update }) => update)
    }
  }
}

const lineOf = (
  hook: string,
  { runId, version, workflowId }: Omit<Hooks.About, "workflow" | "chain" | "at">,
  place: unknown
) => [workflowId, runId, version, hook, place].join("|")

/** The call that an event of a commit must give. */
const lineFor = (
  calls: ReadonlyMap<string, string>,
  commit: Commit,
  event: Commit["events"][number]
): ReadonlyArray<string> => {
  const call = (hook: Hooks.HookName, place: unknown = "") => [lineOf(hook, commit, place)]
  const ofActivity = (hook: Hooks.HookName, seq: number) => {
    const name = calls.get(`${commit.runId} ${seq}`)
    return name === askName ? [] : call(hook, `${seq} ${name}`)
  }
  switch (event._tag) {
    case "ExecutionStarted":
      return event.continues === undefined ? call("onWorkflowStart") : []
    case "ActivityScheduled":
      return ofActivity("onActivityStart", event.seq)
    case "ActivityResolved":
      return ofActivity(event.exit._tag === "Success" ? "onActivityComplete" : "onActivityFail", event.seq)
    case "ActivityAttemptFailed":
      return ofActivity("onRetry", event.seq)
    case "TimerFired":
      return call("onTimer", `${event.seq} timer`)
    case "SignalReceived":
      return call("onSignal", event.name)
    case "UpdateRequested":
      return call("onUpdate", event.name)
    case "ExecutionBlocked":
      return call("onWorkflowBlock")
    case "ExecutionCompleted":
      return call("onWorkflowComplete")
    case "ExecutionCancelled":
      return call("onWorkflowCancel")
    case "ExecutionFailed":
    case "ExecutionTimedOut":
    case "ExecutionTerminated":
      return call("onWorkflowFail")
    default:
      return []
  }
}

/** Runs in a store and a time of their own, with hooks beside each process; returns how many processes it took. */
const trailed = <A>(
  run: (store: WorkflowStore["Service"], beside: Beside) => Effect.Effect<A, CrashRun.Failure>,
  of: string
) =>
  Effect.gen(function* () {
    const trail = new Trail()
    const report = yield* run(trail.storing(yield* Memory.make()), trail.beside)
    trail.check(of)
    return { report, calls: trail.calls, unanswered: trail.unanswered }
  }).pipe(
    Effect.provide(TestClock.layer(), { local: true }),
    Effect.catchDefect((defect) => Effect.die(new Error(`${of}: ${String(defect)}`)))
  )

/** Tries every crash, alone, and some pairs of one crash and one in the recovery. */
const everyCrash = Effect.fnUntraced(function* (
  name: string,
  processesOf: (crashes: ReadonlyArray<Crash>, of: string) => Effect.Effect<number, CrashRun.Failure>
) {
  const attempt = (...crashes: ReadonlyArray<Crash>) =>
    processesOf(crashes, `${name}, crashing ${JSON.stringify(crashes)}`)
  assert.strictEqual(yield* attempt(), 1)
  const firsts: Array<Crash> = []
  for (let commit = 1, goesOn = true; goesOn; commit++) {
    assert.isBelow(commit, mostCommits)
    for (const place of places) {
      goesOn = (yield* attempt({ commit, place })) > 1
      if (!goesOn) break
      firsts.push({ commit, place })
    }
  }
  assert.isAtLeast(firsts.length, 2 * places.length)
  const random = makeRandom(name)
  const any = () => firsts[Math.floor(random.nextDoubleUnsafe() * firsts.length)]!
  for (let pair = 0; pair < pairs; pair++) yield* attempt(any(), any())
})

/** How many crashes took place, and how many of them after a write whose answer was lost. */
const lostAnswers = (crashes: ReadonlyArray<Crash>, processes: number): number =>
  crashes.slice(0, processes - 1).filter(({ place }) => place === "after the write").length

describe("22. each event is told once, and but for the commit at which a process died all of them are", () => {
  for (const scenario of all({ ...virtual, calls: 16 })) {
    it.live(
      scenario.name,
      () =>
        everyCrash(scenario.name, (crashes, of) =>
          trailed((store, beside) => crashRun(scenario, store, { beside, crashes }), of).pipe(
            Effect.map(({ calls, report: { processes }, unanswered }) => {
              assert.isAbove(calls, crashes.length === 0 ? 1 : -1)
              assert.strictEqual(unanswered, lostAnswers(crashes, processes), of)
              return processes
            })
          )
        ),
      120_000
    )
  }
})

describe("22. executions that talk are told of once, whatever crashes", () => {
  for (const [index, scenario] of messageScenarios.entries()) {
    for (const mode of isThorough ? modes : [modes[index % modes.length]!]) {
      it.live(
        `${scenario.name}, ${mode}`,
        () =>
          everyCrash(`${scenario.name}:${mode}`, (crashes, of) =>
            trailed((store, beside) => runMessages(store, scenario, mode, crashes, beside), of).pipe(
              Effect.map(({ calls, report: { processes, violations } }) => {
                assert.isAbove(calls, crashes.length === 0 ? 1 : -1)
                assert.deepStrictEqual(violations, [], of)
                return processes
              })
            )
          ),
        120_000
      )
    }
  }
})

describe("22. executors that take an execution from each other tell of it once", () => {
  // A caller outside has no token before the handler has run, which takeovers delay for any time.
  const scenarios = all({ ...virtual, calls: 16 }).filter(({ messages }) =>
    messages.every(({ _tag }) => _tag !== "Complete")
  )
  for (const scenario of scenarios) {
    it.live(scenario.name, () =>
      Effect.gen(function* () {
        const { report: sound } = yield* trailed(
          (store, beside) => crashRun(scenario, store, { beside }),
          "undisturbed"
        )
        for (let number = 1; number <= 5; number++) {
          const seed = `hooks:${scenario.name}:${number}`
          yield* trailed(
            (store, beside) =>
              Takeovers.run({ scenario, sound, seed, store, beside, layer: layerOf(store), link: Faults.link }),
            seed
          )
        }
      })
    )
  }
})

const layerOf = (store: WorkflowStore["Service"]) => Layer.succeed(WorkflowStore, store)

const crashRun = (
  scenario: Scenario,
  store: WorkflowStore["Service"],
  options: Pick<CrashRun.Options, "beside" | "crashes">
): Effect.Effect<Report, CrashRun.Failure> =>
  CrashRun.run({ ...options, scenario, workflowId: scenario.name, store, layer: layerOf(store) })
