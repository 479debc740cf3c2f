/** The rules as rules of oxlint: their types, and the places to which they point. */
import { RuleTester } from "oxlint/plugins-dev"
import { describe, it } from "@effect/vitest"
import { rules } from "../../src/lint.ts"

RuleTester.describe = describe
RuleTester.it = it

const code = [
  `import { Effect } from "effect"`,
  `import { Workflow } from "perdure"`,
  `const Order = Workflow.make("Order")`,
  `Order.toLayer(() => Effect.promise(() => fetch(process.env.URL)))`
].join("\n")

const tester = new RuleTester({ languageOptions: { sourceType: "module", parserOptions: { lang: "ts" } } })

tester.run("no-async", rules["no-async"], {
  valid: [`const now = Date.now(); queueMicrotask(() => now)`],
  invalid: [{ code, errors: [{ message: /^`Effect.promise` /, line: 4, column: 20, endLine: 4, endColumn: 34 }] }]
})
tester.run("no-io", rules["no-io"], {
  // What moves into an activity takes with it what is in it.
  valid: [code],
  invalid: [
    {
      code: code.replace("Effect.promise", "Effect.sync"),
      errors: [
        { message: /^`fetch` /, line: 4 },
        { message: /^`process.env.URL` /, line: 4 }
      ]
    }
  ]
})
