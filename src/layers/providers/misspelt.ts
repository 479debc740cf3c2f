/**
 * Variables that nothing reads: of a name that is written wrongly nothing would be noticed but that it does nothing.
 */
import * as ConfigProvider from "effect/ConfigProvider"
import * as Effect from "effect/Effect"
import { type Readable, variableOf, variableOfKind } from "./reading.ts"

/**
 * Logs a warning for each variable of a kind that no provider reads, with the nearest one that there is. Variables are found where
 * they can be listed by the parts of their names, as in the environment and in a `.env` file, and nowhere else.
 */
export const warnOfMisspelt = Effect.fnUntraced(function* (
  providers: ReadonlyArray<Readable>,
  kind: Readable["kind"]
): Effect.fn.Return<void> {
  const source = yield* ConfigProvider.ConfigProvider
  const spellings = providers.flatMap(spellingsOf).concat(kinds.map(choosing))
  const known = new Set(spellings.map(({ variable }) => variable))
  for (const found of yield* listed(source, ["PERDURE"])) {
    if (known.has(found.toUpperCase())) continue
    const near = nearest(found, spellings)
    const own = kinds.find((kind) => found.startsWith(`${variableOfKind(kind)}_`))
    // Other names are taken for a slip of the pen when they are nearly one of these, and may be of another program otherwise.
    const concerns = own ?? (near.distance <= slip ? near.kind : undefined)
    if (concerns !== kind) continue
    yield* Effect.logWarning(`${found} is read by no ${kind}; did you mean ${near.variable}?`)
  }
})

// internal

interface Spelling {
  readonly text: string
  readonly variable: string
  readonly kind: Readable["kind"]
}

const kinds: ReadonlyArray<Readable["kind"]> = ["executor", "store"]

/** So many letters may be wrong in a name that begins with none of the kinds. */
const slip = 2

/** Names have fewer parts than this, and an environment has fewer names of this library. */
const [mostParts, mostNames] = [12, 1000]

/** The variable that says which of a kind is chosen. */
const choosing = (kind: Readable["kind"]): Spelling => {
  const variable = variableOfKind(kind)
  return { text: variable, variable, kind }
}

/** How each variable of a provider may be spelt: also by the name of its option where that is another one. */
const spellingsOf = (provider: Readable): ReadonlyArray<Spelling> =>
  Object.keys(provider.settings).flatMap((option) => {
    const variable = variableOf(provider, option)
    return [variable, variableOf({ ...provider, variables: {} }, option)].map((text) => ({
      text,
      variable,
      kind: provider.kind
    }))
  })

/** The names of all variables below a path that have a value. */
const listed = (
  source: ConfigProvider.ConfigProvider,
  path: ReadonlyArray<string>
): Effect.Effect<ReadonlyArray<string>> =>
  Effect.gen(function* () {
    const node = yield* Effect.orElseSucceed(source.load(path), () => undefined)
    if (node === undefined) return []
    const names = node.value === undefined ? [] : [path.join("_")]
    if (node._tag !== "Record" || path.length === mostParts) return names
    for (const part of node.keys) {
      if (names.length >= mostNames) break
      names.push(...(yield* listed(source, [...path, part])))
    }
    return names
  })

const nearest = (found: string, spellings: ReadonlyArray<Spelling>): Spelling & { readonly distance: number } =>
  spellings
    .map((spelling) => ({ ...spelling, distance: distance(found, spelling.text) }))
    .reduce((best, other) => (other.distance < best.distance ? other : best))

/** How many letters must be added, removed or replaced to make one text of the other. */
const distance = (from: string, to: string): number => {
  let row = Array.from({ length: to.length + 1 }, (_, at) => at)
  for (const [at, letter] of [...from].entries()) {
    let left = at + 1
    row = [
      left,
      ...[...to].map((other, index) => {
        left = Math.min(left + 1, row[index + 1]! + 1, row[index]! + (letter === other ? 0 : 1))
        return left
      })
    ]
  }
  return row.at(-1)!
}
