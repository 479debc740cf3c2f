/** Many contests; `FROM` says where they begin, and `COUNT` how many they are. */
import { holdContests } from "../crash/contests.ts"

holdContests(Number(process.env["FROM"] ?? 1), Number(process.env["COUNT"] ?? 1500))
