const steps: readonly { readonly unit: Intl.RelativeTimeFormatUnit; readonly seconds: number }[] = [
  { unit: 'year', seconds: 31_536_000 },
  { unit: 'month', seconds: 2_592_000 },
  { unit: 'day', seconds: 86_400 },
  { unit: 'hour', seconds: 3_600 },
  { unit: 'minute', seconds: 60 },
];

const relative = new Intl.RelativeTimeFormat('en', { numeric: 'auto' });

/** `3 minutes ago`; `just now` within a minute, also if the server's clock is up to a minute ahead. */
export function relativeTime(iso: string, now: number): string {
  const seconds = Math.trunc((Date.parse(iso) - now) / 1_000);
  for (const step of steps) {
    if (Math.abs(seconds) >= step.seconds) return relative.format(Math.trunc(seconds / step.seconds), step.unit);
  }
  return 'just now';
}

/** Full date and time in the browser's time zone. */
export function fullTime(iso: string): string {
  return new Date(iso).toLocaleString('en', { dateStyle: 'medium', timeStyle: 'medium' });
}

/** `12:04:07` in the browser's time zone, for log lines. */
export function clockTime(iso: string): string {
  return new Date(iso).toLocaleTimeString('en-GB');
}

/** A duration: `4.2 s`, `2 min 5 s`. */
export function duration(fromIso: string, toIso: string): string {
  const seconds = Math.max(0, (Date.parse(toIso) - Date.parse(fromIso)) / 1_000);
  if (seconds < 60) return `${seconds.toFixed(1)} s`;
  return `${Math.floor(seconds / 60)} min ${Math.floor(seconds % 60)} s`;
}
