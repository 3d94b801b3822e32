import { Link } from 'react-router';
import { paths } from '../../../api/paths.js';
import { useResource } from '../../../api/use-resource.js';

/** Whom the server will show as the author, before anything is committed. */
export function CommitAuthor({ connectionId }: { readonly connectionId: string }) {
  const { data: account } = useResource(paths.account(connectionId), { types: [] });
  if (!account) return null;
  if (account.status === 'active') {
    return (
      <p className="hint">
        You commit as <strong>{account.login}</strong>.
      </p>
    );
  }
  return (
    <p className="hint">
      The app commits, and names you as co-author.{' '}
      <Link to={`/connections/${connectionId}`}>
        {account.status === 'broken' ? 'Your GitHub identity has to be verified again' : 'Verify your GitHub identity'}
      </Link>{' '}
      to commit as yourself; your changes stay here.
    </p>
  );
}
