/**
 * Workflows that are wrong, a kind in each: which are found where they are crashed everywhere, and by what is said of them; and which are
 * not. `docs/testing.md` tells of both.
 */
import { assert, describe, it } from "@effect/vitest"
import { Effect, Exit, Layer, Option, Schema } from "effect"
import { Activity, ActivityContext, Signal, Workflow, type WorkflowError } from "perdure"
import type * as Executor from "perdure/Executor/Default"
import { crashEverywhere, LifeFailure, type Scenario } from "perdure/testing"

const Ask = Activity.make("Ask", { input: Schema.Int, success: Schema.Int })
const Tell = Activity.make("Tell", { input: Schema.String, success: Schema.String })
const Approve = Signal.make("approve")
const Main = Workflow.make("Main", { success: Schema.String, error: Schema.String })
const Kid = Workflow.make("Kid", { success: Schema.String })

type Handlers = Activity.HandlerOf<typeof Ask> | Activity.HandlerOf<typeof Tell>
type Requires = Executor.Services | Handlers

const KidLive = Kid.toLayer(() => Effect.succeed("a kid"))
const AskLive = Ask.toLayer((value) => Effect.succeed(value))
const TellLive = Tell.toLayer((value) => Effect.succeed(value))

interface Parts extends Omit<Scenario<string, string>, "layer"> {
  /** The workflow, with the handlers that are wrong. */
  readonly main: Layer.Layer<never, WorkflowError.WorkflowError, Requires>
}

/** What is said of a workflow, after the token of the life in which it shows; nothing where it is not found. */
const saidOf = (make: () => Parts): Effect.Effect<string, WorkflowError.WorkflowError> =>
  crashEverywhere(Main, undefined, () => {
    const { main, ...rest } = make()
    return { ...rest, layer: Layer.merge(main, KidLive).pipe(Layer.provide([AskLive, TellLive])) }
  }).pipe(
    Effect.as("nothing"),
    Effect.catchIf(
      (error) => error instanceof LifeFailure,
      ({ replay, why }) => Effect.succeed(`${replay}: ${why}`)
    )
  )

interface Planted {
  readonly [kind: string]: { readonly says: RegExp; readonly make: () => Parts }
}

const disagrees = /^\S+: [^]*disagrees with its history/

/** Found by itself. */
const found: Planted = {
  "a body that branches on the clock of the machine": {
    says: disagrees,
    make: () => ({
      main: Main.toLayer(() => Effect.suspend(() => Effect.as(Ask(Date.now()), "done")))
    })
  },
  "a body that branches on random numbers of its own": {
    says: disagrees,
    make: () => ({
      main: Main.toLayer(() =>
        Effect.suspend(() => Effect.as(Tell(Math.random() < 0.5 ? "this way" : "that way"), "done"))
      )
    })
  },
  "a body that counts its runs in a variable of its module": {
    says: disagrees,
    make: () => {
      let runs = 0
      return { main: Main.toLayer(() => Effect.suspend(() => Effect.as(Ask(runs++), "done"))) }
    }
  },
  "a body that adds to a list outside of it, and tells all of it": {
    says: disagrees,
    make: () => {
      const all: Array<number> = []
      return {
        main: Main.toLayer(() =>
          Effect.map(Ask(1), (answer) => all.push(answer)).pipe(Effect.andThen(Effect.suspend(() => Tell(all.join()))))
        )
      }
    }
  },
  "a promise in the body": {
    says: /^none: .* did asynchronous work outside an activity/,
    make: () => ({
      main: Main.toLayer(() =>
        Effect.andThen(
          Ask(1),
          Effect.promise(() => Promise.resolve("done"))
        )
      )
    })
  },
  "a timer of the machine in the body": {
    says: /^none: .* did asynchronous work outside an activity/,
    make: () => ({
      main: Main.toLayer(() =>
        Effect.andThen(
          Ask(1),
          Effect.callback<string>((resume) => void setTimeout(() => resume(Effect.succeed("done")), 1))
        )
      )
    })
  },
  "a child whose id is random": {
    says: disagrees,
    make: () => ({
      main: Main.toLayer(() =>
        Effect.orDie(Effect.suspend(() => Kid.execute(undefined, { workflowId: crypto.randomUUID() })))
      )
    })
  },
  "a handler whose answer depends on its attempt": {
    says: /^1-stored: it ended with ExecutionCompleted\("2"\), and without a crash with ExecutionCompleted\("1"\)/,
    make: () => ({
      main: Main.toLayer(() => Tell("")).pipe(
        Layer.provide(Tell.toLayer(() => Effect.map(ActivityContext.ActivityContext, ({ attempt }) => `${attempt}`)))
      )
    })
  },
  "a layer that keeps between two calls what only a process knows": {
    says: /^2-stored: it ended with ExecutionCompleted\("forgotten"\)/,
    make: () => {
      const cached = Layer.unwrap(
        Effect.sync(() => {
          const cache = new Map<string, string>()
          return Layer.merge(
            Ask.toLayer((value) =>
              Effect.as(
                Effect.sync(() => cache.set("asked", `${value}`)),
                value
              )
            ),
            Tell.toLayer(() => Effect.sync(() => cache.get("asked") ?? "forgotten"))
          )
        })
      )
      return { main: Main.toLayer(() => Effect.andThen(Ask(1), Tell(""))).pipe(Layer.provide(cached)) }
    }
  },
  "a signal that comes when its receiver has given up and ended": {
    says: /^none: its script failed: WorkflowError: .*the execution is finished/,
    make: () => ({
      main: Main.toLayer(() =>
        Effect.map(Effect.timeoutOption(Approve.receive, "1 day"), (by) => (Option.isNone(by) ? "late" : "approved"))
      ),
      script: (main) => Effect.delay(Approve.send(main), "1 day")
    })
  },
  "a consumer that sends a signal without a key": {
    says: /^2-stored: it ended with ExecutionCompleted\("2"\), and without a crash with ExecutionCompleted\("1"\)/,
    make: () => ({
      main: Main.toLayer(
        Effect.fnUntraced(function* () {
          yield* Effect.sleep("1 day")
          let count = 0
          while (Option.isSome(yield* Approve.poll)) count++
          return `${count}`
        })
      ),
      scriptRestarts: true,
      script: (main) => Approve.send(main)
    })
  }
}

/** A handler with two effects that belong together, and time between them. */
const transferring = (): Parts => {
  const account = { from: 0, to: 0 }
  const transfer = Tell.toLayer((what) =>
    Effect.sync(() => (account.from -= 100)).pipe(
      Effect.delay("1 second"),
      Effect.andThen(Effect.sync(() => (account.to += 100)).pipe(Effect.delay("1 second"))),
      Effect.as(what)
    )
  )
  return {
    main: Main.toLayer(() => Tell("done")).pipe(Layer.provide(transfer)),
    invariant: () => account.from + account.to === 0
  }
}

/** Found by an invariant that counts what has come of it, and not without one. */
const invariant: Planted = {
  "a side effect in the body": {
    says: /its invariant does not hold/,
    make: () => {
      let mails = 0
      return {
        main: Main.toLayer(() => Effect.sync(() => mails++).pipe(Effect.andThen(Tell("done")))),
        invariant: () => mails === 1
      }
    }
  },
  "a handler that takes its attempt for its idempotency key": {
    says: /its invariant does not hold/,
    make: () => {
      const paid = new Set<string>()
      const pay = Tell.toLayer(
        Effect.fnUntraced(function* () {
          const { attempt, idempotencyKey } = yield* ActivityContext.ActivityContext
          paid.add(`${idempotencyKey} ${attempt}`)
          return "done"
        })
      )
      return { main: Main.toLayer(() => Tell("")).pipe(Layer.provide(pay)), invariant: () => paid.size === 1 }
    }
  },
  "a handler that dies between two effects, while a signal is committed": {
    says: /its invariant does not hold/,
    make: () => ({ ...transferring(), script: (main) => Effect.delay(Approve.send(main), "1500 millis") })
  },
  "a compensation that is missing": {
    says: /its invariant does not hold/,
    make: () => {
      const reserved = new Set<string>()
      const reserve = Tell.toLayer((what) =>
        Effect.as(
          Effect.sync(() => reserved.add(what)),
          what
        )
      )
      return {
        main: Main.toLayer(() => Effect.andThen(Tell("a seat"), Effect.fail("no money"))).pipe(Layer.provide(reserve)),
        invariant: ({ exit }) => Exit.isSuccess(exit) === reserved.has("a seat")
      }
    }
  }
}

/** Not found. */
const missed: Planted = {
  "a body that asks the machine for the hour": {
    says: /^nothing$/,
    make: () => ({
      main: Main.toLayer(() => Effect.suspend(() => Tell(new Date().getUTCFullYear() > 2000 ? "now" : "then")))
    })
  },
  "a variable of a module that the next process would not have": {
    says: /^nothing$/,
    make: () => {
      const cache = new Map<string, string>()
      const cached = Layer.merge(
        Ask.toLayer((value) =>
          Effect.as(
            Effect.sync(() => cache.set("asked", `${value}`)),
            value
          )
        ),
        Tell.toLayer(() => Effect.sync(() => cache.get("asked") ?? "forgotten"))
      )
      return { main: Main.toLayer(() => Effect.andThen(Ask(1), Tell(""))).pipe(Layer.provide(cached)) }
    }
  },
  "a handler that dies between two effects, while nothing is committed": {
    says: /^nothing$/,
    make: transferring
  },
  "a body that keeps what calls in a race answered in a set outside of it": {
    says: /^nothing$/,
    make: () => {
      const answers = new Set<number>()
      const ask = (value: number) => Effect.map(Ask(value), (answer) => answers.add(answer))
      return {
        main: Main.toLayer(() =>
          Effect.all([ask(1), ask(2)], { concurrency: "unbounded" }).pipe(
            Effect.andThen(Effect.suspend(() => Tell([...answers].join())))
          )
        )
      }
    }
  },
  "a signal that comes when its receiver has given up, and is never read": {
    says: /^nothing$/,
    make: () => ({
      main: Main.toLayer(() =>
        Effect.as(Effect.andThen(Effect.timeoutOption(Approve.receive, "1 day"), Effect.sleep("1 day")), "done")
      ),
      script: (main) => Effect.delay(Approve.send(main), "1 day")
    })
  },
  "a side effect in the body, without an invariant": {
    says: /^nothing$/,
    make: () => {
      let mails = 0
      return { main: Main.toLayer(() => Effect.sync(() => void mails++).pipe(Effect.andThen(Tell("done")))) }
    }
  }
}

for (const [how, planted] of Object.entries({
  "is found": found,
  "is found by an invariant": invariant,
  "is not found": missed
})) {
  describe(`a planted bug ${how}`, () => {
    for (const [kind, { make, says }] of Object.entries(planted)) {
      it.effect(kind, () => Effect.map(saidOf(make), (said) => assert.match(said, says)))
    }
  })
}
