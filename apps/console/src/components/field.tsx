import type { ReactNode } from 'react';
import { useId } from 'react';

/** Attributes that link a control to its hint and its error message. */
interface ControlProps {
  readonly id: string;
  readonly 'aria-describedby': string | undefined;
  readonly 'aria-invalid': true | undefined;
}

interface FieldProps {
  readonly label: string;
  readonly hint?: ReactNode;
  readonly violation?: string | undefined;
  readonly children: (control: ControlProps) => ReactNode;
}

/** A labelled control. The label is its whole name; hint and violation are its description. */
export function Field({ label, hint, violation, children }: FieldProps) {
  const id = useId();
  const described = [hint !== undefined && `${id}-hint`, violation !== undefined && `${id}-violation`].filter(Boolean);
  return (
    <div className={violation === undefined ? 'field' : 'field field-wrong'}>
      <label htmlFor={id}>{label}</label>
      {hint !== undefined && (
        <p className="hint" id={`${id}-hint`}>
          {hint}
        </p>
      )}
      {children({
        id,
        'aria-describedby': described.join(' ') || undefined,
        'aria-invalid': violation === undefined ? undefined : true,
      })}
      {violation !== undefined && (
        <p className="violation" id={`${id}-violation`}>
          {violation}
        </p>
      )}
    </div>
  );
}
