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

/** An id for something of which there are many: of random digits only as many as are enough. Of an id that is made otherwise nothing is spared. */
export const shortened = (id: string): string =>
  /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(id) && id[14] === "4" ? id.slice(-12) : id

// internal

/** A number as so many hexadecimal digits, by halves: small integers become text many times faster than large ones. */
const digits = (value: number, length: 10 | 12): string => {
  const half = 16 ** (length / 2)
  const whole = Math.max(0, Math.floor(value))
  const high = Math.floor(whole / half)
  return padded(high, half) + padded(whole - high * half, half)
}

const padded = (value: number, limit: number): string => (limit + value).toString(16).slice(1)
