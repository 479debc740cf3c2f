/** What the platform gets wrong. */

/**
 * Whether JSON has a field whose name is one escaped character. V8 13.6, that of Node.js 24, may read its name as a backslash, once the
 * process had an object with the same fields before it and then one that is named by a backslash.
 */
export const isMisread = (json: string): boolean => /[{,]"\\(?:u[0-9a-f]{4}|.)":/.test(json)
