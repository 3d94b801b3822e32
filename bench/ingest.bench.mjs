// Measures webhook-ingest against servers that keep nothing, in interleaved rounds. See bench/README.md. The last line is one
// JSON object.
//   npm run bench -- ingest [--json] [--rounds n] [--redis] [--connections n] [--history n] [--only name,name]
//     [--burst] [--flood] [--statements] [--profile folder]
import { chmod, mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import pg from 'pg';
import { startChild, startLoader } from './ingest-processes.mjs';
import { measureBurst, measureFlood } from './ingest-overload.mjs';
import { connect, pushPayload, recycleLog, startServer, writeHistory } from './ingest-setup.mjs';
import { countStatements } from './ingest-statements.mjs';

const load = (path) => import(new URL(`../${path}`, import.meta.url).href);
const { startPostgres, startRedis } = await load('libs/testing/dist/index.js');
const { migrateBridge } = await load('libs/database/dist/index.js');
const { migrateQueueBackend } = await load('libs/queueing/dist/index.js');

const { values: options } = parseArgs({
  allowPositionals: true,
  options: {
    json: { type: 'boolean', default: false },
    redis: { type: 'boolean', default: false },
    rounds: { type: 'string', default: '5' },
    connections: { type: 'string', default: '10' },
    history: { type: 'string', default: '0' },
    only: { type: 'string' },
    burst: { type: 'boolean', default: false },
    flood: { type: 'boolean', default: false },
    profile: { type: 'string' },
    statements: { type: 'boolean', default: false },
  },
});
const ROUNDS = Number(options.rounds);
const FULL = { warmupMs: 500, ms: 2_000 };
const STEADY = { warmupMs: 500, ms: 2_000, perSecond: 2_000 };
const PROCESSED = { warmupMs: 2_000, ms: 8_000, perSecond: 500, record: true };
const SECRET = 'the webhook secret of the benchmark';

const log = (line) => options.json || console.log(line);
const cleanups = [];

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
  const origin = await startServer(JSON.parse(payload).repository, cleanups);
  await pool.query(
    'CREATE SCHEMA bench CREATE TABLE appended (body bytea); GRANT ALL ON SCHEMA bench TO reunite_ingest; GRANT ALL ON bench.appended TO reunite_ingest',
  );
  const paths = await connect(pool, JSON.parse(payload), origin, Number(options.connections));
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
  const loader = startLoader(cleanups);
  for (const name of only) {
    const { kind, settings: own } = servers[name];
    Object.assign(servers[name], await startChild(kind, own, cleanups, options.profile));
  }
  const target = (name) => ({ port: servers[name].port, paths: servers[name].paths, secret: SECRET, body: payload });

  const fulls = Object.fromEntries(only.map((name) => [name, []]));
  const steadies = Object.fromEntries(only.filter((name) => /ours|ceiling/.test(name)).map((name) => [name, []]));
  const cpu = Object.fromEntries(only.map((name) => [name, []]));
  await printStatements('set-up');
  for (let round = 0; round < ROUNDS; round++) {
    for (const name of Object.keys(fulls)) {
      const before = await processorTimes(folder, servers[name].pid, loader.pid);
      fulls[name].push(await loader.run({ ...target(name), ...FULL }));
      const after = await processorTimes(folder, servers[name].pid, loader.pid);
      if (after) cpu[name].push(perDelivery(before, after, fulls[name].at(-1)));
    }
    for (const name of Object.keys(steadies)) steadies[name].push(await loader.run({ ...target(name), ...STEADY }));
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
    ? await measureOurs({ pool, postgres, folder, origin, loader }, target('ours'))
    : {};
  await printStatements('with the worker');
  if (options.flood && only.includes('ours'))
    Object.assign(processed, await measureFlood(loader, servers.ours.pid, target('ours'), log));
  const measured = Object.entries(cpu).filter(([, samples]) => samples.length > 0);
  const microsPerDelivery = Object.fromEntries(measured.map(([name, samples]) => [name, medians(samples)]));
  log(`processor time per delivery, in µs: ${JSON.stringify(microsPerDelivery)}`);
  return summary(fulls, steadies, { ...processed, microsPerDelivery });
}

/** Processor time so far, in µs: of the service, of PostgreSQL's processes and of the load generator. Null without /proc. */
async function processorTimes(folder, service, loader) {
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
    if (pid === loader) times.load += micros;
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

/** Starts the worker beside webhook-ingest. */
async function measureOurs({ pool, postgres, folder, origin, loader }, target) {
  // The backlog of the measurements before would be processed first.
  await pool.query(`DELETE FROM webhook_delivery WHERE outcome IS DISTINCT FROM 'history'`);
  await pool.query('VACUUM ANALYZE webhook_delivery');
  const url = (name) => pathToFileURL(join(folder, name)).href;
  const workerUrl = postgres.url('reunite_worker');
  const settings = {
    workerUrl,
    queueUrl: workerUrl,
    origin,
    contentUrl: url('content'),
    artifactsUrl: url('artifacts'),
  };
  await startChild('worker', settings, cleanups, options.profile);
  await new Promise((resolve) => setTimeout(resolve, 2_000));
  const figures = await measureProcessing(pool, loader, target);
  return options.burst ? { ...figures, ...(await measureBurst(pool, loader, target, log)) } : figures;
}

/** From the time at which a delivery is due at the sender to the transaction that writes the desired state. */
async function measureProcessing(pool, loader, target) {
  const { sent, p99 } = await loader.run({ ...target, ...PROCESSED });
  await new Promise((resolve) => setTimeout(resolve, 2_000));
  const { rows } = await pool.query(
    `SELECT guid, extract(epoch FROM processed_at) * 1000 AS at FROM webhook_delivery WHERE outcome IS DISTINCT FROM 'history'`,
  );
  const processedAt = new Map(rows.map(({ guid, at }) => [guid, at === null ? Infinity : Number(at)]));
  const times = sent.map(([guid, at]) => (processedAt.get(guid) ?? Infinity) - at).sort((a, b) => a - b);
  const at = (share) => round(times[Math.floor(times.length * share)]);
  const figures = { processedP50Ms: at(0.5), processedP99Ms: at(0.99), responseP99WithWorkerMs: round(p99) };
  log(`processed at ${PROCESSED.perSecond}/s: p50 ${figures.processedP50Ms} p99 ${figures.processedP99Ms} ms`);
  return figures;
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
