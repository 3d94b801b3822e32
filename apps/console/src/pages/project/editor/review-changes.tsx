import { useQuery } from '@tanstack/react-query';
import { Suspense } from 'react';
import type { Project } from '@reunite/contracts';
import { queries } from '../../../api/queries.js';
import { CodeDiff } from '../../../components/code/lazy-code.js';
import { Loaded } from '../../../components/loaded.js';
import { changeWord } from './draft.rules.js';
import type { Draft, DraftChange } from './draft.rules.js';
import { inTextarea } from './line-endings.rules.js';
import styles from './review-changes.module.css';

interface ReviewChangesProps {
  readonly project: Project;
  readonly draft: Draft;
}

/** Files whose changes are open at first; more would take long to draw. */
const OPEN = 3;

/** The changes that the commit will contain, file by file. */
export function ReviewChanges({ project, draft: { branch, changes } }: ReviewChangesProps) {
  return (
    <div className={styles.changes} role="group" aria-label="Changes">
      {changes.map((change, index) => (
        <details key={`${change.path} ${String(change.deleted)}`} open={index < OPEN}>
          <summary>
            <code>{change.path}</code> <span className="quiet">{changeWord(change)}</span>
          </summary>
          <FileDiff project={project} branch={branch} change={change} />
        </details>
      ))}
    </div>
  );
}

interface FileDiffProps {
  readonly project: Project;
  readonly branch: string;
  readonly change: DraftChange;
}

function FileDiff({ project, branch, change: { path, from, content, deleted } }: FileDiffProps) {
  const isText = deleted || content?.kind === 'text';
  const original = useQuery(queries.content(project, branch, isText ? from : null));
  if (content !== null && content.kind !== 'text') return <p className="quiet">The file is binary or was uploaded.</p>;
  if (!isText) return <p className="quiet">The text is unchanged.</p>;
  const after = deleted ? '' : inTextarea(content?.text ?? '');
  if (from === null) return <Diff path={path} before="" after={after} />;
  return (
    <Loaded resource={original} what={from}>
      {({ text }) =>
        typeof text === 'string' ? (
          <Diff path={path} before={inTextarea(text)} after={after} />
        ) : (
          <p className="quiet">The file is binary or too large to show.</p>
        )
      }
    </Loaded>
  );
}

function Diff(props: { readonly path: string; readonly before: string; readonly after: string }) {
  return (
    <Suspense fallback={<p className="quiet">Loading the changes…</p>}>
      <CodeDiff {...props} />
    </Suspense>
  );
}
