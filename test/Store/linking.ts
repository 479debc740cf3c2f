/** What stores promise whose server is behind a link that loses answers, stands still or is cut: the same, whichever server it is. */
import { assert, it } from "@effect/vitest"
import { Duration, Effect, Fiber, type Scope } from "effect"
import {
  after,
  freshId,
  freshWorker,
  living,
  loaded,
  reasonOf,
  save,
  start,
  type Store
} from "../suites/store/builders.ts"
import type { Proxy } from "../support/proxy.ts"
import { soon } from "../support/soon.ts"
import { allOf, endsOf, everyOperation } from "./everyOperation.ts"

/** A store behind a proxy and one beside it, which share what is stored. */
export interface Link {
  readonly between: Proxy
  readonly store: Store
  readonly direct: Store
}

/** How the links of a store are tested. */
export interface Linking {
  /** A link with a place of its own, by a name. */
  readonly link: (name: string) => Effect.Effect<Link, unknown, Scope.Scope>
  /** What is at the other end. */
  readonly server: string
  /** How often each mishap happens. */
  readonly rounds: number
  /** A little longer than the store waits for an answer. */
  readonly patience: Duration.Input
  /** Within which every operation has ended while nothing answers. */
  readonly silence: Duration.Input
  /** Whether a connection that was cut may cost the next question its answer. */
  readonly recovers: "at once" | "soon"
}

/** Declares the promises. */
export const linking = (options: Linking): void => {
  answersThatAreLost(options)
  racesThatAreLost(options)
  silence(options)
  leases(options)
}

// internal

/** The versions of what is stored of an execution. */
const versionsOf = (store: Store, first: ReturnType<typeof start>) =>
  Effect.map(soon(loaded(store, first.workflowId)), ({ commits }) => commits.map(({ version }) => Number(version)))

const upTo = (count: number) => Array.from({ length: count }, (_, index) => index + 1)

const timeFor = (rounds: number): number => 60_000 + rounds * 10_000

const afterCut = ({ recovers }: Linking): typeof soon => (recovers === "soon" ? soon : (effect) => effect)

const answersThatAreLost = (options: Linking) => {
  const { link, patience, rounds } = options
  const again = afterCut(options)
  it.live(
    `4. an answer that is lost ${rounds} times can be had again: the commit is stored once, and no conflict is made up`,
    () =>
      Effect.gen(function* () {
        const { between, direct, store } = yield* link("answers")
        const first = start(freshId())
        yield* save(store, first)
        let { summary } = first
        for (let round = 0; round < rounds; round++) {
          const commit = after(summary)
          yield* between.loseAnswers
          const saving = yield* Effect.forkChild(reasonOf(store.save(commit)))
          yield* Effect.sleep(round % 3 === 2 ? patience : "100 millis")
          yield* between.cut
          // The store may have found out by itself what became of it.
          assert.include([undefined, "Unavailable"], yield* Fiber.join(saving))
          yield* again(save(store, commit))
          const next = after(commit.summary)
          yield* save(direct, next)
          yield* save(store, commit)
          assert.strictEqual(yield* reasonOf(save(store, { ...commit, id: "another" })), "Conflict")
          summary = next.summary
        }
        for (const reader of [store, direct]) {
          assert.deepStrictEqual(yield* versionsOf(reader, first), upTo(2 * rounds + 1))
        }
      }).pipe(Effect.scoped),
    timeFor(rounds)
  )
}

const racesThatAreLost = (options: Linking) => {
  const { link, rounds } = options
  const again = afterCut(options)
  it.live(
    `4. a commit that never arrived and lost the race meanwhile is a conflict, ${rounds} times`,
    () =>
      Effect.gen(function* () {
        const { between, direct, store } = yield* link("races")
        const first = start(freshId())
        yield* save(store, first)
        let { summary } = first
        for (let round = 0; round < rounds; round++) {
          const loser = after(summary)
          yield* between.freeze
          const losing = yield* Effect.forkChild(reasonOf(store.save(loser)))
          const winner = after(summary)
          yield* save(direct, winner)
          yield* Effect.sleep("100 millis")
          yield* between.cut
          assert.include(["Conflict", "Unavailable"], yield* Fiber.join(losing))
          assert.strictEqual(yield* again(reasonOf(save(store, loser))), "Conflict")
          summary = winner.summary
        }
        const { commits } = yield* soon(loaded(direct, first.workflowId))
        assert.strictEqual(commits.at(-1)?.id, (yield* soon(loaded(store, first.workflowId))).commits.at(-1)?.id)
        assert.lengthOf(commits, rounds + 1)
      }).pipe(Effect.scoped),
    timeFor(rounds)
  )
}

const silence = (options: Linking) => {
  const { link, server } = options
  const again = afterCut(options)
  it.live(`14. a ${server} that is silent is unavailable within a bounded time, whatever it is asked`, () =>
    Effect.gen(function* () {
      const { between, store } = yield* link("silent")
      const first = start(freshId())
      yield* save(store, first)
      yield* between.freeze
      const operations = everyOperation(store, first)
      assert.deepStrictEqual(yield* endsOf(operations, options.silence), allOf(operations, "Unavailable"))
      yield* between.cut
      yield* again(save(store, after(first.summary)))
    }).pipe(Effect.scoped)
  )
}

const leases = ({ link, server }: Linking) => {
  it.live(
    `13. no lease runs out while the ${server} cannot be reached, as far as the process is told that could not`,
    () =>
      Effect.gen(function* () {
        const { between, direct, store } = yield* link("leases")
        const worker = freshWorker()
        yield* direct.heartbeat({ id: worker }, Duration.seconds(2))
        assert.deepStrictEqual(yield* living(store), [worker])
        yield* between.refuse
        yield* Effect.sleep("2500 millis")
        assert.strictEqual(yield* reasonOf(store.workers), "Unavailable")
        yield* between.resume
        assert.deepStrictEqual(yield* soon(living(store)), [worker])
        assert.deepStrictEqual(yield* living(direct), [])
      }).pipe(Effect.scoped)
  )
}
