/**
 * Rules of ESLint and oxlint for the programs of workflows. What is passed to the `toLayer` of a workflow is replayed, so the time and
 * the chance of the host, promises, files, and variables that executions share do not belong there, and each message says what does.
 * ESLint takes the default export in its flat config, and oxlint in `jsPlugins`.
 */
import { type Rule } from "./lint/rules.ts";
export type { Context, Rule } from "./lint/rules.ts";
/**
 * The rules by their names.
 *
 * @category rules
 * @since 0.2.0
 */
export declare const rules: {
    "no-nondeterminism": Rule;
    "no-async": Rule;
    "no-io": Rule;
    "no-shared-state": Rule;
};
/**
 * The plugin, as ESLint and oxlint take it.
 *
 * @category models
 * @since 0.2.0
 */
export interface Plugin {
    readonly meta: {
        readonly name: "perdure";
    };
    readonly rules: typeof rules;
    readonly configs: {
        /** All rules as errors, for the flat config of ESLint. */
        readonly recommended: {
            readonly name: string;
            readonly plugins: {
                readonly perdure: Plugin;
            };
            readonly rules: {
                readonly [Name in keyof typeof rules as `perdure/${Name}`]: "error";
            };
        };
    };
}
declare const plugin: Plugin;
export default plugin;
