import { useEffect, useState } from 'react';

const SLOW_MS = 5_000;

/** A loading text; after five seconds it adds that loading takes longer than usual. */
export function Loading({ what }: { readonly what?: string }) {
  const [isSlow, setIsSlow] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setIsSlow(true), SLOW_MS);
    return () => clearTimeout(timer);
  }, []);
  return (
    <p className="loading" role="status">
      Loading{what === undefined ? '' : ` ${what}`}…{isSlow && ' This takes longer than usual.'}
    </p>
  );
}
