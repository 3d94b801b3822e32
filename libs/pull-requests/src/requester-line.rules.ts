/** What a server that has Markdown would take for more than a name. */
const markup = /[\\`*_{}[\]()#+\-.!|<>~&]/g;

/** The line by which the app says for whom it works, since the server shows only the app. */
export function requesterLine(name: string): string {
  // A mention would tell a stranger of the same login.
  const plain = name
    .replace(/[\p{Cc}\p{Cs}]/gu, ' ')
    .replaceAll('@', ' at ')
    .replace(/\s+/g, ' ')
    .trim()
    .slice(0, 100);
  return `Requested by ${plain.replace(markup, '\\$&')} via Reunite`;
}

/** The text with the line at its end, once. */
export function withRequester(text: string, name: string): string {
  const line = requesterLine(name);
  if (text.split('\n').some((one) => one.trim() === line)) return text;
  return text.trim() === '' ? line : `${text.trimEnd()}\n\n${line}`;
}
