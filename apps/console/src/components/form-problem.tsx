import { useEffect, useRef } from 'react';
import type { Fault } from '../api/faults.js';

interface FormProblemProps {
  readonly error: Error | undefined;
  readonly faults: readonly Fault[];
}

/** Why a form was refused, above its fields. It takes the focus, so that nobody has to look for it. */
export function FormProblem({ error, faults }: FormProblemProps) {
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (error) box.current?.focus();
  }, [error]);
  if (!error) return null;
  const more = faults.filter((fault) => !error.message.includes(fault.message));
  return (
    <div className="notice notice-bad" role="alert" tabIndex={-1} ref={box}>
      <div className="notice-text">
        <strong>{error.message}</strong>
        {more.length > 0 && (
          <ul>
            {more.map((fault) => (
              <li key={fault.path + fault.message}>{fault.message}</li>
            ))}
          </ul>
        )}
      </div>
    </div>
  );
}
