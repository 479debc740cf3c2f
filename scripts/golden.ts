/**
 * `npm run golden -- 0.2`: writes the golden histories of a release to a folder of `test/golden` that does not exist yet. The
 * default executor runs the programs of `test/golden` in virtual time, with counted ids, on a store in memory, as its stories say.
 */
import { spawnSync } from "node:child_process"
import { existsSync, mkdirSync, realpathSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { Duration, Effect, Layer, Logger } from "effect"
import { TestClock } from "effect/testing"
import * as Default from "perdure/Executor/Default"
import * as Memory from "perdure/Store/Memory"
import { type Commit, WorkflowStore } from "perdure/Store/WorkflowStore"
import { begin } from "../test/golden/programs.ts"
import { type Open, stories, type Story } from "../test/golden/stories.ts"
import { talkingStories } from "../test/golden/talkingStories.ts"
import { troubledStories } from "../test/golden/troubledStories.ts"
import { workingStories } from "../test/golden/workingStories.ts"
import * as Lab from "../test/suites/executor/Lab.ts"
import { root } from "./Step.ts"

/** How many bytes a commit may have. */
const maxCommitBytes = 8192

/** The commits of a story, as they were stored. */
const tell = (story: Story, number: number) =>
  Effect.gen(function* () {
    const commits: Array<Commit> = []
    let ids = 0
    const makeId = () => `00000000-0000-4000-${8000 + number}-${(ids++).toString(16).padStart(12, "0")}`
    const open: Open = (workflows, worker, options) => Lab.open(workflows, { ...options, worker, makeId })
    const lab = Lab.layer({ store: recorded(commits), executor: Default.layerWith })
    yield* TestClock.setTime(begin)
    // What is unfinished stays so: the executors are shut down after it was recorded.
    const told = Effect.as(story(open), undefined).pipe(Effect.andThen(Effect.sync(() => [...commits])))
    return yield* Effect.scoped(told).pipe(Effect.provide(lab))
  }).pipe(Effect.provide([TestClock.layer(), Logger.layer([])]))

/** A store in memory whose commits are kept, also those that were saved twice. */
const recorded = (commits: Array<Commit>): Layer.Layer<WorkflowStore> =>
  Layer.effect(
    WorkflowStore,
    Effect.map(Memory.make({ maxCommitBytes }), (store) => {
      const keep = (commit: Commit) => {
        if (!commits.some(({ id }) => id === commit.id)) commits.push(structuredClone(commit))
      }
      return {
        ...store,
        save: (commit) => Effect.tap(store.save(commit), () => Effect.sync(() => keep(commit))),
        saveAll: (all) =>
          Effect.tap(store.saveAll(all), (exits) =>
            Effect.sync(() => all.forEach((commit, index) => exits[index]?._tag === "Success" && keep(commit)))
          )
      }
    })
  )

const release = process.argv[2] ?? ""
const folder = join(root, "test/golden", release)
if (!/^\d+\.\d+$/.test(release)) throw new Error("name a release: npm run golden -- 0.2")
if (existsSync(folder)) throw new Error(`${folder} exists: what a release has written is never written again`)

const all = [...stories, ...talkingStories, ...troubledStories, ...workingStories]
const told = await Effect.runPromise(Effect.forEach(all, tell))
const histories = told.flatMap((commits) =>
  [...Map.groupBy(commits, ({ workflowId }) => workflowId)].map(([scenario, commits]) => ({ scenario, commits }))
)
mkdirSync(folder)
// Stacks name the places of this machine.
const text = JSON.stringify(histories, undefined, 2)
  .replaceAll(realpathSync(join(root, "node_modules")), "/app/node_modules")
  .replaceAll(root.replace(/\/$/, ""), "/app")
writeFileSync(join(folder, "histories.json"), text)
spawnSync("oxfmt", [folder], { stdio: "inherit" })
console.log(`${histories.length} histories, ${Duration.format(Duration.millis(performance.now()))}`)
