/**
 * A saga is the scope of a program: what was done is undone, in reverse, by finalizers that call activities. They run when a
 * later call fails, and also when the execution is cancelled or times out.
 */
import { Console, Effect, Exit, Layer, Schema } from "effect"
import { Activity, RetryPolicy, Workflow } from "perdure"
import * as DefaultExecutor from "perdure/Executor/Default"
import * as MemoryStore from "perdure/Store/Memory"

class SoldOut extends Schema.TaggedError<SoldOut>()("SoldOut", { what: Schema.String }) {}

const Book = Activity.make("Book", { input: Schema.String, error: SoldOut, retry: RetryPolicy.none })
const Cancel = Activity.make("Cancel", { input: Schema.String })

const Trip = Workflow.make("Trip", { input: Schema.Array(Schema.String), error: SoldOut })

/** Books something for as long as the trip can still take place. */
const booked = (what: string) =>
  Effect.acquireRelease(Book(what), (_, exit) => (Exit.isFailure(exit) ? Cancel(what) : Effect.void))

const TripLive = Trip.toLayer((bookings) => Effect.forEach(bookings, booked, { discard: true }))

const HandlersLive = Layer.mergeAll(
  Book.toLayer((what) =>
    what === "car" ? Effect.fail(new SoldOut({ what })) : Effect.asVoid(Console.log(`booked the ${what}`))
  ),
  Cancel.toLayer((what) => Console.log(`cancelled the ${what}`))
)

const Main = TripLive.pipe(
  Layer.provide(HandlersLive),
  Layer.provideMerge(DefaultExecutor.layer),
  Layer.provide(MemoryStore.layer)
)

const program = Trip.execute(["flight", "hotel", "car"]).pipe(
  Effect.catchTag("SoldOut", ({ what }) => Console.log(`there is no ${what}`))
)

await Effect.runPromise(Effect.provide(program, Main))

// Output:
// booked the flight
// booked the hotel
// cancelled the hotel
// cancelled the flight
// there is no car
