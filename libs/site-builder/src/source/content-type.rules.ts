import { extensionOf, reservedFolder } from './paths.rules.js';

/** Published wherever they are: they are there to be shown on pages. */
const media: Readonly<Record<string, string>> = {
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

/** Published only if a page links to them: a repository holds many such files that are nobody's business. */
const downloads: Readonly<Record<string, string>> = {
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
 * How a file of the repository is published. `never` is everything else: HTML, scripts, style sheets and XML would run
 * or be rendered on the site's origin, and files of unknown kinds are not a site's content.
 */
export type Publication =
  { readonly when: 'always' | 'linked'; readonly contentType: string } | { readonly when: 'never' };

export function publicationOf(path: string): Publication {
  const extension = extensionOf(path);
  const always = Object.hasOwn(media, extension) ? media[extension] : undefined;
  if (always !== undefined) return { when: 'always', contentType: always };
  const linked = Object.hasOwn(downloads, extension) ? downloads[extension] : undefined;
  return linked === undefined ? { when: 'never' } : { when: 'linked', contentType: linked };
}

/** The content type of a file of a built site. What the builder does not write has none that could be rendered. */
export function contentTypeOf(path: string): string {
  const extension = extensionOf(path);
  if (extension === 'html') return 'text/html; charset=utf-8';
  if (path.startsWith(`${reservedFolder}/`)) {
    if (extension === 'css') return 'text/css; charset=utf-8';
    if (extension === 'js') return 'text/javascript; charset=utf-8';
  }
  const publication = publicationOf(path);
  return publication.when === 'never' ? 'application/octet-stream' : publication.contentType;
}
