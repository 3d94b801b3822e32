import { parseArgs } from 'node:util';
import type { BlobStorage } from '@reunite/blob-storage';
import { CorruptObjectError } from '@reunite/content-store';
import type { CollectedContent, ContentStore } from '@reunite/content-store';
import { collectPacks, DamagedFileError, SiteStore } from '@reunite/site-archive';
import type { SiteArchive } from '@reunite/site-archive';

const USAGE = `Usage: npm run store -- (stats | verify [--repair] | gc [--grace-hours HOURS])

stats   Counts the content of repositories and the built sites.
verify  Reads everything that is stored. The exit code is 1 if something is damaged. With --repair, the damaged content of a
        repository is discarded, and synced again with the refs that need it. Damaged sites have to be deployed again.
gc      Removes content that no branch, open pull request or deployment needs, merges small packs, and removes packs of sites that
        nothing names. Each step marks what the next run removes after the grace period (24 hours). Retention does the same.
        A grace period that is shorter than a sync or a build is for the time in which sync-worker does not run.

CONTENT_URL, ARTIFACTS_URL and DATABASE_URL are those of sync-worker.`;

const DEFAULT_GRACE_HOURS = 24;

export interface StoreCommandParts {
  readonly content: ContentStore;
  readonly artifacts: BlobStorage;
  /** Collects a repository, see `RepositoryObjects.collect`. */
  readonly collectContent: (repositoryId: string, graceHours: number) => Promise<CollectedContent>;
  /** Makes the refs of a repository due for a sync. */
  readonly requestSyncs: (repositoryId: string) => Promise<void>;
  readonly write: (line: string) => void;
}

/** @returns the exit code */
export async function storeCommand(args: readonly string[], parts: StoreCommandParts): Promise<number> {
  const options = { repair: { type: 'boolean' }, 'grace-hours': { type: 'string' } } as const;
  const { values, positionals } = parseArgs({ args: [...args], options, allowPositionals: true });
  const hours = Number(values['grace-hours'] ?? DEFAULT_GRACE_HOURS);
  const [command] = positionals;
  if (positionals.length === 1 && command === 'stats') return stats(parts);
  if (positionals.length === 1 && command === 'verify') return verify(parts, values.repair ?? false);
  if (positionals.length === 1 && command === 'gc' && hours >= 0) return collect(parts, hours);
  parts.write(USAGE);
  return 2;
}

async function stats({ content, artifacts, write }: StoreCommandParts): Promise<number> {
  for (const id of await content.repositories()) {
    const { objects, packs, bytes } = await content.repository(id).stats();
    write(`${id}: ${objects} objects in ${packs} packs, ${megabytes(bytes)}`);
  }
  write(`${(await new SiteStore(artifacts).list()).length} deployments with a site`);
  for (const project of await artifacts.folders('packs')) {
    const blobs = await artifacts.list(`packs/${project}`);
    write(`${project}: ${megabytes(blobs.reduce((sum, { bytes }) => sum + bytes, 0))} of sites`);
  }
  return 0;
}

async function verify(parts: StoreCommandParts, repair: boolean): Promise<number> {
  const { content, artifacts, write } = parts;
  let damaged = 0;
  for (const id of await content.repositories()) damaged += await verifyRepository(id, parts, repair);
  const sites = new SiteStore(artifacts);
  for (const id of await sites.list()) {
    const site = await sites.open(id);
    const paths = site ? await damagedFiles(site) : ['.site.json'];
    for (const path of paths) write(`${id}: the file ${path} is damaged`);
    damaged += paths.length;
  }
  write(damaged === 0 ? 'Nothing is damaged.' : `${damaged} damaged.`);
  return damaged === 0 ? 0 : 1;
}

/** @returns the number of damaged objects */
async function verifyRepository(id: string, parts: StoreCommandParts, repair: boolean): Promise<number> {
  const { content, requestSyncs, write } = parts;
  const repository = content.repository(id);
  let damaged: readonly string[];
  try {
    damaged = await repository.verify();
    for (const object of damaged) write(`${id}: object ${object} is damaged`);
    if (!repair || damaged.length === 0) return damaged.length;
    await repository.discard(damaged);
  } catch (error) {
    if (!(error instanceof CorruptObjectError)) throw error;
    write(error.message);
    if (!repair) return 1;
    damaged = [id];
    await content.removeRepository(id);
  }
  await requestSyncs(id);
  write(`${id}: discarded; the next sync of each ref fetches its whole content`);
  return damaged.length;
}

async function damagedFiles(site: SiteArchive): Promise<string[]> {
  const damaged: string[] = [];
  for (const path of site.paths()) {
    const content = await site.read(path).catch((error: unknown) => {
      if (!(error instanceof DamagedFileError)) throw error;
      return null;
    });
    if (content === null) damaged.push(path);
  }
  return damaged;
}

async function collect(
  { content, artifacts, collectContent, write }: StoreCommandParts,
  hours: number,
): Promise<number> {
  let failed = false;
  for (const id of await content.repositories()) {
    try {
      const { marked, removedObjects, mergedPacks, removedPacks, removedBytes } = await collectContent(id, hours);
      const packs = `${mergedPacks} packs merged, ${removedPacks} removed (${megabytes(removedBytes)})`;
      write(`${id}: ${marked} objects marked as unreachable, ${removedObjects} removed; ${packs}`);
    } catch (error) {
      if (!(error instanceof CorruptObjectError)) throw error;
      write(error.message);
      failed = true;
    }
  }
  const before = new Date(Date.now() - hours * 60 * 60 * 1_000);
  const { marked, removed, removedBytes } = await collectPacks(artifacts, before);
  write(`${marked} packs of sites marked as unused, ${removed} removed (${megabytes(removedBytes)})`);
  return failed ? 1 : 0;
}

function megabytes(bytes: number): string {
  return `${(bytes / 1024 ** 2).toFixed(1)} MB`;
}
