/**
 * What became of the executions of the golden histories of release 0.2 that talk: children, keys, updates, questions, next runs,
 * patches and versions.
 */
import { Effect, Layer } from "effect"
import * as Lab from "../suites/executor/Lab.ts"
import {
  type Acts,
  again,
  beside,
  change,
  child,
  decline,
  failToUndo,
  hour,
  receive,
  resultOf,
  sleep,
  start,
  tell,
  undo,
  word
} from "./acts.ts"
import { waitingWorkflow } from "./programs.ts"
import type { Story } from "./stories.ts"
import {
  type Act,
  Acting,
  Acting2,
  acting2Workflow,
  actingWorkflow,
  Change,
  Progress,
  Unheard,
  Word
} from "./talking.ts"

/** Every way in which a child ends, and what is in its last event. */
const endsOfChildren: Story = (open) =>
  Effect.gen(function* () {
    const worker = yield* open(actingWorkflow, "worker-a")
    const client = yield* open(Layer.empty, "client")
    const children: Readonly<Record<string, Acts>> = {
      "a child that completes": [],
      "a child that declines and cannot undo": [undo, failToUndo, decline],
      "a child that breaks": [{ _tag: "Break", code: "E" }],
      "a child that breaks with a number": [undo, { _tag: "Break", code: 7 }],
      "a child that dies of a text": [{ _tag: "Die", text: "broken" }],
      "a child whose activity dies of a text": [{ _tag: "Break", code: "" }],
      "a child whose attempt takes too long": [{ _tag: "Hang", timeout: "attempt" }],
      "a child whose activity takes too long": [{ _tag: "Hang", timeout: "total" }],
      "a child that relies on nothing": [{ _tag: "Rely" }],
      "a child that relies on no execution": [{ _tag: "Rely", on: "there is none" }],
      "a child that is cancelled": [failToUndo, receive],
      "a child that is terminated": [receive],
      "a child that has a child": [child("a child of a child", [receive]), resultOf("a child of a child")]
    }
    const ids = Object.keys(children)
    const late = child("a child that times out", [failToUndo, receive], {
      timeout: hour,
      attributes: { customer: "Zoë", weight: 2.5, urgent: true }
    })
    const simple = child("a child that simply times out", [receive], { timeout: hour })
    const starts = [...ids.map((id) => child(id, children[id]!)), late, simple]
    const results = [...ids, "a child that times out", "a child that simply times out"].map(resultOf)
    yield* worker.run(start("starts children", [...starts, ...results]))
    yield* Lab.pass("1 minute")
    yield* client.cancel("a child that is cancelled", "not needed")
    yield* client.terminate("a child that is terminated", "enough")
    yield* Lab.pass("1 minute")
    yield* client.signal("a child of a child", "word", "end")
    yield* Lab.pass("1 hour")
  })

/** Children that outlive their parents, and a parent that is told of an end while no worker runs it. */
const endsOfParents: Story = (open) =>
  Effect.gen(function* () {
    const client = yield* open(Layer.empty, "client")
    const both = Layer.merge(actingWorkflow, acting2Workflow)
    const worker = yield* open(both, "worker-a")
    yield* worker.run(
      start("ends before its children", [
        child("a child to be cancelled", [receive]),
        child("a child to be terminated", [receive], { parentClose: "terminate", version: "2" }),
        child("a child to be abandoned", [receive], { parentClose: "abandon" })
      ])
    )
    yield* worker.run(start("executes a child", [{ _tag: "Execute", id: "a child to be stopped", acts: [receive] }]))
    yield* worker.run(start("waits for a child", [child("ends elsewhere", [receive]), resultOf("ends elsewhere")]))
    yield* Lab.pass("1 minute")
    yield* client.cancel("executes a child", "not needed")
    yield* Lab.settle
    yield* worker.stop
    yield* client.terminate("ends elsewhere", "enough")
    const other = yield* open(waitingWorkflow, "worker-b")
    yield* Lab.pass("1 minute")
    yield* other.stop
    const last = yield* open(both, "worker-c")
    yield* Lab.pass("1 minute")
    yield* last.stop
  })

/** Runs that are continued with all that they may leave to the next one. */
const nextRuns: Story = (open) =>
  Effect.gen(function* () {
    const client = yield* open(Layer.empty, "client")
    const worker = yield* open(actingWorkflow, "worker-a", { suggestContinueAt: 50 })
    for (const id of ["is told", "is cancelled by another", "is terminated by another"]) {
      yield* worker.run(start(id, [receive]))
    }
    const first: Acts = [
      { _tag: "Answer" },
      child("goes on beside it", [receive]),
      child("goes on and is terminated", [receive], { parentClose: "terminate" }),
      child("goes on for ever", [receive], { parentClose: "abandon" }),
      receive,
      sleep(hour),
      tell("is told", word("owed", "key"), beside),
      tell("is told", word("owed as well"), beside),
      tell("is cancelled by another", { _tag: "Cancel", reason: "owed" }, beside),
      tell("is terminated by another", { _tag: "Terminate", reason: "owed" }, beside),
      child("started at the end", [receive], {
        ...beside,
        timeout: 100 * hour,
        attributes: { a: "a", b: 1, c: false },
        memo: { of: "a child" }
      }),
      child("started at the end, to be terminated", [receive], { ...beside, parentClose: "terminate", version: "2" }),
      child("started at the end, to be abandoned", [receive], { ...beside, parentClose: "abandon" }),
      again(receive, receive, sleep(1000), again(receive))
    ]
    const options = { timeout: 200 * hour, attributes: { customer: "Ada", weight: 2.5, urgent: false }, memo: ["one"] }
    yield* worker.run(start("has a child that goes on", [child("goes on", first, options), resultOf("goes on")]))
    yield* Lab.settle
    yield* client.run(Word.send("goes on", "first", { key: "first" }))
    yield* client.run(Word.send("goes on", "not taken twice", { key: "first" }))
    yield* client.run(Word.send("goes on", "second"))
    yield* worker.run(start("sends a word with a key", [tell("goes on", word("third", "third"))]))
    yield* Effect.forkChild(worker.run(Effect.exit(Change.execute("goes on", "as you like", { updateId: "answered" }))))
    yield* Effect.forkChild(client.run(Effect.exit(Unheard.execute("goes on", "nothing", { updateId: "open" }))))
    yield* Lab.pass("1 hour")
    yield* Lab.pass("1 minute")
    yield* client.run(Word.send("goes on", "still not taken twice", { key: "first" }))
    yield* client.run(Word.send("goes on", "the end"))
    yield* Lab.pass("1 hour")
  })

const answers = ["as you like", "decline", "break", "break with a number", "die", "rely", "rely on nothing"]

/** Updates with every answer, and one that is open at the end. */
const updates: Story = (open) =>
  Effect.gen(function* () {
    const worker = yield* open(actingWorkflow, "worker-a")
    const client = yield* open(Layer.empty, "client")
    const id = "answers updates"
    yield* worker.run(start(id, [{ _tag: "Answer" }, receive, receive]))
    const asked = (by: Lab.Running, how: string, updateId = how) =>
      Effect.forkChild(by.run(Effect.exit(Change.execute(id, how, { updateId }))))
    for (const how of answers) yield* asked(worker, how)
    yield* Lab.settle
    yield* asked(client, "from elsewhere")
    yield* asked(client, "nothing")
    yield* Lab.settle
    yield* client.signal(id, "word", "one")
    yield* asked(worker, "wait", "waits")
    yield* Lab.pass("1 hour")
    yield* asked(worker, "wait", "waits for ever")
    yield* asked(client, "wait", "waits as well")
    yield* Lab.settle
    yield* client.signal(id, "word", "the end")
    yield* Lab.settle
    const first = Change.startWith(Acting, [{ _tag: "Answer" }], "first", { workflowId: "begins with an update" })
    yield* Effect.forkChild(client.run(Effect.exit(first)))
    yield* client.run(Word.sendOrStart(Acting, [receive], "first", { workflowId: "begins with a word" }))
    yield* Lab.settle
  })

/** Questions of a program to executions that it has not started. */
const questions: Story = (open) =>
  Effect.gen(function* () {
    const worker = yield* open(actingWorkflow, "worker-a")
    const id = "is asked"
    yield* worker.run(
      start(id, [{ _tag: "Answer" }, { _tag: "Publish", text: "half" }, receive, { _tag: "Publish", text: "more" }])
    )
    const acts: Acts = [
      { _tag: "Find", id },
      tell(id, { _tag: "Query", name: Progress.name, input: null }),
      tell(id, change("as you like", "asked by a program")),
      tell(id, change("decline", "declined")),
      resultOf(id),
      { _tag: "Find", id: "there is none" },
      tell("there is none", { _tag: "Query", name: Progress.name, input: null }),
      { _tag: "Rely", on: "there is none" }
    ]
    yield* worker.run(start("asks others", acts))
    yield* Lab.settle
    yield* worker.signal(id, "word", "end")
    yield* Lab.settle
    yield* worker.run(start("publishes too much", [{ _tag: "Publish", text: "12345678", times: 2000 }, receive]))
    const sleeps: Act = { _tag: "Sleep", millis: hour, times: 20 }
    yield* worker.run(start("waits for much", [sleeps, { _tag: "Never" }]))
    yield* worker.run(start("is changed", [{ _tag: "Patch", id: "one" }, { _tag: "Deprecate", id: "two" }, receive]))
    yield* Lab.pass("2 hours")
  })

/** Runs that are pinned to versions of their workflow. */
const versions: Story = (open) =>
  Effect.gen(function* () {
    const client = yield* open(Layer.empty, "client")
    yield* client.run(start("takes the version of its worker", [receive, again(receive)]))
    yield* client.run(Acting2.start([receive], { workflowId: "has a version from its start" }))
    const none = yield* open(actingWorkflow, "worker-a")
    yield* Lab.settle
    yield* none.stop
    const worker = yield* open(acting2Workflow, "worker-b")
    yield* Lab.settle
    yield* worker.run(start("takes the version where it starts", [receive, again(receive)]))
    yield* worker.signal("takes the version where it starts", "word", "on")
    yield* Lab.settle
  })

export const talkingStories: ReadonlyArray<Story> = [
  endsOfChildren,
  endsOfParents,
  nextRuns,
  updates,
  questions,
  versions
]
