import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { Outlet, useParams } from 'react-router';
import type { PullRequestDetail } from '@reunite/contracts';
import { queries } from '../../api/queries.js';
import { useAnnounceChange } from '../../components/announcer.js';
import { BackLink } from '../../components/back-link.js';
import { Badge } from '../../components/badge.js';
import { ExternalLink } from '../../components/external-link.js';
import { Loaded } from '../../components/loaded.js';
import { Notice } from '../../components/notice.js';
import { PageHeader } from '../../components/page-header.js';
import { Tabs } from '../../components/tabs.js';
import { sentence } from '../../format/text.js';
import { pullRequestTones } from '../../format/tone.js';
import type { OpenPullRequest } from './open-pull-request.js';
import { PullRequestActions } from './pull-request-actions.js';

export function PullRequestPage() {
  const { id = '', number = '' } = useParams();
  const project = useQuery(queries.project(id));
  const [head, setHead] = useState<string>();
  const detail = useQuery(
    queries.pullRequest(id, number, {
      ...(project.data && { repositoryId: project.data.repositoryId }),
      ...(head !== undefined && { commit: head }),
    }),
  );
  const { data } = detail;
  if (data && data.pullRequest.headCommit !== head) setHead(data.pullRequest.headCommit);
  useAnnounceChange(data && `Pull request: ${stateOf(data)}. ${data.readiness.reason}`);
  return (
    <Loaded resource={detail} what="the pull request" isPage>
      {(details) => (
        <PullRequestFrame
          key={details.pullRequest.id}
          open={{ projectId: id, detail: details, reload: () => void detail.refetch() }}
        />
      )}
    </Loaded>
  );
}

function stateOf({ pullRequest: { state, draft } }: PullRequestDetail): string {
  return state === 'open' && draft ? 'draft' : state;
}

const readinessTones = { ready: 'good', approved: 'good', merged: 'good', conflict: 'bad' } as const;

function PullRequestFrame({ open }: { readonly open: OpenPullRequest }) {
  const { detail, projectId } = open;
  const { pullRequest: pull, readiness } = detail;
  const here = `/projects/${projectId}/pull-requests/${pull.number}`;
  const tones: Readonly<Record<string, 'good' | 'bad'>> = readinessTones;
  const fails = pull.state === 'open' && detail.checks.some(({ state }) => state === 'failure' || state === 'error');
  const tone = tones[readiness.state] ?? 'info';
  return (
    <>
      <PageHeader
        title={`${pull.title} #${pull.number}`}
        above={<BackLink to={`/projects/${projectId}/pull-requests`}>Pull requests</BackLink>}
        badge={<Badge tone={pullRequestTones[pull.state]}>{stateOf(detail)}</Badge>}
        actions={<ExternalLink href={pull.htmlUrl}>On the server</ExternalLink>}
      >
        {pull.author} wants to merge <span className="branch">{pull.headBranch}</span>{' '}
        {pull.fork && <span className="tag">Fork: {detail.headRepository ?? 'gone'}</span>} into{' '}
        <span className="branch">{pull.baseBranch}</span>
      </PageHeader>
      <Notice tone={tone === 'good' && fails ? 'warn' : tone} title={sentence(readiness.state)}>
        {readiness.reason}
      </Notice>
      {detail.commentProblem !== null && (
        <Notice tone="warn" title="The comment on the pull request is not up to date">
          {detail.commentProblem}
        </Notice>
      )}
      <PullRequestActions open={open} />
      <Tabs
        label="Pull request"
        title={`#${pull.number} ${pull.title}`}
        tabs={[
          { title: 'Overview', to: here },
          { title: `Files (${detail.changedFiles})`, to: `${here}/files` },
          { title: 'Comments', to: `${here}/comments` },
          { title: `Checks (${detail.checks.length})`, to: `${here}/checks` },
        ]}
      >
        <Outlet context={open} />
      </Tabs>
    </>
  );
}
