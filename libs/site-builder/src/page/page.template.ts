import type { Heading } from '../markdown/markdown.renderer.js';
import type { NavigationItem } from '../navigation/navigation.rules.js';
import { navigationView } from '../navigation/navigation.view.js';
import type { SiteNavigation } from '../navigation/site-navigation.js';
import { pageContentSecurityPolicy } from '../output/content-security.rules.js';
import { html, type Html } from './html.template.js';
import { themePath } from './theme.css.js';

export interface Site {
  readonly title: string;
  readonly navigation: SiteNavigation;
}

export interface PageView {
  readonly title: string;
  readonly description?: string | undefined;
  readonly address: string;
  readonly body: Html;
  readonly headings: readonly Heading[];
}

/** Headings beyond this are no overview any more. */
const maxContents = 200;

/** A whole page. It needs no script: the menu of a narrow screen is a popover, groups are `details`. */
export function pageTemplate(site: Site, page: PageView): string {
  const title = page.title === site.title ? site.title : `${page.title} – ${site.title}`;
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta http-equiv="Content-Security-Policy" content="${pageContentSecurityPolicy}" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <title>${title}</title>
        ${page.description !== undefined && html`<meta name="description" content="${page.description}" /> `}
        <link rel="stylesheet" href="/${themePath}" />
      </head>
      <body>
        <a class="skip" href="#_content">Skip to content</a>
        <header class="top">
          <button class="menu" type="button" popovertarget="_navigation" aria-label="Menu">☰</button>
          <a class="brand" href="/">${site.title}</a>
        </header>
        <div class="columns">
          <nav class="sidebar" id="_navigation" popover aria-label="Site">
            ${navigationView(site.navigation, page.address)}
          </nav>
          <main id="_content">
            ${breadcrumbs(site.navigation.trailOf(page.address))}
            <article>${page.body}</article>
            ${pager(site.navigation, page.address)}
          </main>
          ${contents(page.headings)}
        </div>
      </body>
    </html> `.markup;
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

function pager(navigation: SiteNavigation, address: string): Html | false {
  const { previous, next } = navigation.neighboursOf(address);
  if (!previous && !next) return false;
  return html`<nav class="pager" aria-label="Previous and next page">
    ${previous && html`<a class="previous" rel="prev" href="${previous.href}"><small>Previous</small>${previous.label}</a>`}
    ${next && html`<a class="next" rel="next" href="${next.href}"><small>Next</small>${next.label}</a>`}
  </nav> `;
}

function contents(headings: readonly Heading[]): Html | false {
  const shown = headings.filter(({ level }) => level === 2 || level === 3).slice(0, maxContents);
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

/** A folder that has pages and no page of its own. */
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

export const notFoundView = html`<h1>Page not found</h1>
  <p>There is no page at this address. It may have been moved or renamed.</p>
  <p><a href="/">Go to the start page</a></p>`;
