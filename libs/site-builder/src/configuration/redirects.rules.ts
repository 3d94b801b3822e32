import { resolveReference } from '../links/links.rules.js';
import type { SiteIndex } from '../links/site-index.js';
import { html } from '../page/html.template.js';
import { isReserved, pageOutputPath, unsafePathReason } from '../source/paths.rules.js';
import { recordOf, textOf } from '../syntax/values.rules.js';
import { CONFIGURATION_FILE } from './site-configuration.js';

/** Further redirects have no effect. */
const MAX_REDIRECTS = 5_000;

/** A page that leads to another address. */
export interface Redirect {
  readonly outputPath: string;
  readonly body: string;
}

/**
 * The redirects of `redocly.yaml`: `redirects: { /old: { to: /new } }`. Targets are pages and files of the site, or
 * addresses with `https:`. Redirects from an address that is taken, and those to nowhere, are left out.
 *
 * @param claim reserves an output path; false if it is taken
 * @see https://redocly.com/docs/realm/config/redirects
 */
export function redirectsOf(
  settings: unknown,
  index: SiteIndex,
  claim: (path: string) => boolean,
  warn: (message: string) => void,
): readonly Redirect[] {
  return Object.entries(recordOf(settings))
    .slice(0, MAX_REDIRECTS)
    .flatMap(([from, value]) => {
      const to = textOf(recordOf(value)['to']) ?? textOf(value);
      const source = resolveReference(from, CONFIGURATION_FILE);
      const folder = source.kind === 'path' ? source.path.replace(/(?:^|\/)index\.html$|\.html$/, '') : undefined;
      const address = to === undefined ? undefined : addressOf(to, index);
      const isPath =
        folder !== undefined && unsafePathReason(pageOutputPath(folder)) === undefined && !isReserved(folder);
      const quoted = JSON.stringify(from.slice(0, 120));
      if (folder === undefined || !isPath || address === undefined) {
        warn(`the redirect from ${quoted} has no valid source, or no target in the site`);
        return [];
      }
      const outputPath = pageOutputPath(folder);
      if (!claim(outputPath)) {
        warn(`the redirect from ${quoted} is left out: a page has this address`);
        return [];
      }
      return [{ outputPath, body: redirectView(address) }];
    });
}

function addressOf(to: string, index: SiteIndex): string | undefined {
  const reference = resolveReference(to, CONFIGURATION_FILE);
  if (reference.kind === 'external') return /^https:/i.test(reference.href) ? reference.href : undefined;
  const target = reference.kind === 'path' ? index.find(reference.path) : undefined;
  return target && reference.kind === 'path' ? target.href + reference.suffix : undefined;
}

function redirectView(address: string): string {
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta http-equiv="Content-Security-Policy" content="default-src 'none'" />
        <meta http-equiv="refresh" content="0; url=${address}" />
        <meta name="robots" content="noindex" />
        <link rel="canonical" href="${address}" />
        <title>Page moved</title>
      </head>
      <body>
        <p>This page has moved: <a href="${address}">${address}</a></p>
      </body>
    </html> `.markup;
}
