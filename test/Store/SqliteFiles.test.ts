/** What becomes of a store whose files are deleted, moved or replaced while it is open. */
import {
  copyFileSync,
  existsSync,
  linkSync,
  mkdirSync,
  renameSync,
  rmSync,
  symlinkSync,
  truncateSync,
  unlinkSync,
  writeFileSync
} from "node:fs"
import { dirname, join } from "node:path"
import { assert, describe, it } from "@effect/vitest"
import { Duration, Effect, Option, Stream } from "effect"
import { Version, WorkerId } from "perdure/Ids"
import type { StoreError } from "perdure/Store/WorkflowStore"
import { after, freshId, freshWorker, loaded, save, start, type Store } from "../suites/store/builders.ts"
import { filled, folder, open } from "../support/sqliteFiles.ts"

let places = 0

/** A file in a folder of its own. */
const ownFile = () => {
  const place = join(folder, `place ${places++}`)
  mkdirSync(place)
  return join(place, "orders.db")
}

const aside = (path: string) => `${path}.aside`

const move = (from: string, to: string) => renameSync(from, to)

/** Something that is done to a file, and how it is undone where it can be. */
type Deed = readonly [
  what: string,
  does: (filename: string, other: string) => void,
  said: RegExp,
  undoes?: (filename: string) => void
]

const deeds: ReadonlyArray<Deed> = [
  ["emptied", (file) => truncateSync(file, 0), /orders\.db was emptied while this process had it open/],
  ["deleted", (file) => unlinkSync(file), /orders\.db was deleted or moved while this process had it open/],
  [
    "moved",
    (file) => move(file, aside(file)),
    /orders\.db was deleted or moved.*put back the file that was there before any process .* ends.*restore a backup/,
    (file) => move(aside(file), file)
  ],
  [
    "replaced by another database",
    (file, other) => {
      move(file, aside(file))
      copyFileSync(other, file)
    },
    /orders\.db was replaced by another file while/,
    (file) => move(aside(file), file)
  ],
  [
    "replaced in one step",
    (file, other) => {
      linkSync(file, aside(file))
      copyFileSync(other, `${file}.new`)
      move(`${file}.new`, file)
    },
    /orders\.db was replaced by another file while/,
    (file) => move(aside(file), file)
  ],
  [
    "replaced by a text",
    (file) => {
      move(file, aside(file))
      writeFileSync(file, "the quick brown fox\n".repeat(1000))
    },
    /orders\.db was replaced by another file while/,
    (file) => move(aside(file), file)
  ],
  [
    "without its folder",
    (file) => rmSync(dirname(file), { recursive: true }),
    /orders\.db was deleted or moved while this process had it open/
  ],
  [
    "in a folder that was moved",
    (file) => move(dirname(file), aside(dirname(file))),
    /orders\.db was deleted or moved/,
    (file) => move(aside(dirname(file)), dirname(file))
  ],
  [
    "below what is no folder any more",
    (file) => {
      move(dirname(file), aside(dirname(file)))
      writeFileSync(dirname(file), "")
    },
    /orders\.db was deleted or moved/,
    (file) => {
      unlinkSync(dirname(file))
      move(aside(dirname(file)), dirname(file))
    }
  ],
  [
    "without its log",
    (file) => move(`${file}-wal`, aside(file)),
    /orders\.db-wal was deleted or moved/,
    (file) => move(aside(file), `${file}-wal`)
  ],
  [
    "with another log",
    (file) => {
      move(`${file}-wal`, aside(file))
      writeFileSync(`${file}-wal`, "")
    },
    /orders\.db-wal was replaced by another file/,
    (file) => move(aside(file), `${file}-wal`)
  ],
  [
    "without the index of its log",
    (file) => move(`${file}-shm`, aside(file)),
    /orders\.db-shm was deleted or moved/,
    (file) => move(aside(file), `${file}-shm`)
  ]
]

describe("a SQLite file that is open", () => {
  /** Every operation of a store. */
  const operations = (store: Store) => {
    const first = start(freshId())
    const all: ReadonlyArray<Effect.Effect<unknown, StoreError>> = [
      store.save(first),
      store.load(first.workflowId),
      store.summary(first.workflowId),
      store.deletion(first.workflowId),
      store.list(),
      store.count(),
      store.delete(first.workflowId, { version: Version.make(1) }),
      store.heartbeat({ id: freshWorker() }, Duration.minutes(1)),
      store.workers,
      Stream.runHead(store.changes)
    ]
    return all
  }

  it.live.each(deeds)("5. and %s acknowledges nothing that is gone, and says so", ([what, does, said, undoes]) =>
    Effect.gen(function* () {
      const { filename: other } = yield* filled
      const filename = ownFile()
      const store = yield* open(filename)
      const first = start(freshId())
      yield* save(store, first)
      does(filename, other)
      // At once for a commit, however lately the store has looked.
      const second = after(first.summary)
      const refused = yield* Effect.flip(store.save(second))
      assert.strictEqual(refused.reason._tag, "Unavailable", what)
      assert.match(refused.message, said)
      for (const operation of operations(store)) {
        const error = yield* Effect.flip(operation)
        assert.strictEqual(error.reason._tag, "Unavailable", error.message)
        assert.match(error.message, said)
      }
      if (undoes === undefined) return
      undoes(filename)
      yield* store.heartbeat({ id: WorkerId.make("w") }, Duration.minutes(1))
      yield* save(store, second)
      yield* save(store, after(second.summary))
      for (const each of [store, yield* open(filename)]) {
        assert.lengthOf((yield* loaded(each, first.workflowId)).commits, 3)
      }
    })
  )

  it.live("is noticed to be gone by who only reads, within a heartbeat", () =>
    Effect.gen(function* () {
      const filename = ownFile()
      const store = yield* open(filename)
      yield* store.count()
      unlinkSync(filename)
      const error = yield* Effect.flip(
        Effect.forever(Effect.andThen(store.count(), Effect.sleep("5 millis"))).pipe(Effect.timeout("1 second"))
      )
      assert.strictEqual(error._tag, "StoreError")
    })
  )

  it.live("by a link is noticed when the link leads elsewhere", () =>
    Effect.gen(function* () {
      const [filename, elsewhere] = [ownFile(), ownFile()]
      const link = join(dirname(elsewhere), "link.db")
      symlinkSync(filename, link)
      const store = yield* open(link)
      const first = start(freshId())
      yield* save(store, first)
      yield* Effect.scoped(open(elsewhere))
      unlinkSync(link)
      symlinkSync(elsewhere, link)
      const error = yield* Effect.flip(store.save(after(first.summary)))
      assert.match(error.message, /link\.db was replaced by another file/)
    })
  )

  it.live("with others stays open when they close", () =>
    Effect.gen(function* () {
      const filename = ownFile()
      const store = yield* open(filename)
      const first = start(freshId())
      yield* save(store, first)
      for (let n = 0; n < 3; n++) {
        yield* Effect.scoped(Effect.flatMap(open(filename), (other) => save(other, start(freshId()))))
      }
      yield* save(store, after(first.summary))
      assert.isTrue(existsSync(`${filename}-wal`))
    })
  )

  it.live("in memory has no place to lose", () =>
    Effect.gen(function* () {
      const store = yield* open(":memory:")
      const first = start(freshId())
      yield* save(store, first)
      assert.deepStrictEqual(yield* store.summary(first.workflowId), Option.some(first.summary))
    })
  )
})
