import { describe, expect, it } from '@jest/globals';
import { renderDescription } from '../../test/rendered-description.js';

describe('openapiPage', () => {
  it('lists operations by tag for search and for browsers without scripts', async () => {
    const { page, body, markup } = await renderDescription({
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

  it('attack: escapes names and drops script addresses', async () => {
    const { markup, bundled } = await renderDescription({
      info: {
        title: '<script>1</script>',
        contact: { url: ' java\nscript:alert(1)' },
      },
      paths: { '/<script>': { get: { summary: '"><script>', tags: ['<b>'] } } },
    });
    expect(markup).not.toMatch(/<script|<b>/);
    expect(JSON.stringify(bundled)).not.toContain('alert');
  });
});
