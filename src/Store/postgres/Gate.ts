/**
 * The connection of a transaction as its body has it.
 *
 * It refuses what would end the transaction, everything once the body is over, and a statement beside a part that is open: that would be
 * undone with the part. It sees what outlives the transaction, so that the next one has the session as it was.
 */
import type { PgClient } from "@effect/sql-pg/PgClient"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import type { Connection } from "effect/sql/SqlConnection"
import { SqlError, UnknownError } from "effect/sql/SqlError"
import * as Stream from "effect/Stream"
import { statementOf } from "../../internal/store/keywords.ts"
import { beside, notItsOwn, over } from "../../internal/store/part.ts"

/** What a body has of its transaction. */
export class Gate {
  /** What the client of the body sends its statements with. */
  readonly connection: Connection
  private readonly client: PgClient
  private readonly outermost: number
  private isOpen = true
  /** The innermost part that is open. */
  private part: number
  /** Whether a statement may have changed what belongs to the session. */
  hasChangedSession = false
  /** Whether the store has undone the transaction to give the session back, since a statement of the body had failed. */
  isUndone = false
  private underWay = 0
  private unused = 0
  /** For how many seconds the body has left the connection unused at most, while the process was awake. */
  longestUnused = 0

  /** A gate before a connection, whose parts are savepoints beyond a number. */
  constructor(client: PgClient, connection: Connection, outermost: number) {
    this.client = client
    this.outermost = outermost
    this.part = outermost
    const pass =
      <Rest extends ReadonlyArray<unknown>, A>(
        send: (sql: string, ...rest: Rest) => Effect.Effect<A, SqlError>
      ): ((sql: string, ...rest: Rest) => Effect.Effect<A, SqlError>) =>
      (sql, ...rest) =>
        this.pass(sql, send(sql, ...rest))
    this.connection = {
      execute: pass((...given) => connection.execute(...given)),
      executeRaw: pass((...given) => connection.executeRaw(...given)),
      executeUnprepared: pass((...given) => connection.executeUnprepared(...given)),
      executeValues: pass((...given) => connection.executeValues(...given)),
      executeValuesUnprepared: pass((...given) => connection.executeValuesUnprepared(...given)),
      executeStream: (sql, ...rest) =>
        Stream.unwrap(this.pass(sql, Effect.succeed(connection.executeStream(sql, ...rest))))
    }
  }

  /** Lets nothing pass any more. */
  close(): void {
    this.isOpen = false
  }

  /** Whether a part is open that was begun and not waited for. */
  get hasOpenPart(): boolean {
    return this.part !== this.outermost
  }

  /** A second of a process that is awake has passed. */
  tick(): void {
    if (this.underWay === 0) this.longestUnused = Math.max(this.longestUnused, ++this.unused)
  }

  private pass<A>(sql: string, send: Effect.Effect<A, SqlError>): Effect.Effect<A, SqlError> {
    return Effect.contextWith((context: Context.Context<never>) => {
      if (!this.isOpen) return refuse(over)
      const control = partStatement.exec(sql)
      if (control !== null) return this.turn(control[1]!, Number(control[2]), send)
      const level = Context.getOrUndefined(context as Context.Context<any>, this.client.transactionService)
      if (level?.[1] !== this.part) return refuse((level?.[1] ?? 0) > this.part ? over : beside)
      const statement = statementOf(sql, "nested")
      if (ends.test(statement)) return refuse(notItsOwn)
      if (breaks.test(statement)) return refuse(notOfTransactions)
      if (lasts.test(statement) || lasting.test(sql)) this.hasChangedSession = true
      return this.used(send)
    })
  }

  /** Begins or ends a part. */
  private turn<A>(verb: string, part: number, send: Effect.Effect<A, SqlError>): Effect.Effect<A, SqlError> {
    if (verb === "SAVEPOINT") {
      // A client has parts of one level one after the other.
      if (part !== this.part + 1) return refuse(beside)
      this.part = part
      return Effect.onError(this.used(send), () => Effect.sync(() => void (this.part = part - 1)))
    }
    const ended = verb === "RELEASE SAVEPOINT" ? part - 1 : part
    return Effect.tap(this.used(send), () => Effect.sync(() => void (this.part = ended)))
  }

  private used<A>(send: Effect.Effect<A, SqlError>): Effect.Effect<A, SqlError> {
    this.underWay++
    this.unused = 0
    return Effect.ensuring(
      send,
      Effect.sync(() => void this.underWay--)
    )
  }
}

/** Removes what stays in a session when a transaction is undone. What the client itself has prepared was prepared without SQL. */
export const clear = [
  `DO $$ DECLARE own text; BEGIN
    FOR own IN SELECT name FROM pg_prepared_statements WHERE from_sql LOOP EXECUTE format('DEALLOCATE %I', own); END LOOP;
  END $$`,
  "SELECT pg_advisory_unlock_all()::text"
]

/** Has a session as it was before a body changed it. Roles come first, since they decide what may follow. */
export const reset = [
  "RESET SESSION AUTHORIZATION",
  "RESET ROLE",
  "RESET ALL",
  "UNLISTEN *",
  "CLOSE ALL",
  "DISCARD TEMP",
  ...clear
]

// internal

/** What the client itself sends where a part begins and ends. */
const partStatement = /^(SAVEPOINT|RELEASE SAVEPOINT|ROLLBACK TO SAVEPOINT) effect_sql_(\d+)$/

/** What begins or ends a transaction, and not a part of it, or changes what it may do. */
const ends =
  /^(BEGIN|START|COMMIT|END|ABORT|PREPARE\s+TRANSACTION|ROLLBACK(?!\s+((TRANSACTION|WORK)\s+)?TO\b)|SET\s+((SESSION|LOCAL)\s+)?(TRANSACTION|CHARACTERISTICS|transaction_\w+))\b/i

/** What the client does not outlive: it loses the connection, or what it has prepared, the statement with which it undoes too. */
const breaks = /^(COPY|DEALLOCATE\s+(PREPARE\s+)?ALL)\b/i

const notOfTransactions =
  "the client cannot go on after COPY and DEALLOCATE ALL; use a connection of another client for them"

/** Statements of which something may be left in the session. */
const lasts =
  /^(SET\s+(?!CONSTRAINTS\b|LOCAL\s+(?!ROLE\b|SESSION\b))|(RESET|DISCARD|LISTEN|LOAD|DO|CALL|DECLARE|PREPARE)\b)/i

/** What may do the same within any statement. */
const lasting =
  /\b(set_config\s*\((?![^()]*,\s*true\s*\))|(pg_(try_)?advisory_lock(_shared)?|temp|temporary|pg_temp)\b)/i

const refuse = (message: string): Effect.Effect<never, SqlError> =>
  Effect.fail(new SqlError({ reason: new UnknownError({ cause: new Error(message), message, operation: "execute" }) }))
