import { useEffect, useState } from 'react';
import { fullTime, relativeTime } from '../format/time.js';

const REDRAW_MS = 30_000;

/** A relative time with the exact time as its title. */
export function TimeAgo({ at }: { readonly at: string }) {
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), REDRAW_MS);
    return () => clearInterval(timer);
  }, []);
  return (
    <time dateTime={at} title={fullTime(at)}>
      {relativeTime(at, Math.max(now, Date.now()))}
    </time>
  );
}
