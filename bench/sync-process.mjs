// Syncs one repository in a process of its own, for bench `sync`: the first snapshot, or the changes since one.
// The time begins before the first request, after the modules are loaded, and ends when the snapshot is published.
import { load } from './connected-user.mjs';

const { openContentStore } = await load('libs/content-store/dist/index.js');
const { ghesNetwork, gitUploadPack, streamUploadPack } = await load('libs/ghes-client/dist/index.js');
const { syncContent } = await load('libs/repositories/dist/index.js');

const { origin, owner, repo, token, contentUrl, repositoryId, have } = JSON.parse(process.argv[2]);
const network = ghesNetwork({ allowedCidrs: ['127.0.0.0/8', '::1/128'] });
const store = openContentStore(contentUrl);
const requests = { fetch: 0, 'ls-refs': 0 };
let bytes = 0;
const counted = async function* (body) {
  for await (const chunk of body) {
    bytes += chunk.length;
    yield chunk;
  }
};
const request = { origin, network, owner, repo, token: async () => token };
const remote = {
  listRefs: async (body) => {
    requests['ls-refs'] += 1;
    return { body: await gitUploadPack({ ...request, body, command: 'ls-refs' }), confirmed: Promise.resolve(true) };
  },
  fetch: (body, read) => {
    requests.fetch += 1;
    return streamUploadPack({ ...request, body, command: 'fetch' }, (answer) => read(counted(answer)));
  },
};
const baseMb = process.memoryUsage().rss / 1024 ** 2;
const start = performance.now();
const cpuStart = process.cpuUsage();
const outcome = await syncContent(remote, store.repository(repositoryId), {
  refName: 'refs/heads/main',
  desiredCommit: null,
  have,
});
const ms = performance.now() - start;
const { user, system } = process.cpuUsage(cpuStart);
await store.close();
await network.close();
const peakMb = process.resourceUsage().maxRSS / 1024;
console.log(
  JSON.stringify({ ms, cpuMs: (user + system) / 1000, baseMb, peakMb, bytes, requests, commit: outcome.commit }),
);
