/**
 * The rules. They share one look at each file, and each of them reports what is its own.
 */
import type { RuleName } from "./Construct.ts";
/**
 * What a rule is given of a file. ESLint and oxlint agree in what they give, and not in its types, so no more of them is asked for
 * than both have.
 *
 * @category models
 * @since 0.2.0
 */
export interface Context {
    readonly filename: string;
    readonly settings: object;
    readonly sourceCode: object;
    report(problem: object): void;
}
/**
 * A rule of ESLint and of oxlint.
 *
 * @category models
 * @since 0.2.0
 */
export interface Rule {
    readonly meta: {
        readonly type: "problem";
        readonly docs: {
            readonly description: string;
            readonly recommended: true;
            readonly url: string;
        };
        readonly schema: [];
    };
    create(context: Context): {
        Program?: () => void;
    };
}
/** A rule, by what it keeps out of programs. */
export declare const make: (name: RuleName, description: string) => Rule;
