import { createHash } from 'node:crypto';
import { expect } from '@jest/globals';
import { BuildFailedError } from '../src/build-failed.error.js';
import { defaultBuildLimits, type BuildLimits } from '../src/build-limits.js';
import { buildSite } from '../src/build-site.js';
import type {
  BuildResult,
  FileMode,
  PageCache,
  ReadLfsFiles,
  RepositoryFolder,
  ReuseFile,
  SourceFile,
} from '../src/site-builder.js';

/** Files by path: content, the target of a symbolic link, or a file that must not be read. */
export type Files = Readonly<
  Record<string, string | Buffer | { readonly link: string } | { readonly mode: FileMode } | { readonly size: number }>
>;

export interface Built extends BuildResult {
  readonly site: ReadonlyMap<string, string>;
  readonly types: ReadonlyMap<string, string>;
  readonly log: readonly string[];
}

/** A site that was built before. */
interface EarlierSite {
  readonly reuse: ReuseFile;
  readonly onFile: (path: string, file: { readonly key: string | undefined; readonly bytes: number }) => void;
}

export function sourceFiles(files: Files): SourceFile[] {
  return Object.entries(files).map(([path, content]) => {
    if (typeof content === 'string' || Buffer.isBuffer(content)) {
      const body = Buffer.from(content);
      const id = createHash('sha1').update(body).digest('hex');
      return { path, mode: '100644', size: body.length, id, read: () => Promise.resolve(body) };
    }
    if ('link' in content) {
      const target = Buffer.from(content.link);
      return { path, mode: '120000', size: target.length, read: () => Promise.resolve(target) };
    }
    const read = () => Promise.reject(new Error(`${path} was read`));
    return { path, mode: '100644', read, ...content };
  });
}

export async function build(
  files: Files | SourceFile[],
  limits: Partial<BuildLimits> = {},
  signal = new AbortController().signal,
  cache?: PageCache,
  earlier?: EarlierSite,
  repository?: RepositoryFolder,
  readLfsFiles?: ReadLfsFiles,
): Promise<Built> {
  const site = new Map<string, string>();
  const types = new Map<string, string>();
  const log: string[] = [];
  const result = await buildSite(
    {
      title: 'Acme <Docs>',
      files: Array.isArray(files) ? files : sourceFiles(files),
      limits: { ...defaultBuildLimits, ...limits },
      log: (level, message, at) => void log.push(`${level} ${at?.file ?? ''}:${at?.line ?? ''} ${message}`),
      signal,
      ...(cache && { cache }),
      ...(earlier && { reuse: earlier.reuse }),
      ...(repository && { repository }),
      ...(readLfsFiles && { readLfsFiles }),
    },
    (file) => {
      expect(site.has(file.path)).toBe(false);
      site.set(file.path, file.body.toString());
      earlier?.onFile(file.path, { key: file.key, bytes: Buffer.byteLength(file.body) });
      types.set(file.path, file.contentType);
      return Promise.resolve();
    },
  );
  return { ...result, site, types, log };
}

export async function failureOf(files: Files, limits: Partial<BuildLimits> = {}): Promise<BuildFailedError> {
  const error: unknown = await build(files, limits).then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (error instanceof BuildFailedError) return error;
  throw new Error(`expected BuildFailedError, got ${String(error)}`);
}

/** Problems as `code file:line`. */
export const places = ({ problems }: Pick<BuildResult, 'problems'>) =>
  problems.map(({ code, file, line }) => `${code} ${file ?? ''}:${line ?? ''}`);

/** The content of a page without its frame. */
export const articleOf = ({ site }: Pick<Built, 'site'>, path = 'index.html') =>
  /<article>([^]*)<\/article>/.exec(site.get(path) ?? '')?.[1]?.trim() ?? '';

export const codes = ({ problems }: Pick<BuildResult, 'problems'>) =>
  problems.map(({ code, file }) => `${code} ${file ?? ''}`.trim());
