/**
 * Stands for the module with the workflows of the user, which takes its place in the bundle.
 */

/** Nothing. */
export const none = undefined
