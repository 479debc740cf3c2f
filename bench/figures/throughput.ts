/**
 * Steps a second: executions of ten activities that do nothing, on SQLite.
 */
import { join } from "node:path"
import { Effect, Layer } from "effect"
import { makeBaseline } from "../Baseline.ts"
import * as Figure from "../Figure.ts"
import * as Meter from "../Meter.ts"
import * as Raw from "../Raw.ts"
import * as Scratch from "../Scratch.ts"
import * as Workload from "../Workload.ts"

/** Steps a second with a number of executions in flight, against raw commits. */
export const throughput = Effect.fnUntraced(function* (name: string, fibers: number, factor: number) {
  const { measures } = yield* prepare(fibers)
  return [figure(name, factor, Figure.median(yield* Meter.rounds(Effect.all(measures)), ratio))]
})

/** The same with 64 in flight, with the CPU of a step and what both are of a program without fibers. */
export const throughputAndCpu = Effect.fnUntraced(function* (name: string, factor: number) {
  const { folder, measures } = yield* prepare(64)
  const rounds = yield* Meter.rounds(Effect.all({ ...measures, baseline: yield* makeBaseline(folder) }))
  const fast = Figure.median(rounds, ratio)
  const cheap = Figure.median(rounds, ({ baseline, subject }) => subject.cpu / baseline.cpu)
  const baseline = { name: "prototype-like", value: cheap.baseline.cpu, unit: "ms/step" }
  return [
    figure(name, factor, fast),
    Figure.make({
      name: `${name}-cpu`,
      value: cheap.subject.cpu,
      unit: "ms/step",
      atMost: 0.025,
      reference: baseline
    }),
    Figure.make({ name: baseline.name, value: fast.baseline.rate, unit: "steps/s", reference: commits(fast) }),
    Figure.make({ ...baseline, name: `${baseline.name}-cpu` })
  ]
})

// internal

const prepare = Effect.fnUntraced(function* (fibers: number) {
  const folder = yield* Scratch.makeFolder
  const { many } = yield* Raw.makeCommits(folder)
  const context = yield* Layer.build(Workload.layerSqlite(join(folder, "bench.db")))
  const subject = Effect.provideContext(Workload.steps(fibers), context)
  return { folder, measures: { before: many, subject, after: many } }
})

interface Round {
  readonly before: Meter.Sample
  readonly subject: Meter.Sample
  readonly after: Meter.Sample
}

const commits = ({ after, before }: Round) => ({
  name: "raw one-row commits",
  value: (before.rate + after.rate) / 2,
  unit: "commits/s"
})

const ratio = (round: Round) => round.subject.rate / commits(round).value

const figure = (name: string, factor: number, round: Round) => {
  const reference = commits(round)
  const value = round.subject.rate
  return Figure.make({ name, value, unit: "steps/s", atLeast: factor * reference.value, reference })
}
