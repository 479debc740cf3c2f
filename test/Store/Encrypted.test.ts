/** What every store promises, with its payloads encrypted. */
import * as Memory from "perdure/Store/Memory"
import { suite } from "../suites/StoreSuite.ts"
import { encrypted } from "../support/encrypted.ts"

suite("memory, encrypted", { layer: encrypted(Memory.layer) })
