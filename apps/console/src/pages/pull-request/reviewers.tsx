import { useState } from 'react';
import type { RequestedReviewers } from '@reunite/contracts';
import { send } from '../../api/client.js';
import { paths } from '../../api/paths.js';
import { useAction } from '../../api/use-action.js';
import { violationsOf } from '../../api/violations.js';
import { Field } from '../../components/field.js';
import { FormProblem } from '../../components/form-problem.js';
import { may, useSession } from '../../shell/session-context.js';
import type { OpenPullRequest } from './open-pull-request.js';

/** The requested reviewers, with a field to request one more and buttons to remove them. */
export function Reviewers({ open: { projectId, detail, reload } }: { readonly open: OpenPullRequest }) {
  const { requestedReviewers: requested, pullRequest: pull } = detail;
  const session = useSession();
  const [login, setLogin] = useState('');
  const change = useAction(
    (body: RequestedReviewers) => send('put', paths.requestedReviewers(projectId, pull.number), { body }),
    () => {
      setLogin('');
      reload();
    },
  );
  const mayChange = may(session, 'write') && pull.state === 'open';
  const without = (name: string): RequestedReviewers => ({
    users: requested.users.filter((one) => one !== name),
    teams: requested.teams.filter((one) => one !== name),
  });
  return (
    <>
      {requested.users.length + requested.teams.length === 0 && <p className="quiet">No reviewer is requested.</p>}
      <ul className="reviews">
        {[...requested.users, ...requested.teams].map((name) => (
          <li key={name}>
            <strong>{name}</strong> requested{' '}
            {mayChange && (
              <button
                type="button"
                className="button"
                disabled={change.pending}
                onClick={() => change.run(without(name))}
              >
                Remove<span className="visually-hidden"> {name}</span>
              </button>
            )}
          </li>
        ))}
      </ul>
      {mayChange && (
        <form
          className="form"
          noValidate
          onSubmit={(event) => {
            event.preventDefault();
            change.run({ ...requested, users: [...requested.users, login.trim()] });
          }}
        >
          <FormProblem error={change.error} violations={violationsOf(change.error)} />
          <Field label="Reviewer" hint="Login on the server">
            {(control) => <input {...control} value={login} onChange={(event) => setLogin(event.target.value)} />}
          </Field>
          <div className="form-actions">
            <button type="submit" className="button" disabled={login.trim() === '' || change.pending}>
              Request a review
            </button>
          </div>
        </form>
      )}
    </>
  );
}
