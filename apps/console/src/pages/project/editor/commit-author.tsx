import { useQuery } from '@tanstack/react-query';
import { Link } from 'react-router';
import { queries } from '../../../api/queries.js';

/** The author that the server will show for the commit. */
export function CommitAuthor({ connectionId }: { readonly connectionId: string }) {
  const { data: account } = useQuery(queries.account(connectionId));
  if (!account) return null;
  if (account.status === 'active') {
    return (
      <p className="hint">
        You commit as <strong>{account.login}</strong>.
      </p>
    );
  }
  if (account.status === 'unconfirmed') {
    return (
      <p className="hint">
        <Link to={`/connections/${connectionId}`}>Confirm your GitHub identity</Link> before you can commit. Your
        changes are kept.
      </p>
    );
  }
  if (account.status === 'broken') {
    return (
      <p className="hint">
        <Link to={`/connections/${connectionId}`}>Your GitHub identity has to be verified again</Link> before you can
        commit. Your changes are kept.
      </p>
    );
  }
  return (
    <p className="hint">
      The GitHub App is the author; you are the co-author.{' '}
      <Link to={`/connections/${connectionId}`}>Verify your GitHub identity</Link> to commit as yourself. Your changes
      are kept.
    </p>
  );
}
