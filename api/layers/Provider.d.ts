/**
 * What can be chosen by its name: an executor or a store, with how it is loaded and how its options are read from the
 * configuration of an app. `Providers` has what comes with this library.
 */
import type * as Config from "effect/Config";
import type * as Layer from "effect/Layer";
import type { Services } from "../Executor/Default.ts";
import type { LayerWithOptions } from "../internal/layerWithOptions.ts";
import type { Transactions } from "../Store/Transactions.ts";
import type { WorkflowStore } from "../Store/WorkflowStore.ts";
import type { ProviderError } from "./ProviderError.ts";
/**
 * How an option is read from the variable of a name. The constructors of `Config` are such functions: `Config.String`,
 * `Config.Int`, `Config.Duration`, and `Config.Redacted` for a secret.
 *
 * @category models
 * @since 0.2.0
 */
export type Setting<A> = (variable: string) => Config.Config<A>;
/**
 * How an option is read that may be missing: `Providers.optional` makes it.
 *
 * @category models
 * @since 0.2.0
 */
export interface OptionalSetting<A> {
    readonly optional: Setting<A>;
}
/**
 * How the options of a provider are read. One that cannot be read from a text, such as a function, is left out.
 *
 * @category models
 * @since 0.2.0
 */
export type Settings<Options> = {
    readonly [Key in keyof Options]: {} extends Pick<Options, Key> ? OptionalSetting<Exclude<Options[Key], undefined>> : Setting<Options[Key]>;
};
/** What stores and executors have in common. */
interface Provider<Name extends string, Options> {
    /** What `PERDURE_STORE` or `PERDURE_EXECUTOR` says to choose it: letters, digits and hyphens. */
    readonly name: Name;
    /** How each option is read; `maxCommitBytes` of a store from `PERDURE_STORE_MAX_COMMIT_BYTES`. */
    readonly settings: Settings<Options>;
    /** The end of the variable's name, for options whose variable is called otherwise: `{ filename: "URL" }`. */
    readonly variables?: {
        readonly [Key in keyof Options]?: string;
    } | undefined;
    /** What options are where neither the configuration nor the code says it. */
    readonly defaults?: Partial<Options> | undefined;
    /** What is wrong with options that were read, if they do not fit each other. `variable` names the variable of one. */
    readonly check?: ((options: Options, variable: (option: keyof Options) => string) => string | undefined) | undefined;
    /** The packages that `load` needs, by the names under which npm has them. */
    readonly packages?: ReadonlyArray<string> | undefined;
}
/**
 * A store that can be chosen by its name.
 *
 * @category models
 * @since 0.2.0
 */
export interface StoreProvider<Name extends string, Options, Error> extends Provider<Name, NonNullable<Options>> {
    readonly kind: "store";
    /** Imports the module of the store, when it is chosen and not before: `() => import("./RedisStore.ts")`. */
    readonly load: () => Promise<{
        readonly layer: (options: Options) => Layer.Layer<WorkflowStore, Error>;
    }>;
}
/**
 * An executor that can be chosen by its name.
 *
 * @category models
 * @since 0.2.0
 */
export interface ExecutorProvider<Name extends string, Options, Error, NeedsStore extends boolean, Provides = Services> extends Provider<Name, NonNullable<Options>> {
    readonly kind: "executor";
    /** Whether it runs on a store, which is then chosen beside it. */
    readonly needsStore: NeedsStore;
    /** Imports the module of the executor, when it is chosen and not before. */
    readonly load: () => Promise<{
        readonly layer: (options: Options) => Layer.Layer<Provides, Error, NeedsStore extends true ? WorkflowStore : never>;
    }>;
}
/**
 * What is known of a name when programs are compiled.
 *
 * @category models
 * @since 0.2.0
 */
export interface Known<Options, Error, NeedsStore extends boolean = boolean, Transacts extends boolean = boolean, Provides = Services> {
    /** What an executor provides. */
    readonly provides: Provides;
    readonly options: Options;
    readonly error: Error;
    readonly needsStore: NeedsStore;
    /** Whether a store has transactions for transactional activities, as one in a SQL database does. */
    readonly transacts: Transacts;
}
/**
 * The names that there are, with their options.
 *
 * @category models
 * @since 0.2.0
 */
export type Names = {
    readonly [Name in string]: Known<unknown, unknown, boolean, boolean, unknown>;
};
/**
 * A name that is not taken; for one that is, the compiler says so.
 *
 * @category models
 * @since 0.2.0
 */
export type Free<Name extends string, Taken> = Name extends Taken ? `the name ${Name} is taken` : Name;
/**
 * The options, which may be left out where none is required.
 *
 * @category models
 * @since 0.2.0
 */
export type Given<Options> = {} extends Options ? readonly [options?: Options] : readonly [options: Options];
/**
 * A store by its name, with its options beside it: `{ name: "sqlite", filename: "orders.db" }`.
 *
 * @category models
 * @since 0.2.0
 */
export type Chosen<All> = {
    [Name in keyof All]: {
        readonly name: Name;
    } & OptionsOf<All, Name>;
}[keyof All];
/**
 * The same with options that may be missing, because the configuration of the app has them.
 *
 * @category models
 * @since 0.2.0
 */
export type Default<All> = {
    [Name in keyof All]: {
        readonly name: Name;
    } & Partial<OptionsOf<All, Name>>;
}[keyof All];
/**
 * The options of an executor, and the store that it needs.
 *
 * @category models
 * @since 0.2.0
 */
export type ConfigOf<Executors, Name extends keyof Executors, Stores> = OptionsOf<Executors, Name> & (NeedsStoreOf<Executors, Name> extends true ? {
    readonly store: Chosen<Stores>;
} : unknown);
/**
 * What is chosen where the configuration of the app is silent.
 *
 * @category models
 * @since 0.2.0
 */
export interface Defaults<Stores, Executors> {
    readonly executor?: Default<Executors> | undefined;
    readonly store?: Default<Stores> | undefined;
}
type OptionsOf<All, Name extends keyof All> = All[Name] extends {
    readonly options: infer Options;
} ? Options : never;
type ErrorOf<All, Name extends keyof All> = All[Name] extends {
    readonly error: infer Error;
} ? Error : never;
type NeedsStoreOf<All, Name extends keyof All> = All[Name] extends {
    readonly needsStore: infer Needs;
} ? Needs : never;
/** The store that an executor needs, if it needs one. */
type StoreOf<All, Name extends keyof All> = NeedsStoreOf<All, Name> extends true ? WorkflowStore : never;
/** The store that some of them need. */
type AnyStore<All> = true extends NeedsStoreOf<All, keyof All> ? WorkflowStore : never;
/** The store that is there whichever of them is chosen: all need one. */
type EveryStore<All, Stores> = false extends NeedsStoreOf<All, keyof All> ? never : ProvidedByAll<Stores>;
/** What a store provides. */
type ProvidedBy<All, Name extends keyof All> = WorkflowStore | (All[Name] extends {
    readonly transacts: true;
} ? Transactions : never);
/** What every one of the stores provides. */
type ProvidedByAll<All> = WorkflowStore | (false extends (All[keyof All] extends {
    readonly transacts: infer Transacts;
} ? Transacts : never) ? never : Transactions);
/** What an executor provides. */
type ProvidesOf<All, Name extends keyof All> = All[Name] extends {
    readonly provides: infer Provides;
} ? Provides : never;
/** What is there whichever of them is chosen. */
type EveryService<All, Service = ProvidesOf<All, keyof All>> = Service extends unknown ? false extends {
    [Name in keyof All]: Service extends ProvidesOf<All, Name> ? true : false;
}[keyof All] ? never : Service : never;
/** The errors of all of them: which one is chosen is not known before the app runs. */
type AnyError<All> = ErrorOf<All, keyof All>;
/**
 * Executors and stores, by their names. It is a value: `register` makes another one, and changes none.
 *
 * @category models
 * @since 0.2.0
 */
export interface Registry<Stores extends Names, Executors extends Names> {
    /** The names of the executors, sorted. */
    readonly list: ReadonlyArray<keyof Executors & string>;
    /** The same as `list`. */
    readonly executors: ReadonlyArray<keyof Executors & string>;
    /** The names of the stores, sorted. */
    readonly stores: ReadonlyArray<keyof Stores & string>;
    /** Adds a store or an executor. A name that is taken, and a provider that makes no sense, is a `TypeError`. */
    readonly register: {
        <const Name extends string, Options, Error, const NeedsStore extends boolean, Provides>(provider: ExecutorProvider<Free<Name, keyof Executors>, Options, Error, NeedsStore, Provides>): Registry<Stores, Executors & {
            readonly [Key in Name]: Known<NonNullable<Options>, Error, NeedsStore, false, Exclude<Provides, WorkflowStore>>;
        }>;
        <const Name extends string, Options, Error>(provider: StoreProvider<Free<Name, keyof Stores>, Options, Error>): Registry<Stores & {
            readonly [Key in Name]: Known<NonNullable<Options>, Error, false, false>;
        }, Executors>;
    };
    /**
     * The same with some of the stores alone. Another one is unknown then, also to the configuration of the app. When all that are left have
     * transactions, `storeConfig`, `layer` and `layerConfig` provide them.
     */
    readonly only: <Name extends keyof Stores & string>(...stores: readonly [Name, ...ReadonlyArray<Name>]) => Registry<Pick<Stores, Name>, Executors>;
    /** A store by its name. */
    readonly store: <Name extends keyof Stores & string>(name: Name, ...options: Given<OptionsOf<Stores, Name>>) => Layer.Layer<ProvidedBy<Stores, Name>, ProviderError | ErrorOf<Stores, Name>>;
    /** The store that the configuration of the app chooses. */
    readonly storeConfig: LayerWithOptions<Default<Stores>, ProvidedByAll<Stores>, ProviderError | AnyError<Stores> | Config.ConfigError, never>;
    /** An executor by its name, on the store that is provided if it needs one. */
    readonly executor: <Name extends keyof Executors & string>(name: Name, ...options: Given<OptionsOf<Executors, Name>>) => Layer.Layer<ProvidesOf<Executors, Name>, ProviderError | ErrorOf<Executors, Name>, StoreOf<Executors, Name>>;
    /** The executor that the configuration of the app chooses, on the store that is provided if it needs one. */
    readonly executorConfig: LayerWithOptions<Default<Executors>, EveryService<Executors>, ProviderError | AnyError<Executors> | Config.ConfigError, AnyStore<Executors>>;
    /** An executor by its name, with the store that it needs, which is provided too. */
    readonly layer: <Name extends keyof Executors & string>(name: Name, config: ConfigOf<Executors, Name, Stores>) => Layer.Layer<ProvidesOf<Executors, Name> | (NeedsStoreOf<Executors, Name> extends true ? ProvidedByAll<Stores> : never), ProviderError | ErrorOf<Executors, Name> | AnyError<Stores>>;
    /**
     * The executor that the configuration of the app chooses, with the store that it needs. The store is provided too, unless
     * there is an executor that does without.
     */
    readonly layerConfig: LayerWithOptions<Defaults<Stores, Executors>, EveryService<Executors> | EveryStore<Executors, Stores>, ProviderError | AnyError<Stores> | AnyError<Executors> | Config.ConfigError, never>;
}
export {};
