/** Many schedules of messages; `FROM` says where they begin, and `COUNT` how many they are. */
import { followSchedules } from "../replay/messageSchedules.ts"

followSchedules(Number(process.env["FROM"] ?? 1), Number(process.env["COUNT"] ?? 10_000))
