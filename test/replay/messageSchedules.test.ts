import { followSchedules } from "./messageSchedules.ts"

followSchedules(1, 100)
