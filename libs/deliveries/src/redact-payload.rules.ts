const SECRET_FIELD = /secret|token|password|private_?key|authorization|^pem$/i;

/**
 * Formats a JSON payload for display, without the values of fields that may be secret: other programs and old servers may
 * sign what GitHub leaves out. Returns a text that is not JSON unchanged.
 */
export function readablePayload(text: string): string {
  try {
    return JSON.stringify(JSON.parse(text, redact), null, 2);
  } catch {
    return text;
  }
}

function redact(key: string, value: unknown): unknown {
  return typeof value === 'string' && value !== '' && SECRET_FIELD.test(key) && !/_url$/.test(key)
    ? '[redacted]'
    : value;
}
