/** Timers of executions on one timer of the host. */
import { assert, describe, it } from "@effect/vitest"
import { Clock, Context, Effect, Logger } from "effect"
import { TestClock } from "effect/testing"
import { type AlarmOwner, Alarms } from "../../src/Executor/default/Alarms.ts"
import { Fibers } from "../../src/Executor/default/Fibers.ts"

/** Alarms in virtual time, and owners of which each notes when it is woken. */
const make = Effect.gen(function* () {
  const virtual = yield* Clock.Clock
  /** What is added to the time of the test, in milliseconds. */
  const more = { wall: 0, passed: 0 }
  const clock: Clock.Clock = {
    ...virtual,
    currentTimeMillisUnsafe: () => virtual.currentTimeMillisUnsafe() + more.wall,
    monotonicTimeNanosUnsafe: () => virtual.monotonicTimeNanosUnsafe() + BigInt(more.passed * 1_000_000)
  }
  const context = yield* Effect.context<never>()
  const alarms = new Alarms(new Fibers(Context.add(context, Clock.Clock, clock), clock))
  yield* Effect.addFinalizer(() => Effect.sync(() => alarms.stop()))
  const woken: Array<string> = []
  const owner = (name: string, act: () => void = () => {}): AlarmOwner => ({
    alarmAt: undefined,
    wake: () => {
      woken.push(`${name} ${clock.currentTimeMillisUnsafe()}`)
      act()
    }
  })
  return { alarms, more, owner, woken }
})

describe("an alarm", () => {
  it.effect("rings once, at the latest time that was set, and not when it was cleared", () =>
    Effect.gen(function* () {
      const { alarms, owner, woken } = yield* make
      const [earlier, later, cleared, kept] = ["earlier", "later", "cleared", "kept"].map((name) => owner(name))
      for (const each of [earlier!, later!, cleared!, kept!]) alarms.at(each, 1000)
      assert.strictEqual(alarms.size, 4)
      alarms.at(earlier!, 500)
      alarms.at(later!, 1500)
      alarms.at(cleared!, undefined)
      assert.strictEqual(alarms.size, 3)
      assert.strictEqual(alarms.next, 500)
      yield* TestClock.adjust(5000)
      assert.deepStrictEqual(woken, ["earlier 500", "kept 1000", "later 1500"])
      assert.strictEqual(alarms.size, 0)
      assert.isUndefined(alarms.next)
    }).pipe(Effect.scoped)
  )

  it.effect("rings before those that were set after it for the same time, also when it is due already", () =>
    Effect.gen(function* () {
      const { alarms, owner, woken } = yield* make
      yield* TestClock.adjust(100)
      alarms.at(owner("past"), 50)
      assert.deepStrictEqual(woken, ["past 100"])
      for (const name of ["a", "b", "c"]) alarms.at(owner(name), 200)
      yield* TestClock.adjust(100)
      assert.deepStrictEqual(woken, ["past 100", "a 200", "b 200", "c 200"])
    }).pipe(Effect.scoped)
  )

  it.effect("that is set while another one rings is heard, also when it is due at once", () =>
    Effect.gen(function* () {
      const { alarms, owner, woken } = yield* make
      const next = owner("next")
      const now = owner("now")
      const first = owner("first", () => {
        alarms.at(next, 300)
        alarms.at(now, 100)
      })
      alarms.at(first, 100)
      yield* TestClock.adjust(1000)
      assert.deepStrictEqual(woken, ["first 100", "now 100", "next 300"])
    }).pipe(Effect.scoped)
  )

  it.effect("whose owner throws keeps no other one from ringing", () =>
    Effect.gen(function* () {
      const { alarms, owner, woken } = yield* make
      const broken = owner("broken", () => {
        throw new Error("a bug")
      })
      alarms.at(broken, 100)
      for (const at of [100, 200]) alarms.at(owner("sound"), at)
      yield* TestClock.adjust(1000)
      assert.deepStrictEqual(woken, ["broken 100", "sound 100", "sound 200"])
    }).pipe(Effect.scoped, Effect.provide(Logger.layer([])))
  )

  it.effect("leaves room for other work of the process after ten milliseconds in a row", () =>
    Effect.gen(function* () {
      const { alarms, more, owner, woken } = yield* make
      const work = () => {
        more.passed += 4
      }
      for (let number = 0; number < 10; number++) alarms.at(owner(`${number}`, work), 100)
      more.wall += 100
      alarms.look()
      assert.lengthOf(woken, 3)
      // One that is set meanwhile has its turn, and another look rings none twice.
      alarms.at(owner("meanwhile"), 100)
      alarms.look()
      assert.lengthOf(woken, 3)
      yield* Effect.repeat(Effect.yieldNow, { until: () => woken.length >= 11, times: 100 })
      assert.deepStrictEqual(woken, [...Array.from({ length: 10 }, (_, number) => `${number} 100`), "meanwhile 100"])
      assert.strictEqual(alarms.size, 0)
    }).pipe(Effect.scoped)
  )

  it.effect("that is moved again and again leaves nothing behind that costs time", () =>
    Effect.gen(function* () {
      const { alarms, owner, woken } = yield* make
      const moved = owner("moved")
      for (let at = 200_000; at > 1000; at--) alarms.at(moved, at)
      assert.strictEqual(alarms.size, 1)
      assert.strictEqual(alarms.next, 1001)
      yield* TestClock.adjust(300_000)
      assert.deepStrictEqual(woken, ["moved 1001"])
    }).pipe(Effect.scoped)
  )
})
