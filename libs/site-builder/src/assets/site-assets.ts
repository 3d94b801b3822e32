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
  diagrams: { name: 'diagrams.js', read: () => own('diagrams.js') },
  diagramFrame: { name: 'diagram.html', read: diagramFrame },
};

export type SiteAssetName = keyof typeof SOURCES;

const LOADED = new Map<SiteAssetName, SiteAsset>();

/** Loads the asset on first use: Redoc has a megabyte. */
export function siteAsset(name: SiteAssetName): SiteAsset {
  const loaded = LOADED.get(name);
  if (loaded) return loaded;
  const body = SOURCES[name].read();
  const hash = hashOf(body);
  const asset = { path: pathOf(name, hash), body, hash };
  LOADED.set(name, asset);
  return asset;
}

/** Names have a version, so that browsers keep them. Security policies name the frame, which has none. */
function pathOf(name: SiteAssetName, hash: string): string {
  const version = name === 'diagramFrame' ? '' : `.${createHash('sha256').update(hash).digest('hex').slice(0, 8)}`;
  return `${RESERVED_FOLDER}/${SOURCES[name].name.replace(/(?=\.[a-z]+$)/, version)}`;
}

const VERSIONED = new RegExp(`^${RESERVED_FOLDER}/[a-z]+\\.[0-9a-f]{8}\\.(?:js|css)$`);

/** True for a script or style sheet of the builder whose content never changes at its path. */
export function isVersionedAsset(path: string): boolean {
  return VERSIONED.test(path);
}

/**
 * Makes a universal bundle run as a browser script. Hides the names by which it detects other environments: elements
 * with the ids `exports` and `module`, e.g. of headings, are global variables of these names
 * (https://html.spec.whatwg.org/#named-access-on-the-window-object).
 */
function asBrowserScript(bundle: string): string {
  const body = withoutSourceMap(bundle);
  return `(function (exports, module, define) {\n${body}\n}).call(globalThis);\n`;
}

function withoutSourceMap(bundle: string): string {
  return bundle.replace(/\n\/\/# sourceMappingURL=\S+\s*$/, '');
}

/**
 * The document that renders diagrams. It has everything inline: in its sandbox it has an origin of its own, from which
 * other files of the site cannot be loaded with their hashes.
 */
function diagramFrame(): string {
  const library = beside(require.resolve('mermaid'), 'mermaid.min.js');
  const script = [withoutSourceMap(library), own('diagram-frame.js')].join('\n').replaceAll('</script', '<\\/script');
  const policy = `default-src 'none'; img-src data:; style-src 'unsafe-inline'; script-src '${hashOf(script)}'`;
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<title>Diagrams</title>
</head>
<body><script>${script}</script></body>
</html>
`;
}

function hashOf(text: string): string {
  return `sha256-${createHash('sha256').update(text).digest('base64')}`;
}

function own(name: string): string {
  return readFileSync(new URL(name, import.meta.url), 'utf8');
}

function beside(file: string, name: string): string {
  return readFileSync(new URL(name, pathToFileURL(file)), 'utf8');
}
