/**
 * An execution that is not imported wholly. It looks as if a newer release had recorded it, so no worker takes it, no caller is told of a
 * result, and no release removes it by itself.
 */

/** The format of such an execution: more than any release knows. */
export const importing = 1_000_000
