/**
 * What layers keep of the context in which they are built, for what they do later.
 */
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Scope from "effect/Scope"
import * as Tracer from "effect/Tracer"

/** A context without the span in it, which is over long before; the same one where there is none, since a copy is slower to ask. */
export const withoutSpan = <R>(context: Context.Context<R>): Context.Context<R> =>
  Option.isNone(Context.getOption(context, Tracer.ParentSpan))
    ? context
    : (Context.omit(Tracer.ParentSpan)(context) as Context.Context<R>)

/** The context of the layer that is being built, without its span and its scope: what is opened in that stays open as long as the layer. */
export const ofLayer = <R = never>(): Effect.Effect<Context.Context<R>, never, R> =>
  Effect.map(Effect.context<R>(), lasting)

/** What a layer does again and again, with its context but for the span and the scope. */
export const goingOn = <A, E>(effect: Effect.Effect<A, E>): Effect.Effect<A, E> =>
  Effect.updateContext(effect, (context: Context.Context<never>) => lasting(context))

// internal

const lasting = <R>(context: Context.Context<R>): Context.Context<R> =>
  Context.omit(Tracer.ParentSpan, Scope.Scope)(context) as Context.Context<R>
