/** Lines of a log with what they are about. */
import { type Layer, Logger, References } from "effect"

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
