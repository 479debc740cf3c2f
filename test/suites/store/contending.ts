/** Laws 2 and 6 under contention: many writers and readers of one execution. */
import { Effect, Fiber } from "effect"
import { WorkflowStore } from "perdure/Store/WorkflowStore"
import { assert } from "../assert.ts"
import { after, appendToken, freshId, loaded, reasonOf, reasonsOf, save, signal, start, tokens } from "./builders.ts"
import { type Area, stores } from "./Settings.ts"

export const contending: Area = (it, settings) => {
  const { timeout } = settings

  it.effect(
    "2. of 50 writers at one version exactly one wins, at the first and at later versions",
    () =>
      Effect.gen(function* () {
        const all = yield* stores(settings)
        const workflowId = freshId()
        let winner = start(workflowId)
        for (let version = 1; version <= 5; version++) {
          const previous = winner.summary
          const commits = Array.from({ length: 50 }, (_, writer) => {
            const events = [signal(`${version} by ${writer}`)] as const
            return version === 1 ? start(workflowId, { events }) : after(previous, { events })
          })
          const reasons = yield* Effect.forEach(
            commits,
            (commit, writer) => reasonOf(all[writer % all.length]!.save(commit)),
            { concurrency: "unbounded" }
          )
          assert.lengthOf(
            reasons.filter((reason) => reason === "Conflict"),
            49
          )
          winner = commits[reasons.indexOf(undefined)]!
          const { commits: stored, summary } = yield* loaded(all[0]!, workflowId)
          assert.strictEqual(summary.version, version)
          assert.deepStrictEqual(stored.at(-1), {
            id: winner.id,
            runId: winner.runId,
            version: winner.version,
            events: winner.events
          })
        }
      }),
    timeout
  )

  it.effect(
    "2. of two commits in one group at one version the first is stored",
    () =>
      Effect.gen(function* () {
        const store = yield* WorkflowStore
        const workflowId = freshId()
        const commits = [start(workflowId), start(workflowId)]
        const reasons = yield* Effect.flatMap(store.saveAll(commits), reasonsOf)
        assert.lengthOf(
          reasons.filter((reason) => reason === "Conflict"),
          1
        )
        const winner = commits[reasons.indexOf(undefined)]!
        assert.deepStrictEqual((yield* loaded(store, workflowId)).summary, winner.summary)
      }),
    timeout
  )

  it.effect(
    "2. the same content under another commit id has lost",
    () =>
      Effect.gen(function* () {
        const store = yield* WorkflowStore
        const first = start(freshId())
        yield* store.save(first)
        const reasons = yield* Effect.forEach(["another", ""], (id) => reasonOf(store.save({ ...first, id })))
        assert.deepStrictEqual(reasons, ["Conflict", "Conflict"])
      }),
    timeout
  )

  it.effect(
    "2. 20 writers append 50 tokens each: none is lost, none is there twice, no version is missing",
    () =>
      Effect.gen(function* () {
        const all = yield* stores(settings)
        const first = start(freshId())
        yield* save(all[0]!, first)
        const writers = Array.from({ length: 20 }, (_, writer) =>
          Array.from({ length: 50 }, (_, number) => `${writer}:${number}`)
        )
        yield* Effect.forEach(
          writers,
          (written, writer) =>
            Effect.forEach(written, (token) => appendToken(all[writer % all.length]!, first.workflowId, token)),
          { concurrency: "unbounded", discard: true }
        )
        const { commits, summary } = yield* loaded(all[0]!, first.workflowId)
        assert.strictEqual(summary.version, 1001)
        assert.deepStrictEqual(
          commits.map(({ version }) => Number(version)),
          Array.from({ length: 1001 }, (_, n) => n + 1)
        )
        const found = tokens(commits)
        assert.deepStrictEqual([...found].sort(), writers.flat().sort())
        // Each writer waits for its answer before it goes on, so its own tokens keep their order.
        for (const [writer, written] of writers.entries()) {
          assert.deepStrictEqual(
            found.filter((token) => String(token).startsWith(`${writer}:`)),
            written
          )
        }
      }),
    Math.max(timeout, 120_000)
  )

  it.effect(
    "6. while others write, no read is torn and none goes back",
    () =>
      Effect.gen(function* () {
        const all = yield* stores(settings)
        const first = start(freshId(), { events: [signal("1"), signal("1"), signal("1")] })
        yield* save(all[0]!, first)
        const write = Effect.gen(function* () {
          let { summary } = first
          for (let version = 2; version <= 200; version++) {
            const token = signal(String(version))
            const commit = after(summary, {
              events: [token, token, token],
              summary: { waitingFor: [{ _tag: "Other", text: `version ${version}` }], attributes: { version } }
            })
            yield* save(all[0]!, commit)
            summary = commit.summary
          }
        })
        const writer = yield* Effect.forkChild(write)
        const read = Effect.fnUntraced(function* (reader: number) {
          const store = all[reader % all.length]!
          let latest = 0
          while (latest < 200) {
            const { commits, summary } = yield* loaded(store, first.workflowId)
            assert.isAtLeast(summary.version, latest)
            latest = summary.version
            assert.strictEqual(commits.length, latest)
            assert.deepStrictEqual(
              tokens(commits),
              commits.flatMap(({ version }) => [String(version), String(version), String(version)])
            )
            if (latest > 1) assert.deepStrictEqual(summary.attributes, { version: latest })
            yield* Effect.sleep("1 millis")
          }
        })
        yield* Effect.forEach([0, 1, 2, 3], read, { concurrency: "unbounded", discard: true })
        yield* Fiber.join(writer)
      }),
    timeout
  )
}
