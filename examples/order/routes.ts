/**
 * What a web server does with orders: start, approve, look, wait. It has the contracts of the order and no program of it.
 */
import { Effect, Schema } from "effect"
import { HttpRouter, HttpServerRequest, HttpServerResponse } from "effect/http"
import { Executions, type WorkflowError } from "perdure"
import { Approval, Order } from "./contracts.ts"

const answer = (body: unknown, status = 200) => HttpServerResponse.jsonUnsafe(body, { status })

/** What went wrong, for a client of the server. */
const refusal = ({ message, reason }: WorkflowError.WorkflowError) => {
  const statuses: Partial<Record<typeof reason._tag, number>> = {
    NotFound: 404,
    WrongWorkflow: 404,
    AlreadyExists: 409,
    Finished: 409,
    InvalidPayload: 400,
    InvalidId: 400,
    PayloadTooLarge: 413,
    StoreUnavailable: 503,
    ShutDown: 503
  }
  return Effect.succeed(answer({ error: message }, statuses[reason._tag] ?? 500))
}

const orderId = Effect.map(HttpRouter.schemaPathParams(Schema.Struct({ id: Schema.String })), ({ id }) => id)

const unreadable = ({ message }: Schema.SchemaError) => Effect.succeed(answer({ error: message }, 400))

/** A client may repeat it: the id of the order is that of its execution, so the second start finds the first. */
const start = Effect.gen(function* () {
  const order = yield* HttpServerRequest.schemaBodyJson(Order.input)
  const { created, id } = yield* Order.start(order)
  return answer({ id, created }, created ? 202 : 200)
}).pipe(Effect.catchTags({ SchemaError: unreadable, WorkflowError: refusal }))

const approve = Effect.gen(function* () {
  const approval = yield* HttpServerRequest.schemaBodyJson(Approval.payload)
  yield* Approval.send(yield* orderId, approval)
  return answer({}, 202)
}).pipe(Effect.catchTags({ SchemaError: unreadable, WorkflowError: refusal }))

const look = Effect.gen(function* () {
  const { describe } = yield* Executions.Executions
  const { status, waitingFor } = yield* describe(yield* orderId)
  return answer({ status, waitingFor })
}).pipe(Effect.catchTags({ SchemaError: unreadable, WorkflowError: refusal }))

/** Waits for the result, though not longer than a client would: a client that gets 202 asks again. */
const result = Effect.gen(function* () {
  const order = yield* Order.handle(yield* orderId)
  return yield* order.result.pipe(
    Effect.map((parcel) => answer({ parcel })),
    Effect.timeoutOrElse({ duration: "10 seconds", orElse: () => Effect.succeed(answer({}, 202)) })
  )
}).pipe(
  Effect.catchTags({
    SchemaError: unreadable,
    WorkflowError: refusal,
    Rejected: ({ by }) => Effect.succeed(answer({ error: `rejected by ${by}` }, 409)),
    ChargeFailed: ({ why }) => Effect.succeed(answer({ error: `not charged: ${why}` }, 409))
  })
)

/** The routes. They need `DurableExecutor` and `Executions`, which any executor provides. */
export const routes = HttpRouter.addAll([
  HttpRouter.route("POST", "/orders", start),
  HttpRouter.route("GET", "/orders/:id", look),
  HttpRouter.route("GET", "/orders/:id/result", result),
  HttpRouter.route("POST", "/orders/:id/approval", approve)
])
