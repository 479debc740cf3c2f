/**
 * What the stories of executions that talk have their program do.
 */
import type { Schema } from "effect"
import { type Act, Acting, Change, Word } from "./talking.ts"

export type Acts = ReadonlyArray<Act>

export const hour = 3_600_000

export const receive: Act = { _tag: "Receive" }
export const undo: Act = { _tag: "Undo" }
export const failToUndo: Act = { _tag: "Undo", fails: true }
export const decline: Act = { _tag: "Fail", why: "not so" }
export const sleep = (millis: number): Act => ({ _tag: "Sleep", millis })
export const again = (...acts: Acts): Act => ({ _tag: "Again", acts })
export const child = (
  id: string,
  acts: Acts,
  options: Partial<Extract<Act, { readonly _tag: "Start" }>> = {}
): Act => ({
  _tag: "Start",
  id,
  acts,
  ...options
})
export const resultOf = (of: string): Act => ({ _tag: "Result", of })
export const word = (payload: string, key?: string) =>
  ({ _tag: "Signal", name: Word.name, payload, ...(key && { key }) }) as const
export const change = (how: string, id: string) =>
  ({ _tag: "Update", id, name: Change.name, input: how, wait: "answered" }) as const
export const tell = (
  to: string,
  message: Schema.Json,
  options: Partial<Extract<Act, { readonly _tag: "Tell" }>> = {}
): Act => ({
  _tag: "Tell",
  to,
  message,
  ...options
})
export const beside = { beside: true } as const

export const start = (workflowId: string, acts: Acts, options: Parameters<typeof Acting.start>[1] = {}) =>
  Acting.start(acts, { ...options, workflowId })
