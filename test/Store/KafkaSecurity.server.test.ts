/** The Kafka store over TLS, as a user: with the right password and with a wrong one, which nothing shows. */
import { assert, it } from "@effect/vitest"
import { readFileSync } from "node:fs"
import { join } from "node:path"
import { inspect } from "node:util"
import kafkajs from "kafkajs"
import { Effect, Logger, Option, Redacted, References, Result } from "effect"
import * as Kafka from "perdure/Store/Kafka"
import type { WorkflowStore } from "perdure/Store/WorkflowStore"
import { freshId, loaded, save, start } from "../suites/store/builders.ts"
import { certificateIn } from "../support/certificate.ts"
import { kafkaServer } from "../support/kafkaServer.ts"
import { describeWith, shared } from "../support/servers.ts"
import { soon } from "../support/soon.ts"

const password = "correct-horse"

const login = "org.apache.kafka.common.security.plain.PlainLoginModule required"
const scramLogin = "org.apache.kafka.common.security.scram.ScramLoginModule required"
const scrams = ["SCRAM-SHA-256", "SCRAM-SHA-512"] as const
const mechanisms = ["PLAIN", ...scrams] as const

const config = (folder: string): string =>
  [
    `ssl.keystore.type=PEM\nssl.keystore.location=${join(folder, "both.pem")}`,
    `ssl.truststore.type=PEM\nssl.truststore.location=${join(folder, "certificate.pem")}`,
    `sasl.enabled.mechanisms=${mechanisms.join(",")}\nsasl.mechanism.inter.broker.protocol=PLAIN`,
    ...scrams.map((each) => `listener.name.sasl_ssl.${each.toLowerCase()}.sasl.jaas.config=${scramLogin};`),
    `listener.name.sasl_ssl.plain.sasl.jaas.config=${login} username="broker" password="${password}-too" ` +
      `user_broker="${password}-too" user_ann="${password}" user_bob="${password}";`,
    "authorizer.class.name=org.apache.kafka.metadata.authorizer.StandardAuthorizer",
    // Controllers speak without TLS, as nobody.
    "super.users=User:broker;User:ann;User:ANONYMOUS"
  ].join("\n")

/** With SCRAM the broker keeps the users itself. */
const format = scrams.flatMap((each) => ["--add-scram", `${each}=[name=ann,password=${password}]`])

describeWith("kafka", "a broker of Kafka with TLS and users", () => {
  const server = shared(kafkaServer({ inMemory: true, protocol: "SASL_SSL", prepare: certificateIn, format, config }))

  const clients = ["kafkajs", "platformatic"] as const
  for (const [client, mechanism] of clients.flatMap((client) => mechanisms.map((each) => [client, each] as const))) {
    it.live(`takes commits of a user over TLS, by ${mechanism} with ${client}`, () =>
      Effect.gen(function* () {
        const { address, folder } = yield* server
        const options = {
          ...{ brokers: address, client, topic: `${client}-${mechanism}`, replicas: 1, timeout: 3000, mechanism },
          user: "ann",
          password: Redacted.make(password),
          connection: { ca: readFileSync(join(folder, "certificate.pem")) }
        } as const
        const store = yield* Kafka.make(options)
        const commit = start(freshId())
        yield* save(store, commit)
        assert.deepStrictEqual((yield* loaded(store, commit.workflowId)).summary, commit.summary)
        // Over TLS alone, and with the password alone, there is no way in.
        for (const [refused, why] of [
          [{ ...options, password: Redacted.make("wrong-horse") }, /authentication|credentials/i],
          [{ ...options, user: "nobody" }, /authentication|credentials/i],
          [{ ...options, connection: {} }, /self-signed certificate/]
        ] as const) {
          const logged: Array<unknown> = []
          const logger = Logger.layer([Logger.make(({ cause, message }) => void logged.push(message, cause))])
          const result = yield* Effect.result(Effect.scoped(Kafka.make(refused))).pipe(
            Effect.provide(logger),
            Effect.provideService(References.MinimumLogLevel, "All")
          )
          const failure = Option.getOrThrow(Result.getFailure(result))
          assert.strictEqual(failure.reason._tag, "Unavailable")
          assert.match(failure.message, why)
          assert.notInclude(inspect([failure, JSON.stringify(failure), failure.stack, logged], { depth: 20 }), "horse")
        }
      }).pipe(Effect.scoped)
    )
  }

  for (const client of clients) {
    it.live(`tells a user without rights which are needed, with ${client}`, () =>
      Effect.gen(function* () {
        const { address, folder } = yield* server
        const ca = readFileSync(join(folder, "certificate.pem"))
        const [topic, user] = [`guarded-${client}`, "bob"]
        const options = {
          ...{ brokers: address, client, topic, replicas: 1, timeout: 3000, connection: { ca } },
          password: Redacted.make(password)
        } as const
        const of = (user: string) => Effect.scoped(Effect.flatMap(Kafka.make({ ...options, user }), saved))
        const saved = (store: WorkflowStore["Service"]) => store.save(start(freshId()))
        const advice = /grant the user Read, Write, Describe and DescribeConfigs of the topic, and Create/
        assert.match((yield* Effect.flip(of(user))).message, advice)
        yield* of("ann")
        const manager = new kafkajs.Kafka({
          ...{ brokers: [address], logLevel: kafkajs.logLevel.NOTHING, ssl: { ca } },
          sasl: { mechanism: "plain", username: "ann", password }
        }).admin()
        const admin = yield* Effect.acquireRelease(
          Effect.promise(() => manager.connect().then(() => manager)),
          (admin) => Effect.promise(() => admin.disconnect())
        )
        const grant = (...rights: ReadonlyArray<"READ" | "WRITE" | "DESCRIBE" | "DESCRIBE_CONFIGS">) =>
          Effect.promise(() =>
            admin.createAcls({
              acl: rights.map((right) => ({
                resourceType: kafkajs.AclResourceTypes.TOPIC,
                resourceName: topic,
                resourcePatternType: kafkajs.ResourcePatternTypes.LITERAL,
                principal: `User:${user}`,
                host: "*",
                operation: kafkajs.AclOperationTypes[right],
                permissionType: kafkajs.AclPermissionTypes.ALLOW
              }))
            })
          )
        // It reads, and each commit is refused.
        yield* grant("READ", "DESCRIBE", "DESCRIBE_CONFIGS")
        const refused = yield* soon(
          Effect.filterOrFail(
            Effect.flip(of(user)),
            ({ operation }) => operation === "save",
            () => "not yet"
          )
        )
        assert.match(refused.message, /did not say whether the record was stored: .*uthoriz/)
        assert.match(refused.message, advice)
        yield* grant("WRITE")
        yield* soon(of(user))
      }).pipe(Effect.scoped)
    )
  }
})
