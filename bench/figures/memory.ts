/**
 * The same work without a disk, against the engine in memory of `effect/workflow`.
 */
import { Effect, Layer, Schema } from "effect"
import { Activity, Workflow, WorkflowEngine } from "effect/workflow"
import * as Memory from "perdure/Store/Memory"
import * as Figure from "../Figure.ts"
import * as Meter from "../Meter.ts"
import * as Workload from "../Workload.ts"

/** Steps a second in memory, 64 in flight. */
export const memory = Effect.fnUntraced(function* (name: string, factor: number) {
  const ours = yield* Layer.build(Workload.layer().pipe(Layer.provide(Memory.layer)))
  const theirs = yield* Layer.build(PeerLive.pipe(Layer.provideMerge(WorkflowEngine.layerMemory)))
  const rounds = yield* Meter.rounds(
    Effect.all({
      theirs: Effect.provideContext(peerSteps, theirs),
      ours: Effect.provideContext(Workload.steps(64), ours)
    })
  )
  const round = Figure.median(rounds, ({ ours, theirs }) => ours.rate / theirs.rate)
  const reference = { name: "effect/workflow in memory", value: round.theirs.rate, unit: "steps/s" }
  return [
    Figure.make({ name, value: round.ours.rate, unit: "steps/s", atLeast: factor * reference.value, reference }),
    Figure.make({
      name: `${name}-cpu`,
      value: round.ours.cpu,
      unit: "ms/step",
      reference: { ...reference, value: round.theirs.cpu, unit: "ms/step" }
    })
  ]
})

// internal

const Peer = Workflow.make("Sequence", {
  payload: { id: Schema.String },
  idempotencyKey: ({ id }) => id,
  success: Schema.Int
})

// Each has a name of its own: that engine keeps one result for a name.
const activities = Array.from({ length: Workload.activities }, (_, index) =>
  Activity.make({ name: `Echo-${index}`, success: Schema.Int, execute: Effect.succeed(index) })
)

const PeerLive = Peer.toLayer(
  Effect.fnUntraced(function* () {
    let sum = 0
    for (const activity of activities) sum += yield* activity
    return sum
  })
)

let executions = 0

const peerSteps = Workload.sampleSteps(
  64,
  Effect.suspend(() => Peer.execute({ id: `peer-${executions++}` }))
)
