/** The longest name on common file systems. */
const MAX_SEGMENT_BYTES = 255;
const MAX_PATH_BYTES = 2000;

/** Returns why `path` cannot be a file of the site, or undefined if it can. */
export function unsafePathReason(path: string): string | undefined {
  if (path === '') return 'its path is empty';
  if (path.startsWith('/')) return 'its path is absolute';
  if (/[\u0000-\u001f\u007f]/.test(path)) return 'its path has control characters';
  if (path.includes('\\')) return 'its path has a backslash';
  if (encodable(path) === undefined) return 'its path is not valid Unicode';
  if (Buffer.byteLength(path) > MAX_PATH_BYTES) return `its path is longer than ${MAX_PATH_BYTES} bytes`;
  for (const segment of path.split('/')) {
    if (segment === '' || segment === '.' || segment === '..') return 'its path has empty or dot segments';
    if (Buffer.byteLength(segment) > MAX_SEGMENT_BYTES) return `its name is longer than ${MAX_SEGMENT_BYTES} bytes`;
  }
  return undefined;
}

/** True for dotfiles, which hold settings and secrets, and for `node_modules`: they are never part of a site. */
export function isHidden(path: string): boolean {
  return path.split('/').some((segment) => segment.startsWith('.') || segment === 'node_modules');
}

export function extensionOf(path: string): string {
  const name = path.slice(path.lastIndexOf('/') + 1);
  const dot = name.lastIndexOf('.');
  return dot > 0 ? name.slice(dot + 1).toLowerCase() : '';
}

/**
 * The folder of a page in the site: `guides/start.md` → `guides/start`, `guides/README.md` and
 * `guides/index.md` → `guides`, `index.md` → the root, ``.
 */
export function pageFolder(path: string): string {
  const withoutExtension = path.replace(/\.[^./]+$/, '');
  return withoutExtension.replace(/(^|\/)(?:readme|index)$/i, '');
}

/** The address of a page in its site; always root-relative and ending in `/`. */
export function pageAddress(folder: string): string {
  return folder === '' ? '/' : `/${encodePath(folder)}/`;
}

export function pageOutputPath(folder: string): string {
  return folder === '' ? 'index.html' : `${folder}/index.html`;
}

/** Percent-encodes each name, so that `?`, `#`, `%` and spaces in file names stay names. */
export function encodePath(path: string): string {
  if (NEEDS_NO_ENCODING.test(path)) return path;
  return path.split('/').map(encodeURIComponent).join('/');
}

const NEEDS_NO_ENCODING = /^[\w./-]*$/;

/** The folders above `path`, the root first. */
export function ancestorsOf(folder: string): string[] {
  if (folder === '') return [];
  const segments = folder.split('/');
  return segments.map((_, depth) => segments.slice(0, depth).join('/'));
}

function encodable(path: string): string | undefined {
  try {
    return encodeURIComponent(path);
  } catch {
    return undefined;
  }
}

/** The folder of the site that only the builder writes to. */
export const RESERVED_FOLDER = '_reunite';

/** True if a file would be in the reserved folder, also on case-insensitive file systems. */
export function isReserved(path: string): boolean {
  const [first = ''] = path.split('/');
  return (
    first
      .replace(/\.[^.]*$/, '')
      .normalize('NFKC')
      .toLowerCase() === RESERVED_FOLDER
  );
}

/** True for files that are included in pages and are not pages themselves. */
export function isPartial(path: string): boolean {
  return path.split('/').slice(0, -1).includes('_partials');
}

const STATIC_PREFIX = 'static/';

/**
 * The path in the site of a file in the folder `static`, which is served from the root; undefined for other files.
 *
 * @see https://redocly.com/docs/realm/content/static-assets
 */
export function staticOutputPath(path: string): string | undefined {
  return path.startsWith(STATIC_PREFIX) ? path.slice(STATIC_PREFIX.length) : undefined;
}
