/** Longest text that is searched for credentials, in characters. What lies behind is dropped, not copied. */
export const MAX_REDACTED_LENGTH = 4096;

/** Each expression is linear in the length of the text; eslint-plugin-regexp and the attack tests check that. */
const SECRETS: readonly (readonly [RegExp, string])[] = [
  // Query parameters that carry a credential, as in the address of an archive.
  [
    /\b(token|access_token|refresh_token|code|code_verifier|client_secret|secret|sig|signature)=[^&\s"'<>]+/gi,
    '$1=[redacted]',
  ],
  // The manifest flow has its one-time code in the path.
  [/(\/app-manifests\/)[^/\s"']+/gi, '$1[redacted]'],
  [/\b(bearer|basic|token)\s{1,8}[\w.~+/=-]{8,}/gi, '$1 [redacted]'],
  [/\b(?:gh[a-z]_|github_pat_)\w+/g, '[redacted]'],
  [/-----BEGIN [A-Z ]{0,20}PRIVATE KEY-----[\s\S]*?(?:-----END [A-Z ]{0,20}PRIVATE KEY-----|$)/g, '[redacted]'],
  [/(\/\/)[^/@\s]+@/g, '$1[redacted]@'],
];

/**
 * Removes the credentials that a text may contain, for messages and logs. Works on the first
 * {@link MAX_REDACTED_LENGTH} characters: a server chooses how long its texts are.
 */
export function redact(text: string): string {
  const bounded = text.length > MAX_REDACTED_LENGTH ? cut(text) : text;
  return SECRETS.reduce((clean, [pattern, replacement]) => clean.replace(pattern, replacement), redactJwts(bounded));
}

/** Drops the last, possibly incomplete word too: half a token no longer looks like one. */
function cut(text: string): string {
  const start = text.slice(0, MAX_REDACTED_LENGTH);
  return `${start.slice(0, Math.max(start.lastIndexOf(' '), start.lastIndexOf('\n'), 0))}…`;
}

/**
 * An expression for JWTs would begin a match at every `eyJ` and read on from each: quadratic for `-eyJ-eyJ…`. This
 * finds runs of token characters, each once, and looks into them.
 */
function redactJwts(text: string): string {
  return text.replace(/[\w.-]+/g, (run) => {
    const start = run.indexOf('eyJ');
    if (start < 0) return run;
    const isJwt = run.slice(start).split('.', 3).length === 3;
    return isJwt ? `${run.slice(0, start)}[redacted]` : run;
  });
}
