/** A story in which each kind of payload has a text of its own: none of them is to be found in a store whose payloads are encrypted. */
import { Context, Effect, Layer, Logger } from "effect"
import * as DefaultExecutor from "perdure/Executor/Default"
import { Sequence, Version } from "perdure/Ids"
import { type Commit, type StoreError, WorkflowStore } from "perdure/Store/WorkflowStore"
import { digest } from "../../src/internal/core/digest.ts"
import { sortedText } from "../../src/internal/core/json.ts"
import { after, freshId, start } from "../suites/store/builders.ts"
import { encrypted } from "./encrypted.ts"
import { About, Ask, Charge, Ending, Go, programs, secret, Slow, Story, Stuck } from "./secretPrograms.ts"

/** The texts that the story has recorded. */
const texts = [
  "an input",
  "a memo",
  "an attribute",
  "a changed attribute",
  "the input of an activity",
  "the result of an activity",
  "the error of an activity",
  "the defect of an activity",
  "the details of a heartbeat",
  "a published value",
  "a signal",
  "a signal that is carried over",
  "a message",
  "the input of a child",
  "the result of a child",
  "the input of an update",
  "the answer to an update",
  "the error of an update",
  "the next input",
  "a result",
  "a failure",
  "a defect",
  "the reason of a cancel",
  "the reason of a termination",
  "what blocks a program",
  "a problem"
].map(secret)

/** What digests of these inputs are: of an input that is one of few they tell which it is. */
const digests = [
  digest(JSON.stringify(secret("the input of an activity"))),
  digest(sortedText(secret("an input"))),
  digest(JSON.stringify(["ask", secret("the input of an update")]))
].map(String)

/** What is not to be found. */
export const hidden: ReadonlyArray<string> = [...texts, ...digests]

/**
 * The same on Temporal, where the digest of an update is in the id that it has there, only a worker has published values, and no commit of
 * a test is saved.
 */
export const hiddenOnTemporal: ReadonlyArray<string> = [
  ...texts.filter((text) => text !== secret("a problem") && text !== secret("a published value")),
  digests[1]!,
  Number(digests[2]).toString(36)
]

/** What stays readable. */
export const names = ["Story", "Charge", "story-1", "customer", "Ada", "go"]

const handlers = Layer.mergeAll(
  Charge.toLayer((input) => {
    if (input === "fail") return Effect.fail(secret("the error of an activity"))
    if (input === "die") return Effect.die(new Error(secret("the defect of an activity")))
    return Effect.succeed(secret("the result of an activity"))
  }),
  Slow.toLayer(() => Effect.andThen(Slow.heartbeat(secret("the details of a heartbeat")), Effect.never))
)

/** The programs with their handlers. */
export const story = programs.pipe(Layer.provide(handlers))

/** Lives the story on an executor; afterwards its executions have ended, but for one that is open, and one that is blocked. */
export const lived = Effect.gen(function* () {
  const email = secret("an attribute")
  yield* Ending.start("listener")
  const story = yield* Story.start(secret("an input"), {
    memo: { note: secret("a memo") },
    attributes: About.of({ customer: "Ada", email })
  })
  yield* Effect.all([
    Ask.execute(story, secret("the input of an update"), { updateId: "1" }),
    Effect.exit(Ask.execute(story, "fail"))
  ])
  yield* Go.send(story, secret("a signal"))
  yield* Go.send(story, secret("a signal that is carried over"))
  yield* story.result
  for (const how of ["failed", "died"]) yield* Effect.exit(Effect.flatMap(Ending.start(how), ({ result }) => result))
  const [cancelled, terminated] = yield* Effect.all([Ending.start("cancelled"), Ending.start("terminated")])
  yield* Ending.start("open")
  yield* Effect.exit(Effect.flatMap(Stuck.start(), ({ result }) => result))
  yield* Effect.sleep("1200 millis")
  yield* cancelled.cancel(secret("the reason of a cancel"))
  yield* terminated.terminate(secret("the reason of a termination"))
})

/** Lives the story on a store, which has another execution that is blocked then. */
const told = Effect.gen(function* () {
  yield* lived
  const store = yield* WorkflowStore
  for (const commit of blocked()) yield* store.save(commit)
}).pipe(
  // The log has the texts of errors.
  Effect.provide(
    story.pipe(
      Layer.provideMerge(DefaultExecutor.layer({ heartbeatInterval: "200 millis" })),
      Layer.provide(Logger.layer([]))
    )
  )
)

/** Which of some texts a text has. */
export const seenIn = (text: string, texts: ReadonlyArray<string>): ReadonlyArray<string> =>
  texts.filter((each) => text.includes(each))

/** The codec of the story. */
export const withCodec = (store: Layer.Layer<WorkflowStore>) => encrypted(store, { secretAttributes: ["email"] })

/** Tells the story on a store; answers what the store itself has of it then, and what is read through the layer over it. */
export const tellOn = Effect.fnUntraced(function* (
  raw: WorkflowStore["Service"],
  over: (store: Layer.Layer<WorkflowStore>) => Layer.Layer<WorkflowStore, StoreError>
) {
  const context = yield* Layer.build(over(Layer.succeed(WorkflowStore, raw)))
  yield* Effect.provideContext(told, context)
  return { stored: yield* tellingOf(raw), read: yield* tellingOf(Context.get(context, WorkflowStore)) }
})

/** All that a store tells of its executions. */
export const tellingOf = (store: WorkflowStore["Service"]): Effect.Effect<string, StoreError> =>
  Effect.gen(function* () {
    const { executions } = yield* store.list()
    const told: Array<unknown> = [executions]
    for (const { runId, workflowId } of executions) {
      told.push(yield* store.load(workflowId, { after: Version.make(0) }))
      told.push(yield* store.details({ workflowId, runId, seq: Sequence.make(0) }))
    }
    return JSON.stringify(told)
  })

// internal

/** An execution that is blocked, with a text in what blocks it. */
const blocked = (): ReadonlyArray<Commit> => {
  const problem = { reason: "Defect", message: secret("a problem") } as const
  const first = start(freshId())
  const at = first.summary.updatedAt
  const second = after(first.summary, {
    events: [{ _tag: "ExecutionBlocked", at, problem }],
    summary: { status: "blocked", waitingFor: [{ _tag: "Blocked", problem }] }
  })
  return [first, second]
}
