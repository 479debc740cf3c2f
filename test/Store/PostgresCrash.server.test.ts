/** Of processes that write to the same executions each version has one winner, also while they and the server are killed. */
import { postgresPlace as place } from "../support/postgresClient.ts"
import { describeWith, shared } from "../support/servers.ts"
import { contests } from "./contending.ts"

describeWith("postgres", "a PostgreSQL to which several processes write", () => {
  contests(place, shared(place.start))
})
