/**
 * The portable promises on the default executor, in real time.
 */
import { layer } from "@effect/vitest"
import { Context, Effect, Layer } from "effect"
import * as DefaultExecutor from "perdure/Executor/Default"
import { DurableExecutor } from "perdure/Executor/DurableExecutor"
import { Executions } from "perdure/Executor/Executions"
import { allOf } from "../suites/portable/all.ts"
import { nothingSeen } from "../suites/portable/handlers.ts"
import { Portable } from "../suites/portable/Portable.ts"
import { promises } from "../suites/portable/suite.ts"

const portable = Layer.effect(
  Portable,
  Effect.gen(function* () {
    const seen = nothingSeen()
    const all = Layer.provideMerge(allOf(seen), DefaultExecutor.layerMemory)
    const context = yield* Layer.build(all)
    const executor = Context.get(context, DurableExecutor)
    const provided = Context.make(DurableExecutor, executor).pipe(
      Context.add(Executions, Context.get(context, Executions))
    )
    return Portable.of({ run: Effect.provideContext(provided), executor, seen, note: () => {} })
  })
)

layer(portable, { excludeTestServices: true })("the portable promises on the default executor", (it) => {
  promises((title, test) => it.effect(title, test))
})
