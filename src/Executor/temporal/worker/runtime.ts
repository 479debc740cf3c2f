/**
 * Temporal's core, of which a process has one: it logs to our logger, and leaves the signals of the process alone.
 */
import { IllegalStateError } from "@temporalio/common"
import { DefaultLogger, type LogEntry, Runtime } from "@temporalio/worker"
import * as Effect from "effect/Effect"

/** Installs it, unless the process has one already. */
export const installed: Effect.Effect<void> = Effect.map(Effect.context<never>(), (context) => {
  const run = Effect.runForkWith(context)
  try {
    Runtime.install({
      logger: new DefaultLogger("INFO", (line) => void run(logged(line))),
      telemetryOptions: { logging: { filter: { core: "WARN", other: "ERROR" }, forward: {} } },
      shutdownSignals: []
    })
  } catch (thrown) {
    // The app has installed it in its own way.
    if (!(thrown instanceof IllegalStateError)) throw thrown
  }
})

// internal

const logged = ({ level, message, meta }: LogEntry): Effect.Effect<void> => {
  const { sdkComponent, ...about } = meta ?? {}
  const isOfProgram = sdkComponent === "workflow"
  // How executions and attempts fail is in their histories.
  const isUsual = sdkComponent === "worker" && /^(Workflow|Activity) failed$/.test(message)
  const line = levels[isOfProgram ? level : isUsual ? "DEBUG" : quieter[level]](message)
  return Effect.annotateLogs(line, isOfProgram ? shortened(about) : about)
}

const levels = {
  TRACE: Effect.logTrace,
  DEBUG: Effect.logDebug,
  INFO: Effect.logInfo,
  WARN: Effect.logWarning,
  ERROR: Effect.logError
} as const

/** What the worker says of itself is of interest when something goes wrong. */
const quieter = { TRACE: "TRACE", DEBUG: "TRACE", INFO: "DEBUG", WARN: "WARN", ERROR: "ERROR" } as const

/** A program annotates its lines itself. */
const shortened = ({ namespace: _n, taskQueue: _q, workflowType: _t, ...about }: Record<string, unknown>) => about
