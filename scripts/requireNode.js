/**
 * Loaded before each program of this repository, and plain JavaScript, so that an old Node.js says in one line that it is old:
 * TypeScript it does not even load.
 */
import { readFileSync } from "node:fs"

const { engines, name } = JSON.parse(readFileSync(new URL("../package.json", import.meta.url), "utf8"))
const needed = engines.node.replace(">=", "").split(".").map(Number)
const found = process.versions.node.split(".").map(Number)
const [major, minor] = needed

if (found[0] < major || (found[0] === major && found[1] < minor)) {
  console.error(
    `${name} needs Node.js ${major}.${minor} or later, and this is ${process.versions.node}: install a newer one, or run ` +
      "`npm install`, which brings one for the scripts of this repository"
  )
  process.exit(1)
}
