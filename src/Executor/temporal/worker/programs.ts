/**
 * Which programs a bundle has, before a worker takes an execution: the bundle is evaluated once here, as the sandbox does for each execution.
 * A module that could run none would block every execution of the queue.
 */
import * as Effect from "effect/Effect"
import { createContext, runInContext } from "node:vm"
import { thrownText } from "../../../internal/given.ts"
import { liveNow } from "../../../internal/liveClock.ts"
import { type TemporalError, temporalError, WorkflowsRefused } from "../../../internal/temporal/TemporalError.ts"

/** The names of the programs in the code of a bundle; `module` is what it was made of, or its file. */
export const programsIn = (code: string, module: string): Effect.Effect<ReadonlySet<string>, TemporalError> =>
  Effect.gen(function* () {
    const refused = (detail: string) => temporalError(new WorkflowsRefused({ module, detail }))
    const programs = yield* Effect.try({
      try: () => evaluated(code),
      catch: (thrown) =>
        refused(`it threw when it was evaluated: ${thrownText(thrown)}; each execution evaluates it, so mend it`)
    })
    if (!Array.isArray(programs)) return yield* refused("it is a bundle of another release; make it anew")
    if (programs.length === 0) {
      return yield* refused(
        "it exports no workflow; export what toLayer of a workflow makes, without the layers of activities"
      )
    }
    return new Set(programs as ReadonlyArray<string>)
  })

// internal

/** How long a module may take, in milliseconds. */
const timeout = 30_000

/** What the entry of a bundle exports as its programs. */
const evaluated = (code: string): unknown => {
  const options = { timeout, displayErrors: false }
  const context = createContext(sandbox(), { microtaskMode: "afterEvaluate" })
  runInContext(code, context, options)
  return runInContext("__TEMPORAL__.importWorkflows().programs", context, options)
}

/** What a module finds in the sandbox. It prints nothing here, as each execution prints it again. */
const sandbox = () => ({
  ...{ URL, URLSearchParams, TextEncoder, TextDecoder, AbortController, __webpack_module_cache__: {} },
  console: Object.fromEntries(["log", "warn", "error", "info", "debug"].map((name) => [name, () => {}])),
  // By what Temporal tells the time, draws numbers and starts timers while a module is evaluated. No timer ends here.
  __TEMPORAL_ACTIVATOR__: {
    now: liveNow(),
    currentRandom: () => 0.5,
    hasFlag: () => false,
    nextSeqs: { timer: 1 },
    completions: { timer: new Map() },
    pushCommand: () => {}
  }
})
