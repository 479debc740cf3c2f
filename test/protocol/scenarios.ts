/**
 * The scenarios: small programs, clients and faults, of which everything that can happen is explored.
 */
import { children } from "./scenarios/children.ts"
import { policies } from "./scenarios/policies.ts"
import { questions } from "./scenarios/questions.ts"
import { fromOutside, signals } from "./scenarios/signals.ts"

export const scenarios = { ...signals, ...fromOutside, ...children, ...policies, ...questions } as const

export type ScenarioName = keyof typeof scenarios
