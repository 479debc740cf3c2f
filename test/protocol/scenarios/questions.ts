/**
 * What programs ask of other executions.
 */
import type { Scenario } from "../state.ts"
import { faults, idles, one, receives } from "./parts.ts"

/** What a program asks of executions that are not its children. */
export const questions = {
  askUpdate: {
    about: "P asks D for an update while D continues as new",
    programs: { P: [["update", "D"], ["return"]], D: [["receive"], ["continue"], ["idle"]] },
    there: ["P", "D"],
    clients: [[["signal", "D", "k"]]],
    faults: one
  },
  askClosing: {
    about: "P asks D for an update while D closes",
    programs: { P: [["update", "D"], ["idle"]], D: receives },
    there: ["P", "D"],
    clients: [[["signal", "D", "k"]]],
    faults: one
  },
  askFound: {
    about: "P finds D and asks it for an update; D closes and is started again",
    programs: { P: [["find", "D"], ["update", "D"], ["idle"]], D: receives },
    there: ["P", "D"],
    clients: [
      [
        ["signal", "D", "k"],
        ["restart", "D"]
      ]
    ],
    faults: faults(1, 0, 0)
  },
  askById: {
    about: "P asks D for an update, by its id alone; D closes and is started again",
    programs: { P: [["update", "D"], ["idle"]], D: receives },
    there: ["P", "D"],
    clients: [
      [
        ["signal", "D", "k"],
        ["restart", "D"]
      ]
    ],
    faults: faults(1, 0, 0)
  },
  askTwice: {
    about: "P asks D for an update in each of two runs",
    programs: { P: [["find", "D"], ["update", "D"], ["continue"], ["update", "D"], ["return"]], D: idles },
    there: ["P", "D"],
    faults: one
  },
  askBetween: {
    about: "P asks D for an update between two runs of D",
    programs: { P: [["update", "D"], ["return"]], D: [["continue"], ["idle"]] },
    there: ["P", "D"],
    faults: one
  },
  askChild: {
    about: "P starts C, asks it for an update and waits for its end; P may be cancelled",
    programs: {
      P: [["start", "C", "cancel"], ["started", "C"], ["update", "C"], ["signal", "C"], ["await", "C"], ["return"]],
      C: receives
    },
    there: ["P"],
    clients: [[["cancel", "P"]]],
    faults: faults(0, 1, 0)
  },
  askResult: {
    about: "P asks how D ends; D continues as new, closes, and owes a signal then",
    programs: {
      P: [["find", "D"], ["result", "D"], ["return"]],
      D: [["continue"], ["signal", "E"], ["return"]],
      E: idles
    },
    there: ["P", "D", "E"],
    faults: one
  },
  askResultSmall: {
    about: "P asks how D ends, which closes when it has received a signal",
    programs: { P: [["result", "D"], ["return"]], D: receives },
    there: ["P", "D"],
    clients: [[["signal", "D", "k"]]],
    faults: faults(1, 0, 0)
  },
  askResultLater: {
    about: "P finds D and asks how it ends when D was started again, or deleted",
    programs: { P: [["find", "D"], ["result", "D"], ["return"]], D: receives },
    there: ["P", "D"],
    clients: [
      [
        ["terminate", "D"],
        ["restart", "D"]
      ],
      [["delete", "D"]]
    ],
    faults: faults(1, 0, 0)
  },
  askEachOther: {
    about: "P asks D for an update, and D asks how P ends",
    programs: { P: [["update", "D"], ["return"]], D: [["find", "P"], ["result", "P"], ["return"]] },
    there: ["P", "D"],
    faults: faults(1, 0, 0)
  },
  askRace: {
    about: "P asks how D ends until a signal comes, and asks E for an update then",
    programs: { P: [["race", "D"], ["update", "E"], ["return"]], D: receives, E: idles },
    there: ["P", "D", "E"],
    clients: [[["signal", "P", "k"]], [["signal", "D", "l"]]],
    faults: faults(1, 0, 0)
  },
  askAndLeave: {
    about: "P asks D for an update, and is terminated and started again meanwhile",
    programs: { P: [["update", "D"], ["idle"]], D: idles },
    there: ["P", "D"],
    clients: [
      [
        ["terminate", "P"],
        ["restart", "P"]
      ]
    ],
    faults: faults(1, 0, 0)
  }
} satisfies Record<string, Scenario>
