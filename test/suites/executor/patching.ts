/** Promise 9: a program that is changed by a patch goes on with executions that are under way, each as it began. */
import { Effect, Layer, Schema } from "effect"
import { Activity, Signal, Workflow } from "perdure"
import { protocol } from "#protocol"
import { assert } from "../assert.ts"
import { errorOf } from "./failures.ts"
import { open, settle, words } from "./Lab.ts"
import { eventsOf } from "./stored.ts"
import type { SuitePart } from "./SuitePart.ts"

const Go = Signal.make("go")
const Do = Activity.make("Do", { input: Schema.String, success: Schema.String })
const Handlers = Do.toLayer((what) => Effect.succeed(what))
const Job = Workflow.make("Job", { success: Schema.Array(Schema.String) })

const release = (program: typeof old) => Job.toLayer(() => program).pipe(Layer.provide(Handlers))

const act = (what: string) => Effect.orDie(Do(what))

/** Does something, waits, and does another thing. */
const old = Effect.gen(function* () {
  const first = yield* act("old")
  yield* Go.receive
  return [first, yield* act("end")]
})

/** The same with a patch before the wait, and the question again after it. */
const patched = Effect.gen(function* () {
  const first = (yield* Workflow.patched("new first")) ? yield* act("new") : yield* act("old")
  yield* Go.receive
  const second = (yield* Workflow.patched("new first")) ? "new" : "old"
  return [first, second, yield* act("end")]
})

/** The patch after the wait. */
const later = Effect.gen(function* () {
  const first = yield* act("old")
  yield* Go.receive
  const last = (yield* Workflow.patched("later")) ? yield* act("new end") : yield* act("end")
  yield* Go.receive
  return [first, last]
})

/** The old branch is gone. */
const deprecated = Effect.gen(function* () {
  yield* Workflow.deprecatePatch("new first")
  const first = yield* act("new")
  yield* Go.receive
  return [first, yield* act("end")]
})

/** The patch is gone, too. */
const plain = Effect.gen(function* () {
  const first = yield* act("new")
  yield* Go.receive
  return [first, yield* act("end")]
})

const started = Effect.fnUntraced(function* (program: typeof old, id: string) {
  const running = yield* open(release(program))
  yield* running.run(Job.start(undefined, { workflowId: id }))
  yield* settle
  yield* running.stop
})

const finished = Effect.fnUntraced(function* (program: typeof old, id: string) {
  const running = yield* open(release(program))
  yield* settle
  yield* running.run(Go.send(id, undefined))
  const result = yield* running.run(Effect.flatMap(Job.handle(id), ({ result }) => result))
  yield* running.stop
  return result
})

const marksOf = (id: string) => Effect.map(eventsOf(id, "PatchRecorded"), (marks) => marks.map(({ id }) => id))

export const patching: SuitePart = (it) => {
  it.effect("9. a patch is for new executions, and those under way go on as they began", () =>
    Effect.gen(function* () {
      yield* started(old, "before")
      yield* started(patched, "after")
      assert.deepStrictEqual(yield* finished(patched, "before"), ["old", "old", "end"])
      assert.deepStrictEqual(yield* finished(patched, "after"), ["new", "new", "end"])
      assert.deepStrictEqual([yield* marksOf("before"), yield* marksOf("after")], [[], ["new first"]])
    })
  )

  it.effect("9. an execution that comes to a patch for the first time goes by it", () =>
    Effect.gen(function* () {
      yield* started(old, "live")
      const live = yield* open(release(later))
      yield* settle
      for (let i = 0; i < 2; i++) yield* live.run(Go.send("live", undefined))
      assert.deepStrictEqual(yield* live.run(Effect.flatMap(Job.handle("live"), ({ result }) => result)), [
        "old",
        "new end"
      ])
      yield* live.stop
      // Also by what came while no worker had it.
      yield* started(old, "told")
      const client = yield* open(Layer.empty)
      yield* client.run(Go.send("told", undefined))
      const running = yield* open(release(later))
      yield* settle
      assert.deepStrictEqual(yield* marksOf("told"), ["later"])
      yield* running.stop
      // The event came before the commit that has what followed from it.
      assert.deepStrictEqual(yield* finished(later, "told"), ["old", "new end"])
    })
  )

  it.effect("9. a patch that is deprecated is passed over, and a release with the question or without it goes on", () =>
    Effect.gen(function* () {
      yield* started(patched, "with")
      yield* started(deprecated, "without")
      yield* started(deprecated, "back")
      assert.deepStrictEqual(yield* finished(deprecated, "with"), ["new", "end"])
      assert.deepStrictEqual(yield* finished(plain, "without"), ["new", "end"])
      assert.deepStrictEqual(yield* finished(patched, "back"), ["new", "new", "end"])
      assert.deepStrictEqual([yield* marksOf("with"), yield* marksOf("without")], [["new first"], ["new first"]])
    })
  )

  it.effect("9. a patch that is gone too early blocks an execution, which says how to put it back", () =>
    Effect.gen(function* () {
      yield* started(patched, "early")
      const running = yield* open(release(plain))
      const { message } = yield* errorOf(running.result("early"))
      assert.include(message, 'history: PatchRecorded "new first"')
      assert.include(message, '`yield* Workflow.deprecatePatch("new first")`')
      yield* running.stop
      assert.deepStrictEqual(yield* finished(deprecated, "early"), ["new", "end"])
    })
  )

  it.effect("9. a change without a patch blocks an execution, which shows the patch", () =>
    Effect.gen(function* () {
      yield* started(old, "changed")
      const running = yield* open(release(plain))
      const { message } = yield* errorOf(running.result("changed"))
      assert.include(message, 'if (yield* Workflow.patched("a name"))')
      const { executions } = running
      assert.include(words(yield* executions.describe("changed"))[0], "Workflow.patched")
      yield* running.stop
      assert.deepStrictEqual(yield* finished(patched, "changed"), ["old", "old", "end"])
    })
  )

  it.effect("9. what a program does first when its code is put right goes by its patches, also in later releases", () =>
    Effect.gen(function* () {
      const halting = Effect.flatMap(protocol, ({ halt }) => halt({ reason: "Undecodable", message: "no schema fits" }))
      // It is blocked by a signal.
      const broken = yield* open(release(Effect.andThen(act("old"), Effect.andThen(Go.receive, halting))))
      yield* broken.run(Job.start(undefined, { workflowId: "later" }))
      yield* settle
      yield* broken.run(Go.send("later", undefined))
      yield* settle
      yield* broken.stop
      assert.deepStrictEqual(yield* finished(later, "later"), ["old", "new end"])
      // It is blocked before it has done anything.
      yield* started(halting, "at once")
      const right = yield* open(release(patched))
      yield* settle
      yield* right.stop
      assert.deepStrictEqual(yield* marksOf("at once"), ["new first"])
      assert.deepStrictEqual(yield* finished(deprecated, "at once"), ["new", "end"])
    })
  )
}
