import type { Content, Project } from '@reunite/contracts';
import { paths } from '../../api/paths.js';
import { useResource } from '../../api/use-resource.js';
import { Commit } from '../../components/commit.js';
import { Loaded } from '../../components/loaded.js';
import { lineNumbers } from '../../format/content.js';
import { fileSize } from '../../format/text.js';

interface FilePaneProps {
  readonly project: Project;
  readonly branch: string;
  readonly file: string;
}

/** One file as text. */
export function FilePane({ project, branch, file }: FilePaneProps) {
  const content = useResource(paths.content(project.id, { branch, path: file }), {
    types: ['ref', 'project'],
    projectId: project.id,
    repositoryId: project.repositoryId,
  });
  return (
    <section className="pane pane-file" aria-label={`File ${file}`}>
      <Loaded resource={content} what={file}>
        {(found) => (
          <>
            <header className="file-head">
              <h2>{file.split('/').at(-1)}</h2>
              <span className="quiet">
                {found.bytes !== undefined && `${fileSize(found.bytes)} · `}
                <Commit id={found.commit} />
              </span>
            </header>
            <FileText content={found} />
          </>
        )}
      </Loaded>
    </section>
  );
}

function FileText({ content: { kind, text, path } }: { readonly content: Content }) {
  if (kind === 'folder') return <p className="pane-note">This is a folder; open it on the left.</p>;
  if (text === null || text === undefined)
    return <p className="pane-note">Not shown: the file is binary or too large.</p>;
  if (kind === 'symlink') {
    return (
      <p className="pane-note">
        A link to <code>{text}</code>. Links are not followed.
      </p>
    );
  }
  return (
    <div className="code" tabIndex={0} role="region" aria-label={`Text of ${path}`}>
      <pre className="code-lines" aria-hidden="true">
        {lineNumbers(text)}
      </pre>
      <pre className="code-text">
        <code>{text}</code>
      </pre>
    </div>
  );
}
