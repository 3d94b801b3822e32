// Compares content syncs with git on the same simulated server: the first sync with `git clone --depth 1`, the sync of a
// push with `git fetch --depth 1` into a kept repository. Then the latency of the whole system. See bench/README.md.
// The last line is one JSON object.
import { spawn } from 'node:child_process';
import { chmod, mkdir, mkdtemp, rm } from 'node:fs/promises';
import { createServer, connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { json } from 'node:stream/consumers';
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { load, OWNER } from './connected-user.mjs';
import { measureLatency } from './deploy-latency.mjs';
import { childPids, childrenCpuMs, git, SyncRepository } from './sync-repository.mjs';

const { startSimulator } = await load('libs/testing/dist/index.js');
const { SimulatorClient } = await load('apps/stack-e2e/dist/simulator.client.js');

const PARTS = ['first', 'push', 'latency'];
const MOST_MINUTES = 30;

const { values } = parseArgs({
  allowPositionals: true,
  options: {
    json: { type: 'boolean' },
    long: { type: 'boolean' },
    rounds: { type: 'string', default: '5' },
    only: { type: 'string' },
  },
});
if (values.only !== undefined && !PARTS.includes(values.only)) throw new RangeError(`--only is ${PARTS.join(', ')}`);
const rounds = Number(values.rounds);
if (!Number.isInteger(rounds) || rounds < 1 || rounds > 100) throw new RangeError('--rounds is 1 to 100');
const only = (part) => values.only === undefined || values.only === part;
const log = (line) => values.json || console.log(line);

const sizes = values.long ? [1_000, 10_000, 100_000] : [10_000];
const changes = values.long ? [1, 10, 100, 1_000] : [1, 10, 100];

/** A server with an installed app, whose tokens the syncs use, as the worker does. */
class Server {
  static async start() {
    const others = await childPids().catch(() => []);
    const simulator = await startSimulator();
    const pid = (await childPids()).find((id) => !others.includes(id));
    const client = new SimulatorClient(simulator.url);
    const app = await client.createApp({
      name: 'bench',
      url: simulator.url,
      redirect_url: simulator.url,
      public: false,
      hook_attributes: { url: `${simulator.url}/none`, active: false },
      default_permissions: { contents: 'read', metadata: 'read' },
      default_events: [],
    });
    const { id } = await simulator.control('POST', '/installations', { app: app.slug, account: OWNER });
    return Object.assign(new Server(), { simulator, pid, id });
  }

  async token() {
    const { token } = await this.simulator.control('POST', `/installations/${this.id}/tokens`, {});
    return token;
  }

  cpuMs() {
    return childrenCpuMs(this.pid);
  }

  stop() {
    return this.simulator.stop();
  }
}

/** Counts the bytes that a server sends to its clients, between them and the server. */
class Meter {
  received = 0;

  static async start(target) {
    const meter = new Meter();
    const { port } = new URL(target);
    const server = createServer((socket) => {
      const upstream = connect(Number(port), '127.0.0.1');
      upstream.on('data', (chunk) => (meter.received += chunk.length));
      for (const one of [socket, upstream]) one.on('error', () => undefined);
      socket.pipe(upstream).pipe(socket);
    });
    await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
    return Object.assign(meter, { server, url: `http://127.0.0.1:${server.address().port}` });
  }

  stop() {
    this.server.close();
  }
}

/** One sync in a process of its own. @returns what it measured, and the time of the whole process in ms */
async function sync(server, repository, folder, { origin = server.simulator.url, have = [] } = {}) {
  const settings = {
    ...{ origin, owner: OWNER, repo: repository.name, token: await server.token(), have },
    ...{ contentUrl: pathToFileURL(folder).href, repositoryId: 'rep_bench' },
  };
  const start = performance.now();
  const child = spawn(process.execPath, [join(import.meta.dirname, 'sync-process.mjs'), JSON.stringify(settings)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const result = await json(child.stdout);
  return { ...result, processMs: performance.now() - start };
}

async function timed(work) {
  const start = performance.now();
  await work();
  return performance.now() - start;
}

/** The first sync, and clones of the same repository, in alternation. */
async function measureFirst(server, folder, files) {
  const repository = await SyncRepository.create(server.simulator, folder, `first-${files}`, files);
  const times = { ours: [], process: [], clone: [], noCheckout: [], index: [], peak: [], growth: [], cpu: [] };
  let objects = 0;
  for (let round = 0; round < rounds + 1; round += 1) {
    const target = join(folder, `round-${round}`);
    await mkdir(target);
    const clone = (name, ...flags) =>
      timed(() => git(target, ['clone', '--quiet', '--depth', '1', ...flags, repository.url, name]));
    const ours = await sync(server, repository, join(target, 'content'));
    const cloned = await clone('clone');
    const bare = await clone('no-checkout', '--no-checkout');
    const packs = join(target, 'no-checkout/.git/objects/pack');
    const pack = await packFile(packs);
    const index = await timed(() => git(target, ['index-pack', pack, '-o', join(target, 'peer.idx')]));
    objects = Number((await git(join(target, 'no-checkout'), ['count-objects', '-v'])).match(/in-pack: (\d+)/)[1]);
    await rm(target, { recursive: true });
    if (round === 0) continue; // warms up the server and the caches of the system
    log(
      `${files} files, round ${round}: ${ms(ours.ms)} (${ms(ours.processMs)} with the start of the process, ` +
        `${Math.round(ours.peakMb)} MB, ${ms(ours.cpuMs)} of processor); clone ${ms(cloned)}, without checkout ${ms(bare)}; ` +
        `index-pack ${ms(index)}`,
    );
    times.ours.push(ours.ms);
    times.process.push(ours.processMs);
    times.peak.push(ours.peakMb);
    times.growth.push(ours.peakMb - ours.baseMb);
    times.cpu.push(ours.cpuMs);
    times.clone.push(cloned);
    times.noCheckout.push(bare);
    times.index.push(index);
  }
  return { ...times, objects };
}

async function packFile(folder) {
  const { readdir } = await import('node:fs/promises');
  return join(
    folder,
    (await readdir(folder)).find((name) => name.endsWith('.pack')),
  );
}

/** The sync of pushes that change some files, and fetches into a kept repository, in alternation. */
async function measurePushes(server, folder, files) {
  const repository = await SyncRepository.create(server.simulator, folder, `push-${files}`, files);
  const content = join(folder, `content-${files}`);
  const clone = join(folder, `clone-${files}`);
  let head = await repository.head();
  await sync(server, repository, content);
  await git(folder, ['clone', '--quiet', '--depth', '1', repository.url, clone]);
  const meter = await Meter.start(server.simulator.url);
  const metered = repository.url.replace(/@[^/]+/, `@${new URL(meter.url).host}`);
  const results = [];
  try {
    for (const count of changes.filter((number) => number < files)) {
      const sums = { ours: 0, git: 0, oursBytes: 0, gitBytes: 0, oursCpu: 0, gitCpu: 0, requests: 0, contents: 0 };
      for (let round = 0; round < rounds; round += 1) {
        const step = Math.floor(files / count);
        const commit = await repository.change(Array.from({ length: count }, (_, index) => index * step + round));
        const measure = async (work) => {
          const [cpu, received] = [await server.cpuMs(), meter.received];
          const result = await work();
          return { result, cpu: (await server.cpuMs()) - cpu, bytes: meter.received - received };
        };
        const ours = await measure(() => sync(server, repository, content, { origin: meter.url, have: [head] }));
        if (ours.result.commit !== commit) throw new Error(`${ours.result.commit} was synced instead of ${commit}.`);
        const peer = await measure(() =>
          timed(() => git(clone, ['fetch', '--quiet', '--depth', '1', metered, '+main:refs/remotes/origin/main'])),
        );
        sums.ours += ours.result.ms;
        sums.git += peer.result;
        sums.oursBytes += ours.bytes;
        sums.gitBytes += peer.bytes;
        sums.oursCpu += ours.cpu;
        sums.gitCpu += peer.cpu;
        sums.contents += ours.result.requests.fetch;
        sums.requests += ours.result.requests.fetch + ours.result.requests['ls-refs'];
        head = commit;
      }
      log(
        `${files} files, ${count} changed: ${ms(sums.ours / rounds)}, ${kb(sums.oursBytes)}, server ${ms(sums.oursCpu / rounds)}; ` +
          `git fetch ${ms(sums.git / rounds)}, ${kb(sums.gitBytes)}, server ${ms(sums.gitCpu / rounds)}`,
      );
      results.push({ files, count, ...sums });
    }
  } finally {
    meter.stop();
  }
  return results;
}

function kb(bytes) {
  return `${(bytes / rounds / 1024).toFixed(1)} KB`;
}

function ms(value) {
  return `${Math.round(value)} ms`;
}

function median(list) {
  const sorted = [...list].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)];
}

const medianRatio = (list, peers) => rounded(median(list.map((value, index) => value / peers[index])));
const rounded = (value) => Number(value.toFixed(3));
const sum = (list, name) => list.reduce((total, one) => total + one[name], 0);

const folder = await mkdtemp(join(tmpdir(), 'sync-bench-'));
const ratios = {};
const figures = {};
try {
  // PostgreSQL runs as another user when this runs as root.
  await chmod(folder, 0o755);
  if (only('first') || only('push')) {
    const server = await Server.start();
    try {
      for (const files of only('first') ? sizes : []) {
        const first = await measureFirst(server, folder, files);
        const suffix = files === 10_000 ? '' : String(files);
        ratios[`clone${suffix}`] = medianRatio(first.ours, first.clone);
        ratios[`noCheckout${suffix}`] = medianRatio(first.ours, first.noCheckout);
        ratios[`indexPack${suffix}`] = medianRatio(first.cpu, first.index);
        figures[`firstSyncMs${suffix}`] = Math.round(median(first.ours));
        figures[`firstSyncProcessMs${suffix}`] = Math.round(median(first.process));
        figures[`objectsPerSecond${suffix}`] = Math.round(first.objects / (median(first.ours) / 1_000));
        figures[`peakMb${suffix}`] = Math.round(Math.max(...first.peak));
        figures[`growthMb${suffix}`] = Math.round(Math.max(...first.growth));
      }
      const pushes = [];
      for (const files of only('push') ? sizes : []) pushes.push(...(await measurePushes(server, folder, files)));
      if (pushes.length > 0) {
        ratios.fetchBytes = rounded(Math.max(...pushes.map(({ oursBytes, gitBytes }) => oursBytes / gitBytes)));
        ratios.serverCpu = rounded(sum(pushes, 'oursCpu') / sum(pushes, 'gitCpu'));
        ratios.fetchTime = rounded(sum(pushes, 'ours') / sum(pushes, 'git'));
        figures.requestsPerPush = rounded(sum(pushes, 'contents') / (pushes.length * rounds));
        figures.gitRequestsPerPush = rounded(sum(pushes, 'requests') / (pushes.length * rounds));
      }
    } finally {
      await server.stop();
    }
  }
  if (only('latency')) {
    const signal = AbortSignal.timeout(MOST_MINUTES * 60_000);
    const pages = 1_000;
    const { pushes, ...latency } = await measureLatency({ folder, pages, rounds: values.long ? 100 : 10, signal, log });
    Object.assign(figures, latency, { latencyPushes: pushes });
  }
  console.log(JSON.stringify({ bench: 'sync', ratios, figures }));
} finally {
  await rm(folder, { recursive: true, force: true });
}
