import { readFile } from 'node:fs/promises';
import { gzipSync } from 'node:zlib';
import { beforeAll, describe, expect, it } from '@jest/globals';

/** A chunk in Vite's manifest (https://vite.dev/guide/backend-integration). */
interface Chunk {
  readonly file: string;
  readonly imports?: readonly string[];
  readonly css?: readonly string[];
}

const LIMIT_BYTES = 170 * 1024;
const dist = new URL('../dist/', import.meta.url);

/** The files of a chunk and of all chunks that it imports statically. */
function filesOf(manifest: Readonly<Record<string, Chunk>>, names: readonly string[]): Set<string> {
  const files = new Set<string>();
  const visited = new Set<string>();
  const add = (name: string) => {
    const chunk = manifest[name];
    if (!chunk) throw new Error(`The build has no chunk ${name}`);
    if (visited.has(name)) return;
    visited.add(name);
    for (const file of [chunk.file, ...(chunk.css ?? [])]) files.add(file);
    for (const imported of chunk.imports ?? []) add(imported);
  };
  for (const name of names) add(name);
  return files;
}

describe('the build of the console', () => {
  let manifest: Record<string, Chunk>;

  beforeAll(async () => {
    const text = await readFile(new URL('.vite/manifest.json', dist), 'utf8');
    manifest = JSON.parse(text) as Record<string, Chunk>;
  });

  it.each(['src/pages/home/home.page.tsx', 'src/pages/sign-in.page.tsx'])(
    'loads at most 170 KB, compressed, to show %s',
    async (page) => {
      const files = [...filesOf(manifest, ['index.html', page])];
      const sizes = await Promise.all(
        files.map(async (file) => gzipSync(await readFile(new URL(file, dist)), { level: 9 }).length),
      );
      const total = sizes.reduce((sum, size) => sum + size, 0);
      expect(total).toBeGreaterThan(0);
      expect(total).toBeLessThanOrEqual(LIMIT_BYTES);
    },
  );
});
