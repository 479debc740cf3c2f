/**
 * What every executor promises. Each title begins with the number of the promise of `docs/semantics.md` that the test proves.
 *
 * ```ts no-run
 * suite("mine", { store: Memory.layer, executor: Mine.layerWith })
 * ```
 */
import { describe } from "@effect/vitest"
import { attributing } from "./executor/attributing.ts"
import { blocking } from "./executor/blocking.ts"
import { calling } from "./executor/calling.ts"
import { catchingUp } from "./executor/catchingUp.ts"
import { compensating } from "./executor/compensating.ts"
import { descending } from "./executor/descending.ts"
import { describing } from "./executor/describing.ts"
import { cancelling, terminating } from "./executor/ending.ts"
import { handingOver } from "./executor/handingOver.ts"
import { limitingActivities } from "./executor/limiting.ts"
import { inlining } from "./executor/inlining.ts"
import { passing } from "./executor/passing.ts"
import { referring } from "./executor/referring.ts"
import { requiring } from "./executor/requiring.ts"
import { choosing } from "./executor/choosing.ts"
import { completing } from "./executor/completing.ts"
import { heartbeating } from "./executor/heartbeating.ts"
import { observed } from "./executor/observing.ts"
import { retrying, timingOut } from "./executor/retrying.ts"
import { asking } from "./executor/asking.ts"
import { continuing } from "./executor/continuing.ts"
import { others } from "./executor/others.ts"
import { patching } from "./executor/patching.ts"
import { parenting } from "./executor/parenting.ts"
import { sending } from "./executor/sending.ts"
import { messaging } from "./executor/sharing.ts"
import { signalling } from "./executor/signalling.ts"
import { sleeping } from "./executor/sleeping.ts"
import { starting } from "./executor/starting.ts"
import { makeIt, type Options, type SuitePart } from "./executor/SuitePart.ts"
import { versioning } from "./executor/versioning.ts"
import { telling } from "./executor/telling.ts"
import { untaken } from "./executor/untaken.ts"
import { updating } from "./executor/updating.ts"

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
export const suite = (name: string, options: Options): void => {
  describe(`the promises of executors, on ${name}`, () => {
    const it = makeIt(options)
    for (const part of parts) part(it)
  })
}
