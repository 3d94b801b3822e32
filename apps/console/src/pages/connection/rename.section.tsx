import { useState } from 'react';
import type { Connection, UpdateConnection } from '@reunite/contracts';
import { send } from '../../api/client.js';
import { paths } from '../../api/paths.js';
import { useAction } from '../../api/use-action.js';
import { violationAt, violationsOf } from '../../api/violations.js';
import { Field } from '../../components/field.js';
import { FormProblem } from '../../components/form-problem.js';
import { Section } from '../../components/section.js';

/** Renames the provider. */
export function RenameSection({ connection }: { readonly connection: Connection }) {
  const [name, setName] = useState(connection.name);
  const rename = useAction((change: UpdateConnection) =>
    send('patch', paths.connection(connection.id), { body: change }),
  );
  const violations = violationsOf(rename.error);
  return (
    <Section title="Name">
      <form
        className="form"
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          rename.run({ name });
        }}
      >
        <FormProblem error={rename.error} violations={violations} />
        <Field
          label="Provider name"
          hint="Shown in Reunite only. The GitHub App and its webhooks stay as they are."
          violation={violationAt(violations, 'name')}
        >
          {(control) => <input {...control} value={name} onChange={(event) => setName(event.target.value)} required />}
        </Field>
        <button type="submit" className="button" disabled={rename.pending || name.trim() === connection.name}>
          Rename
        </button>
      </form>
    </Section>
  );
}
