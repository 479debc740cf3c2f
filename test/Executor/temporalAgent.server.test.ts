/** The agent of the examples on Temporal: its model, its tools and its person are the same there. */
import { execFileSync } from "node:child_process"
import { assert, it } from "@effect/vitest"
import { Effect, Layer, Schedule } from "effect"
import { Approvals } from "perdure/ai"
import { Clerk, Complaint, Grant } from "../../examples/agent/contracts.ts"
import { ClerkLive, DeskLive } from "../../examples/agent/handlers.ts"
import { ComplaintLive } from "../../examples/agent/workflow.ts"
import { finish, scripted, text, toolCall } from "../ai/scripted.ts"
import { describeWith, shared, temporalServer } from "../support/servers.ts"
import { workerLayer } from "./temporal/workers.ts"

const workflows = new URL("../../examples/agent/workflow.ts", import.meta.url)

describeWith("temporal", "an agent on Temporal", () => {
  const server = shared(temporalServer())

  for (const [title, maxLoaded] of [
    ["with its program in memory", undefined],
    ["with none in memory", 0]
  ] as const) {
    it.live(
      `asks its model, runs its tools and waits for a person, ${title}`,
      () =>
        Effect.gen(function* () {
          const { address, binary } = yield* server
          const create = ["operator", "search-attribute", "create", "--address", address]
          execFileSync(binary, [...create, "--name", "openRequests", "--type", "Double"])
          const worker = workerLayer({ address, taskQueue: title, workflows, maxLoaded })
          const App = Layer.merge(ComplaintLive, Approvals.layer).pipe(
            Layer.provide([ClerkLive, DeskLive]),
            Layer.provideMerge(worker)
          )
          yield* Effect.gen(function* () {
            const approvals = yield* Approvals.Approvals
            const complaint = yield* Complaint.start({ id: title, text: "My order 7 has not arrived." })
            const open = Effect.map(approvals.list({ who: ["finance"] }), ({ requests }) => requests)
            const requests = yield* Effect.repeat(open, {
              until: ({ length }) => length > 0,
              schedule: Schedule.spaced("200 millis"),
              times: 100
            })
            const request = requests[0]!
            assert.strictEqual(requests.length, 1)
            assert.deepStrictEqual(request.request, { tool: "Refund", params: { order: "7", cents: 4200 } })
            const answer = (by: string, digest = request.digest) =>
              Effect.match(approvals.answer(Grant, { ...request, digest }, { decision: true, by, groups: [] }), {
                onSuccess: () => "taken",
                onFailure: (error) => String("reason" in error ? error.reason : error)
              })
            assert.strictEqual(yield* answer("eve"), "Forbidden")
            assert.strictEqual(yield* answer("finance", "0"), "Differs")
            assert.strictEqual(yield* answer("finance"), "taken")
            assert.strictEqual(yield* complaint.result, "We have paid you back.")
            assert.strictEqual(yield* answer("finance"), "Finished")
          }).pipe(Effect.provide(App))
        }),
      60_000
    )
  }

  it.live(
    "asks a person about what is too large to be published elsewhere",
    () =>
      Effect.gen(function* () {
        const { address, binary } = yield* server
        const create = ["operator", "search-attribute", "create", "--address", address]
        execFileSync(binary, [...create, "--name", "openRequests", "--type", "Double"])
        const order = "7".repeat(9000)
        const model = scripted(({ prompt }) =>
          Effect.succeed(
            prompt.content.some(({ role }) => role === "tool")
              ? [text("paid"), finish(1, 1)]
              : [toolCall("1", "Refund", { order, cents: 1 }), finish(1, 1, "tool-calls")]
          )
        )
        const App = Layer.merge(ComplaintLive, Approvals.layer).pipe(
          Layer.provide([Clerk.toLayer().pipe(Layer.provide(model.layer)), DeskLive]),
          Layer.provideMerge(workerLayer({ address, taskQueue: "large", workflows, maxLoaded: undefined }))
        )
        yield* Effect.gen(function* () {
          const approvals = yield* Approvals.Approvals
          const complaint = yield* Complaint.start({ id: "large", text: "where is it?" })
          const { requests } = yield* Effect.repeat(approvals.list(), {
            until: ({ requests }) => requests.length > 0,
            schedule: Schedule.spaced("200 millis"),
            times: 100
          })
          assert.deepStrictEqual(requests[0]!.request, { tool: "Refund", params: { order, cents: 1 } })
          yield* approvals.answer(Grant, requests[0]!, { decision: true, by: "finance" })
          assert.strictEqual(yield* complaint.result, "paid")
        }).pipe(Effect.provide(App))
      }),
    60_000
  )
})
