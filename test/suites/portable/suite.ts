/**
 * What holds on every executor: the same programs, unchanged, in real time. The numbers are those of `docs/semantics.md`.
 */
import { assert } from "@effect/vitest"
import { Clock, Effect, Fiber, Result, Schedule, type Scope } from "effect"
import { Executions } from "perdure/Executor/Executions"
import { errorOf, reasonOf } from "../executor/failures.ts"
import { Portable } from "./Portable.ts"
import * as P from "./programs.ts"

type Test = () => Effect.Effect<unknown, unknown, Portable | Scope.Scope>

/** A test of an executor. */
type It = (title: string, test: Test) => void

let ids = 0

/** An id that no other test has. */
const newId = Effect.gen(function* () {
  const id = `portable ${(yield* Clock.currentTimeMillis).toString(36)} ${ids++}`
  ;(yield* Portable).note(id)
  return id
})

/** Waits in real time until something is so. */
const until = <E, R>(isSo: Effect.Effect<boolean, E, R>) =>
  Effect.repeat(isSo, { until: (value) => value, schedule: Schedule.spaced("50 millis"), times: 400 }).pipe(
    Effect.filterOrElse(
      (value) => value,
      () => Effect.die(new Error("it did not become so"))
    )
  )

const updates = (it: It) => {
  it("19. an update is answered, refused, fails and dies", () =>
    Effect.gen(function* () {
      const { run } = yield* Portable
      const cart = yield* run(P.Cart.start("x", { workflowId: yield* newId }))
      assert.strictEqual(yield* run(P.AddItem.execute(cart, "book")), 1)
      assert.strictEqual(yield* run(P.AddItem.execute(cart.id, "priced pen")), 2)
      const empty = yield* Effect.flip(run(P.AddItem.execute(cart, "")))
      assert.deepStrictEqual(empty, new P.Rejected({ why: "empty" }))
      const gone = yield* Effect.flip(run(P.AddItem.execute(cart, "gone")))
      assert.deepStrictEqual(gone, new P.Rejected({ why: "sold out" }))
      assert.strictEqual(yield* reasonOf(run(P.AddItem.execute(cart, "bug"))), "Defect")
      yield* run(P.CheckOut.send(cart))
      assert.deepStrictEqual(yield* run(cart.result), ["book", "priced pen"])
      assert.strictEqual(yield* reasonOf(run(P.AddItem.execute(cart, "late"))), "Finished")
    }))

  it("19. an id is answered once, and belongs to one input", () =>
    Effect.gen(function* () {
      const { run } = yield* Portable
      const cart = yield* run(P.Cart.start("x", { workflowId: yield* newId }))
      const once = { updateId: "once" }
      assert.strictEqual(yield* run(P.AddItem.execute(cart, "book", once)), 1)
      assert.strictEqual(yield* run(P.AddItem.execute(cart, "book", once)), 1)
      assert.strictEqual(yield* reasonOf(run(P.AddItem.execute(cart, "pen", once))), "UpdateIdInUse")
      assert.deepStrictEqual(yield* run(cart.ask(P.Items)), ["book"])
      yield* run(P.CheckOut.send(cart))
      yield* run(cart.result)
    }))

  it("19. a caller may wait until an update is accepted, and for its answer later", () =>
    Effect.gen(function* () {
      const { run } = yield* Portable
      const cart = yield* run(P.Cart.start("x", { workflowId: yield* newId }))
      const later = yield* run(P.Later.start(cart, "once"))
      yield* run(P.AddItem.execute(cart, "release"))
      assert.strictEqual(yield* run(later.result), "once released")
      yield* run(P.CheckOut.send(cart))
      yield* run(cart.result)
    }))

  it("19. a start may come with an update, and finds the execution that exists", () =>
    Effect.gen(function* () {
      const { run } = yield* Portable
      const workflowId = yield* newId
      const [cart, one] = yield* run(P.AddItem.startWith(P.Cart, "x", "book", { workflowId }))
      const [, two] = yield* run(P.AddItem.startWith(P.Cart, "x", "pen", { workflowId }))
      assert.deepStrictEqual([one, two], [1, 2])
      yield* run(P.CheckOut.sendOrStart(P.Cart, "x", undefined, { workflowId }))
      assert.deepStrictEqual(yield* run(cart.result), ["book", "pen"])
    }))

  it("17. an update that no handler has taken goes on to the next run", () =>
    Effect.gen(function* () {
      const { run } = yield* Portable
      const handle = yield* run(P.Passing.start(false, { workflowId: yield* newId }))
      const asked = yield* Effect.forkChild(run(P.Ahead.execute(handle, "on")), { startImmediately: true })
      yield* Effect.sleep("300 millis")
      yield* run(P.CheckOut.send(handle))
      assert.strictEqual(yield* Fiber.join(asked), "passed on")
      assert.strictEqual(yield* run(handle.result), "on")
    }))
}

const undoing = (it: It) => {
  it("19. a compensation takes updates by its own handlers, also those that came before them", () =>
    Effect.gen(function* () {
      const { run, seen } = yield* Portable
      const workflowId = yield* newId
      const handle = yield* run(P.Undoing.start(undefined, { workflowId }))
      const ask = (update: typeof P.Later | typeof P.Ahead) =>
        Effect.forkChild(Effect.result(run(update.execute(handle, workflowId))), { startImmediately: true })
      const ahead = yield* ask(P.Ahead)
      const answer = yield* Fiber.join(yield* ask(P.Later))
      assert.deepStrictEqual(answer, Result.succeed(`${workflowId} to the compensation`))
      assert.deepStrictEqual(yield* Effect.flip(run(handle.result)), new P.Rejected({ why: "undone" }))
      assert.include(seen.echoed, workflowId)
      // Its handler ran when the compensations ended.
      const left = yield* Fiber.join(ahead)
      assert.strictEqual(yield* reasonOf(Effect.fromResult(left)), "Finished")
    }))
}

const repeated = (it: It) => {
  it("19. an update that a later run has answered is answered again after the end", () =>
    Effect.gen(function* () {
      const { run } = yield* Portable
      const handle = yield* run(P.Passing.start(false, { workflowId: yield* newId }))
      const ask = run(P.Ahead.execute(handle, "on", { updateId: "once" }))
      const asked = yield* Effect.forkChild(ask, { startImmediately: true })
      yield* Effect.sleep("500 millis")
      yield* Fiber.interrupt(asked)
      yield* run(P.CheckOut.send(handle))
      assert.strictEqual(yield* run(handle.result), "on")
      assert.strictEqual(yield* ask, "passed on")
      assert.strictEqual(yield* reasonOf(run(P.Ahead.execute(handle, "late", { updateId: "late" }))), "Finished")
    }))
}

const queries = (it: It) => {
  it("18. a query is answered, fails as it declares, and is unknown", () =>
    Effect.gen(function* () {
      const { run } = yield* Portable
      const cart = yield* run(P.Cart.start("x", { workflowId: yield* newId }))
      yield* run(P.AddItem.execute(cart, "book"))
      assert.deepStrictEqual(yield* run(cart.ask(P.Items)), ["book"])
      assert.strictEqual(yield* run(cart.ask(P.ItemAt, 0)), "book")
      const absent = yield* Effect.flip(run(cart.ask(P.ItemAt, 3)))
      assert.deepStrictEqual(absent, new P.Rejected({ why: "no item 3" }))
      const waiting = yield* run(P.Wait.start("w", { workflowId: yield* newId }))
      assert.strictEqual(yield* reasonOf(run(waiting.ask(P.Items))), "UnknownQuery")
      yield* run(P.Go.send(waiting))
      yield* run(waiting.result)
      yield* run(P.CheckOut.send(cart))
      yield* run(cart.result)
      // Of what is finished, too.
      assert.deepStrictEqual(yield* run(cart.ask(P.Items)), ["book"])
      assert.strictEqual(yield* reasonOf(run(P.Items.ask("nobody"))), "NotFound")
    }))
}

const blockedQueries = (it: It) => {
  it("18. a query to what is blocked does not wait for right code", () =>
    Effect.gen(function* () {
      const { run } = yield* Portable
      const stuck = yield* run(P.Stuck.start("x", { workflowId: yield* newId }))
      assert.strictEqual(yield* reasonOf(run(stuck.result)), "Blocked")
      const asked = reasonOf(run(stuck.ask(P.Items)))
      const reason = yield* Effect.timeoutOrElse(asked, { duration: "8 seconds", orElse: () => Effect.succeed("") })
      assert.include(["Blocked", "UnknownQuery"], reason)
      yield* run(stuck.terminate("no better code will come"))
    }))
}

const starts = (it: It) => {
  it("2. a start is repeated, differs, fails, and begins anew", () =>
    Effect.gen(function* () {
      const { run } = yield* Portable
      const workflowId = yield* newId
      const handle = yield* run(P.Wait.start("a", { workflowId }))
      assert.isTrue(handle.created)
      const again = yield* run(P.Wait.start("a", { workflowId }))
      assert.deepStrictEqual([again.created, again.runId], [false, handle.runId])
      assert.deepInclude(yield* errorOf(run(P.Wait.start("b", { workflowId }))), {
        differs: "input",
        status: "running"
      })
      assert.deepInclude(yield* errorOf(run(P.End.start("a", { workflowId }))), { differs: "workflow" })
      const fail = { workflowId, whenExists: "fail" } as const
      assert.deepInclude(yield* errorOf(run(P.Wait.start("a", fail))), { _tag: "AlreadyExists", differs: "nothing" })
      const restart = { workflowId, whenExists: "restart" } as const
      assert.strictEqual((yield* run(P.Wait.start("a", restart))).runId, handle.runId)
      yield* run(P.Go.send(handle))
      assert.strictEqual(yield* run(handle.result), "a")
      assert.isFalse((yield* run(P.Wait.start("a", { workflowId }))).created)
      const next = yield* run(P.Wait.start("b", restart))
      assert.isTrue(next.created)
      assert.notStrictEqual(next.runId, handle.runId)
      assert.strictEqual(yield* reasonOf(run(P.Go.send(handle))), "Restarted")
      assert.strictEqual(yield* run(handle.result), "a")
      yield* run(P.Go.send(next))
      assert.strictEqual(yield* run(next.result), "b")
      assert.strictEqual(yield* reasonOf(run(P.Go.send(next))), "Finished")
      assert.strictEqual(yield* reasonOf(run(P.Go.send("nobody"))), "NotFound")
      assert.strictEqual(yield* reasonOf(run(P.Wait.handle("nobody"))), "NotFound")
    }))

  it("3. an end is that of the program, whatever it is", () =>
    Effect.gen(function* () {
      const { run } = yield* Portable
      const start = (how: string) => Effect.flatMap(newId, (workflowId) => run(P.End.start(how, { workflowId })))
      assert.strictEqual(yield* run((yield* start("well")).result), "well")
      assert.deepStrictEqual(
        yield* Effect.flip(run((yield* start("fails")).result)),
        new P.Rejected({ why: "as asked" })
      )
      assert.deepInclude(yield* errorOf(run((yield* start("dies")).result)), { _tag: "Defect" })
      const cancelled = yield* start("sleeps")
      yield* run(cancelled.cancel("no need"))
      assert.deepInclude(yield* errorOf(run(cancelled.result)), { _tag: "Cancelled", because: "no need" })
      assert.strictEqual(yield* reasonOf(run(cancelled.cancel())), "Finished")
      const terminated = yield* start("sleeps")
      yield* run(terminated.terminate("enough"))
      assert.deepInclude(yield* errorOf(run(terminated.result)), { _tag: "Terminated", because: "enough" })
      assert.strictEqual(yield* reasonOf(run(terminated.terminate())), "Finished")
      const slow = yield* run(P.Slow.start(undefined, { workflowId: yield* newId }))
      assert.strictEqual(yield* reasonOf(run(slow.result)), "TimedOut")
      assert.include((yield* Portable).seen.echoed, "too slow")
    }))

  it("5. of two signals with one key the chain takes the first", () =>
    Effect.gen(function* () {
      const { run } = yield* Portable
      const handle = yield* run(P.Sum.start(0, { workflowId: yield* newId }))
      yield* run(P.Add.send(handle, 1, { key: "one" }))
      yield* run(P.Add.send(handle, 1, { key: "one" }))
      yield* run(P.Add.send(handle, 2, { key: "two" }))
      yield* run(P.Add.send(handle, 0))
      assert.strictEqual(yield* run(handle.result), 3)
    }))
}

const runs = (it: It) => {
  it("17. a program continues as new, and no signal is lost", () =>
    Effect.gen(function* () {
      const { run } = yield* Portable
      const handle = yield* run(P.Sum.start(1, { workflowId: yield* newId }))
      for (const number of [2, 3, 4, 5]) yield* run(P.Add.send(handle, number))
      yield* run(P.Add.send(handle, 0))
      assert.strictEqual(yield* run(handle.result), 15)
      assert.strictEqual((yield* run(P.Sum.handle(handle.id))).runId, handle.runId)
    }))

  it("17. updates that race with the ends of runs are answered once", () =>
    Effect.gen(function* () {
      const { run } = yield* Portable
      const items = ["a", "b", "c", "d", "e", "f"]
      const round = Effect.gen(function* () {
        const handle = yield* run(P.Turning.start([], { workflowId: yield* newId }))
        const updates = yield* Effect.forkScoped(
          Effect.forEach(items, (item) => run(P.AddItem.execute(handle, item)), { concurrency: "unbounded" })
        )
        for (const number of [1, 2, 3]) yield* run(P.Add.send(handle, number))
        const answers = yield* Fiber.join(updates)
        assert.deepStrictEqual(answers.toSorted(), [1, 2, 3, 4, 5, 6])
        yield* run(P.Add.send(handle, 0))
        assert.deepStrictEqual((yield* run(handle.result)).toSorted(), items)
      })
      for (let rounds = 0; rounds < 4; rounds++) yield* round
    }))

  it("19. an update of an earlier run is answered again as it was, also after the end", () =>
    Effect.gen(function* () {
      const { run } = yield* Portable
      const handle = yield* run(P.Turning.start([], { workflowId: yield* newId }))
      const again = (item: string) => run(P.AddItem.execute(handle, item, { updateId: "once" }))
      assert.strictEqual(yield* again("book"), 1)
      yield* run(P.Add.send(handle, 1))
      assert.strictEqual(yield* run(P.AddItem.execute(handle, "pen")), 2)
      yield* run(P.Add.send(handle, 1))
      assert.strictEqual(yield* run(P.AddItem.execute(handle, "ink")), 3)
      assert.strictEqual(yield* again("book"), 1)
      assert.strictEqual(yield* reasonOf(again("pen")), "UpdateIdInUse")
      yield* run(P.Add.send(handle, 0))
      assert.deepStrictEqual(yield* run(handle.result), ["book", "pen", "ink"])
      assert.strictEqual(yield* again("book"), 1)
    }))

  it("17. a run that has begun with an update of the run before goes on with its signals", () =>
    Effect.gen(function* () {
      const { run } = yield* Portable
      for (let rounds = 0; rounds < 3; rounds++) {
        const handle = yield* run(P.Turning.start([], { workflowId: yield* newId }))
        const again = run(P.AddItem.execute(handle, "book", { updateId: "once" }))
        assert.strictEqual(yield* again, 1)
        yield* run(P.Add.send(handle, 1))
        // The next run is there, and Temporal lets it pause.
        yield* Effect.sleep("200 millis")
        assert.strictEqual(yield* again, 1)
        yield* Effect.sleep("1500 millis")
        yield* run(P.Add.send(handle, 0))
        assert.deepStrictEqual(yield* Effect.timeout(run(handle.result), "8 seconds"), ["book"])
        // What was asked again is no update of the run.
        const events = yield* run(Effect.flatMap(Executions, ({ history }) => history(handle.id)))
        const tags = events.map(({ _tag }) => _tag)
        assert.deepStrictEqual(tags, ["ExecutionStarted", "SignalReceived", "ExecutionCompleted"])
      }
    }))

  it("21. a run has the version with which it began, and a new one the highest", () =>
    Effect.gen(function* () {
      const { run } = yield* Portable
      const start = (workflow: typeof P.First) =>
        Effect.flatMap(newId, (workflowId) => run(workflow.start(undefined, { workflowId })))
      const one = yield* start(P.First)
      const two = yield* start(P.Second as unknown as typeof P.First)
      for (const each of [one, two]) yield* run(P.Go.send(each))
      assert.deepStrictEqual([yield* run(one.result), yield* run(two.result)], ["the first", "the second"])
      const { executor } = yield* Portable
      const workflowId = yield* newId
      yield* executor.start({ workflow: "Versioned", workflowId, input: null })
      yield* run(P.Go.send(workflowId))
      assert.deepInclude(yield* executor.result({ workflowId }), { value: "the second" })
    }))
}

const children = (it: It) => {
  const parentOf = Effect.fnUntraced(function* (how: string) {
    const { run } = yield* Portable
    const id = yield* newId
    const workflowId = `${id} parent`
    ;(yield* Portable).note(workflowId)
    return { id, parent: yield* run(P.Parent.start({ how, id }, { workflowId })) }
  })

  it("16. a child is executed, and fails with its own errors", () =>
    Effect.gen(function* () {
      const { run } = yield* Portable
      assert.strictEqual(yield* run((yield* parentOf("executes")).parent.result), "well")
      const failed = yield* Effect.flip(run((yield* parentOf("fails")).parent.result))
      assert.deepStrictEqual(failed, new P.Rejected({ why: "as asked" }))
    }))

  it("16. every other end of a child has its reason", () =>
    Effect.gen(function* () {
      const { executor, run } = yield* Portable
      const { id, parent } = yield* parentOf("reasons")
      yield* until(Effect.isSuccess(executor.find(`${id} terminated`)))
      yield* until(Effect.isSuccess(executor.find(`${id} cancelled`)))
      yield* executor.send({ workflowId: `${id} cancelled` }, { _tag: "Cancel", reason: "" })
      yield* executor.send({ workflowId: `${id} terminated` }, { _tag: "Terminate", reason: "" })
      assert.deepStrictEqual(yield* run(parent.result), ["Defect", "Cancelled", "Terminated", "TimedOut"])
    }))

  it("16. a child that loses a race is interrupted, and has ended then", () =>
    Effect.gen(function* () {
      const { run, seen } = yield* Portable
      const { id, parent } = yield* parentOf("races")
      assert.strictEqual(yield* run(parent.result), "the timer")
      assert.strictEqual(yield* reasonOf(run(Effect.flatMap(P.Wait.handle(id), ({ result }) => result))), "Cancelled")
      assert.include(seen.echoed, `${id} was interrupted`)
    }))

  it("16. an id that is in use is refused to a child", () =>
    Effect.gen(function* () {
      const { run } = yield* Portable
      const id = yield* newId
      const other = yield* run(P.Wait.start("other", { workflowId: id }))
      const parent = yield* run(P.Parent.start({ how: "taken", id }, { workflowId: yield* newId }))
      assert.strictEqual(yield* run(parent.result), "AlreadyExists")
      yield* run(P.Go.send(other))
      yield* run(other.result)
    }))

  it("16. a parent that ends tells its children what becomes of them", () =>
    Effect.gen(function* () {
      const { run } = yield* Portable
      const childOf = (id: string) => run(Effect.flatMap(P.Wait.handle(id), ({ result }) => result))
      const left = yield* parentOf("leaves")
      assert.strictEqual(yield* run(left.parent.result), "left")
      assert.strictEqual(yield* reasonOf(childOf(left.id)), "Cancelled")
      const ended = yield* parentOf("ends")
      assert.strictEqual(yield* run(ended.parent.result), "ended")
      assert.strictEqual(yield* reasonOf(childOf(ended.id)), "Terminated")
      const abandoned = yield* parentOf("abandons")
      assert.strictEqual(yield* run(abandoned.parent.result), "abandoned")
      yield* run(P.Go.send(abandoned.id))
      assert.strictEqual(yield* childOf(abandoned.id), abandoned.id)
    }))

  it("16. a parent speaks to its child, and awaits it", () =>
    Effect.gen(function* () {
      const { run } = yield* Portable
      const { id, parent } = yield* parentOf("speaks")
      assert.strictEqual(yield* run(parent.result), id)
    }))

  it("17. a child goes on when its parent continues as new, which hears of its end", () =>
    Effect.gen(function* () {
      const { run } = yield* Portable
      const id = yield* newId
      const relay = yield* run(P.Relay.start(id, { workflowId: yield* newId }))
      yield* until(Effect.isSuccess(run(P.Wait.handle(id))))
      yield* Effect.sleep("500 millis")
      yield* run(P.Go.send(id))
      assert.strictEqual(yield* run(relay.result), id)
    }))

  it("17. a parent that continued as new waits for a child that is blocked", () =>
    Effect.gen(function* () {
      const { executor, run } = yield* Portable
      const id = `${yield* newId} stuck`
      const relay = yield* run(P.Relay.start(id, { workflowId: yield* newId }))
      yield* until(Effect.isSuccess(run(P.Stuck.handle(id))))
      const stuck = yield* run(P.Stuck.handle(id))
      assert.strictEqual(yield* reasonOf(run(stuck.result)), "Blocked")
      // The parent has asked by then, too.
      yield* Effect.sleep("1500 millis")
      assert.strictEqual((yield* executor.find(relay.id)).runId, relay.runId)
      yield* run(stuck.terminate("no better code will come"))
      const error = yield* errorOf(run(relay.result))
      assert.include(JSON.stringify(error), "the execution was terminated: no better code will come")
    }))

  it("16. a parent that is terminated tells also the children of its earlier runs", () =>
    Effect.gen(function* () {
      const { run } = yield* Portable
      const id = yield* newId
      const relay = yield* run(P.Relay.start(id, { workflowId: yield* newId }))
      yield* until(Effect.isSuccess(run(P.Wait.handle(id))))
      yield* Effect.sleep("1500 millis")
      yield* run(relay.terminate("enough"))
      assert.strictEqual(yield* reasonOf(run(Effect.flatMap(P.Wait.handle(id), ({ result }) => result))), "Cancelled")
      assert.strictEqual(yield* reasonOf(run(relay.terminate("again"))), "Finished")
    }))
}

const others = (it: It) => {
  const speak = Effect.fnUntraced(function* (how: string, to: string, runId?: string) {
    const { run } = yield* Portable
    const input = runId === undefined ? { how, to } : { how, to, run: runId }
    return yield* run(P.Speaker.execute(input, { workflowId: yield* newId }))
  })

  it("14. a program asks executions that are no children of it", () =>
    Effect.gen(function* () {
      const { run } = yield* Portable
      const cart = yield* run(P.Cart.start("x", { workflowId: yield* newId }))
      assert.strictEqual(yield* speak("finds", cart.id), cart.id)
      assert.strictEqual(yield* speak("updates", cart.id), 1)
      assert.strictEqual(yield* speak("updates", cart.id, cart.runId), 2)
      assert.deepStrictEqual(yield* speak("asks", cart.id), ["from a program", "from a program"])
      assert.strictEqual(yield* speak("finds", "nobody"), "NotFound")
      assert.strictEqual(yield* speak("asks", "nobody"), "NotFound")
      yield* run(P.CheckOut.send(cart))
      yield* run(cart.result)
    }))

  it("14. a program awaits, signals, cancels and terminates executions that are no children of it", () =>
    Effect.gen(function* () {
      const { run } = yield* Portable
      const start = Effect.flatMap(newId, (workflowId) => run(P.Wait.start(workflowId, { workflowId })))
      const awaited = yield* start
      const awaiting = yield* Effect.forkChild(speak("awaits", awaited.id), { startImmediately: true })
      assert.strictEqual(yield* speak("signals", awaited.id, awaited.runId), "sent")
      assert.strictEqual(yield* Fiber.join(awaiting), awaited.id)
      const signalled = yield* start
      assert.strictEqual(yield* speak("signals", signalled.id), "sent")
      assert.strictEqual(yield* run(signalled.result), signalled.id)
      const cancelled = yield* start
      assert.strictEqual(yield* speak("cancels", cancelled.id), "cancelled")
      assert.strictEqual(yield* reasonOf(run(cancelled.result)), "Cancelled")
      const terminated = yield* start
      assert.strictEqual(yield* speak("terminates", terminated.id), "terminated")
      assert.deepInclude(yield* errorOf(run(terminated.result)), { _tag: "Terminated", because: "enough" })
    }))
}

const activities = (it: It) => {
  /** Starts a call whose handler leaves its end to us after a pause in milliseconds. */
  const leave = (pause: number) =>
    Effect.gen(function* () {
      const { run, seen } = yield* Portable
      const workflowId = yield* newId
      const handle = yield* run(P.Payment.start(pause, { workflowId }))
      yield* until(Effect.sync(() => seen.tokens.has(workflowId)))
      return { handle, token: seen.tokens.get(workflowId)![0]!, tokens: () => seen.tokens.get(workflowId)! }
    })

  it("20. a caller outside ends a call", () =>
    Effect.gen(function* () {
      const { run } = yield* Portable
      const { handle, token } = yield* leave(0)
      yield* Effect.sleep("500 millis")
      yield* run(P.Charge.succeed(token, "paid"))
      assert.strictEqual(yield* run(handle.result), "paid")
      assert.strictEqual(yield* reasonOf(run(P.Charge.succeed(token, "paid"))), "Finished")
    }))

  it("20. a result for a call of the run before is refused, and the run goes on with its signals", () =>
    Effect.gen(function* () {
      const { run, seen } = yield* Portable
      const handle = yield* run(P.Leaving.start(false, { workflowId: yield* newId }))
      yield* until(Effect.sync(() => seen.tokens.has(handle.id)))
      yield* run(P.CheckOut.send(handle))
      // The next run is there, and Temporal lets it pause.
      yield* Effect.sleep("200 millis")
      const token = seen.tokens.get(handle.id)![0]!
      assert.strictEqual(yield* reasonOf(run(P.Charge.succeed(token, "paid"))), "ActivityOver")
      yield* Effect.sleep("1500 millis")
      yield* run(P.CheckOut.send(handle))
      assert.strictEqual(yield* Effect.timeout(run(handle.result), "8 seconds"), "left")
    }))

  it("20. a result that comes before the handler has left counts, and interrupts it", () =>
    Effect.gen(function* () {
      const { run, seen } = yield* Portable
      const { handle, token } = yield* leave(60_000)
      yield* run(P.Charge.succeed(token, "paid"))
      // Before its timeout would interrupt it.
      yield* Effect.timeout(until(Effect.sync(() => seen.interrupted.includes(handle.id))), "4 seconds")
      yield* run(P.CheckOut.send(handle))
      assert.strictEqual(yield* run(handle.result), "paid")
    }))

  for (const [when, pause] of [
    ["", 0],
    [", also before the handler has left", 1000]
  ] as const) {
    it(`20. an error from outside ends an attempt, and the policy says what follows${when}`, () =>
      Effect.gen(function* () {
        const { run, seen } = yield* Portable
        const { handle, tokens } = yield* leave(pause)
        for (const code of [1, 2, 3]) {
          yield* until(Effect.sync(() => tokens().length === code))
          if (pause === 0) yield* Effect.sleep("500 millis")
          const old = Effect.forEach(tokens().slice(0, -1), (token) =>
            reasonOf(run(P.Charge.fail(token, new P.Declined({ code: 9 }))))
          )
          assert.deepStrictEqual(
            yield* old,
            Array.from({ length: code - 1 }, () => "ActivityOver")
          )
          yield* run(P.Charge.fail(tokens()[code - 1]!, new P.Declined({ code })))
        }
        assert.strictEqual(yield* run(handle.result), "declined 3")
        const attempts = seen.attempts.filter(({ workflowId }) => workflowId === handle.id)
        assert.deepStrictEqual(
          attempts.map(({ attempt }) => attempt),
          [1, 2, 3]
        )
        assert.strictEqual(new Set(attempts.map(({ key }) => key)).size, 1)
      }))
  }

  it("12. an attempt finds what the one before has reported", () =>
    Effect.gen(function* () {
      const { run } = yield* Portable
      assert.strictEqual(yield* run(P.Copying.execute(undefined, { workflowId: yield* newId })), 7)
    }))

  it("11. a handler whose result is not wanted any more is interrupted", () =>
    Effect.gen(function* () {
      const { run, seen } = yield* Portable
      const id = yield* newId
      assert.isTrue(yield* run(P.Impatient.execute(id, { workflowId: id })))
      yield* until(Effect.sync(() => seen.interrupted.includes(id)))
    }))
}

/** Declares the promises. */
export const promises = (it: It): void => {
  updates(it)
  undoing(it)
  repeated(it)
  queries(it)
  blockedQueries(it)
  starts(it)
  runs(it)
  children(it)
  others(it)
  activities(it)
}
