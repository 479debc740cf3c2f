/**
 * The stored form of the index. Dapr lists no keys, so each commit also writes an *entry*: which ids have a new version. Entries are in
 * *lanes*, numbered from 0 without a gap. Now and then a process writes all ids to *pages*, and the index says from which entries on lanes go
 * on after these.
 */
import * as Predicate from "effect/Predicate"
import * as Result from "effect/Result"
import { WorkflowId } from "../../Ids.ts"
import { isVersion } from "../../internal/store/damage.ts"
import { Corrupt, NewerFormat } from "../WorkflowStore.ts"
import { parsed, type Parts as Pages } from "./record.ts"

/** A generation of pages, and the entries after them. */
export interface Generation {
  /** Of each lane the number of the first entry that the pages do not know. */
  readonly lanes: ReadonlyArray<number>
  readonly pages: Pages | undefined
}

/** What the index says: the latest generation, and the one before, of which everything may be removed. */
export interface Manifest extends Generation {
  readonly before: Generation | undefined
}

/** Ids, each with the version that it has at least. */
export type News = ReadonlyArray<readonly [workflowId: WorkflowId, version: number]>

/** An entry of a lane. */
export type Entry =
  | { readonly _tag: "News"; readonly by: string; readonly news: News }
  /** It was there: a generation of pages knows it, and the one after. */
  | { readonly _tag: "Removed" }

/** More lanes let more processes write at once, and make a look larger. */
export const lanes = 8

/** The index of a store without executions. */
export const empty: Manifest = { lanes: Array.from({ length: lanes }, () => 0), pages: undefined, before: undefined }

export const encodeManifest = (manifest: Manifest): string => JSON.stringify({ form, ...manifest })

export const encodeEntry = (by: string, news: News): string => JSON.stringify({ by, news })

export const removedEntry: string = JSON.stringify({ removed: true })

export const encodePage = (ids: ReadonlyArray<WorkflowId>): string => JSON.stringify({ ids })

/** Reads what the index says. Without it nothing is found, so it is damage of the whole store. */
export const decodeManifest = (text: string): Result.Result<Manifest, Corrupt | NewerFormat> => {
  const read = parsed(text)
  if (Result.isFailure(read)) return broken(read.failure)
  const { before, form: found, ...rest } = read.success
  if (!isVersion(found)) return broken("it has no form")
  if (found > form) return Result.fail(new NewerFormat({ format: found, known: form }))
  const latest = readGeneration(rest)
  return latest === undefined
    ? broken("it has no lanes")
    : Result.succeed({ ...latest, before: Predicate.isObject(before) ? readGeneration(before as object) : undefined })
}

/** The error of an index of which too little is left: Dapr lists no keys by which it could be made anew. */
export const damagedIndex = (detail: string): Corrupt =>
  new Corrupt({
    detail:
      `the index of the store: ${detail}, and Dapr lists no keys by which it could be made anew; ` +
      "restore the database from a backup"
  })

/** Reads an entry; one that cannot be read tells of nothing. */
export const decodeEntry = (text: string): Entry => {
  const { by, news, removed } = Result.getOrElse(parsed(text), () => ({}) as Readonly<Record<string, unknown>>)
  if (removed === true) return { _tag: "Removed" }
  const told = (Array.isArray(news) ? (news as ReadonlyArray<unknown>) : []).filter(isNews)
  return { _tag: "News", by: Predicate.isString(by) ? by : "", news: told }
}

/** Reads a page. */
export const decodePage = (text: string): Result.Result<ReadonlyArray<WorkflowId>, Corrupt> => {
  const { ids } = Result.getOrElse(parsed(text), () => ({}) as Readonly<Record<string, unknown>>)
  return Array.isArray(ids) && ids.every(Predicate.isString)
    ? Result.succeed(ids.map((id) => WorkflowId.make(id)))
    : broken("a page has no ids")
}

// internal

/** The number of the stored form of a store; a later one may be another. */
const form = 1

const broken = (detail: string) => Result.fail(damagedIndex(detail))

const isNews = (each: unknown): each is News[number] =>
  Array.isArray(each) && Predicate.isString(each[0]) && Number.isSafeInteger(each[1])

const isNumber = (value: unknown): value is number => Number.isSafeInteger(value) && (value as number) >= 0

const readGeneration = (value: object): Generation | undefined => {
  const { lanes: numbers, pages } = value as { readonly lanes?: unknown; readonly pages?: unknown }
  if (!Array.isArray(numbers) || numbers.length !== lanes || !numbers.every(isNumber)) return undefined
  if (pages === undefined) return { lanes: numbers, pages }
  const { count, token } = pages as Partial<Record<keyof Pages, unknown>>
  return Predicate.isString(token) && isVersion(count) ? { lanes: numbers, pages: { token, count } } : undefined
}
