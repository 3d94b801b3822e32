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
  // The API's message begins with the field as the API calls it.
  const named = faults.find((fault) => error.message.endsWith(`: ${fault.message}`));
  const title = named?.message ?? error.message;
  const more = faults.filter((fault) => !title.includes(fault.message));
  return (
    <div className="notice notice-bad" role="alert" tabIndex={-1} ref={box}>
      <div className="notice-text">
        <strong>{title}</strong>
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
