/**
 * The same as `workflows.ts` with `@temporalio/workflow` alone.
 */
import { condition, defineSignal, proxyActivities, setHandler, sleep } from "@temporalio/workflow"

const { Echo } = proxyActivities<{ readonly Echo: (value: number) => Promise<number> }>({
  startToCloseTimeout: "1 minute",
  heartbeatTimeout: "10 seconds"
})

export const approve = defineSignal("approve")

export const ordering = async (input: number): Promise<number> => {
  let isApproved = false
  setHandler(approve, () => {
    isApproved = true
  })
  const reserved = await Echo(input)
  const charged = await Echo(reserved)
  await condition(() => isApproved)
  await sleep(10)
  return await Echo(charged)
}

export const sleeping = (): Promise<void> => sleep("1 day")
