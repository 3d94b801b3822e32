import { createHash } from 'node:crypto';
import { documentationSources } from './documentation-pages.js';

export interface DocumentationFile {
  readonly body: Buffer;
  readonly contentType: string;
  readonly etag: string;
}

/** Files of the built documentation, by path without a leading slash. */
export type DocumentationSite = ReadonlyMap<string, DocumentationFile>;

/** Builds the documentation from the OpenAPI document and the error codes, with the builder of the previews. */
export async function buildDocumentation(document: object): Promise<DocumentationSite> {
  // Loaded with the first request: the builder reads its libraries and styles.
  const { buildSite, defaultBuildLimits } = await import('@reunite/site-builder');
  const files = Object.entries(documentationSources(document)).map(([path, text]) => {
    const body = Buffer.from(text);
    return { path, mode: '100644' as const, size: body.length, read: () => Promise.resolve(body) };
  });
  const site = new Map<string, DocumentationFile>();
  const input = {
    title: 'Reunite GHES bridge',
    files,
    limits: defaultBuildLimits,
    log: () => undefined,
    signal: new AbortController().signal,
  };
  const { problems } = await buildSite(input, (file) => {
    const body = Buffer.from(file.body);
    const etag = `"${createHash('sha256').update(body).digest('base64url').slice(0, 27)}"`;
    site.set(file.path, { body, contentType: file.contentType, etag });
    return Promise.resolve();
  });
  const [problem] = problems;
  if (problem !== undefined)
    throw new Error(`The documentation has a problem: ${problem.file ?? ''}: ${problem.message}`);
  return site;
}
