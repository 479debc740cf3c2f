SET statement_timeout = 0;
SET lock_timeout = 0;
SET idle_in_transaction_session_timeout = 0;
SET client_encoding = 'UTF8';
SET standard_conforming_strings = on;
SELECT pg_catalog.set_config('search_path', '', false);
SET check_function_bodies = false;
SET xmloption = content;
SET client_min_messages = warning;
SET row_security = off;
CREATE SCHEMA perdure;
CREATE FUNCTION perdure.index_attributes() RETURNS trigger
    LANGUAGE plpgsql
    SET enable_hashjoin TO 'off'
    SET enable_seqscan TO 'off'
    AS $$
BEGIN
  IF TG_OP <> 'INSERT' THEN
    DELETE FROM "perdure".attributes a
    USING unnest(OLD.attribute_names, OLD.attribute_values) AS o(name, value)
    WHERE a.name = o.name AND a.value = substring(o.value FOR 600)
      AND a.started_at = OLD.started_at AND a.workflow_id = OLD.workflow_id;
  END IF;
  IF TG_OP <> 'DELETE' THEN
    INSERT INTO "perdure".attributes (name, value, started_at, workflow_id)
    SELECT n.name, substring(n.value FOR 600), NEW.started_at, NEW.workflow_id
    FROM unnest(NEW.attribute_names, NEW.attribute_values) AS n(name, value);
  END IF;
  RETURN NULL;
END
$$;
CREATE FUNCTION perdure.leading_1() RETURNS boolean
    LANGUAGE plpgsql STABLE
    AS $$
BEGIN
  IF pg_is_in_recovery() THEN
    RAISE EXCEPTION 'this server follows another one; reads and writes go to that' USING ERRCODE = 'read_only_sql_transaction';
  END IF;
  RETURN true;
END
$$;
CREATE FUNCTION perdure.remove_1(id text, wanted integer, before integer, seen text, known text, kept interval, channel text, note text, patience text) RETURNS TABLE(outcome text, latest integer)
    LANGUAGE plpgsql
    SET enable_hashjoin TO 'off'
    SET enable_seqscan TO 'off'
    AS $$
DECLARE
  found_key bigint;
  found_version int;
  found_first int;
  earlier text;
BEGIN
  PERFORM set_config('lock_timeout', patience, true);
  SELECT e.key, e.version, e.first_version INTO found_key, found_version, found_first
  FROM "perdure".executions e WHERE e.workflow_id = id FOR UPDATE;
  IF found_key IS NULL THEN
    RETURN QUERY SELECT 'nothing', 0;
    RETURN;
  END IF;
  IF wanted <> found_version OR before > found_first THEN
    RETURN QUERY SELECT 'conflict', found_version;
    RETURN;
  END IF;
  SELECT d.seen INTO earlier FROM "perdure".deletions d WHERE d.workflow_id = id AND d.until > clock_timestamp();
  IF earlier IS DISTINCT FROM known THEN
    RETURN QUERY SELECT 'changed', found_version;
    RETURN;
  END IF;
  DELETE FROM "perdure".commits c WHERE c.execution = found_key AND (before IS NULL OR c.version < before);
  IF before IS NOT NULL AND NOT FOUND THEN
    RETURN QUERY SELECT 'nothing', found_version;
    RETURN;
  END IF;
  IF before IS NULL THEN
    DELETE FROM "perdure".executions e WHERE e.key = found_key;
    DELETE FROM "perdure".details t WHERE t.workflow_id = id;
    IF note IS NOT NULL THEN
      PERFORM pg_notify(channel, note);
    END IF;
  END IF;
  DELETE FROM "perdure".deletions d WHERE d.workflow_id IN (
    SELECT x.workflow_id FROM "perdure".deletions x
    WHERE x.until <= clock_timestamp() ORDER BY x.until LIMIT 1000 FOR UPDATE SKIP LOCKED
  );
  INSERT INTO "perdure".deletions AS d (workflow_id, version, seen, until)
  VALUES (id, coalesce(before, found_version + 1), seen, clock_timestamp() + kept)
  ON CONFLICT (workflow_id) DO UPDATE SET version = excluded.version, seen = excluded.seen, until = excluded.until;
  RETURN QUERY SELECT 'removed', found_version;
END
$$;
CREATE FUNCTION perdure.save_1(ids text[], versions integer[], commit_ids text[], run_ids text[], firsts integer[], workflows text[], workflow_versions text[], statuses text[], started double precision[], updated double precision[], closed double precision[], wakes double precision[], owners text[], unsettleds boolean[], parent_ids text[], parent_chains text[], root_ids text[], root_chains text[], names text[], vals text[], rests text[], formats integer[], events text[], notes text[], pieces integer[], channel text, author text, patience text) RETURNS TABLE(place integer, version integer, run_id text, deleted_at integer, id_at_version text)
    LANGUAGE plpgsql
    SET enable_hashjoin TO 'off'
    SET enable_seqscan TO 'off'
    SET plan_cache_mode TO 'force_generic_plan'
    AS $$
#variable_conflict use_column
DECLARE
  stored bigint[];
  begun bigint[];
  moved_key bigint;
BEGIN
  PERFORM set_config('lock_timeout', patience, true);
  IF cardinality(ids) = 1 AND versions[1] > 1 THEN
    UPDATE "perdure".executions e SET run_id = run_ids[1], workflow = workflows[1], workflow_version = workflow_versions[1],
      status = statuses[1], version = versions[1], first_version = firsts[1], started_at = started[1],
      updated_at = updated[1], closed_at = closed[1], wake_at = wakes[1], owner = owners[1], unsettled = unsettleds[1],
      parent_id = parent_ids[1], parent_chain = parent_chains[1], root_id = root_ids[1], root_chain = root_chains[1],
      attribute_names = names[1]::text[], attribute_values = vals[1]::bytea[], rest = rests[1]
    WHERE e.workflow_id = ids[1] AND e.version = versions[1] - 1 AND (e.run_id = run_ids[1] OR firsts[1] = versions[1])
    RETURNING e.key INTO moved_key;
    IF FOUND THEN
      INSERT INTO "perdure".commits (execution, version, id, run_id, format, events)
      VALUES (moved_key, versions[1], commit_ids[1], run_ids[1], formats[1], events[1]);
      IF notes[1] IS NOT NULL THEN
        PERFORM pg_notify(channel, author || ' [' || notes[1] || ']');
      END IF;
      RETURN;
    END IF;
  END IF;
  WITH input AS MATERIALIZED (
    SELECT * FROM unnest(ids, versions, commit_ids, run_ids, firsts, workflows, workflow_versions, statuses, started, updated,
      closed, wakes, owners, unsettleds, parent_ids, parent_chains, root_ids, root_chains, names, vals, rests, formats, events)
      WITH ORDINALITY
    AS t(id, version, commit_id, run, first, workflow, workflow_version, status, started, updated, closed, wake, owner,
      unsettled, parent_id, parent_chain, root_id, root_chain, names, vals, rest, format, events, n)
  ), created AS (
    INSERT INTO "perdure".executions (workflow_id, run_id, workflow, workflow_version, status, version, first_version,
      started_at, updated_at, closed_at, wake_at, owner, unsettled, parent_id, parent_chain, root_id, root_chain,
      attribute_names, attribute_values, rest)
    SELECT i.id, i.run, i.workflow, i.workflow_version, i.status, i.version, i.first, i.started, i.updated, i.closed, i.wake,
      i.owner, i.unsettled, i.parent_id, i.parent_chain, i.root_id, i.root_chain, i.names::text[], i.vals::bytea[], i.rest
    FROM input i
    WHERE i.first = i.version
      AND NOT EXISTS (SELECT FROM "perdure".executions x WHERE x.workflow_id = i.id)
      AND i.version = 1 + coalesce((
        SELECT d.version FROM "perdure".deletions d WHERE d.workflow_id = i.id AND d.until > clock_timestamp()
      ), 0)
    ORDER BY i.n
    ON CONFLICT (workflow_id) DO NOTHING
    RETURNING executions.key, executions.workflow_id
  ), moved AS (
    UPDATE "perdure".executions e SET run_id = i.run, workflow = i.workflow, workflow_version = i.workflow_version,
      status = i.status, version = i.version, first_version = i.first, started_at = i.started, updated_at = i.updated,
      closed_at = i.closed, wake_at = i.wake, owner = i.owner, unsettled = i.unsettled, parent_id = i.parent_id,
      parent_chain = i.parent_chain, root_id = i.root_id, root_chain = i.root_chain,
      attribute_names = i.names::text[], attribute_values = i.vals::bytea[], rest = i.rest
    FROM input i
    WHERE i.version > 1 AND e.workflow_id = i.id AND e.version = i.version - 1 AND (e.run_id = i.run OR i.first = i.version)
    RETURNING e.key, i.n
  ), done AS (
    SELECT m.key, m.n, false AS begins FROM moved m
    UNION ALL
    SELECT c.key, i.n, true FROM created c JOIN input i ON i.id = c.workflow_id
  ), kept AS (
    INSERT INTO "perdure".commits (execution, version, id, run_id, format, events)
    SELECT d.key, i.version, i.commit_id, i.run, i.format, i.events FROM done d JOIN input i ON i.n = d.n
  )
  SELECT array_agg(d.n), array_agg(d.n) FILTER (WHERE d.begins) INTO stored, begun FROM done d;
  IF begun IS NOT NULL AND EXISTS (
    SELECT FROM unnest(ids, versions) WITH ORDINALITY AS i(id, version, n)
    JOIN "perdure".deletions d ON d.workflow_id = i.id
    WHERE i.n = ANY (begun) AND d.version >= i.version AND d.until > clock_timestamp()
  ) THEN
    RAISE EXCEPTION 'an execution was deleted meanwhile' USING ERRCODE = 'serialization_failure';
  END IF;
  IF stored IS NOT NULL THEN
    PERFORM pg_notify(channel, author || ' [' || string_agg(i.note, ',' ORDER BY i.n) || ']')
    FROM unnest(notes, pieces) WITH ORDINALITY AS i(note, piece, n)
    WHERE i.note IS NOT NULL AND i.n = ANY (stored)
    GROUP BY i.piece;
  END IF;
  IF stored IS NULL OR cardinality(stored) < cardinality(ids) THEN
    RETURN QUERY
    SELECT i.n::int, e.version, e.run_id, d.version, c.id
    FROM unnest(ids, versions) WITH ORDINALITY AS i(id, version, n)
    LEFT JOIN "perdure".executions e ON e.workflow_id = i.id
    LEFT JOIN "perdure".commits c ON c.execution = e.key AND c.version = i.version
    LEFT JOIN "perdure".deletions d ON d.workflow_id = i.id AND d.until > clock_timestamp()
    WHERE i.n <> ALL (coalesce(stored, '{}'));
  END IF;
END
$$;
SET default_tablespace = '';
SET default_table_access_method = heap;
CREATE TABLE perdure.attributes (
    name text NOT NULL COLLATE pg_catalog."C",
    value bytea NOT NULL,
    started_at double precision NOT NULL,
    workflow_id text NOT NULL COLLATE pg_catalog."C"
)
WITH (autovacuum_vacuum_insert_scale_factor='0.05', autovacuum_analyze_scale_factor='0.02');
CREATE TABLE perdure.commits (
    execution bigint NOT NULL,
    version integer NOT NULL,
    xid xid8 DEFAULT pg_current_xact_id() NOT NULL,
    id text NOT NULL COLLATE pg_catalog."C",
    run_id text NOT NULL COLLATE pg_catalog."C",
    format integer NOT NULL,
    events text NOT NULL
)
WITH (autovacuum_vacuum_insert_scale_factor='0.05');
CREATE TABLE perdure.deletions (
    workflow_id text NOT NULL COLLATE pg_catalog."C",
    version integer NOT NULL,
    seen text NOT NULL,
    until timestamp with time zone NOT NULL
);
CREATE TABLE perdure.details (
    workflow_id text NOT NULL COLLATE pg_catalog."C",
    run_id text NOT NULL COLLATE pg_catalog."C",
    seq integer NOT NULL,
    details text NOT NULL
)
WITH (fillfactor='70');
CREATE TABLE perdure.executions (
    key bigint NOT NULL,
    workflow_id text NOT NULL COLLATE pg_catalog."C",
    run_id text NOT NULL COLLATE pg_catalog."C",
    workflow text NOT NULL COLLATE pg_catalog."C",
    workflow_version text COLLATE pg_catalog."C",
    status text NOT NULL COLLATE pg_catalog."C",
    version integer NOT NULL,
    first_version integer NOT NULL,
    started_at double precision NOT NULL,
    updated_at double precision NOT NULL,
    closed_at double precision,
    wake_at double precision,
    owner text NOT NULL COLLATE pg_catalog."C",
    unsettled boolean NOT NULL,
    parent_id text COLLATE pg_catalog."C",
    parent_chain text COLLATE pg_catalog."C",
    root_id text COLLATE pg_catalog."C",
    root_chain text COLLATE pg_catalog."C",
    attribute_names text[] COLLATE pg_catalog."C",
    attribute_values bytea[],
    rest text NOT NULL
)
WITH (fillfactor='70', autovacuum_vacuum_scale_factor='0.02', autovacuum_analyze_scale_factor='0.02');
ALTER TABLE perdure.executions ALTER COLUMN key ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME perdure.executions_key_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE perdure.meta (
    version integer NOT NULL
);
CREATE TABLE perdure.workers (
    worker text NOT NULL COLLATE pg_catalog."C",
    record text NOT NULL,
    has_left boolean NOT NULL,
    lease interval NOT NULL,
    until timestamp with time zone NOT NULL
)
WITH (fillfactor='50');
INSERT INTO perdure.attributes VALUES ('customer', '\x03616461', 1700000000000, 'open');
INSERT INTO perdure.attributes VALUES ('total', '\x01c01c000000000000', 1700000000000, 'open');
INSERT INTO perdure.attributes VALUES ('customer', '\x03616461', 1700000000000, 'closed');
INSERT INTO perdure.commits VALUES (1, 1, '726', 'b10521cf-10dd-4a55-bf80-b8d35497ed94', '0540c987-ede1-4915-8baf-e8f5390ec66e', 1, '[{"_tag":"ExecutionStarted","at":1700000000000,"workflow":"Order","workflowId":"open","runId":"0540c987-ede1-4915-8baf-e8f5390ec66e","input":{"cents":1}},{"_tag":"ActivityScheduled","at":1700000000000,"seq":0,"name":"Charge","input":{"cents":1},"digest":7}]');
INSERT INTO perdure.commits VALUES (1, 2, '727', 'b16d0a6e-0eef-4a16-9783-77ee0ba16d7a', '0540c987-ede1-4915-8baf-e8f5390ec66e', 1, '[{"_tag":"SignalReceived","at":1700000000000,"name":"token","payload":"second"}]');
INSERT INTO perdure.commits VALUES (2, 1, '728', '33e0c183-27d1-41cc-afcd-b3c612a0636b', 'a96113ec-cb25-437e-91fd-8e37c128aee4', 1, '[{"_tag":"ExecutionStarted","at":1700000000000,"workflow":"Order","workflowId":"closed","runId":"a96113ec-cb25-437e-91fd-8e37c128aee4","input":{"cents":1}},{"_tag":"ActivityScheduled","at":1700000000000,"seq":0,"name":"Charge","input":{"cents":1},"digest":7}]');
INSERT INTO perdure.commits VALUES (2, 2, '729', '3e64fa20-c3d8-451a-a41c-5e83fc19f8c0', 'a96113ec-cb25-437e-91fd-8e37c128aee4', 1, '[{"_tag":"ExecutionCompleted","at":1700000000001,"value":"done"}]');
INSERT INTO perdure.deletions VALUES ('gone', 2, '{}', '2026-11-28 02:07:41.702956+00');
INSERT INTO perdure.executions OVERRIDING SYSTEM VALUE VALUES (1, 'open', '0540c987-ede1-4915-8baf-e8f5390ec66e', 'Order', NULL, 'running', 2, 1, 1700000000000, 1700000000001, NULL, NULL, '', true, NULL, NULL, NULL, NULL, '{customer,total}', '{"\\x03616461","\\x01c01c000000000000"}', '{"waitingFor":[{"_tag":"Activity","seq":0,"name":"Charge","attempt":1}],"attributes":{"customer":"ada","total":7}}');
INSERT INTO perdure.executions OVERRIDING SYSTEM VALUE VALUES (2, 'closed', 'a96113ec-cb25-437e-91fd-8e37c128aee4', 'Order', NULL, 'completed', 2, 1, 1700000000000, 1700000000001, 1700000000001, NULL, '', false, NULL, NULL, NULL, NULL, '{customer}', '{"\\x03616461"}', '{"waitingFor":[],"attributes":{"customer":"ada"}}');
INSERT INTO perdure.meta VALUES (1);
INSERT INTO perdure.workers VALUES ('worker', '{"id":"worker","workflows":["Order"]}', false, '00:01:00', '2026-11-27 02:08:41.713167+00');
SELECT pg_catalog.setval('perdure.executions_key_seq', 3, true);
ALTER TABLE ONLY perdure.deletions
    ADD CONSTRAINT deletions_pkey PRIMARY KEY (workflow_id);
ALTER TABLE ONLY perdure.details
    ADD CONSTRAINT details_pkey PRIMARY KEY (workflow_id, run_id, seq);
ALTER TABLE ONLY perdure.executions
    ADD CONSTRAINT executions_pkey PRIMARY KEY (key);
ALTER TABLE ONLY perdure.workers
    ADD CONSTRAINT workers_pkey PRIMARY KEY (worker);
CREATE INDEX attributes_value ON perdure.attributes USING btree (name, value, started_at, workflow_id);
CREATE UNIQUE INDEX commits_version ON perdure.commits USING btree (execution, version);
CREATE INDEX commits_xid ON perdure.commits USING btree (xid);
CREATE INDEX deletions_until ON perdure.deletions USING btree (until);
CREATE UNIQUE INDEX executions_id ON perdure.executions USING btree (workflow_id);
CREATE INDEX executions_owner ON perdure.executions USING btree (owner, started_at, workflow_id) WHERE unsettled;
CREATE INDEX executions_parent ON perdure.executions USING btree (parent_id, started_at, workflow_id) WHERE (parent_id IS NOT NULL);
CREATE INDEX executions_root ON perdure.executions USING btree (root_id, started_at, workflow_id) WHERE (root_id IS NOT NULL);
CREATE INDEX executions_started ON perdure.executions USING btree (started_at, workflow_id);
CREATE INDEX executions_status ON perdure.executions USING btree (status, started_at, workflow_id);
CREATE INDEX executions_version ON perdure.executions USING btree (workflow_version, started_at, workflow_id) WHERE (workflow_version IS NOT NULL);
CREATE INDEX executions_workflow ON perdure.executions USING btree (workflow, status, started_at, workflow_id);
CREATE TRIGGER attributes_added AFTER INSERT ON perdure.executions FOR EACH ROW WHEN ((new.attribute_names IS NOT NULL)) EXECUTE FUNCTION perdure.index_attributes();
CREATE TRIGGER attributes_changed AFTER UPDATE ON perdure.executions FOR EACH ROW WHEN (((old.attribute_names IS DISTINCT FROM new.attribute_names) OR (old.attribute_values IS DISTINCT FROM new.attribute_values) OR (old.started_at IS DISTINCT FROM new.started_at))) EXECUTE FUNCTION perdure.index_attributes();
CREATE TRIGGER attributes_removed AFTER DELETE ON perdure.executions FOR EACH ROW WHEN ((old.attribute_names IS NOT NULL)) EXECUTE FUNCTION perdure.index_attributes();
