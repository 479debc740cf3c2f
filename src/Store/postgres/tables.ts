/**
 * The tables of the store and their indexes, in SQL.
 *
 * - `executions` has a row for each execution, its summary. No index has what most commits change (`version`, `updated_at`, `wake_at`,
 *   `rest`), so such a commit leaves all indexes alone. For the same reason `unsettled` is a column: the condition of an index counts
 *   too. `attribute_names` and `attribute_values` are the attributes of `rest` in a form that can be compared.
 * - `attributes` has a row for each attribute of each execution, so that a value finds executions in listing order. A trigger keeps it.
 * - `commits` has a row for each commit. `xid` is the transaction that wrote it, by which a listener finds what it has missed: numbers
 *   of a sequence become visible in another order than they were given.
 * - `deletions` has the record of the latest deletion of each id, until it expires.
 * - `workers` has the latest lease of each worker, or that it has left.
 * - `details` has a row for each call of an activity whose handler has reported something.
 */
import { indexedBytes } from "./Attributes.ts"

/** The tables, in a schema that is named as SQL quotes it. */
export const tables = (schema: string): string => sql.replaceAll("SCHEMA", schema)

// internal

const sql = `
CREATE TABLE SCHEMA.executions (
  key              bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  workflow_id      text COLLATE "C" NOT NULL,
  run_id           text COLLATE "C" NOT NULL,
  workflow         text COLLATE "C" NOT NULL,
  workflow_version text COLLATE "C",
  status           text COLLATE "C" NOT NULL,
  version          integer NOT NULL,
  first_version    integer NOT NULL,
  started_at       double precision NOT NULL,
  updated_at       double precision NOT NULL,
  closed_at        double precision,
  wake_at          double precision,
  owner            text COLLATE "C" NOT NULL,
  unsettled        boolean NOT NULL,
  parent_id        text COLLATE "C",
  parent_chain     text COLLATE "C",
  root_id          text COLLATE "C",
  root_chain       text COLLATE "C",
  attribute_names  text[] COLLATE "C",
  attribute_values bytea[],
  rest             text NOT NULL
) WITH (fillfactor = 70, autovacuum_vacuum_scale_factor = 0.02, autovacuum_analyze_scale_factor = 0.02);
CREATE UNIQUE INDEX executions_id ON SCHEMA.executions (workflow_id);
CREATE INDEX executions_started ON SCHEMA.executions (started_at, workflow_id);
CREATE INDEX executions_status ON SCHEMA.executions (status, started_at, workflow_id);
CREATE INDEX executions_workflow ON SCHEMA.executions (workflow, status, started_at, workflow_id);
CREATE INDEX executions_version ON SCHEMA.executions (workflow_version, started_at, workflow_id)
WHERE workflow_version IS NOT NULL;
CREATE INDEX executions_owner ON SCHEMA.executions (owner, started_at, workflow_id) WHERE unsettled;
CREATE INDEX executions_parent ON SCHEMA.executions (parent_id, started_at, workflow_id) WHERE parent_id IS NOT NULL;
CREATE INDEX executions_root ON SCHEMA.executions (root_id, started_at, workflow_id) WHERE root_id IS NOT NULL;

CREATE TABLE SCHEMA.attributes (
  name        text COLLATE "C" NOT NULL,
  value       bytea NOT NULL,
  started_at  double precision NOT NULL,
  workflow_id text COLLATE "C" NOT NULL
) WITH (autovacuum_vacuum_insert_scale_factor = 0.05, autovacuum_analyze_scale_factor = 0.02);
CREATE INDEX attributes_value ON SCHEMA.attributes (name, value, started_at, workflow_id);

CREATE TABLE SCHEMA.commits (
  execution bigint NOT NULL,
  version   integer NOT NULL,
  xid       xid8 NOT NULL DEFAULT pg_current_xact_id(),
  id        text COLLATE "C" NOT NULL,
  run_id    text COLLATE "C" NOT NULL,
  format    integer NOT NULL,
  events    text NOT NULL
) WITH (autovacuum_vacuum_insert_scale_factor = 0.05);
CREATE UNIQUE INDEX commits_version ON SCHEMA.commits (execution, version);
CREATE INDEX commits_xid ON SCHEMA.commits (xid);

CREATE TABLE SCHEMA.deletions (
  workflow_id text COLLATE "C" PRIMARY KEY,
  version     integer NOT NULL,
  seen        text NOT NULL,
  until       timestamptz NOT NULL
);
CREATE INDEX deletions_until ON SCHEMA.deletions (until);

CREATE TABLE SCHEMA.workers (
  worker   text COLLATE "C" PRIMARY KEY,
  record   text NOT NULL,
  has_left boolean NOT NULL,
  lease    interval NOT NULL,
  until    timestamptz NOT NULL
) WITH (fillfactor = 50);

CREATE TABLE SCHEMA.details (
  workflow_id text COLLATE "C" NOT NULL,
  run_id      text COLLATE "C" NOT NULL,
  seq         integer NOT NULL,
  details     text NOT NULL,
  PRIMARY KEY (workflow_id, run_id, seq)
) WITH (fillfactor = 70);

CREATE FUNCTION SCHEMA.index_attributes() RETURNS trigger LANGUAGE plpgsql
SET enable_hashjoin = off SET enable_seqscan = off AS $$
BEGIN
  IF TG_OP <> 'INSERT' THEN
    DELETE FROM SCHEMA.attributes a
    USING unnest(OLD.attribute_names, OLD.attribute_values) AS o(name, value)
    WHERE a.name = o.name AND a.value = substring(o.value FOR ${indexedBytes})
      AND a.started_at = OLD.started_at AND a.workflow_id = OLD.workflow_id;
  END IF;
  IF TG_OP <> 'DELETE' THEN
    INSERT INTO SCHEMA.attributes (name, value, started_at, workflow_id)
    SELECT n.name, substring(n.value FOR ${indexedBytes}), NEW.started_at, NEW.workflow_id
    FROM unnest(NEW.attribute_names, NEW.attribute_values) AS n(name, value);
  END IF;
  RETURN NULL;
END
$$;
CREATE TRIGGER attributes_added AFTER INSERT ON SCHEMA.executions
FOR EACH ROW WHEN (NEW.attribute_names IS NOT NULL)
EXECUTE FUNCTION SCHEMA.index_attributes();
CREATE TRIGGER attributes_changed AFTER UPDATE ON SCHEMA.executions
FOR EACH ROW WHEN (
  OLD.attribute_names IS DISTINCT FROM NEW.attribute_names
  OR OLD.attribute_values IS DISTINCT FROM NEW.attribute_values
  OR OLD.started_at IS DISTINCT FROM NEW.started_at
)
EXECUTE FUNCTION SCHEMA.index_attributes();
CREATE TRIGGER attributes_removed AFTER DELETE ON SCHEMA.executions
FOR EACH ROW WHEN (OLD.attribute_names IS NOT NULL)
EXECUTE FUNCTION SCHEMA.index_attributes();
`
