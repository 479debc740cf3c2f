/** What a worker may think of itself and of others, by the answers of its store. */
import { assert, describe, it } from "@effect/vitest"
import { RunId, WorkflowId } from "perdure/Ids"
import { Lease } from "../../src/Executor/default/Lease.ts"
import { Tries } from "../../src/Executor/default/Tries.ts"

/** A lease of a second, and the time. */
const lease = () => {
  const time = { now: 1_000_000 }
  const lease = new Lease(1000, () => time.now)
  /** A heartbeat that the store takes after so many milliseconds. */
  const beat = (latency = 0) => {
    const asked = lease.ask()
    time.now += latency
    lease.renewed(asked)
  }
  return { lease, time, beat }
}

describe("a lease", () => {
  it("has no end before the first heartbeat, and a worker without workflows judges at once", () => {
    const { lease: it, time } = lease()
    assert.isFalse(it.isOver)
    assert.isTrue(it.judges)
    time.now += 1_000_000
    assert.isFalse(it.isOver)
    assert.isTrue(it.judges)
  })

  it("begins with a heartbeat that the store takes in time", () => {
    const { beat, lease: it, time } = lease()
    time.now += 50_000
    beat(999)
    assert.isFalse(it.isOver)
    assert.isTrue(it.judges)
  })

  it("is over as long after the last heartbeat was asked as it is long", () => {
    const { beat, lease: it, time } = lease()
    beat(400)
    time.now += 599
    assert.isFalse(it.isOver)
    assert.isTrue(it.judges)
    time.now += 1
    assert.isTrue(it.isOver)
    assert.isFalse(it.judges)
  })

  it("that was over has its worker look what others have taken, also when a heartbeat is taken first", () => {
    const { beat, lease: it, time } = lease()
    beat()
    assert.isFalse(it.mustLook)
    time.now += 1000
    assert.isTrue(it.mustLook)
    beat()
    assert.isFalse(it.isOver)
    assert.isTrue(it.mustLook)
    beat()
    assert.isTrue(it.mustLook)
    it.looked()
    assert.isFalse(it.mustLook)
    time.now += 1000
    it.looked()
    assert.isTrue(it.mustLook, "a look during an outage is none")
  })

  it("is renewed by each heartbeat that comes in time, and the worker goes on judging", () => {
    const { beat, lease: it, time } = lease()
    for (let round = 0; round < 100; round++) {
      beat(300)
      assert.isTrue(it.judges)
      assert.isFalse(it.isOver)
      time.now += 399
    }
  })

  it("is not renewed by a heartbeat that gets no answer", () => {
    const { beat, lease: it, time } = lease()
    beat()
    time.now += 500
    it.ask()
    time.now += 500
    assert.isTrue(it.isOver)
    assert.isFalse(it.judges)
  })

  it("that was over lets the worker judge only when the others had a lease to beat in", () => {
    const { beat, lease: it, time } = lease()
    beat()
    time.now += 1000
    beat(250)
    assert.isFalse(it.isOver)
    assert.isFalse(it.judges)
    time.now += 740
    beat()
    assert.isFalse(it.judges)
    time.now += 259
    assert.isFalse(it.judges)
    time.now += 1
    assert.isTrue(it.judges)
  })

  it("that ran out while the answer was under way is the same", () => {
    const { beat, lease: it, time } = lease()
    beat()
    time.now += 999
    beat(1)
    assert.isFalse(it.isOver, "the heartbeat that was taken counts from when it was asked")
    assert.isFalse(it.judges)
    time.now += 998
    beat()
    assert.isFalse(it.judges)
    time.now += 1
    assert.isFalse(it.judges)
    time.now += 1
    assert.isTrue(it.judges)
  })

  it("whose heartbeat took longer than the lease is over when the answer comes", () => {
    const { beat, lease: it } = lease()
    beat()
    beat(1000)
    assert.isTrue(it.isOver)
    assert.isFalse(it.judges)
  })

  it("of which the first heartbeat took as long as the lease, or several of them, does not judge either", () => {
    const slow = lease()
    slow.beat(1000)
    slow.beat()
    assert.isFalse(slow.lease.judges)
    slow.time.now += 999
    assert.isFalse(slow.lease.judges)
    slow.beat()
    slow.time.now += 1
    assert.isTrue(slow.lease.judges)

    const unanswered = lease()
    unanswered.lease.ask()
    unanswered.time.now += 990
    unanswered.beat(10)
    assert.isFalse(unanswered.lease.isOver)
    assert.isFalse(unanswered.lease.judges)
  })

  it("counts an outage from the first heartbeat without an answer, once", () => {
    const { beat, lease: it, time } = lease()
    it.ask()
    time.now += 100
    beat()
    assert.isFalse(it.judges, "it started during an outage, however short")
    time.now += 950
    beat()
    assert.isFalse(it.judges)
    time.now += 50
    assert.isTrue(it.judges, "the heartbeat before was answered")
  })
})

describe("executions that a program could not go on with", () => {
  const run = (id: string, runId = "run", workflow = "Order") => ({
    workflowId: WorkflowId.make(id),
    runId: RunId.make(runId),
    workflow
  })
  const tries = () => {
    const time = { now: 0 }
    return { tries: new Tries(() => time.now), time }
  }

  it("are tried after pauses that double, from half a minute to an hour", () => {
    const { time, tries: all } = tries()
    const pauses: Array<number> = []
    for (let count = 1; count <= 10; count++) {
      assert.isTrue(all.isDue(run("a")))
      assert.strictEqual(all.failed(run("a")), count)
      const begun = time.now
      for (let pause = 1000; !all.isDue(run("a")); pause += 1000) {
        assert.isAtMost(pause, 3_600_000)
        time.now = begun + pause - 1
        assert.isFalse(all.isDue(run("a")))
        time.now = begun + pause
      }
      pauses.push((time.now - begun) / 1000)
    }
    assert.deepStrictEqual(pauses, [30, 60, 120, 240, 480, 960, 1920, 3600, 3600, 3600])
    assert.strictEqual(all.count(run("a")), 10)
  })

  it("have pauses of their own, and so has each run", () => {
    const { tries: all } = tries()
    all.failed(run("a"))
    all.failed(run("a"))
    assert.isTrue(all.isDue(run("b")))
    assert.strictEqual(all.count(run("b")), 0)
    assert.isTrue(all.isDue(run("a", "next")))
    assert.strictEqual(all.count(run("a", "next")), 0)
    assert.strictEqual(all.failed(run("a", "next")), 1)
  })

  it("are left to others for half a second after each try, and so is each run", () => {
    const { time, tries: all } = tries()
    assert.isFalse(all.isRecent(run("a")))
    const tried: Array<number> = []
    for (time.now = 5000; time.now <= 6500; time.now += 20) {
      if (all.isRecent(run("a"))) continue
      tried.push(time.now)
      all.failed(run("a"))
    }
    assert.deepStrictEqual(tried, [5000, 5500, 6000, 6500])
    assert.isTrue(all.isRecent(run("a")))
    assert.isFalse(all.isRecent(run("a", "next")))
    assert.isFalse(all.isRecent(run("b")))
  })

  it("are forgotten once they go on, and those of a workflow that has another program", () => {
    const { tries: all } = tries()
    for (const id of ["a", "b"]) all.failed(run(id))
    all.failed(run("c", "run", "Refund"))
    all.succeeded(run("a").workflowId)
    assert.deepStrictEqual(
      ["a", "b", "c"].map((id) => all.count(run(id))),
      [0, 1, 1]
    )
    assert.isTrue(all.isDue(run("a")))
    all.forget("Order")
    assert.deepStrictEqual(
      ["a", "b", "c"].map((id) => all.count(run(id))),
      [0, 0, 1]
    )
    assert.isTrue(all.isDue(run("b")))
    assert.isFalse(all.isDue(run("c")))
  })

  it("are remembered up to a number, and those that were tried last", () => {
    const { tries: all } = tries()
    all.failed(run("first"))
    all.failed(run("second"))
    all.failed(run("first"))
    for (let number = 0; number < 9_999; number++) all.failed(run(`${number}`))
    assert.strictEqual(all.count(run("second")), 0)
    assert.strictEqual(all.count(run("first")), 2)
    all.failed(run("one more"))
    assert.strictEqual(all.count(run("first")), 0)
    assert.strictEqual(all.count(run("0")), 1)
  })
})
