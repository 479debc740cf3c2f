/** What every executor promises, on stores whose payloads are encrypted. */
import * as Memory from "perdure/Store/Memory"
import { suite as defaultSuite } from "../suites/DefaultExecutorSuite.ts"
import { suite } from "../suites/ExecutorSuite.ts"
import { encrypted } from "../support/encrypted.ts"
import { freshStore } from "../support/sqliteFiles.ts"

defaultSuite("memory, encrypted", { store: encrypted(Memory.layer) })
suite("SQLite, encrypted", { store: encrypted(freshStore) })
