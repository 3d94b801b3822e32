import { nameToEmoji } from 'gemoji';

const EMOJIS: ReadonlyMap<string, string> = new Map(Object.entries(nameToEmoji));
/** Longer than every name. */
const SHORTCODE = /:([a-z0-9_+-]{1,60}):/g;

/** Replaces GitHub's shortcodes with emojis: `:rocket:` → 🚀. Other text between colons is kept. */
export function withEmojis(text: string): string {
  return text.includes(':') ? replaceShortcodes(text) : text;
}

/** One code after the other, since `:a:rocket:` shares a colon. */
function replaceShortcodes(text: string): string {
  const parts: string[] = [];
  let written = 0;
  SHORTCODE.lastIndex = 0;
  for (let match = SHORTCODE.exec(text); match; match = SHORTCODE.exec(text)) {
    const emoji = EMOJIS.get(match[1] ?? '');
    if (emoji === undefined) SHORTCODE.lastIndex -= 1;
    else {
      parts.push(text.slice(written, match.index), emoji);
      written = SHORTCODE.lastIndex;
    }
  }
  return parts.join('') + text.slice(written);
}
