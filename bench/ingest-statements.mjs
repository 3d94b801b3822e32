// What PostgreSQL did during a phase of bench `ingest`: the statements that took most of its time, and what it wrote.
import pg from 'pg';

const COUNTED = `SELECT regexp_replace(query, '\\s+', ' ', 'g') AS text, calls::int, total_plan_time AS planning, total_exec_time AS execution
  FROM pg_stat_statements ORDER BY total_plan_time + total_exec_time DESC LIMIT $1`;
const WRITTEN = `SELECT backend_type AS process, object, sum(writes)::int AS writes, sum(write_bytes)::bigint AS bytes,
    sum(fsyncs)::int AS fsyncs
  FROM pg_stat_io GROUP BY backend_type, object HAVING sum(writes) > 0 ORDER BY bytes DESC NULLS LAST LIMIT $1`;

/**
 * Counts statements from now on. The server is restarted, because the module is loaded at its start.
 *
 * @returns prints what was counted since the last call
 */
export async function countStatements(postgres, log) {
  await query(postgres, [`ALTER SYSTEM SET shared_preload_libraries = 'pg_stat_statements'`]);
  await postgres.restart();
  const settings = ['pg_stat_statements.track_planning', 'track_io_timing', 'track_wal_io_timing'];
  await query(postgres, [
    'CREATE EXTENSION pg_stat_statements',
    ...settings.map((name) => `ALTER SYSTEM SET ${name} = on`),
    'SELECT pg_reload_conf()',
  ]);
  return async (phase) => {
    const [statements, writes] = await query(postgres, [
      [COUNTED, [25]],
      [WRITTEN, [10]],
    ]);
    log(`\nStatements, ${phase}: calls, ms of planning, ms of execution`);
    for (const { text, calls, planning, execution } of statements) {
      log(
        `${String(calls).padStart(7)} ${planning.toFixed(0).padStart(6)} ${execution.toFixed(0).padStart(6)}  ${text.slice(0, 140)}`,
      );
    }
    log(`Writes, ${phase}: process, object, writes, MB, fsyncs`);
    for (const { process, object, writes: count, bytes, fsyncs } of writes) {
      log(`${process}, ${object}: ${count}, ${(Number(bytes) / 1e6).toFixed(1)}, ${fsyncs}`);
    }
    await query(postgres, ['SELECT pg_stat_statements_reset()', `SELECT pg_stat_reset_shared('io')`]);
  };
}

async function query(postgres, statements) {
  const client = new pg.Client({ connectionString: postgres.url('postgres') });
  await client.connect();
  try {
    const results = [];
    for (const [text, values] of statements.map((one) => [one].flat(1)))
      results.push((await client.query(text, values)).rows);
    return results;
  } finally {
    await client.end();
  }
}
