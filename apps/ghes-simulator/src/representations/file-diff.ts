import type { FileDiff } from '../git/diff-files.js';
import type { Ghes } from '../ghes.js';
import type { Repository } from '../state/model.js';
import { apiUrl, encodePath, fullName, htmlUrl } from './urls.js';

/** "Diff entry": a file of a comparison, a commit or a pull request, at the commit `ref`. */
export function fileDiffJson(ghes: Ghes, repository: Repository, ref: string, file: FileDiff) {
  const name = fullName(ghes, repository);
  const path = encodePath(file.path);
  return {
    sha: file.sha,
    filename: file.path,
    status: file.status,
    additions: file.additions,
    deletions: file.deletions,
    changes: file.additions + file.deletions,
    blob_url: htmlUrl(ghes, `/${name}/blob/${ref}/${path}`),
    raw_url: htmlUrl(ghes, `/${name}/raw/${ref}/${path}`),
    contents_url: apiUrl(ghes, `/repos/${name}/contents/${path}?ref=${ref}`),
    ...(file.patch === undefined ? {} : { patch: file.patch }),
    ...(file.previousPath === undefined ? {} : { previous_filename: file.previousPath }),
  };
}
