/** Bugs of the store on SQLite. */
import type { Mutant } from "./Mutant.ts"

const sqliteClient = "test/Store/SqliteClient.test.ts"
const sqliteFold = "test/Store/SqliteFold.test.ts"
const sqliteStore = "test/Store/Sqlite.test.ts"
const sqliteTransactions = "test/Store/SqliteTransactions.test.ts"
const transactionsSqlite = "test/Executor/transactionsSqlite.test.ts"
const withinSqlite = "test/Executor/withinSqlite.test.ts"

export const sqlite: ReadonlyArray<Mutant> = [
  {
    file: "src/Store/sqlite/Read.ts",
    bug: "reads a long history without a pause",
    find: "      yield* Effect.yieldNow\n",
    replace: "",
    test: "test/Store/SqliteReading.test.ts",
    title: "lets the process do other work between the slices of a long history"
  },
  {
    file: "src/Store/sqlite/Row.ts",
    bug: "keeps names as they are, which some columns cannot",
    find: 'name.isWellFormed() && !name.startsWith(escaped) && !name.includes("\\0") ? name : escaped + JSON.stringify(name)',
    replace: "name",
    test: sqliteStore,
    title: "13. workers whose ids differ in anything are different workers"
  },
  {
    file: "src/Store/sqlite/Row.ts",
    bug: "believes every summary",
    find: "const damage = isId(id) ? damageOf(summary) :",
    replace: "const damage = isId(id) ? undefined :",
    test: "test/Store/SqliteDamage.test.ts",
    title: "17. stops nothing else: its version by version = 0"
  },
  {
    file: "src/Store/sqlite/Row.ts",
    bug: "reads integers as they are, though there may be too large ones",
    find: "`CAST(${column} AS REAL)`",
    replace: "column",
    test: "test/Store/SqliteDamage.test.ts",
    title: "17. stops nothing else: its owed by owed = 9223372036854775807"
  },
  {
    file: "src/Store/sqlite/Read.ts",
    bug: "does not miss a commit",
    find: "if (latest < summary.version) return",
    replace: "if (latest < 0) return",
    test: "test/Store/SqliteDamage.test.ts",
    title: "17. stop nothing else: DELETE FROM segments WHERE version = 3 AND execution = ?"
  },
  {
    file: "src/Store/sqlite/Fence.ts",
    bug: "takes a commit of any version",
    find: "version === known.version + 1 && known.runId",
    replace: "version > known.version && known.runId",
    test: sqliteStore,
    title: "3. version 5 after version 2 is a conflict"
  },
  {
    file: "src/Store/sqlite/Fence.ts",
    bug: "lets anybody continue a run",
    find: "known.runId === runId && isVersion",
    replace: "isVersion",
    test: sqliteStore,
    title: "3. a history is continued by its own run only, unless another one begins"
  },
  {
    file: "src/Store/sqlite/Fence.ts",
    bug: "does not know a commit that the log has",
    find: "pending.find((each) => each.version === version)?.id ??",
    replace: "undefined ??",
    test: sqliteStore,
    title: "4. a commit that is saved again succeeds and changes nothing"
  },
  {
    file: "src/Store/sqlite/Fence.ts",
    bug: "does not know a commit that is folded",
    find: "known?.key === undefined ? undefined : idInTables(known.key, version)",
    replace: "undefined",
    test: "test/Store/SqliteLog.test.ts",
    title: "2. know of each other's commits and folds whichever of them is asked"
  },
  {
    file: "src/Store/sqlite/Fence.ts",
    bug: "begins again at version 1 after a deletion",
    find: "const head = known ?? headOf(commit)",
    replace: "const head = known",
    test: sqliteStore,
    title: "16. no version but the next one is free after a deletion, for a new run or an old one"
  },
  {
    file: "src/Store/sqlite/Log.ts",
    bug: "goes by what it knew of an execution that is over",
    find: "if (known === undefined) this.recents.delete(workflowId)",
    replace: "if (known === undefined) void workflowId",
    test: sqliteFold,
    title: "2. takes no commit of a version that was there"
  },
  {
    file: "src/Store/sqlite/Log.ts",
    bug: "lists an execution whose run began elsewhere at its old place",
    find: "if (last?.summary.startedAt !== summary.startedAt) this.order = undefined",
    replace: "",
    test: sqliteFold,
    title: "8. lists what is there, whatever it listed before"
  },
  {
    file: "src/Store/sqlite/Log.ts",
    bug: "lists from the log what has left it",
    find: "this.hidden.delete(entry.key)\n    this.order = undefined",
    replace: "this.hidden.delete(entry.key)",
    test: sqliteFold,
    title: "8. lists what is there, whatever it listed before"
  },
  {
    file: "src/Store/sqlite/Log.ts",
    bug: "hides the row of what has left the log",
    find: "this.entries.delete(workflowId)\n    this.hidden.delete(entry.key)",
    replace: "this.entries.delete(workflowId)",
    test: sqliteFold,
    title: "8. lists what is there, whatever it listed before"
  },
  {
    file: "src/Store/sqlite/Log.ts",
    bug: "lists the row of what has come into the log",
    find: "this.hidden.add(entry.key)\n    this.order = undefined\n    return entry",
    replace: "this.order = undefined\n    return entry",
    test: sqliteFold,
    title: "8. lists what is there, whatever it listed before"
  },
  {
    file: "src/Store/sqlite/Log.ts",
    bug: "lists at its old place what another process has begun again",
    find: "// Its place in a listing may be another one now.\n    this.order = undefined",
    replace: "",
    test: sqliteFold,
    title: "8. lists what is there, whatever it listed before"
  },
  {
    file: "src/Store/sqlite/Log.ts",
    bug: "lists what was there when it read the log before",
    find: "this.hidden.clear()\n    this.order = undefined",
    replace: "this.hidden.clear()",
    test: sqliteFold,
    title: "8. lists what is there, whatever it listed before"
  },
  {
    file: "src/Store/sqlite/Fold.ts",
    bug: "puts events of another format into a row",
    find: "    commit.format === first.format &&\n",
    replace: "",
    test: sqliteFold,
    title: "are of one format each"
  },
  {
    file: "src/Store/sqlite/Fold.ts",
    bug: "puts all commits of an execution into one row",
    find: "index - from < commitsAtMost &&",
    replace: "",
    test: sqliteFold,
    title: "have 1,024 commits at most"
  },
  {
    file: "src/Store/sqlite/Fold.ts",
    bug: "makes rows of any length",
    find: "length <= eventsAtMost",
    replace: "length >= 0",
    test: sqliteFold,
    title: "have half a MiB at most"
  },
  {
    file: "src/Store/sqlite/Fold.ts",
    bug: "lets a log grow as fast as commits come",
    find: "isTooLong: () => isLong(log, 2)",
    replace: "isTooLong: () => false",
    test: sqliteFold,
    title: "is shorter before anything is added"
  },
  {
    file: "src/Store/sqlite/Fold.ts",
    bug: "remembers what is over",
    find: "summary?.closedAt !== undefined || runId",
    replace: "runId",
    test: sqliteFold,
    title: "remembers what goes on"
  },
  {
    file: "src/Store/sqlite/Log.ts",
    bug: "goes by what it remembers, whatever others commit",
    find: "if (this.valid && dataVersion === this.dataVersion) return",
    replace: "if (this.valid) return",
    test: "test/Store/SqliteLog.test.ts",
    title: "2. know of each other's commits and folds whichever of them is asked"
  },
  {
    file: "src/Store/sqlite/Log.ts",
    bug: "remembers what others have deleted",
    find: "this.news.deletions((id) => this.recents.delete(id))",
    replace: "this.news.deletions(() => {})",
    test: "test/Store/SqliteLog.test.ts",
    title: "9. take no commit of what another one has deleted since it was folded"
  },
  {
    file: "src/Store/sqlite/Log.ts",
    bug: "folds what has its turn later",
    find: "entry !== undefined && entry.commits[0]!.position <= position",
    replace: "entry !== undefined",
    test: sqliteFold,
    title: "6. folds each commit once, in its turn"
  },
  {
    file: "src/Store/sqlite/Log.ts",
    bug: "does not follow what others have folded",
    find: "else this.settleBelow(first)",
    replace: "",
    test: "test/Store/SqliteModel.test.ts",
    title: "say what a store in memory says"
  },
  {
    file: "src/Store/sqlite/Log.ts",
    bug: "takes what is folded for new",
    find: "if (row !== undefined && version !== undefined && row.version >= version) return undefined",
    replace: "",
    test: "test/Store/SqliteModel.test.ts",
    title: "say what a store in memory says"
  },
  {
    file: "src/Store/sqlite/Database.ts",
    bug: "remembers what a failed transaction would have done",
    find: "if (!done) log.reset()",
    replace: "",
    test: sqliteStore,
    title: "14. undoes the whole of a group when an error interrupts it, and goes on"
  },
  {
    file: "src/Store/sqlite/Deletions.ts",
    bug: "removes all commits of earlier runs at once",
    find: "if (older.isLong(execution.key, below)) {",
    replace: "if (older.isLong(execution.key, 0)) {",
    test: "test/Store/SqliteDeletions.test.ts",
    title: "9. takes less than 2 ms at a time"
  },
  {
    file: "src/Store/sqlite/Deletions.ts",
    bug: "removes the last row too, and says that there was nothing",
    find: "return rows.length < 2 ?",
    replace: "return rows.length < 1 ?",
    test: "test/Store/SqliteDeletions.test.ts",
    title: "9. takes less than 2 ms at a time"
  },
  {
    file: "src/Store/sqlite/Deletions.ts",
    bug: "has no record of what it has removed so far",
    find: "      keep(below)\n",
    replace: "",
    test: "test/Store/SqliteDeletions.test.ts",
    title: "9. that another commit overtakes is refused"
  },
  {
    file: "src/Store/sqlite/Deletions.ts",
    bug: "deletes what is in the log still",
    find: "fold.upTo(last) ? remove",
    replace: "fold.upTo(0) ? remove",
    test: "test/Store/SqliteModel.test.ts",
    title: "say what a store in memory says"
  },
  {
    file: "src/Store/sqlite/Deletions.ts",
    bug: "remembers what it has deleted",
    find: "      log.forget(workflowId)\n",
    replace: "\n",
    test: "test/Store/SqliteModel.test.ts",
    title: "say what a store in memory says"
  },
  {
    file: "src/Store/sqlite/Deletions.ts",
    bug: "forgets the run of what it leaves",
    find: "nameRun.run(key, before)\n",
    replace: "\n",
    test: "test/Store/SqliteFile.test.ts",
    title: "keeps its records of deletions, details and older runs, and loses what is deleted"
  },
  {
    file: "src/Store/sqlite/Deletions.ts",
    bug: "leaves older commits in a row with later ones",
    find: "const isCut = cut(key, before)",
    replace: "const isCut = false",
    test: "test/Store/SqliteModel.test.ts",
    title: "say what a store in memory says"
  },
  {
    file: "src/Store/sqlite/Summaries.ts",
    bug: "leaves the attributes of the past where they are found",
    find: "attributes.remove(Attributes.indexed(found))",
    replace: "",
    test: "test/Store/SqliteModel.test.ts",
    title: "say what a store in memory says"
  },
  {
    file: "src/Store/sqlite/Summaries.ts",
    bug: "keeps what was published first",
    find: "published = ?13, memo = ?14, closed_at = ?15, workflow = ?16, first_version = ?17, chain",
    replace: "memo = ?14, closed_at = ?15, workflow = ?16, first_version = ?17, chain",
    test: "test/Store/SqliteModel.test.ts",
    title: "say what a store in memory says"
  },
  {
    file: "src/Store/sqlite/Line.ts",
    bug: "forgets what is gone from a summary",
    find: "if (Array.isArray(gone)) for (const name of gone) delete summary[String(name)]",
    replace: "",
    test: "test/Store/SqliteModel.test.ts",
    title: "say what a store in memory says"
  },
  {
    file: "src/Store/sqlite/Segment.ts",
    bug: "reads on in what was removed",
    find: "return found.shift()?.id === before.id ? found : undefined",
    replace: "found.shift()\n      return found",
    test: "test/Store/SqliteReading.test.ts",
    title: "reads again what is removed between two slices"
  },
  {
    file: "src/Store/sqlite/News.ts",
    bug: "tells nothing of what was folded before it looked",
    find: "if (first > heard + 1) {",
    replace: "if (first > heard + 1000) {",
    test: "test/Store/SqliteLog.test.ts",
    title: "12. tell of what was committed and folded before they looked"
  },
  {
    file: "src/Store/sqlite/Group.ts",
    bug: "believes a line that names another execution",
    find: "if (own === beside) return alone(read)",
    replace: "return alone(read)",
    test: "test/Store/SqliteLog.test.ts",
    title: "17. by one byte anywhere takes no commit from an execution without saying so"
  },
  {
    file: "src/Store/sqlite/Database.ts",
    bug: "lets leases run while a heartbeat waits for a lock",
    find: "for (const wait of this.waits) if (isLong(wait)) return 0\n",
    replace: "\n",
    test: "test/Store/SqliteWorkers.test.ts",
    title: "13. live on while a heartbeat waits for a lock, and after it"
  },
  {
    file: "src/Store/sqlite/Database.ts",
    bug: "takes any wait for trouble",
    find: "performance.now() - since > 200",
    replace: "performance.now() - since > 0",
    test: "test/Store/SqliteWorkers.test.ts",
    title: "13. are not kept alive by the short waits of a busy file"
  },
  {
    file: "src/Store/sqlite/Workers.ts",
    bug: "lets leases run while the file cannot be written",
    find: "length <= ?4 AND CASE",
    replace: "?4 = ?4 AND CASE",
    test: "test/Store/SqliteWorkers.test.ts",
    title: "13. live on when the file could not be written for longer than their leases"
  },
  {
    file: "src/Store/sqlite/Deletions.ts",
    bug: "deletes what has moved on",
    find: "options.version !== latest) {",
    replace: "options.version < 0) {",
    test: "test/Store/SqliteModel.test.ts",
    title: "say what a store in memory says"
  },
  {
    file: "src/Store/sqlite/Deletions.ts",
    bug: "forgets what an earlier deletion said",
    find: "{ ...said.success, ...options.seen }",
    replace: "{ ...options.seen }",
    test: sqliteStore,
    title: "16. a second deletion keeps what the first one said and the second does not, also while the id is in use"
  },
  {
    file: "src/Store/sqlite/Database.ts",
    bug: "begins anew beside a log whose file is gone",
    find: "faultOfLog(filename)\n",
    replace: "undefined\n",
    test: "test/Store/SqliteFile.test.ts",
    title: "refuses a log without its file, and leaves it alone"
  },
  {
    file: "src/Store/sqlite/Database.ts",
    bug: "looks for the log of a link beside the link",
    find: "lstatSync(path, { throwIfNoEntry: false })?.isSymbolicLink()",
    replace: "false",
    test: "test/Store/SqliteFile.test.ts",
    title: "refuses a log without its file, and leaves it alone"
  },
  {
    file: "src/Store/sqlite/Database.ts",
    bug: "acknowledges what is in a file that is gone",
    find: "throwIfSome(look())",
    replace: "",
    test: "test/Store/SqliteFiles.test.ts",
    title: "5. and deleted acknowledges nothing that is gone, and says so"
  },
  {
    file: "src/Store/sqlite/Files.ts",
    bug: "does not look after the log",
    find: "folder.isAsBefore() ? others : places",
    replace: "others",
    test: "test/Store/SqliteFiles.test.ts",
    title: "5. and without its log acknowledges nothing that is gone, and says so"
  },
  {
    file: "src/Store/sqlite/Query.ts",
    bug: "begins a page with the end of the one before",
    find: '[">", "<=", ""]',
    replace: '[">=", "<=", ""]',
    test: sqliteStore,
    title: "8. a pass answers every execution that matches once, ordered by start time and id"
  },
  {
    file: "src/Store/sqlite/List.ts",
    bug: "ends with the first slice",
    find: "if (taken !== undefined || ended) return taken",
    replace: "return taken",
    test: sqliteStore,
    title: "8. whatever the conditions, a pass and a count are of the executions that meet them all"
  },
  {
    file: "src/Store/sqlite/Workers.ts",
    bug: "lets workers live for ever",
    find: "FROM leases WHERE NOT (${isPast}) ORDER BY worker",
    replace: "FROM leases WHERE ?1 || ?2 || ?3 || ?4 <> '' ORDER BY worker",
    test: sqliteStore,
    title: "13. a worker lives for the length of its lease"
  },
  {
    file: "src/Store/sqlite/Workers.ts",
    bug: "believes the wall clock",
    find: "const bootNow = (): number => Number(process.hrtime.bigint()) / 1e6",
    replace: "const bootNow = liveNow",
    test: "test/Store/SqliteWorkers.test.ts",
    title: "13. live on when the wall clock is put forward"
  },
  {
    file: "src/Store/sqlite/Workers.ts",
    bug: "believes what older releases would read of its own workers",
    find: "AND leases.started = workers.started",
    replace: "AND leases.started <> workers.started",
    test: "test/Store/SqliteWorkers.test.ts",
    title: "13. are gone when their leases end, though the wall clock was put back"
  },
  {
    file: "src/Store/sqlite/Query.ts",
    bug: "finds the children of every run of a parent",
    find: "if (runId !== undefined) conditions.push",
    replace: 'if (runId === "") conditions.push',
    test: sqliteStore,
    title: "8. executions are found by"
  },
  {
    file: "src/Store/sqlite/Migrations.ts",
    bug: "forgets the parents of a file without columns for them",
    find: "    fillParentIds(connection)\n",
    replace: "",
    test: "test/Store/SqliteFile.test.ts",
    title: "gets them when it is opened, and finds the children that it has"
  },
  {
    file: "src/Store/sqlite/Row.ts",
    bug: "loses what is published",
    find: "if (published !== null) summary.published",
    replace: "if (published === 1) summary.published",
    test: sqliteStore,
    title: "15. a summary is the one that a load has, after each commit and in every store"
  },
  {
    file: "src/Store/sqlite/Query.ts",
    bug: "finds all versions",
    find: "if (workflowVersion !== undefined) conditions",
    replace: 'if (workflowVersion === "") conditions',
    test: sqliteStore,
    title: "8. executions are found by"
  },
  {
    file: "src/Store/sqlite/Attributes.ts",
    bug: "orders the texts of attributes by UTF-8",
    find: 'return Buffer.from(value, "utf16le").swap16()',
    replace: "return Buffer.from(value)",
    test: sqliteStore,
    title: "8. texts are in the order of their code units, whatever a store keeps them as"
  },
  {
    file: "src/Store/sqlite/Attributes.ts",
    bug: "passes over conditions on attributes that lead no listing",
    find: "isMet(found)) ? 1 : 0",
    replace: "isMet(found)) ? 1 : 1",
    test: sqliteStore,
    title: "8. whatever the tests of attributes, a pass and a count are of the executions that pass them all"
  },
  {
    file: "src/Store/sqlite/Attributes.ts",
    bug: "asks for the attributes of the first filter",
    find: "if (asked !== known) {",
    replace: 'if (known === "") {',
    test: sqliteStore,
    title: "8. whatever the tests of attributes, a pass and a count are of the executions that pass them all"
  },
  {
    file: "src/Store/sqlite/Query.ts",
    bug: "finds flags in a range of attributes that are numbers",
    find: "conditions.push([\"placed.value < ''\"])",
    replace: 'conditions.push(["placed.value IS NOT NULL"])',
    test: sqliteStore,
    title: "8. executions are found by"
  },
  {
    file: "src/Store/sqlite/Query.ts",
    bug: "counts flags in a range of attributes that are numbers",
    find: '[lastId, ...end] : ["", -Infinity, firstId]',
    replace: "[lastId, ...end] : [lastId, ...end]",
    test: sqliteStore,
    title: "8. executions are found by"
  },
  {
    file: "src/Store/sqlite/Query.ts",
    bug: "counts attributes at a bound that is excluded",
    find: "return upper.isIncluded ? [value, ...end] : [value, -Infinity, firstId]",
    replace: "return [value, ...end]",
    test: sqliteStore,
    title: "8. executions are found by"
  },
  {
    file: "src/Store/sqlite/Query.ts",
    bug: "counts executions that started at another time, by their attributes",
    find: 'if (startedBefore !== undefined) conditions.push(["placed',
    replace: 'if (startedBefore === -1) conditions.push(["placed',
    test: sqliteStore,
    title: "8. executions are found by"
  },
  {
    file: "src/Store/sqlite/Query.ts",
    bug: "looks at each execution to count a range of attributes",
    find: 'conditions.length === 0 ? "attributes AS placed"',
    replace: 'conditions.length === -1 ? "attributes AS placed"',
    test: "test/Store/SqliteListing.test.ts",
    title: "8. find ranges and several values of an attribute among very many others"
  },
  {
    file: "src/Store/sqlite/Hidden.ts",
    bug: "keeps the rows of executions hidden that have left the log",
    find: "    for (const key of this.stale) remove.run(key)\n",
    replace: "",
    test: "test/Store/SqliteModel.test.ts",
    title: "say what a store in memory says"
  },
  {
    file: "src/Store/sqlite/Hidden.ts",
    bug: "trusts what a transaction that failed has left in the table",
    find: "    if (!this.isKnown) empty.run()\n",
    replace: "",
    test: "test/Store/SqliteModel.test.ts",
    title: "say what a store in memory says"
  },
  {
    file: "src/Store/sqlite/List.ts",
    bug: "takes the log of the first slice for that of the others",
    find: "if (known !== log.changes) {",
    replace: "if (known < 0) {",
    test: "test/Store/SqliteListing.test.ts",
    title: "8. count what is in a range throughout"
  },
  {
    file: "src/Store/sqlite/List.ts",
    bug: "sorts any number of attributes in a range",
    find: "return count === sliceRows && Query.isUnordered(first)",
    replace: "return count === -1 && Query.isUnordered(first)",
    test: "test/Store/SqliteListing.test.ts",
    title: "8. find ranges and several values of an attribute among very many others"
  },
  {
    file: "src/Store/sqlite/Migrations.ts",
    bug: "forgets the attributes of a file of an older release",
    find: "    Attributes.fill(connection)\n",
    replace: "",
    test: "test/Store/SqliteFile.test.ts",
    title: "keeps its executions, finds them by all that a new one does, and goes on with them"
  },
  {
    file: "src/Store/sqlite/Transactions.ts",
    bug: "keeps what a handler that failed has written",
    find: "else savepoints.undo(0)",
    replace: "else savepoints.release(0)",
    test: transactionsSqlite,
    title: "23. a typed error undoes what the handler wrote, and is recorded"
  },
  {
    file: "src/Store/sqlite/Transactions.ts",
    bug: "lets a handler that was left write later",
    find: "  gate.close()\n  const unsupported",
    replace: "  const unsupported",
    test: transactionsSqlite,
    title: "23. a handler that suspends is a defect that says why, and writes nothing, then or later"
  },
  {
    file: "src/Store/sqlite/Transactions.ts",
    bug: "takes a transaction that a handler has ended for one that goes on",
    find: "if (!connection.isTransaction) throw ending(call, gate.endedBy)",
    replace: "",
    test: transactionsSqlite,
    title: "23. a statement of a handler with which SQLite ends the transaction undoes that handler, and no other one"
  },
  {
    file: "src/Store/sqlite/Client.ts",
    bug: "reads large numbers as nearby ones",
    find: "if (fiber.getRef(SqlClient.SafeIntegers)) statement",
    replace: "if (false) statement",
    test: sqliteClient,
    title: "reads large numbers where SafeIntegers"
  },
  {
    file: "src/Store/sqlite/Client.ts",
    bug: "has objects where lists of values are asked for",
    find: "statement.setReturnArrays(true)",
    replace: "",
    test: sqliteClient,
    title: "reads rows as objects like all others"
  },
  {
    file: "src/Store/sqlite/Client.ts",
    bug: "has rows without a prototype",
    find: "({ ...row })",
    replace: "row",
    test: sqliteClient,
    title: "reads rows as objects like all others"
  },
  {
    file: "src/Store/sqlite/Guard.ts",
    bug: "lets a handler commit",
    find: "if (control.has(code)) return notItsOwn",
    replace: "",
    test: transactionsSqlite,
    title: "23. a handler cannot end the transaction of the store"
  },
  {
    file: "src/Store/sqlite/Bodies.ts",
    bug: "lets a handler that spoils a transaction end the others of it",
    find: "if (ran.length > 1 && Cause.hasDies(cause)) {",
    replace: "if (ran.length > 64 && Cause.hasDies(cause)) {",
    test: transactionsSqlite,
    title: "23. a statement of a handler with which SQLite ends the transaction undoes that handler, and no other one"
  },
  {
    file: "src/Store/sqlite/Saved.ts",
    bug: "appends what a part has saved that was undone",
    find: "return this.given.rows.all().map((place) => this.all[place]!)",
    replace: "return this.all",
    test: withinSqlite,
    title: "24. a part of a transaction is undone alone, with what it started and sent"
  },
  {
    file: "src/Store/sqlite/Saved.ts",
    bug: "does not find what was saved in the same transaction",
    find: "if (last === undefined) return this.given.decide(commit)",
    replace: "if (saved.length >= 0) return this.given.decide(commit)",
    test: withinSqlite,
    title: "24. what is started can be sent to, found and ended in the same transaction"
  },
  {
    file: "src/Store/sqlite/Transactions.ts",
    bug: "appends what was saved in a transaction that is undone",
    find: "const entries = isKept ? saved.append() : []",
    replace: "const entries = saved.append()",
    test: withinSqlite,
    title: "24. of one that fails there is nothing: no row, no execution, no message, and nobody hears of any"
  },
  {
    file: "src/Store/sqlite/Database.ts",
    bug: "ends the transaction of an app by another one within it",
    find: "if (connection.isTransaction) throw new Unsupported({ detail: within })",
    replace: "",
    test: withinSqlite,
    title: "24. what else is asked of the store within one is refused, and the transaction goes on"
  },
  {
    file: "src/Store/sqlite/Transactions.ts",
    bug: "leaves fibers of a handler to write beside its result",
    find: "Effect.ensuring(withItsFibers(effect), close)",
    replace: "Effect.ensuring(effect, close)",
    test: transactionsSqlite,
    title: "23. fibers that a handler forked have ended before its result is saved, and parts of them are undone"
  },
  {
    file: "src/Store/sqlite/Transactions.ts",
    bug: "commits what a part that is open would undo",
    find: "return Bodies.commits(exit) && gate.hasOpenPart ?",
    replace: "return Bodies.commits(exit) && gate.endedBy !== undefined ?",
    test: transactionsSqlite,
    title: "23. a handler that ends before a part of its transaction is undone, and told so"
  },
  {
    file: "src/Store/sqlite/Client.ts",
    bug: "has a statement undone with the part of another fiber",
    find: "return part === this.innermost ? undefined : beside",
    replace: "return part.depth >= 0 ? undefined : beside",
    test: transactionsSqlite,
    title: "23. a statement beside a part that is open is refused: it would be undone with that"
  },
  {
    file: "src/Store/sqlite/Client.ts",
    bug: "runs statements after the transaction is gone",
    find: "if (!this.shared.connection.isTransaction) return gone",
    replace: "",
    test: sqliteTransactions,
    title: "23. refuses each statement after that, and is told what has ended it"
  },
  {
    file: "src/Store/sqlite/Client.ts",
    bug: "takes a time for parameters by name",
    find: "if (value instanceof Date && !Number.isNaN(value.getTime())) return value.toISOString()",
    replace: "if (value instanceof Date) return value as never",
    test: sqliteTransactions,
    title: "23. take times as texts and bytes as they are, also as the first parameter"
  },
  {
    file: "src/Store/sqlite/Guard.ts",
    bug: "runs the first one of several statements",
    find: 'if (!isEmpty(sql.slice(statement.sourceSQL.length), "flat")) throw new Error(several)',
    replace: "",
    test: sqliteTransactions,
    title: "23. come one by one: a text of several is refused, and runs none"
  },
  {
    file: "src/Store/sqlite/Guard.ts",
    bug: "lets an app write to the tables of the store",
    find: 'return own.has(table?.toLowerCase() ?? "") ? ofStore : undefined',
    replace: "return undefined",
    test: sqliteTransactions,
    title: "23. are refused where they are of the connection or of the store, and harmless ones are not"
  },
  {
    file: "src/Store/sqlite/Guard.ts",
    bug: "refuses to rename what is of the app",
    find: " && first !== temporarySchema",
    replace: "",
    test: sqliteTransactions,
    title: "23. change tables of the app, as migrations do"
  },
  {
    file: "src/Store/sqlite/Transactions.ts",
    bug: "takes a full disk for the fault of a handler",
    find: "passes(cause) || cause instanceof Unavailable ? cause :",
    replace: "cause instanceof Unavailable ? cause :",
    test: sqliteTransactions,
    title: "23. is to begin anew when its disk was full, whatever the body makes of that"
  },
  {
    file: "src/Store/sqlite/Bodies.ts",
    bug: "begins anew for ever where a commit is refused",
    find: "return refusal === undefined\n    ? Effect.fail(reason)",
    replace: "return refusal !== undefined\n    ? Effect.fail(reason)",
    test: transactionsSqlite,
    title: "23. what is refused at the end of the transaction ends the call, and no other one"
  },
  {
    file: "src/Store/sqlite/Bodies.ts",
    bug: "never stops to run bodies alone",
    find: "this.alone = Math.max(0, this.alone - 1)",
    replace: "this.alone = Math.max(0, this.alone)",
    test: sqliteTransactions,
    title: "23. runs those alone that shared a spoilt transaction, and then groups again"
  },
  {
    file: "src/Store/sqlite/Bodies.ts",
    bug: "has bodies keep the process for as long as they like",
    find: " || performance.now() > until) break",
    replace: " || until < 0) break",
    test: sqliteTransactions,
    title: "23. has groups of 64, and of as many as there is time for"
  },
  {
    file: "src/Store/sqlite/Bodies.ts",
    bug: "leaves who waits when the store is closed",
    find: "for (const waiting of this.waiting) this.refuse(waiting, closed)",
    replace: "",
    test: sqliteTransactions,
    title: "23. that is closed tells those who wait, and those who come later"
  },
  {
    file: "src/Store/sqlite/Bodies.ts",
    bug: "lets who comes after the end wait for ever",
    find: "if (this.isClosed) {",
    replace: "if (this.isClosed && this.waiting.size > 0) {",
    test: sqliteTransactions,
    title: "23. that is closed tells those who wait, and those who come later"
  },
  {
    file: "src/Store/sqlite/Bodies.ts",
    bug: "runs a body whose caller has left",
    find: "return () => this.waiting.delete(waiting)",
    replace: "return () => this.waiting.has(waiting)",
    test: sqliteTransactions,
    title: "23. forgets who waits no more"
  },
  {
    file: "src/Store/sqlite/Bodies.ts",
    bug: "answers no one when the database is busy",
    find: "ran.length === 0 ? [...this.waiting] : ran",
    replace: "ran.length === 0 ? [] : ran",
    test: sqliteTransactions,
    title: "23. tells all that wait when none can begin, and whom a commit that fails was for"
  },
  {
    file: "src/Store/sqlite/Append.ts",
    bug: "leaves the log as it is when transactions alone write to it",
    find: "Queue.offerUnsafe(wakes, undefined)",
    replace: "void wakes",
    test: sqliteTransactions,
    title: "23. have the log folded when nothing more comes, as other commits have"
  },
  {
    file: "src/Store/sqlite/Saved.ts",
    bug: "sees in a transaction what a part of it has undone",
    find: "return this.given.rows.all().map((place) => this.all[place]!)",
    replace: "return this.all",
    test: sqliteTransactions,
    title: "23. see what they have saved, and not what a part of them has saved that is undone"
  }
]
