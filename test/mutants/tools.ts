/** Bugs of the test kit and of the rules for programs. */
import type { Mutant } from "./Mutant.ts"

const checksOfLives = "test/testing/checks.test.ts"
const crashed = "test/crash/crashEverywhere.test.ts"
const kit = "test/testing/kit.test.ts"
const lintConstructs = "test/lint/constructs.test.ts"
const lintPrograms = "test/lint/programs.test.ts"
const lives = "test/testing/lives.test.ts"

export const tools: ReadonlyArray<Mutant> = [
  {
    file: "src/lint/Names.ts",
    bug: "does not see a global behind globalThis",
    find: "if (globals.has(owner)) return property",
    replace: "",
    test: lintConstructs,
    title: "is found in Effect.sync(() => globalThis.Date.now())"
  },
  {
    file: "src/lint/Program.ts",
    bug: "takes what runs with a program for what runs when its file is loaded",
    find: "{ ...place, isRunning: true }",
    replace: "{ ...place, isRunning: false }",
    test: lintPrograms,
    title: "in a generator in a function"
  },
  {
    file: "src/lint/Program.ts",
    bug: "finds what moves into an activity once more",
    find: 'if (found?.rule !== "no-async") this.children(node, place)',
    replace: "this.children(node, place)",
    test: lintConstructs,
    title: "is found in yield* Effect.promise(() => fetch(url))"
  },
  {
    file: "src/lint/Program.ts",
    bug: "forbids handlers to write to variables of the file",
    find: "const isOfProgram = variable !== undefined && isOutside(variable, effect) && !isOutside(variable, place.part)",
    replace: "const isOfProgram = variable !== undefined && isOutside(variable, effect)",
    test: lintPrograms,
    title: "and an inline activity may write to its own, and to those of the file"
  },
  {
    file: "src/lint/Program.ts",
    bug: "asks policies of retries in the program",
    find: "this.visit(argument, { ...place, isForHandlers: true })",
    replace: "this.visit(argument, place)",
    test: lintPrograms,
    title: "and a policy of retries does not"
  },
  {
    file: "src/lint/definitions.ts",
    bug: "takes what has limits for a workflow",
    find: "given.length > 1 || ",
    replace: "",
    test: lintConstructs,
    title: "in the handler of an activity with limits"
  },
  {
    file: "src/lint/definitions.ts",
    bug: "takes what is called for a workflow",
    find: "if (isCalled) return false",
    replace: "",
    test: lintPrograms,
    title: "and not when it is called"
  },
  {
    file: "src/lint/handlers.ts",
    bug: "takes for a handler what the program uses, too",
    find: "reads.length > 0 && reads.every(",
    replace: "reads.some(",
    test: lintPrograms,
    title: "when it is written in the program, and an inline activity uses it as well"
  },
  {
    file: "src/lint/imported.ts",
    bug: "takes a workflow of Effect for one of ours",
    find: 'isOurs(text, maker) ? kinds[maker] : "other"',
    replace: "kinds[maker]",
    test: lintPrograms,
    title: "is not when it is a workflow of Effect"
  },
  {
    file: "src/lint/imported.ts",
    bug: "looks into one file alone",
    find: "const depth = 4",
    replace: "const depth = 1",
    test: lintPrograms,
    title: "is so when another file hands it on"
  },
  {
    file: "src/lint/rules.ts",
    bug: "reports what is another rule's",
    find: "if (finding.construct.rule === name) ",
    replace: "",
    test: lintPrograms,
    title: "in an arrow function"
  },
  {
    file: "src/lint/state.ts",
    bug: "takes a variable that is given its one value later for one that changes",
    find: "return !(isGivenLater && !isInFunction(first.identifier))",
    replace: "return true",
    test: lintPrograms,
    title: "and what is computed once, when its file is loaded, does not"
  },
  {
    file: "src/testing/Outside.ts",
    bug: "takes a signal for another one of its name",
    find: "Semaphore.makeUnsafe(1)",
    replace: "Semaphore.makeUnsafe(9)",
    test: crashed,
    title: "signals that a script sends at once"
  },
  {
    file: "src/testing/Watched.ts",
    bug: "finds no end before messages that are settled after it",
    find: "return closed?.events.findLast(isClosing)",
    replace: "return last.events.findLast(isClosing)",
    test: crashed,
    title: "a parent may end before its children"
  },
  {
    file: "src/testing/replaying.ts",
    bug: "replays what no worker has taken",
    find: "if (!history.some(isOfWorker)) return undefined",
    replace: "",
    test: crashed,
    title: "a parent may end before its children"
  },
  {
    file: "src/testing/crashEverywhere.ts",
    bug: "takes a token whose crash never comes",
    find: "if (missed !== undefined) {",
    replace: "if (missed === null) {",
    test: crashed,
    title: "a token whose crash never comes"
  },
  {
    file: "src/testing/LifeRun.ts",
    bug: "lets what is wrong go on within its turn",
    find: "this.processes.at(-1)?.mute()",
    replace: "",
    test: crashed,
    title: "what never comes to rest"
  },
  {
    file: "src/testing/checks.ts",
    bug: "lets handlers begin after their results are recorded",
    find: "({ isOver }) => isOver",
    replace: "({ attempt }) => attempt === 0",
    test: checksOfLives,
    title: "a handler that begins after its result is recorded is a fault"
  },
  {
    file: "src/testing/checks.ts",
    bug: "lets attempts of a call have several keys",
    find: "(keys.get(call) ?? key) !== key",
    replace: "(keys.get(key) ?? key) !== key",
    test: checksOfLives,
    title: "two keys of one call are a fault, also while another call has not begun"
  },
  {
    file: "src/testing/checks.ts",
    bug: "lets calls have one key",
    find: "calls.set(key, call)",
    replace: "calls.set(call, call)",
    test: checksOfLives,
    title: "one key of two calls is a fault, also of other activities"
  },
  {
    file: "src/testing/checks.ts",
    bug: "does not replay what has ended",
    find: "const wrong = registration === undefined ?",
    replace: "const wrong = registration !== undefined ?",
    test: crashed,
    title: "a program that remembers outside of its history that it ran before"
  },
  {
    file: "src/testing/lives.ts",
    bug: "never dies between a commit and its answer",
    find: '["before", "stored", "answered"] as const',
    replace: '["before", "answered", "stored"] as const',
    test: crashed,
    title: "a handler whose answer depends on the number of its attempt, with the smallest crash"
  },
  {
    file: "src/testing/crashEverywhere.ts",
    bug: "takes any end for the end",
    find: "endKeyOf(calm) === endKeyOf(closing)",
    replace: "calm._tag === closing._tag",
    test: crashed,
    title: "a script that is repeated and sends twice"
  },
  {
    file: "src/testing/crashEverywhere.ts",
    bug: "never crashes a recovery",
    find: "this.everyAfter([first], Math.min(recovery, mostCommits))",
    replace: "this.everyAfter([first], 0)",
    test: crashed,
    title: "finds what only a second crash shows"
  },
  {
    file: "src/testing/Outside.ts",
    bug: "sends a signal again whose answer is lost",
    find: "now > before ?",
    replace: "now < before ?",
    test: crashed,
    title: "what a script sends from outside is sent once, whatever dies"
  },
  {
    file: "src/testing/Turns.ts",
    bug: "lets a process go on that is dead",
    find: "return this.isStopped || fiber.currentOpCount >= operations",
    replace: "return fiber.currentOpCount >= operations",
    test: crashed,
    title: "a process that is killed does not go on when a promise of its handlers is kept"
  },
  {
    file: "src/testing/Process.ts",
    bug: "has processes find their executions with workers that are dead",
    find: "!dead.has(id)",
    replace: 'id !== ""',
    test: crashed,
    title: "that nobody approves"
  },
  {
    file: "src/testing/LifeRun.ts",
    bug: "is never late",
    find: "life.order === 0 ?",
    replace: "life.order >= 0 ?",
    test: lives,
    title: "finds an order that breaks an invariant which holds where nothing is late, and names it"
  },
  {
    file: "src/testing/LifeRun.ts",
    bug: "tells a layer that a crash breaks as one that was never built",
    find: "this.processes.length === 1",
    replace: "this.processes.length > 0",
    test: crashed,
    title: "an input that does not fit its schema, and a layer that is never built, or only once"
  },
  {
    file: "src/testing/LifeRun.ts",
    bug: "does not wait for promises of programs",
    find: "mayBeOutside ? patience : moment",
    replace: "mayBeOutside ? patience : 0",
    test: crashed,
    title: "a program that waits for a promise"
  },
  {
    file: "src/testing/replay.ts",
    bug: "agrees with every history",
    find: "if (wrong !== undefined) return",
    replace: "if (wrong === undefined) return",
    test: kit,
    title: "fails with both sides where the code of today disagrees"
  },
  {
    file: "src/testing/double.ts",
    bug: "answers in reverse",
    find: "answers.shift()",
    replace: "answers.pop()",
    test: kit,
    title: "lets time pass, and what follows from it happen"
  },
  {
    file: "src/testing/story.ts",
    bug: "takes lines in any order",
    find: "from = index + 1",
    replace: "from = 0",
    test: kit,
    title: "tells what happened, and finds what did not"
  },
  {
    file: "src/testing/Resting.ts",
    bug: "waits for a turn alone",
    find: "if (this.scheduled === before) return",
    replace: "if (this.scheduled >= before) return",
    test: kit,
    title: "however many turns a handler takes"
  },
  {
    file: "src/testing/TestWorkflows.ts",
    bug: "does not count what the handlers do",
    find: "Context.add(Scheduler.Scheduler, scheduler)",
    replace: "Context.add(Scheduler.Scheduler, new Scheduler.MixedScheduler())",
    test: kit,
    title: "also in fibers that a handler forks, and after promises that need nothing from outside"
  },
  {
    file: "src/testing/tokens.ts",
    bug: "takes tokens that are outside of the schema of lives",
    find: "return isLife(life) ? life : undefined",
    replace: "return life",
    test: lives,
    title: "of no life is refused everywhere, as is a life that is none"
  },
  {
    file: "src/testing/tokens.ts",
    bug: "has an order of a life run what another thing has lived",
    find: "order > 0 && crashes.length === 0",
    replace: "order >= 0",
    test: lives,
    title: "of a life that something else has lived is refused, and it is said what runs it"
  },
  {
    file: "src/testing/live.ts",
    bug: "replays a life at the time of the machine at which it was lived",
    find: "if (later) yield*",
    replace: "if (later && life.order < 0) yield*",
    test: lives,
    title: "is waited for once, and not in each life"
  },
  {
    file: "src/testing/interleave.ts",
    bug: "replays each life at another time of the machine",
    find: "later: index === 0",
    replace: "later: index >= 0",
    test: lives,
    title: "is waited for once, and not in each life"
  }
]
