/**
 * What must never happen, judged by the facts: at each of them, and where nothing more can happen. A fact is a line of words.
 *
 * | fact                             | what happened                                                              |
 * | -------------------------------- | -------------------------------------------------------------------------- |
 * | `sent M`, `rec C M`, `take C M`  | a signal was sent, recorded by a chain, received by its program            |
 * | `noted M O`                      | its sender was told what became of a message                               |
 * | `rec C cancel D`, or `terminate` | a chain was asked to end, or was ended, in the name of a chain             |
 * | `kid K P of C`, `started K`      | a child was asked for with a policy, and began                             |
 * | `result C R`, `end P of K for C` | a chain closed; a chain was told of the end of a child of a chain          |
 * | `joined C B K`                   | a program heard of the end of its child `B`, known to it by `K`            |
 * | `requested C U`, `handles C U`, `answer C U` | an update was recorded, its handler began, and ended           |
 * | `asked Q`, `told Q K C A`        | a program asked a question, and has the answer of a chain                  |
 * | `got update I U C A`             | a client has the answer to an update                                       |
 * | `begun C`, `deleted C`           | an id was started again, a chain was deleted                               |
 */
import { chainOf, numberOf } from "./state.ts"

type Facts = ReadonlyArray<string>

/** What is wrong when a fact follows on others. */
export const judge = (facts: Facts, fact: string): string | undefined => {
  const [kind, a = "", b = "", c = "", d = ""] = fact.split(" ")
  switch (kind) {
    case "take":
      return taken(facts, fact, a, b)
    case "rec":
      return recorded(facts, a, b, c)
    case "sent":
      return facts.includes(fact) ? `two messages have the id ${a}` : undefined
    case "asked":
      return facts.includes(fact) ? `two questions have the id ${a}` : undefined
    case "started":
      return facts.includes(fact) ? `child ${a} ran twice` : undefined
    case "result":
      return facts.some((other) => other.startsWith(`result ${a} `)) ? `the result of ${a} changed` : undefined
    case "handles":
    case "answer":
      return handled(facts, fact, kind, a, b)
    case "end":
      if (!fact.endsWith(`for ${a}`)) return `the end of ${c} reached chain ${a}, which is not its parent`
      return facts.includes(fact) ? `the end of ${c} reached its parent twice` : undefined
    case "joined":
      return joined(facts, a, b, c)
    case "told":
      return told(facts, { question: a, kind: b, by: c, answer: d })
    case "got":
      return answeredOtherwise(facts, fact, d === "" ? "" : fact.slice(0, fact.lastIndexOf(" ")))
    default:
      return undefined
  }
}

// internal

/** Whether one message of a chain was sent before another one. */
const isBefore = (a: string, b: string): boolean => chainOf(a) === chainOf(b) && numberOf(a) < numberOf(b)

const taken = (facts: Facts, fact: string, chain: string, message: string): string | undefined => {
  if (facts.includes(fact)) return `${message} delivered twice to chain ${chain}`
  for (const other of facts) {
    const [kind, by, earlier = ""] = other.split(" ")
    if (kind !== "take") continue
    if (earlier === message && message.includes("#")) return `${message} delivered to two chains of one id`
    if (by === chain && isBefore(message, earlier)) return `${message} delivered after ${earlier}, which was sent later`
  }
  return undefined
}

const recorded = (facts: Facts, chain: string, message: string, meant: string): string | undefined => {
  if (message !== "cancel" && message !== "terminate") {
    const isLate = facts.some((other) => other.startsWith(`end ${chain} of ${chainOf(message)} `))
    return isLate ? `${message} arrived after the end of its sender` : undefined
  }
  if (meant !== chain) return `the ${message} of ${meant} reached chain ${chain}`
  const isLeftAlone = facts.some((other) => other.startsWith(`kid ${chain} abandon `))
  return isLeftAlone ? `${chain} was abandoned, and told to end` : undefined
}

const handled = (facts: Facts, fact: string, kind: string, chain: string, update: string): string | undefined => {
  const verb = kind === "handles" ? "begun" : "answered"
  if (facts.includes(fact)) return `update ${update} ${verb} twice by ${chain}`
  // What a program asks for once is done once: by which chain of the id does not matter to it.
  const isOfProgram = update.includes("?")
  if (!isOfProgram) return undefined
  const question = update.split("/")[0]!
  const other = facts.find((fact) => fact.startsWith(`${kind} `) && fact.split(" ")[2]!.split("/")[0] === question)
  return other === undefined ? undefined : `update ${question} ${verb} twice: "${fact}" after "${other}"`
}

const joined = (facts: Facts, chain: string, child: string, key: string): string | undefined => {
  const hasEnded = facts.some((other) => other.startsWith(`end ${chain} of ${child}<`))
  const message = key.slice(key.indexOf("<") + 1).replace(/\.(?=\d+$)/, "#")
  if (hasEnded || facts.includes(`noted ${message} refused`)) return undefined
  return `the wait for ${child} was ended by the end of another child`
}

const updateAnswers = new Set(["ok", "Finished", "NotFound", "Restarted"])

interface Told {
  readonly question: string
  readonly kind: string
  readonly by: string
  readonly answer: string
}

const told = (facts: Facts, { answer, by, kind, question }: Told): string | undefined => {
  if (facts.some((other) => other.startsWith(`told ${question} `))) return `question ${question} was answered twice`
  const isGone = facts.includes(`deleted ${by}`)
  if (kind === "update") {
    const isDone = facts.some((other) => other.startsWith(`answer ${by} ${question}`))
    if (!updateAnswers.has(answer))
      return `question ${question} was answered with "${answer}", the answer of another one`
    if (answer === "ok") return isDone ? undefined : `update ${question} was answered, and never handled`
    return isDone && !isGone ? `update ${question} was answered by ${by}, and its asker told ${answer}` : undefined
  }
  if (kind !== "result") return undefined
  const result = facts.find((other) => other.startsWith(`result ${by} `))?.split(" ")[2]
  if (answer === result) return undefined
  if (result !== undefined && !isGone) return `${by} ended ${result}, and who asked was told ${answer}`
  const asker = question.split("?")[0]!.replace(/\++$/, "")
  const heard = facts.some((other) => other.startsWith(`end ${asker} of ${by} `))
  return heard ? `the end of ${by} reached ${asker}, whose program was told ${answer}` : undefined
}

const answeredOtherwise = (facts: Facts, fact: string, about: string): string | undefined => {
  const unknown = /(Finished|NotFound|Restarted)$/
  const other = facts.find(
    (other) => about !== "" && other.startsWith(`${about} `) && other !== fact && !unknown.test(other)
  )
  return other === undefined ? undefined : `"${fact}" after "${other}"`
}
