/**
 * What the server does in one round trip, in SQL. A function keeps its name and its arguments for ever, since processes of other
 * releases call it: one that does something else has another name.
 */

/**
 * Saves a group of commits, in one transaction.
 *
 * They are of different executions and in the order of their ids, and locks are taken in that order. So no plan may lose it: a hash
 * join does, and so does a scan of a table as the outer side of a loop. `ON CONFLICT` alone would also wait for a transaction that
 * moves the execution of that id, out of the order, so there is a look first.
 *
 * A commit alone that moves an execution has statements of its own, which cost a fraction of the ones for many.
 *
 * Returns a row for each commit that was not stored now, with what decides about it. That is a second statement, since the snapshot
 * of the first one may be older than the commit that came first: a repeated save would look like a conflict (law 4).
 *
 * A start whose id was created and deleted again while the first statement ran finds neither. The third statement does.
 */
const save = `
CREATE FUNCTION SCHEMA.save_1(
  ids text[], versions int[], commit_ids text[], run_ids text[], firsts int[], workflows text[], workflow_versions text[],
  statuses text[], started float8[], updated float8[], closed float8[], wakes float8[], owners text[], unsettleds bool[],
  parent_ids text[], parent_chains text[], root_ids text[], root_chains text[], names text[], vals text[], rests text[],
  formats int[], events text[], notes text[], pieces int[], channel text, author text, patience text
) RETURNS TABLE (place int, version int, run_id text, deleted_at int, id_at_version text)
LANGUAGE plpgsql
SET enable_hashjoin = off SET enable_seqscan = off SET plan_cache_mode = force_generic_plan
AS $$
#variable_conflict use_column
DECLARE
  stored bigint[];
  begun bigint[];
  moved_key bigint;
BEGIN
  PERFORM set_config('lock_timeout', patience, true);
  IF cardinality(ids) = 1 AND versions[1] > 1 THEN
    UPDATE SCHEMA.executions e SET run_id = run_ids[1], workflow = workflows[1], workflow_version = workflow_versions[1],
      status = statuses[1], version = versions[1], first_version = firsts[1], started_at = started[1],
      updated_at = updated[1], closed_at = closed[1], wake_at = wakes[1], owner = owners[1], unsettled = unsettleds[1],
      parent_id = parent_ids[1], parent_chain = parent_chains[1], root_id = root_ids[1], root_chain = root_chains[1],
      attribute_names = names[1]::text[], attribute_values = vals[1]::bytea[], rest = rests[1]
    WHERE e.workflow_id = ids[1] AND e.version = versions[1] - 1 AND (e.run_id = run_ids[1] OR firsts[1] = versions[1])
    RETURNING e.key INTO moved_key;
    IF FOUND THEN
      INSERT INTO SCHEMA.commits (execution, version, id, run_id, format, events)
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
    INSERT INTO SCHEMA.executions (workflow_id, run_id, workflow, workflow_version, status, version, first_version,
      started_at, updated_at, closed_at, wake_at, owner, unsettled, parent_id, parent_chain, root_id, root_chain,
      attribute_names, attribute_values, rest)
    SELECT i.id, i.run, i.workflow, i.workflow_version, i.status, i.version, i.first, i.started, i.updated, i.closed, i.wake,
      i.owner, i.unsettled, i.parent_id, i.parent_chain, i.root_id, i.root_chain, i.names::text[], i.vals::bytea[], i.rest
    FROM input i
    WHERE i.first = i.version
      AND NOT EXISTS (SELECT FROM SCHEMA.executions x WHERE x.workflow_id = i.id)
      AND i.version = 1 + coalesce((
        SELECT d.version FROM SCHEMA.deletions d WHERE d.workflow_id = i.id AND d.until > clock_timestamp()
      ), 0)
    ORDER BY i.n
    ON CONFLICT (workflow_id) DO NOTHING
    RETURNING executions.key, executions.workflow_id
  ), moved AS (
    UPDATE SCHEMA.executions e SET run_id = i.run, workflow = i.workflow, workflow_version = i.workflow_version,
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
    INSERT INTO SCHEMA.commits (execution, version, id, run_id, format, events)
    SELECT d.key, i.version, i.commit_id, i.run, i.format, i.events FROM done d JOIN input i ON i.n = d.n
  )
  SELECT array_agg(d.n), array_agg(d.n) FILTER (WHERE d.begins) INTO stored, begun FROM done d;

  IF begun IS NOT NULL AND EXISTS (
    SELECT FROM unnest(ids, versions) WITH ORDINALITY AS i(id, version, n)
    JOIN SCHEMA.deletions d ON d.workflow_id = i.id
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
    LEFT JOIN SCHEMA.executions e ON e.workflow_id = i.id
    LEFT JOIN SCHEMA.commits c ON c.execution = e.key AND c.version = i.version
    LEFT JOIN SCHEMA.deletions d ON d.workflow_id = i.id AND d.until > clock_timestamp()
    WHERE i.n <> ALL (coalesce(stored, '{}'));
  END IF;
END
$$;
`

/**
 * Removes an execution at a version, or its commits before one. `known` is what the record of an earlier deletion said when the caller
 * made `seen` of it: when it says something else by now, nothing is removed.
 *
 * Several statements under the lock of the execution: one would not see the commit that a save has added while it waited.
 */
const remove = `
CREATE FUNCTION SCHEMA.remove_1(
  id text, wanted int, before int, seen text, known text, kept interval, channel text, note text, patience text
) RETURNS TABLE (outcome text, latest int)
LANGUAGE plpgsql
SET enable_hashjoin = off SET enable_seqscan = off
AS $$
DECLARE
  found_key bigint;
  found_version int;
  found_first int;
  earlier text;
BEGIN
  PERFORM set_config('lock_timeout', patience, true);
  SELECT e.key, e.version, e.first_version INTO found_key, found_version, found_first
  FROM SCHEMA.executions e WHERE e.workflow_id = id FOR UPDATE;
  IF found_key IS NULL THEN
    RETURN QUERY SELECT 'nothing', 0;
    RETURN;
  END IF;
  IF wanted <> found_version OR before > found_first THEN
    RETURN QUERY SELECT 'conflict', found_version;
    RETURN;
  END IF;
  SELECT d.seen INTO earlier FROM SCHEMA.deletions d WHERE d.workflow_id = id AND d.until > clock_timestamp();
  IF earlier IS DISTINCT FROM known THEN
    RETURN QUERY SELECT 'changed', found_version;
    RETURN;
  END IF;
  DELETE FROM SCHEMA.commits c WHERE c.execution = found_key AND (before IS NULL OR c.version < before);
  IF before IS NOT NULL AND NOT FOUND THEN
    RETURN QUERY SELECT 'nothing', found_version;
    RETURN;
  END IF;
  IF before IS NULL THEN
    DELETE FROM SCHEMA.executions e WHERE e.key = found_key;
    DELETE FROM SCHEMA.details t WHERE t.workflow_id = id;
    IF note IS NOT NULL THEN
      PERFORM pg_notify(channel, note);
    END IF;
  END IF;
  DELETE FROM SCHEMA.deletions d WHERE d.workflow_id IN (
    SELECT x.workflow_id FROM SCHEMA.deletions x
    WHERE x.until <= clock_timestamp() ORDER BY x.until LIMIT 1000 FOR UPDATE SKIP LOCKED
  );
  INSERT INTO SCHEMA.deletions AS d (workflow_id, version, seen, until)
  VALUES (id, coalesce(before, found_version + 1), seen, clock_timestamp() + kept)
  ON CONFLICT (workflow_id) DO UPDATE SET version = excluded.version, seen = excluded.seen, until = excluded.until;
  RETURN QUERY SELECT 'removed', found_version;
END
$$;
`

/** Answers only where it may be relied on: a server that follows another one may be behind it. */
const leading = `
CREATE FUNCTION SCHEMA.leading_1() RETURNS boolean LANGUAGE plpgsql STABLE AS $$
BEGIN
  IF pg_is_in_recovery() THEN
    RAISE EXCEPTION 'this server follows another one; reads and writes go to that' USING ERRCODE = 'read_only_sql_transaction';
  END IF;
  RETURN true;
END
$$;
`

/** The functions, in a schema that is named as SQL quotes it. */
export const functions = (schema: string): string => (leading + save + remove).replaceAll("SCHEMA", schema)
