import { keepPreviousData, useQuery } from '@tanstack/react-query';
import styleSheet from '@reunite/site-builder/site.css?url';
import { classNames } from '../components/class-names.js';
import { useSettled } from '../components/use-settled.js';
import { pageDocument } from './page-document.js';
import { renderPage } from './render-page.js';
import type { ReadFile } from './render-page.js';
import styles from './rendering.module.css';

/** Pause in typing after which the page is rendered again. */
const PAUSE_MS = 300;

interface RenderedPageProps {
  /** Identifies what `read` reads, such as the project, branch and commit. */
  readonly source: string;
  readonly path: string;
  readonly text: string;
  readonly read: ReadFile;
}

/** The page as a build renders it. The document comes from the repository, so it gets a sandbox without any permission. */
export function RenderedPage({ source, path, text, read }: RenderedPageProps) {
  const settled = useSettled(text, PAUSE_MS);
  const { data, error } = useQuery({
    queryKey: ['rendered-page', source, path, settled],
    queryFn: () => renderPage(path, settled, read),
    placeholderData: keepPreviousData,
    gcTime: 0,
    retry: false,
  });
  if (error) return <p className="pane-note">The page cannot be rendered: {error.message}</p>;
  if (data === undefined) return <p className="pane-note">Rendering the page…</p>;
  return (
    <iframe
      className={classNames(styles.frame)}
      title={`Rendered ${path}`}
      sandbox=""
      srcDoc={pageDocument(data, new URL(styleSheet, location.href).href)}
    />
  );
}
