import { useState } from 'react';
import type { Project } from '@reunite/contracts';
import { violationAt, violationsOf } from '../../api/violations.js';
import { paths } from '../../api/paths.js';
import { useCreate } from '../../api/use-action.js';
import { Field } from '../../components/field.js';
import { FormProblem } from '../../components/form-problem.js';
import { Notice } from '../../components/notice.js';
import { Section } from '../../components/section.js';

/** Creates a branch on the server. */
export function NewBranch({ project, onMade }: { readonly project: Project; readonly onMade: () => void }) {
  const [name, setName] = useState('');
  const [from, setFrom] = useState(project.productionBranch);
  const create = useCreate(paths.createBranch(project.id), () => {
    setName('');
    onMade();
  });
  const violations = violationsOf(create.error);
  return (
    <Section title="New branch">
      <form
        className="form"
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          create.run({ name, from });
        }}
      >
        <FormProblem error={create.error} violations={violations} />
        {create.result && (
          <Notice tone="good">
            <span className="branch">{create.result.name}</span> was created.
          </Notice>
        )}
        <Field label="Branch name" violation={violationAt(violations, 'name')}>
          {(control) => (
            <input {...control} value={name} onChange={(event) => setName(event.target.value)} autoComplete="off" />
          )}
        </Field>
        <Field
          label="From"
          hint="A branch, or a full commit ID (40 digits)."
          violation={violationAt(violations, 'from')}
        >
          {(control) => (
            <input {...control} value={from} onChange={(event) => setFrom(event.target.value)} autoComplete="off" />
          )}
        </Field>
        <div className="form-actions">
          <button type="submit" className="button button-primary" disabled={create.pending}>
            {create.pending ? 'Creating…' : 'Create branch'}
          </button>
        </div>
      </form>
    </Section>
  );
}
