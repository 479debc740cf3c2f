/**
 * Loaded before an example, which knows nothing of it: kills the process by its own hand once its file has so many groups of commits.
 * Another process would see them too late where the machine is busy.
 */
import { DatabaseSync } from "node:sqlite"

const [commits, after] = [Number(process.env["DIE_AT_COMMIT"]), Number(process.env["DIE_AFTER_MILLISECONDS"])]

const die = () => process.kill(process.pid, "SIGKILL")

const { prepare } = DatabaseSync.prototype

DatabaseSync.prototype.prepare = function (this: DatabaseSync, ...given) {
  const statement = prepare.apply(this, given)
  if (given[0] !== "COMMIT") return statement
  const { run } = statement
  statement.run = () => {
    const done = Reflect.apply(run, statement, [])
    const last = prepare.call(this, "SELECT max(position) - 1 AS last FROM commit_groups").get()?.["last"]
    if (Number(last) >= commits) {
      if (after === 0) die()
      setTimeout(die, after)
    }
    return done
  }
  return statement
}
