/**
 * A `SqlClient` over the connection of the store, for bodies of transactions. Its statements run at once, and only while the transaction of
 * their body is open to them. What it calls a transaction is a part of that one, under a savepoint.
 */
import type { DatabaseSync, SQLInputValue, SQLOutputValue, StatementSync } from "node:sqlite"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Reactivity from "effect/reactivity/Reactivity"
import * as Result from "effect/Result"
import * as Semaphore from "effect/Semaphore"
import * as SqlClient from "effect/sql/SqlClient"
import type { Connection } from "effect/sql/SqlConnection"
import { classifySqliteError, SqlError } from "effect/sql/SqlError"
import * as Statement from "effect/sql/Statement"
import * as Stream from "effect/Stream"
import { beside, over } from "../../internal/store/part.ts"
import type { Prepare } from "./Guard.ts"
import type { Savepoints } from "./Savepoints.ts"

/** What all bodies have. */
export interface Shared {
  readonly connection: DatabaseSync
  readonly prepare: Prepare
  readonly savepoints: Savepoints
  /** The body that runs. A fiber that knows of none, as one that a body runs by itself, is of that. */
  current: Gate | undefined
}

/** The transaction as one body has it. */
export class Gate {
  private readonly shared: Shared
  /** The whole of it. */
  private readonly whole: Part = { gate: this, depth: 0, order: Semaphore.makeUnsafe(1), committed: [] }
  /** The innermost part that is open. */
  private innermost = this.whole
  private isOpen = true
  /** What SQLite failed with when it ended the transaction. */
  endedBy: unknown

  constructor(shared: Shared) {
    this.shared = shared
  }

  /** What its body has: the client, which knows a fiber of it by what this gives. */
  services(client: SqlClient.SqlClient): Context.Context<SqlClient.SqlClient> {
    return Context.add(Context.make(SqlClient.SqlClient, client), CurrentPart, this.whole)
  }

  /** Lets nothing pass any more. */
  close(): void {
    this.isOpen = false
  }

  /** Whether a part is open that was begun and not waited for. */
  get hasOpenPart(): boolean {
    return this.innermost !== this.whole
  }

  /** What is to be done once the transaction has taken effect. */
  get committed(): ReadonlyArray<Effect.Effect<void>> {
    return this.whole.committed
  }

  /** Runs a statement of a fiber. */
  run<A>(context: Context.Context<never>, use: () => A): Effect.Effect<A, SqlError> {
    const refusal = this.refusal(this.partOf(context))
    if (refusal !== undefined) return Effect.fail(failed(new Error(refusal)))
    const done = Result.try(use)
    if (Result.isSuccess(done)) return Effect.succeed(done.success)
    this.note(done.failure)
    return Effect.fail(failed(done.failure))
  }

  /** Notes an error after which the transaction may have ended. */
  note(cause: unknown): void {
    if (!this.shared.connection.isTransaction) this.endedBy ??= cause
  }

  /** Makes an effect a part. Of several at once within another one goes first. */
  readonly part = <A, E, R>(effect: Effect.Effect<A, E, R>): Effect.Effect<A, E | SqlError, R> =>
    Effect.contextWith((context: Context.Context<never>) => {
      const outer = this.partOf(context)
      return outer.order.withPermit(this.within(outer, effect))
    })

  /** Does something once the transaction has taken effect with the part that a fiber is in. */
  readonly afterCommit = <R>(effect: Effect.Effect<void, never, R>): Effect.Effect<void, never, R> =>
    Effect.contextWith((context: Context.Context<R>) =>
      Effect.sync(() => {
        if (!this.isOpen) throw new Error(over)
        this.partOf(context as Context.Context<never>).committed.push(Effect.provideContext(effect, context))
      })
    )

  private within<A, E, R>(outer: Part, effect: Effect.Effect<A, E, R>): Effect.Effect<A, E | SqlError, R> {
    const { savepoints } = this.shared
    const part: Part = { gate: this, depth: outer.depth + 1, order: Semaphore.makeUnsafe(1), committed: [] }
    return Effect.uninterruptibleMask((restore) =>
      Effect.contextWith((context: Context.Context<never>) => {
        const begin = this.run(context, () => {
          savepoints.begin(part.depth)
          this.innermost = part
        })
        const body = Effect.onExit(Effect.provideService(restore(effect), CurrentPart, part), (exit) =>
          Effect.sync(() => this.end(part, outer, Exit.isSuccess(exit)))
        )
        return Effect.andThen(begin, body)
      })
    )
  }

  private end(part: Part, outer: Part, succeeded: boolean): void {
    if (!this.isOpen) throw new Error(over)
    // What is within has ended before, or its fiber was left behind.
    if (this.innermost !== part) throw new Error(beside)
    if (!this.shared.connection.isTransaction) return
    if (succeeded) this.shared.savepoints.release(part.depth)
    else this.shared.savepoints.undo(part.depth)
    if (succeeded) outer.committed.push(...part.committed)
    this.innermost = outer
  }

  private partOf(context: Context.Context<never>): Part {
    return Context.get(context, CurrentPart) ?? this.whole
  }

  /** Why a statement must not run, if so. */
  private refusal(part: Part): string | undefined {
    if (!this.isOpen) return over
    // Each statement would take effect by itself.
    if (!this.shared.connection.isTransaction) return gone
    return part === this.innermost ? undefined : beside
  }
}

/** Why nothing can be written any more. */
export const gone = "SQLite has ended the transaction, and a statement would take effect by itself"

/** Makes the client of all bodies. */
export const make = (shared: Shared): SqlClient.SqlClient => {
  const client = Effect.runSync(
    SqlClient.make({
      acquirer: Effect.succeed(connectionOf(shared)),
      compiler: Statement.makeCompilerSqlite(),
      driver: "sqlite-node",
      spanAttributes: [["db.system.name", "sqlite"]]
    }).pipe(Effect.provideService(Reactivity.Reactivity, reactivity))
  )
  const at = <A, E, R>(use: (gate: Gate) => Effect.Effect<A, E, R>): Effect.Effect<A, E | SqlError, R> =>
    Effect.contextWith((context: Context.Context<never>): Effect.Effect<A, E | SqlError, R> => {
      const gate = gateOf(shared, context)
      return gate === undefined ? Effect.fail(failed(new Error(over))) : use(gate)
    })
  const parts: Pick<SqlClient.SqlClient, "withTransaction" | "afterCommit"> = {
    withTransaction: (effect) => at((gate) => gate.part(effect)),
    afterCommit: (effect) => Effect.orDie(at((gate) => gate.afterCommit(effect)))
  }
  return Object.assign(client, parts)
}

// internal

const reactivity = Effect.runSync(Reactivity.make)

/** A part of a transaction. */
interface Part {
  readonly gate: Gate
  readonly depth: number
  /** Parts within it go one after the other. */
  readonly order: Semaphore.Semaphore
  readonly committed: Array<Effect.Effect<void>>
}

/** The part that a fiber is in. */
const CurrentPart = Context.Reference<Part | undefined>("perdure/Store/sqlite/CurrentPart", {
  defaultValue: () => undefined
})

const gateOf = ({ current }: Shared, context: Context.Context<never>): Gate | undefined =>
  Context.get(context, CurrentPart)?.gate ?? current

const connectionOf = (shared: Shared): Connection => {
  const run = <A>(
    sql: string,
    parameters: ReadonlyArray<unknown>,
    use: (statement: StatementSync, values: ReadonlyArray<SQLInputValue>) => A
  ): Effect.Effect<A, SqlError> =>
    Effect.withFiber((fiber) => {
      const gate = gateOf(shared, fiber.context)
      if (gate === undefined) return Effect.fail(failed(new Error(over)))
      return gate.run(fiber.context, () => {
        const statement = shared.prepare(sql)
        if (fiber.getRef(SqlClient.SafeIntegers)) statement.setReadBigInts(true)
        return use(statement, parameters.map(valueOf))
      })
    })
  const rows: Connection["execute"] = (sql, parameters, transform) => {
    const found = run(sql, parameters, (statement, values) => statement.all(...values).map(plain))
    return transform === undefined ? found : Effect.map(found, transform)
  }
  const values: Connection["executeValues"] = (sql, parameters) =>
    run(sql, parameters, (statement, values) => {
      statement.setReturnArrays(true)
      return statement.all(...values) as unknown as ReadonlyArray<ReadonlyArray<unknown>>
    })
  return {
    execute: rows,
    executeUnprepared: rows,
    executeValues: values,
    executeValuesUnprepared: values,
    executeRaw: (sql, parameters) =>
      run(sql, parameters, (statement, values) =>
        statement.columns().length === 0 ? statement.run(...values) : statement.all(...values).map(plain)
      ),
    executeStream: (sql, parameters, transform) =>
      Stream.unwrap(Effect.map(rows(sql, parameters, transform), (found) => Stream.fromIterable(found)))
  }
}

/**
 * A parameter as SQLite has it: it has numbers for what is true and false, and no times. An object that it does not know would be taken for
 * parameters by name when it is the first, and all others would move.
 */
const valueOf = (value: unknown, index: number): SQLInputValue => {
  switch (typeof value) {
    case "string":
    case "number":
    case "bigint":
      return value
    case "boolean":
      return Number(value)
    default:
      if (value === null || ArrayBuffer.isView(value)) return value as SQLInputValue
      if (value instanceof ArrayBuffer) return new Uint8Array(value)
      if (value instanceof Date && !Number.isNaN(value.getTime())) return value.toISOString()
      throw new Error(
        `parameter ${index + 1} is ${given(value)}; give null, a number, a bigint, a text, a boolean, a valid Date or bytes`
      )
  }
}

const given = (value: unknown): string => {
  if (value === undefined || typeof value === "symbol") return String(value)
  if (value instanceof Date) return "an invalid Date"
  return Array.isArray(value) ? "an array" : typeof value === "function" ? "a function" : "an object"
}

/** An object like all others: those of Node.js have no prototype. */
const plain = (row: Record<string, SQLOutputValue>) => ({ ...row })

const failed = (cause: unknown): SqlError =>
  new SqlError({
    reason: classifySqliteError(
      // Where it looks for the number of the error.
      cause instanceof Error && "errcode" in cause ? Object.assign(cause, { errno: cause.errcode }) : cause,
      { message: cause instanceof Error ? cause.message : "a statement failed", operation: "execute" }
    )
  })
