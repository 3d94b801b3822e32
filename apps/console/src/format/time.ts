const steps: readonly { readonly unit: Intl.RelativeTimeFormatUnit; readonly seconds: number }[] = [
  { unit: 'year', seconds: 31_536_000 },
  { unit: 'month', seconds: 2_592_000 },
  { unit: 'day', seconds: 86_400 },
  { unit: 'hour', seconds: 3_600 },
  { unit: 'minute', seconds: 60 },
];

const relative = new Intl.RelativeTimeFormat('en', { numeric: 'auto' });

/** `3 minutes ago`. Within a minute it is `just now`, also when the server's clock runs a little ahead. */
export function relativeTime(iso: string, now: number): string {
  const seconds = Math.trunc((Date.parse(iso) - now) / 1_000);
  for (const step of steps) {
    if (Math.abs(seconds) >= step.seconds) return relative.format(Math.trunc(seconds / step.seconds), step.unit);
  }
  return 'just now';
}

/** The whole date and time in the reader's own zone. */
export function fullTime(iso: string): string {
  return new Date(iso).toLocaleString('en', { dateStyle: 'medium', timeStyle: 'medium' });
}

/** `12:04:07` in the reader's own zone, for the lines of a log. */
export function clockTime(iso: string): string {
  return new Date(iso).toLocaleTimeString('en-GB');
}

/** `4.2 s`, `2 min 5 s`: how long something took. */
export function duration(fromIso: string, toIso: string): string {
  const seconds = Math.max(0, (Date.parse(toIso) - Date.parse(fromIso)) / 1_000);
  if (seconds < 60) return `${seconds.toFixed(1)} s`;
  return `${Math.floor(seconds / 60)} min ${Math.floor(seconds % 60)} s`;
}
