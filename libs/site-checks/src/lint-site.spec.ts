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

/** Returns findings as `error rule file:line: message`. */
async function lint(files: Record<string, string | Entry>): Promise<string[]> {
  const { findings } = await lintSite({ files: sourceOf(files), limits: defaultBuildLimits });
  return findings.map(
    ({ severity, rule, file, line, message }) => `${severity} ${rule} ${file ?? ''}:${line ?? ''}: ${message}`,
  );
}

/** A description without violations of Redocly's minimal rules. */
const validDescription = (paths = '{}') => `openapi: 3.1.0
info: { title: Pets, version: '1', license: { name: MIT, url: https://opensource.org/license/mit } }
servers: [{ url: https://pets.acme.io }]
paths: ${paths}
`;
const MINIMAL_RULES = 'extends: [minimal]\n';

describe('lintSite on Markdown', () => {
  it('reports nothing for a valid page', async () => {
    const page =
      '# Title\n\nSee [the guide](guide.md) and ![a cat](cat.png).\n\n## One\n\n### Part\n\n## Two\n\n### Part\n';
    expect(await lint({ 'index.md': page, 'titled.md': '---\ntitle: T\n---\n\n## One\n' })).toEqual([]);
  });

  it.each([
    ['a page without a title', 'Text\n', 'title-missing index.md:1:'],
    ['a second title', '# A\n\n# B\n', 'title-repeated index.md:3:'],
    [
      'a level that is skipped',
      '# A\n\n### B\n',
      'heading-level index.md:3: A heading of level 3 follows one of level 1',
    ],
    ['a heading twice in a section', '# A\n\n## B\n\n## B\n', 'heading-repeated index.md:5: The heading "B"'],
    ['a heading without text', '# A\n\n##\n', 'heading-empty index.md:3:'],
    ['a link without a target', '# A\n\none\n[two]() three\n', 'link-empty index.md:4:'],
    ['a link without text', '# A\n\n[](b.md)\n', 'link-without-text index.md:3:'],
    ['an image without a text', '---\ntitle: A\n---\n\nx\n![](cat.png)\n', 'image-without-text index.md:6:'],
  ])('reports %s', async (_what, page, expected) => {
    expect(await lint({ 'index.md': page })).toEqual([expect.stringContaining(`warning ${expected}`)]);
  });

  it('reports unknown tags as warnings and unclosed ones as errors', async () => {
    const page = '---\ntitle: T\n---\n\n{% tabs %}\n\n{% nosuch /%}\n';
    expect(await lint({ 'index.md': page, '_partials/p.md': '{% /tab %}\n' })).toEqual([
      expect.stringMatching(/^error tag-unclosed _partials\/p\.md:1: .*"tab"/),
      expect.stringMatching(/^error tag-unclosed index\.md:5: .*"tabs"/),
      expect.stringMatching(/^warning tag-unknown index\.md:7: .*"nosuch"/),
    ]);
  });

  it('reports the tags of other template languages', async () => {
    const page = '# T\n\n`{% c %}` and 50%\n\nSee {% nosuch x="1" %} and {% other %}.\n';
    expect(await lint({ 'index.md': page })).toEqual([
      'warning tag-unknown index.md:5: Unknown tag {% nosuch x="1" %}; it is shown as written',
    ]);
  });

  it('reports invalid front matter with its line', async () => {
    expect(await lint({ 'index.md': '---\ntitle: [a\n---\n\n# A\n' })).toEqual([
      expect.stringMatching(/^error front-matter-invalid index\.md:\d: /),
    ]);
    expect(await lint({ 'index.md': '---\n\nNote: moved.\n\n---\n\n# A\n' })).toEqual([
      expect.stringMatching(/^warning front-matter-unknown index\.md:1: .*"Note"/),
    ]);
    expect(await lint({ 'index.md': '---\n\n**Subject: Hello**\n\n---\n\n# A\n' })).toEqual([]);
  });

  it('reports pages and descriptions in UTF-16, but not other data', async () => {
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

  it('neither reads nor decodes files that are too large', async () => {
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

  it('ignores hidden files, symbolic links, LFS pointers and code', async () => {
    expect(
      await lint({
        '.github/x.md': 'no title',
        'link.md': { text: '/etc/passwd', mode: '120000' },
        'lfs.md': 'version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 1\n',
        'index.md': '# A\n\n```md\n### B\n[]()\n```\n',
      }),
    ).toEqual([]);
  });

  it('keeps the first 1,000 findings and counts all', async () => {
    const page = `# A\n\n${'[](x)\n\n'.repeat(3_000)}`;
    const { warnings, findings } = await lintSite({
      files: sourceOf({ 'index.md': page }),
      limits: defaultBuildLimits,
    });
    expect(warnings).toBe(3_000);
    expect(findings).toHaveLength(1_000);
  });

  it('reports a folder with more files than a build may have', async () => {
    const limits = { ...defaultBuildLimits, maxFiles: 1 };
    const { findings } = await lintSite({ files: sourceOf({ 'a.md': '# A', 'b.md': '# B' }), limits });
    expect(findings).toMatchObject([{ severity: 'error', rule: 'too-many-files', file: null }]);
  });
});

describe('lintSite on OpenAPI descriptions', () => {
  it('applies the recommended rules by default, with line and column', async () => {
    const files = sourceOf({ 'api/openapi.yaml': validDescription('{ /pets: { get: { responses: {} } } }') });
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

  it("applies the repository's redocly.yaml, also its settings for one description", async () => {
    const description = validDescription('{ /pets: { get: { responses: { "200": { description: OK } } } } }');
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

  it('follows references inside of the folder and reports violations in the file they are in', async () => {
    const files = {
      'openapi.yaml': validDescription('{ /pets: { $ref: parts/pets.yaml } }'),
      'parts/pets.yaml': 'get:\n  responses: {}\n  wrong: true\n',
      'redocly.yaml': MINIMAL_RULES,
    };
    expect(await lint(files)).toContainEqual(expect.stringMatching(/^\w+ struct parts\/pets\.yaml:3: .*wrong/));
  });

  it.each([
    'https://example.com/pets.yaml',
    '../../../../etc/passwd',
    '/etc/passwd',
    'file:///etc/passwd',
    'link.yaml',
  ])('attack: does not follow a reference to %s', async (target) => {
    const files = {
      'openapi.yaml': validDescription(`{ /pets: { $ref: '${target}' } }`),
      'link.yaml': { text: '/etc/passwd', mode: '120000' as const },
      'redocly.yaml': MINIMAL_RULES,
    };
    const findings = await lint(files);
    expect(findings).toEqual([
      expect.stringMatching(/no-unresolved-refs openapi\.yaml:4: .*(is not read|does not exist)/),
    ]);
    expect(findings.join('\n')).not.toContain('/snapshot-');
  });

  it('attack: executes and fetches nothing that a configuration names', async () => {
    const config = `plugins: [./evil.js, 'data:text/javascript,process.exit(9)']
extends: [minimal, ./more.yaml, 'https://example.com/redocly.yaml', evil/all]
decorators: { remove-x-internal: on }
resolve: { http: { headers: [{ matches: '**', name: X, envVariable: PATH }] } }
rules: { evil/rule: error, security-defined: off }
$ref: https://example.com/config.yaml
`;
    const findings = await lint({
      'openapi.yaml': validDescription(),
      'redocly.yaml': config,
      'evil.js': 'process.exit(9)',
      'plugin.js': 'process.exit(9)',
    });
    expect(findings.every((finding) => finding.startsWith('warning configuration-ignored redocly.yaml:'))).toBe(true);
    for (const name of [
      'plugins',
      'decorators',
      'resolve',
      'more.yaml',
      'https://example.com',
      'evil/all',
      'evil/rule',
    ])
      expect(findings).toContainEqual(expect.stringContaining(name));
    expect(findings).toHaveLength(7);
  });

  it('reports an invalid configuration and applies the recommended rules', async () => {
    const findings = await lint({
      'openapi.yaml': validDescription('{ /pets: { get: {} } }'),
      'redocly.yaml': 'rules: [\n',
    });
    expect(findings).toContainEqual(expect.stringMatching(/^error configuration-invalid redocly\.yaml:\d:/));
    expect(findings).toContainEqual(expect.stringMatching(/^error security-defined openapi\.yaml:4:/));
  });

  it('attack: reports descriptions and configurations that expand without end', async () => {
    const bomb = Array.from({ length: 30 }, (_, at) => `a${at}: &a${at} [${`*a${at - 1},`.repeat(9)}]`);
    bomb[0] = 'a0: &a0 [lol, lol]';
    const deep = `${'{"a":'.repeat(20_000)}1${'}'.repeat(20_000)}`;
    const findings = await lint({
      'openapi.yaml': `openapi: 3.1.0\n${bomb.join('\n')}\n`,
      'deep.openapi.json': `{"openapi":"3.1.0","info":${deep}}`,
      'uses.openapi.yaml': validDescription('{ /pets: { $ref: bomb.yaml } }'),
      'bomb.yaml': bomb.join('\n'),
      'redocly.yaml': `${MINIMAL_RULES}${bomb.join('\n')}\n`,
    });
    expect(findings).toContainEqual(expect.stringMatching(/^error openapi-invalid openapi\.yaml:/));
    expect(findings).toContainEqual(expect.stringMatching(/^error openapi-too-complex deep\.openapi\.json:/));
    expect(findings).toContainEqual(
      expect.stringMatching(/no-unresolved-refs uses\.openapi\.yaml:4: .*Excessive alias count/),
    );
    expect(findings).toContainEqual(expect.stringMatching(/^error configuration-invalid redocly\.yaml:/));
  });

  it('reports a duplicate key with the path in the repository', async () => {
    const findings = await lint({
      'api/openapi.yaml': `${validDescription()}paths: {}\n`,
      'redocly.yaml': MINIMAL_RULES,
    });
    expect(findings).toEqual([expect.stringMatching(/^error openapi-invalid api\/openapi\.yaml:5: .*duplicated/)]);
    expect(findings.join('')).not.toContain('/snapshot-');
  });

  it('lints a schema that contains itself', async () => {
    const files = {
      'openapi.yaml': `${validDescription()}components:\n  schemas:\n    A: { type: object, properties: { a: { $ref: '#/components/schemas/B' } } }\n    B: { allOf: [{ $ref: '#/components/schemas/A' }] }\n`,
      'redocly.yaml': 'extends: [recommended]\n',
    };
    expect(await lint(files)).not.toContainEqual(expect.stringContaining('openapi-invalid'));
  });

  it('accepts Markdown that a description includes by reference', async () => {
    const description = (file: string) =>
      `openapi: 3.0.3\ninfo: { title: T, version: '1', description: { $ref: ./${file} } }\npaths: {}\n`;
    const config = 'extends: [minimal]\nrules: { struct: error, no-unresolved-refs: error }\n';
    const files = { 'intro.md': '# Welcome', 'redocly.yaml': config };
    const findings = await lint({ ...files, 'openapi.yaml': description('intro.md') });
    expect(findings.filter((finding) => finding.startsWith('error'))).toEqual([]);
    expect(await lint({ ...files, 'openapi.yaml': description('gone.md') })).toContainEqual(
      expect.stringMatching(/^error no-unresolved-refs openapi\.yaml:2: /),
    );
  });
});

describe('the limits of OpenAPI descriptions', () => {
  const described = (schemas: Record<string, unknown>, paths: Record<string, unknown> = {}) =>
    JSON.stringify({
      openapi: '3.1.0',
      info: { title: 'T', version: '1' },
      servers: [{ url: 'https://a.acme.io' }],
      paths,
      components: { schemas },
    });

  /** Time that the check of one description may take here. The limit of a whole check is 60 s. */
  const LIMIT_MS = 10_000;

  async function lintWithinLimit(files: Record<string, string>): Promise<string[]> {
    const startedAt = performance.now();
    const findings = await lint(files);
    expect(performance.now() - startedAt).toBeLessThan(LIMIT_MS);
    return findings;
  }

  const chain = (length: number) =>
    Object.fromEntries(Array.from({ length }, (_, at) => [`S${at}`, { $ref: `#/components/schemas/S${at + 1}` }]));
  const nested = (levels: number) => {
    const schemas = Array.from({ length: levels }, (_, at) => {
      const next = { $ref: `#/components/schemas/S${at + 1}` };
      return [`S${at}`, { allOf: [next, next] }] as const;
    });
    return { ...Object.fromEntries(schemas), [`S${levels}`]: { type: 'object' } };
  };
  const keys = (count: number, value: unknown) =>
    Object.fromEntries(Array.from({ length: count }, (_, at) => [`/k${at}`, value]));

  it.each([
    ['a chain of 20,000 references', described({ ...chain(20_000), S20000: {} }), 'chain of more than 100 references'],
    ['22 levels of allOf', described(nested(22)), 'combine more than 16000 schemas'],
    ['60,000 paths', described({}, keys(60_000, { get: {} })), 'more than 10000 paths'],
    ['300,000 keys', described({ A: { example: keys(300_000, 1) } }), 'more than 250000 values'],
  ])('attack: reports %s instead of linting it', async (_what, text, message) => {
    expect(await lintWithinLimit({ 'openapi.json': text })).toEqual([
      expect.stringMatching(new RegExp(`^error openapi-too-complex openapi\\.json:: .*${message}`)),
    ]);
  });

  it.each(['^(a+)+$', '(a|a)*b', '^(.*a){25}$', '(?=(a+)+b)'])(
    'attack: reports the slow pattern %s instead of matching it',
    async (pattern) => {
      const text = described({ A: { type: 'string', pattern, example: `${'a'.repeat(60)}!` } });
      expect(await lintWithinLimit({ 'openapi.json': text })).toEqual([
        expect.stringMatching(/^error pattern-unsafe openapi\.json:: /),
      ]);
    },
  );

  it('attack: reports a slow pattern in a file that a description refers to', async () => {
    const files = {
      'openapi.json': described({ A: { $ref: './a.json' } }),
      'a.json': JSON.stringify({ type: 'string', pattern: '^(a+)+$', default: `${'a'.repeat(60)}!` }),
    };
    expect(await lintWithinLimit(files)).toEqual([expect.stringMatching(/^error pattern-unsafe openapi\.json:: /)]);
  });

  it.each([
    [
      'an assertion',
      `rule/slow: { subject: { type: Schema, property: description }, assertions: { pattern: '/^(a+)+$/' } }`,
    ],
    ['prefixes', `boolean-parameter-prefixes: { severity: error, prefixes: ['(a+)+$'] }`],
  ])('attack: reports a slow pattern in %s of redocly.yaml', async (_what, rule) => {
    const files = {
      'openapi.json': described({ A: { description: `${'a'.repeat(60)}!` } }),
      'redocly.yaml': `extends: [minimal]\nrules:\n  ${rule}\n`,
    };
    expect(await lintWithinLimit(files)).toContainEqual(
      expect.stringMatching(/^error pattern-unsafe openapi\.json:: /),
    );
  });

  it('lints descriptions with ordinary patterns', async () => {
    const patterns = [
      '^\\d{4}-\\d{2}-\\d{2}T\\d{2}:\\d{2}:\\d{2}(\\.\\d+)?Z$',
      '^(([a-z0-9]|[a-z0-9][a-z0-9-]*[a-z0-9])\\.)*([a-z0-9]|[a-z0-9][a-z0-9-]*[a-z0-9])$',
      '^arn:aws[a-z-]*:iam::[0-9]{12}:role/.+$',
    ];
    const schemas = patterns.map((pattern, at) => [`A${at}`, { type: 'string', pattern, example: 'example.acme.io' }]);
    const findings = await lint({ 'openapi.json': described(Object.fromEntries(schemas) as Record<string, unknown>) });
    expect(findings).not.toContainEqual(expect.stringContaining('pattern-unsafe'));
    expect(findings.length).toBeGreaterThan(0);
  });

  it('lints the other descriptions if one is rejected', async () => {
    const findings = await lint({
      'slow.openapi.json': described({ A: { pattern: '^(a+)+$', example: `${'a'.repeat(60)}!` } }),
      'openapi.yaml': validDescription('{ /pets: { get: {} } }'),
    });
    expect(findings).toContainEqual(expect.stringContaining('pattern-unsafe slow.openapi.json'));
    expect(findings).toContainEqual(expect.stringContaining('security-defined openapi.yaml'));
  });
});
