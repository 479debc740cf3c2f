/**
 * A saga: each booking of a trip is undone, in reverse, when a later one fails. The same happens when the trip is cancelled, times
 * out, or has a defect. With a file, `npm run example examples/booking-saga.ts trip.db`, it goes on where it was when it is killed
 * and started again, also while it cancels.
 */
import { Console, Effect, Layer, Logger, Schema } from "effect"
import { Activity, ActivityContext, RetryPolicy, Workflow } from "perdure"
import * as DefaultExecutor from "perdure/Executor/Default"
import * as SqliteStore from "perdure/Store/Sqlite"

class SoldOut extends Schema.TaggedError<SoldOut>()("SoldOut", { what: Schema.String }) {}
class Busy extends Schema.TaggedError<Busy>()("Busy", {}) {}

const Book = Activity.make("Book", {
  input: Schema.String,
  success: Schema.String,
  error: SoldOut,
  retry: RetryPolicy.none
})
const Cancel = Activity.make("Cancel", { input: Schema.String, error: Busy })

const Trip = Workflow.make("Trip", {
  input: Schema.Array(Schema.String),
  error: SoldOut,
  workflowId: (bookings) => `trip with ${bookings.join(", ")}`
})

/** Books something for as long as the trip can still take place. */
const booked = (what: string) => Workflow.withCompensation(Book(what), (booking) => Effect.orDie(Cancel(booking)))

const TripLive = Trip.toLayer((bookings) => Effect.forEach(bookings, booked, { discard: true }))

const BookLive = Book.toLayer(
  Effect.fn("Book")(function* (what) {
    yield* Effect.sleep("200 millis")
    if (what === "car") return yield* new SoldOut({ what })
    yield* Console.log(`booked the ${what}`)
    return `the ${what}`
  })
)

const CancelLive = Cancel.toLayer(
  Effect.fn("Cancel")(function* (booking) {
    const { attempt } = yield* ActivityContext.ActivityContext
    yield* Effect.sleep("200 millis")
    if (attempt < 2) return yield* new Busy()
    yield* Console.log(`cancelled ${booking}`)
  })
)

const [filename = ":memory:"] = process.argv.slice(2)

const Main = TripLive.pipe(
  Layer.provide([BookLive, CancelLive]),
  Layer.provideMerge(DefaultExecutor.layer),
  Layer.provide(SqliteStore.layer({ filename })),
  // The log goes to stderr, so that only the output of the example is on stdout.
  Layer.provide(Layer.succeed(Logger.LogToStderr, true))
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
