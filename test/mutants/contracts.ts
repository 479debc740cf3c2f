/** Bugs of contracts and of the package. */
import type { Mutant } from "./Mutant.ts"

const codec = "test/codec.test.ts"
const evolve = "test/replay/evolve.test.ts"
const onMemory = "test/Executor/Memory.test.ts"

export const contracts: ReadonlyArray<Mutant> = [
  {
    file: "package.json",
    bug: "lets internals be imported",
    find: '"./internal/*": null',
    replace: '"./internals/*": null',
    test: "test/tidy.test.ts",
    title: "exports every public module, and closes every other folder"
  },
  {
    file: "src/ActivityGroup.ts",
    bug: "drops the limits of its activities",
    find: "return activity.toLayer(handler, limits)",
    replace: "return activity.toLayer(handler, {})",
    test: "test/activityGroup.test.ts",
    title: "gives an activity its limits"
  },
  {
    file: "src/Waiting.ts",
    bug: "throws at a time that no date has",
    find: "Option.match(DateTime.make(at), { onNone: () => `${at} ms`, onSome: DateTime.formatIso })",
    replace: "DateTime.formatIso(DateTime.makeUnsafe(at))",
    test: onMemory,
    title: "6. a timer may be later than any date"
  },
  {
    file: "src/Waiting.ts",
    bug: "does not say which attempt comes",
    find: "`, attempt ${attempt}`",
    replace: '""',
    test: "test/waiting.test.ts",
    title: "is said as"
  },
  {
    file: "src/Waiting.ts",
    bug: "does not say when it is tried again",
    find: 'waiting.retryAt === undefined ? "" :',
    replace: 'waiting.retryAt !== undefined ? "" :',
    test: "test/waiting.test.ts",
    title: "is said as"
  },
  {
    file: "src/HistoryEvent.ts",
    bug: "lets releases without messages read a message that was sent",
    find: 'MessageSent: { role: "command", since: 2 }',
    replace: 'MessageSent: { role: "command" }',
    test: codec,
    title: "writes the oldest format that can hold the events"
  },
  {
    file: "src/HistoryEvent.ts",
    bug: "lets releases without messages read what became of one",
    find: 'MessageSettled: { role: "delivered", since: 2 }',
    replace: 'MessageSettled: { role: "delivered" }',
    test: evolve,
    title: "MessageSent and MessageSettled need the second stored form, each of them alone"
  },
  {
    file: "src/Compensation.ts",
    bug: "lets what will be undone be interrupted",
    find: "Effect.uninterruptible(Effect.tap",
    replace: "Effect.asVoid(Effect.tap",
    test: onMemory,
    title: "7. a cancel waits for the end of what will be undone, and then it is undone"
  },
  {
    file: "src/Compensation.ts",
    bug: "gives a compensation the scope of the program, which is closed",
    find: "Effect.scoped, ",
    replace: "",
    test: onMemory,
    title: "7. a compensation has a scope of its own, and what it registers itself runs after it"
  },
  {
    file: "src/HistoryEvent.ts",
    bug: "lets older releases read attributes that a program has set",
    find: 'AttributesSet: { role: "command", since: 2 }',
    replace: 'AttributesSet: { role: "command", since: 1 }',
    test: onMemory,
    title:
      "8. an older release leaves an execution alone that has a memo, or whose program has set attributes, and no other"
  },
  {
    file: "src/HistoryEvent.ts",
    bug: "lets older releases leave out a memo, as they do not with attributes",
    find: 'event._tag === "ExecutionStarted" && event.memo !== undefined',
    replace: 'event._tag === "ExecutionStarted" && event.memo === "never"',
    test: onMemory,
    title:
      "8. an older release leaves an execution alone that has a memo, or whose program has set attributes, and no other"
  },
  {
    file: "src/Attributes.ts",
    bug: "takes undefined for a value of attributes",
    find: ".filter(([, value]) => value !== undefined)",
    replace: "",
    test: onMemory,
    title: "8. a program sets and removes attributes, each an event, and is found by them from that commit on"
  },
  {
    file: "src/Attributes.ts",
    bug: "takes an object that is a value of attributes for a test",
    find: "Predicate.isObject(test) && !is(test)",
    replace: "Predicate.isObject(test)",
    test: onMemory,
    title: "8. attributes are compared as they are encoded, and read back as they are typed"
  },
  {
    file: "src/HistoryEvent.ts",
    bug: "lets a release read inline activities that does not know them",
    find: 'event._tag === "ActivityScheduled" && event.inline === true) return 2',
    replace: 'event._tag === "ActivityScheduled" && event.inline === true) return 1',
    test: codec,
    title: "writes the oldest format that can hold the events"
  }
]
