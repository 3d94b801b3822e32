// Measures a build after one changed page as the worker does it: in an isolated process that has built before, from the content
// store to the stored site.
import { createHash } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { load } from './connected-user.mjs';
import { bodyOf, sections } from './deploy-site.mjs';

const { openContentStore } = await load('libs/content-store/dist/index.js');
const { encodePack, hashObject, serializeTree } = await load('libs/git-objects/dist/index.js');
const { defaultBuildLimits } = await load('libs/site-builder/dist/index.js');
const { IsolatedProcesses } = await load('apps/sync-worker/dist/builds/isolation/isolated-processes.js');
const { ArtifactStore } = await load('apps/sync-worker/dist/builds/artifact-store.js');
const { openBlobStorage } = await load('libs/blob-storage/dist/index.js');

/** Builds before the measured ones: the first renders all pages, the others compile code. */
const WARM_UP = 4;
const REPOSITORY = 'rep_bench';
const OWNER = { projectId: 'prj_01kb9v0000e00000000000000a', deploymentId: 'dep_01kb9v0000e00000000000000a' };
const CACHE_BYTES = 256 * 1024 * 1024;

/** @returns milliseconds of each round */
export async function measureChangedPage({ folder, pages, rounds }) {
  const contentUrl = pathToFileURL(join(folder, 'content')).href;
  const artifacts = new ArtifactStore(
    openBlobStorage(pathToFileURL(join(folder, 'artifacts'))),
    join(folder, 'builds'),
  );
  await mkdir(join(folder, 'caches'), { recursive: true });
  const folders = { read: [join(folder, 'content')], write: [join(folder, 'builds'), join(folder, 'caches')] };
  const processes = new IsolatedProcesses({ timeoutSeconds: 120, memoryMb: 1_024, folders });
  const texts = Array.from({ length: pages }, (_, page) => bodyOf(page));
  const times = [];
  try {
    for (let round = 0; round < WARM_UP + rounds; round += 1) {
      const page = (round * 37) % pages;
      texts[page] = `${bodyOf(page)}\nChanged in round ${round}.\n`;
      const tree = await store(contentUrl, texts);
      const task = {
        ...{ kind: 'build', title: 'Benchmark', contentUrl, repositoryId: REPOSITORY, tree },
        ...{ cacheFile: join(folder, 'caches', 'project'), cacheBytes: CACHE_BYTES, limits: defaultBuildLimits },
      };
      const rendered = [];
      const onLog = ({ message }) => rendered.push(...(/^(\d+) of \d+ pages rendered/.exec(message)?.slice(1) ?? []));
      const start = performance.now();
      await artifacts.publish(OWNER, (site) =>
        processes.run({ ...task, folder: site }, { signal: new AbortController().signal, onLog }),
      );
      times.push(Math.round(performance.now() - start));
      if (round > 0 && rendered.join() !== '1') throw new Error(`${rendered.join()} pages were rendered instead of 1`);
    }
  } finally {
    await processes.close();
    await artifacts.close();
  }
  return times.slice(WARM_UP);
}

/** Stores the pages as a commit, as a fetch does. @returns its tree */
async function store(contentUrl, texts) {
  const objects = [];
  const add = (type, body) => {
    objects.push({ type, body });
    return hashObject(type, body);
  };
  const image = add('blob', Buffer.alloc(2_000, 7));
  const folderOf = (section) =>
    texts.flatMap((text, page) => {
      const isHere = page % sections.length === section;
      return isHere ? [{ mode: '100644', name: `page-${page}.md`, id: add('blob', Buffer.from(text)) }] : [];
    });
  const entries = sections.map(({ folder }, section) => ({
    mode: '040000',
    name: folder,
    id: add('tree', serializeTree(folderOf(section))),
  }));
  const images = add('tree', serializeTree([{ mode: '100644', name: 'diagram.png', id: image }]));
  const tree = add('tree', serializeTree([...entries, { mode: '040000', name: 'images', id: images }]));
  const author = 'A <a@b.c> 1 +0000';
  const message = createHash('sha1').update(tree).digest('hex');
  const commit = add('commit', Buffer.from(`tree ${tree}\nauthor ${author}\ncommitter ${author}\n\n${message}\n`));
  const contents = openContentStore(contentUrl);
  await contents.repository(REPOSITORY).ingestPack([encodePack(objects).pack], { commit });
  await contents.close();
  return tree;
}
