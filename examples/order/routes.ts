/**
 * What a web server does with orders: start, approve, list, look, wait. It has the contracts of the order and no program of it.
 */
import { Effect, Option, Schema } from "effect"
import { HttpRouter, HttpServerRequest, HttpServerResponse } from "effect/http"
import { Executions, type WorkflowError } from "perdure"
import { Approval, Order } from "./contracts.ts"

const answer = (body: unknown, status = 200) => HttpServerResponse.jsonUnsafe(body, { status })

type Reason = WorkflowError.WorkflowErrorReason["_tag"]

/** What a client is told: why its request was refused, in the words of the error unless there are others here. */
const refusals: Partial<Record<Reason, readonly [status: number, text?: string]>> = {
  NotFound: [404],
  WrongWorkflow: [404],
  AlreadyExists: [409],
  Finished: [409],
  InvalidPayload: [400],
  InvalidId: [400],
  PayloadTooLarge: [413],
  // Their messages have the stack of what went wrong on the way to the end.
  Cancelled: [409, "the order was cancelled"],
  TimedOut: [409, "the order took too long"],
  Terminated: [409, "the order was ended"],
  StoreUnavailable: [503, "not available now; try again"],
  ShutDown: [503, "not available now; try again"]
}

/** What went wrong, for a client of the server. Stacks, addresses and paths are for the log alone. */
const refusal = Effect.fnUntraced(function* ({ message, reason }: WorkflowError.WorkflowError) {
  const [status, text = message] = refusals[reason._tag] ?? [500, "something is wrong here"]
  if (status >= 500) yield* Effect.logError(message)
  return answer({ error: text }, status)
})

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

/** A page of orders. A limit or a cursor that makes no sense is a mistake of the client, which the store notices. */
const list = Effect.gen(function* () {
  const query = yield* HttpServerRequest.schemaSearchParams(
    Schema.Struct({ limit: Schema.optionalKey(Schema.NumberFromString), cursor: Schema.optionalKey(Schema.String) })
  )
  const { list } = yield* Executions.Executions
  const { executions, next } = yield* list({ workflow: Order.name, ...query })
  const orders = executions.map(({ status, workflowId }) => ({ id: workflowId, status }))
  return answer({ orders, next: Option.getOrNull(next) })
}).pipe(Effect.catchTags({ SchemaError: unreadable, WorkflowError: refusal }))

const look = Effect.gen(function* () {
  const { describe } = yield* Executions.Executions
  const { status, waitingFor } = yield* describe(yield* orderId)
  // Not all of it: what a blocked order waits for has the names and values of the code.
  return answer({ status, waitingFor: waitingFor.map(({ _tag }) => _tag) })
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
  HttpRouter.route("GET", "/orders", list),
  HttpRouter.route("GET", "/orders/:id", look),
  HttpRouter.route("GET", "/orders/:id/result", result),
  HttpRouter.route("POST", "/orders/:id/approval", approve)
])
