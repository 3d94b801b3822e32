// Push → synced of one tenant, with and without another tenant whose ten servers accept requests and never answer; and
// push → lint status, with and without a lint of another tenant that cannot end. The whole system runs, on loopback.
import { chmod, mkdtemp, readFile, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { ConnectedUser, load, OWNER } from './connected-user.mjs';
import { sentAt } from './deploy-latency.mjs';
import { DeployStack } from './deploy-stack.mjs';

const { eventually, startSimulator } = await load('libs/testing/dist/index.js');
const { GitClone } = await load('apps/stack-e2e/dist/git-clone.js');
const { processorMilliseconds } = await load('apps/sync-worker/dist/builds/isolation/process-usage.js');

const SILENT_CONNECTIONS = 10;
const descriptionOf = (pattern) => `openapi: 3.1.0
info: { title: Hostile, version: '1' }
paths: {}
components:
  schemas:
    Name: { type: string, pattern: '${pattern}', example: '${'a'.repeat(40)}!' }
`;
const ORDINARY = descriptionOf('^a+!$');
/** The pattern backtracks exponentially on the example: a linter that runs it does not end. */
const HOSTILE = descriptionOf('^(a+)+$');

/** Rounds that are not counted: caches, connections and compiled code. */
const WARM_UP = 3;
/** Processor time after which the hostile lint counts as running. */
const HOSTILE_BEGUN_MS = 50;

const { values: options } = parseArgs({
  options: { json: { type: 'boolean' }, rounds: { type: 'string', default: '9' }, only: { type: 'string' } },
  allowPositionals: true,
});
const rounds = Number(options.rounds);
/** Without `--only lint` or `--only tarpit`, both are measured. */
const only = (part) => options.only === undefined || options.only === part;
const stopping = AbortSignal.timeout(20 * 60_000);
const log = (text) => options.json || console.error(text);
const pace = { everyMs: 5, withinMs: 120_000, signal: stopping };

/** A tenant with its server and its clones. */
class Tenant {
  static async of(stack, name, simulatorUrl, folder) {
    const user = await ConnectedUser.signIn(stack.urls.api, name, simulatorUrl);
    return Object.assign(new Tenant(), { name, user, folder });
  }

  /** A repository with a project, on a connection of its own. */
  async connect(name, description = 'openapi: 3.1.0\ninfo: { title: A, version: "1" }\npaths: {}\n') {
    const repository = `${OWNER}/${name}`;
    const { simulator } = this.user;
    await simulator.createRepository(OWNER, name);
    const clone = await GitClone.of(simulator.cloneUrl(repository), join(this.folder, `${this.name}-${name}`));
    await clone.push('main', 'openapi.yaml', description);
    const project = await this.user.connect(name, { name, branchPreviews: { mode: 'none' } }, stopping);
    const connected = { project, clone, repository };
    await this.synced(connected, await clone.head());
    return connected;
  }

  synced({ project }, commit) {
    return eventually(async () => (await this.user.read(`/v1/projects/${project.id}`)).sync.commit === commit, {
      what: `${project.name} is synced`,
      ...pace,
    });
  }

  /** Resolves when the lint status of a commit is final. */
  linted({ repository, project }, commit) {
    return eventually(
      async () => {
        const statuses = await this.user.simulator.statuses(repository, commit);
        const last = statuses.findLast(({ context }) => context === `Reunite (${project.name}): lint`);
        return last !== undefined && last.state !== 'pending';
      },
      { what: `${project.name} is linted`, ...pace, everyMs: 20 },
    );
  }
}

/** Milliseconds from the delivery of a push until `reached` resolves: `git push` itself is no work of the bridge. */
async function timedPush(connected, round, reached) {
  const commit = await connected.clone.push('main', 'page.md', `Round ${round}: ${Math.random()}\n`);
  await reached(commit);
  const end = Date.now();
  return end - (await sentAt(system))(commit);
}

async function measureTarpit(acme, docs, globex, silent, server) {
  const times = { quiet: [], tarpit: [] };
  for (let round = 0; round < rounds; round += 1) {
    times.quiet.push(await timedPush(docs, round, (commit) => acme.synced(docs, commit)));
    await server.control('POST', '/faults', { route: '* /api/*', pause: 'request', count: 1_000_000 });
    await server.control('POST', '/faults', { route: '* /*/git-upload-pack', pause: 'request', count: 1_000_000 });
    for (const { clone } of silent) await clone.push('main', 'page.md', `Round ${round}: ${Math.random()}\n`);
    const paused = async () => (await server.control('GET', '/faults')).paused;
    await eventually(async () => (await paused()) > 0, { what: 'requests are paused', ...pace, everyMs: 50 });
    times.tarpit.push(await timedPush(docs, round, (commit) => acme.synced(docs, commit)));
    log(`round ${round + 1}: ${ms(times.quiet.at(-1))} alone, ${ms(times.tarpit.at(-1))} beside silent servers`);
    await server.control('DELETE', '/faults');
    await server.control('POST', '/faults/resume');
    // The next round starts alone: the pushes of the silent servers are synced, built and linted first.
    for (const one of silent) await globex.linted(one, await one.clone.head());
    await acme.linted(docs, await docs.clone.head());
    await lintersAreIdle();
  }
  return times;
}

/**
 * Measures lints alone, beside an ordinary lint that starts at the same time, and beside a hostile lint that runs.
 */
async function measureLint(acme, docs, globex, other) {
  const times = { quiet: [], ordinary: [], hostile: [] };
  const measure = (round) => timedPush(docs, round, (commit) => acme.linted(docs, commit));
  const beside = async (description, round, begun) => {
    const commit = await other.clone.push('main', 'openapi.yaml', `${description}# ${round}\n`);
    await begun?.();
    const time = await measure(round);
    await globex.linted(other, commit);
    await lintersAreIdle();
    return time;
  };
  for (let round = 1 - WARM_UP; round <= rounds; round += 1) {
    const quiet = await measure(round);
    await lintersAreIdle();
    const ordinary = await beside(ORDINARY, round);
    const before = await lintersMs();
    const running = async () => {
      const used = [...(await lintersMs())].map(([pid, ms]) => ms - (before.get(pid) ?? ms));
      return Math.max(...used) > HOSTILE_BEGUN_MS;
    };
    const hostile = await beside(HOSTILE, round, () => eventually(running, { what: 'the hostile lint runs', ...pace }));
    if (round < 1) continue;
    for (const [name, time] of Object.entries({ quiet, ordinary, hostile })) times[name].push(time);
    log(
      `round ${round}: lint ${ms(quiet)} alone, ${ms(ordinary)} beside an ordinary one, ${ms(hostile)} beside a hostile one`,
    );
  }
  return times;
}

/** Processor time of each process that lints, in milliseconds. */
async function lintersMs() {
  const times = new Map();
  for (const pid of (await readdir('/proc')).filter((name) => /^\d+$/.test(name))) {
    const command = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '');
    if (/isolated\.main\.js\0lint\0$/.test(command)) times.set(pid, processorMilliseconds(Number(pid)) ?? 0);
  }
  return times;
}

/** A process that was replaced loads its code: a measurement waits until it has. */
async function lintersAreIdle() {
  let before = '';
  const idle = async () => {
    const now = JSON.stringify([...(await lintersMs())]);
    const same = now === before;
    before = now;
    return same;
  };
  await eventually(idle, { what: 'the processes that lint are idle', ...pace, everyMs: 300 });
}

function ms(value) {
  return `${Math.round(value)} ms`;
}

function median(values) {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)];
}

function medianRatio(values, peers) {
  return Number(median(values.map((value, index) => value / peers[index])).toFixed(3));
}

const folder = await mkdtemp(join(tmpdir(), 'fairness-bench-'));
const server = await startSimulator();
let system;
try {
  // PostgreSQL runs as another user when this runs as root.
  await chmod(folder, 0o755);
  system = await DeployStack.start(folder, stopping);
  try {
    const acme = await Tenant.of(system.stack, 'ada', system.stack.urls.simulator, folder);
    const globex = await Tenant.of(system.stack, 'mallory', server.url, folder);
    const docs = await acme.connect('docs-of-acme');
    const silent = [];
    const connections = only('tarpit') ? SILENT_CONNECTIONS : 1;
    for (let index = 0; index < connections; index += 1) silent.push(await globex.connect(`silent-${index}`));
    log(`${connections} connections of another tenant, each with a project`);
    const lint = only('lint') ? await measureLint(acme, docs, globex, silent[0]) : null;
    const tarpit = only('tarpit') ? await measureTarpit(acme, docs, globex, silent, server) : null;
    const figures = {
      ...(tarpit && {
        syncedMs: Math.round(median(tarpit.quiet)),
        syncedBesideSilentMs: Math.round(median(tarpit.tarpit)),
        slowestSyncedBesideSilentMs: Math.round(Math.max(...tarpit.tarpit)),
      }),
      ...(lint && {
        lintedMs: Math.round(median(lint.quiet)),
        lintedBesideOrdinaryMs: Math.round(median(lint.ordinary)),
        lintedBesideHostileMs: Math.round(median(lint.hostile)),
      }),
    };
    const ratios = {
      ...(tarpit && { tarpit: medianRatio(tarpit.tarpit, tarpit.quiet) }),
      ...(lint && { hostileLint: medianRatio(lint.hostile, lint.quiet) }),
      ...(lint && { hostileToOrdinaryLint: medianRatio(lint.hostile, lint.ordinary) }),
    };
    console.log(JSON.stringify({ bench: 'fairness', ratios, figures }));
  } finally {
    await system.stop();
  }
} finally {
  await server.stop();
  await rm(folder, { recursive: true, force: true });
}
