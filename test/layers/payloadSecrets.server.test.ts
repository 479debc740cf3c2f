/** Nothing of a payload is readable in the files of a server either. */
import { readdirSync, readFileSync } from "node:fs"
import { join } from "node:path"
import { assert, it } from "@effect/vitest"
import { Effect } from "effect"
import { open as openNats } from "../support/natsClient.ts"
import { open as openPostgres } from "../support/postgresClient.ts"
import { hidden, names, seenIn, tellOn, withCodec } from "../support/secretStory.ts"
import { describeWith, natsServer, postgresServer } from "../support/servers.ts"

/** All files of a server, its logs among them. */
const bytesOf = (folder: string): string =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => readFileSync(join(entry.parentPath, entry.name), "latin1"))
    .join("\n")

const opened = {
  nats: Effect.gen(function* () {
    const server = yield* natsServer()
    return { server, store: yield* openNats(server) }
  }),
  postgres: Effect.gen(function* () {
    const server = yield* postgresServer()
    return { server, store: yield* openPostgres(server) }
  })
}

for (const binary of ["nats", "postgres"] as const) {
  describeWith(binary, `the payloads of a store on ${binary}`, () => {
    it.live("are in the files of the server without the codec", () =>
      Effect.gen(function* () {
        const { server, store } = yield* opened[binary]
        yield* tellOn(store, (store) => store)
        assert.deepStrictEqual(seenIn(bytesOf(server.folder), hidden), hidden)
      })
    )

    it.live("are in none of them with it, and are read through it", () =>
      Effect.gen(function* () {
        const { server, store } = yield* opened[binary]
        const { read } = yield* tellOn(store, withCodec)
        assert.deepStrictEqual(seenIn(bytesOf(server.folder), hidden), [])
        assert.deepStrictEqual(seenIn(bytesOf(server.folder), names), names)
        assert.deepStrictEqual(seenIn(read, hidden), hidden)
      })
    )
  })
}
