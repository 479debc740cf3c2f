/**
 * The configuration of a program: it has none. What a process is configured with is not in the history, so a program that
 * reads it would do something else in replay.
 */
import * as ConfigProvider from "effect/ConfigProvider"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import { WorkflowContext } from "../../WorkflowContext.ts"
import { protocolOf } from "./Protocol.ts"

/** Blocks the execution of every program that reads a path, also where the reader has a default. */
export const unreadable: ConfigProvider.ConfigProvider = ConfigProvider.make((path) =>
  Effect.withFiber((fiber) =>
    protocolOf(Context.getUnsafe(fiber.context, WorkflowContext)).halt({
      reason: "NonDeterminism",
      message:
        `the program reads the configuration ${JSON.stringify(path.join("."))} of its process, which replay cannot repeat; ` +
        `read it outside and pass it as input, or read it in an activity`
    })
  )
)
