import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { PullRequestComment } from '@reunite/contracts';
import { paths } from '../../api/paths.js';
import { queries } from '../../api/queries.js';
import { useCreate } from '../../api/use-action.js';
import { violationsOf } from '../../api/violations.js';
import { ExternalLink } from '../../components/external-link.js';
import { Field } from '../../components/field.js';
import { FormProblem } from '../../components/form-problem.js';
import { Loaded } from '../../components/loaded.js';
import { Section } from '../../components/section.js';
import { TimeAgo } from '../../components/time-ago.js';
import { may, useSession } from '../../shell/session-context.js';
import { usePullRequest } from './open-pull-request.js';

/** The comments on a pull request, and a field for a new one. */
export function CommentsTab() {
  const { projectId, detail } = usePullRequest();
  const { number } = detail.pullRequest;
  const session = useSession();
  const comments = useQuery(queries.pullRequestComments(projectId, number));
  return (
    <Section title="Comments">
      <Loaded resource={comments} what="the comments">
        {({ items, truncated }) => (
          <>
            {truncated && <p className="quiet">Older comments are on the server.</p>}
            {items.length === 0 && <p className="quiet">No comments.</p>}
            <ul className="reviews">
              {items.map((comment) => (
                <CommentItem key={`${comment.kind} ${comment.id}`} comment={comment} />
              ))}
            </ul>
          </>
        )}
      </Loaded>
      {may(session, 'write') && (
        <NewComment projectId={projectId} number={number} onWritten={() => void comments.refetch()} />
      )}
    </Section>
  );
}

function CommentItem({
  comment: { author, body, path, line, createdAt, htmlUrl },
}: {
  readonly comment: PullRequestComment;
}) {
  return (
    <li>
      <strong>{author}</strong> <TimeAgo at={createdAt} /> <ExternalLink href={htmlUrl}>on the server</ExternalLink>
      {path !== null && (
        <>
          {' '}
          <code>{line === null ? path : `${path}:${line}`}</code>
        </>
      )}
      {/* Untrusted text from the server, rendered as text. */}
      <div className="written">{body}</div>
    </li>
  );
}

interface NewCommentProps {
  readonly projectId: string;
  readonly number: number;
  readonly onWritten: () => void;
}

function NewComment({ projectId, number, onWritten }: NewCommentProps) {
  const [body, setBody] = useState('');
  const create = useCreate(paths.pullRequestComments(projectId, number), () => {
    setBody('');
    onWritten();
  });
  const violations = violationsOf(create.error);
  return (
    <form
      className="form"
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        create.run({ body });
      }}
    >
      <FormProblem error={create.error} violations={violations} />
      <Field label="Comment" hint="Markdown. The app writes it with your name if you have not signed in on the server.">
        {(control) => <textarea {...control} rows={4} value={body} onChange={(event) => setBody(event.target.value)} />}
      </Field>
      <div className="form-actions">
        <button type="submit" className="button" disabled={body.trim() === '' || create.pending}>
          {create.pending ? 'Sending…' : 'Comment'}
        </button>
      </div>
    </form>
  );
}
