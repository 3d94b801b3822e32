import type { ReactNode } from 'react';
import { useState } from 'react';
import type { RotatedCredential } from '@reunite/contracts';
import { violationAt, violationsOf } from '../../api/violations.js';
import { useAction } from '../../api/use-action.js';
import { FormProblem } from '../../components/form-problem.js';
import { Notice } from '../../components/notice.js';

interface InputProps {
  readonly value: string;
  readonly onChange: (value: string) => void;
  readonly violation: string | undefined;
}

interface RotationFormProps {
  readonly title: string;
  readonly onRotate: (value: string) => Promise<RotatedCredential>;
  /** Name of the field in the request body, for its violation. */
  readonly field: string;
  /** Message after the rotation, with the remaining steps. */
  readonly done: string;
  readonly input: (props: InputProps) => ReactNode;
  /** Instructions. */
  readonly children: ReactNode;
}

/** The form to replace one credential, collapsed by default. */
export function RotationForm({ title, onRotate, field, done, input, children }: RotationFormProps) {
  const [value, setValue] = useState('');
  const rotate = useAction(onRotate, () => setValue(''));
  const violations = violationsOf(rotate.error);
  return (
    <details className="rotation">
      <summary>{title}</summary>
      <form
        className="form"
        noValidate
        aria-label={title}
        onSubmit={(event) => {
          event.preventDefault();
          rotate.run(value);
        }}
      >
        {children}
        <FormProblem error={rotate.error} violations={violations} />
        {rotate.result !== undefined && <Notice tone="good">{done}</Notice>}
        {input({ value, onChange: setValue, violation: violationAt(violations, field) })}
        <div className="form-actions">
          <button type="submit" className="button" disabled={rotate.pending}>
            {rotate.pending ? 'Replacing…' : 'Replace'}
          </button>
        </div>
      </form>
    </details>
  );
}
