import { useInfiniteQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { PullRequestFile } from '@reunite/contracts';
import { queries } from '../../api/queries.js';
import { Badge } from '../../components/badge.js';
import { EmptyState } from '../../components/empty-state.js';
import { Loaded } from '../../components/loaded.js';
import { Notice } from '../../components/notice.js';
import { ShowMore } from '../../components/show-more.js';
import { fileTones } from '../../format/tone.js';
import { BeforeAfter } from './before-after.js';
import { unlistedFiles } from './listed-files.rules.js';
import { Patch } from '../../components/patch.js';
import { usePullRequest } from './open-pull-request.js';

/** The changed files of the pull request. Reloaded when its head moves. */
export function FilesTab() {
  const { projectId, detail } = usePullRequest();
  const { number, headCommit, baseBranch } = detail.pullRequest;
  const unlisted = unlistedFiles(detail.changedFiles);
  return (
    <>
      {unlisted !== null && <Notice tone="info">{unlisted}</Notice>}
      <Files key={`${headCommit} ${baseBranch}`} projectId={projectId} number={number} />
    </>
  );
}

function Files({ projectId, number }: { readonly projectId: string; readonly number: number }) {
  const files = useInfiniteQuery(queries.pullRequestFiles(projectId, number));
  return (
    <>
      <Loaded resource={files} what="the changed files">
        {({ items }) =>
          items.length === 0 ? (
            <EmptyState title="No changed files">The branch has no changes compared to its base.</EmptyState>
          ) : (
            <div className="changed-files">
              {items.map((file) => (
                <ChangedFile key={file.path} projectId={projectId} number={number} file={file} />
              ))}
            </div>
          )
        }
      </Loaded>
      <ShowMore list={files} />
    </>
  );
}

const noPatch = {
  binary: 'Binary file.',
  'too-large': 'The change is too large to show.',
  unchanged: 'The content is unchanged.',
} as const;

interface ChangedFileProps {
  readonly projectId: string;
  readonly number: number;
  readonly file: PullRequestFile;
}

function ChangedFile({ projectId, number, file }: ChangedFileProps) {
  const [whole, setWhole] = useState(false);
  const { path, previousPath, status, additions, deletions, patch, patchMissing, inProject } = file;
  return (
    <section className="pane" aria-label={`File ${path}`}>
      <header className="file-head">
        <h2>
          {previousPath !== null && <span className="quiet">{previousPath} → </span>}
          {path}
        </h2>
        <span>
          <Badge tone={fileTones[status]}>{status}</Badge>{' '}
          <span className="quiet">{`+${additions} −${deletions}`}</span>{' '}
          {!inProject && <span className="tag">Outside of the project</span>}{' '}
          <button type="button" className="button button-quiet" aria-pressed={whole} onClick={() => setWhole(!whole)}>
            Before and after
          </button>
        </span>
      </header>
      {whole ? (
        <BeforeAfter projectId={projectId} number={number} path={path} previousPath={previousPath} />
      ) : patch === null ? (
        <p className="pane-note">{noPatch[patchMissing ?? 'unchanged']}</p>
      ) : (
        <Patch path={path} patch={patch} />
      )}
    </section>
  );
}
