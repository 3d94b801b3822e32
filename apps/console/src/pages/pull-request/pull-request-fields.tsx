import type { Fault } from '../../api/faults.js';
import { faultAt } from '../../api/faults.js';
import { Field } from '../../components/field.js';

export interface PullRequestDraft {
  readonly title: string;
  readonly body: string;
  readonly baseBranch: string;
}

interface PullRequestFieldsProps {
  readonly draft: PullRequestDraft;
  readonly faults: readonly Fault[];
  readonly onChange: (change: Partial<PullRequestDraft>) => void;
}

const MAX_TITLE = 255;

/** What is said of a pull request, and where it goes. */
export function PullRequestFields({ draft, faults, onChange }: PullRequestFieldsProps) {
  const { length } = draft.title.trim();
  const tooLong = length > MAX_TITLE ? `${length} characters; at most ${MAX_TITLE} are allowed.` : undefined;
  return (
    <>
      <Field label="Title" fault={faultAt(faults, 'title') ?? tooLong}>
        {(control) => (
          <input
            {...control}
            value={draft.title}
            onChange={(event) => onChange({ title: event.target.value })}
            required
          />
        )}
      </Field>
      <Field label="Description" hint="Markdown." fault={faultAt(faults, 'body')}>
        {(control) => (
          <textarea
            {...control}
            rows={8}
            value={draft.body}
            onChange={(event) => onChange({ body: event.target.value })}
          />
        )}
      </Field>
      <Field label="Merge into" hint="The branch that takes the changes." fault={faultAt(faults, 'baseBranch')}>
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
