/**
 * How failures leave the sandbox: with readable words, or with words in payloads where those are encrypted. One bundle is for both.
 */
import { defaultFailureConverter, type FailureConverter } from "@temporalio/common"
import { encodesFailures } from "../../../internal/temporal/wire.ts"
import { failureConverter as encoding } from "./encodingFailures.ts"

const isOn = Object.hasOwn(globalThis, encodesFailures)

/** Temporal looks for it by this name. */
export const failureConverter: FailureConverter = isOn ? encoding : defaultFailureConverter
