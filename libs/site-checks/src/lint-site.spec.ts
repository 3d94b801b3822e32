import { describe, expect, it, jest } from '@jest/globals';
import { defaultBuildLimits } from '@reunite/site-builder';
import type { FileMode, SourceFile } from '@reunite/site-builder';
import { lintSite } from './lint-site.js';

interface Entry {
  readonly text: string;
  readonly mode?: FileMode;
}

function* sourceOf(files: Record<string, string | Entry>): Generator<SourceFile> {
  for (const [path, entry] of Object.entries(files)) {
    const { text, mode = '100644' as const } = typeof entry === 'string' ? { text: entry } : entry;
    yield { path, mode, read: () => Promise.resolve(Buffer.from(text)) };
  }
}

/** Findings as `error rule file:line: message`. */
async function lint(files: Record<string, string | Entry>): Promise<string[]> {
  const { findings } = await lintSite({ files: sourceOf(files), limits: defaultBuildLimits });
  return findings.map(
    ({ severity, rule, file, line, message }) => `${severity} ${rule} ${file ?? ''}:${line ?? ''}: ${message}`,
  );
}

/** A description that Redocly's minimal rules have nothing against. */
const sound = (paths = '{}') => `openapi: 3.1.0
info: { title: Pets, version: '1', license: { name: MIT, url: https://opensource.org/license/mit } }
servers: [{ url: https://pets.acme.io }]
paths: ${paths}
`;
const minimal = 'extends: [minimal]\n';

describe('the lint of Markdown', () => {
  it('has nothing to say of a page that is in order', async () => {
    const page =
      '# Title\n\nSee [the guide](guide.md) and ![a cat](cat.png).\n\n## One\n\n### Part\n\n## Two\n\n### Part\n';
    expect(await lint({ 'index.md': page, 'titled.md': '---\ntitle: T\n---\n\n## One\n' })).toEqual([]);
  });

  it.each([
    ['a page without a title', 'Text\n', 'title-missing index.md:1:'],
    ['a second title', '# A\n\n# B\n', 'title-repeated index.md:3:'],
    [
      'a level that is left out',
      '# A\n\n### B\n',
      'heading-level index.md:3: A heading of level 3 follows one of level 1',
    ],
    ['a heading twice in a section', '# A\n\n## B\n\n## B\n', 'heading-repeated index.md:5: The heading "B"'],
    ['a heading without text', '# A\n\n##\n', 'heading-empty index.md:3:'],
    ['a link without a target', '# A\n\none\n[two]() three\n', 'link-empty index.md:4:'],
    ['a link without text', '# A\n\n[](b.md)\n', 'link-without-text index.md:3:'],
    ['an image without a text', '---\ntitle: A\n---\n\nx\n![](cat.png)\n', 'image-without-text index.md:6:'],
  ])('finds %s', async (_what, page, expected) => {
    expect(await lint({ 'index.md': page })).toEqual([expect.stringContaining(`warning ${expected}`)]);
  });

  it('finds tags that are not known, and as errors those that are not closed', async () => {
    const page = '---\ntitle: T\n---\n\n{% tabs %}\n\n{% nosuch /%}\n';
    expect(await lint({ 'index.md': page, '_partials/p.md': '{% /tab %}\n' })).toEqual([
      expect.stringMatching(/^error tag-unclosed _partials\/p\.md:1: .*"tab"/),
      expect.stringMatching(/^error tag-unclosed index\.md:5: .*"tabs"/),
      expect.stringMatching(/^warning tag-unknown index\.md:7: .*"nosuch"/),
    ]);
  });

  it('finds what looks like a tag on a page that has none', async () => {
    const page = '# T\n\n`{% c %}` and 50%\n\nSee {% nosuch x="1" %} and {% other %}.\n';
    expect(await lint({ 'index.md': page })).toEqual([
      'warning tag-unknown index.md:5: {% nosuch x="1" %} is no tag that is known; it is shown as it is written',
    ]);
  });

  it('finds front matter that cannot be read, as an error with its line', async () => {
    expect(await lint({ 'index.md': '---\ntitle: [a\n---\n\n# A\n' })).toEqual([
      expect.stringMatching(/^error front-matter-invalid index\.md:\d: /),
    ]);
  });

  it('says which page or description is UTF-16, and is not asked about other data', async () => {
    const text = Buffer.from('fffe2300', 'hex');
    const files = ['a.md', 'openapi.yaml', 'x.json'].map((path): SourceFile => ({
      path,
      mode: '100644',
      read: () => Promise.resolve(text),
    }));
    const { findings } = await lintSite({ files, limits: defaultBuildLimits });
    expect(findings.map(({ rule, file }) => `${rule} ${file ?? ''}`)).toEqual([
      'encoding-unsupported a.md',
      'encoding-unsupported openapi.yaml',
    ]);
  });

  it('reads no page and no data that is too large, and decodes none', async () => {
    const { maxDescriptionBytes } = defaultBuildLimits;
    const unread = ['a.md', 'openapi.yaml', 'x.json'].map((path): SourceFile => ({
      ...{ path, mode: '100644', size: maxDescriptionBytes + 1 },
      read: () => Promise.reject(new Error(`${path} was read`)),
    }));
    const bytes = Buffer.alloc(maxDescriptionBytes + 1);
    const decode = jest.spyOn(bytes, 'toString');
    const unsized = ['b.md', 'y.json'].map((path): SourceFile => ({
      ...{ path, mode: '100644', read: () => Promise.resolve(bytes) },
    }));
    const { findings } = await lintSite({ files: [...unread, ...unsized], limits: defaultBuildLimits });
    expect(findings.map(({ rule, file }) => `${rule} ${file ?? ''}`)).toEqual([
      'page-too-large a.md',
      'page-too-large b.md',
      'page-too-large openapi.yaml',
    ]);
    expect(decode).not.toHaveBeenCalled();
  });

  it('leaves alone what is hidden, a link of the file system or a pointer, and code', async () => {
    expect(
      await lint({
        '.github/x.md': 'no title',
        'link.md': { text: '/etc/passwd', mode: '120000' },
        'lfs.md': 'version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 1\n',
        'index.md': '# A\n\n```md\n### B\n[]()\n```\n',
      }),
    ).toEqual([]);
  });

  it('keeps the first of very many findings, and counts all', async () => {
    const page = `# A\n\n${'[](x)\n\n'.repeat(3_000)}`;
    const { warnings, findings } = await lintSite({
      files: sourceOf({ 'index.md': page }),
      limits: defaultBuildLimits,
    });
    expect(warnings).toBe(3_000);
    expect(findings).toHaveLength(1_000);
  });

  it('says when there are more files than a build may have', async () => {
    const limits = { ...defaultBuildLimits, maxFiles: 1 };
    const { findings } = await lintSite({ files: sourceOf({ 'a.md': '# A', 'b.md': '# B' }), limits });
    expect(findings).toMatchObject([{ severity: 'error', rule: 'too-many-files', file: null }]);
  });
});

describe('the lint of OpenAPI descriptions', () => {
  it('goes by the recommended rules where the repository says nothing, with line and column', async () => {
    const files = sourceOf({ 'api/openapi.yaml': sound('{ /pets: { get: { responses: {} } } }') });
    const { findings, errors } = await lintSite({ files, limits: defaultBuildLimits });
    expect(errors).toBeGreaterThan(0);
    expect(findings).toContainEqual({
      severity: 'error',
      rule: 'security-defined',
      message: expect.any(String),
      file: 'api/openapi.yaml',
      line: 4,
      column: expect.any(Number),
    });
  });

  it("goes by the repository's redocly.yaml, also by what it says of one description", async () => {
    const description = sound('{ /pets: { get: { responses: { "200": { description: OK } } } } }');
    const config = (rules: string) =>
      `extends: [minimal]\nrules: { security-defined: off, operation-summary: off, ${rules} }\n`;
    expect(await lint({ 'openapi.yaml': description, 'redocly.yaml': config('operation-operationId: error') })).toEqual(
      [expect.stringContaining('error operation-operationId openapi.yaml:4:')],
    );
    const own = 'apis: { pets@v1: { root: ./openapi.yaml, rules: { operation-operationId: warn } } }\n';
    expect(
      await lint({ 'openapi.yaml': description, 'redocly.yaml': config('operation-operationId: off') + own }),
    ).toEqual([expect.stringContaining('warning operation-operationId openapi.yaml:4:')]);
  });

  it('follows references inside of the folder, and finds their faults where they are', async () => {
    const files = {
      'openapi.yaml': sound('{ /pets: { $ref: parts/pets.yaml } }'),
      'parts/pets.yaml': 'get:\n  responses: {}\n  wrong: true\n',
      'redocly.yaml': minimal,
    };
    expect(await lint(files)).toContainEqual(expect.stringMatching(/^\w+ struct parts\/pets\.yaml:3: .*wrong/));
  });

  it.each([
    'https://example.com/pets.yaml',
    '../../../../etc/passwd',
    '/etc/passwd',
    'file:///etc/passwd',
    'link.yaml',
  ])('refuses a reference to %s', async (target) => {
    const files = {
      'openapi.yaml': sound(`{ /pets: { $ref: '${target}' } }`),
      'link.yaml': { text: '/etc/passwd', mode: '120000' as const },
      'redocly.yaml': minimal,
    };
    const found = await lint(files);
    expect(found).toEqual([expect.stringMatching(/no-unresolved-refs openapi\.yaml:4: .*(nothing outside|no file)/)]);
    expect(found.join('\n')).not.toContain('/snapshot-');
  });

  it('executes nothing and fetches nothing that a configuration names', async () => {
    const config = `plugins: [./evil.js, 'data:text/javascript,process.exit(9)']
extends: [minimal, ./more.yaml, 'https://example.com/redocly.yaml', evil/all]
decorators: { remove-x-internal: on }
resolve: { http: { headers: [{ matches: '**', name: X, envVariable: PATH }] } }
rules: { evil/rule: error, security-defined: off }
$ref: https://example.com/config.yaml
`;
    const found = await lint({
      'openapi.yaml': sound(),
      'redocly.yaml': config,
      'evil.js': 'process.exit(9)',
      'plugin.js': 'process.exit(9)',
    });
    expect(found.every((finding) => finding.startsWith('warning configuration-refused redocly.yaml:'))).toBe(true);
    for (const name of [
      'plugins',
      'decorators',
      'resolve',
      'more.yaml',
      'https://example.com',
      'evil/all',
      'evil/rule',
    ])
      expect(found).toContainEqual(expect.stringContaining(name));
    expect(found).toHaveLength(7);
  });

  it('says what is wrong with a configuration, and goes by the recommended rules', async () => {
    const found = await lint({ 'openapi.yaml': sound('{ /pets: { get: {} } }'), 'redocly.yaml': 'rules: [\n' });
    expect(found).toContainEqual(expect.stringMatching(/^error configuration-invalid redocly\.yaml:\d:/));
    expect(found).toContainEqual(expect.stringMatching(/^error security-defined openapi\.yaml:4:/));
  });

  it('ends with descriptions and configurations that would explode', async () => {
    const bomb = Array.from({ length: 30 }, (_, at) => `a${at}: &a${at} [${`*a${at - 1},`.repeat(9)}]`);
    bomb[0] = 'a0: &a0 [lol, lol]';
    const deep = `${'{"a":'.repeat(20_000)}1${'}'.repeat(20_000)}`;
    const found = await lint({
      'openapi.yaml': `openapi: 3.1.0\n${bomb.join('\n')}\n`,
      'deep.openapi.json': `{"openapi":"3.1.0","info":${deep}}`,
      'uses.openapi.yaml': sound('{ /pets: { $ref: bomb.yaml } }'),
      'bomb.yaml': bomb.join('\n'),
      'redocly.yaml': `${minimal}${bomb.join('\n')}\n`,
    });
    expect(found).toContainEqual(expect.stringMatching(/^error openapi-invalid openapi\.yaml:/));
    expect(found).toContainEqual(expect.stringMatching(/^error openapi-invalid deep\.openapi\.json:/));
    expect(found).toContainEqual(
      expect.stringMatching(/no-unresolved-refs uses\.openapi\.yaml:4: .*Excessive alias count/),
    );
    expect(found).toContainEqual(expect.stringMatching(/^error configuration-invalid redocly\.yaml:/));
  });

  it('says where a key is twice, in the paths of the repository', async () => {
    const found = await lint({ 'api/openapi.yaml': `${sound()}paths: {}\n`, 'redocly.yaml': minimal });
    expect(found).toEqual([expect.stringMatching(/^error openapi-invalid api\/openapi\.yaml:5: .*duplicated/)]);
    expect(found.join('')).not.toContain('/snapshot-');
  });

  it('ends with a schema that contains itself', async () => {
    const files = {
      'openapi.yaml': `${sound()}components:\n  schemas:\n    A: { type: object, properties: { a: { $ref: '#/components/schemas/B' } } }\n    B: { allOf: [{ $ref: '#/components/schemas/A' }] }\n`,
      'redocly.yaml': 'extends: [recommended]\n',
    };
    expect(await lint(files)).not.toContainEqual(expect.stringContaining('openapi-invalid'));
  });
});
