import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';
import { reservedFolder } from '../source/paths.rules.js';

const require = createRequire(import.meta.url);

/** A file of the builder's own that pages use. */
export interface SiteAsset {
  readonly path: string;
  readonly body: string;
  /** For `integrity` attributes and content security policies. */
  readonly hash: string;
}

/** Redoc's mark is the one thing that it would fetch from elsewhere. */
const outsideImage = /https:\/\/cdn\.redoc\.ly\/redoc\/logo-mini\.svg/g;

const files = {
  style: { name: 'site.css', read: () => own('site.css') },
  script: { name: 'site.js', read: () => own('site.js') },
  search: { name: 'minisearch.js', read: () => alone(beside(require.resolve('minisearch'), '../umd/index.js')) },
  reference: { name: 'reference.js', read: () => own('reference.js') },
  redoc: {
    name: 'redoc.js',
    read: () => alone(beside(require.resolve('redoc'), 'redoc.standalone.js').replace(outsideImage, 'data:,')),
  },
};

export type SiteAssetName = keyof typeof files;

const loaded = new Map<SiteAssetName, SiteAsset>();

/** Read when it is first needed: Redoc is a megabyte. */
export function siteAsset(name: SiteAssetName): SiteAsset {
  const known = loaded.get(name);
  if (known) return known;
  const body = files[name].read();
  const hash = `sha256-${createHash('sha256').update(body).digest('base64')}`;
  const asset = { path: `${reservedFolder}/${files[name].name}`, body, hash };
  loaded.set(name, asset);
  return asset;
}

/**
 * A bundle that is made for browsers, Node and loaders alike, told that it is in a browser: to its script, a heading
 * `exports` and one `module` are the variables of these names (https://html.spec.whatwg.org/#named-access-on-the-window-object).
 */
function alone(bundle: string): string {
  const body = bundle.replace(/\n\/\/# sourceMappingURL=\S+\s*$/, '');
  return `(function (exports, module, define) {\n${body}\n}).call(globalThis);\n`;
}

function own(name: string): string {
  return readFileSync(new URL(name, import.meta.url), 'utf8');
}

function beside(file: string, name: string): string {
  return readFileSync(new URL(name, pathToFileURL(file)), 'utf8');
}
