/**
 * Attributes of an execution, as Temporal keeps them: all of them in the memo, and as search attributes the ones that the namespace knows.
 */
import { upsertMemo, upsertSearchAttributes, workflowInfo } from "@temporalio/workflow"
import type { AttributeChanges } from "../../../HistoryEvent.ts"
import { changesOf } from "../../../internal/temporal/searchable.ts"
import { memoField, type Searchable } from "../../../internal/temporal/wire.ts"
import type { WorkflowState } from "../../../WorkflowState.ts"

/** Tells Temporal of changes. */
export const upsert = (state: WorkflowState, changes: AttributeChanges, searchable: Searchable | undefined): void => {
  const memo = (workflowInfo().memo?.[memoField] ?? {}) as object
  upsertMemo({ [memoField]: { ...memo, attributes: state.attributes } })
  const searched = changesOf(changes, searchable)
  if (searched.length > 0) upsertSearchAttributes(searched)
}
