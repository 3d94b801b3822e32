/** Names longer than this cannot be written on the file systems that hold a deployment. */
const maxSegmentBytes = 255;
const maxPathBytes = 2000;

/** Why `path` may not become a file of the site, or undefined if it may. */
export function unsafePathReason(path: string): string | undefined {
  if (path === '') return 'its path is empty';
  if (path.startsWith('/')) return 'its path is absolute';
  if (/[\u0000-\u001f\u007f]/.test(path)) return 'its path has control characters';
  if (path.includes('\\')) return 'its path has a backslash';
  if (encodable(path) === undefined) return 'its path is not valid Unicode';
  if (Buffer.byteLength(path) > maxPathBytes) return `its path is longer than ${maxPathBytes} bytes`;
  for (const segment of path.split('/')) {
    if (segment === '' || segment === '.' || segment === '..') return 'its path has empty or dot segments';
    if (Buffer.byteLength(segment) > maxSegmentBytes) return `its name is longer than ${maxSegmentBytes} bytes`;
  }
  return undefined;
}

/** Dotfiles hold settings and secrets, `node_modules` other people's pages: neither is part of a site. */
export function isHidden(path: string): boolean {
  return path.split('/').some((segment) => segment.startsWith('.') || segment === 'node_modules');
}

export function extensionOf(path: string): string {
  const name = path.slice(path.lastIndexOf('/') + 1);
  const dot = name.lastIndexOf('.');
  return dot > 0 ? name.slice(dot + 1).toLowerCase() : '';
}

/**
 * The folder of the site in which a page lives: `guides/start.md` → `guides/start`, `guides/README.md` and
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
  return path.split('/').map(encodeURIComponent).join('/');
}

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

/** The folder of the site that is the builder's alone. */
export const reservedFolder = '_reunite';

/** Whether a file would come to lie in the reserved folder, also on file systems that do not tell `A` from `a`. */
export function isReserved(path: string): boolean {
  const [first = ''] = path.split('/');
  return (
    first
      .replace(/\.[^.]*$/, '')
      .normalize('NFKC')
      .toLowerCase() === reservedFolder
  );
}

/** Files to be included in pages, not pages of their own. */
export function isPartial(path: string): boolean {
  return path.split('/').slice(0, -1).includes('_partials');
}
