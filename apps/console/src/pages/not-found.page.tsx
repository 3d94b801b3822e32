import { Link } from 'react-router';
import { PageHeader } from '../components/page-header.js';

export function NotFoundPage() {
  return (
    <PageHeader title="Page not found">
      This page does not exist. Go to the <Link to="/projects">projects</Link> or the{' '}
      <Link to="/connections">Git providers</Link>.
    </PageHeader>
  );
}
