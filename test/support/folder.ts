/** A folder for the files of tests, which is there while a file of tests runs. */
import { tmpdir } from "node:os"
import { join } from "node:path"

export const folder = join(tmpdir(), `perdure-${process.pid}-${crypto.randomUUID()}`)
