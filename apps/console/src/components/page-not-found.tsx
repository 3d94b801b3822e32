import type { ReactNode } from 'react';
import { Link } from 'react-router';
import { PageHeader } from './page-header.js';

/** The page of an address that leads nowhere, with the ways on. */
export function PageNotFound({ children }: { readonly children: ReactNode }) {
  return (
    <PageHeader title="Not found">
      {children} Go to the <Link to="/projects">projects</Link> or the <Link to="/connections">Git providers</Link>.
    </PageHeader>
  );
}
