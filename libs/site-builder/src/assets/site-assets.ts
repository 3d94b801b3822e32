import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';
import { RESERVED_FOLDER } from '../source/paths.rules.js';

const require = createRequire(import.meta.url);

/** A script or style sheet of the builder. */
export interface SiteAsset {
  readonly path: string;
  readonly body: string;
  /** For `integrity` attributes and content security policies. */
  readonly hash: string;
}

/** The only file that Redoc would fetch from another host. */
const OUTSIDE_IMAGE = /https:\/\/cdn\.redoc\.ly\/redoc\/logo-mini\.svg/g;

const SOURCES = {
  style: { name: 'site.css', read: () => own('site.css') },
  script: { name: 'site.js', read: () => own('site.js') },
  search: {
    name: 'minisearch.js',
    read: () => asBrowserScript(beside(require.resolve('minisearch'), '../umd/index.js')),
  },
  reference: { name: 'reference.js', read: () => own('reference.js') },
  redoc: {
    name: 'redoc.js',
    read: () =>
      asBrowserScript(beside(require.resolve('redoc'), 'redoc.standalone.js').replace(OUTSIDE_IMAGE, 'data:,')),
  },
};

export type SiteAssetName = keyof typeof SOURCES;

const LOADED = new Map<SiteAssetName, SiteAsset>();

/** Loads the asset on first use: Redoc has a megabyte. */
export function siteAsset(name: SiteAssetName): SiteAsset {
  const loaded = LOADED.get(name);
  if (loaded) return loaded;
  const body = SOURCES[name].read();
  const hash = `sha256-${createHash('sha256').update(body).digest('base64')}`;
  const asset = { path: `${RESERVED_FOLDER}/${SOURCES[name].name}`, body, hash };
  LOADED.set(name, asset);
  return asset;
}

/**
 * Makes a universal bundle run as a browser script. Hides the names by which it detects other environments: elements with
 * the ids `exports` and `module`, e.g. of headings, are global variables of these names (https://html.spec.whatwg.org/#named-access-on-the-window-object).
 */
function asBrowserScript(bundle: string): string {
  const body = bundle.replace(/\n\/\/# sourceMappingURL=\S+\s*$/, '');
  return `(function (exports, module, define) {\n${body}\n}).call(globalThis);\n`;
}

function own(name: string): string {
  return readFileSync(new URL(name, import.meta.url), 'utf8');
}

function beside(file: string, name: string): string {
  return readFileSync(new URL(name, pathToFileURL(file)), 'utf8');
}
