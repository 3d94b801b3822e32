import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { FileSide } from '@reunite/contracts';
import { queries } from '../../api/queries.js';
import { Commit } from '../../components/commit.js';
import { Loaded } from '../../components/loaded.js';
import { NumberedText } from '../../components/code/numbered-text.js';
import { fileSize } from '../../format/text.js';
import { FileViews } from '../../rendering/file-views.js';
import type { FileView } from '../../rendering/file-views.js';
import { isMarkdown } from '../../rendering/markdown.rules.js';
import { RenderedPage } from '../../rendering/rendered-page.js';

interface BeforeAfterProps {
  readonly projectId: string;
  readonly number: number;
  readonly path: string;
  readonly previousPath: string | null;
}

/** The complete file before and after the change. */
export function BeforeAfter({ projectId, number, path, previousPath }: BeforeAfterProps) {
  const query = { path, previousPath: previousPath ?? undefined };
  const content = useQuery(queries.pullRequestFileContent(projectId, number, query));
  const [view, setView] = useState<FileView>('source');
  return (
    <>
      {isMarkdown(path) && <FileViews view={view} onChange={setView} />}
      <Loaded resource={content} what={path}>
        {({ before, after }) => (
          <div className="sides">
            <Side title="Before" path={previousPath ?? path} side={before} view={view} />
            <Side title="After" path={path} side={after} view={view} />
          </div>
        )}
      </Loaded>
    </>
  );
}

const nothing = {
  absent: 'The file does not exist.',
  'not-synced': 'The content of this side is not synced, e.g. because it is in a fork without previews.',
  submodule: 'Another repository.',
} as const;

interface SideProps {
  readonly title: string;
  readonly path: string;
  readonly side: FileSide;
  readonly view: FileView;
}

/** Partials and images of a side are not read: they may differ between the sides. */
const readNothing = () => Promise.resolve(null);

function Side({ title, path, side: { commit, kind, text, bytes }, view }: SideProps) {
  return (
    <section aria-label={`${title}: ${path}`}>
      <h3>
        {title} <Commit id={commit} /> {bytes !== null && <span className="quiet">{fileSize(bytes)}</span>}
      </h3>
      {kind === 'absent' || kind === 'not-synced' || kind === 'submodule' ? (
        <p className="pane-note">{nothing[kind]}</p>
      ) : text === null ? (
        <p className="pane-note">The file is binary or too large to show.</p>
      ) : view === 'rendered' ? (
        <RenderedPage source={`${title} ${commit}`} path={path} text={text} read={readNothing} />
      ) : (
        <NumberedText label={`${title}: text of ${path}`} text={text} />
      )}
    </section>
  );
}
