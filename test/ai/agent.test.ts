/** The programs of the examples under every crash: before, at and after each commit, and again in what follows. */
import { assert, it } from "@effect/vitest"
import { Effect, Layer, Schema } from "effect"
import type { Response } from "effect/ai"
import { ActivityContext, Workflow } from "perdure"
import { Approvals, HumanActivity } from "perdure/ai"
import { crashEverywhere } from "perdure/testing"
import * as Agent from "../../examples/agent/contracts.ts"
import { ComplaintLive } from "../../examples/agent/workflow.ts"
import * as Approval from "../../examples/approval/contracts.ts"
import { OrderLive } from "../../examples/approval/workflow.ts"
import { finish, scripted, shown, text, toolCall } from "./scripted.ts"

/** The first request that is open, once there is one. */
const opened = Effect.gen(function* () {
  const approvals = yield* Approvals.Approvals
  for (let look = 0; look < 100; look++) {
    const { requests } = yield* approvals.list()
    if (requests.length > 0) return requests[0]!
    yield* Effect.sleep("1 minute")
  }
  return yield* Effect.die(new Error("nothing is asked"))
})

it.live(
  "25. a conversation with tools and a person is whole after every crash, and each of its parts is there once",
  () =>
    Effect.gen(function* () {
      const { commits, lives } = yield* crashEverywhere(
        Agent.Complaint,
        { id: "complaint", text: "where is it?" },
        () => {
          const paid = new Set<string>()
          const questions = new Map<string, ReadonlyArray<string>>()
          const model = scripted(({ prompt }) => {
            const said = prompt.content.map(shown)
            questions.set(said.join("\n"), said)
            const answers: ReadonlyArray<Array<Response.PartEncoded>> = [
              [toolCall("1", "LookUp", { order: "7" }), finish(1, 1, "tool-calls")],
              [toolCall("2", "Refund", { order: "7", cents: 4200 }), finish(1, 1, "tool-calls")],
              [text("We have paid you back."), finish(1, 1)]
            ]
            return Effect.succeed(answers[(prompt.content.length - 2) / 2]!)
          })
          const DeskLive = Agent.Desk.toLayer({
            LookUp: () => Effect.succeed({ cents: 4200, arrived: false }),
            Refund: Effect.fnUntraced(function* ({ cents }) {
              const { idempotencyKey } = yield* ActivityContext.ActivityContext
              paid.add(`${idempotencyKey} ${cents}`)
              return "paid"
            })
          })
          const layer = ComplaintLive.pipe(
            Layer.provide([Agent.Clerk.toLayer().pipe(Layer.provide(model.layer)), DeskLive])
          )
          return {
            layer,
            script: () =>
              Effect.gen(function* () {
                const approvals = yield* Approvals.Approvals
                yield* approvals.answer(Agent.Grant, yield* opened, {
                  decision: true,
                  by: "grace",
                  groups: ["finance"]
                })
              }).pipe(Effect.provide(Approvals.layer)),
            invariant: ({ history }) => {
              const last = `system: You answer complaints of customers.
user: where is it?
assistant: LookUp({"order":"7"})
tool: LookUp {"cents":4200,"arrived":false}
assistant: Refund({"order":"7","cents":4200})
tool: Refund "paid"`
              assert.strictEqual([...questions.keys()].at(-1), last)
              assert.strictEqual(questions.size, 3)
              assert.strictEqual(paid.size, 1)
              const answers = history.filter(
                (event) => event._tag === "UpdateAnswered" && event.exit._tag === "Success"
              )
              assert.strictEqual(answers.length, 1)
            }
          }
        }
      )
      assert.isAbove(commits, 5)
      assert.isAbove(lives, 50)
    })
)

it.live("26. a request that is too large to be published is asked once, after every crash", () =>
  Effect.gen(function* () {
    const Sign = HumanActivity.make("Sign", { request: Schema.String, decision: Schema.Boolean })
    const Deed = Workflow.make("Deed", { success: Schema.String })
    const layer = Deed.toLayer(() => Effect.map(Effect.orDie(Sign("x".repeat(9000))), ({ by }) => by))
    const { lives } = yield* crashEverywhere(Deed, undefined, () => ({
      layer,
      script: () =>
        Effect.gen(function* () {
          const approvals = yield* Approvals.Approvals
          yield* approvals.answer(Sign, yield* opened, { decision: true, by: "ada" })
        }).pipe(Effect.provide(Approvals.layer)),
      invariant: ({ history }) => {
        const asked = history.filter((event) => event._tag === "ActivityScheduled")
        assert.deepStrictEqual(
          asked.map(({ name }) => name),
          ["perdure/request"]
        )
        assert.include(JSON.stringify(history.at(-1)), "ada")
      }
    }))
    assert.isAbove(lives, 20)
  })
)

it.live("26. an order that a person approves is charged and shipped once, or paid back, after every crash", () =>
  Effect.gen(function* () {
    for (const decision of ["ship it", "not that one"] as const) {
      yield* crashEverywhere(Approval.Order, { id: "order", cents: 700 }, () => {
        const done = new Map<string, Set<string>>()
        const note = (what: string) =>
          Effect.map(ActivityContext.ActivityContext, ({ idempotencyKey }) => {
            const keys = done.get(what) ?? new Set()
            done.set(what, keys.add(idempotencyKey))
            return what
          })
        return {
          layer: OrderLive.pipe(
            Layer.provide([
              Approval.Charge.toLayer(() => note("charge")),
              Approval.Refund.toLayer(() => Effect.asVoid(note("refund"))),
              Approval.Mail.toLayer(() => Effect.asVoid(note("mail"))),
              Approval.Ship.toLayer(() => note("ship"))
            ])
          ),
          script: () =>
            Effect.gen(function* () {
              const approvals = yield* Approvals.Approvals
              yield* approvals.answer(Approval.Approve, yield* opened, { decision, by: "ada" })
            }).pipe(Effect.delay("2 days"), Effect.provide(Approvals.layer)),
          invariant: () =>
            assert.deepStrictEqual(Object.fromEntries([...done].map(([what, keys]) => [what, keys.size])), {
              charge: 1,
              mail: 2,
              [decision === "ship it" ? "ship" : "refund"]: 1
            })
        }
      })
    }
  })
)
