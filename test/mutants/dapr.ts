/** Bugs of the store on Dapr. */
import type { Mutant } from "./Mutant.ts"

const damage = "test/Store/DaprDamage.server.test.ts"
const index = "test/Store/DaprIndex.server.test.ts"
const mending = "test/Store/DaprMending.server.test.ts"
const link = "test/Store/DaprLink.server.test.ts"
const settings = "test/Store/DaprSettings.server.test.ts"
const strange = "4. what is no answer of a sidecar is none, also when it says success"
const moment = "a database that is away for a moment while the store tries it is not taken for one that refuses"

export const dapr: ReadonlyArray<Mutant> = [
  {
    file: "src/Store/dapr/Sidecar.ts",
    bug: "takes any success for that of a write",
    find: "answer.status === 204 ? Effect.void",
    replace: "answer.status < 300 ? Effect.void",
    test: link,
    title: strange
  },
  {
    file: "src/Store/dapr/Sidecar.ts",
    bug: "breaks off a request that nothing waits for any more",
    find: "      goingOn(this.requests),\n",
    replace: "",
    test: link,
    title: "4. a request whose caller is interrupted, or waits no longer, is not broken off"
  },
  {
    file: "src/Store/dapr/Sidecar.ts",
    bug: "breaks off the requests under way when it ends",
    find: "    yield* Effect.addFinalizer(() => Effect.ignore(FiberSet.awaitEmpty(requests).pipe(within(timeout, tooLate))))\n",
    replace: "",
    test: link,
    title: "4. a request whose caller is interrupted, or waits no longer, is not broken off"
  },
  {
    file: "src/Store/dapr/Sidecar.ts",
    bug: "takes a page of another server for a value",
    find: 'if (etag === "") return',
    replace: 'if (etag === "-") return',
    test: link,
    title: strange
  },
  {
    file: "src/Store/dapr/Sidecar.ts",
    bug: "takes a key that is missing in an answer for one without a value",
    find: "return keys.every((key) => found.has(key))",
    replace: "return keys.length >= 0",
    test: link,
    title: strange
  },
  {
    file: "src/Store/dapr/Sidecar.ts",
    bug: "tells its request in its errors, and the token with it",
    find: "Effect.mapError((error) => unavailable(wordsOf(error))),",
    replace: "Effect.mapError((error) => unavailable(wordsOf(error) + JSON.stringify(error.request.headers))),",
    test: settings,
    title: "a sidecar with an API token wants it, and it is in no error, log or span"
  },
  {
    file: "src/Store/dapr/component.ts",
    bug: "believes the first refusal",
    find: "const believed = 3",
    replace: "const believed = 1",
    test: settings,
    title: moment
  },
  {
    file: "src/Store/dapr/component.ts",
    bug: "takes what replaces a value for what creates one",
    find: 'if (absent !== undefined && (yield* accepts([create("c")], absent)))',
    replace: "if (absent === null)",
    test: settings,
    title: "a component that cannot keep executions is refused: by what it says, and by what it does"
  },
  {
    file: "src/Store/dapr/Index.ts",
    bug: "does not read the copy of its key",
    find: "const copy = isWhole ? undefined :",
    replace: "const copy = isWhole || value !== null ? undefined :",
    test: mending,
    title: "17. is written anew by the next process: the key of the index, which is no JSON"
  },
  {
    file: "src/Store/dapr/Index.ts",
    bug: "does not read the pages before",
    find: "const ids = before === undefined ? undefined :",
    replace: "const ids = before === undefined || etag !== null ? undefined :",
    test: mending,
    title: "17. is written anew by the next process: a page, which is gone"
  },
  {
    file: "src/Store/dapr/Index.ts",
    bug: "goes on in a store that was emptied as if it were the one before",
    find: "if (origin !== undefined && values.at(-1)?.text !== origin) return",
    replace: "if (values.length === 0) return",
    test: mending,
    title: "8. a store that was emptied while it was open lists what is written to it from then on, also in others"
  },
  {
    file: "src/Store/dapr/Index.ts",
    bug: "keeps what it knew of an id that began anew in a store that was emptied",
    find: "else if (isAnother || old === undefined",
    replace: "else if (old === undefined",
    test: mending,
    title: "8. a store that was emptied while it was open lists what is written to it from then on, also in others"
  },
  {
    file: "src/Store/dapr/tidy.ts",
    bug: "leaves pages that the index does not name",
    find: "Effect.ignore(removeUnnamed(shared, pages))",
    replace: "Effect.ignore(removeUnnamed(shared, undefined))",
    test: index,
    title: "of two processes that write it anew at once one does, and the pages of the other one are removed"
  },
  {
    file: "src/Store/dapr/Index.ts",
    bug: "tells nobody of what is gone when all is read anew",
    find: 'if (!now.has(id) && known._tag !== "Deleted") this.tellGone(id)',
    replace: 'if (now.has(id) && known._tag !== "Deleted") this.tellGone(id)',
    test: index,
    title: "12. a process that has missed pages and entries is told of what changed meanwhile"
  },
  {
    file: "src/Store/dapr/Index.ts",
    bug: "takes an entry that was removed for one without news",
    find: 'if (entry._tag === "Removed") return Effect.undefined',
    replace: 'if (entry._tag === "Removed") break',
    test: index,
    title: "8. written anew twice, it has every execution once, for stores that were open, slept or are new"
  },
  {
    file: "src/Store/dapr/history.ts",
    bug: "leaves out of the index what a process stored that ended before it told of it",
    find: "if (isNews()) yield* Writer.mend(",
    replace: "if (!isNews()) yield* Writer.mend(",
    test: index,
    title: "8. what a process stored that ended before it wrote the entry is found again when it is read"
  },
  {
    file: "src/Store/dapr/history.ts",
    bug: "answers from what is left of a commit",
    find: "if (texts.includes(undefined)) return undefined",
    replace:
      "if (texts.includes(undefined)) return yield* Effect.fromResult(decodeCommit({ ...place, events: [] }, undefined))",
    test: damage,
    title: "17. a place that is with lost parts makes its execution unreadable, and its later commits are read"
  },
  {
    file: "src/Store/dapr/record.ts",
    bug: "takes the head of another execution for its own",
    find: "if (found.workflowId !== workflowId) return",
    replace: "if (found.workflowId === undefined) return",
    test: damage,
    title: "17. stops nothing else: a head with a summary of another execution"
  },
  {
    file: "src/Store/dapr/record.ts",
    bug: "takes the commit of another version",
    find: "written !== version ||",
    replace: "written === undefined ||",
    test: damage,
    title: "17. a place that is of another version makes its execution unreadable, and its later commits are read"
  },
  {
    file: "src/Store/dapr/save.ts",
    bug: "cuts a text within a pair of surrogates",
    find: "const to = isHighSurrogate(text.charCodeAt(end - 1)) ? end - 1 : end",
    replace: "const to = end",
    test: index,
    title: "6. a commit of several parts is whole, and its parts are removed with it"
  },
  {
    file: "src/Store/dapr/remove.ts",
    bug: "leaves the parts of what is deleted",
    find: 'place?._tag === "Taken" && place.parts !== undefined',
    replace: 'place?._tag === "Deletion" && place.id === ""',
    test: index,
    title: "6. a commit of several parts is whole, and its parts are removed with it"
  },
  {
    file: "src/Store/dapr/remove.ts",
    bug: "keeps the record of a deletion that a commit has overtaken",
    find: "return found.version <= limit ?",
    replace: "return found.version <= limit || true ?",
    test: index,
    title: "16. a deletion that a commit has overtaken leaves no record of what it did not do"
  },
  {
    file: "src/Store/dapr/remove.ts",
    bug: "forgets what is not deleted",
    find: 'if (head._tag === "Live") return false',
    replace: 'if (head._tag === "Live") return true',
    test: index,
    title: "16. nothing is left of a deleted execution once its places are free again, and not before"
  },
  {
    file: "src/Store/dapr/Workers.ts",
    bug: "lets one damaged worker hide the others",
    find: 'if (typeof id !== "string" || !Number.isFinite(at) || !Number.isFinite(lease)) return undefined',
    replace: 'if (typeof id !== "string") throw new Error(text)',
    test: damage,
    title: "17. a worker that cannot be read is none, and the others live"
  },
  {
    file: "src/Store/dapr/looking.ts",
    bug: "looks while there is no listener",
    find: "const isDue = () => listeners.areThere ||",
    replace: "const isDue = () => !listeners.areThere ||",
    test: index,
    title: "12. there is no look while no listener is there"
  }
]
