/** What is in the tables and executions of a shop whose desk is killed again and again. */
import { assert } from "@effect/vitest"
import { Console, Effect, Layer, Logger, Random, Stream } from "effect"
import * as Executor from "perdure/Executor/Default"
import type { Transactions } from "perdure/Store/Transactions"
import { type StoreError, stream, WorkflowStore } from "perdure/Store/WorkflowStore"
import * as Processes from "../support/Processes.ts"
import * as Shop from "../support/shop.ts"
import type { Place as Bank } from "./bank.ts"

/** A database, and how the desk reaches it. */
export interface Place extends Bank {
  readonly store: Layer.Layer<WorkflowStore | Transactions, StoreError>
}

/** Kills the desk of a shop so often, and holds its rows against its executions. */
export const killed = Effect.fnUntraced(
  function* (place: Place, kills: number) {
    const placed: Array<string> = []
    for (let life = 0; life < kills; life++) {
      const desk = yield* Processes.start("../processes/shopProgram.ts", [...place.arguments, String(life)])
      placed.push(...(yield* desk.line))
      yield* Effect.sleep(yield* Random.nextIntBetween(0, 400))
      yield* desk.kill
      placed.push(...(yield* desk.rest).flat())
    }
    const counts = yield* Effect.provide(
      check(place, placed),
      Shop.OrderLive.pipe(
        Layer.provideMerge(Executor.layer({ heartbeatInterval: "200 millis", lease: "1 second" })),
        Layer.provideMerge(place.store)
      )
    )
    yield* Console.log(`${kills} kills: ${JSON.stringify(counts)}`)
  },
  Effect.provide(Logger.layer([]))
)

// internal

const columns = (place: Place, sql: string) =>
  Effect.map(place.look(sql), (rows) => rows.map((row) => Object.values(row).map(String)))

/** Each row has its execution, each execution its row, and each note was received once. */
const check = Effect.fnUntraced(function* (place: Place, placed: ReadonlyArray<string>) {
  const orders = (yield* columns(place, "SELECT id FROM orders")).flat()
  const found = yield* Stream.runCollect(stream(yield* WorkflowStore))
  const executions = found.map(({ workflowId }): string => workflowId)
  assert.deepStrictEqual(orders.toSorted(), executions.toSorted())
  assert.includeMembers(orders, [...placed], "what was answered is there")
  const sent = new Map<string, Array<string>>()
  for (const [id = "", note = ""] of yield* columns(place, "SELECT id, note FROM notes")) {
    sent.set(id, [...(sent.get(id) ?? []), note])
  }
  let cut = 0
  const finish = Effect.fnUntraced(function* (id: string) {
    const notes = [...(sent.get(id) ?? [])]
    if (notes.length < Shop.notesOfOrder) cut++
    while (notes.length < Shop.notesOfOrder) {
      const note = `note ${notes.length} of the end`
      yield* Shop.note(id, note)
      notes.push(note)
    }
    const { result } = yield* Shop.Order.handle(id)
    assert.deepStrictEqual((yield* result).toSorted(), notes.toSorted(), id)
  })
  yield* Effect.forEach(orders, finish, { concurrency: 20, discard: true }).pipe(
    Effect.timeout(30_000 + orders.length * 50)
  )
  return { orders: orders.length, placed: placed.length, cut }
})
