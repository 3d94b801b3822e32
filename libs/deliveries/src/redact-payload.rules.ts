const SECRET_FIELD = /secret|token|password|private_?key|authorization|^pem$/i;
/** GitHub's tokens and private keys, wherever they are. */
const SECRET_TEXT = /\b(?:gh[a-z]_|github_pat_)\w{10,}|-----BEGIN [A-Z ]{0,20}PRIVATE KEY-----/;
const REDACTED = '[redacted]';

/**
 * Formats a JSON payload for display, without values that may be secret: other programs and old servers may sign what
 * GitHub leaves out. Returns a text that is not JSON unchanged.
 */
export function readablePayload(text: string): string {
  try {
    return JSON.stringify(JSON.parse(text, redact), null, 2);
  } catch (error) {
    // Nested too deeply to be searched.
    return error instanceof RangeError ? REDACTED : text;
  }
}

function redact(key: string, value: unknown): unknown {
  const isSecret = SECRET_FIELD.test(key) && !/_url$/.test(key);
  return Array.isArray(value) ? value.map((item) => redactText(item, isSecret)) : redactText(value, isSecret);
}

function redactText(value: unknown, isSecret: boolean): unknown {
  return typeof value === 'string' && value !== '' && (isSecret || SECRET_TEXT.test(value)) ? REDACTED : value;
}
