/** The table at the top of `turn.ts`, row by row: what is told, to which program, and what is recorded. */
import { readFileSync } from "node:fs"
import { assert, describe, it } from "@effect/vitest"
import { Effect, Schema } from "effect"
import type { WorkflowContext } from "perdure"
import { type EventOf, HistoryEvent, type Problem } from "perdure/HistoryEvent"
import { RunId, Sequence, Version, WorkerId, WorkflowId } from "perdure/Ids"
import type { CompletedExit } from "perdure/Message"
import type { Child, WorkflowState } from "perdure/WorkflowState"
import { beginning, continuation } from "../../src/internal/core/continued.ts"
import { attemptOf, fold, wakeAt } from "../../src/internal/core/evolve.ts"
import { mustBeAlone } from "../../src/internal/replay/losses.ts"
import { describe as described } from "../../src/internal/core/match.ts"
import { protocol } from "../../src/internal/replay/Protocol.ts"
import type { Place } from "../../src/internal/replay/addresses.ts"
import type { Told } from "../../src/internal/replay/Told.ts"
import type { Current } from "../../src/internal/replay/Program.ts"
import { Turn } from "../../src/internal/replay/turn.ts"
import type { UpdateHandler } from "../../src/internal/replay/Updates.ts"
import { interpret } from "./Driver.ts"
import { started } from "./programs.ts"

type Carried = NonNullable<EventOf<"ExecutionStarted">["continues"]>
type Program = Effect.Effect<Schema.Json, Schema.Json, WorkflowContext.WorkflowContext>

const worker = WorkerId.make("w")
const maxHistory = 1_000_000
const problem: Problem = { reason: "Spinning", message: "it spins" }
const receive = (name: string) => Effect.flatMap(protocol, (context) => context.receive(name))
const call = (name: string) => Effect.flatMap(protocol, ({ activity }) => activity({ name, input: 1 }))
const send = (to: string) =>
  Effect.flatMap(protocol, ({ send }) =>
    send({ to: WorkflowId.make(to), message: { _tag: "Signal", name: "go", payload: 1 } })
  )

/** The rows that some test took. */
const rows = new Set<string>()

/** Starts a program at 1000 and returns what it is then, as it is before its next turn. */
const running = (
  program: Program,
  options: { readonly deadline?: number; readonly owner?: WorkerId } = {}
): Current => {
  const event = { ...started(), owner: worker, ...options }
  const first = turn(
    { program: { _tag: "Loaded", interpreter: interpret(() => program) }, state: undefined },
    [{ _tag: "Start", event }],
    1000
  )
  return { program: first.program, state: first.state, version: 1, worker, maxHistory, claim: undefined }
}

const turn = (current: Partial<Current>, told: ReadonlyArray<Told>, now = 2000): Turn => {
  for (const { _tag } of told) rows.add(_tag)
  if (told.length === 0) rows.add("(nothing)")
  if (current.claim !== undefined) rows.add("(a claim)")
  const mail = told.map((told) => ({ told }))
  return new Turn({ version: 1, worker, maxHistory, claim: undefined, ...current } as Current, mail, now)
}

const stopped = (current: Current): Current => ({ ...current, program: { _tag: "Stopped", problem } })

/** The state after one more event, as another process has recorded it. */
const after = (current: Current, event: HistoryEvent): WorkflowState => fold([event], current.state)!

const lines = ({ events }: Turn) => events.map(described)
const signal = (name: string): Told => ({ _tag: "Signal", name, payload: 1 })
const seq = (number: number) => Sequence.make(number)

describe("a start", () => {
  it("is the first event, and the commands of the program follow", () => {
    const { events } = turn(
      {
        program: {
          _tag: "Loaded",
          interpreter: interpret(() => Effect.as(Effect.all([call("a"), Effect.sleep(5)]), 1))
        },
        state: undefined
      },
      [{ _tag: "Start", event: { ...started(), owner: worker } }],
      1000
    )
    assert.deepStrictEqual(events.map(described), ["ExecutionStarted Test(null)", "ActivityScheduled #0 a(1)"])
  })
})

describe("a start of a next run", () => {
  /** A program whose every run is over with its start. */
  const chain = Effect.flatMap(protocol, ({ continueAsNew }) =>
    Effect.as(
      Effect.sync(() => continueAsNew(2)),
      1
    )
  )
  const next = (
    told: ReadonlyArray<Told>,
    options: {
      readonly deadline?: number
      readonly children?: Carried["children"]
      readonly first?: Effect.Effect<unknown, never, WorkflowContext.WorkflowContext>
    } = {}
  ): Turn => {
    const { children = [], deadline, first = Effect.void } = options
    const begun = { ...started(), ...(deadline === undefined ? {} : { deadline }) }
    const none = { unread: [], cancel: undefined, ended: [] }
    const event = beginning(continuation(begun, 1000, { input: 1, ...none }), worker)
    const program = { _tag: "Loaded", interpreter: interpret(() => Effect.andThen(first, chain)) } as const
    const start = { _tag: "Start", event: { ...event, continues: { ...event.continues!, children } } } as const
    return turn({ program, state: undefined }, [start, ...told], 2000)
  }
  const left = ({ events }: Turn) => {
    const last = events.at(-1)
    return last?._tag === "ExecutionContinued" ? last.next.continues : undefined
  }

  it("takes with it what has come, which the run after it has when this one is over already", () => {
    const over = next([{ _tag: "Due" }, signal("a"), { _tag: "Cancel", reason: "rain" }, { _tag: "Seen" }, signal("b")])
    assert.deepStrictEqual(
      over.events.map(({ _tag }) => _tag),
      ["ExecutionStarted", "SignalReceived", "CancelRequested", "SignalReceived", "ExecutionContinued"]
    )
    assert.strictEqual(over.taken, 6)
    assert.deepStrictEqual(
      left(over)?.unread.map(({ name }) => name),
      ["a", "b"]
    )
    assert.include(left(over)?.cancel, { kind: "cancel", reason: "rain" })
  })

  it("passes on how a child has ended of which it heard with its start, though a fiber waits that is left behind", () => {
    const [workflowId, from] = [WorkflowId.make("child"), RunId.make("run of the child")]
    const closing = { _tag: "ExecutionCompleted", at: 1500, value: 7 } as const
    const address = { chain: from, version: Version.make(0) }
    const children = [{ workflowId, workflow: "Child", address, parentClose: "cancel" } as const]
    const waits = Effect.flatMap(protocol, ({ endOfChild }) =>
      Effect.forkDetach(endOfChild(from)!, { startImmediately: true })
    )
    const over = next([{ _tag: "ChildEnded", workflowId, from, closing }], { children, first: waits })
    assert.deepStrictEqual(left(over)?.ended, [{ from, closing }])
    assert.deepStrictEqual(left(over)?.children, [])
  })

  it("may be terminated with it, and what comes after that is not taken", () => {
    const over = next([signal("a"), { _tag: "Terminate", reason: "fire" }, signal("b")])
    assert.deepStrictEqual(lines(over), [
      "ExecutionStarted Test(1)",
      "SignalReceived a(1)",
      "ExecutionTerminated (fire)"
    ])
    assert.strictEqual(over.taken, 3)
  })

  it("is recorded in the fields that events have, and in no others", () => {
    const { events } = next([signal("a"), { _tag: "Cancel", reason: "rain" }])
    for (const event of events) {
      assert.deepStrictEqual(Schema.decodeUnknownSync(HistoryEvent, { onExcessProperty: "error" })(event), event)
    }
  })

  it("hears of its deadline", () => {
    assert.include(left(next([], { deadline: 1999 }))?.cancel, { kind: "timeout" })
    assert.isUndefined(left(next([], { deadline: 2001 }))?.cancel)
  })
})

describe("a message", () => {
  it("is recorded and delivered, and what the program issues follows it before the next one", () => {
    const current = running(
      Effect.forEach([1, 2], () => Effect.andThen(receive("go"), call("a")), { concurrency: 2 }) as never
    )
    const { commands, events, taken } = turn(current, [signal("go"), signal("go")])
    assert.deepStrictEqual(events.map(described), [
      "SignalReceived go(1)",
      "ActivityScheduled #0 a(1)",
      "SignalReceived go(1)",
      "ActivityScheduled #1 a(1)"
    ])
    assert.deepStrictEqual<ReadonlyArray<unknown>>(commands, [events[1], events[3]])
    assert.strictEqual(taken, 2)
  })

  it("to a stopped program is recorded and not delivered", () => {
    const current = stopped(running(Effect.flatMap(receive("go"), () => call("a")) as never))
    const blocked = { ...current, state: after(current, { _tag: "ExecutionBlocked", at: 1500, problem }) }
    assert.deepStrictEqual(lines(turn(blocked, [signal("go")])), ["SignalReceived go(1)"])
    assert.deepStrictEqual(lines(turn(blocked, [{ _tag: "Cancel", reason: "rain" }])), ["CancelRequested (rain)"])
    assert.deepStrictEqual(lines(turn(blocked, [{ _tag: "Due" }])), [])
    const sleeping = stopped(running(Effect.as(Effect.sleep(100), 1)))
    const asleep = { ...sleeping, state: after(sleeping, { _tag: "ExecutionBlocked", at: 1050, problem }) }
    assert.deepStrictEqual(lines(turn(asleep, [{ _tag: "Due" }], 5000)), [])
  })

  it("that cancels is recorded once", () => {
    const current = running(Effect.ensuring(Effect.never, Effect.sleep(1000)))
    const cancel: Told = { _tag: "Cancel", reason: "rain" }
    const { events, taken } = turn(current, [cancel, cancel])
    assert.deepStrictEqual(events.map(described), ["CancelRequested (rain)", "TimerStarted #0 for 1000 ms"])
    assert.strictEqual(taken, 2)
  })

  it("that terminates closes the run, and what comes after it is not taken", () => {
    const { events, state, taken } = turn(running(Effect.never), [{ _tag: "Terminate", reason: "flood" }, signal("go")])
    assert.deepStrictEqual(events.map(described), ["ExecutionTerminated (flood)"])
    assert.deepInclude(state, { status: "terminated" })
    assert.strictEqual(taken, 1)
  })

  it("has the time of the turn, or that of the latest event if that is later", () => {
    assert.strictEqual(turn(running(Effect.never), [signal("go")], 2000).events[0]!.at, 2000)
    assert.strictEqual(turn(running(Effect.never), [signal("go")], 500).events[0]!.at, 1000)
  })
})

describe("a signal", () => {
  it("of a key that is known is not recorded", () => {
    const keyed = { ...signal("go"), key: "k" } as Told
    const { events, taken } = turn(running(Effect.never), [keyed, keyed, signal("go")])
    assert.deepStrictEqual(events.map(described), ["SignalReceived go(1)", "SignalReceived go(1)"])
    assert.deepInclude(events[0], { key: "k" })
    assert.strictEqual(taken, 3)
  })

  it("that comes with a start follows it, before what the program issues", () => {
    const program = Effect.as(Effect.andThen(call("a"), receive("go")), 1)
    const event = { ...started(), owner: worker }
    const start = { _tag: "Start", event, with: { _tag: "Signal", name: "go", payload: 1 } } as const
    const loaded = { _tag: "Loaded", interpreter: interpret(() => program) } as const
    assert.deepStrictEqual(lines(turn({ program: loaded, state: undefined }, [start], 1000)), [
      "ExecutionStarted Test(null)",
      "SignalReceived go(1)",
      "ActivityScheduled #0 a(1)"
    ])
  })
})

describe("an update", () => {
  const handled = (refuse: UpdateHandler["refuse"] = () => undefined) =>
    Effect.gen(function* () {
      const context = yield* Effect.context<never>()
      const { handleUpdates } = yield* protocol
      yield* handleUpdates("add", { context, refuse, run: (input) => Effect.succeed(input) })
      return yield* Effect.never
    })
  const update = (id: string, input: number): Told => ({ _tag: "Update", id, name: "add", input, wait: "answered" })

  it("is recorded with its acceptance and its answer, once for an id", () => {
    const again = update("u", 1)
    const other = update("u", 2)
    const { events, taken, unrecorded } = turn(running(handled()), [update("u", 1), again, other])
    assert.deepStrictEqual(events.map(described), [
      'UpdateRequested add(1) as "u"',
      'UpdateAccepted "u"',
      'UpdateAnswered "u" success(1)'
    ])
    assert.strictEqual(taken, 3)
    assert.deepStrictEqual(unrecorded?.get(again), { _tag: "Known", standing: "answered" })
    assert.deepStrictEqual(unrecorded?.get(other), { _tag: "Known", standing: "other" })
  })

  it("that is refused leaves no trace", () => {
    const exit = { _tag: "Fail", error: "no" } as const
    const told = update("u", 1)
    const { events, taken, unrecorded } = turn(running(handled(() => exit)), [told])
    assert.deepStrictEqual([events, taken], [[], 1])
    assert.deepStrictEqual(unrecorded?.get(told), { _tag: "Refused", exit })
  })

  it("without a handler is recorded and waits, and to a stopped program it is neither", () => {
    assert.deepStrictEqual(lines(turn(running(Effect.never), [update("u", 1)])), ['UpdateRequested add(1) as "u"'])
    const current = stopped(running(handled()))
    const blocked = { ...current, state: after(current, { _tag: "ExecutionBlocked", at: 1500, problem }) }
    const told = update("u", 1)
    const { events, unrecorded } = turn(blocked, [told])
    assert.deepStrictEqual(events, [])
    assert.deepStrictEqual(unrecorded?.get(told), { _tag: "Stopped", problem })
  })

  it("that comes with a start of a program that ends at once is recorded, and stays open", () => {
    const event = { ...started(), owner: worker }
    const first = { _tag: "Update", id: "u", name: "add", input: 1, wait: "answered" } as const
    const loaded = { _tag: "Loaded", interpreter: interpret(() => Effect.succeed(1)) } as const
    const { events, state } = turn({ program: loaded, state: undefined }, [{ _tag: "Start", event, with: first }], 1000)
    assert.deepStrictEqual(events.map(described), [
      "ExecutionStarted Test(null)",
      'UpdateRequested add(1) as "u"',
      "ExecutionCompleted(1)"
    ])
    assert.isTrue(state.updates.open.has("u"))
  })
})

describe("an activity", () => {
  const current = () => running(Effect.as(call("a"), "done"))
  const resolved = (number: number): Told => ({
    _tag: "Resolved",
    seq: seq(number),
    activity: "a",
    exit: { _tag: "Success", value: 7 }
  })

  it("that has its result is resolved, and the program goes on", () => {
    assert.deepStrictEqual(lines(turn(current(), [resolved(0)])), [
      "ActivityResolved #0 Success",
      'ExecutionCompleted("done")'
    ])
  })

  it("that failed is attempted again after a pause, and the program is not told", () => {
    const failed: Told = { _tag: "Failed", seq: seq(0), activity: "a", failure: { _tag: "Fail", error: 1 }, pause: 50 }
    const { events } = turn(current(), [failed, failed], 2000)
    assert.deepStrictEqual(events.map(described), [
      "ActivityAttemptFailed #0 attempt 1",
      "ActivityAttemptFailed #0 attempt 2"
    ])
    assert.deepInclude(events[1], { retryAt: 2050 })
    assert.deepStrictEqual(lines(turn(current(), [{ ...failed, seq: seq(5) } as Told])), [])
  })

  it("that is left to a caller outside ends by one, once, and its worker has no more say", () => {
    const pending: Told = { _tag: "Pending", seq: seq(0), timeout: { at: 5000, after: 4000 } }
    const ended = (exit: CompletedExit, run = RunId.make("run")): Told => ({
      _tag: "Complete",
      run,
      seq: seq(0),
      activity: "a",
      attempt: 1,
      exit
    })
    const waits = turn(current(), [pending, resolved(0)], 2000)
    assert.deepStrictEqual(waits.events.map(described), ["ActivityPending #0 attempt 1"])
    assert.deepInclude(waits.state.open.get(seq(0)), { dueAt: 5000, pending: { after: 4000 } })
    const [fail, success] = [ended({ _tag: "Fail", error: 1 }), ended({ _tag: "Success", value: 7 })]
    const judged: Told = { ...(resolved(0) as Extract<Told, { _tag: "Resolved" }>), isJudged: true }
    const failed = turn(current(), [pending, fail, fail, success, resolved(0), judged])
    assert.deepStrictEqual(failed.events.map(described), [
      "ActivityPending #0 attempt 1",
      "ActivityAttemptEnded #0 attempt 1 (failed with 1)",
      "ActivityResolved #0 Success",
      'ExecutionCompleted("done")'
    ])
    assert.deepStrictEqual([...failed.unrecorded!.values()], [{ _tag: "Over" }, { _tag: "Over" }])
    assert.deepStrictEqual(lines(turn(current(), [pending, success])), [
      "ActivityPending #0 attempt 1",
      "ActivityResolved #0 Success",
      'ExecutionCompleted("done")'
    ])
    assert.deepStrictEqual(lines(turn(current(), [ended({ _tag: "Success", value: 7 }, RunId.make("other"))])), [])
  })

  it("that is not open any more is ignored", () => {
    const failed = {
      _tag: "Failed",
      seq: seq(3),
      activity: "a",
      failure: { _tag: "Fail", error: 1 },
      pause: 5
    } as const
    const others: ReadonlyArray<Told> = [
      { _tag: "Isolated", seq: seq(3), over: false },
      { _tag: "Pending", seq: seq(3), timeout: undefined },
      {
        _tag: "Complete",
        run: RunId.make("run"),
        seq: seq(3),
        activity: "a",
        attempt: 1,
        exit: { _tag: "Success", value: 1 }
      }
    ]
    for (const told of [resolved(3), failed, ...others]) {
      const { events, taken } = turn(current(), [told])
      assert.deepStrictEqual([events, taken], [[], 1])
    }
  })
})

describe("what is due", () => {
  it("fires in the order of its time, and each timer may change what is due after it", () => {
    const raced = Effect.raceFirst(Effect.sleep(100), Effect.sleep(300))
    const current = running(Effect.as(Effect.andThen(raced, Effect.sleep(50)), "done"))
    assert.deepStrictEqual(lines(turn(current, [{ _tag: "Due" }], 5000)), [
      "TimerFired #0",
      "TimerCancelled #1",
      "TimerStarted #2 for 50 ms"
    ])
    assert.deepStrictEqual(lines(turn(running(Effect.as(Effect.sleep(100), 1)), [{ _tag: "Due" }], 1099)), [])
  })

  it("is the deadline before a timer of the same time, and no deadline once the run is cancelled", () => {
    const program = Effect.as(
      Effect.onInterrupt(Effect.sleep(500), () => Effect.sleep(9000)),
      1
    )
    const current = running(program, { deadline: 1500 })
    const { state, ...first } = turn(current, [{ _tag: "Due" }], 1500)
    assert.deepStrictEqual(first.events.map(described), [
      "CancelRequested (the timeout of the execution passed)",
      "TimerCancelled #0",
      "TimerStarted #1 for 9000 ms"
    ])
    const next = { ...current, program: first.program, state }
    assert.deepStrictEqual(lines(turn(next, [{ _tag: "Due" }], 2000)), [])
  })

  it("is left for the next turn when a commit would be too long", () => {
    const many = Effect.forEach(Array.from({ length: 1500 }), () => Effect.sleep(10), { concurrency: "unbounded" })
    const current = running(Effect.as(many, "done"))
    const first = turn(current, [{ _tag: "Due" }], 5000)
    assert.deepStrictEqual([first.events.length, first.taken], [1024, 0])
    const second = turn({ ...current, program: first.program, state: first.state }, [{ _tag: "Due" }], 5000)
    assert.deepStrictEqual([second.events.length, second.taken], [477, 1])
    assert.strictEqual(described(second.events.at(-1)!), 'ExecutionCompleted("done")')
  })
})

describe("a takeover", () => {
  it("names the worker before anything that follows", () => {
    const current = { ...running(Effect.never), claim: { isLost: false, mayBlock: true } }
    assert.deepStrictEqual(lines(turn(current, [signal("go")])), ["OwnerChanged to w", "SignalReceived go(1)"])
  })

  it("of a program that cannot go on blocks it, and is declined when it was blocked already", () => {
    const current = { ...stopped(running(Effect.never)), claim: { isLost: false, mayBlock: true } }
    assert.deepStrictEqual(lines(turn(current, [])), ["OwnerChanged to w", "ExecutionBlocked by Spinning"])
    const blocked = { ...current, state: after(current, { _tag: "ExecutionBlocked", at: 1500, problem }) }
    const { declined, events, taken } = turn(blocked, [signal("go")])
    assert.deepStrictEqual([declined, events, taken], [true, [], 0])
  })

  it("of a program that cannot go on is declined while others may be able to run it", () => {
    const current = { ...stopped(running(Effect.never)), claim: { isLost: false, mayBlock: false } }
    const { declined, events } = turn(current, [signal("go")])
    assert.deepStrictEqual([declined, events], [true, []])
  })
})

describe("lost attempts", () => {
  const lost = { isLost: true, mayBlock: true }
  const scheduled = () => running(Effect.as(call("a"), "done"))
  /** The execution after its worker died. */
  const died = (current: Current): Current => {
    const { program, state } = turn({ ...current, claim: lost }, [])
    return { ...current, program, state }
  }
  const attempt = ({ state }: Current) => attemptOf(state!.open.get(seq(0))!)

  it("are counted when the worker died, and not when it ended in order", () => {
    const current = died(scheduled())
    assert.strictEqual(attempt(current), 2)
    const { state } = turn({ ...current, claim: { isLost: false, mayBlock: true } }, [])
    assert.strictEqual(attempt({ ...current, state }), 2)
  })

  it("make the next ones run alone after three, and block the execution after three more", () => {
    let current = died(died(scheduled()))
    assert.isFalse(mustBeAlone(current.state!.open.get(seq(0))!))
    current = died(current)
    assert.isTrue(mustBeAlone(current.state!.open.get(seq(0))!))
    // A loss among others says nothing of this one.
    current = died(current)
    for (let loss = 0; loss < 3; loss++) {
      assert.strictEqual(current.state!.status, "running")
      assert.deepStrictEqual(lines(turn(current, [{ _tag: "Isolated", seq: seq(0), over: false }])), [
        `ActivityAttemptIsolated #0 attempt ${5 + loss}`
      ])
      current = died(current)
    }
    assert.strictEqual(current.state!.status, "blocked")
    assert.include(current.state!.problem?.message, 'activity "a" #0')
    assert.strictEqual(wakeAt(current.state!), 2000 + 60_000)
  })

  it("do not block an execution that changes hands in order", () => {
    let current = died(died(died(scheduled())))
    for (let loss = 0; loss < 3; loss++) {
      turn(current, [{ _tag: "Isolated", seq: seq(0), over: false }])
      if (loss < 2) current = died(current)
    }
    // The last one is lost with a worker that knows nothing of the rule.
    const state = after(current, { _tag: "OwnerChanged", at: 1500, owner: WorkerId.make("old"), lost: true })
    const ordered = turn({ ...current, state, claim: { isLost: false, mayBlock: true } }, [])
    assert.deepStrictEqual(lines(ordered), ["OwnerChanged to w"])
  })

  it("are not counted while the execution is blocked, and it may go on", () => {
    const current = scheduled()
    const reason = { reason: "LostAttempts", message: "it ends its process" } as const
    const blocked = { ...current, state: after(current, { _tag: "ExecutionBlocked", at: 1500, problem: reason }) }
    assert.strictEqual(attempt(died(blocked)), 1)
  })

  it("are counted of an execution that was blocked for another reason: its handlers went on", () => {
    const current = scheduled()
    const blocked = { ...current, state: after(current, { _tag: "ExecutionBlocked", at: 1500, problem }) }
    assert.strictEqual(attempt(died(blocked)), 2)
  })

  it("do not block an execution again that was blocked when its worker died: it is tried", () => {
    let current = died(died(died(scheduled())))
    for (let loss = 0; loss < 3; loss++) {
      turn(current, [{ _tag: "Isolated", seq: seq(0), over: false }])
      current = died(current)
    }
    assert.strictEqual(current.state!.status, "blocked")
    const fresh = interpret(() => call("a") as Program)
    const program = { _tag: "Loaded", interpreter: fresh } as const
    assert.deepStrictEqual(lines(turn({ ...current, program, claim: lost }, [])), [
      "OwnerChanged to w, attempts were lost"
    ])
  })

  it("are not lost alone once others run beside the attempt", () => {
    const current = died(died(died(scheduled())))
    const { events } = turn(current, [
      { _tag: "Isolated", seq: seq(0), over: false },
      { _tag: "Isolated", seq: seq(0), over: true }
    ])
    assert.lengthOf(events, 2)
    assert.strictEqual(died(current).state!.open.get(seq(0))!.lost?.alone, 0)
  })
})

describe("without being told anything", () => {
  it("a program that was blocked and can go on says so", () => {
    const current = running(Effect.never)
    const state = after(current, { _tag: "ExecutionBlocked", at: 1500, problem })
    assert.deepStrictEqual(lines(turn({ ...current, state }, [])), ["OwnerChanged to w"])
  })

  it("a program that stopped is blocked once", () => {
    const current = stopped(running(Effect.never))
    const first = turn(current, [])
    assert.deepStrictEqual(lines(first), ["ExecutionBlocked by Spinning"])
    assert.deepStrictEqual(lines(turn({ ...current, state: first.state }, [])), [])
  })

  it("nothing is recorded for one that waits", () => {
    assert.deepStrictEqual(lines(turn(running(Effect.never), [])), [])
  })
})

describe("what others have recorded", () => {
  const receiving = () => running(Effect.andThen(receive("go"), receive("go")) as Program)
  const received = (current: Current): Current => {
    const event: HistoryEvent = { _tag: "SignalReceived", at: 1500, name: "go", payload: 1, unread: true }
    if (current.program._tag === "Loaded") current.program.interpreter.replay([event], true)
    return { ...current, state: after(current, event) }
  }

  it("is noted to be seen once, where nothing followed from it", () => {
    const current = received(receiving())
    assert.strictEqual(wakeAt(current.state!), 1500)
    const { events, state } = turn(current, [{ _tag: "Seen" }])
    assert.deepStrictEqual(events.map(described), ["OwnerChanged to w"])
    assert.isUndefined(wakeAt(state))
    assert.deepStrictEqual(lines(turn({ ...current, state }, [{ _tag: "Seen" }])), [])
  })

  it("is not noted where there is nothing, or by a program that cannot go on", () => {
    assert.deepStrictEqual(lines(turn(receiving(), [{ _tag: "Seen" }])), [])
    const current = received(receiving())
    const state = after(current, { _tag: "ExecutionBlocked", at: 1600, problem })
    const unread = after(
      { ...current, state },
      { _tag: "CancelRequested", at: 1700, kind: "cancel", reason: "", unread: true }
    )
    assert.deepStrictEqual(lines(turn(stopped({ ...current, state: unread }), [{ _tag: "Seen" }])), [])
  })

  it("is not noted while an attempt runs alone, which would not be known to be alone any more", () => {
    const current = running(Effect.andThen(call("a"), receive("go")) as Program)
    turn({ ...current, claim: { isLost: true, mayBlock: true } }, [])
    turn(current, [{ _tag: "Isolated", seq: seq(0), over: false }])
    assert.deepStrictEqual(lines(turn(received(current), [{ _tag: "Seen" }])), [])
    const { events } = turn(current, [{ _tag: "Isolated", seq: seq(0), over: true }])
    assert.lengthOf(events, 1)
    assert.deepStrictEqual(lines(turn(received(current), [{ _tag: "Seen" }])), ["OwnerChanged to w"])
  })
})

describe("a message to another execution", () => {
  const other = WorkflowId.make("other")
  const address = { chain: RunId.make("other run"), version: Version.make(4) }
  const known = new Map<WorkflowId, Place>([[other, { ...address, runId: address.chain, status: "running" }]])
  const free: Place = { _tag: "Free", version: Version.make(0) }
  const nobody = new Map([[WorkflowId.make("other"), free]])
  const program = Effect.flatMap(send("other"), ({ _tag }) => Effect.as(call(_tag), _tag))

  it("pauses the turn until its address is known", () => {
    const current = running(Effect.andThen(receive("go"), program) as never)
    const paused = turn(current, [signal("go"), signal("stop")])
    assert.deepStrictEqual([paused.wants, paused.taken, lines(paused)], [[other], 1, ["SignalReceived go(1)"]])
    paused.resume(known)
    assert.deepStrictEqual([paused.wants, paused.taken], [[], 2])
    assert.deepStrictEqual(lines(paused), [
      "SignalReceived go(1)",
      'MessageSent #0 signal go to "other"',
      "SignalReceived stop(1)"
    ])
    assert.deepInclude(paused.events[1], { address })
    assert.deepStrictEqual([...paused.state.owed.keys()].map(String), ["run#1"])
  })

  it("to nobody is refused in the same commit, after the commands issued with it", () => {
    const both = Effect.all([program, call("b")], { concurrency: 2 })
    const paused = turn(running(Effect.andThen(receive("go"), both) as never), [signal("go")])
    paused.resume(nobody)
    assert.deepStrictEqual(lines(paused), [
      "SignalReceived go(1)",
      'MessageSent #0 signal go to "other"',
      "ActivityScheduled #1 b(1)",
      "MessageSettled run#1 Refused",
      "ActivityScheduled #2 Refused(1)"
    ])
    assert.strictEqual(paused.state.owed.size, 0)
  })

  it("may be the first of several to nobody, each of which is told", () => {
    const several = Effect.forEach([1, 2, 3], () => Effect.andThen(send("other"), send("third")), { concurrency: 3 })
    const paused = turn(running(Effect.andThen(receive("go"), Effect.as(several, "done")) as never), [signal("go")])
    paused.resume(nobody)
    assert.deepStrictEqual(paused.wants, [WorkflowId.make("third")])
    paused.resume(new Map([[WorkflowId.make("third"), free]]))
    assert.strictEqual(lines(paused).filter((line) => line.endsWith("Refused")).length, 6)
    assert.strictEqual(lines(paused).at(-1), 'ExecutionCompleted("done")')
  })

  it("to nobody is sent so often at once, and then the program is stopped", () => {
    const forever = Effect.forever(send("other"), { disableYield: true })
    const sent = turn(running(Effect.andThen(receive("go"), forever) as never), [signal("go")])
    sent.resume(nobody)
    assert.strictEqual(sent.program._tag, "Stopped")
    assert.strictEqual(lines(sent).filter((line) => line.endsWith("Refused")).length, 10_001)
    const blocked = sent.events.find((event) => event._tag === "ExecutionBlocked")
    assert.strictEqual(blocked?.problem.reason, "Spinning")
    assert.strictEqual(sent.state.status, "blocked")
  })

  it("to an execution whose summary cannot be read is refused with that", () => {
    const sent = turn(running(Effect.andThen(receive("go"), program) as never), [signal("go")])
    sent.resume(new Map([[WorkflowId.make("other"), { _tag: "Unreadable" } as const]]))
    const settled = sent.events.find((event) => event._tag === "MessageSettled")
    assert.deepStrictEqual(settled?.outcome, { _tag: "Refused", reason: "Unreadable" })
  })

  it("to the execution itself needs no look", () => {
    const current = running(Effect.andThen(receive("go"), send("test")) as never)
    const sent = turn({ ...current, version: 9 }, [signal("go")])
    assert.deepStrictEqual(sent.wants, [])
    assert.deepInclude(sent.events[1], { address: { chain: RunId.make("run"), version: Version.make(9) } })
  })

  it("that is settled is told to the program once", () => {
    const current = running(Effect.andThen(receive("go"), program) as never)
    const sent = turn(current, [signal("go")])
    sent.resume(known)
    const [id] = sent.state.owed.keys()
    const settled: Told = { _tag: "Settled", id: id!, outcome: { _tag: "Delivered" } }
    const next = turn({ ...current, program: sent.program, state: sent.state }, [settled, settled])
    assert.deepStrictEqual(lines(next), ["MessageSettled run#1 Delivered", "ActivityScheduled #1 Delivered(1)"])
  })

  it("of a child that has ended is told to its parent once", () => {
    const awaited = Effect.flatMap(protocol, ({ endOfChild, startChild }) =>
      Effect.suspend(() => {
        const start = { workflow: "Pay", input: 1, parentClose: "cancel" } as const
        const child = startChild({ ...start, workflowId: WorkflowId.make("other") })
        return Effect.map(endOfChild(child.runId)!, ({ _tag }) => _tag)
      })
    )
    const current = running(Effect.andThen(receive("go"), awaited) as never)
    const start = turn(current, [signal("go")])
    start.resume(nobody)
    const [workflowId, { address }] = [...start.state.children][0] as [WorkflowId, Child]
    const closing = { _tag: "ExecutionCompleted", at: 5, value: 1 } as const
    const ended = (from: RunId): Told => ({ _tag: "ChildEnded", workflowId, from, closing })
    const told = [ended(RunId.make("another run")), ended(address.chain), ended(address.chain)]
    const next = turn({ ...current, program: start.program, state: start.state }, told)
    assert.deepStrictEqual(lines(next), [
      'ChildEnded "other" ExecutionCompleted',
      'ExecutionCompleted("ExecutionCompleted")'
    ])
  })

  it("of a program that ends with it stays owed, and one to nobody is not told of any more", () => {
    const ending = Effect.gen(function* () {
      yield* receive("go")
      yield* Effect.forkChild(send("other"), { startImmediately: true })
      return "done"
    })
    const owing = turn(running(ending), [signal("go")])
    owing.resume(known)
    assert.deepStrictEqual(lines(owing).slice(1), ['MessageSent #0 signal go to "other"', 'ExecutionCompleted("done")'])
    assert.deepInclude(owing.state, { status: "completed" })
    assert.strictEqual(owing.state.owed.size, 1)
    const refused = turn(running(ending), [signal("go")])
    refused.resume(nobody)
    assert.deepStrictEqual(lines(refused), lines(owing))
    assert.strictEqual(refused.state.owed.size, 0)
  })
})

// A test of its own, so that others can be run alone.
it("every row of the table of turn.ts was taken", () => {
  const source = readFileSync(new URL("../../src/internal/replay/turn.ts", import.meta.url), "utf8")
  const table = [...source.matchAll(/^ \* \| (?:`(\w+)`|(\([a-z ]+\))) *\|/gm)].map(([, tag, other]) => tag ?? other!)
  assert.sameMembers([...rows], table, "every row of the table of turn.ts was taken, and no other")
})
