/**
 * Ids of executions whose callers name none.
 */
import * as Clock from "effect/Clock"
import type * as Fiber from "effect/Fiber"
import * as Random from "effect/Random"

/** A new id of 32 digits that sorts by the time of its making, so that neighbours lie together in a store. */
export const newId = (fiber: Fiber.Fiber<unknown, unknown>): string => {
  const random = fiber.getRef(Random.Random)
  const draw = () => digits(random.nextDoubleUnsafe() * 2 ** 40, 10)
  return digits(fiber.getRef(Clock.Clock).currentTimeMillisUnsafe(), 12) + draw() + draw()
}

// internal

const digits = (value: number, length: number): string =>
  Math.max(0, Math.floor(value)).toString(16).padStart(length, "0")
