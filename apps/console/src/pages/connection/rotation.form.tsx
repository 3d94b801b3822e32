import type { ReactNode } from 'react';
import { useState } from 'react';
import type { RotatedCredential } from '@reunite/contracts';
import { faultAt, faultsOf } from '../../api/faults.js';
import { send } from '../../api/client.js';
import type { Path } from '../../api/paths.js';
import { useAction } from '../../api/use-action.js';
import { FormProblem } from '../../components/form-problem.js';
import { Notice } from '../../components/notice.js';

interface InputProps {
  readonly value: string;
  readonly onChange: (value: string) => void;
  readonly fault: string | undefined;
}

interface RotationFormProps {
  readonly title: string;
  readonly path: Path<RotatedCredential>;
  /** Of the request's body. */
  readonly field: string;
  /** What a person reads when it is done, and what is left to do. */
  readonly done: string;
  readonly input: (props: InputProps) => ReactNode;
  /** What to do before. */
  readonly children: ReactNode;
}

/** One credential's replacement, folded away until somebody wants it. */
export function RotationForm({ title, path, field, done, input, children }: RotationFormProps) {
  const [value, setValue] = useState('');
  const rotate = useAction(
    () => send('POST', path, { body: { [field]: value } }),
    () => setValue(''),
  );
  const faults = faultsOf(rotate.error);
  return (
    <details className="rotation">
      <summary>{title}</summary>
      <form
        className="form"
        noValidate
        aria-label={title}
        onSubmit={(event) => {
          event.preventDefault();
          rotate.run(undefined);
        }}
      >
        {children}
        <FormProblem error={rotate.error} faults={faults} />
        {rotate.result !== undefined && <Notice tone="good">{done}</Notice>}
        {input({ value, onChange: setValue, fault: faultAt(faults, field) })}
        <div className="form-actions">
          <button type="submit" className="button" disabled={rotate.pending}>
            {rotate.pending ? 'Replacing…' : 'Replace'}
          </button>
        </div>
      </form>
    </details>
  );
}
