// Measures webhook-ingest against servers that keep nothing, in interleaved rounds. See bench/README.md. The last line is one
// JSON object.
//   npm run bench -- ingest [--json] [--rounds n] [--redis] [--connections n] [--history n] [--only name,name]
//     [--statements] [--profile folder]
import { spawn, fork } from 'node:child_process';
import { createServer } from 'node:http';
import { createRequire } from 'node:module';
import { chmod, mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { buffer } from 'node:stream/consumers';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import pg from 'pg';
import { countStatements } from './ingest-statements.mjs';

const load = (path) => import(new URL(`../${path}`, import.meta.url).href);
const { GitServer, startPostgres, startRedis } = await load('libs/testing/dist/index.js');
const { migrateBridge } = await load('libs/database/dist/index.js');
const { migrateQueueBackend } = await load('libs/queueing/dist/index.js');
const { newId } = await load('libs/contracts/dist/index.js');

const { values: options } = parseArgs({
  allowPositionals: true,
  options: {
    json: { type: 'boolean', default: false },
    redis: { type: 'boolean', default: false },
    rounds: { type: 'string', default: '5' },
    connections: { type: 'string', default: '10' },
    history: { type: 'string', default: '0' },
    only: { type: 'string' },
    profile: { type: 'string' },
    statements: { type: 'boolean', default: false },
  },
});
const ROUNDS = Number(options.rounds);
const FULL = { warmupMs: 500, ms: 2_000 };
const STEADY = { warmupMs: 500, ms: 2_000, perSecond: 2_000 };
const PROCESSED = { warmupMs: 2_000, ms: 8_000, perSecond: 500, record: true };
const SECRET = 'the webhook secret of the benchmark';
const MIN_PAYLOAD_BYTES = 7_500;

const log = (line) => options.json || console.log(line);
const cleanups = [];
let loaderPid;

async function main() {
  const folder = await mkdtemp(join(tmpdir(), 'ingest-bench-'));
  // Run as root, PostgreSQL is another user's and has to get through.
  await chmod(folder, 0o755);
  cleanups.push(() => rm(folder, { recursive: true, force: true }));
  // With a folder of its own it syncs to disk, as in production.
  const postgres = await startPostgres({ directory: join(folder, 'postgres') });
  cleanups.push(() => postgres.stop());
  const redis = await startRedis();
  cleanups.push(() => redis.stop());
  const printStatements = options.statements ? await countStatements(postgres, log) : () => undefined;
  await recycleLog(postgres);
  const payload = pushPayload();
  const owner = postgres.url('reunite_bridge');
  await migrateBridge(owner);
  await migrateQueueBackend(owner);
  const pool = new pg.Pool({ connectionString: owner, options: '-c search_path=bridge', max: 2 });
  pool.on('error', () => undefined);
  cleanups.push(() => pool.end());
  const origin = await startServer(JSON.parse(payload).repository);
  await pool.query(
    'CREATE SCHEMA bench CREATE TABLE appended (body bytea); GRANT ALL ON SCHEMA bench TO reunite_ingest; GRANT ALL ON bench.appended TO reunite_ingest',
  );
  const paths = await connect(pool, JSON.parse(payload), origin);
  await writeHistory(pool, Number(options.history));

  const settings = (queueUrl) => ({
    secret: SECRET,
    redisUrl: redis.url,
    databaseUrl: postgres.url('reunite_ingest'),
    queueUrl,
  });
  const onPostgres = settings(postgres.url('reunite_ingest'));
  const servers = {
    ceiling: { kind: 'ceiling', settings: onPostgres, paths: ['/'] },
    append: { kind: 'append', settings: onPostgres, paths: ['/'] },
    octokit: { kind: 'octokit', settings: onPostgres, paths: ['/'] },
    probot: { kind: 'probot', settings: onPostgres, paths: ['/'] },
    nest: { kind: 'nest', settings: onPostgres, paths: ['/'] },
    ours: { kind: 'ours', settings: onPostgres, paths },
    ...(options.redis && { oursOnRedis: { kind: 'ours', settings: settings(redis.url), paths } }),
  };
  const only = options.only?.split(',') ?? Object.keys(servers);
  const loader = startLoader();
  for (const name of only) Object.assign(servers[name], await startChild(servers[name].kind, servers[name].settings));
  const target = (name) => ({ port: servers[name].port, paths: servers[name].paths, secret: SECRET, body: payload });

  const fulls = Object.fromEntries(only.map((name) => [name, []]));
  const steadies = Object.fromEntries(only.filter((name) => /ours|ceiling/.test(name)).map((name) => [name, []]));
  const cpu = [];
  await printStatements('set-up');
  for (let round = 0; round < ROUNDS; round++) {
    for (const name of Object.keys(fulls)) {
      const before = await processorTimes(folder, servers[name].pid);
      fulls[name].push(await loader({ ...target(name), ...FULL }));
      if (name === 'ours' && before)
        cpu.push(perDelivery(before, await processorTimes(folder, servers[name].pid), fulls[name].at(-1)));
    }
    for (const name of Object.keys(steadies)) steadies[name].push(await loader({ ...target(name), ...STEADY }));
  }
  await printStatements('all rounds');
  for (const [name, results] of Object.entries(fulls)) {
    const steady = steadies[name]
      ? `; at ${STEADY.perSecond}/s p50 ${ms(steadies[name], 'p50')} p99 ${ms(steadies[name], 'p99')} ms`
      : '';
    log(
      `${name}: ${Math.round(median(results.map(({ perSecond }) => perSecond)))}/s, p50 ${ms(results, 'p50')} p99 ${ms(results, 'p99')} ms${steady} ${JSON.stringify(results.at(-1).statuses)}`,
    );
  }
  const processed = only.includes('ours')
    ? await measureProcessing(pool, postgres, folder, origin, servers.ours, loader)
    : {};
  await printStatements('with the worker');
  if (cpu.length > 0) log(`processor time per delivery, in µs: ${JSON.stringify(medians(cpu))}`);
  return summary(fulls, steadies, { ...processed, ...(cpu.length > 0 && { microsPerDelivery: medians(cpu) }) });
}

/** Processor time so far, in µs: of the service, of PostgreSQL's processes and of the load generator. Null without /proc. */
async function processorTimes(folder, service) {
  const stats = await Promise.all(
    (await readdir('/proc').catch(() => []))
      .filter((name) => /^\d+$/.test(name))
      .map((name) => readFile(`/proc/${name}/stat`, 'utf8').catch(() => '')),
  );
  if (stats.length === 0) return null;
  const postmaster = Number((await readFile(join(folder, 'postgres/data/postmaster.pid'), 'utf8')).split('\n', 1)[0]);
  const times = { service: 0, postgres: 0, load: 0 };
  for (const stat of stats.filter(Boolean)) {
    const [pid] = stat.split(' ', 1).map(Number);
    const fields = stat
      .slice(stat.lastIndexOf(')') + 2)
      .split(' ')
      .map(Number);
    // Fields 14 and 15: user and system time in ticks of 10 ms.
    const micros = (fields[11] + fields[12]) * 10_000;
    if (pid === service) times.service += micros;
    if (pid === postmaster || fields[1] === postmaster) times.postgres += micros;
    if (pid === loaderPid) times.load += micros;
  }
  return times;
}

function perDelivery(before, after, { perSecond }) {
  const count = (perSecond * (FULL.warmupMs + FULL.ms)) / 1_000;
  return Object.fromEntries(Object.keys(before).map((name) => [name, (after[name] - before[name]) / count]));
}

function medians(samples) {
  return Object.fromEntries(
    Object.keys(samples[0]).map((name) => [name, round(median(samples.map((one) => one[name])), 1)]),
  );
}

function summary(fulls, steadies, processed) {
  const ratio = (field, a, b) => round(median(fulls[a].map((one, index) => one[field] / fulls[b][index][field])), 3);
  const has = (...names) => names.every((name) => fulls[name]);
  const ours = Object.keys(fulls).filter((name) => name.startsWith('ours'));
  const ratios = {};
  const figures = { payloadBytes: Buffer.byteLength(pushPayload()), rounds: ROUNDS };
  for (const name of ours) {
    const suffix = name.slice('ours'.length);
    for (const peer of ['ceiling', 'append', 'probot', 'octokit', 'nest']) {
      if (has(peer)) ratios[peer + suffix] = ratio('perSecond', name, peer);
    }
    if (!has('ceiling')) continue;
    ratios[`p99ToCeiling${suffix}`] = ratio('p99', name, 'ceiling');
    figures[`fullP99OverTwiceCeilingMs${suffix}`] = round(
      median(fulls[name].map(({ p99 }, index) => p99 - 2 * fulls.ceiling[index].p99)),
    );
    figures[`steadyP99OverCeilingMs${suffix}`] = round(
      median(steadies[name].map(({ p99 }, index) => p99 - steadies.ceiling[index].p99)),
    );
  }
  for (const [name, results] of Object.entries(fulls)) {
    figures[`${name}PerSecond`] = Math.round(median(results.map(({ perSecond }) => perSecond)));
    figures[`${name}FullP99Ms`] = ms(results, 'p99');
    if (steadies[name]) figures[`${name}SteadyP99Ms`] = ms(steadies[name], 'p99');
  }
  return { bench: 'ingest', ratios, figures: { ...figures, ...processed } };
}

/** From the time at which a delivery is due at the sender to the transaction that writes the desired state. */
async function measureProcessing(pool, postgres, folder, origin, ours, loader) {
  // The backlog of the measurements before would be processed first.
  await pool.query('TRUNCATE webhook_delivery, webhook_payload');
  const url = (name) => pathToFileURL(join(folder, name)).href;
  const workerUrl = postgres.url('reunite_worker');
  await startChild('worker', {
    workerUrl,
    queueUrl: workerUrl,
    origin,
    contentUrl: url('content'),
    artifactsUrl: url('artifacts'),
  });
  await new Promise((resolve) => setTimeout(resolve, 2_000));
  const { sent, p99 } = await loader({
    port: ours.port,
    paths: ours.paths,
    secret: SECRET,
    body: pushPayload(),
    ...PROCESSED,
  });
  await new Promise((resolve) => setTimeout(resolve, 2_000));
  const { rows } = await pool.query('SELECT guid, extract(epoch FROM processed_at) * 1000 AS at FROM webhook_delivery');
  const processedAt = new Map(rows.map(({ guid, at }) => [guid, at === null ? Infinity : Number(at)]));
  const times = sent.map(([guid, at]) => (processedAt.get(guid) ?? Infinity) - at).sort((a, b) => a - b);
  const at = (share) => round(times[Math.floor(times.length * share)]);
  const figures = { processedP50Ms: at(0.5), processedP99Ms: at(0.99), responseP99WithWorkerMs: round(p99) };
  log(`processed at ${PROCESSED.perSecond}/s: p50 ${figures.processedP50Ms} p99 ${figures.processedP99Ms} ms`);
  return figures;
}

/**
 * Brings PostgreSQL into the state of a server that has been running for a while: it reuses the files of its write-ahead log.
 * A new one creates them, and every commit waits for each (16 MB, 30 to 50 ms).
 */
async function recycleLog(postgres) {
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
function pushPayload() {
  const examples = createRequire(import.meta.url)('@octokit/webhooks-examples/api.github.com/index.json');
  const pushes = examples.find(({ name }) => name === 'push').examples.map((example) => JSON.stringify(example));
  return pushes.find((text) => text.length >= MIN_PAYLOAD_BYTES);
}

/** Connections, each with the repository of the payload and a project on it. @returns their webhook paths */
async function connect(pool, { repository, installation }, origin) {
  const ids = Array.from({ length: Number(options.connections) }, () => newId('connection'));
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
async function writeHistory(pool, count) {
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
async function startServer(repository) {
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

/** @returns the port that the child reports, and its process id */
function startChild(kind, settings) {
  const cwd = fileURLToPath(new URL('..', import.meta.url));
  const profile =
    options.profile && ['ours', 'worker'].includes(kind) ? ['--cpu-prof', `--cpu-prof-dir=${options.profile}`] : [];
  const args = [...profile, 'bench/ingest-servers.mjs', kind, JSON.stringify(settings)];
  const env = { PATH: process.env.PATH, NODE_ENV: 'production' };
  const child = spawn(process.execPath, args, { cwd, env, stdio: ['ignore', 'pipe', 'inherit'] });
  cleanups.push(
    () => new Promise((resolve) => (child.once('exit', resolve), child.kill(profile.length ? 'SIGINT' : 'SIGKILL'))),
  );
  return new Promise((resolve, reject) => {
    child.once('exit', (code) => reject(new Error(`${kind} ended with ${code}`)));
    createInterface(child.stdout).on(
      'line',
      (line) => line.startsWith('{"ready"') && resolve({ port: JSON.parse(line).port, pid: child.pid }),
    );
  });
}

function startLoader() {
  const child = fork(fileURLToPath(new URL('ingest-load.mjs', import.meta.url)));
  loaderPid = child.pid;
  cleanups.push(() => new Promise((resolve) => (child.once('exit', resolve), child.kill())));
  return (command) =>
    new Promise((resolve) => {
      child.once('message', resolve);
      child.send(command);
    });
}

function median(values) {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)];
}

function ms(results, field) {
  return round(median(results.map((result) => result[field])));
}

function round(value, digits = 2) {
  return Number(value.toFixed(digits));
}

try {
  const result = await main();
  console.log(JSON.stringify(result));
} finally {
  for (const cleanup of cleanups.reverse()) await cleanup();
}
