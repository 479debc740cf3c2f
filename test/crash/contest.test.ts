/** `CONTEST=kind:number` runs one contest and shows it; `test/deep/contest.test.ts` has many more. */
import { holdContests } from "./contests.ts"

holdContests(1, 100)
