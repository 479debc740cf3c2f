/**
 * What a test sees of one execution, whoever runs it: the handlers that ran, what was recorded by then, and what the
 * senders of messages were told.
 */
import { assert } from "@effect/vitest"
import { Effect } from "effect"
import { type ClosingEvent, type HistoryEvent, isCommand, isDelivered } from "perdure/HistoryEvent"
import { WorkflowId } from "perdure/Ids"
import type { Commit, StoreError, WorkflowStore } from "perdure/Store/WorkflowStore"
import type { Run } from "../corpus/handlers.ts"
import { isExpected, type Message, type Outcome, outcomeOf, type Scenario } from "../corpus/scenarios.ts"
import { printed } from "../replay/Driver.ts"
import { AttemptsBefore, type Finished, type ObservedRun, violations } from "./invariants.ts"

/** What came of a scenario. */
export interface Report extends Finished {
  readonly history: ReadonlyArray<HistoryEvent>
  readonly outcome: Outcome
  /** How many processes it took. */
  readonly processes: number
  readonly violations: ReadonlyArray<string>
}

/** The name of signals that come from elsewhere and that no program hears. */
export const unheard = "unheard"

export class Observer {
  readonly acknowledged: Array<Message> = []
  private readonly scenario: Scenario
  private readonly workflowId: WorkflowId
  private readonly store: WorkflowStore["Service"]
  private readonly runs: Array<ObservedRun> = []
  private before = new AttemptsBefore()
  private readonly over = new Set<string>()
  private readonly written: Array<Commit> = []
  private runId = ""

  constructor(scenario: Scenario, workflowId: string, store: WorkflowStore["Service"]) {
    this.scenario = scenario
    this.workflowId = WorkflowId.make(workflowId)
    this.store = store
  }

  /** Notes that a handler started. */
  ran(run: Run): void {
    this.runs.push({
      ...run,
      before: this.before.of(Number(run.key.slice(run.key.lastIndexOf("/") + 1))),
      isOver: this.over.has(run.key)
    })
  }

  /** The worker whose execution it is by what was recorded last; none when it is over. */
  get owner(): string | undefined {
    return this.written.at(-1)?.summary.owner
  }

  /** Notes what was recorded. */
  wrote(commit: Commit): void {
    this.written.push(commit)
    for (const event of commit.events) {
      if (event._tag === "ExecutionStarted") {
        this.runId = event.runId
        this.before = new AttemptsBefore()
      }
      this.before.take(event)
      if (!("seq" in event)) continue
      const key = `${this.runId}/${event.seq}`
      if (event._tag === "ActivityResolved" || event._tag === "ActivityCancelled") this.over.add(key)
    }
  }

  /** The commits so far. */
  get commits() {
    return Effect.map(this.store.load(this.workflowId), (stored) =>
      stored._tag === "Some" ? stored.value.commits : []
    )
  }

  /** The events so far. */
  get history(): Effect.Effect<ReadonlyArray<HistoryEvent>, StoreError> {
    return Effect.map(this.commits, (commits) => commits.flatMap((commit) => commit.events))
  }

  /** What came of it, when it was answered with a closing event. */
  report(closing: ClosingEvent, processes: number): Effect.Effect<Report, StoreError> {
    return Effect.map(this.commits, (commits) => {
      const history = commits.flatMap((commit) => commit.events)
      const { acknowledged, runs, scenario, written } = this
      const wrong = [...violations({ scenario, commits, written, runs, acknowledged })]
      if (JSON.stringify(history.at(-1)) !== JSON.stringify(closing)) wrong.push("the answer is not what is recorded")
      return {
        scenario,
        commits,
        written,
        runs,
        acknowledged,
        history,
        outcome: outcomeOf(closing),
        processes,
        violations: wrong
      }
    })
  }
}

/** Fails unless a report is as the scenario says, with the facts of the undisturbed one. */
export const check = (report: Report, sound: Report, disturbance: string): void => {
  const of = `${report.scenario.name}, ${disturbance}\n${printed(report.history)}\n`
  assert.isTrue(isExpected(report.scenario, report.outcome), `${of}${JSON.stringify(report.outcome)}`)
  assert.deepStrictEqual(report.violations, [], of)
  assert.deepStrictEqual(facts(report), facts(sound), of)
}

// internal

/** What happened, whatever the order: how often the program saw or asked for each thing. It sees the first cancel alone. */
const facts = ({ history }: Report): ReadonlyArray<string> =>
  history
    // A handler that is told the number of its attempt fails less often when attempts were lost.
    .filter((event) => isCommand(event) || isDelivered(event))
    .filter((event) => event._tag !== "CancelRequested" || event === history.find(({ _tag }) => _tag === event._tag))
    .map((event) => ("name" in event ? `${event._tag} ${event.name}` : event._tag))
    .filter((fact) => !fact.endsWith(` ${unheard}`))
    .toSorted()
