// How long it takes from a push to what people see of it: the first commit status, and the page at its preview address.
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { bodyOf, sections } from './deploy-site.mjs';
import { DeployStack, load, repository } from './deploy-stack.mjs';

const { eventually } = await load('libs/testing/dist/index.js');

const BRANCH = 'changes';
/** Pushes that warm up what runs: caches, connections, compiled code. The first one makes the branch. */
const WARM_UP = 3;

/** @returns figures; everything that was started is stopped then, whatever happens */
export async function measureLatency({ folder, pages, rounds, signal, log }) {
  const system = await DeployStack.start(folder, signal);
  try {
    await system.connect(pages);
    log(`the stack runs, ${repository} is deployed`);
    const pushed = [];
    for (let round = 0; round < WARM_UP + rounds; round += 1) pushed.push(await push(system, round, pages));
    const sent = await sentAt(system);
    const answered = await answeredAt(system);
    const measured = pushed.slice(WARM_UP).map(({ commit, pushMs, seen }) => {
      return { pushMs, statusMs: answered(commit) - sent(commit), previewMs: seen - sent(commit) };
    });
    for (const [round, { pushMs, statusMs, previewMs }] of measured.entries()) {
      log(`push ${round + 1}: ${pushMs} ms, first status after ${statusMs} ms, preview after ${previewMs} ms`);
    }
    const of = (name) => measured.map((one) => one[name]);
    return {
      pushes: rounds,
      pushP50Ms: percentile(of('pushMs'), 0.5),
      ...{ statusP50Ms: percentile(of('statusMs'), 0.5), statusP99Ms: percentile(of('statusMs'), 0.99) },
      ...{ previewP50Ms: percentile(of('previewMs'), 0.5), previewP99Ms: percentile(of('previewMs'), 0.99) },
    };
  } finally {
    await system.stop();
  }
}

/** Changes one page, waits for its preview, and then until nothing is left to be done. */
async function push(system, round, pages) {
  const { clone, simulator, signal } = system;
  const page = (round * 37) % pages;
  const path = `${sections[page % sections.length].folder}/page-${page}`;
  const text = `Changed by push ${round}.`;
  await writeFile(join(clone.directory, `${path}.md`), `${bodyOf(page)}\n${text}\n`);
  await clone.git('commit', '--quiet', '--all', '-m', text);
  const commit = await clone.head();
  const begun = performance.now();
  const pushing = clone.git('push', '--quiet', 'origin', `HEAD:refs/heads/${BRANCH}`).then(() => {
    return Math.round(performance.now() - begun);
  });
  const pace = { everyMs: 20, withinMs: 60_000, signal };
  const [pushMs, seen] = await Promise.all([
    pushing,
    system.deployment(commit, pace).then((deployment) =>
      eventually(
        async () => {
          const { status, body } = await system.preview(deployment, `${path}/`);
          return status === 200 && body.includes(text) && Date.now();
        },
        { what: 'the preview shows the change', ...pace },
      ),
    ),
  ]);
  await eventually(
    async () => {
      const statuses = await simulator.statuses(repository, commit);
      const last = new Map(statuses.map(({ context, state }) => [context, state]));
      return last.size > 0 && ![...last.values()].includes('pending');
    },
    { what: 'all statuses are final', ...pace, everyMs: 200 },
  );
  const [first] = await simulator.statuses(repository, commit);
  if (first.state !== 'pending') throw new Error(`The first status of a push is ${first.state}.`);
  return { commit, pushMs, seen };
}

/** When the simulator began to deliver the push of a commit. It writes an attempt down at its end, with its duration. */
async function sentAt(system) {
  const sent = new Map();
  for (const { event, deliveredAt, duration, request } of await system.deliveries()) {
    if (event === 'push') sent.set(JSON.parse(request.payload).after, Date.parse(deliveredAt) - duration * 1_000);
  }
  return (commit) => sent.get(commit);
}

/** When the simulator had recorded the first status of a commit. */
async function answeredAt(system) {
  const created = (await system.log()).filter(({ method, status }) => method === 'POST' && status === 201);
  return (commit) => created.find(({ url }) => url.endsWith(`/statuses/${commit}`))?.time;
}

function percentile(values, part) {
  if (!values.every(Number.isFinite)) throw new Error('A moment is missing in the records of the server.');
  const sorted = [...values].sort((a, b) => a - b);
  return Math.round(sorted[Math.ceil(sorted.length * part) - 1]);
}
