import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useNavigate, useParams, useSearchParams } from 'react-router';
import type { Branch, Project } from '@reunite/contracts';
import { queries } from '../../api/queries.js';
import type { Violation } from '../../api/violations.js';
import { violationAt, violationsOf } from '../../api/violations.js';
import { paths } from '../../api/paths.js';
import { useCreate } from '../../api/use-action.js';
import { BackLink } from '../../components/back-link.js';
import { FormProblem } from '../../components/form-problem.js';
import { Loaded } from '../../components/loaded.js';
import { PageHeader } from '../../components/page-header.js';
import { SelectField } from '../projects/select-field.js';
import { PullRequestFields } from './pull-request-fields.js';

export function NewPullRequestPage() {
  const { id = '' } = useParams();
  const project = useQuery(queries.project(id));
  const branches = useQuery(queries.repositoryBranches(project.data?.repositoryId));
  return (
    <>
      <PageHeader
        title="New pull request"
        above={<BackLink to={`/projects/${id}/pull-requests`}>Pull requests</BackLink>}
      />
      <Loaded resource={project} what="the project">
        {(project) => (
          <Loaded resource={branches} what="the branches">
            {({ items }) => <NewPullRequestForm project={project} branches={items} />}
          </Loaded>
        )}
      </Loaded>
    </>
  );
}

interface FormProps {
  readonly project: Project;
  readonly branches: readonly Branch[];
}

function NewPullRequestForm({ project, branches }: FormProps) {
  const [search] = useSearchParams();
  const navigate = useNavigate();
  const [draft, setDraft] = useState({ title: '', body: '', baseBranch: project.productionBranch });
  const [wantedBranch, setWantedBranch] = useState(search.get('branch') ?? '');
  const [isDraft, setIsDraft] = useState(true);
  const [missing, setMissing] = useState<readonly Violation[]>([]);
  const create = useCreate(
    paths.createPullRequest(project.id),
    ({ number }) => void navigate(`/projects/${project.id}/pull-requests/${number}`),
  );
  const names = branches.map(({ name }) => name).filter((name) => name !== draft.baseBranch);
  // The address may name a deleted branch: only a branch of the list is submitted.
  const headBranch = names.includes(wantedBranch) ? wantedBranch : '';
  const violations = missing.length > 0 ? missing : violationsOf(create.error);
  const submit = () => {
    const open = headBranch === '' ? [{ path: 'headBranch', message: 'Choose the branch with the changes.' }] : [];
    setMissing(open);
    if (open.length === 0) create.run({ ...draft, headBranch, draft: isDraft });
  };
  return (
    <form
      className="card form"
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        submit();
      }}
    >
      <FormProblem error={missing.length > 0 ? undefined : create.error} violations={violations} />
      <SelectField
        label="Branch"
        hint="The branch with the changes."
        violation={violationAt(violations, 'headBranch')}
        value={headBranch}
        placeholder={names.length === 0 ? 'No other branches' : 'Choose…'}
        options={names.map((name) => ({ value: name, text: name }))}
        onChange={setWantedBranch}
      />
      <PullRequestFields
        draft={draft}
        violations={violations}
        onChange={(change) => setDraft({ ...draft, ...change })}
      />
      <label className="choice">
        <input type="checkbox" checked={isDraft} onChange={(event) => setIsDraft(event.target.checked)} />
        Create as draft
      </label>
      <div className="form-actions">
        <button type="submit" className="button button-primary" disabled={create.pending}>
          {create.pending ? 'Opening…' : 'Open pull request'}
        </button>
      </div>
    </form>
  );
}
