/**
 * What every executor promises: the tests of `ExecutorSuite.ts`, for any runner.
 */
import type { Runner } from "../Runner.ts"
import { attributing } from "./attributing.ts"
import { blocking } from "./blocking.ts"
import { calling } from "./calling.ts"
import { catchingUp } from "./catchingUp.ts"
import { compensating } from "./compensating.ts"
import { descending } from "./descending.ts"
import { describing } from "./describing.ts"
import { cancelling, terminating } from "./ending.ts"
import { handingOver } from "./handingOver.ts"
import { limitingActivities } from "./limiting.ts"
import { inlining } from "./inlining.ts"
import { passing } from "./passing.ts"
import { referring } from "./referring.ts"
import { requiring } from "./requiring.ts"
import { choosing } from "./choosing.ts"
import { completing } from "./completing.ts"
import { heartbeating } from "./heartbeating.ts"
import { observed } from "./observing.ts"
import { retrying, timingOut } from "./retrying.ts"
import { asking } from "./asking.ts"
import { continuing } from "./continuing.ts"
import { others } from "./others.ts"
import { patching } from "./patching.ts"
import { parenting } from "./parenting.ts"
import { sending } from "./sending.ts"
import { messaging } from "./sharing.ts"
import { signalling } from "./signalling.ts"
import { sleeping } from "./sleeping.ts"
import { starting } from "./starting.ts"
import { makeIt, type Options, type SuitePart } from "./SuitePart.ts"
import { versioning } from "./versioning.ts"
import { telling } from "./telling.ts"
import { untaken } from "./untaken.ts"
import { updating } from "./updating.ts"

const parts: ReadonlyArray<SuitePart> = [
  starting,
  calling,
  inlining,
  passing,
  retrying,
  choosing,
  completing,
  heartbeating,
  observed,
  timingOut,
  limitingActivities,
  signalling,
  sleeping,
  cancelling,
  untaken,
  terminating,
  compensating,
  describing,
  attributing,
  catchingUp,
  referring,
  blocking,
  telling,
  requiring,
  messaging,
  sending,
  parenting,
  continuing,
  patching,
  descending,
  handingOver,
  asking,
  updating,
  versioning,
  others
]

/** Defines the tests of an executor on a store. */
export const suite = (runner: Runner, name: string, options: Options): void => {
  runner.describe(`the promises of executors, on ${name}`, {}, () => {
    const it = makeIt(runner, options)
    for (const part of parts) part(it)
  })
}
