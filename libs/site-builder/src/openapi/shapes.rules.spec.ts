import { describe, expect, it } from '@jest/globals';
import { renderDescription, renderText } from '../../test/rendered-description.js';

describe('a description for the renderer', () => {
  it('leaves out values of the wrong type, which the renderer cannot show', async () => {
    const { bundled, body } = await renderDescription({
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
    const { bundled, body } = await renderDescription({
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
    const { bundle } = await renderText(text);
    expect(bundle).toContain('"maximum":"9223372036854775807","minimum":5');
  });
});
