import type { Heading } from '../markdown/headings.rules.js';
import { siteAsset, type SiteAssetName } from '../assets/site-assets.js';
import { translationLinks, variantsView } from '../variants/variants.view.js';
import type { PageVariants } from '../variants/site-variants.js';
import type { SiteFrame } from '../configuration/site-frame.js';
import type { NavigationItem } from '../navigation/navigation.rules.js';
import { navigationView } from '../navigation/navigation.view.js';
import type { SiteNavigation } from '../navigation/site-navigation.js';
import { pageContentSecurityPolicy } from '../output/content-security.rules.js';
import { SEARCH_INDEX_PATH } from '../search/search-index.js';
import { hashOf } from '../cache/rendered-pages.js';
import type { Page } from './page.js';
import { html, type Html } from './html.template.js';

export interface Site {
  readonly title: string;
  readonly navigation: SiteNavigation;
  readonly frame: SiteFrame;
}

export interface PageView {
  readonly title: string;
  readonly description?: string | undefined;
  readonly address: string;
  readonly body: Html;
  readonly kind?: Page['kind'];
  readonly headings?: readonly Heading[];
  /** True if the page has diagrams, for which it needs a script. */
  readonly diagrams?: boolean | undefined;
  /** Address of the editor for the source of the page. */
  readonly editUrl?: string | undefined;
  /** Versions and languages of the page. */
  readonly variants?: PageVariants | undefined;
  /** True for the page that is shown at addresses without a page. */
  readonly notFound?: boolean;
}

/** Maximum number of headings in the table of contents. */
const MAX_CONTENTS = 200;

/** Scripts of a page by kind: `run` at once, `load` on demand. */
const SCRIPTS = {
  article: { run: ['script'], load: ['search'] },
  diagrams: { run: ['script', 'diagrams'], load: ['search'] },
  reference: { run: ['script', 'redoc', 'reference'], load: ['search'] },
} as const satisfies Record<string, Record<'run' | 'load', readonly SiteAssetName[]>>;

type ScriptKind = keyof typeof SCRIPTS;

/** The parts of head and header that all pages of a kind share. */
const FRAMES = new Map<ScriptKind, Frame>();

interface Frame {
  readonly head: Html;
  readonly search: Html;
  readonly key: string;
}

function frameOf(kind: ScriptKind): Frame {
  const frame = FRAMES.get(kind) ?? makeFrame(kind);
  FRAMES.set(kind, frame);
  return frame;
}

function makeFrame(kind: ScriptKind): Frame {
  const { run, load } = SCRIPTS[kind];
  const search = searchView();
  const head = html`<meta charset="utf-8" />
    <meta
      http-equiv="Content-Security-Policy"
      content="${pageContentSecurityPolicy([...run, ...load], kind === 'diagrams')}"
    />
    <meta name="viewport" content="width=device-width, initial-scale=1" />
    <meta name="color-scheme" content="light dark" />
    <link rel="stylesheet" href="/${siteAsset('style').path}" />
    ${run.map(siteAsset).map(({ path, hash }) => html`<script src="/${path}" integrity="${hash}" defer></script> `)}`;
  return { head, search, key: hashOf(head.markup, search.markup) };
}

/** Identifies the head and the header of a page, with the hashes of its scripts. */
export function frameKeyOf(kind: Page['kind'], diagrams: boolean): string {
  return frameOf(diagrams ? 'diagrams' : kind).key;
}

/** Hidden until its script has loaded. */
function searchView(): Html {
  const { path, hash } = siteAsset('search');
  return html`<div class="search" role="search" hidden>
    <input
      type="search"
      placeholder="Search"
      aria-label="Search this site"
      aria-keyshortcuts="/"
      role="combobox"
      aria-expanded="false"
      aria-autocomplete="list"
      aria-controls="_results"
      autocomplete="off"
      spellcheck="false"
      maxlength="200"
      data-index="/${SEARCH_INDEX_PATH}"
      data-script="/${path}"
      data-integrity="${hash}"
    />
    <div class="results" id="_results" role="listbox" aria-label="Results" hidden></div>
    <p class="status" role="status"></p>
  </div>`;
}

/**
 * Renders a complete page. It is usable without scripts, which add search only: the menu of narrow screens is a
 * popover, groups are `details`.
 */
export function pageTemplate(site: Site, page: PageView): string {
  // Entities: a page of ASCII characters takes half the memory, and is encoded faster.
  const title = page.title === site.title ? site.title : html`${page.title} &ndash; ${site.title}`;
  const { kind = 'article', headings = [] } = page;
  const frame = frameOf(page.diagrams === true ? 'diagrams' : kind);
  const article = kind === 'article';
  const { brand, navbar, footer } = site.frame;
  const { variants } = page;
  return html`<!doctype html>
    <html lang="${variants?.language ?? site.frame.language}">
      <head>
        ${frame.head}
        <title>${title}</title>
        ${metadata(site, page)}
      </head>
      <body class="${kind}">
        <a class="skip" href="#_content">Skip to content</a>
        <header class="top">
          <button class="menu" type="button" popovertarget="_navigation" aria-label="Menu">&#9776;</button>
          ${brand}${navbar && html`<nav class="links" aria-label="Main">${navbar}</nav> `}${
            variants && variantsView(variants)
          }${frame.search}
        </header>
        <div class="columns">
          <nav class="sidebar" id="_navigation" popover aria-label="Site">
            ${navigationView(site.navigation, page.address)}
          </nav>
          <main id="_content">
            ${article && breadcrumbs(site.navigation.trailOf(page.address))}
            <article>${page.body}</article>
            ${article && editLink(page.editUrl)} ${article && pager(site.navigation, page.address)}
          </main>
          ${article && contents(headings)}
        </div>
        ${footer}
      </body>
    </html> `.markup;
}

/** Data for search engines and for previews of links. */
function metadata({ frame }: Site, page: PageView): Html {
  const { title, description = frame.description, address, notFound, variants } = page;
  const siteUrl = notFound === true ? undefined : frame.siteUrl;
  const url = siteUrl === undefined ? undefined : siteUrl + (variants?.canonical ?? address);
  return html`${description !== undefined && html`<meta name="description" content="${description}" /> `}
    ${url !== undefined && html`<link rel="canonical" href="${url}" /> `}
    ${siteUrl !== undefined && variants && translationLinks(variants, siteUrl)}
    <meta property="og:type" content="article" />
    <meta property="og:title" content="${title}" />
    ${description !== undefined && html`<meta property="og:description" content="${description}" /> `}
    ${url !== undefined && html`<meta property="og:url" content="${url}" /> `}${frame.head}`;
}

function breadcrumbs(trail: readonly NavigationItem[]): Html | false {
  const above = trail.slice(0, -1).map(({ label, href }) => {
    return html`<li>${href === undefined ? label : html`<a href="${href}">${label}</a>`}</li>`;
  });
  return (
    above.length > 0 &&
    html`<nav class="crumbs" aria-label="Breadcrumbs">
      <ol>
        ${above}
      </ol>
    </nav> `
  );
}

function editLink(url: string | undefined): Html | false {
  return url !== undefined && html`<p class="edit"><a href="${url}" rel="nofollow noreferrer">Edit this page</a></p> `;
}

function pager(navigation: SiteNavigation, address: string): Html | false {
  const { previous, next } = navigation.neighboursOf(address);
  if (!previous && !next) return false;
  return html`<nav class="pager" aria-label="Previous and next page">
    ${previous && html`<a class="previous" rel="prev" href="${previous.href}"><small>Previous</small>${previous.label}</a>`}
    ${next && html`<a class="next" rel="next" href="${next.href}"><small>Next</small>${next.label}</a>`}
  </nav> `;
}

function contents(headings: readonly Heading[]): Html | false {
  const shown = headings.filter(({ level }) => level === 2 || level === 3).slice(0, MAX_CONTENTS);
  if (shown.length < 2) return false;
  const entries = shown.map(
    ({ id, level, text }) => html`<li class="level-${level}"><a href="#${id}">${text}</a></li>`,
  );
  return html`<nav class="contents" aria-label="On this page">
    <h2>On this page</h2>
    <ul>
      ${entries}
    </ul>
  </nav>`;
}

/** The generated page of a folder without a page of its own. */
export function listingView(title: string, pages: readonly { readonly href: string; readonly title: string }[]): Html {
  const entries = pages.map(({ href, title: label }) => html`<li><a href="${href}">${label}</a></li>`);
  return html`<h1>${title}</h1>
    ${
      entries.length === 0
        ? html`<p>There are no pages here yet.</p>`
        : html`<ul>
            ${entries}
          </ul>`
    }`;
}

/** Replaces a page that cannot be rendered. The reason is in the log of the build. */
export function unavailableView(title: string): Html {
  return html`<h1>${title}</h1>
    <p>This page cannot be shown, because its source has an error.</p>`;
}

export const notFoundView = html`<h1>Page not found</h1>
  <p>This page does not exist. It may have been moved or renamed.</p>
  <p><a href="/">Go to the start page</a></p>`;
