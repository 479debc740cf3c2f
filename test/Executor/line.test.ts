/** The line in front of the handlers: whose turn it is, which limits hold, and that none is lost; also against a simple model. */
import { assert, describe, it } from "@effect/vitest"
import { Duration, Effect, Schema } from "effect"
import { Line } from "../../src/Executor/default/Line.ts"
import { Rate } from "../../src/Executor/default/Rate.ts"
import type { AlarmOwner } from "../../src/Executor/default/Alarms.ts"
import type { ActivityHandler, ActivityLimits } from "../../src/Executor/WorkflowRegistry.ts"

interface Attempt {
  readonly owner: object
  readonly handler: ActivityHandler
  readonly name: string
}

const handlerOf = (name: string, limits?: ActivityLimits): ActivityHandler => ({
  name,
  limits,
  timeouts: { attempt: undefined, total: undefined },
  attempt: () => Effect.never,
  retry: () => Effect.die(new Error("no attempt fails"))
})

const rateOf = (limit: number, every: number) => ({ limit, every: Duration.millis(every) })

/** A line at a time that the test sets, with alarms that it rings. */
const make = () => {
  const at = { now: 0, opened: 0, alarms: 0 }
  const set = new Map<AlarmOwner, number>()
  const clock = { now: () => at.now, passed: () => at.now }
  const alarms = {
    at: (owner: AlarmOwner, time: number | undefined) => {
      owner.alarmAt = time
      if (time === undefined) return void set.delete(owner)
      at.alarms++
      set.set(owner, time)
    }
  }
  const line = new Line<Attempt>(clock, alarms, () => void at.opened++)
  /** Lets time pass, and rings what is due. */
  const pass = (milliseconds: number) => {
    at.now += milliseconds
    for (const [owner, time] of set) {
      if (time > at.now) continue
      set.delete(owner)
      owner.alarmAt = undefined
      owner.wake()
    }
  }
  const owners = new Map<string, object>()
  const attempt = (execution: string, handler: ActivityHandler, number: number): Attempt => {
    const owner = owners.get(execution) ?? {}
    owners.set(execution, owner)
    return { owner, handler, name: `${execution}/${handler.name}/${number}` }
  }
  const add = (execution: string, handler: ActivityHandler, count = 1, from = 0) => {
    const attempts = Array.from({ length: count }, (_, index) => attempt(execution, handler, from + index))
    for (const each of attempts) line.add(each)
    return attempts
  }
  /** Takes and begins as many as there are, a number at most. */
  const begin = (most = Number.POSITIVE_INFINITY) => {
    const names: Array<string> = []
    while (names.length < most && line.isReady) {
      const { handler, name } = line.take()!
      line.began(handler)
      names.push(name)
    }
    return names
  }
  return { line, at, set, pass, attempt, add, begin }
}

describe("the line", () => {
  it("gives turns to activities, and in those to executions, whose calls keep their order", () => {
    const { add, begin, line } = make()
    const [a, b] = [handlerOf("A"), handlerOf("B")]
    add("one", a, 3)
    add("two", a, 2)
    add("two", b, 2)
    add("three", a)
    assert.deepStrictEqual(begin(), [
      "one/A/0",
      "two/B/0",
      "two/A/0",
      "two/B/1",
      "three/A/0",
      "one/A/1",
      "two/A/1",
      "one/A/2"
    ])
    assert.strictEqual(line.size, 0)
    assert.isUndefined(line.take())
  })

  it("lets the first call of an execution, and of an activity, pass ten thousand of another one", () => {
    const { add, begin } = make()
    const [a, b] = [handlerOf("A"), handlerOf("B")]
    add("long", a, 10_000)
    begin(10)
    add("late", a)
    add("late", b)
    assert.sameMembers(
      begin(4).filter((name) => name.startsWith("late")),
      ["late/A/0", "late/B/0"]
    )
  })

  it("forgets what is removed, and says whether it was there", () => {
    const { add, attempt, begin, line } = make()
    const a = handlerOf("A")
    const [first, second] = add("one", a, 3)
    const [only] = add("two", a)
    assert.deepStrictEqual([line.remove(second!), line.remove(only!), line.remove(only!)], [true, true, false])
    assert.isFalse(line.remove(attempt("one", a, 7)))
    assert.strictEqual(line.size, 2)
    assert.lengthOf([...line.standing], 2)
    assert.isTrue(line.remove(first!))
    assert.deepStrictEqual(begin(), ["one/A/2"])
    assert.isFalse(line.isReady)
  })

  it("gives an activity no turn while as many of its handlers run as may, and keeps no other from one", () => {
    const { add, begin, line } = make()
    const [a, b] = [handlerOf("A", { concurrency: 2 }), handlerOf("B")]
    assert.isTrue(line.admits(a))
    add("one", a, 5)
    add("two", b, 2)
    assert.isFalse(line.admits(a))
    assert.deepStrictEqual(begin(), ["one/A/0", "two/B/0", "one/A/1", "two/B/1"])
    assert.deepStrictEqual([line.hasRoom(a), line.hasRoom(b), line.isReady, line.size], [false, true, false, 3])
    line.ended(a)
    assert.isTrue(line.isReady)
    assert.deepStrictEqual(begin(), ["one/A/2"])
  })

  it("counts what begins without standing in line", () => {
    const { add, begin, line } = make()
    const a = handlerOf("A", { concurrency: 1, rateLimit: rateOf(2, 1000) })
    line.began(a)
    add("one", a, 2)
    assert.deepStrictEqual(begin(), [])
    line.ended(a)
    assert.deepStrictEqual(begin(), ["one/A/0"])
    line.ended(a)
    assert.deepStrictEqual(begin(), [])
  })

  it("lets so many begin in a time, with one alarm for an activity", () => {
    const { add, at, begin, line, pass, set } = make()
    const a = handlerOf("A", { rateLimit: rateOf(3, 1000) })
    add("one", a, 1000)
    assert.strictEqual(begin().length, 3)
    add("two", a, 1000)
    assert.deepStrictEqual([set.size, at.alarms, line.hasRoom(a)], [1, 1, false])
    pass(999)
    assert.deepStrictEqual([at.opened, line.isReady], [0, false])
    pass(1)
    assert.deepStrictEqual([at.opened, line.isReady], [1, true])
    assert.strictEqual(begin().length, 3)
  })

  it("has no alarm once none waits, and looks again when one came too early", () => {
    const { add, at, begin, line, pass, set } = make()
    const a = handlerOf("A", { rateLimit: rateOf(1, 1000) })
    const [, second] = add("one", a, 2)
    begin()
    // As after a step of the wall clock.
    const [owner] = [...set.keys()]
    set.set(owner!, 0)
    pass(1)
    assert.deepStrictEqual([at.opened, set.size, [...set.values()]], [0, 1, [1000]])
    line.remove(second!)
    assert.strictEqual(set.size, 0)
  })

  it("names the activities that wait for their own handlers", () => {
    const { add, at, begin, line } = make()
    const [a, b] = [handlerOf("A", { concurrency: 2 }), handlerOf("B", { rateLimit: rateOf(1, 1000) })]
    at.now = 5
    add("one", a, 5)
    add("one", b, 5)
    assert.deepStrictEqual(line.waitingForOwn, [])
    begin()
    assert.deepStrictEqual(line.waitingForOwn, [{ name: "A", running: 2, waiting: 3, movedAt: 5 }])
    at.now = 7
    line.ended(a)
    assert.deepStrictEqual(line.waitingForOwn, [])
    begin()
    assert.deepStrictEqual(line.waitingForOwn, [{ name: "A", running: 2, waiting: 2, movedAt: 7 }])
  })
})

it("a rate lets no more begin in any span of its time, and as soon as that allows", () => {
  const rate = new Rate(2, 100)
  const begun: Array<number> = []
  for (let now = 0; now < 350; now += 10) {
    if (now === 120 || now === 130) continue
    if (rate.pauseAt(now) > 0) continue
    rate.began(now)
    begun.push(now)
  }
  assert.deepStrictEqual(begun, [0, 10, 100, 110, 200, 210, 300, 310])
  assert.deepStrictEqual([rate.pauseAt(310), rate.pauseAt(400)], [90, 0])
})

/** What may happen to a line: executions, activities and times are small numbers. */
const Happening = Schema.Union([
  Schema.Struct({ _tag: Schema.Literal("Add"), execution: Schema.Int, activity: Schema.Int }),
  Schema.Struct({ _tag: Schema.Literal("Begin") }),
  Schema.Struct({ _tag: Schema.Literal("End"), which: Schema.Int }),
  Schema.Struct({ _tag: Schema.Literal("Remove"), which: Schema.Int }),
  Schema.Struct({ _tag: Schema.Literal("Pass"), milliseconds: Schema.Int })
])
const small = (number: number, below: number) => Math.abs(number) % below

const kinds: ReadonlyArray<ActivityLimits | undefined> = [
  undefined,
  { concurrency: 2 },
  { rateLimit: rateOf(3, 10) },
  { concurrency: 1, rateLimit: rateOf(2, 7) }
]

/** The line as plain lists that are searched: who waits, who runs, when which began. */
const makeModel = (handlers: ReadonlyArray<ActivityHandler>) => {
  const waiting: Array<Attempt> = []
  const running: Array<Attempt> = []
  const begins = new Map<ActivityHandler, Array<number>>(handlers.map((handler) => [handler, []]))
  const hasRoom = (handler: ActivityHandler, now: number) => {
    const { concurrency = Number.POSITIVE_INFINITY, rateLimit } = handler.limits ?? {}
    if (running.filter((each) => each.handler === handler).length >= concurrency) return false
    if (rateLimit === undefined) return true
    const since = now - Duration.toMillis(rateLimit.every)
    return begins.get(handler)!.filter((at) => at > since).length < rateLimit.limit
  }
  return { waiting, running, begins, hasRoom }
}

describe("against a model", () => {
  it.prop(
    "order is kept, limits hold, turns come round and none is lost",
    [Schema.Array(Happening).check(Schema.isMaxLength(150))],
    ([happenings]) => {
      const { at, attempt, line, pass } = make()
      const handlers = kinds.map((limits, index) => handlerOf(`${index}`, limits))
      const model = makeModel(handlers)
      /** How many of an activity have begun since an execution with attempts of it in line had its last turn. */
      const passedBy = new Map<string, number>()
      /** How many of other activities have begun while one had room and attempts in line. */
      const turnsSince = new Map<ActivityHandler, number>()
      let number = 0
      const check = () => {
        assert.strictEqual(line.size, model.waiting.length)
        const ready = model.waiting.some(({ handler }) => model.hasRoom(handler, at.now))
        assert.strictEqual(line.isReady, ready)
        for (const handler of handlers) assert.strictEqual(line.hasRoom(handler), model.hasRoom(handler, at.now))
      }
      const begin = () => {
        const next = line.take()
        if (next === undefined) return
        const { handler, owner } = next
        assert.isTrue(model.hasRoom(handler, at.now))
        const index = model.waiting.findIndex((each) => each.owner === owner && each.handler === handler)
        assert.strictEqual(model.waiting[index]?.name, next.name)
        model.waiting.splice(index, 1)
        line.began(handler)
        model.running.push(next)
        model.begins.get(handler)!.push(at.now)
        const keyOf = (each: Attempt) => each.name.split("/").slice(0, 2).join("/")
        passedBy.delete(keyOf(next))
        const others = model.waiting.filter((each) => each.handler === handler && each.owner !== owner)
        for (const key of new Set(others.map(keyOf))) {
          passedBy.set(key, (passedBy.get(key) ?? 0) + 1)
          // Each of the other five executions has at most one turn before it.
          assert.isAtMost(passedBy.get(key)!, 5)
        }
        const readyOthers = new Set(model.waiting.map((each) => each.handler))
        turnsSince.delete(handler)
        for (const other of readyOthers) {
          if (other === handler || !model.hasRoom(other, at.now)) turnsSince.delete(other)
          else turnsSince.set(other, (turnsSince.get(other) ?? 0) + 1)
          assert.isAtMost(turnsSince.get(other) ?? 0, handlers.length)
        }
      }
      for (const happening of happenings) {
        switch (happening._tag) {
          case "Add": {
            const { activity, execution } = happening
            const added = attempt(`${small(execution, 6)}`, handlers[small(activity, kinds.length)]!, number++)
            line.add(added)
            model.waiting.push(added)
            break
          }
          case "Begin":
            begin()
            break
          case "End": {
            const [ended] = model.running.splice(small(happening.which, Math.max(1, model.running.length)), 1)
            if (ended !== undefined) line.ended(ended.handler)
            break
          }
          case "Remove": {
            const [removed] = model.waiting.splice(small(happening.which, Math.max(1, model.waiting.length)), 1)
            if (removed !== undefined) assert.isTrue(line.remove(removed))
            break
          }
          case "Pass":
            pass(small(happening.milliseconds, 12))
        }
        check()
      }
      // All run in the end.
      for (let turn = 0; line.size > 0; turn++) {
        assert.isBelow(turn, 2000)
        begin()
        for (const { handler } of model.running.splice(0)) line.ended(handler)
        pass(1)
        check()
      }
    },
    { arbitrary: { runs: 300 } }
  )
})
