const secrets: readonly (readonly [RegExp, string])[] = [
  // Query parameters that carry a credential, as in the address of an archive.
  [
    /\b(token|access_token|refresh_token|code|code_verifier|client_secret|secret|sig|signature)=[^&\s"'<>]+/gi,
    '$1=[redacted]',
  ],
  // The one-time code of the manifest flow stands in the path.
  [/(\/app-manifests\/)[^/\s"']+/gi, '$1[redacted]'],
  [/\b(bearer|basic|token)\s+[\w.~+/=-]{8,}/gi, '$1 [redacted]'],
  [/\b(gh[a-z]_|github_pat_)\w+/g, '[redacted]'],
  [/\beyJ[\w-]+\.[\w-]+\.[\w-]*/g, '[redacted]'],
  [/-----BEGIN [A-Z ]*PRIVATE KEY-----[\s\S]*?(-----END [A-Z ]*PRIVATE KEY-----|$)/g, '[redacted]'],
  [/(\/\/)[^/@\s]+@/g, '$1[redacted]@'],
];

/** A text without the credentials that it may carry, for messages and logs. */
export function redact(text: string): string {
  return secrets.reduce((clean, [pattern, replacement]) => clean.replace(pattern, replacement), text);
}
