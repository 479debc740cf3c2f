/** The store of the demo: a SQLite file, or a PostgreSQL. */
import { join } from "node:path"
import { parseArgs } from "node:util"
import { Effect, FileSystem, Schema } from "effect"
import { ChildProcess } from "effect/process"
import { ChildProcessSpawner } from "effect/process/ChildProcessSpawner"

/** A store, and how processes are told of it. */
export interface Chosen {
  readonly name: string
  readonly env: Record<string, string>
}

class NoStore extends Schema.TaggedError<NoStore>()("NoStore", { detail: Schema.String }) {
  override get message() {
    return this.detail
  }
}

/** Chooses the store that the command names. What it starts ends with the scope. */
export const choose = Effect.fn("choose")(function* (folder: string) {
  const { values } = parseArgs({ options: { store: { type: "string", default: "sqlite" }, url: { type: "string" } } })
  switch (values.store) {
    case "sqlite":
      return {
        name: "one SQLite file",
        env: { PERDURE_STORE: "sqlite", PERDURE_STORE_URL: join(folder, "orders.db") }
      } satisfies Chosen
    case "postgres": {
      const url = values.url ?? (yield* startPostgres(folder))
      // The orders of another run are none of this one.
      const schema = `demo_${process.pid}_${Math.trunc(performance.timeOrigin)}`
      return {
        name: "one PostgreSQL",
        env: { PERDURE_STORE: "postgres", PERDURE_STORE_URL: url, PERDURE_STORE_SCHEMA: schema }
      } satisfies Chosen
    }
    default:
      return yield* new NoStore({ detail: `the demo runs on sqlite or postgres, and not on ${values.store}` })
  }
})

// internal

const servers = join(import.meta.dirname, "../../servers")

const startPostgres = Effect.fn("startPostgres")(function* (folder: string) {
  const files = yield* FileSystem.FileSystem
  const spawner = yield* ChildProcessSpawner
  // PostgreSQL runs as another user where this is root.
  yield* files.chmod(folder, 0o755)
  const env = { PERDURE_RUN: join(folder, "run"), POSTGRES_PORT: "0" }
  const bash = (script: string, ...words: ReadonlyArray<string>) =>
    ChildProcess.make("bash", [join(servers, script), ...words], { env, extendEnv: true, stderr: "ignore" })
  if ((yield* spawner.exitCode(bash("install.sh", "postgres"))) !== 0) {
    return yield* new NoStore({ detail: "there is no PostgreSQL here; name one with --url postgres://…" })
  }
  yield* Effect.addFinalizer(() => Effect.ignore(spawner.exitCode(bash("servers.sh", "stop", "postgres"))))
  const address = (yield* spawner.string(bash("servers.sh", "start", "postgres"))).trim()
  if (address === "") return yield* new NoStore({ detail: "PostgreSQL does not start" })
  return `postgres://postgres@${address}/postgres`
})
