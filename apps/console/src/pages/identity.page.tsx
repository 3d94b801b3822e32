import { Link, Navigate, useSearchParams } from 'react-router';
import { pageBefore } from '../api/identity-return.js';
import { Notice } from '../components/notice.js';
import { PageHeader } from '../components/page-header.js';

/** Where the API leads a person back to who was at the server to verify their identity: on to where they were, or why not. */
export function IdentityPage() {
  const [search] = useSearchParams();
  const problem = search.get('problem');
  const before = pageBefore(search.get('connection'));
  if (problem === null) return <Navigate to={before} replace />;
  return (
    <>
      <PageHeader title="Your GitHub identity" />
      <Notice
        tone="bad"
        title="Your identity was not verified"
        action={
          <Link className="button" to={before} replace>
            Back
          </Link>
        }
      >
        {search.get('detail') ?? `The server answered “${problem}”.`}
      </Notice>
    </>
  );
}
