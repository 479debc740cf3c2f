/** Programs that answer queries beside what they do, to be asked at any moment. */
import { Clock, Effect, Layer, Random, Schema } from "effect"
import { Query, type WorkflowContext, WorkflowRegistry } from "perdure"
import type { EncodedProgram } from "../../src/internal/replay/Interpreter.ts"
import { Echo } from "../corpus/activities.ts"
import { Amount } from "../corpus/programs.ts"

/** The time, and numbers: of the handler, and with the context of the program. */
export const Now = Query.make("now", { success: Schema.Array(Schema.Finite) })

/** Does what a handler may not do, and is told so. */
export const Wrong = Query.make("wrong", { input: Schema.String, success: Schema.Void })

/** Ends with a defect. */
const Buggy = Query.make("buggy", { success: Schema.Void })

/** What `Wrong` can do, as it is told. */
export const misdeeds = ["slept", "waited for something", 'called activity "Echo"', 'received signal "amount"'] as const

/** A program with answers. */
export const answering =
  (inner: EncodedProgram): EncodedProgram =>
  (input) =>
    Effect.gen(function* () {
      const context = yield* Effect.context<WorkflowContext.WorkflowContext>()
      // The requirements of handlers of activities are for the compiler only.
      const echo = Echo(1) as Effect.Effect<number, never, WorkflowContext.WorkflowContext>
      const wrong: Record<string, Effect.Effect<unknown, unknown, WorkflowContext.WorkflowContext>> = {
        slept: Effect.sleep(1),
        "waited for something": Effect.never,
        'called activity "Echo"': echo,
        'received signal "amount"': Effect.race(Amount.receive, Effect.void)
      }
      yield* Wrong.answer((what) => Effect.asVoid(Effect.exit(Effect.provideContext(wrong[what]!, context))))
      yield* Now.answer(() =>
        Effect.all([Clock.currentTimeMillis, Random.next, Effect.provideContext(Random.next, context)])
      )
      yield* Buggy.answer(() => Effect.die("a defect"))
      return yield* inner(input)
    })

/** Registers workflows with answers. */
export const layerAnswering = <E, R>(
  workflows: Layer.Layer<never, E, R | WorkflowRegistry.WorkflowRegistry>
): Layer.Layer<never, E, R | WorkflowRegistry.WorkflowRegistry> => {
  const registry = Layer.effect(
    WorkflowRegistry.WorkflowRegistry,
    Effect.map(WorkflowRegistry.WorkflowRegistry, ({ register }) => ({
      register: (registration) => register({ ...registration, program: answering(registration.program) })
    }))
  )
  return Layer.provide(workflows, registry) as Layer.Layer<never, E, R | WorkflowRegistry.WorkflowRegistry>
}
