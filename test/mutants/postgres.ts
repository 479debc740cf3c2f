/** Bugs of the store on PostgreSQL. */
import type { Mutant } from "./Mutant.ts"

const postgresLink = "test/Store/PostgresLink.server.test.ts"
const postgresSettings = "test/Store/PostgresSettings.server.test.ts"
const postgresStore = "test/Store/Postgres.server.test.ts"
const postgresTransactions = "test/Store/PostgresTransactions.test.ts"
const transactionsPostgres = "test/Executor/transactionsPostgres.server.test.ts"
const withinPostgres = "test/Executor/withinPostgres.server.test.ts"

export const postgres: ReadonlyArray<Mutant> = [
  {
    file: "src/Store/postgres/Query.ts",
    bug: "asks of an attribute one of two values",
    find: "Equal.equals(of, condition)",
    replace: "of.name === condition.name && of._tag === condition._tag",
    test: postgresStore,
    title: "8. executions are found by two values of one attribute"
  },
  {
    file: "src/Store/postgres/Changes.ts",
    bug: "looks at the same commits again while a writer stays open",
    find: "ORDER BY c.xid DESC",
    replace: "ORDER BY c.xid",
    test: postgresLink,
    title: "12. a look finds the latest commits, however many others a writer that stays open has it look at"
  },
  {
    file: "src/Store/postgres/Changes.ts",
    bug: "finds what another server has numbered ahead",
    find: "AND c.xid < pg_snapshot_xmax(pg_current_snapshot())",
    replace: "",
    test: postgresLink,
    title: "12. a look finds no commit that a dump of another server has numbered ahead"
  },
  {
    file: "src/Store/postgres/Append.ts",
    bug: "takes a repeated commit for one that lost",
    find: "idAtVersion === null ? undefined : toText(idAtVersion)",
    replace: "undefined",
    test: postgresLink,
    title: "4. an answer that is lost can be had again"
  },
  {
    file: "src/Store/postgres/Append.ts",
    bug: "lets one execution that is locked keep a group waiting",
    find: 'if (code === "55P03")',
    replace: 'if (code === "55P04")',
    test: postgresLink,
    title: "7. a transaction of the app that has one execution keeps no other one of the group waiting"
  },
  {
    file: "src/Store/postgres/Append.ts",
    bug: "refuses commits that wait at the next version",
    find: "winner === undefined || winner.version !== version || winner.id === id",
    replace: "winner === undefined || winner.id === id",
    test: postgresStore,
    title: "commits of one execution in one group are stored in their order"
  },
  {
    file: "src/Store/postgres/functions.ts",
    bug: "appends to any version below",
    find: "AND e.version = i.version - 1",
    replace: "AND e.version < i.version",
    test: postgresStore,
    title: "3. version 4 after version 2 is a conflict"
  },
  {
    file: "src/Store/postgres/functions.ts",
    bug: "continues another run",
    find: "AND (e.run_id = i.run OR i.first = i.version)",
    replace: "",
    test: postgresStore,
    title: "3. a history is continued by its own run only"
  },
  {
    file: "src/Store/postgres/functions.ts",
    bug: "creates over a deletion",
    find: "WHERE d.workflow_id = i.id AND d.until > clock_timestamp()\n      ), 0)",
    replace: "WHERE d.workflow_id = i.id AND d.until < clock_timestamp()\n      ), 0)",
    test: postgresStore,
    title: "16. no version but the next one is free after a deletion"
  },
  {
    file: "src/Store/postgres/key.ts",
    bug: "keeps unpaired surrogates as one character",
    find: "text.isWellFormed() && ",
    replace: "",
    test: postgresStore,
    title: "10. any string is a good id"
  },
  {
    file: "src/Store/postgres/Attributes.ts",
    bug: "has negative numbers in the other order",
    find: "if (value < 0) for",
    replace: "if (value > 1) for",
    test: "test/Store/PostgresAttributes.test.ts",
    title: "are in the order of the values"
  },
  {
    file: "src/Store/postgres/Settings.ts",
    bug: "reads from a server that follows another one",
    find: "if (follows === true)",
    replace: "if (follows === undefined)",
    test: postgresSettings,
    title: "a server that follows another one is refused, also when unsafe"
  },
  {
    file: "src/Store/postgres/Settings.ts",
    bug: "takes commits that are acknowledged before the disk has them",
    find: 'if (committed === "off")',
    replace: 'if (committed === "no")',
    test: postgresSettings,
    title: "synchronous_commit counts for the user and the database of the store"
  },
  {
    file: "src/Store/postgres/Changes.ts",
    bug: "does not answer a store that begins to listen",
    find: "if (!isItself && payload.endsWith(` ${call}`)) yield* answer(listener)",
    replace: "company.heard(isItself)",
    test: postgresLink,
    title: "12. a store that comes later tells the one that was there before it"
  },
  {
    file: "src/Store/postgres/version2.ts",
    bug: "adds rows of attributes a second time",
    find: "    ON CONFLICT DO NOTHING;",
    replace: "    ;",
    test: "test/Store/PostgresVersions.server.test.ts",
    title: "refuses a second row of an attribute, and a restore of data alone adds none"
  },
  {
    file: "src/Store/postgres/version2.ts",
    bug: "cannot bring tables up to date that have rows twice",
    find: "WHERE t.copy > 1",
    replace: "WHERE t.copy > 2",
    test: "test/Store/PostgresVersions.server.test.ts",
    title: "is brought up to date by one of the processes that open it together, and keeps what it has"
  },
  {
    file: "src/Store/postgres/Company.ts",
    bug: "does not notice that it is deaf",
    find: "now < this.heardItself + silence && ",
    replace: "",
    test: "test/Store/PostgresCompany.test.ts",
    title: "may be there where the store does not listen, or is deaf"
  },
  {
    file: "src/Store/postgres/Company.ts",
    bug: "takes itself for another one",
    find: "if (isItself) this.heardItself = this.now()\n    else this.heardOther = this.now()",
    replace: "this.heardItself = this.heardOther = this.now()\n    void isItself",
    test: "test/Store/PostgresCompany.test.ts",
    title: "is none once nobody answers a call"
  },
  {
    file: "src/Store/postgres/Append.ts",
    bug: "tells also where nobody listens",
    find: "listeners.areNoOthers()",
    replace: "false",
    test: postgresLink,
    title: "12. a store that alone listens tells nobody, and another one hears all that comes after its first look"
  },
  {
    file: "src/Store/postgres/Workers.ts",
    bug: "takes executions for orphans whose worker beats",
    find: "const all = [worker, ...living.filter(({ id }) => id !== worker.id)]",
    replace: "const all = living",
    test: postgresStore,
    title: "13. a worker is told that there is nothing to look for, and of too much to tell that there may be"
  },
  {
    file: "src/Store/postgres/Workers.ts",
    bug: "takes workers that have left for living ones",
    find: "new Set<unknown>(all.map(({ id }) => keyOf(id)))",
    replace: "new Set<unknown>([...all.map(({ id }) => id), ...left].map(keyOf))",
    test: postgresStore,
    title: "13. a heartbeat that is answered tells of the same workers, and of all that there is to look for"
  },
  {
    file: "src/Store/postgres/Workers.ts",
    bug: "says that there is nothing due among more than it looks at",
    find: "count(*) = ${mostLooked} OR ",
    replace: "",
    test: postgresStore,
    title: "13. a worker is told that there is nothing to look for, and of too much to tell that there may be"
  },
  {
    file: "src/Store/postgres/Workers.ts",
    bug: "lets leases run while the server is away",
    find: " OR w.lease > make_interval(secs => ${since}))",
    replace: " OR make_interval(secs => ${since}) < interval '0')",
    test: postgresLink,
    title: "13. no lease runs out while the server cannot be reached"
  },
  {
    file: "src/Store/postgres/Transactions.ts",
    bug: "tells of a commit that it has undone itself",
    find: "gate.isUndone = true",
    replace: "gate.isUndone = false",
    test: withinPostgres,
    title: "24. one that goes on after a statement that failed is refused, and leaves nothing"
  },
  {
    file: "src/Store/postgres/Transactions.ts",
    bug: "lets two handlers of a call run at once",
    find: 'JSON.stringify(["perdure", schema, workflowId, runId, seq])',
    replace: "JSON.stringify([performance.now(), schema, workflowId, runId, seq])",
    test: transactionsPostgres,
    title: "23. of two workers that run one call the second waits for the first, and runs no handler after it"
  },
  {
    file: "src/Store/postgres/Transactions.ts",
    bug: "commits what a handler that failed has written",
    find: 'if (verdict._tag === "Undo") return yield* Effect.fail(new Undone(verdict.value))',
    replace: 'if (verdict._tag === "Undo") return verdict.value',
    test: transactionsPostgres,
    title: "23. a typed error undoes what the handler wrote, and is recorded"
  },
  {
    file: "src/Store/postgres/Transactions.ts",
    bug: "asks again for ever where a statement of the handler has failed",
    find: 'code === "25P02"',
    replace: 'code === "25P01"',
    test: transactionsPostgres,
    title: "23. a statement that failed fails the transaction, which says so to a handler that went on"
  },
  {
    file: "src/Store/postgres/Transactions.ts",
    bug: "has the transactions of an app's client without the app",
    find: ".filter(([key, service]) => outside.mapUnsafe.get(key) !== service)",
    replace: ".filter(([key]) => outside.mapUnsafe.has(key))",
    test: transactionsPostgres,
    title: "23. with a client of the app, what the app has made of it is part of the transaction"
  },
  {
    file: "src/Store/postgres/Transactions.ts",
    bug: "tells of a commit before the transaction has taken effect",
    find: "const told = client.afterCommit(",
    replace: "const told = Effect.asVoid(",
    test: withinPostgres,
    title: "24. within a transaction of the app's own client it is a part of that, and nobody hears of it before"
  },
  {
    file: "src/Store/postgres/Transactions.ts",
    bug: "takes a commit that was refused for one without an answer",
    find: 'if (saidBy(reason.cause).startsWith("COMMIT rolled back")) return',
    replace: 'if (saidBy(reason.cause).startsWith("ROLLBACK")) return',
    test: withinPostgres,
    title: "24. one that goes on after a statement that failed is refused, and leaves nothing"
  },
  {
    file: "src/Store/postgres/Append.ts",
    bug: "lets a group wait for the answer of an execution that is held",
    find: "alone: commits.length === 1",
    replace: "alone: commits.length > 0",
    test: withinPostgres,
    title: "24. executions that a transaction holds keep no other one waiting, and go on after it"
  },
  {
    file: "src/Store/postgres/Transactions.ts",
    bug: "leaves fibers of a handler to write beside its result",
    find: "Effect.onExit(withItsFibers(effect), () => {",
    replace: "Effect.onExit(effect, () => {",
    test: transactionsPostgres,
    title: "23. fibers that a handler forked have ended before its result is saved, and parts of them are undone"
  },
  {
    file: "src/Store/postgres/Transactions.ts",
    bug: "commits what a part that is open would undo",
    find: "if (progress.gate?.hasOpenPart === true) return",
    replace: "if (progress.gate === undefined) return",
    test: transactionsPostgres,
    title: "23. a handler that ends before a part of its transaction is undone, and told so"
  },
  {
    file: "src/Store/postgres/Gate.ts",
    bug: "has a statement undone with the part of another fiber",
    find: "if (level?.[1] !== this.part) return",
    replace: "if (level === undefined) return",
    test: postgresTransactions,
    title: "23. statements pass in their part alone, and none once it is over"
  },
  {
    file: "src/Store/postgres/Gate.ts",
    bug: "lets a handler take from the client what it has prepared",
    find: "if (breaks.test(statement)) return refuse(notOfTransactions)",
    replace: "",
    test: transactionsPostgres,
    title: "23. a transaction that cannot write does not begin again and again"
  },
  {
    file: "src/Store/postgres/Gate.ts",
    bug: "leaves to the next handler what one has prepared",
    find: "EXECUTE format('DEALLOCATE %I', own)",
    replace: "NULL",
    test: transactionsPostgres,
    title: "23. what a handler changes of its session is as it was for the store and for handlers after it"
  },
  {
    file: "src/Store/postgres/Transactions.ts",
    bug: "asks for a row that is too large again and again",
    find: "isTooLarge(reason.cause) ? tooLarge(reason.cause) : reason",
    replace: "reason",
    test: transactionsPostgres,
    title: "23. a transaction that cannot write does not begin again and again"
  },
  {
    file: "src/Store/postgres/Gate.ts",
    bug: "lets a handler end its transaction",
    find: "if (ends.test(statement)) return refuse(notItsOwn)",
    replace: "",
    test: transactionsPostgres,
    title: '23. a handler cannot end its transaction: "COMMIT"'
  },
  {
    file: "src/Store/postgres/Transactions.ts",
    bug: "begins anew for ever where a commit is refused",
    find: "return isDecided && !passes(error)",
    replace: "return !isDecided && !passes(error)",
    test: transactionsPostgres,
    title: "23. what is refused at the end of the transaction ends the call, and no other one"
  },
  {
    file: "src/Store/postgres/Transactions.ts",
    bug: "leaves the session as a handler has set it",
    find: "if (isPart || !gate.hasChangedSession) return",
    replace: "if (isPart || gate.hasChangedSession) return",
    test: transactionsPostgres,
    title: "23. what a handler changes of its session is as it was for the store and for handlers after it"
  },
  {
    file: "src/Store/postgres/Transactions.ts",
    bug: "has lost answers use up the room for transactions",
    find: "return onLiveClock(isPart ? waited : room.withPermits(1)(waited))",
    replace:
      "return onLiveClock(apart(database, (over) => room.withPermits(1)(transacted(settings, { call, isPart }, own, over))))",
    test: transactionsPostgres,
    title: "23. commits whose answers are lost leave room for others"
  }
]
