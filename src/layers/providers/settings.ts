/**
 * How the options of this library are read from texts. A value that makes no sense is refused here already, where the name of
 * its variable is known; what is secret is never part of a message.
 */
import * as Config from "effect/Config"
import * as Duration from "effect/Duration"
import * as Redacted from "effect/Redacted"
import * as Schema from "effect/Schema"
import * as Options from "../../internal/options.ts"
import type { OptionalSetting, Setting } from "../Provider.ts"

/** A setting that may be missing. */
export const optional = <A>(setting: Setting<A>): OptionalSetting<A> => ({ optional: setting })

/** A text; one that is empty counts as missing. */
export const text: Setting<string> = Config.String

/** A secret. */
export const secret: Setting<Redacted.Redacted> = Config.Redacted

/** A number of things. */
export const count: Setting<number> = (variable) =>
  Config.schema(
    checked(Schema.Number, (value) => Options.count(variable, value)),
    variable
  )

/** `true` or `false`, and what else `Config.Boolean` takes for them. */
export const flag: Setting<boolean> = Config.Boolean

/** A time, such as `5 seconds`. */
export const time =
  (limits: Parameters<typeof Options.time>[2] = {}): Setting<Duration.Duration> =>
  (variable) =>
    Config.schema(
      checked(Schema.DurationFromString, (value) => Options.time(variable, Duration.toMillis(value), limits)),
      variable
    )

/** One of some words. */
export const oneOf =
  <const Words extends ReadonlyArray<string>>(words: Words): Setting<Words[number]> =>
  (variable) =>
    Config.Literals(words, variable)

/** Addresses with commas between them. They are secret, since they may have a password in them. */
export const addresses: Setting<ReadonlyArray<string>> = (variable) =>
  Config.map(
    Config.schema(
      Schema.RedactedFromValue(
        checked(Schema.String, (value) =>
          listed(value).every((address) => isAddress.test(address))
            ? undefined
            : `${variable} must be an address, such as host:4222, or several with commas between them`
        )
      ),
      variable
    ),
    (addresses) => listed(Redacted.value(addresses))
  )

// internal

const checked = <S extends Schema.Codec<any, any>>(schema: S, fault: (value: S["Type"]) => Options.Fault) =>
  schema.check(Schema.makeFilter((value: S["Type"]) => fault(value)))

/**
 * A host with its port, what stands before them, and a path. The port is looked at because a password with a comma in it would make two
 * addresses, of which the first has a part of it in the place of the port, where errors would show it.
 */
const isAddress = /^(\w[\w+.-]*:\/\/)?(\S*@)?([^\s:@/]+|\[[\da-f:.]+\])(:\d+)?(\/[^\s@]*)?$/i

const listed = (value: string): ReadonlyArray<string> => value.split(",").map((address) => address.trim())
