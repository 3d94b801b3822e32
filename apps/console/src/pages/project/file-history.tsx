import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { FileVersion, Project } from '@reunite/contracts';
import { queries } from '../../api/queries.js';
import { Commit } from '../../components/commit.js';
import { ExternalLink } from '../../components/external-link.js';
import { Loaded } from '../../components/loaded.js';
import { Patch } from '../../components/patch.js';
import { ShowMore } from '../../components/show-more.js';
import { Cell, Table } from '../../components/table.js';
import { TimeAgo } from '../../components/time-ago.js';

interface FileHistoryProps {
  readonly project: Project;
  readonly branch: string;
  readonly file: string;
}

/** The commits that changed a file, and what the chosen one changed. */
export function FileHistory({ project, branch, file }: FileHistoryProps) {
  const versions = useInfiniteQuery(queries.fileVersions(project, branch, file));
  const [shown, setShown] = useState<string>();
  return (
    <Loaded resource={versions} what={`the history of ${file}`}>
      {({ items }) => (
        <div className="file-history">
          <Table caption={`Versions of ${file}`} columns={['Commit', 'Message', 'Author', 'Created', 'Changes']}>
            {items.map((version) => (
              <VersionRow
                key={version.commit}
                version={version}
                isShown={shown === version.commit}
                onShow={() => setShown(version.commit)}
              />
            ))}
          </Table>
          {items.length === 0 && <p className="pane-note">No commit of this branch has changed this file.</p>}
          <ShowMore list={versions} />
          {shown !== undefined && <VersionDiff project={project} query={{ branch, path: file, to: shown }} />}
        </div>
      )}
    </Loaded>
  );
}

interface VersionRowProps {
  readonly version: FileVersion;
  readonly isShown: boolean;
  readonly onShow: () => void;
}

function VersionRow({ version: { commit, message, author, authoredAt, htmlUrl }, isShown, onShow }: VersionRowProps) {
  return (
    <tr>
      <Cell label="Commit">
        {htmlUrl === null ? (
          <Commit id={commit} />
        ) : (
          <ExternalLink href={htmlUrl}>
            <Commit id={commit} />
          </ExternalLink>
        )}
      </Cell>
      <Cell label="Message">{message.split('\n', 1)[0]}</Cell>
      <Cell label="Author">{author}</Cell>
      <Cell label="Created">{authoredAt === null ? '–' : <TimeAgo at={authoredAt} />}</Cell>
      <Cell label="Changes">
        <button type="button" className="button" aria-pressed={isShown} onClick={onShow}>
          Show<span className="visually-hidden"> the changes of {commit.slice(0, 7)}</span>
        </button>
      </Cell>
    </tr>
  );
}

const MISSING = {
  binary: 'The file is binary.',
  'too-large': 'The difference is too large to show.',
  unchanged: 'This commit did not change the text of the file.',
} as const;

interface VersionDiffProps {
  readonly project: Project;
  readonly query: Parameters<typeof queries.fileDiff>[1];
}

function VersionDiff({ project, query }: VersionDiffProps) {
  const diff = useQuery(queries.fileDiff(project, query));
  return (
    <Loaded resource={diff} what="the changes">
      {({ path, patch, patchMissing }) =>
        patch === null ? (
          <p className="pane-note">{MISSING[patchMissing ?? 'unchanged']}</p>
        ) : (
          <Patch path={path} patch={patch} />
        )
      }
    </Loaded>
  );
}
