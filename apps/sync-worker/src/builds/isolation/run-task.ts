import { readFile } from 'node:fs/promises';
import { openContentStore } from '@reunite/content-store';
import type { ContentStore } from '@reunite/content-store';
import { builtInSiteBuilder } from '@reunite/site-builder';
import type { BuildInput, LfsFile, SourceFile } from '@reunite/site-builder';
import { SiteArchiveWriter } from '@reunite/site-archive';
import { PageCacheFile } from './page-cache-file.js';
import type { BuildTask, FetchedFiles, LintTask, Task, TaskResults } from './tasks.js';

/** Never aborts: the process is killed from outside. */
const { signal } = new AbortController();

let opened: { readonly url: string; readonly store: ContentStore } | undefined;

/**
 * Loads the code of tasks of one kind. Only linters have code to load: Redocly's rules take longer to load than most
 * sites take to build.
 */
export async function preload(kind: string | undefined): Promise<void> {
  if (kind !== 'lint') return;
  const { preloadLinter } = await import('@reunite/site-checks');
  await preloadLinter();
}

/** The connection of a running task with the worker. */
export interface TaskContext {
  readonly log: BuildInput['log'];
  /** One call at a time. */
  readonly fetchLfsFiles: (pointers: readonly string[]) => Promise<FetchedFiles>;
}

/** Runs one task in this process. */
export function runTask(task: Task, context: TaskContext): Promise<TaskResults[Task['kind']]> {
  switch (task.kind) {
    case 'build':
      return build(task, context);
    case 'lint':
      return lint(task);
  }
}

async function build(task: BuildTask, { log, fetchLfsFiles }: TaskContext): Promise<TaskResults['build']> {
  const { title, limits, folder, repository } = task;
  const cache = await PageCacheFile.open(task.cacheFile, task.cacheBytes);
  const site = await SiteArchiveWriter.open(folder);
  const files = filesOf(task);
  const input: BuildInput = {
    title,
    files,
    limits,
    log,
    signal,
    cache,
    reuse: site.reuse,
    readLfsFiles: async (pointers) => lfsFilesOf(await fetchLfsFiles(pointers)),
    ...(repository && { repository }),
  };
  const { pages, bytes, problems, exempt } = await builtInSiteBuilder.build(input, site.write);
  await site.finish();
  // Before the result is sent: the process may be killed right after it.
  await cache.save();
  return { pages, bytes, problems, exempt };
}

function lfsFilesOf(files: FetchedFiles): ReadonlyMap<string, LfsFile> {
  return new Map(
    Object.entries(files).map(([id, file]) => [id, 'path' in file ? { read: () => readFile(file.path) } : file]),
  );
}

async function lint(task: LintTask): Promise<TaskResults['lint']> {
  const { lintSite } = await import('@reunite/site-checks');
  return lintSite({ files: filesOf(task), limits: task.limits });
}

async function* filesOf({ contentUrl, repositoryId, tree }: Task): AsyncGenerator<SourceFile> {
  if (opened?.url !== contentUrl) opened = { url: contentUrl, store: openContentStore(contentUrl) };
  const objects = opened.store.repository(repositoryId);
  for await (const { path, mode, id } of objects.walk(tree)) {
    if (mode === '040000') continue;
    yield { path, mode, id, read: async () => (await objects.read(id)).body };
  }
}
