/** What every executor promises, on a store whose payloads are encrypted. */
import * as Memory from "perdure/Store/Memory"
import { suite } from "../suites/DefaultExecutorSuite.ts"
import { encrypted } from "../support/encrypted.ts"

suite("memory, encrypted", { store: encrypted(Memory.layer) })
