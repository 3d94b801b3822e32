import { extensionOf, RESERVED_FOLDER } from './paths.rules.js';

/** Media types that are always published: they are shown on pages. */
const MEDIA: Readonly<Record<string, string>> = {
  apng: 'image/apng',
  avif: 'image/avif',
  bmp: 'image/bmp',
  gif: 'image/gif',
  ico: 'image/x-icon',
  jpeg: 'image/jpeg',
  jpg: 'image/jpeg',
  png: 'image/png',
  svg: 'image/svg+xml',
  webp: 'image/webp',
  m4a: 'audio/mp4',
  mp3: 'audio/mpeg',
  mp4: 'video/mp4',
  ogg: 'audio/ogg',
  wav: 'audio/wav',
  webm: 'video/webm',
  pdf: 'application/pdf',
};

/**
 * Types that are published only if a page links to them: a repository has many such files that are not meant for
 * readers.
 */
const DOWNLOADS: Readonly<Record<string, string>> = {
  csv: 'text/csv; charset=utf-8',
  docx: 'application/vnd.openxmlformats-officedocument.wordprocessingml.document',
  gz: 'application/gzip',
  json: 'application/json; charset=utf-8',
  log: 'text/plain; charset=utf-8',
  pptx: 'application/vnd.openxmlformats-officedocument.presentationml.presentation',
  proto: 'text/plain; charset=utf-8',
  tgz: 'application/gzip',
  toml: 'text/plain; charset=utf-8',
  txt: 'text/plain; charset=utf-8',
  xlsx: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
  yaml: 'application/yaml; charset=utf-8',
  yml: 'application/yaml; charset=utf-8',
  zip: 'application/zip',
};

/**
 * When a file of the repository is published. `never` covers all other types: HTML, scripts, style sheets and XML would
 * be executed or rendered on the site's origin. The tables are an allow-list with content types that execute nothing,
 * so they are not replaced by a MIME database, which knows thousands of types and changes with its version.
 */
export type Publication =
  { readonly when: 'always' | 'linked'; readonly contentType: string } | { readonly when: 'never' };

export function publicationOf(path: string): Publication {
  const extension = extensionOf(path);
  const always = Object.hasOwn(MEDIA, extension) ? MEDIA[extension] : undefined;
  if (always !== undefined) return { when: 'always', contentType: always };
  const linked = Object.hasOwn(DOWNLOADS, extension) ? DOWNLOADS[extension] : undefined;
  return linked === undefined ? { when: 'never' } : { when: 'linked', contentType: linked };
}

/** The content type of a file of a built site. Unknown files are downloads: browsers do not render them. */
export function contentTypeOf(path: string): string {
  const extension = extensionOf(path);
  if (extension === 'html') return 'text/html; charset=utf-8';
  // Made by the builder: XML of the repository is never published.
  if (path === 'sitemap.xml') return 'application/xml; charset=utf-8';
  if (path.startsWith(`${RESERVED_FOLDER}/`)) {
    if (extension === 'css') return 'text/css; charset=utf-8';
    if (extension === 'js') return 'text/javascript; charset=utf-8';
  }
  const publication = publicationOf(path);
  return publication.when === 'never' ? 'application/octet-stream' : publication.contentType;
}
