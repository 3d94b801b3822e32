import { beforeAll, describe, expect, it } from '@jest/globals';
import { ERROR_CODES } from '@reunite/contracts';
import { buildDocumentation } from './documentation-site.js';
import type { DocumentationSite } from './documentation-site.js';

const document = {
  openapi: '3.1.0',
  info: { title: 'API', version: '1' },
  paths: { '/v1/session': { get: { summary: 'Get the session', responses: { 200: { description: 'OK' } } } } },
};

describe('the documentation', () => {
  let site: DocumentationSite;
  const text = (path: string) => site.get(path)?.body.toString() ?? '';

  beforeAll(async () => {
    site = await buildDocumentation(document);
  });

  it('has a page for every error code, with its cause, its remedy and its statuses', () => {
    for (const code of Object.keys(ERROR_CODES)) expect(site.has(`docs/errors/${code}/index.html`)).toBe(true);
    const page = text('docs/errors/not-found/index.html');
    expect(page).toContain('does not exist in the organization of the caller');
    expect(page).toMatch(/What to do:.*404.*NOT_FOUND/s);
  });

  it('has the reference of the OpenAPI document, and links to it', () => {
    expect(text('docs/index.html')).toContain('href="/docs/reference/"');
    expect(text('docs/reference/index.html')).toContain('Get the session');
  });

  it('loads nothing from other hosts', () => {
    for (const [path, { body, contentType }] of site) {
      if (contentType.startsWith('text/html')) {
        expect([path, body.toString().match(/(?:src|href)="(?:https?:)?\/\/[^"]*"/g)]).toEqual([path, null]);
      }
    }
  });
});
