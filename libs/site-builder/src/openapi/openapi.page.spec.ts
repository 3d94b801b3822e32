import { describe, expect, it } from '@jest/globals';
import { PageTooComplexError } from '../page/page-too-complex.error.js';
import { openapiPage } from './openapi.page.js';

function render(description: Record<string, unknown>): string {
  const page = openapiPage('openapi.json', JSON.stringify({ openapi: '3.1.0', ...description }));
  return page?.render({ rewrite: (href) => href, publishSource: () => '/openapi.json' }).html.markup ?? '';
}

const ref = (name: string) => ({ $ref: `#/components/schemas/${name}` });
const responding = (schema: unknown) => ({
  responses: { 200: { description: 'OK', content: { 'application/json': { schema } } } },
});

describe('openapiPage', () => {
  it('shows operations by tag with parameters, body and responses', () => {
    const page = openapiPage(
      'api/openapi.yaml',
      [
        'openapi: 3.1.0',
        'info: { title: Pet API, version: 1.2.0, description: "About **pets**" }',
        'tags: [{ name: Pets, description: All of them }]',
        'paths:',
        '  /pets/{id}:',
        '    parameters: [{ $ref: "#/components/parameters/Id" }]',
        '    get: { tags: [Pets], summary: Get a pet, responses: { "404": { description: No such pet } } }',
        '  /pets:',
        '    post: { tags: [Pets], requestBody: { required: true, content: { application/json: { schema: { type: object, required: [name], properties: { name: { type: string, maxLength: 9 } } } } } } }',
        'components: { parameters: { Id: { name: id, in: path, required: true, schema: { type: string, format: uuid } } } }',
      ].join('\n'),
    );
    expect(page).toMatchObject({ title: 'Pet API', folder: 'api/openapi' });
    const body = page?.render({ rewrite: (href) => href, publishSource: () => undefined });
    expect(body?.headings.map(({ text }) => text)).toEqual(['Pets', 'Get a pet', 'POST /pets']);
    const text = body?.html.markup.replace(/<[^>]*>/g, ' ').replace(/\s+/g, ' ');
    expect(text).toContain(
      'Pet API 1.2.0 About pets Pets All of them Get a pet # GET /pets/{id} Parameters id path required string (uuid)',
    );
    expect(text).toContain('404 No such pet');
    expect(text).toContain('Request body required application/json object name required string max length 9');
  });

  it('shows Swagger 2 in the same way', () => {
    const page = openapiPage(
      'pets.json',
      JSON.stringify({
        swagger: '2.0',
        host: 'pets.example',
        basePath: '/v1',
        paths: {
          '/a': {
            get: {
              parameters: [{ name: 'q', in: 'query', type: 'integer' }],
              responses: { 200: { schema: { $ref: '#/definitions/Pet' } } },
            },
          },
        },
        definitions: { Pet: { type: 'object', properties: { name: { type: 'string' } } } },
      }),
    );
    const markup = page?.render({ rewrite: (href) => href, publishSource: () => undefined }).html.markup ?? '';
    expect(markup).toContain('<code>pets.example/v1</code>');
    expect(markup).toContain('<span class="type">integer</span>');
    expect(markup).toContain('id="schema-pet"');
  });

  it('stops at circles in schemas, and says so', () => {
    const schemas = {
      Pet: { type: 'object', properties: { parent: ref('Pet'), owner: ref('Owner') } },
      Owner: { type: 'object', properties: { pets: { type: 'array', items: ref('Pet') } } },
      Self: ref('Self'),
      Ping: ref('Pong'),
      Pong: ref('Ping'),
    };
    const markup = render({ paths: { '/pet': { get: responding(ref('Pet')) } }, components: { schemas } });
    expect(markup).toContain('<a class="type" href="#schema-pet">Pet</a> <span class="note">(recursive)</span>');
    expect(markup).toContain('#/components/schemas/Self');
  });

  it('shows references to other files as text and does not follow them', () => {
    const markup = render({
      paths: { '/a': { get: responding({ $ref: 'https://evil.example/s.json#/A' }) }, '/b': { $ref: '../b.yaml' } },
    });
    expect(markup).toContain('<span class="type">https://evil.example/s.json#/A</span>');
  });

  it('follows no reference into the prototype', () => {
    expect(render({ paths: { '/a': { get: responding({ $ref: '#/constructor/name' }) } } })).toContain(
      '#/constructor/name',
    );
  });

  it('sanitizes descriptions and escapes names', () => {
    const markup = render({
      info: { title: '<script>1</script>', description: '<script>alert(1)</script><img src=x onerror=alert(1)>' },
      paths: { '/<script>': { get: { summary: '"><script>', operationId: 'x', tags: ['<b>'] } } },
    });
    expect(markup).not.toMatch(/<script|onerror/);
  });

  it('writes a large, densely linked model out only so far', () => {
    const names = Array.from({ length: 30 }, (_, index) => `S${index}`);
    const properties = Object.fromEntries(names.map((name) => [name, ref(name)]));
    const schemas = Object.fromEntries(names.map((name) => [name, { type: 'object', properties }]));
    const paths = Object.fromEntries(names.map((name) => [`/${name}`, { get: responding(ref(name)) }]));
    expect(render({ paths, components: { schemas } }).length).toBeLessThan(2_000_000);
  });

  it('gives up on a page that thousands of references would make endless', () => {
    const parameters = { P: { name: 'p', in: 'query', description: 'word '.repeat(100_000) } };
    const operation = { get: { parameters: [{ $ref: '#/components/parameters/P' }] } };
    const paths = Object.fromEntries(Array.from({ length: 1000 }, (_, index) => [`/${index}`, operation]));
    expect(() => render({ components: { parameters }, paths })).toThrow(PageTooComplexError);
  });

  it('survives schemas that are nested deeper than the stack', () => {
    const depth = 100_000;
    const text = `{"openapi":"3.1.0","components":{"schemas":{"A":${'{"items":'.repeat(depth)}{}${'}'.repeat(depth)}}}}`;
    const page = openapiPage('openapi.json', text);
    expect(page?.render({ rewrite: (href) => href, publishSource: () => undefined }).html.markup).toContain('…');
  });
});

describe('what counts as a description', () => {
  it.each([
    ['package.json', '{"name":"x","keywords":["openapi"]}'],
    ['redocly.yaml', 'openapi:\n  hideTryItPanel: true\n'],
    ['data.yaml', 'broken: [\n'],
    ['data.json', '{"nested": {"openapi": "3.1.0"}}'],
  ])('%s is other data', (file, text) => {
    expect(openapiPage(file, text)).toBeUndefined();
  });

  it.each([
    ['pets.yaml', 'openapi: 3.0.0\n'],
    ['pets.yml', '# comment\n"swagger": "2.0"\n'],
    ['pets.json', '{"info":{},"openapi":"3.1.0"}'],
  ])('%s is one', (file, text) => {
    expect(openapiPage(file, text)).toBeDefined();
  });

  it.each([
    ['openapi.yaml', 'info:\n  title: "x\n', /line \d/],
    ['pets.yaml', 'openapi: 3.1.0\npaths:\n  - a\n b: c\n', /line 4/],
    ['pets.json', '{\n  "openapi": "3.1.0",\n  "info": {,}\n}', /line 3/],
    ['openapi.json', '[]', /no top-level `openapi`/],
  ])('%s claims to be one and fails: %j', (file, text, message) => {
    expect(() => openapiPage(file, text)).toThrow(message);
  });
});
