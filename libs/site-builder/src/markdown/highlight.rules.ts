import highlighter from 'highlight.js/lib/common';
import dockerfile from 'highlight.js/lib/languages/dockerfile';
import http from 'highlight.js/lib/languages/http';
import nginx from 'highlight.js/lib/languages/nginx';
import powershell from 'highlight.js/lib/languages/powershell';
import properties from 'highlight.js/lib/languages/properties';
import protobuf from 'highlight.js/lib/languages/protobuf';
import { LRUCache } from 'lru-cache';

const LANGUAGES = { dockerfile, http, nginx, powershell, properties, protobuf };
for (const [name, language] of Object.entries(LANGUAGES)) highlighter.registerLanguage(name, language);

/** In characters. Grammars are regular expressions, some of them quadratic, so longer code is not highlighted. */
const MAX_HIGHLIGHTED = 10_000;
const TOO_LONG_LINE = /^.{1000}/m;

/**
 * Highlighted code by language and text, at most four million characters. Documentation repeats code: the commands of an
 * installation, the same request on several pages.
 */
const HIGHLIGHTED = new LRUCache<string, string>({
  maxSize: 4_000_000,
  sizeCalculation: (markup, key) => markup.length + key.length,
});

/** @returns markup, or undefined if the language is unknown or the code is too long */
export function highlight(code: string, language: string): string | undefined {
  if (code.length > MAX_HIGHLIGHTED) return undefined;
  const key = `${language}\n${code}`;
  const earlier = HIGHLIGHTED.get(key);
  if (earlier !== undefined) return earlier;
  if (TOO_LONG_LINE.test(code) || highlighter.getLanguage(language) === undefined) return undefined;
  const { value } = highlighter.highlight(code, { language, ignoreIllegals: true });
  HIGHLIGHTED.set(key, value);
  return value;
}
