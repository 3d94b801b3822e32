import { describe, expect, it } from '@jest/globals';
import { build, codes, failureOf } from '../test/built-site.js';
import type { SourceFile } from './site-builder.js';

describe('BuildFailedError', () => {
  it('contains file, line and reason of a description that cannot be parsed', async () => {
    const error = await failureOf({ 'api/openapi.yaml': 'openapi: 3.1.0\npaths:\n  /a: [\n' });
    expect(error).toMatchObject({ code: 'openapi-invalid', retryable: false });
    expect(error.message).toMatch(/^api\/openapi\.yaml:4: /);
    expect(error.problems).toMatchObject([{ severity: 'error', file: 'api/openapi.yaml', line: 4 }]);
  });

  it('names every page if none can be built', async () => {
    const utf16 = Buffer.from('fffe2300', 'hex');
    const error = await failureOf({ 'a.md': utf16, 'b.md': utf16 });
    expect(codes(error)).toEqual(['encoding-unsupported a.md', 'encoding-unsupported b.md']);
    expect(error.message).toContain('(and 1 more)');
  });

  it('contains size and limit of a page of 5 MB, without reading it', async () => {
    const error = await failureOf({ 'big.md': { size: 5 * 1024 * 1024 } });
    expect(error.code).toBe('page-too-large');
    expect(error.message).toBe('big.md: 5 MB is over the limit of 2 MB for a page; split it');
  });

  it('contains size and limit if the size was unknown', async () => {
    const read = () => Promise.resolve(Buffer.alloc(3 * 1024 * 1024, 'a'));
    await expect(build([{ path: 'big.md', mode: '100644', read }])).rejects.toMatchObject({ code: 'page-too-large' });
  });

  it('reports the limits of the site', async () => {
    const pages = { 'a.md': 'aaaaaaaaaa', 'b.md': 'bbbbbbbbbb', 'c.md': 'c' };
    expect((await failureOf(pages, { maxPages: 2 })).code).toBe('too-many-pages');
    expect((await failureOf(pages, { maxFiles: 2 })).code).toBe('too-many-files');
    expect((await failureOf(pages, { maxSourceBytes: 15 })).code).toBe('source-too-large');
    expect((await failureOf(pages, { maxOutputBytes: 1000 })).code).toBe('output-too-large');
  });

  it('builds the navigation from folders if sidebars.yaml is empty', async () => {
    const { site, problems } = await build({ 'sidebars.yaml': '', 'a.md': '# A' });
    expect(site.get('a/index.html')).toContain('aria-current="page">A</a>');
    expect(problems).toEqual([]);
  });

  it.each(['- a: [', 'a: b', Buffer.from('fffe2d00', 'hex')])(
    'builds the navigation from folders if sidebars.yaml is invalid',
    async (sidebars) => {
      const built = await build({ 'sidebars.yaml': sidebars, 'a.md': '# A' });
      expect(codes(built)).toEqual(['sidebars-invalid sidebars.yaml']);
      expect(built.site.get('a/index.html')).toContain('aria-current="page">A</a>');
    },
  );

  it('attack: reports 100,000 pages before reading one', async () => {
    const read = () => Promise.reject(new Error('read'));
    const files = Array.from({ length: 100_000 }, (_, at): SourceFile => ({ path: `${at}.md`, mode: '100644', read }));
    await expect(build(files)).rejects.toMatchObject({ code: 'too-many-pages' });
  });

  it('reports a failed page once, even if the sidebar lists it', async () => {
    const built = await build({
      'index.md': '# I',
      'sidebars.yaml': '- page: openapi.yaml\n- page: index.md\n',
      'openapi.yaml': 'openapi: 3.1.0\n[',
    });
    expect(codes(built)).toEqual(['openapi-invalid openapi.yaml']);
  });

  it.each(['a.md', '_partials/a.md', 'openapi.yaml'])('reports %s in UTF-16', async (file) => {
    for (const mark of ['fffe', 'feff']) {
      const error = await failureOf({ [file]: Buffer.concat([Buffer.from(mark, 'hex'), Buffer.from('#\0')]) });
      expect(error.message).toBe(
        `${file}: The file is encoded in UTF-16 (the default of ">" in PowerShell); save it as UTF-8`,
      );
    }
  });

  it('attack: contains no control characters', async () => {
    const built = await build({ 'a.md': '---\ntitle: *a\0b\n---\n', 'openapi.json': '{"a\0": \u001b' });
    const messages = built.problems.map(({ message }) => message);
    expect(messages).toHaveLength(2);
    expect(messages.join('')).not.toMatch(/\p{Cc}/u);
  });

  it('rejects with the reason of an aborted signal', async () => {
    const controller = new AbortController();
    const read = () => {
      controller.abort(new Error('superseded'));
      return Promise.resolve(Buffer.from('x'));
    };
    await expect(build([{ path: 'a.md', mode: '100644', read }], {}, controller.signal)).rejects.toThrow('superseded');
  });
});
