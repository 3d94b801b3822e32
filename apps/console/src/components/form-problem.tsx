import { useEffect, useRef } from 'react';
import type { Violation } from '../api/violations.js';

interface FormProblemProps {
  readonly error: Error | undefined;
  readonly violations: readonly Violation[];
}

/** Shows why a form was rejected, above its fields. Takes the focus. */
export function FormProblem({ error, violations }: FormProblemProps) {
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (error) box.current?.focus();
  }, [error]);
  if (!error) return null;
  // The API's message begins with the field as the API calls it.
  const named = violations.find((violation) => error.message.endsWith(`: ${violation.message}`));
  const title = named?.message ?? error.message;
  const more = violations.filter((violation) => !title.includes(violation.message));
  return (
    <div className="notice notice-bad" role="alert" tabIndex={-1} ref={box}>
      <div className="notice-text">
        <strong>{title}</strong>
        {more.length > 0 && (
          <ul>
            {more.map((violation) => (
              <li key={violation.path + violation.message}>{violation.message}</li>
            ))}
          </ul>
        )}
      </div>
    </div>
  );
}
