/** A SQLite store with as many executions as a busy machine keeps. */
import { stalls } from "../suites/sqliteStalls.ts"

stalls(200_000)
