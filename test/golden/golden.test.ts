/** This release reads all that releases since 0.1 wrote, and finishes what they left unfinished. */
import { createHash } from "node:crypto"
import { copyFileSync, globSync, readFileSync } from "node:fs"
import { assert, describe, it } from "@effect/vitest"
import { Effect, Option, Result, Schema, type Scope } from "effect"
import { TestClock } from "effect/testing"
import { Waiting } from "perdure"
import * as Default from "perdure/Executor/Default"
import type { Executions } from "perdure/Executor/Executions"
import { formatVersion, HistoryEvent, isClosing, type Problem } from "perdure/HistoryEvent"
import { Version, WorkflowId } from "perdure/Ids"
import * as Sqlite from "perdure/Store/Sqlite"
import { type Commit, ExecutionSummary } from "perdure/Store/WorkflowStore"
import { isFinal, type WorkflowState } from "perdure/WorkflowState"
import { fold } from "../../src/internal/core/evolve.ts"
import { noSignals } from "../../src/internal/replay/signals.ts"
import { decodeEvents, encodeEvents, formatOfEvents } from "../../src/internal/store/codec.ts"
import { summarize } from "../../src/internal/store/summary.ts"
import { readWaiting } from "../../src/internal/store/waiting.ts"
import { isExpected, outcomeOf } from "../corpus/scenarios.ts"
import { interpret, printed } from "../replay/Driver.ts"
import * as Lab from "../suites/executor/Lab.ts"
import { loaded } from "../suites/store/builders.ts"
import { freshFile } from "../support/sqliteFiles.ts"
import { changedProgram, farDate, inFile, later, programs, scenarios, workflows } from "./programs.ts"

/** The files with the SHA-256 of what is in them. A release adds files; none is changed or removed. */
const digests: Readonly<Record<string, string>> = {
  "0.1/histories.json": "cc8d7d6cca19db3d9aa3e58ae6eb23b91b5763a7fe60128448d20f156ef9eb1d",
  "0.1/nats.json": "f88b5b9e8a4b1e2f7bb14ca72340d717775b99373b0a5f56ad4b3c90ecf12042",
  "0.1/store.db": "de2793cba2d0e5fe34df896397228fb2daabb716f653fd962a9d4cfcfa95cd37",
  "0.2/histories.json": "e0b6b39b465f3d84b5f36853c7bede418da8c79c601aaf4b9d72f0ebbd284285"
}

const read = (path: string) => readFileSync(new URL(path, import.meta.url))

it("the files are those that the releases wrote, byte for byte", () => {
  const paths = globSync("[0-9]*/*", { cwd: import.meta.dirname }).toSorted()
  const found = paths.map((path) => [path, createHash("sha256").update(read(path)).digest("hex")])
  assert.deepStrictEqual(Object.fromEntries(found), digests)
})

/** The commits of one execution, as they were given to a store. */
interface History {
  readonly scenario: string
  readonly commits: ReadonlyArray<Commit>
}

/** The commits of each run. */
const runsOf = ({ commits }: History): ReadonlyArray<ReadonlyArray<Commit>> => [
  ...Map.groupBy(commits, ({ runId }) => runId).values()
]

const eventsOf = (commits: ReadonlyArray<Commit>) => commits.flatMap(({ events }) => events)

/** The program that wrote a history. */
const programOf = (events: ReadonlyArray<HistoryEvent>) => {
  const [first] = events
  assert(first?._tag === "ExecutionStarted", "a history begins with a start")
  const program = programs.get(first.workflow)
  assert(program !== undefined, first.workflow)
  return program
}

const strictly = { onExcessProperty: "error" } as const
const decodeEvent = Schema.decodeUnknownSync(HistoryEvent, strictly)
const decodeSummary = Schema.decodeUnknownSync(ExecutionSummary, strictly)

/** Some fields of a summary, without those that are absent. */
const fieldsOf = (summary: ExecutionSummary, left: ReadonlySet<string>) =>
  Object.fromEntries(Object.entries(summary).filter(([name]) => !left.has(name)))

/**
 * The fields in which the summary of a commit of release 0.1 differs from the fold of its events:
 *
 * - `owner` and `attributes` of the start were in the summary alone, so the fold has no attributes, and no owner before the
 *   first takeover, which is an event. The owner of a finished run is gone from both.
 * - `wakeAt`: to the fold a start without an owner is unread until the next event. And a signal or cancel by another process was
 *   not marked as unread: 0.1 wrote into the summary that a worker must look at once, which the event does not tell.
 */
const unknownTo01 = (commit: Commit, before: ReadonlyArray<HistoryEvent>, state: WorkflowState) => {
  const unknown = new Set(["attributes"])
  const wasTaken = [...before, ...commit.events].some(({ _tag }) => _tag === "OwnerChanged")
  if (!wasTaken && state.closed === undefined) unknown.add("owner")
  const [event, more] = commit.events
  const isByAnother =
    more === undefined &&
    (event._tag === "SignalReceived" || event._tag === "CancelRequested") &&
    commit.summary.wakeAt === event.at
  if (isByAnother || state.unreadSince !== undefined) unknown.add("wakeAt")
  return unknown
}

const releases = [
  { release: "0.1", latestFormat: 1, unknown: unknownTo01 },
  { release: "0.2", latestFormat: 2, unknown: () => new Set<string>() }
] as const

/** A problem without the advice, of which later releases know more. */
const sidesOf = (problem: Problem | undefined) =>
  problem && { ...problem, message: problem.message.split("\n").slice(0, 3) }

for (const { latestFormat, release, unknown } of releases) {
  const histories = JSON.parse(read(`${release}/histories.json`).toString()) as ReadonlyArray<History>

  describe(`the histories of release ${release}`, () => {
    it("decode, event by event, in the format that they were written in", () => {
      const formats = new Set<number>()
      for (const { commits, scenario } of histories) {
        for (const { events, summary } of commits) {
          for (const event of events) assert.deepStrictEqual(decodeEvent(event), event, scenario)
          const read = { ...summary, waitingFor: readWaiting(summary.waitingFor) }
          assert.deepStrictEqual(decodeSummary(read), read, scenario)
          assert.deepStrictEqual(read.waitingFor?.map(Waiting.inWords), summary.waitingFor.map(String), scenario)
          const format = formatOfEvents(events)
          formats.add(format)
          for (let written = format; written <= formatVersion; written++) {
            const decoded = decodeEvents(encodeEvents(events), written)
            assert.deepStrictEqual(Result.getOrThrow(decoded), events, scenario)
          }
        }
      }
      assert.strictEqual(Math.max(...formats), latestFormat)
    })

    it("add up to the summary of each commit", () => {
      for (const history of histories) {
        for (const run of runsOf(history)) {
          let state: WorkflowState | undefined = undefined
          for (const [index, commit] of run.entries()) {
            state = fold(commit.events, state)
            assert(state !== undefined, history.scenario)
            const left = new Set(["waitingFor", ...unknown(commit, eventsOf(run.slice(0, index)), state)])
            const { firstVersion, version } = commit.summary
            const folded = summarize(state, { version, firstVersion, signals: noSignals })
            const title = `${history.scenario}, version ${version}`
            assert.deepStrictEqual(fieldsOf(folded, left), fieldsOf(commit.summary, left), title)
          }
        }
      }
    })

    it("add up to the same state from any version on", () => {
      for (const history of histories) {
        for (const run of runsOf(history)) {
          const all = fold(eventsOf(run))
          for (let version = 1; version < run.length; version++) {
            const before = fold(eventsOf(run.slice(0, version)))
            assert.deepStrictEqual(fold(eventsOf(run.slice(version)), before), all, history.scenario)
          }
        }
      }
    })

    it("are replayed by the programs that wrote them, which issue nothing more", () => {
      for (const history of histories) {
        for (const run of runsOf(history)) {
          const events = eventsOf(run)
          const interpreter = interpret(programOf(events))
          interpreter.replay(events)
          const title = `${history.scenario}\n${printed(events)}`
          assert.isUndefined(interpreter.problem, title)
          const closing = events.find(isClosing)
          const isTerminated = closing?._tag === "ExecutionTerminated"
          // A termination that comes before the worker has read a cancel leaves the program no time to follow it.
          if (isTerminated && events.some((event) => "unread" in event)) continue
          assert.deepStrictEqual(interpreter.take(), [], title)
          assert.strictEqual(interpreter.closed, closing !== undefined && !isTerminated, title)
        }
      }
    })

    it("block the changed program with the problem that is recorded", () => {
      let blocked = 0
      for (const history of histories) {
        const events = eventsOf(history.commits)
        for (const [index, event] of events.entries()) {
          if (event._tag !== "ExecutionBlocked") continue
          blocked++
          const interpreter = interpret(changedProgram)
          interpreter.replay(events.slice(0, index))
          assert.deepStrictEqual(sidesOf(interpreter.problem), sidesOf(event.problem), history.scenario)
        }
      }
      assert.isAbove(blocked, 1)
    })
  })
}

it("the histories of release 0.1 have every program of the corpus, with its outcome", () => {
  const histories = JSON.parse(read("0.1/histories.json").toString()) as ReadonlyArray<History>
  for (const scenario of scenarios) {
    if (scenario.since !== undefined) continue
    const history = histories.find((each) => each.scenario === scenario.name)
    const closing = eventsOf(history?.commits ?? []).find(isClosing)
    assert(closing !== undefined && isExpected(scenario, outcomeOf(closing)), scenario.name)
  }
})

describe("the histories of release 0.2", () => {
  const histories = JSON.parse(read("0.2/histories.json").toString()) as ReadonlyArray<History>
  const events = histories.flatMap(({ commits }) => eventsOf(commits))

  it("have what is new since 0.1", () => {
    const outcomes = events.flatMap((event) =>
      event._tag === "MessageSettled" ? [event.outcome._tag === "Refused" ? event.outcome.reason : "Delivered"] : []
    )
    assert.includeMembers(outcomes, ["Delivered", "NotFound", "Finished"])
    const has = (what: string, test: (event: HistoryEvent) => boolean) => assert.isTrue(events.some(test), what)
    has("a start without owner", (event) => event._tag === "ExecutionStarted" && event.owner === undefined)
    has("a start with owner", (event) => event._tag === "ExecutionStarted" && event.owner !== undefined)
    has("attributes", (event) => event._tag === "ExecutionStarted" && event.attributes !== undefined)
    has("timeouts", (event) => event._tag === "ActivityScheduled" && event.timeouts !== undefined)
    has("an address", (event) => event._tag === "MessageSent" && event.address !== undefined)
    has("no address", (event) => event._tag === "MessageSent" && event.address === undefined)
    for (const tag of ["SignalReceived", "CancelRequested", "MessageSettled"] as const) {
      has(`unread ${tag}`, (event) => event._tag === tag && event.unread === true)
    }
    for (const tag of ["SignalReceived", "CancelRequested"] as const) {
      has(`${tag} from an execution`, (event) => event._tag === tag && event.from !== undefined)
    }
  })

  it("owe messages at their close, some for ever", () => {
    const closed = histories.flatMap(({ commits }) => commits.filter(({ summary }) => isFinal(summary.status)))
    assert.isTrue(closed.some(({ summary }) => (summary.owed ?? 0) > 0))
    const last = histories.map(({ commits }) => commits.at(-1)!.summary)
    assert.isTrue(last.some(({ owed = 0, status }) => owed > 0 && isFinal(status)))
    assert.isTrue(last.some(({ owed = 0, status }) => owed > 0 && status === "running"))
  })
})

describe("the SQLite file of release 0.1", () => {
  const attributes: Readonly<Record<string, ExecutionSummary["attributes"]>> = {
    completed: { customer: "Zoë", weight: 2.5, urgent: true },
    "with attributes": { customer: "Ada", weight: -0.25, urgent: false }
  }

  /** A laboratory on a copy of the file. */
  const onCopy = <A, E>(body: Effect.Effect<A, E, Lab.Lab | Executions | Scope.Scope>) =>
    Effect.suspend(() => {
      const filename = freshFile()
      copyFileSync(new URL("0.1/store.db", import.meta.url), filename)
      const lab = Lab.layer({ store: Sqlite.layer({ filename, synchronous: "NORMAL" }), executor: Default.layerWith })
      return Effect.scoped(body).pipe(Effect.provide(lab, { local: true }))
    })

  const listed = Effect.gen(function* () {
    const { store } = yield* Lab.Lab
    const { executions } = yield* store.list({ limit: 1000 })
    return executions
  })

  it.effect("is opened, and all its executions are listed with what was known of them", () =>
    Effect.gen(function* () {
      const executions = yield* listed
      assert.sameDeepMembers<ReadonlyArray<unknown>>(
        executions.map((summary) => [summary.workflowId, summary.workflow, summary.status, summary.attributes]),
        inFile.map(({ id, status, workflow }) => [id, workflow, status, attributes[id] ?? {}])
      )
      const { store } = yield* Lab.Lab
      assert.strictEqual(yield* store.count(), inFile.length)
      const found = yield* store.list({ attributes: { customer: "Ada", urgent: false } })
      assert.deepStrictEqual<ReadonlyArray<string>>(
        found.executions.map(({ workflowId }) => workflowId),
        ["with attributes"]
      )
      for (const summary of executions) {
        assert.deepStrictEqual(yield* store.summary(summary.workflowId), Option.some(summary))
        assert.deepStrictEqual(yield* store.deletion(summary.workflowId), Option.none())
      }
    }).pipe(onCopy)
  )

  it.effect("has every history, which adds up to the status of its execution, and both runs of an id", () =>
    Effect.gen(function* () {
      const { store } = yield* Lab.Lab
      for (const { id, status } of inFile) {
        const { commits, summary } = yield* loaded(store, WorkflowId.make(id))
        const state = fold(commits.flatMap(({ events }) => events))
        assert.deepInclude(state, {
          workflowId: WorkflowId.make(id),
          runId: summary.runId,
          status,
          updatedAt: summary.updatedAt
        })
        assert.strictEqual(commits.length, summary.version - summary.firstVersion + 1)
      }
      const { commits, summary } = yield* loaded(store, WorkflowId.make("twice"), 0)
      assert.deepStrictEqual(
        commits.map(({ events, version }) => [version, events.map(({ _tag }) => _tag)]),
        [
          [1, ["ExecutionStarted"]],
          [2, ["SignalReceived", "ExecutionCompleted"]],
          [3, ["ExecutionStarted"]]
        ]
      )
      assert.strictEqual(new Set(commits.map(({ runId }) => runId)).size, 2)
      assert.strictEqual(summary.firstVersion, Version.make(3))
      assert.strictEqual(commits[2]?.runId, summary.runId)
    }).pipe(onCopy)
  )

  it.effect("is resumed by the default executor, and every execution ends as it should", () =>
    Effect.gen(function* () {
      yield* TestClock.setTime(later)
      const before = yield* listed
      const app = yield* Lab.open(workflows, { worker: "worker-d" })
      yield* Lab.pass("1 minute")
      for (const { id, signals } of inFile) {
        for (const { name, payload } of signals) yield* app.signal(id, name, payload)
      }
      yield* Lab.pass("1 minute")
      const asleep = inFile.filter(({ sleepsUntil }) => sleepsUntil !== undefined)
      const unfinished = (yield* listed).filter(({ status }) => !isFinal(status))
      assert.sameMembers<string>(
        unfinished.map(({ workflowId }) => workflowId),
        asleep.map(({ id }) => id)
      )
      yield* TestClock.setTime(farDate)
      yield* Lab.settle
      const after = yield* listed
      for (const { ends, id } of inFile) {
        const summary = after.find(({ workflowId }) => workflowId === id)!
        assert.isTrue(isFinal(summary.status), id)
        assert.deepStrictEqual(outcomeOf(yield* app.result(id)), ends, id)
        // What 0.1 knew of an execution outside its events is not lost when this release writes its summary.
        assert.deepStrictEqual(summary.attributes, attributes[id] ?? {}, id)
        const old = before.find(({ workflowId }) => workflowId === id)!
        if (isFinal(old.status)) assert.deepStrictEqual(summary, old, id)
        else assert.isAbove(summary.version, old.version, id)
      }
    }).pipe(onCopy)
  )
})
