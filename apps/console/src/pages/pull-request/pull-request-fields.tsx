import type { Violation } from '../../api/violations.js';
import { violationAt } from '../../api/violations.js';
import { Field } from '../../components/field.js';

export interface PullRequestDraft {
  readonly title: string;
  readonly body: string;
  readonly baseBranch: string;
}

interface PullRequestFieldsProps {
  readonly draft: PullRequestDraft;
  readonly violations: readonly Violation[];
  readonly onChange: (change: Partial<PullRequestDraft>) => void;
}

const MAX_TITLE = 255;

/** Title, description and base branch of a pull request. */
export function PullRequestFields({ draft, violations, onChange }: PullRequestFieldsProps) {
  const { length } = draft.title.trim();
  const tooLong = length > MAX_TITLE ? `${length} characters; at most ${MAX_TITLE} are allowed.` : undefined;
  return (
    <>
      <Field label="Title" violation={violationAt(violations, 'title') ?? tooLong}>
        {(control) => (
          <input
            {...control}
            value={draft.title}
            onChange={(event) => onChange({ title: event.target.value })}
            required
          />
        )}
      </Field>
      <Field label="Description" hint="Markdown." violation={violationAt(violations, 'body')}>
        {(control) => (
          <textarea
            {...control}
            rows={8}
            value={draft.body}
            onChange={(event) => onChange({ body: event.target.value })}
          />
        )}
      </Field>
      <Field
        label="Merge into"
        hint="The branch to merge the changes into."
        violation={violationAt(violations, 'baseBranch')}
      >
        {(control) => (
          <input
            {...control}
            value={draft.baseBranch}
            onChange={(event) => onChange({ baseBranch: event.target.value })}
            autoCapitalize="none"
            spellCheck={false}
          />
        )}
      </Field>
    </>
  );
}
