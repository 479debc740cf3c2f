/**
 * Programs that ask for what Temporal does not take.
 */
import { Effect, Layer, Schema } from "effect"
import { Signal, Workflow, type WorkflowError } from "perdure"

const Go = Signal.make("go")

const why = <A, R>(effect: Effect.Effect<A, WorkflowError.WorkflowError, R>) =>
  Effect.match(effect, { onSuccess: () => "done", onFailure: ({ reason }) => reason._tag })

/** Tells why each id is refused, to a child and to a message. */
export const Asking = Workflow.make("Asking", {
  input: Schema.Array(Schema.String),
  success: Schema.Array(Schema.Array(Schema.String))
})
const asking = Asking.toLayer(
  Effect.forEach((id) =>
    Effect.all([
      why(Asking.start([], { workflowId: id })),
      why(Asking.execute([], { workflowId: id })),
      why(Go.send(id))
    ])
  )
)

/** What is refused to a program that uses such a name. */
export const Naming = Workflow.make("Naming", { input: Schema.String, success: Schema.Array(Schema.String) })
const naming = Naming.toLayer((name) =>
  Effect.all([
    why(Workflow.make(name).start()),
    why(Workflow.make(name).execute()),
    why(Signal.make(name).send("idle"))
  ])
)

/** Cancels itself for a reason. */
export const Quitting = Workflow.make("Quitting", { input: Schema.String, workflowId: () => "quitting" })
const quitting = Quitting.toLayer((reason) =>
  Effect.andThen(
    Effect.orDie(Effect.flatMap(Quitting.handle("quitting"), (handle) => handle.cancel(reason))),
    Effect.never
  )
)

/** Waits for a signal. */
export const Idle = Workflow.make("Idle")
const idle = Idle.toLayer(() => Go.receive)

/** All of them. */
export const hostile = Layer.mergeAll(asking, naming, quitting, idle)
