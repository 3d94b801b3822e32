import highlighter from 'highlight.js/lib/common';
import dockerfile from 'highlight.js/lib/languages/dockerfile';
import http from 'highlight.js/lib/languages/http';
import nginx from 'highlight.js/lib/languages/nginx';
import powershell from 'highlight.js/lib/languages/powershell';
import properties from 'highlight.js/lib/languages/properties';
import protobuf from 'highlight.js/lib/languages/protobuf';

const more = { dockerfile, http, nginx, powershell, properties, protobuf };
for (const [name, language] of Object.entries(more)) highlighter.registerLanguage(name, language);

/** In characters. Grammars are regular expressions, some of them quadratic; longer code is data that nobody reads. */
const maxHighlighted = 10_000;
const tooLongLine = /^.{1000}/m;

/** @returns markup, or undefined for code of unknown language or of too great length: it is shown without colours */
export function highlight(code: string, language: string): string | undefined {
  if (code.length > maxHighlighted || tooLongLine.test(code) || highlighter.getLanguage(language) === undefined)
    return undefined;
  return highlighter.highlight(code, { language, ignoreIllegals: true }).value;
}
