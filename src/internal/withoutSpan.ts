/**
 * What layers keep of the context in which they are built. The span there is over long before what they do is.
 */
import * as Context from "effect/Context"
import * as Option from "effect/Option"
import * as Tracer from "effect/Tracer"

/** A context without the span in it; the same one where there is none, since a copy is slower to ask. */
export const withoutSpan = <R>(context: Context.Context<R>): Context.Context<R> =>
  Option.isNone(Context.getOption(context, Tracer.ParentSpan))
    ? context
    : (Context.omit(Tracer.ParentSpan)(context) as Context.Context<R>)
