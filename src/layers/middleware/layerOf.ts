/**
 * Layers of middleware: what is done around each operation, with the services that it needs.
 */
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import type { Scope } from "effect/Scope"
import { DurableExecutor } from "../../Executor/DurableExecutor.ts"
import { Executions } from "../../Executor/Executions.ts"
import { ofLayer } from "../../internal/ofLayer.ts"
import { type Around, wrapServices } from "./Operation.ts"

/** What middleware has of the executor and of each operation. */
export type Inside = DurableExecutor | Executions | Scope

/** Middleware that does something around each operation, which is made anew for each executor. */
export const layerOf = <R>(
  make: Effect.Effect<Around<R>>
): Layer.Layer<DurableExecutor | Executions, never, DurableExecutor | Executions | Exclude<R, Inside>> =>
  Layer.effectContext(
    Effect.gen(function* () {
      const executor = yield* DurableExecutor
      const executions = yield* Executions
      const call = yield* make
      const own = yield* ofLayer<Exclude<R, Inside>>()
      const inner = Context.make(DurableExecutor, executor).pipe(Context.add(Executions, executions))
      const provide = (caller: Context.Context<never>) =>
        Context.merge(Context.merge(own, caller), inner) as Context.Context<R>
      const wrapped = wrapServices({ executor, executions }, (operation, next) =>
        Effect.updateContext(Effect.scoped(Effect.suspend(() => call(operation, next))), provide)
      )
      return Context.make(DurableExecutor, wrapped.executor).pipe(Context.add(Executions, wrapped.executions))
    })
  )
