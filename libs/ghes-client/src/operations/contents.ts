import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import { z } from 'zod';
import type { GhesClient } from '../client.js';
import { GhesMalformedResponseError } from '../errors/malformed-response.error.js';
import { GhesResponseTooLargeError } from '../errors/response-too-large.error.js';
import type { RepositoryName } from './repositories.js';
import { routes } from './routes.js';

const contentEntrySchema = z.looseObject({
  /** `file`, `dir`, `symlink`, `submodule`; in a listing a submodule is called a file. */
  type: z.string(),
  name: z.string(),
  path: z.string(),
  sha: z.string(),
  size: z.number(),
  /** `none` for files over 1 MB, which come without content. */
  encoding: z.string().optional(),
  content: z.string().optional(),
  target: z.string().optional(),
});

/** A file, or an entry of a folder. */
export type ContentEntry = z.output<typeof contentEntrySchema>;

const contentSchema = z.union([z.array(contentEntrySchema), contentEntrySchema]);

/**
 * [Get repository content](https://docs.github.com/enterprise-server@latest/rest/repos/contents#get-repository-content). Follows symlinks inside the repository and lists at most
 * 1,000 entries; for a true picture read trees.
 *
 * @returns a list for a folder
 */
export async function getRepositoryContent(
  client: GhesClient,
  { owner, repo, path, ref }: RepositoryName & { path: string; ref?: string | undefined },
): Promise<ContentEntry | ContentEntry[]> {
  return (await client.request(routes.getRepositoryContent, { owner, repo, path, ref }, contentSchema)).data;
}

const gunzipAsync = promisify<Buffer, { maxOutputLength: number }, Buffer>(gunzip);

/** How large an archive may be. */
export interface ArchiveLimits {
  /** Compressed, as it is sent. Default: the network's limit for packs. */
  maxArchiveBytes?: number | undefined;
  /** Unpacked. Default 1 GiB. */
  maxTarBytes?: number | undefined;
}

/**
 * [Download a repository archive (tar)](https://docs.github.com/enterprise-server@latest/rest/repos/contents#download-a-repository-archive-tar). Symlinks are kept; LFS files are
 * pointers, submodules empty folders, and `export-ignore` leaves files out.
 *
 * @returns the tar file, unpacked, so that a truncated or damaged archive does not get further than here
 * @throws GhesMalformedResponseError, GhesResponseTooLargeError, GhesForeignOriginError if the archive lies on another host
 */
export async function downloadRepositoryArchive(
  client: GhesClient,
  { owner, repo, ref, ...limits }: RepositoryName & { ref: string } & ArchiveLimits,
): Promise<Buffer> {
  const { maxArchiveBytes, maxTarBytes = 1024 ** 3 } = limits;
  const route = routes.downloadRepositoryArchive;
  const archive = await client.download(route, { owner, repo, ref }, { maxResponseBytes: maxArchiveBytes });
  try {
    return await gunzipAsync(archive, { maxOutputLength: maxTarBytes });
  } catch (error) {
    const subject = `The archive of ${owner}/${repo}`;
    if ((error as { code?: unknown }).code === 'ERR_BUFFER_TOO_LARGE') {
      throw new GhesResponseTooLargeError(`${subject} unpacks to more than ${maxTarBytes} bytes.`, maxTarBytes);
    }
    throw new GhesMalformedResponseError(`${subject} is damaged or was cut off.`, 'damaged-archive', { cause: error });
  }
}
