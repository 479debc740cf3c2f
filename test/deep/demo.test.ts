/** The demo keeps what it promises on each store that many processes share. */
import { assert, it } from "@effect/vitest"
import { Effect } from "effect"
import { demo } from "../support/demo.ts"

for (const store of ["postgres", "nats", "kafka", "dapr", "inngest"]) {
  it.live(
    `the demo kills a worker on ${store}, and another one goes on`,
    () =>
      Effect.gen(function* () {
        const { code, output } = yield* demo({ NO_COLOR: "1" }, "--store", store)
        assert.strictEqual(code, 0, output)
        assert.lengthOf(output.match(/^✓ /gm) ?? [], 5, output)
      }),
    120_000
  )
}
