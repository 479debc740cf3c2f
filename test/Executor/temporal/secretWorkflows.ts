/** The programs of a story with secrets, for Temporal's sandbox. */
export { programs } from "../../support/secretPrograms.ts"
