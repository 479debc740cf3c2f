/** Bugs of the layers. */
import type { Mutant } from "./Mutant.ts"

const attacked = "test/layers/hooksUnderAttack.test.ts"
const configuredApps = "test/layers/configuredApps.test.ts"
const hookCalls = "test/layers/hookCalls.test.ts"
const hooked = "test/layers/hooks.test.ts"
const lasting = "test/layers/lasting.test.ts"
const metrics = "test/layers/metrics.test.ts"
const middleware = "test/layers/middleware.test.ts"
const middlewareLimits = "test/layers/middlewareLimits.test.ts"
const middlewareShared = "test/layers/middlewareShared.test.ts"
const misspelt = "test/layers/misspelt.test.ts"
const payloadCodec = "test/layers/payloadCodec.test.ts"
const payloadEnvelope = "test/layers/payloadEnvelope.test.ts"
const payloadSecrets = "test/layers/payloadSecrets.test.ts"
const providers = "test/layers/providers.test.ts"
const retention = "test/layers/retention.test.ts"
const tracing = "test/layers/tracing.test.ts"
const transfer = "test/layers/transfer.test.ts"
const verify = "test/layers/verify.test.ts"

export const layers: ReadonlyArray<Mutant> = [
  {
    file: "src/layers/Hooks.ts",
    bug: "lets a logger that throws end the calls of an execution",
    find: "Effect.ignoreCause(under(trace, told))",
    replace: "under(trace, told)",
    test: attacked,
    title: "go on when a logger throws"
  },
  {
    file: "src/layers/Hooks.ts",
    bug: "decodes no value by its schema",
    find: "if (Result.isFailure(values)) return logged(call.hook, about, `was not called: ${values.failure}`)",
    replace: "if (Result.isFailure(values)) return Effect.void",
    test: hookCalls,
    title: "is not called for a value that does not fit its schema, which is logged"
  },
  {
    file: "src/layers/hooks/Lines.ts",
    bug: "keeps any number of hooks that hang",
    find: "return this.waiting + this.leftBehind",
    replace: "return this.waiting",
    test: attacked,
    title: "that never end and let nothing interrupt them are bounded in number"
  },
  {
    file: "src/layers/hooks/Lines.ts",
    bug: "waits for a hook that hangs",
    find: "return Effect.timeoutOption(ended, milliseconds)",
    replace: "return Effect.map(ended, Option.some)",
    test: hookCalls,
    title: "that hangs is logged, and touches nothing else"
  },
  {
    file: "src/layers/hooks/Lines.ts",
    bug: "lets an execution keep its turn",
    find: "if (line.length > 0) this.ready.add(execution)",
    replace: "if (line.length > 0) this.ready = new Set([execution, ...this.ready])",
    test: hookCalls,
    title: "of one execution come in the order of its commits, and those of another one in between"
  },
  {
    file: "src/layers/hooks/Lines.ts",
    bug: "gives up what is left at the end",
    find: "const rest = Effect.timeoutOption(this.rest, milliseconds)",
    replace: "const rest = Effect.timeoutOption(this.rest, 0)",
    test: hookCalls,
    title: "that are left at the end of the layer are made"
  },
  {
    file: "src/layers/hooks/Lines.ts",
    bug: "lets a hook go on after its time",
    find: "    fiber.interruptUnsafe()\n    if (fiber.pollUnsafe()",
    replace: "    if (fiber.pollUnsafe()",
    test: lasting,
    title: "is interrupted"
  },
  {
    file: "src/layers/telemetry/Spans.ts",
    bug: "makes spans that no level wants",
    find: "sampled: parent.sampled && isWanted",
    replace: "sampled: parent.sampled",
    test: lasting,
    title: "is asked for no more than its level wants"
  },
  {
    file: "src/layers/telemetry/callers.ts",
    bug: "leaves callers without a tracer without spans",
    find: "Context.get(caller, Tracer.Tracer) === Tracer.nativeTracer ? Context.add(caller, Tracer.Tracer, tracer) : caller",
    replace: "Context.get(caller, Tracer.Tracer) === tracer ? Context.add(caller, Tracer.Tracer, tracer) : caller",
    test: lasting,
    title: "is that of callers that have none"
  },
  {
    file: "src/layers/hooks/call.ts",
    bug: "tells no hook of failures",
    find: 'ActivityResolved: ["onActivityComplete", "onActivityFail"]',
    replace: 'ActivityResolved: ["onActivityComplete"]',
    test: hooked,
    title: "of activities tell defects and timeouts, and of no question of the executor"
  },
  {
    file: "src/layers/hooks/call.ts",
    bug: "tells of a start with each run of a chain",
    find: 'return event.continues === undefined ? ofWorkflow("onWorkflowStart", started(event)) : undefined',
    replace: 'return ofWorkflow("onWorkflowStart", started(event))',
    test: hooked,
    title: "are told once of a chain that continues as new, and of the parent of a child"
  },
  {
    file: "src/layers/hooks/call.ts",
    bug: "tells of what the executor itself asks",
    find: "if (isAsk(issued)) return undefined",
    replace: "",
    test: hooked,
    title: "of activities tell defects and timeouts, and of no question of the executor"
  },
  {
    file: "src/layers/hooks/call.ts",
    bug: "shows hooks what was recorded, and not a copy",
    find: "copyJson(values as Schema.JsonObject) as Fields",
    replace: "values",
    test: hooked,
    title: "without definitions are told of everything, in JSON of their own"
  },
  {
    file: "src/layers/hooks/Part.ts",
    bug: "takes an inline activity for the definition of its name",
    find: "return inline ? undefined : this.listed.get(keyOf(kinds[hook], name))",
    replace: "return this.listed.get(keyOf(kinds[hook], name))",
    test: hooked,
    title: "of activities tell defects and timeouts, and of no question of the executor"
  },
  {
    file: "src/layers/middleware/Windows.ts",
    bug: "remembers every key for ever",
    find: "if (this.all.size >= this.looksAt) this.forgetIdle(now)",
    replace: "",
    test: middlewareLimits,
    title: "remembers no more keys than are in use, or have been lately"
  },
  {
    file: "src/layers/middleware/Windows.ts",
    bug: "forgets keys that count",
    find: "if (now - latest >= this.milliseconds) this.all.delete(key)",
    replace: "this.all.delete(key)",
    test: middlewareLimits,
    title: "remembers no more keys than are in use, or have been lately"
  },
  {
    file: "src/layers/middleware/limiter.ts",
    bug: "lets any number wait",
    find: "const mayWait = waiting < room",
    replace: "const mayWait = room > 0",
    test: middlewareLimits,
    title: "lets so many wait, refuses what comes then, and has room again when one has its turn or gives up"
  },
  {
    file: "src/layers/middleware/limiter.ts",
    bug: "has no room for another when one has had its turn",
    find: "Effect.sync(() => waiting--)",
    replace: "Effect.void",
    test: middlewareLimits,
    title: "lets so many wait, refuses what comes then, and has room again when one has its turn or gives up"
  },
  {
    file: "src/layers/Middleware.ts",
    bug: "has one limit for all executors",
    find: "return layerOf(Effect.sync(() => limiter(new Windows(limit, milliseconds), key, room)))",
    replace: "return layerOf(Effect.succeed(limiter(new Windows(limit, milliseconds), key, room)))",
    test: middlewareShared,
    title: "a limit have one each"
  },
  {
    file: "src/layers/Middleware.ts",
    bug: "lets a logger fail what is done",
    find: "return Effect.ignoreCause(line)",
    replace: "return line",
    test: middlewareLimits,
    title: "by a logger that throws changes nothing of the operation"
  },
  {
    file: "src/layers/Middleware.ts",
    bug: "warns of callers that stop waiting",
    find: "if (Cause.hasInterruptsOnly(exit.cause))",
    replace: "if (name === String(exit.cause))",
    test: middlewareLimits,
    title: "takes a caller that stops waiting for no fault"
  },
  {
    file: "src/layers/Middleware.ts",
    bug: "gives a second executor the services of the first",
    find: "Layer.fresh(layer as Layer.Layer<any, any, any>)",
    replace: "layer as Layer.Layer<any, any, any>",
    test: middlewareShared,
    title: "what says who may do what are two"
  },
  {
    file: "src/layers/middleware/layerOf.ts",
    bug: "leaves open what an operation has opened",
    find: "Effect.scoped(Effect.suspend(() => call(operation, next)))",
    replace: "Effect.suspend(() => call(operation, next))",
    test: lasting,
    title: "around an operation is closed with it"
  },
  {
    file: "src/layers/Middleware.ts",
    bug: "leaves open what an attempt has opened",
    find: "Effect.scoped(call(attempt, next))",
    replace: "call(attempt, next)",
    test: lasting,
    title: "around an attempt is closed with it"
  },
  {
    file: "src/layers/Middleware.ts",
    bug: "gives middleware of activities the services of the executor",
    find: "Context.merge(caller, own)",
    replace: "Context.merge(own, caller)",
    test: lasting,
    title: "is that of its own layer, also where the executor was given another"
  },
  {
    file: "src/layers/Hooks.ts",
    bug: "puts the spans of hooks into no trace",
    find: "lines.within(milliseconds, under(trace, called))",
    replace: "lines.within(milliseconds, called)",
    test: lasting,
    title: "of hooks are in the trace of the execution, and else in one of their own"
  },
  {
    file: "src/layers/Retention.ts",
    bug: "hangs all that retention does on the start of the app",
    find: "goingOn(Effect.forever(work))",
    replace: "Effect.forever(work)",
    test: lasting,
    title: "of what retention and gauges read are in none that was there before"
  },
  {
    file: "src/layers/Metrics.ts",
    bug: "hangs all that gauges read on the start of the app",
    find: ".pipe(goingOn)",
    replace: "",
    test: lasting,
    title: "of what retention and gauges read are in none that was there before"
  },
  {
    file: "src/layers/Middleware.ts",
    bug: "takes any answer for a yes",
    find: "answer === undefined ? next : Effect.die(new TypeError(answered(answer)))",
    replace: "answer === undefined ? next : next",
    test: middleware,
    title: "takes no answer for a yes, where no compiler has looked"
  },
  {
    file: "src/layers/Middleware.ts",
    bug: "puts the first middleware of a list inside",
    find: "middleware.reduceRight<Layer.Layer<any, any, any>>(",
    replace: "middleware.reduce<Layer.Layer<any, any, any>>(",
    test: middleware,
    title: "the first of a list is the outermost"
  },
  {
    file: "src/layers/Middleware.ts",
    bug: "does not look at the message of a start",
    find: "return message === undefined ? [own] : [own, inputOf(message)]",
    replace: "return [own]",
    test: middleware,
    title: "refuses JSON that does not fit, before anything is recorded"
  },
  {
    file: "src/layers/middleware/Operation.ts",
    bug: "lets a deletion slip past middleware",
    find: 'call({ _tag: "Delete", ref: refOf(ref), before: options?.before }, executions.delete(ref, options))',
    replace: "executions.delete(ref, options)",
    test: middleware,
    title: "lets no operation slip past"
  },
  {
    file: "src/layers/middleware/layerOf.ts",
    bug: "takes the user of the layer for that of the call",
    find: "Context.merge(Context.merge(own, caller), inner)",
    replace: "Context.merge(Context.merge(caller, own), inner)",
    test: middleware,
    title: "goes by the user of the call, and may look at the execution without asking itself"
  },
  {
    file: "src/layers/providers/registry.ts",
    bug: "keeps the store of an executor from the app",
    find: "Layer.provideMerge(executor(options),",
    replace: "Layer.provide(executor(options),",
    test: configuredApps,
    title: "is the only one: of the code"
  },
  {
    file: "src/layers/providers/registry.ts",
    bug: "opens a second store beside the one that is chosen alone",
    find: "defaults.store === undefined ? storeConfig :",
    replace: "",
    test: configuredApps,
    title: "is the only one: beside the one that is chosen alone, which is taken"
  },
  {
    file: "src/layers/providers/registry.ts",
    bug: "gives one store the defaults of another",
    find: "name === fallback ? defaults : {}",
    replace: "defaults",
    test: providers,
    title: "goes before the defaults of the code, option by option, and defaults of another store mean nothing"
  },
  {
    file: "src/layers/providers/registry.ts",
    bug: "shows what stands in place of a name",
    find: 'isName(name) ? name : ""',
    replace: "String(name)",
    test: providers,
    title: "that stands in place of a name is told where it belongs"
  },
  {
    file: "src/layers/providers/reading.ts",
    bug: "has the code go before the configuration",
    find: "if (Option.isSome(found)) options[option] = found.value",
    replace: "if (Option.isSome(found)) options[option] ??= found.value",
    test: providers,
    title: "goes before the defaults of the code, option by option, and defaults of another store mean nothing"
  },
  {
    file: "src/layers/providers/reading.ts",
    bug: "does without an option that is required",
    find: "else if (!isOptional &&",
    replace: "else if (isOptional &&",
    test: providers,
    title: "without an address says so, and where it belongs"
  },
  {
    file: "src/layers/providers/misspelt.ts",
    bug: "warns of what another provider reads",
    find: "const spellings = providers.flatMap(spellingsOf)",
    replace: "const spellings = providers.slice(0, 1).flatMap(spellingsOf)",
    test: misspelt,
    title: "is one that no provider reads, and that has a value"
  },
  {
    file: "src/layers/providers/misspelt.ts",
    bug: "warns of the names of other programs",
    find: "near.distance <= slip ? near.kind : undefined",
    replace: "near.kind",
    test: misspelt,
    title: "is one that no provider reads, and that has a value"
  },
  {
    file: "src/layers/providers/misspelt.ts",
    bug: "knows no option whose variable is called otherwise",
    find: "variableOf({ ...provider, variables: {} }, option)",
    replace: "variable",
    test: misspelt,
    title: "is told with the one that was meant: PERDURE_STORE_FILENAME"
  },
  {
    file: "src/layers/providers/loading.ts",
    bug: "takes a package of a like name for the one that is missing",
    find: "`Cannot find package '${name}'`",
    replace: "`Cannot find package '${name}`",
    test: "test/processes/providers.test.ts",
    title: "is told from a package that is broken, or lacks one of its own, or has a like name"
  },
  {
    file: "src/layers/providers/builtIn.ts",
    bug: "loads SQLite before it is chosen",
    find: "export const memory:",
    replace: 'await import("../../Store/Sqlite.ts")\n\nexport const memory:',
    test: "test/processes/providers.test.ts",
    title: "for memory is memory, and nothing of another store or executor"
  },
  {
    file: "src/layers/providers/settings.ts",
    bug: "leaves what is wrong with a value to Effect",
    find: "Config.orElse(config, () =>",
    replace: "Config.orElse(config, () => 0 < 1 ? config :",
    test: providers,
    title: 'names PERDURE_STORE_BUSY_TIMEOUT when it is "5"'
  },
  {
    file: "src/layers/providers/builtIn.ts",
    bug: "keeps copies without limit",
    find: "bucket: optional(text),\n    replicas: optional(count({ unlimited: false }))",
    replace: "bucket: optional(text),\n    replicas: optional(count())",
    test: providers,
    title: 'names PERDURE_STORE_REPLICAS when it is "Infinity"'
  },
  {
    file: "src/layers/providers/builtIn.ts",
    bug: "makes a file of an address",
    find: "filename: path",
    replace: "filename: text",
    test: providers,
    title: 'names PERDURE_STORE_URL when it is "nats://localhost:4222"'
  },
  {
    file: "src/layers/providers/loading.ts",
    bug: "takes anything for a Layer",
    find: "if (Layer.isLayer(made))",
    replace: "if (0 < 1)",
    test: providers,
    title: "whose module is broken is a defect, with what is wrong"
  },
  {
    file: "src/layers/providers/checking.ts",
    bug: "takes a name that is taken",
    find: "taken(kind).includes(name)",
    replace: "taken(kind).includes(kind)",
    test: providers,
    title: 'is refused: there is a store "sqlite" already; give this one another name'
  },
  {
    file: "src/layers/retention/pass.ts",
    bug: "lets the store look at all that is there",
    find: "startedBefore: before, ",
    replace: "",
    test: retention,
    title: "where little of what a store looks at is due"
  },
  {
    file: "src/layers/retention/pass.ts",
    bug: "counts only what it finds",
    find: "Option.isSome(page.next) ? limit :",
    replace: "",
    test: retention,
    title: "where little of what a store looks at is due"
  },
  {
    file: "src/layers/retention/pass.ts",
    bug: "lets a later rule remove what an earlier one keeps",
    find: "rules.find((other) => fits(other, summary)) !== rule ||",
    replace: "rules.every((other) => other !== rule) ||",
    test: retention,
    title: "removes what ended long ago"
  },
  {
    file: "src/layers/retention/pass.ts",
    bug: "looks at all without a pause",
    find: "if (debt >= 1) yield* Effect.sleep(debt)",
    replace: "if (debt < 0) yield* Effect.sleep(debt)",
    test: retention,
    title: "removes so many a second"
  },
  {
    file: "src/layers/retention/pass.ts",
    bug: "removes what is not imported wholly",
    find: "format > formatVersion",
    replace: "format < 0",
    test: retention,
    title: "leaves alone what is not imported"
  },
  {
    file: "src/layers/retention/pass.ts",
    bug: "goes on although another process is to",
    find: "!isFirst && !(yield* isMine)",
    replace: "isFirst && !(yield* isMine)",
    test: retention,
    title: "stops where another process"
  },
  {
    file: "src/layers/retention/pass.ts",
    bug: "never tries again to remove runs",
    find: "else runs.forget(workflowId)",
    replace: "else runs.forget(workflowId.slice(1) as typeof workflowId)",
    test: retention,
    title: "tries again what could not be removed"
  },
  {
    file: "src/layers/retention/Shift.ts",
    bug: "says for each page that it lives",
    find: "isMine ? now + asksEvery : 0",
    replace: "0",
    test: retention,
    title: "says once a second that it lives"
  },
  {
    file: "src/layers/retention/Shift.ts",
    bug: "lets every process remove",
    find: "!other.id.startsWith(kind) || other.id >= id",
    replace: '!other.id.startsWith(kind) || other.id !== ""',
    test: retention,
    title: "is done by one process"
  },
  {
    file: "src/layers/retention/Runs.ts",
    bug: "remembers all that it has read",
    find: "if (this.known.size <= rememberedAtMost) return",
    replace: "return",
    test: retention,
    title: "remembers the histories of 10,000 executions"
  },
  {
    file: "src/layers/retention/Runs.ts",
    bug: "forgets what it has read of an execution",
    find: "if (known?.firstVersion === firstVersion && known.ended >= time) return Effect.undefined",
    replace: "if (known?.firstVersion === 0) return Effect.undefined",
    test: retention,
    title: "reads a history with earlier runs once"
  },
  {
    file: "src/layers/retention/Runs.ts",
    bug: "removes runs that have ended just now",
    find: "index === current || ended >= time",
    replace: "index === current || ended < 0",
    test: retention,
    title: "removes runs that ended long ago"
  },
  {
    file: "src/layers/transfer/importing.ts",
    bug: "lets workers take an execution that is not whole",
    find: "format: unfinishedImport",
    replace: "format: 1",
    test: transfer,
    title: "stored in part"
  },
  {
    file: "src/layers/transfer/importing.ts",
    bug: "begins again with what is there",
    find: "from: Math.min(commits.length, offset + there.length)",
    replace: "from: 0",
    test: transfer,
    title: "cut off anywhere"
  },
  {
    file: "src/layers/transfer/importing.ts",
    bug: "forgets what removed runs had seen",
    find: "(deletion?.seen[chain] ?? 0) >= number",
    replace: "number > 0 || chain === deletion?.version.toString()",
    test: transfer,
    title: "messages are not taken twice"
  },
  {
    file: "src/layers/transfer/importing.ts",
    bug: "stores another execution over one of the same id",
    find: "if (offset < 0) return",
    replace: "if (offset < -1) return",
    test: transfer,
    title: "refused by its name"
  },
  {
    file: "src/layers/transfer/importing.ts",
    bug: "keeps the details of calls for the end",
    find: "if (index === commits.length - 1) yield* patient",
    replace: "if (index === commits.length) yield* patient",
    test: transfer,
    title: "dies at any operation"
  },
  {
    file: "src/layers/transfer/importing.ts",
    bug: "takes what a cut has left for another execution",
    find: "|| first.id === placeholderOf(block)",
    replace: "",
    test: transfer,
    title: "dies at any operation"
  },
  {
    file: "src/layers/transfer/importing.ts",
    bug: "does not look again when another import was faster",
    find: "times: looksAtMost",
    replace: "times: 0",
    test: transfer,
    title: "two imports at once"
  },
  {
    file: "src/layers/transfer/importing.ts",
    bug: "looks for messages at versions of another store",
    find: "event.address !== undefined) {",
    replace: "event.address === undefined) {",
    test: transfer,
    title: "addressed to all that a receiver has"
  },
  {
    file: "src/layers/transfer/importing.ts",
    bug: "delivers what a run owes by versions of another store",
    find: "owed: owed.map((each) => ({ ...each, address: { ...each.address, ...anywhere } })),",
    replace: "owed,",
    test: transfer,
    title: "what a run owes when it continues as new"
  },
  {
    file: "src/layers/transfer/importing.ts",
    bug: "looks for children by versions of another store",
    find: "children: children.map((each) => ({ ...each, address: { ...each.address, ...anywhere } }))",
    replace: "children",
    test: transfer,
    title: "what a run owes when it continues as new"
  },
  {
    file: "src/layers/transfer/importing.ts",
    bug: "leaves the owner of an execution that is not whole",
    find: "owed: _, owner: __, wakeAt: ___, ...summary",
    replace: "owed: _, wakeAt: ___, ...summary",
    test: transfer,
    title: "stored in part"
  },
  {
    file: "src/layers/transfer/Blocks.ts",
    bug: "takes lines that were changed",
    find: "if (begun.digest !== digest)",
    replace: "if (begun.digest === -1)",
    test: transfer,
    title: "a line that is not what it was"
  },
  {
    file: "src/layers/transfer/Blocks.ts",
    bug: "takes an export without its end",
    find: 'this.state === "ended" ?',
    replace: 'this.state !== "before" ?',
    test: transfer,
    title: "cut off anywhere"
  },
  {
    file: "src/layers/transfer/atRest.ts",
    bug: "moves what workers run",
    find: "workers.length === 0 || whileRunning",
    replace: "workers.length >= 0 || whileRunning",
    test: transfer,
    title: "not exported, unless"
  },
  {
    file: "src/layers/transfer/exporting.ts",
    bug: "does not notice a worker that comes during an export",
    find: "Effect.map(still, () =>",
    replace: "Effect.sync(() =>",
    test: transfer,
    title: "comes while executions are moved"
  },
  {
    file: "src/layers/Transfer.ts",
    bug: "imports into a store whose workers take what has come",
    find: 'atRest(store, "import", options.whileRunning)',
    replace: 'atRest(store, "import", true)',
    test: transfer,
    title: "nothing is imported while workers run"
  },
  {
    file: "src/layers/Transfer.ts",
    bug: "does not notice a worker that comes during an import",
    find: "    yield* still",
    replace: "",
    test: transfer,
    title: "comes while executions are moved"
  },
  {
    file: "src/layers/transfer/exporting.ts",
    bug: "leaves the details of calls behind",
    find: "if (Option.isSome(found)) details.push",
    replace: "if (Option.isNone(found)) details.push",
    test: transfer,
    title: "on memory"
  },
  {
    file: "src/layers/verify/faults.ts",
    bug: "does not compare the summary with the history",
    find: "free.has(name) || Equal.equals",
    replace: 'free.has(name) || name !== "" || Equal.equals',
    test: verify,
    title: "says what is wrong"
  },
  {
    file: "src/layers/verify/faults.ts",
    bug: "does not see that a worker would look too late",
    find: "summary.wakeAt !== undefined && summary.wakeAt <= wake",
    replace: "summary.wakeAt !== wake || summary.wakeAt === wake",
    test: verify,
    title: "look too late"
  },
  {
    file: "src/layers/Verify.ts",
    bug: "says what was so at the last look alone",
    find: "suspected === undefined ? lost : suspected.filter((each) => lost.includes(each))",
    replace: "lost",
    test: verify,
    title: "what was so at each look"
  },
  {
    file: "src/layers/Verify.ts",
    bug: "says what was so at the first look",
    find: "suspected === undefined ? lost : suspected.filter((each) => lost.includes(each))",
    replace: "suspected ?? lost",
    test: verify,
    title: "what was so at each look"
  },
  {
    file: "src/layers/Verify.ts",
    bug: "does not look at children",
    find: "const lost = yield* inChildren(store, found)",
    replace: "const lost: ReadonlyArray<string> = []",
    test: verify,
    title: "never tell of its end"
  },
  {
    file: "src/layers/providers/addresses.ts",
    bug: "asks for a host that is the half of a token",
    find: "before?.credentials === undefined ||",
    replace: "",
    test: "test/layers/secretAddresses.test.ts",
    title: "is cut at a comma of its own in no reading: nats://hush,nats://x@127.0.0.1:1"
  },
  {
    file: "src/layers/providers/addresses.ts",
    bug: "takes the end of a password for another user",
    find: "(scheme === undefined && credentials !== before.credentials)",
    replace: "false",
    test: "test/layers/secretAddresses.test.ts",
    title: "is cut at a comma of its own in no reading: nats://ada:a@hush,b@127.0.0.1:1"
  },
  {
    file: "src/layers/providers/addresses.ts",
    bug: "splits a password at its comma, and shows the half of it",
    find: "isAddress.test(address)",
    replace: "/^\\S+$/.test(address)",
    test: providers,
    title: 'names PERDURE_STORE_URL when it is "a:http"'
  },
  {
    file: "src/layers/telemetry/observer.ts",
    bug: "begins an execution at its end",
    find: "at: startedAt, attributes",
    replace: "at: event.at, attributes",
    test: tracing,
    title: "hangs all of an execution on the span of its start, with its true length"
  },
  {
    file: "src/layers/telemetry/observer.ts",
    bug: "forgets the caller of an update",
    find: "parent: caller ?? of",
    replace: "parent: of",
    test: tracing,
    title: "hangs all of an execution on the span of its start, with its true length"
  },
  {
    file: "src/layers/telemetry/observer.ts",
    bug: "keeps spans of handlers out of their attempt",
    find: "Effect.provideService(next, Tracer.ParentSpan, span)",
    replace: "next",
    test: tracing,
    title: "hangs all of an execution on the span of its start, with its true length"
  },
  {
    file: "src/layers/telemetry/observer.ts",
    bug: "says of each attempt that it is the first",
    find: '"workflow.activity.attempt": number',
    replace: '"workflow.activity.attempt": 1',
    test: tracing,
    title: "makes a span of all that happens, with the attributes of the table"
  },
  {
    file: "src/layers/telemetry/Spans.ts",
    bug: "makes spans of what is not sampled",
    find: "sampled: parent.sampled && isWanted",
    replace: "sampled: isWanted",
    test: tracing,
    title: "goes by what the caller decides: what is not sampled is not sampled in any process"
  },
  {
    file: "src/layers/telemetry/Spans.ts",
    bug: "derives a trace of each run",
    find: "of.root?.chain ?? of.chain",
    replace: "of.chain",
    test: tracing,
    title: "finds a trace of its own for what was started without a span, with children and next runs"
  },
  {
    file: "src/layers/telemetry/Spans.ts",
    bug: "hides why something failed",
    find: 'if (error !== undefined) span.attribute("error.type", error)',
    replace: "",
    test: tracing,
    title: "makes a span of all that happens, with the attributes of the table"
  },
  {
    file: "src/layers/telemetry/callers.ts",
    bug: "records no span with a signal",
    find: "executor.send(ref, withTrace(message, trace))",
    replace: "executor.send(ref, message)",
    test: tracing,
    title: "makes none twice over a restart, and all in one trace"
  },
  {
    file: "src/layers/telemetry/callers.ts",
    bug: "records no span with a message that comes with a start",
    find: "withTrace(message, trace) }, trace",
    replace: "message }, trace",
    test: tracing,
    title: "keeps to the span of a gateway that tells it"
  },
  {
    file: "src/layers/telemetry/callers.ts",
    bug: "does not hear of the span of a gateway",
    find: "const { trace, workflow, workflowId } = operation.request",
    replace: "const { workflow, workflowId } = operation.request\n      const trace = undefined",
    test: tracing,
    title: "keeps to the span of a gateway that tells it"
  },
  {
    file: "src/layers/Tracing.ts",
    bug: "makes spans where they are turned off",
    find: "const isOn = Context.get(context, References.TracerEnabled)",
    replace: "const isOn = Context.get(context, References.TracerEnabled) || true",
    test: tracing,
    title: "does nothing where spans are turned off"
  },
  {
    file: "src/layers/telemetry/counting.ts",
    bug: "counts next runs as starts",
    find: "&& event.continues === undefined",
    replace: "",
    test: metrics,
    title: "counts a chain once, and each child"
  },
  {
    file: "src/layers/telemetry/counting.ts",
    bug: "times from the start of the program",
    find: "Number(clock.monotonicTimeNanosUnsafe() - begun) / 1e9",
    replace: "Number(clock.monotonicTimeNanosUnsafe()) / 1e9",
    test: metrics,
    title: "counts what happens once, over a restart with its replay"
  },
  {
    file: "src/layers/telemetry/timedStore.ts",
    bug: "takes a failure for a success",
    find: "error === undefined ? [operation] : [operation, error]",
    replace: "[operation]",
    test: metrics,
    title: "times each operation, and says why it failed"
  },
  {
    file: "src/layers/telemetry/gauges.ts",
    bug: "takes a worker that is gone for an owner",
    find: "owner === undefined || !this.living.has(owner)",
    replace: "owner === undefined",
    test: metrics,
    title: "show what is not finished, with one query a period, and go back to nothing"
  },
  {
    file: "src/layers/telemetry/gauges.ts",
    bug: "takes what is blocked for what no worker has",
    find: 'status === "running" && (owner',
    replace: 'status !== "failed" && (owner',
    test: metrics,
    title: "tell what is due from what is left to sleep, and from what is blocked"
  },
  {
    file: "src/layers/telemetry/gauges.ts",
    bug: "has a timer overdue at once",
    find: "waiting.until < this.now - grace",
    replace: "waiting.until < this.now",
    test: metrics,
    title: "tell what is due from what is left to sleep, and from what is blocked"
  },
  {
    file: "src/layers/telemetry/gauges.ts",
    bug: "takes the time of a start for that when a worker must look",
    find: "if (wakeAt <= now) return wakeAt",
    replace: "if (wakeAt <= now) return startedAt",
    test: metrics,
    title: "tell what is due from what is left to sleep, and from what is blocked"
  },
  {
    file: "src/layers/telemetry/gauges.ts",
    bug: "forgets what a worker left under way",
    find: "return hasWork(summary, now) ? updatedAt : wakeAt",
    replace: "return wakeAt",
    test: metrics,
    title: "tell what is due from what is left to sleep, and from what is blocked"
  },
  {
    file: "src/layers/telemetry/gauges.ts",
    bug: "leaves a gauge where it was",
    find: "if (!all.has(key)) this.series.update(...series, 0)",
    replace: "if (!all.has(key)) continue",
    test: metrics,
    title: "show what is not finished, with one query a period, and go back to nothing"
  },
  {
    file: "src/layers/telemetry/gauges.ts",
    bug: "reads a page for each execution",
    find: "Math.min(page, this.atMost - seen)",
    replace: "Math.min(1, this.atMost - seen)",
    test: metrics,
    title: "show what is not finished, with one query a period, and go back to nothing"
  },
  {
    file: "src/layers/telemetry/gauges.ts",
    bug: "says that it has counted all",
    find: "Math.max(0, all - seen)",
    replace: "0",
    test: metrics,
    title: "say how many executions they are not of"
  },
  {
    file: "src/layers/Metrics.ts",
    bug: "ends the gauges when the store is away once",
    find: 'Effect.logWarning("the gauges of the store keep their values, since it could not be read", cause)',
    replace:
      'Effect.andThen(Effect.logWarning("the gauges of the store keep their values, since it could not be read", cause), Effect.interrupt)',
    test: metrics,
    title: "stay as they are while the store cannot be read, which is logged"
  },
  {
    file: "src/layers/telemetry/series.ts",
    bug: "has a label of which its page does not tell",
    find: 'labels: [workflow, "workflow.status"],\n    description: "Executions that have ended, by how"',
    replace: 'labels: [workflow, "status"],\n    description: "Executions that have ended, by how"',
    test: metrics,
    title: "is that of the documentation"
  },
  {
    file: "src/layers/codec/cut.ts",
    bug: "leaves the result of an activity readable",
    find: "  ActivityResolved: { exit: tagged },",
    replace: "  ActivityResolved: { exit: readable },",
    test: payloadSecrets,
    title: "are hidden in memory, and read through the codec"
  },
  {
    file: "src/layers/codec/cut.ts",
    bug: "leaves a digest readable",
    find: "    digest: hidden,",
    replace: "    digest: readable,",
    test: payloadSecrets,
    title: "are hidden in memory, and read through the codec"
  },
  {
    file: "src/layers/codec/cut.ts",
    bug: "leaves what blocks an execution readable in its summary",
    find: "  Blocked: hidden,",
    replace: "  Blocked: readable,",
    test: payloadSecrets,
    title: "are hidden in memory, and read through the codec"
  },
  {
    file: "src/layers/codec/cut.ts",
    bug: "leaves secret attributes readable",
    find: ".filter(([name]) => !secrets.has(name))",
    replace: '.filter(([name]) => name !== "" || secrets.size < 0)',
    test: payloadSecrets,
    title: "are hidden in memory, and read through the codec"
  },
  {
    file: "src/layers/codec/envelope.ts",
    bug: "takes any text for the base64 that was written",
    find: 'if (bytes.toString("base64") !== text)',
    replace: "if (bytes.length === 0)",
    test: payloadEnvelope,
    title: "and nothing for any other bit"
  },
  {
    file: "src/layers/codec/envelope.ts",
    bug: "does not bind a payload to its place",
    find: "Buffer.from(`${head}${place}`)",
    replace: "Buffer.from(`${head}${place.slice(0, 0)}`)",
    test: payloadEnvelope,
    title: "and nothing for any other bit"
  },
  {
    file: "src/layers/codec/envelope.ts",
    bug: "compresses what becomes longer by it",
    find: "short.length < long.length",
    replace: "short.length > 0",
    test: payloadEnvelope,
    title: "is compressed where that makes it shorter, and only there"
  },
  {
    file: "src/layers/codec/Sealing.ts",
    bug: "loses what a codec over this one has encrypted",
    find: "if (outer !== undefined) hidden[0]",
    replace: 'if (outer === "") hidden[0]',
    test: payloadCodec,
    title: "is read with a codec over another one"
  },
  {
    file: "src/layers/transfer/exporting.ts",
    bug: "exports what is encrypted, which no store imports",
    find: "whySealed(found.summary) ?? found",
    replace: "whySealed({ ...found.summary, format: 1 }) ?? found",
    test: payloadCodec,
    title: "with the codec tells a process without it so"
  },
  {
    file: "src/layers/codec/Sealing.ts",
    bug: "takes what is not encrypted",
    find: "readPlain ? Result.succeed(stored)",
    replace: "readPlain || true ? Result.succeed(stored)",
    test: payloadCodec,
    title: "without the codec is read by it when that is allowed"
  },
  {
    file: "src/layers/codec/Sealing.ts",
    bug: "binds a summary to no version",
    find: '`${placeOfRun("summary", workflowId, runId)} ${version}`',
    replace: "`summary ${version}`",
    test: payloadEnvelope,
    title: "gives no summary that was changed or moved"
  },
  {
    file: "src/Executor/default/announce.ts",
    bug: "lets callers wait for a key that no worker has",
    find: 'if (error.reason._tag === "Undecryptable")',
    replace: 'if (error.reason._tag === "Corrupt")',
    test: "test/layers/otherKeys.test.ts",
    title: "a caller beside a worker that lacks a key of the history is told which"
  },
  {
    file: "src/Executor/default/places.ts",
    bug: "gives a sender up, with what it has computed, for a key that is missing",
    find: "|| (isLacking(error) && waits())",
    replace: "|| (isLacking(error) && !waits())",
    test: "test/layers/otherKeys.test.ts",
    title: "computes nothing twice, and says which key"
  },
  {
    file: "src/internal/patient.ts",
    bug: "answers a program with the key that its worker lacks",
    find: '_tag === "Undecryptable"',
    replace: '_tag === "NotFound"',
    test: "test/layers/otherKeys.test.ts",
    title: "is answered once a worker can"
  },
  {
    file: "src/layers/codec/store.ts",
    bug: "decrypts a history without a pause",
    find: "const sliceCommits = 1024",
    replace: "const sliceCommits = 1_024_000",
    test: payloadCodec,
    title: "decrypts a long history without keeping the process"
  },
  {
    file: "src/layers/codec/store.ts",
    bug: "looks for secret attributes in vain",
    find: "if (secret === undefined) return ask()",
    replace: 'if (secret !== "") return ask()',
    test: payloadCodec,
    title: "refuses to look for secret ones"
  }
]
