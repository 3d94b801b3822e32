// Measures the time from a push to the first commit status, and to the page at its preview URL.
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { bodyOf, sections } from './deploy-site.mjs';
import { load } from './connected-user.mjs';
import { DeployStack, repository } from './deploy-stack.mjs';

const { eventually } = await load('libs/testing/dist/index.js');

const BRANCH = 'changes';
/**
 * Pushes before the measured ones, to warm up caches, connections and compiled code. The first one creates the branch.
 */
const WARM_UP = 3;

/** Starts the stack, measures, and stops it. @returns latencies in ms */
export async function measureLatency({ folder, pages, rounds, signal, log }) {
  const system = await DeployStack.start(folder, signal);
  try {
    await system.connect(pages);
    log(`the stack runs, ${repository} is deployed`);
    const pushed = [];
    for (let round = 0; round < WARM_UP + rounds; round += 1) pushed.push(await push(system, round, pages));
    const sent = await sentAt(system);
    const answered = await answeredAt(system);
    const measured = pushed.slice(WARM_UP).map(({ commit, pushMs, shownAt }) => {
      return { pushMs, statusMs: answered(commit) - sent(commit), previewMs: shownAt - sent(commit) };
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

/** Changes one page, and waits for its preview and for final statuses. */
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
  const [pushMs, shownAt] = await Promise.all([
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
  return { commit, pushMs, shownAt };
}

/**
 * Time at which the simulator began to deliver the push of a commit. Attempts are logged at their end, with their
 * duration.
 */
export async function sentAt(system) {
  const sent = new Map();
  for (const { event, deliveredAt, duration, request } of await system.deliveries()) {
    if (event === 'push') sent.set(JSON.parse(request.payload).after, Date.parse(deliveredAt) - duration * 1_000);
  }
  return (commit) => sent.get(commit);
}

/** Time at which the simulator had stored the first status of a commit. */
async function answeredAt(system) {
  const created = (await system.log()).filter(({ method, status }) => method === 'POST' && status === 201);
  return (commit) => created.find(({ url }) => url.endsWith(`/statuses/${commit}`))?.time;
}

function percentile(values, part) {
  if (!values.every(Number.isFinite)) throw new Error('A time is missing in the logs of the server.');
  const sorted = [...values].sort((a, b) => a - b);
  return Math.round(sorted[Math.ceil(sorted.length * part) - 1]);
}
