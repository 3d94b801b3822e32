import { describe, expect, it } from '@jest/globals';
import { build, codes, type Files } from '../../test/built-site.js';

const repository = {
  origin: 'https://ghes.example.com:8443',
  owner: 'acme',
  name: 'docs',
  branch: 'feature/new',
  folder: 'site/en',
};

describe('markdown.editPage of redocly.yaml', () => {
  const pages = { 'index.md': '# Home', 'guides/über uns.md': '# About', 'openapi.yaml': 'openapi: 3.1.0\npaths: {}' };
  const built = (settings: unknown, files: Files = pages, from: typeof repository | undefined = repository) =>
    build({ ...files, 'redocly.yaml': JSON.stringify(settings) }, {}, undefined, undefined, undefined, from);
  const linkOf = ({ site }: Awaited<ReturnType<typeof build>>, path = 'index.html') =>
    /<p class="edit"><a href="([^"]*)"/.exec(site.get(path) ?? '')?.[1];

  it('links pages to the editor of the server', async () => {
    const result = await built({ markdown: { editPage: {} } });
    expect(linkOf(result)).toBe('https://ghes.example.com:8443/acme/docs/edit/feature/new/site/en/index.md');
    expect(linkOf(result, 'guides/über uns/index.html')).toBe(
      'https://ghes.example.com:8443/acme/docs/edit/feature/new/site/en/guides/%C3%BCber%20uns.md',
    );
    for (const path of ['404.html', 'guides/index.html', 'openapi/index.html'])
      expect([path, linkOf(result, path)]).toEqual([path, undefined]);
    const atRoot = await built({ markdown: { editPage: {} } }, pages, { ...repository, folder: '', branch: 'main' });
    expect(linkOf(atRoot)).toBe('https://ghes.example.com:8443/acme/docs/edit/main/index.md');
  });

  it('links to `baseUrl` instead, also without a branch', async () => {
    const settings = { markdown: { editPage: { baseUrl: 'https://git.example.com/a/b/' } } };
    expect(linkOf(await built(settings))).toBe('https://git.example.com/a/b/index.md');
    const files = { ...pages, 'redocly.yaml': JSON.stringify(settings) };
    expect(linkOf(await build(files))).toBe('https://git.example.com/a/b/index.md');
  });

  it.each([{}, { markdown: {} }, { markdown: { editPage: { hide: true } } }, { markdown: { editPage: null } }])(
    'shows no link with the settings %j',
    async (settings) => {
      expect(linkOf(await built(settings))).toBeUndefined();
    },
  );

  it('shows no link if the site is not built from a branch', async () => {
    expect(linkOf(await build({ ...pages, 'redocly.yaml': 'markdown: { editPage: {} }' }))).toBeUndefined();
  });

  it('renders a page again if another file with the same content replaces it', async () => {
    const keys = new Map<string, string>();
    const reuse = (path: string, key: string) => (keys.get(path) === key ? 1 : undefined);
    const onFile = (path: string, { key }: { readonly key: string | undefined }) => void keys.set(path, key ?? '');
    const cache = { get: () => Promise.resolve(undefined), set: () => Promise.resolve() };
    const again = (file: string) =>
      build(
        { [file]: '# Home', 'redocly.yaml': 'markdown: { editPage: {} }' },
        {},
        undefined,
        cache,
        { reuse, onFile },
        repository,
      );
    await again('index.md');
    expect(linkOf(await again('README.md'))).toMatch(/README\.md$/);
    expect((await again('README.md')).site.has('index.html')).toBe(false);
  });

  it.each([
    'javascript:alert(1)//',
    'data:text/html,x',
    'https://user:secret@ghes.example.com',
    'https://:secret@ghes.example.com',
    'https://ghes.example.com/?x=',
    '//ghes.example.com',
    '/relative',
    '"><script>alert(1)</script>',
  ])('attack: %s is not used as the address of an editor', async (baseUrl) => {
    const result = await built({ markdown: { editPage: { baseUrl } } });
    expect(codes(result)).toEqual(['configuration-invalid redocly.yaml']);
    expect(linkOf(result)).toBeUndefined();
  });

  it('attack: names in an address stay names', async () => {
    const odd = { 'index.md': '# Home', 'a"><script>?#%2e%2e.md': '# A' };
    const hostile = { ...repository, owner: '..\\..', name: 'a?b#c"', branch: 'x"><script>/%2e%2e/y' };
    const { site } = await built({ markdown: { editPage: {} } }, odd, hostile);
    const links = [...site.values()].flatMap((body) => /class="edit"><a href="([^"]*)" rel/.exec(body)?.[1] ?? []);
    expect(links.sort()).toEqual([
      'https://ghes.example.com:8443/..%5C../a%3Fb%23c%22/edit/x%22%3E%3Cscript%3E/%252e%252e/y/site/en/a%22%3E%3Cscript%3E%3F%23%252e%252e.md',
      'https://ghes.example.com:8443/..%5C../a%3Fb%23c%22/edit/x%22%3E%3Cscript%3E/%252e%252e/y/site/en/index.md',
    ]);
  });

  it('attack: a symbolic link, which may lead out of the folder, is not offered for editing', async () => {
    const files = { ...pages, 'alias.md': { link: 'index.md' }, 'out.md': { link: '../../etc/passwd' } };
    const result = await built({ markdown: { editPage: {} } }, files);
    expect(result.site.get('alias/index.html')).toContain('<h1');
    expect(linkOf(result, 'alias/index.html')).toBeUndefined();
    expect(result.site.has('out/index.html')).toBe(false);
  });
});
