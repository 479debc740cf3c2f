/** Bugs of what stores share and of the other stores. */
import type { Mutant } from "./Mutant.ts"

const admission = "test/Store/admit.test.ts"
const onMemory = "test/Executor/Memory.test.ts"
const inngestHistory = "test/Store/InngestHistory.server.test.ts"
const inngestSettings = "test/Store/InngestSettings.server.test.ts"
const kafkaFold = "test/Store/KafkaFold.test.ts"
const kafkaWrite = "test/Store/KafkaWrite.server.test.ts"
const memoryStore = "test/Store/Memory.test.ts"
const newer = "test/Executor/newer.test.ts"
const queries = "test/Executor/queries.test.ts"
const sqliteStore = "test/Store/Sqlite.test.ts"
const summary = "test/replay/summary.test.ts"

export const stores: ReadonlyArray<Mutant> = [
  {
    file: "src/Store/nats/settings.ts",
    bug: "believes few servers of many",
    find: "if (unasked.length >= wanted.length / 2) return yield* silent[0]!\n",
    replace: "",
    test: "test/Store/NatsCluster.server.test.ts",
    title: "opens while one of the servers is away"
  },
  {
    file: "src/internal/store/question.ts",
    bug: "takes a filter with a field that there is not",
    find: "other(filter, ...Object.keys(fields)),\n",
    replace: "",
    test: memoryStore,
    title: "a filter that makes no sense is refused, with what is wrong with it"
  },
  {
    file: "src/internal/store/failure.ts",
    bug: "lets callers wait for what is damaged",
    find: 'reason._tag === "NewerFormat" || reason._tag === "Corrupt"',
    replace: 'reason._tag === "NewerFormat"',
    test: onMemory,
    title: "13. callers that wait for an execution are told by a heartbeat that its record is damaged"
  },
  {
    file: "src/Store/Memory.ts",
    bug: "begins again at version 1 after a deletion",
    find: "if (this.records.size === 0) return undefined",
    replace: "if (this.records.size >= 0) return undefined",
    test: memoryStore,
    title: "16. no version but the next one is free after a deletion, for a new run or an old one"
  },
  {
    file: "src/Store/Memory.ts",
    bug: "deletes what has moved on",
    find: "if (options.version !== version) return",
    replace: "if (options.version === -1) return",
    test: memoryStore,
    title: "9. an execution that has moved on is not deleted, nor one that has not come so far"
  },
  {
    file: "src/Store/Memory.ts",
    bug: "removes the beginning of the current run",
    find: "if (options.before > firstVersion) return",
    replace: "if (options.before > version) return",
    test: memoryStore,
    title: "9. `before` above the beginning of the current run is refused, and removes nothing"
  },
  {
    file: "src/Store/nats/address.ts",
    bug: "leaves credentials in addresses",
    find: "address: scheme + host,\n    credentials",
    replace: "address: scheme + userinfo + host,\n    credentials",
    test: "test/Store/NatsAddress.test.ts",
    title: "user:secret@host:4222"
  },
  {
    file: "src/internal/store/admit.ts",
    bug: "takes a commit of any version",
    find: "commit.version === latest + 1 && ",
    replace: "",
    test: memoryStore,
    title: "3. version 5 after version 2 is a conflict"
  },
  {
    file: "src/internal/store/admit.ts",
    bug: "does not know a commit that it has",
    find: 'if (idAtVersion === commit.id) return "stored"',
    replace: "",
    test: memoryStore,
    title: "4. a commit that is saved again succeeds and changes nothing"
  },
  {
    file: "src/internal/store/admit.ts",
    bug: "lets anybody continue a run",
    find: "head?.runId === commit.runId",
    replace: "head?.runId !== undefined",
    test: memoryStore,
    title: "3. a history is continued by its own run only, unless another one begins"
  },
  {
    file: "src/internal/store/admit.ts",
    bug: "lets no run begin after another one",
    find: "(begins || head?.runId === commit.runId)",
    replace: "head?.runId === commit.runId",
    test: admission,
    title: "3. another run begins at the next version"
  },
  {
    file: "src/internal/store/admit.ts",
    bug: "lets a deleted id begin at version 1",
    find: "const latest = head?.version ?? 0",
    replace: "const latest = head?.runId === undefined ? 0 : head.version",
    test: admission,
    title: "16. a deleted id begins above its deletion"
  },
  {
    file: "src/internal/store/admit.ts",
    bug: "takes a commit that begins for one that is known",
    find: "if (idAtVersion === commit.id)",
    replace: "if (idAtVersion !== undefined)",
    test: admission,
    title: "2. another run does not begin at a version that is taken"
  },
  {
    file: "src/internal/store/damage.ts",
    bug: "believes a first version after the latest",
    find: "isVersion(value) && value <= (version as number)",
    replace: "isVersion(value)",
    test: "test/Store/damage.test.ts",
    title: "with a value that is none is damage that is named: firstVersion"
  },
  {
    file: "src/internal/store/damage.ts",
    bug: "believes any status",
    find: "statuses.has(value)",
    replace: 'typeof value === "string"',
    test: "test/Store/damage.test.ts",
    title: "with a value that is none is damage that is named: status"
  },
  {
    file: "src/internal/store/damage.ts",
    bug: "believes what an execution waits for",
    find: "readWaiting(value) !== undefined",
    replace: "value !== undefined",
    test: "test/Store/damage.test.ts",
    title: "with a value that is none is damage that is named: waitingFor"
  },
  {
    file: "src/internal/store/damage.ts",
    bug: "believes any attribute",
    find: "if (!isAttribute(value[name])) return false",
    replace: "if (value[name] === undefined) return false",
    test: "test/Store/damage.test.ts",
    title: "with a value that is none is damage that is named: attributes"
  },
  {
    file: "src/internal/store/damage.ts",
    bug: "believes counts that are no numbers",
    find: "isRecord(value) && Object.values(value).every(Number.isSafeInteger)),\n  attributes",
    replace: "isRecord(value)),\n  attributes",
    test: "test/Store/damage.test.ts",
    title: "with a value that is none is damage that is named: unreceived"
  },
  {
    file: "src/internal/store/damage.ts",
    bug: "wants what may be absent",
    find: "value === undefined || check(value, summary)",
    replace: "check(value, summary)",
    test: "test/Store/damage.test.ts",
    title: "of each kind of execution is sound"
  },
  {
    file: "src/internal/store/failure.ts",
    bug: "takes a bad filter for a damaged store",
    find: 'reason._tag === "Unsupported" && (operation === "list" || operation === "count")',
    replace: "false",
    test: onMemory,
    title: "8. a filter or a cursor that makes no sense is a mistake of the caller, and says what"
  },
  {
    file: "src/internal/store/failure.ts",
    bug: "refuses no handle",
    find: "if (chainMeant(summary, ref.runId) !== chain)",
    replace: 'if (ref.runId === "")',
    test: onMemory,
    title: "8. the same through an executor that does not run the execution"
  },
  {
    file: "src/internal/store/failure.ts",
    bug: "acts on what a newer release has written",
    find: "return format > formatVersion ? new NewerRelease({ format, known: formatVersion }) : undefined",
    replace: "return undefined",
    test: newer,
    title: "is described; all else that a caller asks of it fails with `NewerRelease`"
  },
  {
    file: "src/internal/store/failure.ts",
    bug: "takes a commit that is too large for a store that is away",
    find: 'case "TooLarge":\n      return new PayloadTooLarge({ bytes: error.reason.bytes, limit: error.reason.limit })\n',
    replace: "",
    test: onMemory,
    title: "12. what is too large is refused also by an executor that does not run the execution"
  },
  {
    file: "src/internal/store/listing.ts",
    bug: "does not find a closed debtor",
    find: "!isFinal(summary.status) || summary.wakeAt !== undefined",
    replace: "!isFinal(summary.status)",
    test: onMemory,
    title: "15. what a finished execution owes is delivered, also by a worker without its program"
  },
  {
    file: "src/internal/store/listing.ts",
    bug: "tells of nothing that has no owner",
    find: "summary.owner === undefined && isUnsettled(summary)",
    replace: "summary.owner === undefined && isFinal(summary.status)",
    test: onMemory,
    title: "1. a process without the program starts an execution, and a worker that has it runs it at once"
  },
  {
    file: "src/internal/store/listing.ts",
    bug: "begins a page with the end of the one before",
    find: "order(after.value, summary) < 0",
    replace: "order(after.value, summary) <= 0",
    test: memoryStore,
    title: "8. a pass answers every execution that matches once, ordered by start time and id"
  },
  {
    file: "src/internal/store/summary.ts",
    bug: "wakes nobody for what was appended",
    find: "return { ...next, wakeAt, unreceived: oneMore(summary.unreceived, event.name) }",
    replace: "return { ...next, unreceived: oneMore(summary.unreceived, event.name) }",
    test: onMemory,
    title: "11. a message is seen also when the news of it is lost"
  },
  {
    file: "src/internal/store/summary.ts",
    bug: "wakes later for what was appended later",
    find: "Math.min(event.at, summary.wakeAt ?? event.at)",
    replace: "event.at",
    test: summary,
    title: "after an append by another process is that of the fold, but for the signals that only the worker knows"
  },
  {
    file: "src/internal/store/summary.ts",
    bug: "leaves a terminated execution to its owner",
    find: "    delete closed.owner\n",
    replace: "",
    test: summary,
    title: "after an append by another process is that of the fold, but for the signals that only the worker knows"
  },
  {
    file: "src/internal/store/summary.ts",
    bug: "wakes for a terminated execution that owes nothing",
    find: "else {\n    delete closed.wakeAt\n",
    replace: "else {\n",
    test: summary,
    title: "after an append by another process is that of the fold, but for the signals that only the worker knows"
  },
  {
    file: "src/internal/store/summary.ts",
    bug: "wakes nobody for what a terminated execution owes",
    find: "    closed.owed = owed\n    closed.wakeAt = event.at\n",
    replace: "    closed.owed = owed\n",
    test: summary,
    title: "after an append by another process is that of the fold, but for the signals that only the worker knows"
  },
  {
    file: "src/internal/store/summary.ts",
    bug: "does not say that messages are owed",
    find: "if (state.owed.size > 0) summary.owed = state.owed.size\n",
    replace: "",
    test: onMemory,
    title: "15. what a finished execution owes is delivered, also by a worker without its program"
  },
  {
    file: "src/internal/store/summary.ts",
    bug: "forgets signals that another process appends",
    find: "unreceived: oneMore(summary.unreceived, event.name) }",
    replace: "unreceived: summary.unreceived ?? {} }",
    test: onMemory,
    title: "8. a description counts the signals that the program has not received, by name"
  },
  {
    file: "src/internal/store/summary.ts",
    bug: "does not say when a blocked execution is tried again",
    find: "...(retryAt === undefined ? {} : { retryAt })",
    replace: "...{}",
    test: "test/Executor/losses.test.ts",
    title: "2. an execution is blocked whose attempts were lost alone three times, and tried again after a minute"
  },
  {
    file: "src/internal/store/summary.ts",
    bug: "names all that an execution waits for",
    find: "if (named.length === namedAtMost) break\n    named.push(waitingOf(each))",
    replace: "named.push(waitingOf(each))",
    test: onMemory,
    title: "8. every execution can say what it waits for"
  },
  {
    file: "src/internal/store/summary.ts",
    bug: "says that nothing can happen of what no worker has taken",
    find: 'unreadSince === undefined ? { _tag: "Nothing" }',
    replace: 'unreadSince !== null ? { _tag: "Nothing" }',
    test: onMemory,
    title: "8. an execution that is blocked, or that none has taken yet, says no more than that"
  },
  {
    file: "src/internal/store/summary.ts",
    bug: "counts more names of signals than it may",
    find: "Object.keys(counts).length >= namedAtMost",
    replace: "Object.keys(counts).length > namedAtMost",
    test: summary,
    title: "counts the signals that were sent and not received, by their names"
  },
  {
    file: "src/internal/store/summary.ts",
    bug: "says that an activity runs that waits for its next attempt",
    find: "if (dueAt !== undefined) activity[pending",
    replace: "if (dueAt === 0) activity[pending",
    test: onMemory,
    title: "8. every execution can say what it waits for"
  },
  {
    file: "src/internal/store/waiting.ts",
    bug: "takes what is no list for one",
    find: "if (!Array.isArray(stored)) return undefined",
    replace: "if (!Array.isArray(stored)) return []",
    test: "test/waiting.test.ts",
    title: "what is damaged is not read"
  },
  {
    file: "src/internal/store/waiting.ts",
    bug: "passes over what is damaged",
    find: "else return undefined",
    replace: "else continue",
    test: "test/waiting.test.ts",
    title: "what is damaged is not read"
  },
  {
    file: "src/internal/store/waiting.ts",
    bug: "does not know the words of release 0.1",
    find: 'all.push({ _tag: "Other", text: each })',
    replace: "continue",
    test: "test/waiting.test.ts",
    title: "the words of release 0.1 are read as such"
  },
  {
    file: "src/Store/nats/Table.ts",
    bug: "brings back what was deleted while it was read, and is damaged",
    find: "last === undefined ? seq <= this.passed && !this.unread.has(key) : last.seq > seq",
    replace: "last !== undefined && last.seq > seq",
    test: "test/Store/NatsTable.test.ts",
    title: "does not bring back what was deleted while it was read, and is damaged"
  },
  {
    file: "src/internal/store/summary.ts",
    bug: "does not say that it was cancelled",
    find: 'if (cancel !== undefined) named.push({ _tag: "Cancelling", reason: cancel.reason })',
    replace: "",
    test: "test/Executor/Memory.test.ts",
    title: "8. an execution that was cancelled says so"
  },
  {
    file: "src/internal/store/listing.ts",
    bug: "finds the children of every run of a parent",
    find: "(runId === undefined || ancestor.chain === runId)",
    replace: '(runId === undefined || runId !== "")',
    test: memoryStore,
    title: "8. executions are found by"
  },
  {
    file: "src/internal/store/summary.ts",
    bug: "cancels what runs without its finalizers",
    find: 'chain === undefined && status === "running" && owner === undefined',
    replace: 'chain === undefined && status === "running"',
    test: onMemory,
    title: "7. "
  },
  {
    file: "src/internal/store/listing.ts",
    bug: "tells nobody whose end a child owes",
    find: "return closedAt === undefined || parent === undefined ? change",
    replace: "return closedAt === undefined || parent !== undefined ? change",
    test: sqliteStore,
    title: "12. of a finished child that owes messages is told who its parent is, and of no other execution"
  },
  {
    file: "src/internal/store/published.ts",
    bug: "publishes without end",
    find: "if (bytes > left) return bytes",
    replace: "",
    test: onMemory,
    title: "18. a published value that is too large is left out, and not read as it was"
  },
  {
    file: "src/internal/store/published.ts",
    bug: "warns with each commit",
    find: 'return earlier !== undefined && "leftOut" in earlier',
    replace: "return earlier === null",
    test: queries,
    title: "18. each commit has what the program has published by then, whoever writes it and whatever ends between"
  },
  {
    file: "src/internal/store/summary.ts",
    bug: "says nothing of whom an execution asks",
    find: "if (isAsk(issued)) {",
    replace: 'if (issued.name === "") {',
    test: onMemory,
    title:
      "16. the wait for another execution survives its worker, says what it waits for, and takes no place of a handler"
  },
  {
    file: "src/internal/store/listing.ts",
    bug: "finds all versions",
    find: "filter.workflowVersion === summary.workflowVersion",
    replace: 'filter.workflowVersion !== ""',
    test: memoryStore,
    title: "8. executions are found by"
  },
  {
    file: "src/internal/store/summary.ts",
    bug: "forgets the memo beside the attributes",
    find: "  if (state.memo !== undefined) summary.memo = state.memo\n",
    replace: "",
    test: onMemory,
    title: "8. a memo is in descriptions and listings, also that of a child, and is bounded"
  },
  {
    file: "src/internal/store/summary.ts",
    bug: "takes the attributes of the summary for those of release 0.1",
    find: "const isTold = ",
    replace: "const isTold = false && ",
    test: summary,
    title: "has attributes that release 0.1 kept in it alone, and the state read with it has them too"
  },
  {
    file: "src/internal/store/conditions.ts",
    bug: "finds attributes at a bound that is excluded",
    find: "value > bound.value || (bound.isIncluded && value === bound.value)",
    replace: "value >= bound.value",
    test: memoryStore,
    title: "8. whatever the tests of attributes, a pass and a count are of the executions that pass them all"
  },
  {
    file: "src/internal/store/conditions.ts",
    bug: "finds attributes of other types in a range",
    find: "typeof value === type && isAbove",
    replace: "isAbove",
    test: memoryStore,
    title: "8. whatever the tests of attributes, a pass and a count are of the executions that pass them all"
  },
  {
    file: "src/internal/store/conditionFaults.ts",
    bug: "compares attributes with values of two types",
    find: "value) => typeof value !== typeof values[0]",
    replace: "value) => value === undefined",
    test: memoryStore,
    title: "8. a filter that makes no sense is refused, with what is wrong with it"
  },
  {
    file: "src/internal/store/conditionFaults.ts",
    bug: "passes over tests of attributes that there are not",
    find: "if (unknown !== undefined) return",
    replace: 'if (unknown === "") return',
    test: memoryStore,
    title: "8. a filter that makes no sense is refused, with what is wrong with it"
  },
  {
    file: "src/internal/store/conditionFaults.ts",
    bug: "compares attributes with any number of values",
    find: "if (values.length > valuesAtMost)",
    replace: "if (values.length > 1_000_000)",
    test: memoryStore,
    title: "8. a filter that makes no sense is refused, with what is wrong with it"
  },
  {
    file: "src/internal/store/runs.ts",
    bug: "takes runs of several executions for one",
    find: "({ runId }) => runId)",
    replace: '({ runId }) => (runId === "" ? runId : all[Symbol.iterator]().next().value!.runId))',
    test: "test/Store/runs.test.ts",
    title: "commits of runs that come in turns are told apart, each run in its order"
  },
  {
    file: "src/internal/store/runs.ts",
    bug: "takes runs that follow one another for one",
    find: 'event._tag === "ExecutionStarted")',
    replace: 'event._tag === "ExecutionStarted" && histories.length === 0)',
    test: "test/Store/runs.test.ts",
    title: "a history begins with each start, also of a run that comes twice, and with none before the first"
  },
  {
    file: "src/Store/kafka/Fold.ts",
    bug: "lets a commit count that lost its place",
    find: "next.prev === last.offset &&",
    replace: "true &&",
    test: kafkaFold,
    title: "has what the whole log says"
  },
  {
    file: "src/Store/kafka/Fold.ts",
    bug: "takes a void removal for a stray that may count",
    find: "if (this.isVoid(stored.offset, head)) return this.discard(stored.key, head)",
    replace: "if (this.isVoid(stored.offset, head)) return this.stray(id, stored)",
    test: kafkaFold,
    title: "has what the whole log says"
  },
  {
    file: "src/Store/kafka/Fold.ts",
    bug: "takes the seal of an earlier removal for the latest",
    find: ": known.last >= after",
    replace: ": known.last === after",
    test: kafkaFold,
    title: "has it in histories that earlier rules were wrong in"
  },
  {
    file: "src/Store/kafka/Fold.ts",
    bug: "takes a deletion that never took place for one that did",
    find: "if (grave.prev >= at) return true",
    replace: "return true",
    test: kafkaFold,
    title: "has it in histories that earlier rules were wrong in"
  },
  {
    file: "src/Store/kafka/Fold.ts",
    bug: "removes older runs that another removal has removed",
    find: "latest === undefined ? last !== -1 : !latest.isSealed || latest.offset !== last",
    replace: "false",
    test: kafkaFold,
    title: "has what the whole log says"
  },
  {
    file: "src/Store/kafka/Fold.ts",
    bug: "forgets a deletion while records of the execution may come to life",
    find: "grave.isBuried && isLate && isClear && isOld(grave)",
    replace: "grave.isBuried && isLate && isOld(grave)",
    test: kafkaFold,
    title: "has what the whole log says"
  },
  {
    file: "src/Store/kafka/Fold.ts",
    bug: "lets a life that is over come back",
    find: "if (execution.born !== born && this.isDead(begin, other)) return undefined",
    replace: "",
    test: kafkaFold,
    title: "has it in histories that earlier rules were wrong in"
  },
  {
    file: "src/Store/kafka/read.ts",
    bug: "reads once what is not in memory",
    find: "&& !near.has(offset)) near",
    replace: "&& near.size === 0) near",
    test: "test/Store/KafkaRead.server.test.ts",
    title: "is asked for in as many requests as it takes where its events are large"
  },
  {
    file: "src/Store/kafka/read.ts",
    bug: "asks once for what the broker did not send",
    find: "if (count === mostLoads)",
    replace: "if (count === 1)",
    test: "test/Store/KafkaRead.server.test.ts",
    title: "is asked for again when the broker sent nothing"
  },
  {
    file: "src/Store/kafka/save.ts",
    bug: "sends for ever what is lost each time",
    find: "attempt(writing, count + 1)",
    replace: "attempt(writing, count)",
    test: kafkaWrite,
    title: "that is lost each time is sent three times, and no more"
  },
  {
    file: "src/Store/kafka/save.ts",
    bug: "does not send again what may not be stored",
    find: "count === mostUnknown ?",
    replace: "count >= 1 ?",
    test: kafkaWrite,
    title: "of which it is not known whether it is stored is looked for, and sent again where it is not there"
  },
  {
    file: "src/Store/kafka/tidy.ts",
    bug: "tidies what it has not read",
    find: "if (!Number.isFinite(partition.reachedAt)) return 0",
    replace: "",
    test: kafkaWrite,
    title: "is not removed by a process whose partition began anew while it tidied, and that has not read all yet"
  },
  {
    file: "src/internal/store/serverOptions.ts",
    bug: "sends any secret to the client, which prints it",
    find: "/^[!-~]+$/.test(text)",
    replace: "text.length >= 0",
    test: inngestSettings,
    title: "settings that cannot be are refused with their name"
  },
  {
    file: "src/internal/store/summary.ts",
    bug: "says of a program that takes updates that nothing can happen",
    find: "const standsBy = taken.length > 0 &&",
    replace: "const standsBy = taken.length > 99 &&",
    test: onMemory,
    title: "8. a program that waits for updates says for which, and that it waits for a time beside"
  },
  {
    file: "src/Store/Inngest.ts",
    bug: "leaves the list as a writer left it that was killed",
    find: "if (!leader.isLeading || !index.isBehind(workflowId, summary)) return Effect.void",
    replace: "if (summary === undefined || true) return Effect.void",
    test: inngestSettings,
    title: "8. an end that its writer was killed before it listed is listed once a worker has read it"
  },
  {
    file: "src/Store/inngest/Sight.ts",
    bug: "waits for a heartbeat that the server has lost",
    find: "told(this.server.settings.visibility)",
    replace: "told(1e9)",
    test: "test/Store/InngestSettings.server.test.ts",
    title: "13. a heartbeat that the server had accepted when it was killed is said again, long before its timeout"
  },
  {
    file: "src/Store/inngest/History.ts",
    bug: "reads no further once it has a version",
    find: "before !== undefined && before.internal < slot.internal",
    replace: "before !== slot",
    test: inngestHistory,
    title: "2. of one version the event that was received first counts, also when it is on a later page than the others"
  },
  {
    file: "src/Store/inngest/History.ts",
    bug: "takes the latest event of a version",
    find: "slot.internal < known.internal",
    replace: "slot.internal > known.internal",
    test: inngestHistory,
    title: "2. of one version the event that was received first counts, also when it is on a later page than the others"
  },
  {
    file: "src/Store/inngest/Reader.ts",
    bug: "answers from what is left",
    find: "(history) => versionIn(history) >= wanted,",
    replace: "() => true,",
    test: inngestSettings,
    title: "17. a version that the server has lost blocks its execution and no other one, whichever it is"
  },
  {
    file: "src/Store/inngest/Requests.ts",
    bug: "does not wait until what begins or ends is listed",
    find: "return isListed ? Effect.andThen(stored, this.entered(head)) : stored",
    replace: "return isListed === undefined ? Effect.andThen(stored, this.entered(head)) : stored",
    test: inngestHistory,
    title: "8. a run that has begun or ended is listed so by clients once its caller knows"
  },
  {
    file: "src/Store/inngest/Server.ts",
    bug: "tells the request in its errors, and the key with it",
    find: "unavailable(wordsOf(error))",
    replace: "unavailable(`${wordsOf(error)}: ${error.request.url}`)",
    test: inngestSettings,
    title: "a server with keys wants them, and they are in no error, log or span"
  },
  {
    file: "src/Store/inngest/Workers.ts",
    bug: "takes workers for gone whose heartbeats are not shown yet",
    find: "+ lease + Math.min(lease, settings.visibility) > now",
    replace: "+ lease > now",
    test: inngestSettings,
    title: "13. a worker lives whose heartbeats are in time, though the server shows each of them late"
  },
  {
    file: "src/Store/inngest/Workers.ts",
    bug: "takes heartbeats in the order of the server",
    find: "one.by === other.by ? one.beat > other.beat : one.internal > other.internal",
    replace: "one.internal > other.internal",
    test: inngestSettings,
    title: "13. of heartbeats that the server receives in one millisecond the one that was sent last counts"
  },
  {
    file: "src/Store/inngest/Writer.ts",
    bug: "does not look whether another process has written the version",
    find: "if (isOvertaken(id, pending, rows)) {",
    replace: "if (isOvertaken(id, pending, [])) {",
    test: inngestHistory,
    title: "2. a version that a writer had sent before which was stopped while it wrote is a conflict for its successor"
  },
  {
    file: "src/Store/inngest/Writer.ts",
    bug: "does not wait until an end is listed",
    find: "if (!isOpen(summary) || !this.index.isListedOpen(head.id))",
    replace: "if (!this.index.isListedOpen(head.id))",
    test: inngestHistory,
    title: "8. a run that has begun or ended is listed so by clients once its caller knows"
  },
  {
    file: "src/Store/inngest/retained.ts",
    bug: "holds each commit against itself alone",
    find: "head.first === head.version || latest === undefined ? head.began : latest.began",
    replace: "latest === undefined ? head.began : head.began",
    test: inngestSettings,
    title: "a run that would go on when the server has forgotten its first event is refused, and stores nothing"
  },
  {
    file: "src/Store/inngest/retained.ts",
    bug: "lets a run wait for longer than its events are kept",
    find: "wake - began <= retention",
    replace: "wake - began <= 2 * retention",
    test: inngestSettings,
    title: "a run that would go on when the server has forgotten its first event is refused, and stores nothing"
  }
]
