/**
 * The house style where no linter knows it: what is not called, how things are named, what is documented.
 */
import { type MemberExpression, Visitor } from "oxc-parser"
import { declarations, docBefore, type Finding, type Rule, type Source } from "./Source.ts"

/** Members that are not used, and what to write instead. */
const members: Readonly<Record<string, string>> = {
  "Date.now": "take the time as an argument, or yield* Clock.currentTimeMillis",
  "Math.random": "use Random, which a test can seed",
  "Effect.forkDaemon": "fork with an owner: Effect.forkScoped, Effect.forkIn or FiberMap.run",
  "Effect.forkDetach": "fork with an owner: Effect.forkScoped, Effect.forkIn or FiberMap.run",
  "JSON.parse": "use parseJson of internal/core/parse.ts, which reads each name as it is",
  "Schema.TaggedError": "use TaggedError of internal/taggedError.ts, which Node.js shows with message and stack"
}

/** Globals that are not called, and what to write instead. */
const globals: Readonly<Record<string, string>> = {
  setTimeout: "use Effect.sleep, which TestClock moves",
  setInterval: "use Effect.repeat with a Schedule, which TestClock moves",
  setImmediate: "use Effect.yieldNow"
}

/** Words that have another name here. */
const words: Readonly<Record<string, string>> = {
  job: "activity or execution",
  task: "activity",
  step: "activity or command",
  journal: "history",
  engine: "executor",
  backend: "store or executor",
  instance: "execution"
}

/** Where one of them is used all the same. */
const users: Readonly<Record<string, RegExp>> = {
  "JSON.parse": /^src\/internal\/core\/parse\.ts$/
}

const calls: Rule = {
  name: "time, chance and output are services",
  check: (source) =>
    visit(source, (report) => ({
      MemberExpression: (node) => {
        const name = memberName(node)
        const instead = name === undefined ? undefined : members[name]
        if (instead !== undefined && users[name!]?.test(source.path) !== true) report(node, `${name}: ${instead}`)
        if (name?.startsWith("console.") === true) report(node, `${name}: use Effect.log`)
      },
      CallExpression: ({ callee }) => {
        const instead = callee.type === "Identifier" ? globals[callee.name] : undefined
        if (callee.type === "Identifier" && instead !== undefined) report(callee, `${callee.name}: ${instead}`)
      },
      NewExpression: ({ callee }) => {
        if (callee.type === "Identifier" && callee.name === "Date") {
          report(callee, "new Date: take the time as an argument, in milliseconds, or use DateTime")
        }
      }
    }))
}

/** What the test kit stands between: an operation that it does not know would go on in a process that is dead. */
const between = /^(?:store|executor|executions|registry)$/

const wrapping: Rule = {
  name: "the test kit names each operation that it wraps",
  check: (source) =>
    !source.path.startsWith("src/testing/")
      ? []
      : visit(source, (report) => ({
          SpreadElement: (node) => {
            const { argument } = node
            if (argument.type === "Identifier" && between.test(argument.name)) {
              report(node, `...${argument.name}: name each operation, so that one that is new does not compile`)
            }
          }
        }))
}

const asynchrony: Rule = {
  name: "promises enter by Effect.tryPromise",
  check: (source) => {
    const message = "async: use Effect.fnUntraced, and Effect.tryPromise where a promise enters"
    return visit(source, (report) => ({
      AwaitExpression: (node) => report(node, message),
      ArrowFunctionExpression: (node) => (node.async ? report(node, message) : undefined),
      FunctionDeclaration: (node) => (node.async ? report(node, message) : undefined),
      FunctionExpression: (node) => (node.async ? report(node, message) : undefined)
    }))
  }
}

const casts: Rule = {
  name: "types are not switched off",
  check: (source) => [
    ...visit(source, (report) => ({
      TSAsExpression: (node) => {
        if (node.typeAnnotation.type === "TSAnyKeyword") {
          report(
            node,
            "as any: decode with a Schema, narrow with a guard, or cast to the type that is meant and say why"
          )
        }
      }
    })),
    ...source.comments
      .filter(({ value }) => /^[\s*]*@ts-(ignore|nocheck|expect-error)/.test(value))
      .map(({ start }) => ({ at: start, message: "@ts-…: mend the type; expected errors belong in test/types" }))
  ]
}

const names: Rule = {
  name: "one word for one idea",
  check: (source) =>
    declarations(source).flatMap(({ at, name }) =>
      name
        .split(/(?=[A-Z])|_/)
        .map((word) => word.toLowerCase().replace(/s$/, ""))
        .flatMap((word) => (Object.hasOwn(words, word) ? [{ at, message: `${name}: say ${words[word]}` }] : []))
    )
}

const docs: Rule = {
  name: "what is public is documented",
  check: (source) => {
    if (!isPublic(source.path)) return []
    const found = new Set<string>()
    return declarations(source).flatMap(({ at, name }): ReadonlyArray<Finding> => {
      // The type of a schema, and an overload, are documented with their first declaration.
      if (found.has(name)) return []
      found.add(name)
      const doc = docBefore(source, at)
      if (doc === undefined) return [{ at, message: `${name}: needs a doc comment` }]
      if (doc.includes("@internal")) return []
      const missing = ["@category", "@since"].filter((tag) => !doc.includes(tag))
      return missing.map((tag) => ({ at, message: `${name}: its doc comment needs ${tag}` }))
    })
  }
}

/** Words that leave open who does something, or which things are meant. */
const riddles = /\b(whoever|somebody|nobody|those[\s*]+(?:that|who))\b/gi

const subjects: Rule = {
  name: "a comment names its subject",
  check: (source) => {
    return source.comments.flatMap(({ end, start }) =>
      [...source.text.slice(start, end).matchAll(riddles)].map(({ 0: found, index }) => {
        const words = found.toLowerCase().replaceAll(/[\s*]+/g, " ")
        return { at: start + index, message: `${words}: name the subject with a word of the vocabulary` }
      })
    )
  }
}

const header: Rule = {
  name: "a file opens with what it is",
  check: (source) =>
    source.text.startsWith("/**\n") ? [] : [{ at: 0, message: "open with a doc comment on the file" }]
}

const length: Rule = {
  name: "a file is read in one sitting",
  check: (source) => {
    const lines = source.text.trimEnd().split("\n").length
    return lines <= 400 ? [] : [{ at: 0, message: `${lines} lines: split it by concept, 400 are the most` }]
  }
}

/** The rules of this file. */
export const style: ReadonlyArray<Rule> = [calls, wrapping, asynchrony, casts, names, docs, subjects, header, length]

/** Whether users can import the module: its folders and its name begin with a capital, or it is one of the layers, that of agents, of tests or the linter. */
export const isPublic = (path: string): boolean =>
  /^src\/((layers\/)?([A-Z]\w*\/)?[A-Z]\w*|ai|lint|testing)\.ts$/.test(path)

// internal

type Visitors = ConstructorParameters<typeof Visitor>[0]

const visit = (
  source: Source,
  visitors: (report: (node: { readonly start: number }, message: string) => void) => Visitors
): ReadonlyArray<Finding> => {
  const found: Array<Finding> = []
  new Visitor(visitors(({ start }, message) => found.push({ at: start, message }))).visit(source.program)
  return found
}

const memberName = ({ object, property }: MemberExpression): string | undefined =>
  object.type === "Identifier" && property.type === "Identifier" ? `${object.name}.${property.name}` : undefined
