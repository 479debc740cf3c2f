/**
 * What the program of `talking.ts` can do besides talking: it calls activities whose ends come from outside or that have a policy of
 * their own, has inline ones, and changes its attributes. As in `programs.ts`, nothing here changes, except by additions.
 */
import { Effect, Schema } from "effect"
import { Activity, ActivityContext, Attributes, RetryPolicy, type WorkflowError } from "perdure"

/** The only typed error. */
export class Declined extends Schema.TaggedError<Declined>()("Declined", { why: Schema.String }) {}

/** Fails in its first `failures` attempts, and then answers the number of the attempt. By its contract it has one attempt. */
const Try = Activity.make("Try", {
  input: Schema.Struct({ failures: Schema.Int }),
  success: Schema.Int,
  error: Declined,
  retry: RetryPolicy.none
})

/** Leaves its end to a caller outside, after so many milliseconds. */
export const Leave = Activity.make("Leave", {
  input: Schema.Struct({ after: Schema.Number }),
  success: Schema.String,
  error: Schema.Union([Declined, Activity.ActivityTimedOut]),
  retry: RetryPolicy.exponential({ maxAttempts: 2, initialInterval: "1 minute" })
})

/** One attribute of each kind. */
const Marks = Attributes.make({ stage: Schema.String, weight: Schema.Finite, urgent: Schema.Boolean })

/** The policies that a call can have: with all numbers, with as few as there can be, and with pauses that vary. */
const policies = {
  brief: RetryPolicy.exponential({ initialInterval: "1 second", coefficient: 3, maximumInterval: "2 seconds" }),
  endless: RetryPolicy.exponential({ initialInterval: "1 hour", maxAttempts: Infinity }),
  varied: RetryPolicy.exponential({ initialInterval: "1 second", maxAttempts: 5, jitter: true })
}
const policy = Schema.optionalKey(Schema.Literals(["brief", "endless", "varied"]))

/** The fields of each act. */
export const workingActs = {
  /** Calls an activity that fails at first, and answers what it answers. */
  Try: { failures: Schema.Int, policy },
  /**
   * Calls an activity whose handler leaves its end to a caller outside, after so many milliseconds. What it fails with is answered by its
   * name. `patience`: the program gives it up then.
   */
  Leave: {
    after: Schema.optionalKey(Schema.Number),
    timeout: Schema.optionalKey(Schema.Number),
    patience: Schema.optionalKey(Schema.Number)
  },
  /** Has an inline activity that fails in its first `failures` attempts, an hour apart; or that does not end, within a timeout. */
  Inline: { name: Schema.String, failures: Schema.Int, timeout: Schema.optionalKey(Schema.Number) },
  /** Sets attributes. */
  Mark: {
    stage: Schema.optionalKey(Schema.String),
    weight: Schema.optionalKey(Schema.Number),
    urgent: Schema.optionalKey(Schema.Boolean)
  },
  /** Removes attributes. */
  Unmark: { names: Schema.Array(Schema.Literals(["stage", "weight", "urgent"])) }
}

const Work = Schema.TaggedUnion(workingActs)
type Work = typeof Work.Type
type WorkOf<Tag extends Work["_tag"]> = Extract<Work, { readonly _tag: Tag }>

/** Whether an act is one of these. */
export const isWork = (act: { readonly _tag: string }): act is Work => Object.hasOwn(workingActs, act._tag)

const attempt = Effect.map(ActivityContext.ActivityContext, ({ attempt }) => attempt)

const failing = ({ failures }: { readonly failures: number }) =>
  Effect.flatMap(attempt, (attempt) =>
    attempt > failures ? Effect.succeed(attempt) : Effect.fail(new Declined({ why: `attempt ${attempt}` }))
  )

const leave = ({ after = 0, patience, timeout }: WorkOf<"Leave">) => {
  const call = timeout === undefined ? Leave : Leave.with({ timeout })
  const left = Effect.match(call({ after }), { onSuccess: (value) => value, onFailure: ({ _tag }) => _tag })
  if (patience === undefined) return left
  // Whichever comes first; the other one is cancelled.
  return Effect.raceFirst(left, Effect.as(Effect.sleep(patience), "given up"))
}

const inline = ({ failures, name, timeout }: WorkOf<"Inline">) =>
  timeout === undefined
    ? Activity.inline(
        name,
        {
          success: Schema.Int,
          error: Declined,
          retry: RetryPolicy.exponential({ initialInterval: "1 hour", coefficient: 1 })
        },
        failing({ failures })
      )
    : Activity.inline(
        name,
        { success: Schema.Int, error: Activity.ActivityTimedOut, retry: RetryPolicy.none, timeout },
        Effect.never
      ).pipe(Effect.catchTag("ActivityTimedOut", ({ after }) => Effect.succeed(-after)))

const mark = ({ _tag, ...values }: WorkOf<"Mark">) => Marks.set(values)

/** What the program needs for these acts. */
export type WorkNeeds = Effect.Services<ReturnType<typeof Try | typeof Leave | typeof inline | typeof mark>>

/** Does one of the acts. */
export const work = (act: Work): Effect.Effect<Schema.Json, Declined | WorkflowError.WorkflowError, WorkNeeds> => {
  switch (act._tag) {
    case "Try":
      return (act.policy === undefined ? Try : Try.with({ retry: policies[act.policy] }))({ failures: act.failures })
    case "Leave":
      return leave(act)
    case "Inline":
      return inline(act)
    case "Mark":
      return Effect.as(mark(act), null)
    case "Unmark":
      return Effect.as(Marks.remove(...act.names), null)
  }
}

/** The handlers of the activities. */
export const workHandlers = [
  Try.toLayer(failing),
  Leave.toLayer(({ after }) => Effect.andThen(after > 0 ? Effect.sleep(after) : Effect.void, Activity.pending))
] as const
