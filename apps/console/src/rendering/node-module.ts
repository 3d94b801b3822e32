import * as Markdoc from '@markdoc/markdoc';
import sanitizeHtml from 'sanitize-html';
import temml from 'temml';
import * as yaml from 'yaml';

const MODULES: Readonly<Record<string, unknown>> = {
  '@markdoc/markdoc': Markdoc,
  'sanitize-html': sanitizeHtml,
  temml,
  yaml,
};

/** Replaces `node:module` in the browser: the site builder requires these libraries when a page needs them. */
export function createRequire(): (name: string) => unknown {
  return (name) => MODULES[name];
}
