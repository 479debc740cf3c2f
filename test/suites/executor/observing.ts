/** Promise 22: an executor tells its observers of each commit that it has made, once, and of nothing else; and they can wrap attempts. */
import { Effect, Layer, Logger, Schema } from "effect"
import { Activity, type HistoryEvent, Signal, Workflow } from "perdure"
import { type Committed, type Observer, Observers } from "perdure/Executor/Observers"
import { assert } from "../assert.ts"
import { sound } from "./FaultyStore.ts"
import { open, pass, settle } from "./Lab.ts"
import { historyOf, summaryOf, tags } from "./stored.ts"
import type { SuitePart } from "./SuitePart.ts"

const Work = Activity.make("Work", { input: Schema.Int, success: Schema.Int })
const Go = Signal.make("go")
const Run = Workflow.make("Run", { success: Schema.Int, workflowId: () => "run" })
const workLive = Work.toLayer((n) => Effect.as(Effect.sleep("1 second"), n * 2))
const RunLive = Run.toLayer(() =>
  Effect.gen(function* () {
    yield* Go.receive
    const doubled = yield* Work(21)
    yield* Effect.sleep("1 minute")
    return doubled
  })
).pipe(Layer.provide(workLive))

/** An observer as a layer. */
const observing = (observer: Observer) => Layer.effectDiscard(Effect.flatMap(Observers, ({ add }) => add(observer)))

/** Notes the events of which an executor tells, and what was open before them. */
const noting = () => {
  const told: Array<string> = []
  const commits: Array<Committed> = []
  const layer = observing({
    committed: (commit) => {
      commits.push(commit)
      for (const event of commit.events) {
        const open = "seq" in event ? commit.open(event.seq)?.issued : undefined
        told.push(
          `${event._tag}${open === undefined ? "" : ` of ${open._tag === "TimerStarted" ? "timer" : open.name}`}`
        )
      }
    }
  })
  return { commits, told, layer }
}

const trace: HistoryEvent.Trace = { traceId: "t".repeat(32), spanId: "s".repeat(16), sampled: true }

export const observed: SuitePart = (it) => {
  it.effect("22. each commit is told once, by the executor that made it, with what it ends", () =>
    Effect.gen(function* () {
      const [worker, client] = [noting(), noting()]
      const app = yield* open(RunLive.pipe(Layer.provideMerge(worker.layer)))
      const web = yield* open(client.layer)
      const run = yield* web.run(Run.start())
      yield* pass("10 seconds")
      yield* web.run(Go.send(run))
      yield* pass("5 seconds")
      // A save whose answer is lost is repeated, and is one commit.
      app.link.fault = (operation) => (operation === "saveAll" ? "unanswered" : undefined)
      yield* pass("50 seconds")
      app.link.fault = sound
      yield* pass("1 hour")
      assert.strictEqual(yield* run.result.pipe(web.run), 42)
      assert.deepStrictEqual(client.told, ["ExecutionStarted", "SignalReceived"])
      assert.deepStrictEqual(
        worker.told.filter((each) => each !== "OwnerChanged"),
        ["ActivityScheduled", "ActivityResolved of Work", "TimerStarted", "TimerFired of timer", "ExecutionCompleted"]
      )
      assert.deepStrictEqual(worker.commits.at(-1)?.summary, yield* summaryOf("run"))
      const all = [...client.told, ...worker.told].map((each) => each.split(" ")[0])
      assert.deepStrictEqual(all.sort(), [...tags(yield* historyOf("run"))].sort())
    })
  )

  it.effect("22. a replay and a takeover tell of no event that was recorded before", () =>
    Effect.gen(function* () {
      const first = yield* open(RunLive)
      const run = yield* first.run(Run.start())
      yield* first.run(Go.send(run))
      yield* pass("10 seconds")
      yield* first.stop
      const later = noting()
      const replays: Array<number> = []
      const second = yield* open(
        RunLive.pipe(
          Layer.provideMerge(later.layer),
          Layer.provideMerge(observing({ replayed: ({ events }) => void replays.push(events) }))
        )
      )
      yield* pass("1 hour")
      assert.strictEqual(yield* second.run(Effect.flatMap(Run.handle("run"), ({ result }) => result)), 42)
      assert.deepStrictEqual(later.told, ["OwnerChanged", "TimerFired of timer", "ExecutionCompleted"])
      assert.isAtLeast(replays.length, 1)
      assert.isAtLeast(replays[0]!, 5)
    })
  )

  it.effect("22. an observer that throws is logged, and the others are told", () =>
    Effect.gen(function* () {
      const lines: Array<string> = []
      const logger = Logger.layer([Logger.make(({ message }) => void lines.push(String(message)))])
      const fails: Observer = {
        committed: () => {
          throw new Error("no disk")
        }
      }
      const { layer, told } = noting()
      const app = yield* Effect.provide(
        open(RunLive.pipe(Layer.provideMerge(observing(fails)), Layer.provideMerge(layer))),
        logger
      )
      yield* app.run(Run.start())
      yield* settle
      assert.deepStrictEqual(told, ["ExecutionStarted"])
      assert.deepStrictEqual(lines, ["an observer of the executor threw: Error: no disk"])
    })
  )

  it.effect("22. observers wrap attempts, the last that came outermost, until their scope closes", () =>
    Effect.gen(function* () {
      const steps: Array<string> = []
      const wrapping = (name: string) =>
        observing({
          attempt: ({ context, input }, next) =>
            Effect.sync(() => steps.push(`${name} begins ${context.activity} ${JSON.stringify(input)}`)).pipe(
              Effect.andThen(next),
              Effect.tap((end) => Effect.sync(() => steps.push(`${name} ends ${end._tag}`)))
            )
        })
      const app = yield* open(
        RunLive.pipe(Layer.provideMerge(Layer.provideMerge(wrapping("outer"), wrapping("inner"))))
      )
      const run = yield* app.run(Run.start())
      yield* app.run(Go.send(run))
      yield* pass("1 hour")
      assert.strictEqual(yield* app.run(run.result), 42)
      assert.deepStrictEqual(steps, [
        "outer begins Work 21",
        "inner begins Work 21",
        "inner ends Success",
        "outer ends Success"
      ])
    })
  )

  it.effect("22. the span of a start goes with the execution: to its commits, attempts, children and next runs", () =>
    Effect.gen(function* () {
      const Child = Workflow.make("Child", { workflowId: () => "child" })
      const Parent = Workflow.make("Parent", { input: Schema.Int, workflowId: () => "parent" })
      const attempts: Array<HistoryEvent.Trace | undefined> = []
      const { commits, layer } = noting()
      const app = yield* open(
        Layer.mergeAll(
          Child.toLayer(() => Effect.asVoid(Work(1))),
          Parent.toLayer((n) => (n > 0 ? Effect.succeed(Parent.continueAsNew(0)) : Effect.asVoid(Child.execute())))
        ).pipe(
          Layer.provide(workLive),
          Layer.provideMerge(layer),
          Layer.provideMerge(
            observing({
              attempt: ({ trace }, next) => {
                attempts.push(trace)
                return next
              }
            })
          )
        )
      )
      yield* app.executor.start({ workflow: "Parent", workflowId: "parent", input: 1, trace })
      yield* pass("1 hour")
      assert.strictEqual((yield* summaryOf("parent")).status, "completed")
      assert.deepStrictEqual(attempts, [trace])
      assert.deepStrictEqual(
        commits.map((commit) => commit.trace),
        commits.map(() => trace)
      )
      assert.deepStrictEqual(new Set(commits.map(({ summary }) => summary.workflowId)).size, 2)
      yield* app.stop
    })
  )
}
