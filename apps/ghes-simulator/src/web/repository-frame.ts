import type { Ghes } from '../ghes.js';
import { fullName } from '../representations/urls.js';
import type { CommitStatus, Repository } from '../state/model.js';
import { html, type Html } from './html.js';

/** The head and tabs of every page of a repository. */
export function repositoryFrame(ghes: Ghes, repository: Repository, body: Html): Html {
  const name = fullName(ghes, repository);
  const open = ghes.store.state.pullRequests.filter(
    (pull) => pull.repositoryId === repository.id && pull.state === 'open',
  ).length;
  return html`<h1>
      <a href="/${name}">${name}</a> <span class="label">${repository.private ? 'Private' : 'Public'}</span>
    </h1>
    <nav class="tabs" aria-label="Repository">
      <a href="/${name}">Files</a><a href="/${name}/commits/${repository.defaultBranch}">Commits</a>
      <a href="/${name}/branches">Branches</a><a href="/${name}/pulls">Pull requests (${open})</a>
    </nav>
    ${body}`;
}

export function statusTable(statuses: readonly CommitStatus[]): Html {
  if (statuses.length === 0) return html`<p class="muted">No statuses.</p>`;
  return html`<table>
    ${statuses.map(
      (status) =>
        html`<tr>
          <td class="${status.state}">${status.state}</td>
          <td>${status.context}</td>
          <td>${status.description}</td>
          <td>${status.targetUrl === null ? '' : html`<a href="${status.targetUrl}">Details</a>`}</td>
        </tr>`,
    )}
  </table>`;
}
