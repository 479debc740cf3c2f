/**
 * Version 2 of the tables, in SQL: executions are found by their ends, and each attribute of an execution has one row whatever is
 * restored in which order.
 *
 * The rows of attributes are those of the trigger, so one that is there already is the same.
 */
import { indexedBytes } from "./Attributes.ts"

/** The statements, in a schema that is named as SQL quotes it. */
export const version2 = (schema: string): string => sql.replaceAll("SCHEMA", schema)

// internal

const sql = `
CREATE INDEX executions_closed ON SCHEMA.executions (closed_at, started_at, workflow_id) WHERE closed_at IS NOT NULL;

DELETE FROM SCHEMA.attributes a WHERE a.ctid IN (
  SELECT t.ctid FROM (
    SELECT x.ctid, row_number() OVER (PARTITION BY x.name, x.value, x.started_at, x.workflow_id) AS copy FROM SCHEMA.attributes x
  ) AS t WHERE t.copy > 1
);
CREATE UNIQUE INDEX attributes_once ON SCHEMA.attributes (name, value, started_at, workflow_id);
DROP INDEX SCHEMA.attributes_value;

CREATE OR REPLACE FUNCTION SCHEMA.index_attributes() RETURNS trigger LANGUAGE plpgsql
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
    FROM unnest(NEW.attribute_names, NEW.attribute_values) AS n(name, value)
    ON CONFLICT DO NOTHING;
  END IF;
  RETURN NULL;
END
$$;
`
