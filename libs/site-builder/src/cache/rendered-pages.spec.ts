import { createHash } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { build, type Files } from '../../test/built-site.js';
import type { PageCache } from '../site-builder.js';
import { RENDERER_VERSION } from './rendered-pages.js';

describe('a second build', () => {
  class MemoryCache implements PageCache {
    readonly entries = new Map<string, Buffer>();
    get = (key: string) => Promise.resolve(this.entries.get(key));
    set = (key: string, value: Buffer) => Promise.resolve(void this.entries.set(key, value));
  }

  const pages = {
    'index.md': '# Home\n\n[a](a.md) [gone](gone.md) [sub](b.md#sub)',
    'a.md': '---\ntitle: A\n---\n{% partial file="_partials/p.md" /%}\n\n<b>html</b> <i id="x">y</i>',
    'b.md': '# B\n\n## Sub\n\n[x](a.md#x) ![i](i.png)',
    '_partials/p.md': 'Included, [b](../b.md).',
    'openapi.yaml': 'openapi: 3.1.0\npaths: { /a: { $ref: paths.yaml } }',
    'paths.yaml': 'get: { summary: From elsewhere }',
    'i.png': 'i',
  };

  it('renders changed pages only and builds the same site', async () => {
    const cache = new MemoryCache();
    const first = await build(pages, {}, undefined, cache);
    const again = await build(pages, {}, undefined, cache);
    expect([first.rendered, again.rendered]).toEqual([4, 0]);
    expect([...again.site]).toEqual([...first.site]);
    expect(again.problems).toEqual(first.problems);
    expect(again.log).toContain('info : 0 of 4 pages rendered, the others taken from the cache');
    const changed = { ...pages, 'b.md': '# Other title\n\n## Sub' };
    const third = await build(changed, {}, undefined, cache);
    expect(third.rendered).toBe(1);
    expect([...third.site]).toEqual([...(await build(changed)).site]);
    expect(third.site.get('a/index.html')).toContain('Other title</a>');
  });

  it.each([
    ['a page that it links to is new', { 'gone.md': 'here' }, 2],
    ['what it includes has changed', { '_partials/p.md': 'Other' }, 1],
    ['what a description refers to has changed', { 'paths.yaml': 'get: { summary: New }' }, 1],
    ['an image was deleted', { 'i.png': undefined }, 1],
  ])('renders a page again if %s', async (_, change, rendered) => {
    const cache = new MemoryCache();
    await build(pages, {}, undefined, cache);
    const changed = Object.fromEntries(
      Object.entries({ ...pages, ...change }).filter(([, text]) => text !== undefined),
    );
    const again = await build(changed as Files, {}, undefined, cache);
    expect(again.rendered).toBe(rendered);
    const afresh = await build(changed as Files);
    expect([...again.site]).toEqual([...afresh.site]);
    expect(again.problems).toEqual(afresh.problems);
  });

  it('attack: a preview of a branch without the ignore rules plants no ignored file in the cache of production', async () => {
    const cache = new MemoryCache();
    const branch = {
      'index.md': '# Home\n\n{% code-snippet file="internal/key.ts" /%}',
      'a.md': '{% partial file="_partials/internal.md" /%}',
      'internal/key.ts': 'secret snippet',
      '_partials/internal.md': 'secret partial',
    };
    const production = { ...branch, '.reuniteignore': 'internal\ninternal.md' };
    expect([...(await build(branch, {}, undefined, cache)).site.values()].join()).toContain('secret snippet');
    const built = await build(production, {}, undefined, cache);
    expect([...built.site.values()].join()).not.toContain('secret');
    expect([...built.site]).toEqual([...(await build(production)).site]);
    expect((await build(production, {}, undefined, cache)).rendered).toBe(0);
  });

  it('takes over the files of an earlier site that would be the same', async () => {
    const cache = new MemoryCache();
    const earlier = new Map<string, { key: string | undefined; bytes: number }>();
    const reused: string[] = [];
    const buildOver = async (files: Files) => {
      reused.splice(0);
      const reuse = (path: string, key: string) => {
        const file = earlier.get(path);
        if (file?.key !== key) return undefined;
        reused.push(path);
        return file.bytes;
      };
      return build(files, {}, undefined, cache, { reuse, onFile: (path, file) => void earlier.set(path, file) });
    };
    const first = await buildOver(pages);
    expect(reused).toEqual([]);
    const again = await buildOver(pages);
    expect([...again.site.keys()]).toEqual(['404.html', '_reunite/search.json']);
    expect([again.files, again.bytes]).toEqual([first.files, first.bytes]);
    const changed = { ...pages, 'b.md': `${pages['b.md']}\n\nMore.`, 'i.png': 'other' };
    const third = await buildOver(changed);
    expect(reused).toContain('a/index.html');
    expect([third.site.has('b/index.html'), third.site.has('i.png'), third.site.has('a/index.html')]).toEqual([
      true,
      true,
      false,
    ]);
    // A new title is in the navigation of all pages.
    await buildOver({ ...pages, 'b.md': '# Other title' });
    expect(reused).not.toContain('a/index.html');
  });

  it('ignores a cache that fails or returns invalid entries', async () => {
    const broken: PageCache = {
      get: () => Promise.reject(new Error('gone')),
      set: () => Promise.reject(new Error('full')),
    };
    expect((await build(pages, {}, undefined, broken)).rendered).toBe(4);
    const wrong: PageCache = { get: () => Promise.resolve(Buffer.from('{"x":1}')), set: () => Promise.resolve() };
    expect((await build(pages, {}, undefined, wrong)).rendered).toBe(4);
  });

  /**
   * If this fails, pages are rendered otherwise than before: raise `RENDERER_VERSION`, then write the new hash here.
   */
  it('requires a new version when the output changes', async () => {
    const { site } = await build({
      'index.md': [
        '---\ntitle: All\n---\n## H `c`\n\n> [!NOTE]\n> n\n\n```ts\nconst a = 1;\n```\n\n| a |\n|:-:|\n| b |\n\n- [l](a.mdoc "t")\n- ![i](i.png)',
        '<details>raw</details>\n\nA List<Object>[^1]. https://e.example [no](no.md)\n\n- [x] done\n\n[^1]: Note.',
      ].join('\n\n'),
      'a.mdoc':
        '# A {% #id %}\n\n{% tabs %}\n{% tab label="x" %}\nt\n{% /tab %}\n{% /tabs %}\n\n{% admonition type="danger" %}\nx\n{% /admonition %}',
      'i.png': 'i',
    });
    // Whole pages, because unchanged ones are taken over with their frame. Hashes of scripts are part of their key.
    const rendered = createHash('sha256');
    for (const path of ['index.html', 'a/index.html']) {
      rendered.update(String(site.get(path)).replace(/sha384-[\w+/=]+/g, ''));
    }
    expect([RENDERER_VERSION, rendered.digest('hex')]).toEqual([
      '20',
      'e5f57aab16251252b250122165efd4097e12f969076e5dd84e0cceee51a6a410',
    ]);
  });
});
