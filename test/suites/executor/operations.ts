/**
 * Any sequence of operations on two ids, by two workers and a client, is answered as a model says: starts, signals with keys and
 * repeats, updates asked twice, queries, calls that are ended from outside, children, continuations, cancels, terminations, restarts and deletions, while workers stop,
 * or are cut off, and come back.
 */
import { Clock, Duration, Effect, Exit, Fiber, Layer, Ref, Schema } from "effect"
import { Activity, ActivityContext, Executions, Query, RetryPolicy, Signal, Update, Workflow } from "perdure"
import { assert } from "../assert.ts"
import { cut, sound } from "./FaultyStore.ts"
import { open, pass, type Running, settle, until } from "./Lab.ts"
import { type Answer, type Command, type Expected, isExpected, Model, type Operation, Plan } from "./operationsModel.ts"
import type { It, SuitePart } from "./SuitePart.ts"

const Commands = Signal.make("command", { payload: Schema.Json })
const Go = Signal.make("go", { payload: Schema.Int })
class Refused extends Schema.TaggedError<Refused>()("Refused", { number: Schema.Int }) {}
const Add = Update.make("add", { input: Schema.Int, success: Schema.Int, error: Refused })
const Slow = Update.make("slow", { input: Schema.Int, success: Schema.Int })
const Items = Query.make("items", { success: Schema.Array(Schema.Int) })
const Shown = Query.make("shown", { success: Schema.Array(Schema.Int) })

/** An activity that is ended from outside. */
const Leave = Activity.make("Leave", { success: Schema.Int, error: Refused, retry: RetryPolicy.none })

/** A child that ends when it is told. */
const Kid = Workflow.make("Kid", { success: Schema.Int })
const KidLive = Kid.toLayer(() => Go.receive)

/** Keeps numbers: of its commands, of updates, and of what became of its children and of what it told others. */
const Box = Workflow.make("Box", {
  input: Schema.Struct({ first: Schema.Int, items: Schema.Array(Schema.Int) }),
  success: Schema.Array(Schema.Int),
  error: Refused
})
const box = Box.toLayer((input) =>
  Effect.gen(function* () {
    const items = yield* Ref.make(input.items)
    const push = (number: number) =>
      Effect.map(
        Ref.updateAndGet(items, (all) => [...all, number]),
        (all) => all.length
      )
    yield* Items.answer(() => Ref.get(items))
    yield* Shown.publish(items)
    yield* Add.handle(push, {
      validate: (number) => (number < 0 ? Effect.fail(new Refused({ number })) : Effect.void)
    })
    yield* Slow.handle((number) => Effect.andThen(Effect.sleep("10 minutes"), push(number)))
    while (true) {
      const command = (yield* Commands.receive) as Command
      switch (command[0]) {
        case "note":
          yield* push(command[1])
          break
        case "tell":
          yield* Effect.catch(Commands.send(command[1], ["note", command[2]]), () => push(-2))
          break
        case "child": {
          const started = yield* Effect.exit(Kid.start(undefined, { workflowId: command[1], parentClose: command[2] }))
          if (Exit.isFailure(started)) yield* push(-1)
          else
            yield* Effect.forkChild(
              Effect.flatMap(
                Effect.orElseSucceed(started.value.result, () => -3),
                push
              )
            )
          break
        }
        case "leave":
          yield* Effect.forkChild(
            Effect.flatMap(
              Effect.orElseSucceed(Leave(), () => -4),
              push
            )
          )
          break
        case "again":
          return Box.continueAsNew(() => ({ first: input.first, items: Ref.getUnsafe(items) }))
        case "end":
          return yield* Ref.get(items)
        case "fail":
          return yield* new Refused({ number: 1 })
      }
    }
  })
)

/** A box that notes the tokens of what it leaves to the outside, the latest of each id. */
const boxLive = (tokens: Map<string, string>) =>
  box.pipe(
    Layer.provide(
      Leave.toLayer(() =>
        Effect.flatMap(ActivityContext.ActivityContext, ({ token, workflowId }) => {
          tokens.set(workflowId, token)
          return Activity.pending
        })
      )
    )
  )

/** What was asked, and what the model answers as soon as it can. */
interface Question {
  readonly text: string
  readonly app: Running
  readonly fiber: Fiber.Fiber<Answer>
  readonly expected: () => Expected | undefined
}

/** The answer to an operation, in the words of the model. */
const answerOf = <A, E, R>(effect: Effect.Effect<A, E, R>): Effect.Effect<Answer, never, R> =>
  Effect.match(effect, {
    onSuccess: (value): Answer => ["is", (value ?? null) as Schema.Json],
    onFailure: (error): Answer => {
      const { _tag, reason } = error as { readonly _tag: string; readonly reason?: { readonly _tag: string } }
      return ["fails", reason?._tag ?? _tag]
    }
  })

const nothing: Answer = ["is", null]

/** Carries out an operation by an executor. */
const carryOut = (
  app: Running,
  client: Running,
  operation: Operation,
  token: string | undefined
): Effect.Effect<Answer> => {
  const by = <A, E, R>(effect: Effect.Effect<A, E, R>, through = app) =>
    answerOf(through.run(effect)) as Effect.Effect<Answer>
  const { id } = operation
  const created = <A, E, R>(effect: Effect.Effect<{ readonly created: boolean } & A, E, R>) =>
    Effect.map(effect, ({ created }) => created)
  const input = (first: number) => ({ first, items: [] })
  switch (operation._tag) {
    case "Start": {
      const { first, whenExists } = operation
      return by(created(Box.start(input(first), { workflowId: id, whenExists })))
    }
    case "StartWith": {
      const asked = Add.startWith(Box, input(0), operation.number, { workflowId: id, updateId: operation.updateId })
      return by(Effect.map(asked, ([, length]) => length))
    }
    case "SendOrStart":
      return by(
        created(Commands.sendOrStart(Box, input(0), ["note", operation.number], { workflowId: id, key: operation.key }))
      )
    case "Send":
      return by(Commands.send(id, operation.command, { key: operation.key }))
    case "Go":
      return by(Go.send(id, operation.number))
    case "Add":
      return by(Add.execute(id, operation.number, { updateId: operation.updateId }))
    case "Slow":
      return by(Slow.execute(id, operation.number, { updateId: operation.updateId }))
    case "Ask":
      return by(Items.ask(id))
    case "Shown":
      return by(Shown.ask(id), client)
    case "Succeed":
      return token === undefined ? Effect.succeed(nothing) : by(Leave.succeed(token, operation.number))
    case "Fail":
      return token === undefined ? Effect.succeed(nothing) : by(Leave.fail(token, new Refused({ number: 0 })))
    case "Cancel":
      return answerOf(app.cancel(id, "cancelled"))
    case "Terminate":
      return answerOf(app.terminate(id, "terminated"))
    case "Delete":
      return by(Effect.flatMap(Executions.Executions, (executions) => executions.delete(id)))
    case "Status":
      return answerOf(Effect.map(client.executions.describe(id), ({ status }) => status))
  }
}

/** With the clock of the machine. */
const inRealTime = Effect.provideService(Clock.Clock, Clock.Clock.defaultValue())

/** Whether a worker has taken each execution that runs, nothing is owed, and each child has read what it was sent. */
const areAtRest = ({ executions }: Running) =>
  Effect.map(Effect.orDie(executions.list()), ({ executions }) =>
    executions.every(
      ({ owed, owner, status, wakeAt, workflow }) =>
        owed === undefined &&
        (status !== "running" || owner !== undefined) &&
        (workflow === "Box" || wakeAt === undefined)
    )
  )

const title = "any sequence of operations is answered as the model says, while workers stop or are cut off"

/** So many sequences, or fewer where a suite says so; the same ones each time where a seed is given. */
export const manyOperations =
  (runs: number, values: Parameters<It["prop"]>[4] = {}): SuitePart =>
  (it) => {
    it.prop(
      `1 to 19. ${title}`,
      Plan,
      runs,
      (plan) =>
        Effect.gen(function* () {
          const client = yield* open(Layer.empty)
          const tokens = new Map<string, string>()
          const workflows = Layer.merge(boxLive(tokens), KidLive)
          // News that was missed is found soon.
          const options = { maxLoaded: plan.maxLoaded + 1, heartbeatInterval: "50 millis", lease: "1 minute" } as const
          const workers: Array<Running> = [yield* open(workflows, options), yield* open(workflows, options)]
          const model = new Model()
          /** What was asked and not answered. */
          let asked: Array<Question> = []
          /** Who asked an executor that ends, or hears nothing, asks another one. */
          const forget = (app: Running) => {
            asked = asked.filter((question) => question.app !== app)
          }
          const compare = Effect.gen(function* () {
            yield* settle
            // Workers take in real time what has no owner.
            yield* inRealTime(until(areAtRest(client)))
            yield* settle
            const open: Array<Question> = []
            for (const each of asked) {
              const expected = each.expected()
              if (expected === undefined) {
                assert.isUndefined(each.fiber.pollUnsafe(), `${each.text} is answered too early`)
                open.push(each)
              } else {
                // Workers take in real time what has no owner.
                yield* inRealTime(until(Effect.sync(() => each.fiber.pollUnsafe() !== undefined)))
                const answer = yield* Fiber.join(each.fiber)
                if (!isExpected(answer, expected))
                  assert.fail(`${each.text} is answered ${String(answer)} for ${String(expected)}`)
              }
            }
            asked = open
          })
          const wait = (seconds: number) =>
            Effect.andThen(
              pass(Duration.seconds(seconds)),
              Effect.sync(() => model.pass(seconds))
            )
          const begun = (["a", "b"] as const).map(
            (id) => ({ _tag: "Start", id, first: 0, whenExists: "return" }) as const
          )
          const operations = [...begun.map((operation) => ({ operation, through: 2 })), ...plan.operations]
          for (const { operation, through } of operations) {
            if (operation._tag === "Pass") yield* wait(60 * operation.minutes)
            else if (operation._tag === "Stop") {
              forget(workers[through % 2]!)
              yield* workers[through % 2]!.stop
              workers[through % 2] = yield* open(workflows, options)
              yield* wait(60)
            } else if (operation._tag === "Cut") {
              const { link } = workers[through % 2]!
              forget(workers[through % 2]!)
              link.fault = cut()
              yield* wait(120)
              link.fault = sound
              yield* wait(60)
            } else {
              // No two handlers end at once, since nothing says which of two boxes goes first then.
              if (operation._tag === "Slow") yield* wait(1)
              const expected = model.take(operation)
              const app = [...workers, client][through % (operation._tag === "Ask" ? 2 : 3)]!
              const fiber = yield* Effect.forkChild(carryOut(app, client, operation, tokens.get(operation.id)), {
                startImmediately: true
              })
              asked.push({ app, fiber, expected, text: JSON.stringify({ operation, through }) })
            }
            yield* compare
          }
          yield* wait(3600)
          yield* compare
          for (const [id, items] of model.all) {
            assert.deepStrictEqual(
              yield* answerOf(workers[0]!.run(Items.ask(id))),
              ["is", [...items]],
              `the items of ${id}`
            )
          }
        }),
      values
    )
  }
