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

/** Steps a second with a number of executions in flight, against raw commits, and what a program without fibers reaches. */
export const throughput = Effect.fnUntraced(function* (name: string, fibers: number, factor: number) {
  const round = Figure.median(yield* measure(fibers), ratio)
  return [
    figure(name, factor, round),
    Figure.make({
      name: `${name}-prototype`,
      value: round.prototype.rate,
      unit: "steps/s",
      reference: commits(round)
    })
  ]
})

/** The same with 64 in flight, with the CPU of a step. */
export const throughputAndCpu = Effect.fnUntraced(function* (name: string, factor: number) {
  const rounds = yield* measure(64)
  const fast = Figure.median(rounds, ratio)
  const cheap = Figure.median(rounds, ({ prototype, subject }) => subject.cpu / prototype.cpu)
  const prototype = { name: `${name}-prototype-cpu`, value: cheap.prototype.cpu, unit: "ms/step" }
  return [
    figure(name, factor, fast),
    Figure.make({
      name: `${name}-cpu`,
      value: cheap.subject.cpu,
      unit: "ms/step",
      atMost: 0.025,
      reference: prototype
    }),
    Figure.make({
      name: `${name}-prototype`,
      value: fast.prototype.rate,
      unit: "steps/s",
      reference: commits(fast)
    }),
    Figure.make(prototype)
  ]
})

// internal

const measure = Effect.fnUntraced(function* (fibers: number) {
  const folder = yield* Scratch.makeFolder
  const { many } = yield* Raw.makeCommits(folder)
  const context = yield* Layer.build(Workload.layerSqlite(join(folder, "bench.db")))
  const subject = Effect.provideContext(Workload.steps(fibers), context)
  const prototype = yield* makeBaseline(folder, fibers)
  return yield* Meter.rounds(Effect.all({ before: many, subject, after: many, prototype }))
})

interface Round {
  readonly before: Meter.Sample
  readonly subject: Meter.Sample
  readonly after: Meter.Sample
  readonly prototype: Meter.Sample
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
