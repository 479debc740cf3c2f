/** The programs of a story in which each kind of payload has a text of its own. */
import { Effect, Layer, Ref, Schema } from "effect"
import { Activity, Attributes, Query, Signal, Update, Workflow } from "perdure"

export const secret = (what: string) => `the secret of ${what}`

const text = { input: Schema.String, success: Schema.String, error: Schema.String }
export const About = Attributes.make({ customer: Schema.String, email: Schema.String })
export const Charge = Activity.make("Charge", text)
export const Slow = Activity.make("Slow", { heartbeat: Schema.String })
export const Go = Signal.make("go", { payload: Schema.String })
export const Ask = Update.make("ask", text)
const Stage = Query.make("stage", { success: Schema.String })
const Child = Workflow.make("Child", { ...text, workflowId: () => "child-1" })
export const Ending = Workflow.make("Ending", { ...text, workflowId: (how) => how })
export const Stuck = Workflow.make("Stuck", { workflowId: () => "stuck-1", defects: "block" })
export const Story = Workflow.make("Story", { ...text, workflowId: () => "story-1" })

const firstRun = Effect.gen(function* () {
  yield* About.set({ customer: "Ada", email: secret("a changed attribute") })
  yield* Ask.handle((input) =>
    input === "fail" ? Effect.fail(secret("the error of an update")) : Effect.succeed(secret("the answer to an update"))
  )
  yield* Charge(secret("the input of an activity"))
  yield* Effect.exit(Charge("fail"))
  yield* Effect.exit(Charge("die"))
  yield* Go.send("listener", secret("a message")).pipe(Effect.orDie)
  yield* Child.execute(secret("the input of a child")).pipe(Effect.orDie)
  yield* Go.receive
  yield* Effect.sleep("200 millis")
  return Story.continueAsNew(secret("the next input"))
})

/** What does not end. */
const open = Effect.gen(function* () {
  yield* Stage.publish(yield* Ref.make(secret("a published value")))
  yield* Effect.orDie(Slow())
  return ""
})

/** The programs. They need the handlers. */
export const programs = Layer.mergeAll(
  Stuck.toLayer(() => Effect.die(new Error(secret("what blocks a program")))),
  Child.toLayer(() => Effect.succeed(secret("the result of a child"))),
  Ending.toLayer((how) => {
    if (how === "failed") return Effect.fail(secret("a failure"))
    if (how === "died") return Effect.die(new Error(secret("a defect")))
    return how === "listener" ? Go.receive : open
  }),
  Story.toLayer((input) =>
    input === secret("an input")
      ? firstRun
      : Effect.as(Effect.andThen(Go.receive, Effect.sleep("1 second")), secret("a result"))
  )
)
