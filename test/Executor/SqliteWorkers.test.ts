/** What the default executor promises beside `Sqlite.test.ts`: a file of its own, so that both run at once. */
import { beside } from "../suites/DefaultExecutorSuite.ts"
import { freshStore } from "../support/sqliteFiles.ts"

beside("SQLite", { store: freshStore })
