import type { Violation } from '../../api/violations.js';
import { violationAt } from '../../api/violations.js';
import { Field } from '../../components/field.js';
import type { PreviewDraft } from './project-draft.js';

interface PreviewFieldsProps {
  readonly draft: PreviewDraft;
  readonly violations: readonly Violation[];
  readonly onChange: (choice: Partial<PreviewDraft>) => void;
}

const modes = [
  { mode: 'none', text: 'None' },
  { mode: 'all', text: 'All' },
  { mode: 'patterns', text: 'Chosen' },
] as const;

/** The fields of the preview policy. */
export function PreviewFields({ draft, violations, onChange }: PreviewFieldsProps) {
  return (
    <>
      <PullRequestPreviews draft={draft} onChange={onChange} />
      <BranchPreviews draft={draft} onChange={onChange} violation={violationAt(violations, 'branchPreviews')} />
      <PreviewChecks draft={draft} onChange={onChange} />
    </>
  );
}

function PullRequestPreviews({ draft, onChange }: Omit<PreviewFieldsProps, 'violations'>) {
  return (
    <fieldset>
      <legend>Pull request previews</legend>
      <label className="choice">
        <input
          type="checkbox"
          checked={draft.pullRequestPreviews}
          onChange={(event) => onChange({ pullRequestPreviews: event.target.checked })}
        />
        Preview every pull request
      </label>
      <label className="choice">
        <input
          type="checkbox"
          checked={draft.pullRequestPreviews && draft.forkPreviews}
          disabled={!draft.pullRequestPreviews}
          onChange={(event) => onChange({ forkPreviews: event.target.checked })}
        />
        Include pull requests from forks
      </label>
      <label className="choice">
        <input
          type="checkbox"
          checked={draft.pullRequestComments}
          onChange={(event) => onChange({ pullRequestComments: event.target.checked })}
        />
        Keep a comment with the results on every pull request
      </label>
      {draft.pullRequestPreviews && draft.forkPreviews && (
        <p className="hint warning">Anyone who can fork the repository can then publish pages as a preview.</p>
      )}
    </fieldset>
  );
}

function PreviewChecks({ draft, onChange }: Omit<PreviewFieldsProps, 'violations'>) {
  return (
    <fieldset>
      <legend>Checks of previews</legend>
      <label className="choice">
        <input
          type="checkbox"
          checked={draft.previewChecks === 'new'}
          onChange={(event) => onChange({ previewChecks: event.target.checked ? 'new' : 'all' })}
        />
        Fail only for errors that production does not have
      </label>
      <p className="hint">For pull requests and branches.</p>
    </fieldset>
  );
}

interface BranchPreviewsProps extends Omit<PreviewFieldsProps, 'violations'> {
  readonly violation: string | undefined;
}

function BranchPreviews({ draft, violation, onChange }: BranchPreviewsProps) {
  return (
    <fieldset>
      <legend>Branch previews</legend>
      <div className="choices">
        {modes.map(({ mode, text }) => (
          <label className="choice" key={mode}>
            <input
              type="radio"
              name="branch-previews"
              checked={draft.branchPreviews === mode}
              onChange={() => onChange({ branchPreviews: mode })}
            />
            {text}
          </label>
        ))}
      </div>
      {draft.branchPreviews === 'patterns' && (
        <Field label="Patterns" hint="Separated by commas, e.g. release/*, next" violation={violation}>
          {(control) => (
            <input
              {...control}
              value={draft.patterns}
              onChange={(event) => onChange({ patterns: event.target.value })}
              autoCapitalize="none"
              spellCheck={false}
            />
          )}
        </Field>
      )}
    </fieldset>
  );
}
