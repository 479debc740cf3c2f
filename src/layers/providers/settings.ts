/**
 * How the options of this library are read from texts. A value that makes no sense is refused here already, where the name of
 * its variable is known; what is secret is never part of a message.
 */
import * as Config from "effect/Config"
import * as Duration from "effect/Duration"
import type * as Redacted from "effect/Redacted"
import * as Schema from "effect/Schema"
import * as Options from "../../internal/options.ts"
import { refused } from "./refused.ts"
import type { OptionalSetting, Setting } from "../Provider.ts"

/** A setting that may be missing. */
export const optional = <A>(setting: Setting<A>): OptionalSetting<A> => ({ optional: setting })

/** A text; one that is empty counts as missing. */
export const text: Setting<string> = Config.String

/** The path of a file. Where an address stands another store was meant. */
export const path: Setting<string> = (variable) =>
  Config.flatMap(Config.String(variable), (value) => {
    const meant = /^postgres(ql)?:/i.test(value) ? "postgres" : "nats"
    const fault = Options.path(variable, value, `; did you mean PERDURE_STORE=${meant}?`)
    return fault === undefined ? Config.succeed(value) : refused(fault)
  })

/** A secret. */
export const secret: Setting<Redacted.Redacted> = Config.Redacted

/** A number of things; `Infinity` is no limit, where there may be none. */
export const count =
  (limits: { readonly unlimited?: boolean } = {}): Setting<number> =>
  (variable) =>
    said(
      variable,
      Config.schema(
        checked(Schema.Number, (value) => Options.count(variable, value, limits)),
        variable
      ),
      limits.unlimited === false
        ? "a whole number of at least 1"
        : "a whole number of at least 1, or Infinity for no limit"
    )

/** `true` or `false`, and what else `Config.Boolean` takes for them. */
export const flag: Setting<boolean> = (variable) => said(variable, Config.Boolean(variable), "true or false")

/** A time, such as `5 seconds`. */
export const time =
  (limits: { readonly least?: number; readonly unlimited?: boolean } = {}): Setting<Duration.Duration> =>
  (variable) =>
    said(
      variable,
      Config.schema(
        checked(Schema.DurationFromString, (value) => Options.time(variable, Duration.toMillis(value), limits)),
        variable
      ),
      duration(limits)
    )

/** One of some words. */
export const oneOf =
  <const Words extends ReadonlyArray<string>>(words: Words): Setting<Words[number]> =>
  (variable) =>
    said(variable, Config.Literals(words, variable), words.join(" or "))

// internal

/** Says of a value that cannot be read what to write in its place. One that is missing stays so. */
const said = <A>(variable: string, config: Config.Config<A>, what: string): Config.Config<A> =>
  Config.orElse(config, () =>
    Config.flatMap(Config.String(variable), (value) =>
      refused(`${variable} must be ${what}, and is ${Options.shown(value)}`)
    )
  )

const duration = ({ least = 1, unlimited = false }: { readonly least?: number; readonly unlimited?: boolean }) =>
  `a duration${least > 0 ? ` of at least ${least} ms` : ""}, such as "5 seconds"${unlimited ? ' or "Infinity"' : ""}`

const checked = <S extends Schema.Codec<any, any>>(schema: S, fault: (value: S["Type"]) => Options.Fault) =>
  schema.check(Schema.makeFilter((value: S["Type"]) => fault(value)))
