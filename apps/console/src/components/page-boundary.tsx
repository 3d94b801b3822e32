import { Component, Suspense } from 'react';
import type { ReactNode } from 'react';
import { Loading } from './loading.js';
import { Notice } from './notice.js';

interface PageBoundaryProps {
  readonly children: ReactNode;
}

interface PageBoundaryState {
  readonly error: Error | null;
}

/**
 * Shows that a page is loading or could not be displayed. After an update of the console, the files of its former
 * version are gone, and a page that was not opened before can no longer be loaded.
 */
export class PageBoundary extends Component<PageBoundaryProps, PageBoundaryState> {
  override state: PageBoundaryState = { error: null };

  static getDerivedStateFromError(error: unknown): PageBoundaryState {
    return { error: error instanceof Error ? error : new Error(String(error)) };
  }

  override render(): ReactNode {
    if (this.state.error === null) return <Suspense fallback={<Loading />}>{this.props.children}</Suspense>;
    const reload = (
      <button type="button" className="button" onClick={() => window.location.reload()}>
        Reload
      </button>
    );
    return (
      <Notice tone="bad" title="The page could not be displayed" action={reload}>
        The console may have been updated. Reload the page; if this happens again, contact your administrator.
      </Notice>
    );
  }
}
