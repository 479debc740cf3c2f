/** Runs around each file of tests: several of them may share a process, one after the other. */
import { afterAll, beforeAll } from "vitest"
import { mkdirSync, rmSync } from "node:fs"
import { folder } from "./folder.ts"

beforeAll(() => void mkdirSync(folder, { recursive: true }))
afterAll(() => rmSync(folder, { recursive: true, force: true }))
