import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { afterAll } from "@effect/vitest"
import * as Sqlite from "perdure/Store/Sqlite"
import { suite } from "../StoreSuite.ts"

const folder = mkdtempSync(join(tmpdir(), "perdure-"))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

suite("SQLite", { layer: Sqlite.layer({ filename: join(folder, "suite.db") }), shared: true })
