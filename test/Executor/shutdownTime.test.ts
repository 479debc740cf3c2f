/** Workflows that are unregistered together, or one after the other, share the time of one shutdown. */
import { assert, describe, it } from "@effect/vitest"
import { ShutdownTime } from "../../src/Executor/default/ShutdownTime.ts"

const make = (limit: number) => {
  let now = 5000
  const time = new ShutdownTime(limit, () => now)
  return {
    time,
    pass: (milliseconds: number) => {
      now += milliseconds
    },
    use: (milliseconds: number) => {
      time.begin()
      now += milliseconds
      time.end()
    }
  }
}

describe("the time of a shutdown", () => {
  it("is shared by unregistrations that follow each other", () => {
    const { pass, time, use } = make(1000)
    use(300)
    pass(900)
    use(300)
    assert.strictEqual(time.left(1), 400)
    assert.strictEqual(time.left(0.5), 0)
    time.begin()
    pass(100)
    assert.strictEqual(time.left(1), 300)
    assert.strictEqual(time.left(0.8), 100)
    pass(5000)
    assert.strictEqual(time.left(1), 0)
  })

  it("passes once for unregistrations that are under way together", () => {
    const { pass, time } = make(1000)
    time.begin()
    pass(200)
    time.begin()
    pass(200)
    time.end()
    pass(200)
    time.end()
    assert.strictEqual(time.left(1), 400)
  })

  it("is full again when nothing was unregistered for as long", () => {
    const { pass, time, use } = make(1000)
    use(2000)
    pass(999)
    use(0)
    assert.strictEqual(time.left(1), 0)
    pass(1000)
    time.begin()
    assert.strictEqual(time.left(1), 1000)
  })

  it("is full again after a registration, but not for a shutdown that is under way", () => {
    const { pass, time, use } = make(1000)
    use(600)
    time.renew()
    assert.strictEqual(time.left(1), 1000)
    use(600)
    time.begin()
    pass(100)
    time.renew()
    assert.strictEqual(time.left(1), 300)
  })

  it("may be none, and without limit", () => {
    const none = make(0)
    none.use(10)
    none.time.begin()
    assert.strictEqual(none.time.left(1), 0)
    const unlimited = make(Number.POSITIVE_INFINITY)
    unlimited.use(1e9)
    unlimited.time.begin()
    assert.strictEqual(unlimited.time.left(0.8), Number.POSITIVE_INFINITY)
  })
})
