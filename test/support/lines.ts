/** Lines of a log with what they are about. */
import { it } from "@effect/vitest"
import { Effect, type Layer, Logger, References } from "effect"
import { TestClock } from "effect/testing"
import * as Default from "perdure/Executor/Default"
import * as Memory from "perdure/Store/Memory"
import * as Lab from "../suites/executor/Lab.ts"

export interface Line {
  readonly level: string
  readonly text: string
  readonly annotations: Readonly<Record<string, unknown>>
}

/** Loggers that keep what they are told, and nothing else. */
export const keeping = (lines: Array<Line>): Layer.Layer<never> =>
  Logger.layer([
    Logger.make(({ fiber, logLevel, message }) => {
      const text = [message].flat().map(String).join(" ")
      lines.push({ level: logLevel, text, annotations: { ...fiber.getRef(References.CurrentLogAnnotations) } })
    })
  ])

/** A test in virtual time, which is given the lines of the log. */
export const effect = (title: string, body: (lines: Array<Line>) => Effect.Effect<void, unknown, any>) =>
  it.effect(title, () =>
    Effect.suspend(() => {
      const lines: Array<Line> = []
      const lab = Lab.layer({ store: Memory.layer, executor: Default.layerWith })
      return Effect.scoped(Effect.andThen(TestClock.adjust(0), body(lines))).pipe(
        Effect.provide(lab, { local: true }),
        Effect.provide(keeping(lines))
      ) as Effect.Effect<void, unknown>
    })
  )
