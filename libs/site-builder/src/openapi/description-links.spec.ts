import { describe, expect, it } from '@jest/globals';
import { renderDescription } from '../../test/rendered-description.js';

describe('the links and texts of a description', () => {
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
    expect((await renderDescription(description)).bundled).toMatchObject(description);
  });

  it.each(['javascript:alert(1)', 'VBScript:x', ' data:text/html,x', 'file:///etc/passwd', 'java\tscript:alert(1)'])(
    'makes no link of %j, wherever links are made',
    async (url) => {
      const { bundled } = await renderDescription({
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
    const { bundled } = await renderDescription(
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

  it('includes Markdown that a description refers to', async () => {
    const description = { $ref: '../docs/intro.md' };
    const { bundled, messages, body } = await renderDescription(
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
      const { bundled, body } = await renderDescription({ info: { title: 'T', description: { $ref } } });
      expect(bundled).toMatchObject({ info: { description: expect.stringContaining('Not available') as unknown } });
      expect(body.warnings).toMatchObject([{ file: 'api/openapi.json', line: 1 }]);
    },
  );
});
