/** A bank whose accounts are in the database of the store: workflows and activities for tests of transactions. */
import { Effect, Layer, Schema } from "effect"
import { SqlClient } from "effect/sql"
import { Activity, ActivityContext, RetryPolicy, Workflow } from "perdure"

export class Poor extends Schema.TaggedError<Poor>()("Poor", { name: Schema.String }) {}

export const TransferInput = Schema.Struct({
  name: Schema.String,
  from: Schema.String,
  to: Schema.String,
  cents: Schema.Int
})

/** Makes the tables, with so many accounts of 1,000 cents. */
export const Found = Activity.transactional("Found", { input: Schema.Int })

export const FoundLive = Found.toLayer(
  Effect.fnUntraced(function* (accounts) {
    const sql = yield* SqlClient.SqlClient
    yield* sql`CREATE TABLE accounts (name TEXT PRIMARY KEY, cents INTEGER NOT NULL)`
    yield* sql`CREATE TABLE transfers (number TEXT PRIMARY KEY, attempt INTEGER NOT NULL, cents INTEGER NOT NULL)`
    for (let account = 0; account < accounts; account++) {
      yield* sql`INSERT INTO accounts ${sql.insert({ name: `account ${account}`, cents: 1000 })}`
    }
  }, Effect.orDie)
)

/** Moves cents; what it succeeds with is what is left. */
export const Transfer = Activity.transactional("Transfer", {
  input: TransferInput,
  success: Schema.Int,
  error: Poor,
  retry: RetryPolicy.none
})

export const moved = Effect.fnUntraced(function* ({ cents, from, name, to }: typeof TransferInput.Type) {
  const sql = yield* SqlClient.SqlClient
  const { attempt } = yield* ActivityContext.ActivityContext
  // A second one of the same name would be a second transfer.
  yield* sql`INSERT INTO transfers ${sql.insert({ number: name, attempt, cents })}`
  const add = (name: string, more: number) => sql<{ cents: number }>`
    UPDATE accounts SET cents = cents + ${more} WHERE name = ${name} RETURNING cents
  `
  // In one order, so that two transfers never wait for each other.
  const isFirst = from < to
  if (!isFirst) yield* add(to, cents)
  const [left] = yield* add(from, -cents)
  if (isFirst) yield* add(to, cents)
  return left!.cents
})

export const TransferLive = Transfer.toLayer(
  Effect.fnUntraced(function* (input) {
    const left = yield* Effect.orDie(moved(input))
    if (left < 0) return yield* new Poor({ name: input.from })
    return left
  })
)

/** Founds the bank. */
export const Founding = Workflow.make("Founding", { input: Schema.Int })

/** One transfer, with whether it was made. */
export const Order = Workflow.make("Order", { input: TransferInput, success: Schema.Int, error: Poor })

export const BankLive = Layer.merge(
  Founding.toLayer((accounts) => Found(accounts)),
  Order.toLayer((input) => Transfer(input))
).pipe(Layer.provide([FoundLive, TransferLive]))

export const transfer = (name: string, cents = 10) => ({ name, from: "account 0", to: "account 1", cents })

/** How many accounts there are where processes are killed. */
export const accounts = 10

/** The transfer of a round; its accounts differ from round to round. */
export const roundOf = (number: number, round: number): typeof TransferInput.Type => ({
  name: `${number}/${round}`,
  from: `account ${(number + round) % accounts}`,
  to: `account ${(number + 2 * round + 3 + ((number + round) % accounts === (number + 2 * round + 3) % accounts ? 1 : 0)) % accounts}`,
  cents: 1 + ((number * 31 + round * 17) % 400)
})

/** Transfers one after the other; the rounds whose transfer was made. */
export const Rounds = Workflow.make("Rounds", {
  input: Schema.Struct({ number: Schema.Int, rounds: Schema.Int }),
  success: Schema.Array(Schema.Int)
})

export const RoundsLive = Rounds.toLayer(
  Effect.fnUntraced(function* ({ number, rounds }) {
    const made: Array<number> = []
    for (let round = 0; round < rounds; round++) {
      const isMade = yield* Transfer(roundOf(number, round)).pipe(
        Effect.as(true),
        Effect.catchTag("Poor", () => Effect.succeed(false))
      )
      if (isMade) made.push(round)
      yield* Effect.sleep("50 millis")
    }
    return made
  })
).pipe(Layer.provide(TransferLive))
