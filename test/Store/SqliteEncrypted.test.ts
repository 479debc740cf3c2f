import { join } from "node:path"
import * as Sqlite from "perdure/Store/Sqlite"
import { suite } from "../suites/StoreSuite.ts"
import { encrypted } from "../support/encrypted.ts"
import { folder } from "../support/sqliteFiles.ts"

suite("SQLite, encrypted", { layer: encrypted(Sqlite.layer({ filename: join(folder, "encrypted.db") })), shared: true })
