/** This release reads all that releases since 0.1 wrote, and finishes what they left unfinished. */
import { createHash } from "node:crypto"
import { copyFileSync, globSync } from "node:fs"
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
import { beginning, completed, tooLong } from "../../src/internal/core/continued.ts"
import { fold } from "../../src/internal/core/evolve.ts"
import { tooManyLosses } from "../../src/internal/replay/losses.ts"
import { noSignals } from "../../src/internal/replay/signals.ts"
import { decodeEvents, encodeEvents, formatOfEvents } from "../../src/internal/store/codec.ts"
import { summarize } from "../../src/internal/store/summary.ts"
import { isExpected, outcomeOf } from "../corpus/scenarios.ts"
import { interpret, printed } from "../replay/Driver.ts"
import * as Lab from "../suites/executor/Lab.ts"
import { loaded } from "../suites/store/builders.ts"
import { freshFile } from "../support/sqliteFiles.ts"
import { missing } from "./coverage.ts"
import { eventsOf, historiesOf, programOf, read, readSummary, runsOf } from "./histories.ts"
import { maxHistory, spinLimit, wrongPrograms } from "./talking.ts"
import { changedProgram, farDate, inFile, later, scenarios, workflows } from "./programs.ts"

/** The files with the SHA-256 of what is in them. A release adds files; none is changed or removed. */
const digests: Readonly<Record<string, string>> = {
  "0.1/histories.json": "cc8d7d6cca19db3d9aa3e58ae6eb23b91b5763a7fe60128448d20f156ef9eb1d",
  "0.1/nats.json": "f88b5b9e8a4b1e2f7bb14ca72340d717775b99373b0a5f56ad4b3c90ecf12042",
  "0.1/store.db": "de2793cba2d0e5fe34df896397228fb2daabb716f653fd962a9d4cfcfa95cd37",
  "0.2/histories.json": "efad399b461d6874b3a026c7e1aeba3f24fa6bdcfab47f2125d889f960e8f684"
}

it("the files are those that the releases wrote, byte for byte", () => {
  const paths = globSync("[0-9]*/*", { cwd: import.meta.dirname }).toSorted()
  const found = paths.map((path) => [path, createHash("sha256").update(read(path)).digest("hex")])
  assert.deepStrictEqual(Object.fromEntries(found), digests)
})

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

/** What no event tells: which signals the program waits for, and what it publishes. */
const beside = ["waitingFor", "unreceived", "published"]

/** Two after the other, from the first on. */
const pairsOf = <A>(all: ReadonlyArray<A>) => all.slice(1).map((next, index) => [all[index]!, next] as const)

/** The problem of an execution with the program that it was blocked with; a store alone knows what is too large for it. */
const problemAfter = async (events: ReadonlyArray<HistoryEvent>, reason: Problem["reason"]) => {
  if (reason === "LostAttempts") return tooManyLosses(fold(events)!)?.problem
  if (reason === "HistoryTooLong") return tooLong(fold(events)!, maxHistory)
  const wrong = reason in wrongPrograms ? wrongPrograms[reason as keyof typeof wrongPrograms].program : changedProgram
  const interpreter = interpret(wrong, undefined, reason === "Spinning" ? spinLimit : undefined)
  interpreter.replay(events)
  // A promise is noticed when it wakes the program.
  if (reason === "AsynchronousWork") await Promise.resolve()
  return interpreter.problem
}

/** A problem without the advice, of which later releases know more. */
const sidesOf = (problem: Problem | undefined) =>
  problem && { ...problem, message: problem.message.split("\n").slice(0, 3) }

for (const { latestFormat, release, unknown } of releases) {
  const histories = historiesOf(release)

  describe(`the histories of release ${release}`, () => {
    it("decode, event by event, in the format that they were written in", () => {
      const formats = new Set<number>()
      for (const { commits, scenario } of histories) {
        for (const { events, summary } of commits) {
          for (const event of events) assert.deepStrictEqual(decodeEvent(event), event, scenario)
          const read = readSummary(summary)
          assert.deepStrictEqual(decodeSummary(read), read, scenario)
          const words = summary.waitingFor.map((each: unknown) =>
            typeof each === "string" ? each : Waiting.inWords(each as Waiting.Waiting)
          )
          assert.deepStrictEqual(read.waitingFor.map(Waiting.inWords), words, scenario)
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
            const left = new Set([...beside, ...unknown(commit, eventsOf(run.slice(0, index)), state)])
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
          const isContinued = events.some(({ _tag }) => _tag === "ExecutionContinued")
          const isTerminated = closing?._tag === "ExecutionTerminated"
          // A termination that comes before the worker has read a cancel leaves the program no time to follow it.
          if (isTerminated && events.some((event) => "unread" in event)) continue
          assert.deepStrictEqual(interpreter.take(), [], title)
          const isClosed = isContinued || (closing !== undefined && !isTerminated)
          assert.strictEqual(interpreter.closed, isClosed, title)
        }
      }
    })

    it("begin each run that continues another with what that one has left to it", () => {
      for (const history of histories) {
        for (const [run, next] of pairsOf(runsOf(history))) {
          const last = eventsOf(run).findLast(({ _tag }) => _tag === "ExecutionContinued")
          const [first] = eventsOf(next)
          assert(first?._tag === "ExecutionStarted", history.scenario)
          if (last?._tag !== "ExecutionContinued") assert.isUndefined(first.continues, history.scenario)
          else {
            const before = fold(eventsOf(run).filter((event) => event !== last))!
            assert.deepStrictEqual(completed(last, before), last, history.scenario)
            assert.deepStrictEqual(beginning(last, first.owner, first.version), first, history.scenario)
          }
        }
      }
    })

    it("block the changed program with the problem that is recorded", async () => {
      let blocked = 0
      for (const history of histories) {
        const events = eventsOf(history.commits)
        for (const [index, event] of events.entries()) {
          if (event._tag !== "ExecutionBlocked") continue
          blocked++
          if (event.problem.reason === "TooLarge") continue
          const found = await problemAfter(events.slice(0, index), event.problem.reason)
          assert.deepStrictEqual(sidesOf(found), sidesOf(event.problem), history.scenario)
        }
      }
      assert.isAbove(blocked, 1)
    })
  })
}

it("the histories of release 0.1 have every program of the corpus, with its outcome", () => {
  const histories = historiesOf("0.1")
  for (const scenario of scenarios) {
    if (scenario.since !== undefined) continue
    const history = histories.find((each) => each.scenario === scenario.name)
    const closing = eventsOf(history?.commits ?? []).find(isClosing)
    assert(closing !== undefined && isExpected(scenario, outcomeOf(closing)), scenario.name)
  }
})

describe("the histories of all releases have every event, every field and every kind of value", () => {
  const commits = releases.flatMap(({ release }) => historiesOf(release)).flatMap(({ commits }) => commits)
  const check = (schema: Schema.Top, values: ReadonlyArray<unknown>, exceptions: Readonly<Record<string, RegExp>>) => {
    const paths = missing(schema, values)
    const excepted = Object.values(exceptions)
    assert.deepStrictEqual(
      paths.filter((path) => !excepted.some((exception) => exception.test(path))),
      [],
      "write a program, or say why no history can have it"
    )
    const idle = Object.entries(exceptions).filter(([, exception]) => !paths.some((path) => exception.test(path)))
    assert.deepStrictEqual(idle, [], "these are no exceptions any more")
  }

  it("of which what is missing is named, as what is optional is when it is never absent", () => {
    const schema = Schema.TaggedUnion({
      One: { a: Schema.optionalKey(Schema.Array(Schema.Literals(["x", "y"]))), b: Schema.optionalKey(Schema.String) },
      Two: { c: Schema.Record(Schema.String, Schema.Union([Schema.String, Schema.Struct({ d: Schema.Int })])) }
    })
    const values = [
      { _tag: "One", a: ["x"] },
      { _tag: "One", a: [], b: "" }
    ]
    assert.deepStrictEqual(missing(schema, values), [
      ...['One.a.[]."y"', "One.a?"],
      ...["Two", "Two.c", "Two.c.*", "Two.c.*.string", "Two.c.*.d", "Two.c.*.d.d"]
    ])
    assert.deepStrictEqual(missing(schema, [{ _tag: "Two", c: { e: { d: 1 } } }]).slice(-1), ["Two.c.*.string"])
  })

  it("of events", () =>
    check(HistoryEvent, eventsOf(commits), {
      "no release writes it": /\.trace$|\.trace\./,
      "the stores of these histories refuse nothing but what is too large": /\.problem\.reason\."Unsupported"$/,
      "an attempt that succeeds or dies is not repeated": /^ActivityAttemptFailed\.failure\.(Success|Die)/,
      "each run has an owner and a version of its own": /^ExecutionContinued\.next\.(owner|version)$/,
      "each next run continues one": /^ExecutionContinued\.next\.continues\?$/,
      "an end of a child is passed on as it was recorded": /\.continues\.ended\.\[\]\.closing\./,
      "what a run leaves to the next one was read": /\.continues\.(unread\.\[\]|cancel)\.unread$/
    }))

  it("of summaries", () =>
    check(
      ExecutionSummary,
      commits.map(({ summary }) => readSummary(summary)),
      {
        "no story has a program that waits for updates and for nothing else": /^waitingFor\.\[\]\.Updates/,
        "the stores of these histories refuse nothing but what is too large": /\.problem\.reason\."Unsupported"$/
      }
    ))
})

describe("the histories of release 0.2", () => {
  const histories = historiesOf("0.2")

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
