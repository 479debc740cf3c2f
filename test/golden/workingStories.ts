/**
 * What became of the executions of the golden histories of release 0.2 that do more than talk: calls with policies of their own, ends of
 * calls by callers outside, inline activities, attributes that programs change, memos, and ends of children that a later run asks for.
 */
import { Effect, Layer } from "effect"
import { Sequence, WorkflowId } from "perdure/Ids"
import type { WorkflowHandle } from "perdure"
import { tokenOf } from "../../src/internal/pending.ts"
import * as Lab from "../suites/executor/Lab.ts"
import { type Acts, again, child, decline, hour, receive, resultOf, sleep, start } from "./acts.ts"
import type { Story } from "./stories.ts"
import { type Act, actingWorkflow } from "./talking.ts"
import { Declined, Leave } from "./working.ts"

const leave = (options: Partial<Extract<Act, { readonly _tag: "Leave" }>> = {}): Act => ({ _tag: "Leave", ...options })

type Started = Pick<WorkflowHandle.WorkflowHandle<unknown, unknown>, "id" | "runId">

/** The token of an attempt of the call that is the first command of the first run. */
const tokenIn = ({ id, runId }: Started, attempt = 1) =>
  tokenOf({
    workflowId: WorkflowId.make(id),
    chain: runId,
    run: runId,
    seq: Sequence.make(0),
    activity: Leave.name,
    attempt
  })

const succeed = (started: Started) => Leave.succeed(tokenIn(started), "from outside")
const fail = (started: Started, attempt = 1) =>
  Leave.fail(tokenIn(started, attempt), new Declined({ why: "from outside" }))

/** Calls with a policy of their own. */
const policies: Story = (open) =>
  Effect.gen(function* () {
    const worker = yield* open(actingWorkflow, "worker-a")
    const attempts = (failures: number, policy: Extract<Act, { readonly _tag: "Try" }>["policy"]): Act =>
      policy === undefined ? { _tag: "Try", failures } : { _tag: "Try", failures, policy }
    yield* worker.run(start("tries once, by the contract", [attempts(1, undefined)]))
    yield* worker.run(start("tries by policies of its calls", [attempts(2, "brief"), attempts(0, "varied"), receive]))
    yield* worker.run(start("fails by the policy of its call", [attempts(3, "brief")]))
    yield* worker.run(start("tries for ever", [attempts(100, "endless")]))
    yield* Lab.pass("1 minute")
    yield* Lab.pass("3 hours")
  })

/** Ends of calls from outside, by the process of the worker and by another one. */
const endsFromOutside: Story = (open) =>
  Effect.gen(function* () {
    const worker = yield* open(actingWorkflow, "worker-a")
    const client = yield* open(Layer.empty, "client")
    for (const [by, { run }] of [["its worker", worker] as const, ["a client", client] as const]) {
      const ended = yield* worker.run(start(`is ended by ${by}`, [leave(), sleep(1000), receive]))
      const early = yield* worker.run(start(`is ended early by ${by}`, [leave({ after: hour }), sleep(1000), receive]))
      const declined = yield* worker.run(start(`is declined by ${by}`, [leave()]))
      const later = yield* worker.run(
        start(`is declined early by ${by}`, [leave({ after: 1000 }), sleep(1000), receive])
      )
      yield* Lab.settle
      yield* run(succeed(ended))
      yield* run(succeed(early))
      yield* run(fail(declined))
      yield* run(fail(later))
      yield* Lab.pass("2 minutes")
      yield* run(fail(declined, 2))
      yield* run(succeed(later))
      yield* Lab.pass("1 minute")
    }
  })

/** Calls that wait for an end from outside: until they time out, are given up, and while no worker has them. */
const waitsForOutside: Story = (open) =>
  Effect.gen(function* () {
    const client = yield* open(Layer.empty, "client")
    const first = yield* open(actingWorkflow, "worker-a")
    yield* first.run(start("waits for an end from outside", [leave()]))
    yield* first.run(start("waits for an end from outside, for a day", [leave({ timeout: 24 * hour })]))
    yield* first.run(start("waits too long for an end from outside", [leave({ timeout: hour, after: 1000 })]))
    yield* first.run(start("does not wait any longer for an end from outside", [leave({ patience: hour }), receive]))
    yield* first.run(start("waits for an end from outside, cancelled", [leave()]))
    const told = yield* first.run(start("waits for an end from outside, told its token", [leave(), receive]))
    yield* Lab.pass("1 minute")
    yield* first.cancel("waits for an end from outside, cancelled", "not needed")
    yield* first.signal(told.id, "word", tokenIn(told))
    yield* Lab.pass("3 hours")
    const found = {
      ended: yield* first.run(start("is ended while no worker has it", [leave(), receive])),
      declined: yield* first.run(start("is declined while no worker has it", [leave(), receive])),
      endedAtLast: yield* first.run(start("is ended while no worker has it, at last", [leave(), receive])),
      declinedAtLast: yield* first.run(start("is declined while no worker has it, at last", [leave(), receive]))
    }
    yield* Lab.settle
    yield* first.stop
    yield* client.run(succeed(found.ended))
    yield* client.run(fail(found.declined))
    yield* Lab.pass("1 minute")
    const second = yield* open(actingWorkflow, "worker-b")
    yield* Lab.pass("2 minutes")
    yield* second.stop
    yield* client.run(succeed(found.endedAtLast))
    yield* client.run(fail(found.declinedAtLast))
  })

/** Inline activities: a first attempt, later ones when the program is read again, and one that a worker leaves unfinished. */
const inlineActivities: Story = (open) =>
  Effect.gen(function* () {
    const inline = (name: string, failures: number, timeout?: number): Act =>
      timeout === undefined ? { _tag: "Inline", name, failures } : { _tag: "Inline", name, failures, timeout }
    const first = yield* open(actingWorkflow, "worker-a")
    yield* first.run(start("has inline activities", [inline("at once", 0), inline("later", 2), receive]))
    yield* first.run(start("has an inline activity that fails", [inline("never", 9)]))
    yield* first.run(start("has an inline activity that takes too long", [inline("too long", 0, hour)]))
    yield* first.run(start("has an inline activity when its worker stops", [inline("long", 0, 2 * hour), receive]))
    yield* Lab.pass("1 hour")
    yield* first.stop
    const second = yield* open(actingWorkflow, "worker-b")
    yield* Lab.pass("1 hour")
    yield* second.run(start("has an inline activity that will be tried again", [inline("later", 1), receive]))
    yield* Lab.pass("1 hour")
    yield* second.run(start("has an inline activity that is to be tried again", [inline("later", 1), receive]))
    yield* Lab.settle
  })

/** Attributes that programs set and remove, also with what a start has said and over runs; and memos. */
const attributes: Story = (open) =>
  Effect.gen(function* () {
    const client = yield* open(Layer.empty, "client")
    yield* client.run(start("has a memo before a worker has it", [receive], { memo: 7 }))
    const worker = yield* open(actingWorkflow, "worker-a")
    const marks: Acts = [
      { _tag: "Mark", stage: "paid", weight: 2.5, urgent: true },
      sleep(1000),
      { _tag: "Mark", stage: "packed", weight: -0.25, urgent: false },
      { _tag: "Unmark", names: ["urgent", "weight"] },
      receive
    ]
    yield* worker.run(start("sets attributes", marks))
    const attributes = { customer: "Zoë", stage: "new", urgent: true }
    yield* worker.run(start("sets attributes, beside others", marks, { attributes, memo: { sold: ["by phone", 7] } }))
    const runs: Acts = [...marks, again({ _tag: "Mark", weight: 7 }, receive, again(receive))]
    yield* worker.run(start("sets attributes, run by run", runs, { attributes, memo: "a text" }))
    yield* worker.run(start("removes all attributes", [{ _tag: "Unmark", names: ["stage", "urgent"] }], { attributes }))
    yield* worker.run(
      start("starts children with memos", [
        child("has a memo from its parent", [receive], { memo: { of: "a child" } }),
        child("has no attributes but its own", [{ _tag: "Mark", stage: "own" }], { memo: null }),
        receive
      ])
    )
    yield* Lab.pass("1 minute")
    for (const id of ["sets attributes", "sets attributes, run by run"]) yield* worker.signal(id, "word", "on")
    yield* Lab.settle
    yield* worker.signal("sets attributes, run by run", "word", "on again")
    yield* Lab.settle
    yield* worker.stop
    yield* client.run(start("has a memo, and no worker has it", [receive], { memo: false }))
  })

/** Children whose ends no program has asked for when it continues as new: the next run may, and the one after it. */
const endsThatAreLeft: Story = (open) =>
  Effect.gen(function* () {
    const worker = yield* open(actingWorkflow, "worker-a")
    const client = yield* open(Layer.empty, "client")
    const children: ReadonlyArray<Act & { readonly _tag: "Start" }> = [
      child("completes unasked", []),
      child("fails unasked", [decline]),
      child("times out unasked", [receive], { timeout: hour }),
      child("is cancelled unasked", [receive]),
      child("is terminated unasked", [receive])
    ].filter((act) => act._tag === "Start")
    const [one, two, three, four, five] = children.map(({ id }) => resultOf(id))
    const starts = "asks later how its children ended"
    yield* worker.run(
      start(starts, [...children, receive, again(one!, two!, receive, again(three!, four!, receive, five!))])
    )
    yield* worker.run(
      start("does not ask how its children ended", [
        child("ends for no one", [], { memo: "unread" }),
        sleep(1000),
        again(receive)
      ])
    )
    yield* Lab.pass("1 minute")
    yield* client.cancel("is cancelled unasked", "not needed")
    yield* client.terminate("is terminated unasked", "enough")
    yield* Lab.pass("1 hour")
    yield* worker.signal(starts, "word", "on")
    yield* Lab.settle
    yield* worker.signal(starts, "word", "and on")
    yield* Lab.settle
  })

export const workingStories: ReadonlyArray<Story> = [
  policies,
  endsFromOutside,
  waitsForOutside,
  inlineActivities,
  attributes,
  endsThatAreLeft
]
