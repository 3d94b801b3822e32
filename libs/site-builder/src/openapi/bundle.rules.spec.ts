import { describe, expect, it } from '@jest/globals';
import { ref, renderDescription, renderText, responding } from '../../test/rendered-description.js';

describe('bundleDescription', () => {
  it('bundles the description with its referenced files', async () => {
    const { bundled, body, messages } = await renderDescription(
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
    const { bundled, messages } = await renderDescription({ components: { schemas } });
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
    const { bundled, body } = await renderDescription({
      paths: { '/a': { get: responding({ $ref }) } },
    });
    expect(body.warnings).toMatchObject([{ code, file: 'api/openapi.json' }]);
    expect(JSON.stringify(bundled)).not.toContain('$ref');
  });

  it('keeps the siblings of a reference', async () => {
    const beside = {
      externalDocs: { url: 'javascript:alert(1)' },
      items: { $ref: 'https://evil.example/x.json' },
    };
    const { bundled } = await renderDescription({
      components: { schemas: { A: {}, B: { ...ref('A'), ...beside } } },
    });
    expect(bundled).toMatchObject({ components: { schemas: { B: ref('A') } } });
    expect(JSON.stringify(bundled)).not.toMatch(/javascript|evil\.example\/x\.json"/);
  });

  it('attack: bundles schemas that are nested deeper than the stack', async () => {
    const depth = 100_000;
    const text = `{"openapi":"3.1.0","components":{"schemas":{"A":${'{"items":'.repeat(depth)}{}${'}'.repeat(depth)}}}}`;
    const { bundle } = await renderText(text);
    expect(bundle.length).toBeLessThan(20_000);
  });

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
    const { bundled, messages } = await renderDescription({
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

  it('resolves the mapping of a discriminator to names and files', async () => {
    const kinds = { oneOf: [{ $ref: './dog.yaml' }, { $ref: '#/components/schemas/Cat' }] };
    const { bundled, messages } = await renderDescription(
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
    const { bundled, messages } = await renderDescription({
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
});
