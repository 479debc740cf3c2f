/**
 * Temporal over TLS, with certificates of both sides and an API key, which nothing shows.
 */
import { assert, it } from "@effect/vitest"
import { Cause, Effect, Exit, Layer, Logger, Redacted, References } from "effect"
import * as TemporalExecutor from "perdure/Executor/Temporal"
import * as TemporalWorker from "perdure/Executor/TemporalWorker"
import { inspect } from "node:util"
import { describeWith, shared, temporalServer } from "../support/servers.ts"
import { temporalGateway } from "../support/temporalGateway.ts"
import * as P from "../suites/portable/programs.ts"
import { bundling, workerLayer } from "./temporal/workers.ts"
import { Echoing, echoing } from "./temporal/echoes.ts"

const apiKey = "correct-horse"
const workflows = new URL("./temporal/echoes.ts", import.meta.url)

describeWith("temporal", "Temporal over TLS", () => {
  const gateway = shared(Effect.flatMap(temporalServer(), ({ address }) => temporalGateway(address, apiKey)))
  const options = Effect.map(
    gateway,
    ({ address, client, server }) =>
      ({
        address,
        taskQueue: "secure",
        apiKey: Redacted.make(apiKey),
        answerTimeout: "3 seconds",
        tls: {
          serverName: "temporal.test",
          rootCertificate: server.certificate,
          certificate: client.certificate,
          key: Redacted.make(client.key)
        }
      }) as const
  )

  it(
    "a worker and a caller that have what the server wants run an execution",
    () =>
      Effect.gen(function* () {
        const handler = P.Echo.toLayer((text) => Effect.succeed(text))
        const worker = workerLayer({ ...(yield* options), workflows })
        yield* Layer.build(Layer.provideMerge(echoing.pipe(Layer.provide(handler)), worker))
        const caller = yield* Layer.build(TemporalExecutor.layer(yield* options))
        assert.strictEqual(yield* Effect.provideContext(Echoing.execute("said"), caller), "said")
        const { seen } = yield* gateway
        assert.deepStrictEqual([...seen.keys()], [`Bearer ${apiKey}`])
        const requests = [...seen.values()].flatMap((paths) => [...paths].map((path) => path.split("/").at(-1)))
        for (const request of ["StartWorkflowExecution", "PollWorkflowTaskQueue", "RespondActivityTaskCompleted"]) {
          assert.include(requests, request)
        }
      }).pipe(Effect.scoped, Effect.runPromise),
    120_000
  )

  const secret = `${apiKey}-of-another`
  const wrong: ReadonlyArray<
    readonly [what: string, reason: string, change: (right: Effect.Success<typeof options>) => TemporalExecutor.Options]
  > = [
    ["a key that the server does not know", "Denied", (right) => ({ ...right, apiKey: secret })],
    ["a key that no header can have", "TypeError", (right) => ({ ...right, apiKey: Redacted.make(`${secret}\n`) })],
    ["an empty key", "TypeError", (right) => ({ ...right, apiKey: Redacted.make("") })],
    [
      "an authority that has not signed the certificate of the server",
      "Unreachable",
      (right) => ({
        ...right,
        tls: { ...right.tls, rootCertificate: right.tls.certificate }
      })
    ],
    [
      "no certificate",
      "Unreachable",
      (right) => ({
        ...right,
        tls: { serverName: right.tls.serverName, rootCertificate: right.tls.rootCertificate }
      })
    ],
    ["no encryption", "Unreachable", (right) => ({ ...right, tls: false })]
  ]
  const makers = {
    "a caller": (options: TemporalExecutor.Options) => TemporalExecutor.make(options),
    "a worker": (options: TemporalExecutor.Options) =>
      TemporalWorker.make({ ...bundling, ...(options as Omit<TemporalExecutor.Options, "client">) })
  }
  for (const [who, make] of Object.entries(makers)) {
    it.each(wrong)(
      `${who} with %s is refused, and shows no secret`,
      (_what, reason, change) => {
        const logged: Array<string> = []
        const logger = Logger.make((log) => {
          const annotations = log.fiber.getRef(References.CurrentLogAnnotations)
          logged.push(inspect([log.message, log.cause, annotations], { depth: 10 }))
        })
        return Effect.gen(function* () {
          const right = yield* options
          const exit = yield* Effect.exit(make(change(right)))
          assert.isTrue(Exit.isFailure(exit))
          if (Exit.isSuccess(exit)) return
          const thrown = Cause.squash(exit.cause) as {
            readonly name: string
            readonly reason?: { readonly _tag: string }
          }
          assert.strictEqual(thrown.reason?._tag ?? thrown.name, reason)
          const shown = [inspect(exit, { depth: 20 }), JSON.stringify(exit), Cause.pretty(exit.cause), ...logged].join(
            "\n"
          )
          assert.notInclude(shown, apiKey)
          assert.notInclude(shown, "PRIVATE KEY")
        }).pipe(Effect.scoped, Effect.provide(Logger.layer([logger])), Effect.runPromise)
      },
      60_000
    )
  }
})
