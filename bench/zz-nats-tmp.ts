import { Effect } from "effect"
import * as Nats from "perdure/Store/Nats"
import { natsServer } from "/work/main/test/support/servers.ts"
import { after, freshId, signal, start, loaded } from "/work/main/test/store/builders.ts"
import { connect } from "@nats-io/transport-node"
import { jetstream } from "@nats-io/jetstream"
import { Kvm } from "@nats-io/kv"
const N = 3000, W = 64
const results: Record<string, Array<number>> = {}
const timed = async (name: string, n: number, f: () => Promise<unknown>) => { const t = performance.now(); await f(); const d = performance.now() - t; (results[name] ??= []).push(n / d * 1000) }
const pool = async (n: number, w: number, f: (i: number) => Promise<unknown>) => { let i = 0; await Promise.all(Array.from({ length: w }, async () => { while (i < n) await f(i++) })) }
const body = new Uint8Array(400)
const run = <A>(e: Effect.Effect<A, any, any>) => Effect.runPromise(e as any) as Promise<A>
await run(Effect.scoped(Effect.gen(function* () {
  const server = yield* natsServer()
  const nc = yield* Effect.promise(() => connect({ servers: server.address, noAsyncTraces: true }))
  const kv = yield* Effect.promise(() => new Kvm(jetstream(nc)).create("raw"))
  const store = yield* Nats.make({ servers: server.address, monitor: server.monitor })
  for (let r = 0; r < 7; r++) {
    const firsts = Array.from({ length: N }, () => start(freshId()))
    const seconds = firsts.map((f) => after(f.summary, { events: [signal("x")] }))
    const thirds = seconds.map((f) => after(f.summary, { events: [signal("x")] }))
    yield* Effect.promise(() => timed("raw kv create, 64 in flight", N, () => pool(N, W, (i) => kv.create(`k${r}-${i}`, body))))
    yield* Effect.promise(() => timed("save, new executions, 64 in flight", N, () => pool(N, W, (i) => run(store.save(firsts[i]!)))))
    yield* Effect.promise(() => timed("save, 64 in flight", N, () => pool(N, W, (i) => run(store.save(seconds[i]!)))))
    yield* Effect.promise(() => timed("saveAll, groups of 64", N, async () => { for (let i = 0; i < N; i += W) { const exits = await run(store.saveAll(thirds.slice(i, i + W))); for (const e of exits) if (e._tag !== "Success") throw e } }))
  }
  let c = start(freshId()); yield* store.save(c); const id = c.workflowId
  for (let i = 0; i < 999; i++) { c = after(c.summary, { events: [signal("x")] }); yield* store.save(c) }
  for (let i = 0; i < 6; i++) {
   yield* Effect.promise(() => timed("load of 1,000 commits, commits/s", 5000, async () => { for (let i = 0; i < 5; i++) await run(loaded(store, id)) }))
   yield* Effect.promise(() => timed("load after the version before, loads/s", 300, async () => { for (let i = 0; i < 300; i++) await run(loaded(store, id, 999)) }))
   yield* Effect.promise(() => timed("list of 100 of 21,000, pages/s", 300, async () => { for (let i = 0; i < 300; i++) await run(store.list()) }))
  }
  yield* Effect.promise(() => nc.close())
})))
for (const [name, all] of Object.entries(results)) { all.shift(); all.sort((a, b) => a - b); console.log(name.padEnd(40), "median", all[all.length >> 1]!.toFixed(0), "min", all[0]!.toFixed(0), "max", all.at(-1)!.toFixed(0)) }
