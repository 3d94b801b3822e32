import { describe, expect, it } from '@jest/globals';
import { defaultBuildLimits } from '../build-limits.js';
import type { PageBody, RenderContext } from '../page/page.js';
import type { SourceFile } from '../site-builder.js';
import { openapiPage } from './openapi.page.js';

const source = (path: string, text = ''): SourceFile => ({
  path,
  mode: '100644',
  id: `id of ${path}`,
  read: () => Promise.resolve(Buffer.from(text)),
});

/** Renders `api/openapi.json` beside other files. */
async function render(
  description: object,
  files: Record<string, string> = {},
  rewriter: RenderContext['rewriter'] = () => (reference) => reference,
) {
  const text = JSON.stringify({ openapi: '3.1.0', ...description });
  const page = openapiPage(source('api/openapi.json'), text);
  const context: RenderContext = {
    rewriter,
    partials: new Map(),
    ignored: new Set<string>(),
    sources: new Map(Object.entries(files).map(([path, content]) => [path, source(path, content)])),
    limits: defaultBuildLimits,
  };
  const body = (await page?.render(context)) as PageBody;
  const bundled = JSON.parse(body.attachment?.body ?? '') as Record<string, never>;
  return {
    page,
    body,
    bundled,
    markup: body.html.markup,
    messages: body.warnings.map(({ message }) => message),
  };
}

const ref = (name: string) => ({ $ref: `#/components/schemas/${name}` });
const responding = (schema: unknown) => ({
  responses: {
    200: { description: 'OK', content: { 'application/json': { schema } } },
  },
});

describe('openapiPage', () => {
  it('lists operations by tag for search and for browsers without scripts', async () => {
    const { page, body, markup } = await render({
      info: { title: 'Pet API', version: '1.2.0' },
      tags: [{ name: 'Pets' }],
      paths: {
        '/pets/{id}': {
          get: { tags: ['Pets'], summary: 'Get a pet', operationId: 'getPet' },
        },
        '/other': { put: {} },
      },
    });
    expect(page).toMatchObject({
      title: 'Pet API',
      folder: 'api/openapi',
      kind: 'reference',
    });
    expect(
      markup
        .replace(/<[^>]*>/g, ' ')
        .replace(/\s+/g, ' ')
        .trim(),
    ).toBe('Pet API 1.2.0 Pets GET /pets/{id} Get a pet Operations PUT /other');
    expect(body.headings).toEqual([
      { id: 'operation/getPet', level: 2, text: 'Get a pet – GET /pets/{id}' },
      { id: 'paths/~1other/put', level: 2, text: 'PUT /other' },
    ]);
  });

  it('bundles the description with its referenced files', async () => {
    const { bundled, body, messages } = await render(
      {
        paths: {
          '/a': { get: responding({ $ref: './schemas/pet.yaml' }) },
          '/b': { $ref: '../paths.yaml#/b' },
        },
        components: { schemas: { Own: { type: 'string' } } },
      },
      {
        'api/schemas/pet.yaml': 'properties:\n  owner: { $ref: owner.yaml#/Owner }\n',
        'api/schemas/owner.yaml':
          'Owner: { properties: { pet: { $ref: pet.yaml }, own: { $ref: ../openapi.json#/components/schemas/Own } } }',
        'paths.yaml': 'b: { get: { summary: From elsewhere } }',
      },
    );
    expect(messages).toEqual([]);
    expect(bundled).toMatchObject({
      paths: {
        '/a': { get: responding({ $ref: '#/x-files/pet.yaml' }) },
        '/b': { $ref: '#/x-files/paths.yaml/b' },
      },
      'x-files': {
        'pet.yaml': {
          properties: {
            owner: { $ref: '#/x-files/owner.yaml/Owner' },
          },
        },
        'owner.yaml': {
          Owner: {
            properties: {
              pet: { $ref: '#/x-files/pet.yaml' },
              own: ref('Own'),
            },
          },
        },
      },
    });
    expect(body.headings.map(({ text }) => text)).toContain('From elsewhere – GET /b');
    expect(body.includes).toContainEqual({
      file: 'paths.yaml',
      id: 'id of paths.yaml',
    });
  });

  it('keeps cycles of schemas and breaks cycles of references', async () => {
    const schemas = {
      Pet: { properties: { parent: ref('Pet') } },
      Self: ref('Self'),
      Ping: ref('Pong'),
      Pong: ref('Ping'),
    };
    const { bundled, messages } = await render({ components: { schemas } });
    expect(bundled).toMatchObject({
      components: { schemas: { Pet: { properties: { parent: ref('Pet') } } } },
    });
    expect(messages).toHaveLength(3);
    expect(JSON.stringify(bundled)).not.toMatch(/"\$ref":"#\/components\/schemas\/(?:Self|Ping|Pong)/);
  });

  it.each([
    ['https://evil.example/s.json#/A', 'reference-outside'],
    ['//evil.example/s.json', 'reference-outside'],
    ['file:///etc/passwd', 'reference-outside'],
    ['../../etc/passwd', 'reference-missing'],
    ['missing.yaml', 'reference-missing'],
    ['#/constructor/name', 'reference-missing'],
    ['#/components/schemas/Missing', 'reference-missing'],
  ])('attack: does not follow %s', async ($ref, code) => {
    const { bundled, body } = await render({
      paths: { '/a': { get: responding({ $ref }) } },
    });
    expect(body.warnings).toMatchObject([{ code, file: 'api/openapi.json' }]);
    expect(JSON.stringify(bundled)).not.toContain('$ref');
  });

  it('attack: escapes names and drops script addresses', async () => {
    const { markup, bundled } = await render({
      info: {
        title: '<script>1</script>',
        contact: { url: ' java\nscript:alert(1)' },
      },
      paths: { '/<script>': { get: { summary: '"><script>', tags: ['<b>'] } } },
    });
    expect(markup).not.toMatch(/<script|<b>/);
    expect(JSON.stringify(bundled)).not.toContain('alert');
  });

  it('does not change prose and examples that begin like addresses', async () => {
    const description = {
      info: {
        title: 'x',
        description: 'Data: the records of a day',
        'x-logo': { url: 'data:image/png;base64,AA==' },
      },
      paths: {
        '/events': {
          get: {
            summary: 'data: as a stream',
            responses: {
              200: {
                description: 'JavaScript: what else',
                content: {
                  'text/event-stream': { example: 'data: {}\n\n' },
                  'x/y': { example: { url: 'data:,x' } },
                },
              },
            },
          },
        },
      },
    };
    expect((await render(description)).bundled).toMatchObject(description);
  });

  it.each(['javascript:alert(1)', 'VBScript:x', ' data:text/html,x', 'file:///etc/passwd', 'java\tscript:alert(1)'])(
    'makes no link of %j, wherever links are made',
    async (url) => {
      const { bundled } = await render({
        info: {
          title: 'x',
          termsOfService: url,
          contact: { url },
          license: { name: 'x', url },
          'x-logo': { href: url },
        },
        externalDocs: { url },
        tags: [{ name: 'x', externalDocs: { url } }],
        components: {
          examples: { a: { externalValue: url } },
          securitySchemes: {
            a: { openIdConnectUrl: url },
            b: {
              flows: {
                implicit: {
                  authorizationUrl: url,
                  tokenUrl: url,
                  refreshUrl: url,
                },
              },
            },
          },
        },
      });
      expect(JSON.stringify(bundled)).not.toContain(JSON.stringify(url));
      expect(bundled).toMatchObject({ info: { license: { name: 'x' } } });
    },
  );

  it('resolves links in Markdown relative to their file', async () => {
    const linked = 'See [x](x.md)';
    const { bundled } = await render(
      {
        info: { title: linked, description: linked },
        paths: {
          '/a': {
            get: {
              description: linked,
              responses: { default: { $ref: 'r.yaml', description: linked } },
            },
          },
        },
        components: {
          schemas: {
            A: {
              example: { description: linked },
              properties: { value: { description: linked } },
            },
          },
        },
      },
      { 'api/r.yaml': `description: ${linked}` },
      (file) => (reference) => `/${file}/${reference}`,
    );
    const rewritten = 'See [x](/api/openapi.json/x.md)';
    expect(bundled).toMatchObject({
      info: { title: linked, description: rewritten },
      paths: {
        '/a': {
          get: {
            description: rewritten,
            responses: { default: { description: rewritten } },
          },
        },
      },
      components: {
        schemas: {
          A: {
            example: { description: linked },
            properties: { value: { description: rewritten } },
          },
        },
      },
      'x-files': { 'r.yaml': { description: 'See [x](/api/r.yaml/x.md)' } },
    });
  });

  it('keeps the siblings of a reference', async () => {
    const beside = {
      externalDocs: { url: 'javascript:alert(1)' },
      items: { $ref: 'https://evil.example/x.json' },
    };
    const { bundled } = await render({
      components: { schemas: { A: {}, B: { ...ref('A'), ...beside } } },
    });
    expect(bundled).toMatchObject({ components: { schemas: { B: ref('A') } } });
    expect(JSON.stringify(bundled)).not.toMatch(/javascript|evil\.example\/x\.json"/);
  });

  it('attack: bundles schemas that are nested deeper than the stack', async () => {
    const depth = 100_000;
    const text = `{"openapi":"3.1.0","components":{"schemas":{"A":${'{"items":'.repeat(depth)}{}${'}'.repeat(depth)}}}}`;
    const page = openapiPage(source('openapi.json'), text);
    const body = await page?.render({
      rewriter: () => () => '',
      partials: new Map(),
      ignored: new Set<string>(),
      sources: new Map(),
      limits: defaultBuildLimits,
    });
    expect(body?.attachment?.body.length).toBeLessThan(20_000);
  });
});

describe('readDescription', () => {
  it.each([
    ['package.json', '{"name":"x","keywords":["openapi"]}'],
    ['redocly.yaml', 'openapi:\n  hideTryItPanel: true\n'],
    ['data.yaml', 'broken: [\n'],
    ['data.json', '{"nested": {"openapi": "3.1.0"}}'],
    ['orval.yaml', 'openapi: ./spec.yaml\n'],
    ['options.json', '{"swagger": true}'],
    ['generator.yaml', 'openapi: 3rd/openapi.yaml\n'],
    ['chart.yaml', 'openapi: {{ .Values.version }}\npaths: {{ toYaml . }}\n'],
    ['docs.yaml', 'openapi: "{{ version }}"\n{% for path in paths %}\n'],
    ['nothing.yaml', 'openapi:\n'],
  ])('ignores %s', (file, text) => {
    expect(openapiPage(source(file), text)).toBeUndefined();
  });

  it.each([
    ['pets.yaml', 'openapi: 3.0.0\n'],
    ['pets.yml', '# comment\n"swagger": "2.0"\n'],
    ['pets.json', '{"info":{},"openapi":"3.1.0"}'],
    ['number.yaml', 'openapi: 3.1 # for now\n'],
    ['flow.yaml', '{ swagger: 2.0, info: {} }\n'],
    ['anchor.yaml', 'openapi: &version 3.1.0\n'],
    ['candidate.yaml', "'openapi': '3.2.0-rc.1'\n"],
  ])('accepts %s', (file, text) => {
    expect(openapiPage(source(file), text)).toBeDefined();
  });

  it.each([
    ['openapi.yaml', 'info:\n  title: "x\n', /line \d/],
    ['pets.yaml', 'openapi: 3.1.0\npaths:\n  - a\n b: c\n', /line 4/],
    ['pets.json', '{\n  "openapi": "3.1.0",\n  "info": {,}\n}', /line 3/],
    ['pets.yaml', 'openapi: 3.1.0\npaths: {{ toYaml . }} {% x %}\n', /line 2/],
    ['openapi.yaml', 'openapi: ./spec.yaml\n', /no top-level `openapi`/],
    ['openapi.json', '[]', /no top-level `openapi`/],
  ])('rejects %s: %j', (file, text, message) => {
    expect(() => openapiPage(source(file), text)).toThrow(message);
  });

  it.each(['.yaml', '.json'])('attack: takes linear time for blank lines in %s', (extension) => {
    for (const blank of ['\n', ' \n', '{\n', '"openapi"\n'])
      expect(openapiPage(source(`data${extension}`), `${blank.repeat(600_000)}x`)).toBeUndefined();
  });

  it('accepts a description after blank lines and a brace', () => {
    expect(openapiPage(source('pets.json'), '\n\n {\n\n  "swagger": "2.0"\n}')).toBeDefined();
  });
});

describe('values that OpenAPI leaves to the author', () => {
  it('keeps `$ref` in examples, defaults, enums and constants as data', async () => {
    const data = { value: '1', $ref: '../Users/1', display: 'Bo' };
    const content = {
      'application/one+json': { example: { members: [data] } },
      'application/two+json': { examples: { one: { value: { members: [data] } } } },
      'application/three+json': { example: { $ref: 'https://api.example.com/v2/Users/2', display: 'Ed' } },
      'application/five+json': { examples: { shared: { $ref: '#/components/examples/Shared' } } },
    };
    const Member = {
      default: data,
      examples: [data],
      properties: { $ref: { type: 'string' }, kind: { enum: [data] }, fixed: { const: data } },
    };
    const { bundled, messages } = await render({
      paths: { '/a': { get: { responses: { 200: { description: 'OK', content } } } } },
      components: { examples: { Shared: { value: data } }, schemas: { Member } },
    });
    expect(messages).toEqual([]);
    expect(bundled).toMatchObject({
      paths: { '/a': { get: { responses: { 200: { content } } } } },
      components: { examples: { Shared: { value: data } }, schemas: { Member } },
    });
    expect(bundled['x-data-references']).toHaveLength(8);
  });

  it('includes Markdown that a description refers to', async () => {
    const description = { $ref: '../docs/intro.md' };
    const { bundled, messages, body } = await render(
      {
        info: { title: 'T', description },
        tags: [{ name: 'Cats', description }],
        paths: { '/a': { get: { description, responses: {} } } },
        components: { schemas: { A: { properties: { x: { description } } } } },
      },
      { 'docs/intro.md': '---\ntitle: x\n---\n# Welcome\n\n[guide](guide.md)\n' },
      (file) => (reference) => `/${file}/${reference}`,
    );
    const text = '# Welcome\n\n[guide](/docs/intro.md/guide.md)\n';
    expect(messages).toEqual([]);
    expect(bundled).toMatchObject({
      info: { description: text },
      tags: [{ description: text }],
      paths: { '/a': { get: { description: text } } },
      components: { schemas: { A: { properties: { x: { description: text } } } } },
    });
    expect(body.includes).toContainEqual({ file: 'docs/intro.md', id: 'id of docs/intro.md' });
  });

  it.each(['nowhere.md', '../../etc/passwd', 'https://evil.example/x.md', '#/x'])(
    'attack: includes no Markdown from %s',
    async ($ref) => {
      const { bundled, body } = await render({ info: { title: 'T', description: { $ref } } });
      expect(bundled).toMatchObject({ info: { description: expect.stringContaining('Not available') as unknown } });
      expect(body.warnings).toMatchObject([{ file: 'api/openapi.json', line: 1 }]);
    },
  );

  it('resolves the mapping of a discriminator to names and files', async () => {
    const kinds = { oneOf: [{ $ref: './dog.yaml' }, { $ref: '#/components/schemas/Cat' }] };
    const { bundled, messages } = await render(
      {
        components: {
          schemas: {
            Cat: { type: 'object' },
            Pet: {
              ...kinds,
              discriminator: { propertyName: 'kind', mapping: { dog: './dog.yaml', cat: 'Cat', no: 3 } },
            },
            Far: { $ref: 'more/far.yaml' },
          },
        },
      },
      {
        'api/dog.yaml': 'type: object',
        'api/more/dog.yaml': 'type: string',
        'api/more/far.yaml':
          'oneOf: [{ $ref: ./dog.yaml }]\ndiscriminator: { propertyName: kind, mapping: { dog: ./dog.yaml, gone: ./gone.yaml } }',
      },
    );
    expect(messages).toEqual(['the reference "./gone.yaml" cannot be resolved']);
    const far = (bundled['x-files'] as unknown as Record<string, unknown>)['far.yaml'];
    expect(bundled).toMatchObject({
      components: {
        schemas: {
          Pet: {
            oneOf: [{ $ref: '#/x-files/dog.yaml' }, { $ref: '#/components/schemas/Cat' }],
            discriminator: { mapping: { dog: '#/x-files/dog.yaml', cat: '#/components/schemas/Cat' } },
          },
        },
      },
    });
    expect(far).toMatchObject({
      oneOf: [{ $ref: '#/x-files/dog.yaml%20(2)' }],
      discriminator: { mapping: { dog: '#/x-files/dog.yaml%20(2)' }, 'x-explicitMappingOnly': true },
    });
  });

  it('finds schemas by their own names', async () => {
    const { bundled, messages } = await render({
      components: {
        schemas: {
          A: { $id: 'https://example.com/a', $anchor: 'a', type: 'object' },
          B: { anyOf: [{ $ref: '#a' }, { $ref: 'https://example.com/a' }, { $dynamicRef: '#a' }] },
        },
      },
    });
    expect(messages).toEqual([]);
    expect(bundled).toMatchObject({ components: { schemas: { B: { anyOf: [ref('A'), ref('A'), ref('A')] } } } });
  });

  it('leaves out values of the wrong type, which the renderer cannot show', async () => {
    const { bundled, body } = await render({
      info: { title: 3, version: 1.5, description: null, contact: 'me' },
      tags: [null, { name: 'T' }, 'x'],
      servers: 'https://example.com',
      paths: {
        '/a': null,
        '/b': { get: null, post: { tags: 'T', parameters: [null, { name: 'x', in: 'query' }], responses: null } },
        '/c': { get: { tags: [null, 'T'], description: ['x'], requestBody: 3, responses: { 200: null } } },
      },
      components: { schemas: { A: null, B: { properties: null, items: true, default: null, enum: [null] } } },
    });
    expect(bundled).toMatchObject({
      info: { title: '3', version: '1.5' },
      tags: [{ name: 'T' }],
      paths: { '/b': { post: { parameters: [{ name: 'x' }] } }, '/c': { get: { tags: ['T'], responses: {} } } },
      components: { schemas: { B: { items: true, default: null, enum: [null] } } },
    });
    expect(JSON.stringify(bundled)).not.toMatch(/"(?:servers|contact|requestBody|description)":/);
    expect(body.warnings).toMatchObject([{ code: 'openapi-value-skipped' }]);
  });

  it('begins with a title, and with a version that the renderer knows', async () => {
    const { bundled, body } = await render({
      openapi: '3.2.0',
      paths: { '/a': { query: { summary: 'Q' }, additionalOperations: { COPY: { summary: 'C' } } } },
    });
    expect(bundled).toMatchObject({ openapi: '3.1.1', info: { title: 'API reference', version: '' } });
    expect(body.headings.map(({ text }) => text)).toEqual(['C – COPY /a', 'Q – QUERY /a']);
    expect(body.warnings).toMatchObject([{ code: 'openapi-not-shown' }]);
  });

  it('keeps the digits of large integers', async () => {
    const text =
      '{"openapi": "3.1.0", "components": {"schemas": {"A": {"maximum": 9223372036854775807, "minimum": 5}}}}';
    const page = openapiPage(source('openapi.json'), text);
    const body = await page?.render({
      rewriter: () => (x) => x,
      partials: new Map(),
      ignored: new Set<string>(),
      sources: new Map(),
      limits: defaultBuildLimits,
    });
    expect(body?.attachment?.body).toContain('"maximum":"9223372036854775807","minimum":5');
  });
});
