/**
 * Who may import whom. Imports go inward: vocabulary <- core <- replay <- ports <- definitions, stores, executors <- wiring.
 * A store or executor is one module with its parts in a folder beside it, and sees no other. What is imported on demand counts too.
 */
import { posix } from "node:path"
import { type Finding, imports, type Rule } from "./Source.ts"

const vocabulary = [
  "ActivityContext",
  "ActivityError",
  "HistoryEvent",
  "Ids",
  "Message",
  "EndErrorReason",
  "QueryErrorReason",
  "RecordedFailure",
  "RecordedValue",
  "RefusalReason",
  "UpdateErrorReason",
  "Waiting",
  "WorkflowContext",
  "WorkflowError",
  "WorkflowErrorReason",
  "WorkflowState",
  "internal/taggedError"
]

const inner = ["vocabulary", "core", "replay", "ports"]

/** What executor and store of one server share: only they may import it. */
const shared = "internal/temporal"

/**
 * What may be imported all the same, and why.
 *
 * `DefaultExecutor.layerMemory` is wiring, and stands where a user looks for it: executor and store in one, for tests. The memory
 * store needs no package and no server. The parts of the executor see no store, so that one which is loaded on demand brings none.
 */
const exceptions: ReadonlyArray<readonly [from: string, to: string]> = [
  ["src/Executor/Default.ts", "src/Store/Memory.ts"]
]

/** The first that matches is the part that a file belongs to. */
const parts: ReadonlyArray<readonly [part: string, files: RegExp]> = [
  ["vocabulary", new RegExp(`^src/(${vocabulary.join("|")})\\.ts$`)],
  ["core", /^src\/internal\/core\//],
  ["replay", /^src\/internal\/replay\//],
  [shared, /^src\/internal\/temporal\//],
  ["Executor/temporal", /^src\/Executor\/TemporalWorker\.ts$/],
  [
    "ports",
    /^src\/(Store\/(WorkflowStore|StoredExecution|StoreError|Transactions|Workers)|Executor\/(DurableExecutor|Executions|Observers|WorkflowRegistry)|internal\/(store\/)?\w+)\.ts$/
  ],
  ["wiring", /^src\/((index|ai|testing|lint)\.ts$|(ai|layers|testing|lint)\/)/],
  ["definitions", /^src\/\w+\.ts$/]
]

/** The part that a file belongs to: `core`, `definitions`, `Store/sqlite`, … */
export const partOf = (path: string): string => {
  const listed = parts.find(([, files]) => files.test(path))
  if (listed !== undefined) return listed[0]
  const [, port, name] = /^src\/(Store|Executor)\/(\w+)/.exec(path) ?? []
  return port === undefined ? path : `${port}/${name?.toLowerCase()}`
}

const mayImport = (from: string, to: string): boolean => {
  if (from === to || from === "wiring") return true
  if (to === shared) return from === "Executor/temporal" || from === "Store/temporal"
  const level = inner.indexOf(from)
  return level === -1 ? inner.includes(to) : inner.slice(0, level).includes(to)
}

/** Packages and modules of Node that only some parts may import. */
const clients: ReadonlyArray<readonly [specifier: RegExp, parts: RegExp]> = [
  [/^@nats-io\//, /^Store\/nats$/],
  [/^(kafkajs|@platformatic\/kafka)$/, /^Store\/kafka$/],
  [/^@effect\/sql-pg\//, /^Store\/postgres$/],
  [/^effect\/sql\//, /^Store\/(postgres|sqlite)$/],
  [/^@temporalio\//, /^(Store|Executor|internal)\/temporal$/],
  [/^node:sqlite$/, /^Store\/sqlite$/],
  // The linter reads the files of the project that it lints.
  [/^node:(fs|path)$/, /^(wiring|Store\/.*|Executor\/temporal)$/],
  // What payloads are encrypted and compressed with.
  [/^node:(crypto|zlib)$/, /^(wiring|Store\/.*|Executor\/temporal)$/],
  [/^node:net$/, /^(Store\/.*|internal\/temporal)$/],
  [/^node:/, /^(Store\/.*|Executor\/temporal)$/]
]

/** What is bundled for Temporal's sandbox, which has no module of Node.js and no client. */
const sandbox = /^src\/Executor\/temporal\/sandbox\//

/** What the core may use of Effect: data, no effects. */
const data = /^effect\/(Array|Equal|Function|Hash|Option|Order|Predicate|Record|Result|Schema|Struct)$/

const internal: Rule = {
  name: "imports go inward",
  check: (source) =>
    imports(source).flatMap(({ at, specifier }) => {
      if (!specifier.startsWith(".")) return []
      const target = posix.join(posix.dirname(source.path), specifier)
      const [from, to] = [partOf(source.path), partOf(target)]
      if (mayImport(from, to)) return []
      if (exceptions.some(([path, other]) => path === source.path && other === target)) return []
      return [{ at, message: `${from} imports ${to}: imports go inward, see test/tidy/architecture.ts` }]
    })
}

const external: Rule = {
  name: "a client library stays in its store or executor",
  check: (source) =>
    imports(source).flatMap(({ at, isType, specifier }): ReadonlyArray<Finding> => {
      const part = partOf(source.path)
      if (specifier.startsWith(".")) return []
      if (specifier === "effect") {
        return [{ at, message: `imports the barrel: write import * as Effect from "effect/Effect"` }]
      }
      if (specifier.startsWith("effect/") && !specifier.startsWith("effect/sql/")) {
        if (part !== "core" || isType || data.test(specifier)) return []
        return [
          { at, message: `the core imports ${specifier}: it is pure, so return a Result and leave effects outside` }
        ]
      }
      // Handlers are given a client by the store, of which others know the types alone.
      if (isType && /^effect\/sql\/Sql(Client|Error)$/.test(specifier)) return []
      const client = clients.find(([pattern]) => pattern.test(specifier))
      if (client?.[1].test(part) === true) return []
      return [
        { at, message: `${part} imports ${specifier}: keep a client library in the store or executor that needs it` }
      ]
    })
}

const bundledRule: Rule = {
  name: "the sandbox has neither Node.js nor clients",
  check: (source) =>
    sandbox.test(source.path)
      ? imports(source).flatMap(({ at, specifier }) =>
          /^node:|^@temporalio\/(client|worker|activity)/.test(specifier)
            ? [{ at, message: `the sandbox imports ${specifier}: it runs where that is not` }]
            : []
        )
      : []
}

/** The rules of this file. */
export const architecture: ReadonlyArray<Rule> = [internal, external, bundledRule]
