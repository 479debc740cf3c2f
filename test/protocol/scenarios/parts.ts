/**
 * Parts of scenarios.
 */
import type { Faults, Instruction } from "../state.ts"

/** So many crashes, lost answers and late writes. */
export const faults = (crashes: number, losses = crashes, late = crashes): Faults => ({ crashes, losses, late })

export const one = faults(1)
export const none = faults(0)

/** Lives over two runs. */
export const entity: ReadonlyArray<Instruction> = [["receive"], ["continue"], ["receive"], ["idle"]]
export const receives: ReadonlyArray<Instruction> = [["receive"], ["return"]]
export const idles: ReadonlyArray<Instruction> = [["idle"]]
