// What bench `ingest` measures with: rows, a payload, and a server.
import { createServer } from 'node:http';
import { createRequire } from 'node:module';
import { buffer } from 'node:stream/consumers';
import pg from 'pg';

const load = (path) => import(new URL(`../${path}`, import.meta.url).href);
const { GitServer } = await load('libs/testing/dist/index.js');
const { newId } = await load('libs/contracts/dist/index.js');

const MIN_PAYLOAD_BYTES = 7_500;

/**
 * Brings PostgreSQL into the state of a server that has been running for a while: it reuses the files of its write-ahead log.
 * A new one creates them, and every commit waits for each (16 MB, 30 to 50 ms).
 */
export async function recycleLog(postgres) {
  const client = new pg.Client({ connectionString: postgres.url('postgres') });
  await client.connect();
  for (let file = 0; file < 72; file++) {
    await client.query(`SELECT pg_logical_emit_message(false, 'bench', 'x')`);
    await client.query('SELECT pg_switch_wal()');
  }
  await client.query('CHECKPOINT');
  await client.end();
}

/** The first push of the examples that is as large as a usual one. */
export function pushPayload() {
  const examples = createRequire(import.meta.url)('@octokit/webhooks-examples/api.github.com/index.json');
  const pushes = examples.find(({ name }) => name === 'push').examples.map((example) => JSON.stringify(example));
  return pushes.find((text) => text.length >= MIN_PAYLOAD_BYTES);
}

/** Connections, each with the repository of the payload and a project on it. @returns their webhook paths */
export async function connect(pool, { repository, installation }, origin, count) {
  const ids = Array.from({ length: count }, () => newId('connection'));
  await pool.query(
    `INSERT INTO connection (id, organization_id, name, origin, owner, status, app_id, created_by)
     SELECT id, 'org_' || id, id, $2, 'acme', 'connected', 7, 'usr_a' FROM unnest($1::text[]) AS id`,
    [ids, origin],
  );
  const repositories = ids.map(() => newId('repository'));
  await pool.query(
    `INSERT INTO repository (id, connection_id, installation_id, github_id, owner, name, default_branch, private)
     SELECT id, connection_id, $4, $3, $5, $6, 'main', true FROM unnest($1::text[], $2::text[]) AS x (id, connection_id)`,
    [repositories, ids, repository.id, installation?.id ?? 7, repository.owner.login, repository.name],
  );
  await pool.query(
    `INSERT INTO project (id, organization_id, repository_id, name, production_branch, root_folder, branch_previews,
       pull_request_previews, fork_previews)
     SELECT 'prj_' || id, 'org_' || id, id, id, 'main', '', '{"mode":"all"}', true, false FROM unnest($1::text[]) AS id`,
    [repositories],
  );
  return ids.map((id) => `/webhooks/github/${id}`);
}

/** Processed deliveries of the last weeks, in the tables' own partitions. Payloads are small: the indexes matter. */
export async function writeHistory(pool, count) {
  if (count === 0) return;
  await pool.query(
    `INSERT INTO webhook_delivery (id, connection_id, shard, key, guid, event, size, processed_at, outcome)
     SELECT delivery_id_at(now() - number * interval '1 ms') || lpad(to_hex(number), 16, '0'),
       'con_history_' || number % 1000, 0, gen_random_uuid(), gen_random_uuid(), 'push', 100, now(), 'history'
     FROM generate_series(1, $1::int) AS number`,
    [count],
  );
  await pool.query(
    `INSERT INTO webhook_payload (delivery_id, part, bytes) SELECT id, 0, repeat('x', 100)::bytea FROM webhook_delivery`,
  );
  await pool.query('VACUUM ANALYZE webhook_delivery, webhook_payload');
}

/**
 * A server with the repository of the payload, which has one commit: each sync asks where the branch is. Git answers each
 * request once, and the server repeats the answer: running Git would take more of the processor than the worker.
 */
export async function startServer(repository, cleanups) {
  const git = new GitServer();
  cleanups.push(() => git.remove());
  git.push('main', { 'index.md': '# Start' });
  const answers = new Map();
  const answerOf = async (request) => {
    if (!request.url.endsWith('/git-upload-pack')) return Buffer.from(JSON.stringify(repository));
    const body = await buffer(request);
    const key = body.toString('latin1');
    answers.set(key, answers.get(key) ?? (await git.uploadPack(body)));
    return answers.get(key);
  };
  const http = createServer(async (request, response) => {
    const isGit = request.url.endsWith('/git-upload-pack');
    const type = isGit ? 'application/x-git-upload-pack-result' : 'application/json';
    response.writeHead(200, { 'content-type': type }).end(await answerOf(request));
  });
  await new Promise((resolve) => http.listen(0, '127.0.0.1', resolve));
  cleanups.push(() => new Promise((resolve) => http.close(resolve).closeAllConnections()));
  return `http://127.0.0.1:${http.address().port}`;
}
