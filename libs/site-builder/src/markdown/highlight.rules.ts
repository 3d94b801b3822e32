import highlighter from 'highlight.js/lib/common';
import dockerfile from 'highlight.js/lib/languages/dockerfile';
import http from 'highlight.js/lib/languages/http';
import nginx from 'highlight.js/lib/languages/nginx';
import powershell from 'highlight.js/lib/languages/powershell';
import properties from 'highlight.js/lib/languages/properties';
import protobuf from 'highlight.js/lib/languages/protobuf';

const LANGUAGES = { dockerfile, http, nginx, powershell, properties, protobuf };
for (const [name, language] of Object.entries(LANGUAGES)) highlighter.registerLanguage(name, language);

/** In characters. Grammars are regular expressions, some of them quadratic, so longer code is not highlighted. */
const MAX_HIGHLIGHTED = 10_000;
const TOO_LONG_LINE = /^.{1000}/m;

/** @returns markup, or undefined if the language is unknown or the code is too long */
export function highlight(code: string, language: string): string | undefined {
  if (code.length > MAX_HIGHLIGHTED || TOO_LONG_LINE.test(code) || highlighter.getLanguage(language) === undefined)
    return undefined;
  return highlighter.highlight(code, { language, ignoreIllegals: true }).value;
}
