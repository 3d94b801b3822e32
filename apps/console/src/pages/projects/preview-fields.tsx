import type { Fault } from '../../api/faults.js';
import { faultAt } from '../../api/faults.js';
import { Field } from '../../components/field.js';
import type { PreviewDraft } from './project-draft.js';

interface PreviewFieldsProps {
  readonly draft: PreviewDraft;
  readonly faults: readonly Fault[];
  readonly onChange: (choice: Partial<PreviewDraft>) => void;
}

const modes = [
  { mode: 'none', text: 'None' },
  { mode: 'all', text: 'All' },
  { mode: 'patterns', text: 'Chosen' },
] as const;

/** What is previewed besides production. */
export function PreviewFields({ draft, faults, onChange }: PreviewFieldsProps) {
  return (
    <>
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
          Also those from forks
        </label>
        {draft.pullRequestPreviews && draft.forkPreviews && (
          <p className="hint warning">Anybody who may fork the repository can then publish pages as a preview.</p>
        )}
      </fieldset>
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
          <Field
            label="Patterns"
            hint="Separated by commas, e.g. release/*, next"
            fault={faultAt(faults, 'branchPreviews')}
          >
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
    </>
  );
}
