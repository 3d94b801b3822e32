import { useState } from 'react';
import type { Content } from '@reunite/contracts';
import { classNames } from '../../components/class-names.js';
import { NumberedText } from '../../components/code/numbered-text.js';
import { FileViews } from '../../rendering/file-views.js';
import type { FileView } from '../../rendering/file-views.js';
import { isMarkdown } from '../../rendering/markdown.rules.js';
import { RenderedPage } from '../../rendering/rendered-page.js';
import styles from '../../rendering/rendering.module.css';
import type { Changes } from './editor/draft.rules.js';
import { FileEditor } from './editor/file-editor.js';
import { imageOf, pageFiles } from './page-files.js';

interface PageSource {
  readonly projectId: string;
  readonly branch: string;
  readonly changes: Changes;
}

interface SyncedFileProps extends PageSource {
  readonly content: Content;
}

/** A file of the branch: a page or an image is rendered, everything else is shown as text. */
export function SyncedFile({ content, ...source }: SyncedFileProps) {
  const [view, setView] = useState<FileView>('rendered');
  const { kind, path, text } = content;
  const isText = typeof text === 'string';
  const image = kind === 'file' ? imageOf(content) : null;
  if (image !== null && !isText) return <Image path={path} address={image} />;
  if (kind !== 'file' || !isText || (image === null && !isMarkdown(path))) return <FileText content={content} />;
  return (
    <>
      <FileViews view={view} onChange={setView} />
      {view === 'source' ? (
        <FileText content={content} />
      ) : image === null ? (
        <Page {...source} path={path} text={text} />
      ) : (
        <Image path={path} address={image} />
      )}
    </>
  );
}

interface EditedFileProps extends PageSource {
  readonly path: string;
  readonly text: string;
  readonly autoFocus: boolean;
  readonly onChange: (text: string) => void;
}

/** The editor of a text, with the rendered page beside it. */
export function EditedFile({ path, text, autoFocus, onChange, ...source }: EditedFileProps) {
  const editor = <FileEditor path={path} text={text} autoFocus={autoFocus} onChange={onChange} />;
  if (!isMarkdown(path)) return editor;
  return (
    <div className={classNames(styles.beside)}>
      {editor}
      <Page {...source} path={path} text={text} />
    </div>
  );
}

function Page({
  projectId,
  branch,
  changes,
  path,
  text,
}: PageSource & { readonly path: string; readonly text: string }) {
  return (
    <RenderedPage
      source={`${projectId} ${branch}`}
      path={path}
      text={text}
      read={pageFiles(projectId, branch, changes)}
    />
  );
}

function Image({ path, address }: { readonly path: string; readonly address: string }) {
  return <img className={classNames(styles.image)} src={address} alt={`Content of ${path}`} />;
}

function FileText({ content: { kind, text, path } }: { readonly content: Content }) {
  if (kind === 'folder') return <p className="pane-note">This is a folder. Open it on the left.</p>;
  if (text === null || text === undefined) return <p className="pane-note">The file is binary or too large to show.</p>;
  if (kind === 'symlink') {
    return (
      <p className="pane-note">
        A link to <code>{text}</code>. Links are not followed.
      </p>
    );
  }
  return <NumberedText label={`Text of ${path}`} text={text} />;
}
