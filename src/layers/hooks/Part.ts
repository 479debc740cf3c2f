/**
 * Hooks that were made together, and the definitions of which they are told.
 */
import * as Schema from "effect/Schema"
import type * as Effect from "effect/Effect"
import { isActivity } from "../../Activity.ts"
import { shown } from "../../internal/options.ts"
import { codecsOf } from "../../internal/schema.ts"
import { isSignal } from "../../Signal.ts"
import { isUpdate } from "../../Update.ts"
import { isWorkflow } from "../../Workflow.ts"
import type { AnyCodecs, Call } from "./call.ts"
import type { Definition } from "./events.ts"
import { type HookName, type Kind, kinds } from "./Handlers.ts"

/** A hook, as it was given. */
export type Hook = (event: never) => Effect.Effect<unknown, unknown, unknown>

export class Part {
  readonly hooks: ReadonlyMap<HookName, Hook>
  /** The codecs of the definitions that are listed, by kind and name; none where hooks are told of all. */
  private readonly listed: ReadonlyMap<string, AnyCodecs> | undefined

  /** Throws a `TypeError` for what no compiler has checked. */
  constructor(hooks: unknown, definitions: unknown) {
    this.hooks = hooksOf(hooks)
    this.listed = definitions === undefined ? undefined : listedOf(definitions)
    if (this.listed === undefined) return
    const named = [...this.listed.keys()]
    for (const hook of this.hooks.keys()) {
      const kind = kinds[hook]
      if (named.some((each) => each.startsWith(`${kind} `))) continue
      throw new TypeError(`${hook}: the list of definitions has no ${kind}, so it would never be called`)
    }
  }

  /** The codecs for a call; `undefined` where no hook of this part is told of it. */
  codecsFor({ hook, inline, name }: Pick<Call, "hook" | "inline" | "name">): AnyCodecs | undefined {
    if (!this.hooks.has(hook)) return undefined
    if (this.listed === undefined) return json
    return inline ? undefined : this.listed.get(keyOf(kinds[hook], name))
  }
}

// internal

const json: AnyCodecs = codecsOf({ input: Schema.Json, success: Schema.Json, error: Schema.Json })

const keyOf = (kind: Kind, name: string): string => `${kind} ${name}`

const hooksOf = (hooks: unknown): ReadonlyMap<HookName, Hook> => {
  if (typeof hooks !== "object" || hooks === null)
    throw new TypeError(`hooks must be an object, and are ${shown(hooks)}`)
  const all = new Map<HookName, Hook>()
  for (const [name, hook] of Object.entries(hooks)) {
    if (!Object.hasOwn(kinds, name)) {
      throw new TypeError(`there is no hook ${shown(name)}; there are ${Object.keys(kinds).join(", ")}`)
    }
    if (hook === undefined) continue
    if (typeof hook !== "function") throw new TypeError(`${name} must be a function, and is ${shown(hook)}`)
    all.set(name as HookName, hook as Hook)
  }
  return all
}

const listedOf = (definitions: unknown): ReadonlyMap<string, AnyCodecs> => {
  if (!Array.isArray(definitions)) {
    throw new TypeError(`the definitions of hooks must be a list, and are ${shown(definitions)}`)
  }
  const listed = new Map<string, AnyCodecs>()
  for (const definition of definitions as ReadonlyArray<unknown>) {
    const kind = kindOf(definition)
    if (kind === undefined) {
      throw new TypeError(
        `hooks cannot be told of ${shown(definition)}: list workflows, activities with a contract, signals and updates`
      )
    }
    const key = keyOf(kind, (definition as Definition).name)
    if (listed.has(key))
      throw new TypeError(
        `the list of definitions has ${key} twice: of its versions list the one whose schemas read all`
      )
    listed.set(key, codecsOfDefinition(definition as Definition))
  }
  return listed
}

const kindOf = (definition: unknown): Kind | undefined => {
  if (isWorkflow(definition)) return "workflow"
  if (isActivity(definition)) return "activity"
  if (isSignal(definition)) return "signal"
  return isUpdate(definition) ? "update" : undefined
}

const codecsOfDefinition = (definition: Definition): AnyCodecs =>
  codecsOf(
    "payload" in definition
      ? { input: definition.payload, success: Schema.Void, error: Schema.Never }
      : { input: definition.input, success: definition.success, error: definition.error }
  )
