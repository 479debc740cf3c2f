import { suite } from "../suites/ExecutorSuite.ts"
import { freshStore } from "../support/sqliteFiles.ts"

suite("SQLite", { store: freshStore })
