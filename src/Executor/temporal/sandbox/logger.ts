/**
 * What programs log in the sandbox: to Temporal's logger of the workflow, which is silent in replay.
 */
import { log } from "@temporalio/workflow"
import * as Context from "effect/Context"
import * as Logger from "effect/Logger"
import * as References from "effect/References"
import * as Tracer from "effect/Tracer"
import { textOf } from "../../../internal/replay/defect.ts"
import { Rules } from "../../../internal/request.ts"
import { invalidId, invalidName } from "../../../internal/temporal/names.ts"
import { silenced } from "../../../internal/replay/silence.ts"
import { makeTracer } from "./tracer.ts"

/** The context of a program here. */
export const programContext = (): Context.Context<never> =>
  silenced(
    Context.make(Logger.CurrentLoggers, new Set([logger, Logger.tracerLogger])).pipe(
      Context.add(Tracer.Tracer, makeTracer())
    )
  ).pipe(Context.add(Rules, { id: invalidId, name: invalidName }))

// internal

const levels = {
  All: "trace",
  Trace: "trace",
  Debug: "debug",
  Info: "info",
  Warn: "warn",
  Error: "error",
  Fatal: "error",
  None: "trace"
} as const

const logger = Logger.make<unknown, void>(({ cause, fiber, logLevel, message }) => {
  const parts: ReadonlyArray<unknown> = Array.isArray(message) ? message : [message]
  const annotations = fiber.getRef(References.CurrentLogAnnotations)
  const failed = cause.reasons.length === 0 ? {} : { cause: textOf(String(cause)) }
  log[levels[logLevel]](parts.map(textOf).join(" "), { ...annotations, ...failed })
})
