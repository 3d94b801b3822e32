/** Characters with a meaning in GitHub's Markdown. */
const MARKUP = /[\\`*_{}[\]()#+\-.!|<>~&]/g;

const MAX_NAME_LENGTH = 100;

/** Returns the line that names the actor where the app acts, because the server shows only the app. */
function attributionLine(actorName: string): string {
  // Without "@": a mention would notify an unrelated user with the same login.
  const plain = actorName
    .replace(/[\p{Cc}\p{Cs}]/gu, ' ')
    .replaceAll('@', ' at ')
    .replace(/\s+/g, ' ')
    .trim()
    .slice(0, MAX_NAME_LENGTH);
  return `Requested by ${plain.replace(MARKUP, '\\$&')} via Reunite`;
}

/** Appends the attribution line to a text, unless the text has it. */
export function withAttribution(text: string, actorName: string): string {
  const line = attributionLine(actorName);
  if (text.split('\n').some((one) => one.trim() === line)) return text;
  return text.trim() === '' ? line : `${text.trimEnd()}\n\n${line}`;
}
