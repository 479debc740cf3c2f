/**
 * The handlers that a workflow is registered with: one for each name, and for which contract each of them is.
 */
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import * as Result from "effect/Result"
import * as Schema from "effect/Schema"
import { type ActivityHandler, type Registration, WorkflowRegistry } from "../Executor/WorkflowRegistry.ts"
import type { Problem } from "../HistoryEvent.ts"
import type { LayerNeeds, Needs } from "./requirements.ts"
import { AmbiguousActivity, WorkflowError } from "../WorkflowError.ts"

/** What callers and a handler have to agree about. */
interface Contract {
  readonly name: string
  readonly input: Schema.Constraint
  readonly success: Schema.Constraint
  readonly error: Schema.Constraint
}

/** A handler, as its layer provides it. */
interface Implementation {
  readonly contract: Contract
  readonly handler: ActivityHandler
}

/** The implementations of a workflow, by the names of their activities. */
type Implementations = ReadonlyMap<string, Implementation>

/**
 * A key under which the layers of one contract provide a handler: a later layer of the same contract replaces the handler,
 * and that of another contract of the same name stands beside it.
 */
export const handlerKey = <Handler>(name: string): Context.Service<Handler, Implementation> =>
  Context.Service<Handler, Implementation>(`${prefix}${contracts++}/${name}`)

/** Registers a program, with the handlers of its activities, for as long as the layer lives. */
export const layerOf = <R>(
  workflow: string,
  version: string | undefined,
  program: Registration["program"]
): Layer.Layer<never, WorkflowError, WorkflowRegistry | LayerNeeds<R>> =>
  Layer.effectDiscard(
    Effect.gen(function* () {
      const registry = yield* WorkflowRegistry
      const context = yield* Effect.context<LayerNeeds<R>>()
      const implementations = yield* implementationsIn(context, workflow)
      yield* registry.register({
        workflow,
        version,
        program: (input) => Effect.provideService(program(input), Registered, { implementations, context }),
        handlers: new Map(Array.from(implementations, ([name, { handler }]) => [name, handler]))
      })
    })
  )

/** What the program that runs was registered with: its handlers, and the services of its layer. */
export const Registered = Context.Reference<{
  readonly implementations: Implementations
  readonly context: Context.Context<never>
}>("perdure/internal/Registered", {
  defaultValue: () => ({ implementations: new Map(), context: Context.empty() })
})

/** A service of the layer with which the program that runs was registered. */
export const vouched = <Id, Service>(key: Context.Key<Id, Service>): Effect.Effect<Service, never, Needs<Id>> =>
  Effect.flatMap(Registered, ({ context }) =>
    Option.match(Context.getOption(context, key), {
      onSome: Effect.succeed,
      onNone: () => Effect.die(new Error(`the layer of the workflow was not given ${key.key}`))
    })
  )

/** Why a call is blocked whose name has the handler of another contract. */
export const otherContract = (name: string): Problem => ({
  reason: "Undecodable",
  message:
    `activity ${JSON.stringify(name)} is called by one contract and its handler is for another one of this name; ` +
    `provide the toLayer(...) of the contract that is called, or give one of the two another name`
})

/** Whether two contracts are one: the same definition, or definitions with schemas that are alike. */
export const isSame = (one: Contract, other: Contract): boolean => one === other || shapeOf(one) === shapeOf(other)

// internal

const prefix = "perdure/Activity/Handler/"

let contracts = 0

/** The implementations that a context has. Fails where two contracts of one name have a handler. */
const implementationsIn = (
  context: Context.Context<never>,
  workflow: string
): Effect.Effect<Implementations, WorkflowError> => {
  const found = new Map<string, Implementation>()
  for (const [key, service] of context.mapUnsafe) {
    if (!key.startsWith(prefix)) continue
    const implementation = service as Implementation
    const activity = implementation.contract.name
    if (found.has(activity)) {
      const reason = new AmbiguousActivity({ workflow, activity })
      return Effect.fail(new WorkflowError({ operation: "register", reason }))
    }
    found.set(activity, implementation)
  }
  return Effect.succeed(found)
}

const shapes = new WeakMap<Contract, string | symbol>()

const shapeOf = (contract: Contract): string | symbol => {
  const known = shapes.get(contract)
  if (known !== undefined) return known
  const { error, input, success } = contract
  const shape = Result.try(() => JSON.stringify([input, success, error].map(formsOf)))
  // A schema that cannot be looked at is like no other.
  const text = Result.getOrElse(shape, () => Symbol(contract.name))
  shapes.set(contract, text)
  return text
}

/** What a schema is in a program, and in a history. */
const formsOf = (schema: Schema.Constraint) => [
  Schema.toRepresentation(Schema.toType(schema)),
  Schema.toRepresentation(Schema.toCodecJson(schema))
]
