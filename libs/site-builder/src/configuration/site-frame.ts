import { answerOf, resolveLink } from '../links/page-links.js';
import type { SiteIndex } from '../links/site-index.js';
import { html, type Html } from '../page/html.template.js';
import type { RepositoryFolder } from '../site-builder.js';
import { isRecord, listOf, recordOf, textOf } from '../syntax/values.rules.js';
import { LANGUAGE } from '../variants/site-variants.js';
import { editAddressOf } from './edit-page.rules.js';
import { CONFIGURATION_FILE } from './site-configuration.js';
import { webAddressOf } from './web-address.rules.js';

/** Entries of the header or footer, nested ones included. Further ones have no effect. */
const MAX_ITEMS = 100;
const MAX_TEXT = 500;

/** The settings of `redocly.yaml` that apply to all pages: head, header and footer. */
export interface SiteFrame {
  /** Language of the pages, default `en`. */
  readonly language: string;
  /** The address of the site without a trailing slash; undefined if it is not configured. */
  readonly siteUrl: string | undefined;
  /** Description of pages without their own. */
  readonly description: string | undefined;
  /** Elements of the head. */
  readonly head: Html;
  readonly brand: Html;
  readonly navbar: Html | undefined;
  readonly footer: Html | undefined;
  /** The address before the paths of files, to edit a page; undefined if pages have no link to edit them. */
  readonly editAddress: string | undefined;
}

interface FrameInput {
  readonly title: string;
  readonly repository: RepositoryFolder | undefined;
  readonly index: SiteIndex;
  /** Titles of pages by address, for links without a label. */
  readonly titles: ReadonlyMap<string, string>;
  readonly warn: (message: string) => void;
}

/**
 * Reads `seo`, `logo`, `navbar`, `footer` and `markdown.editPage`. Links and images lead to pages and files of the site or to other sites; broken ones
 * are reported and left out.
 *
 * @see https://redocly.com/docs/realm/config
 */
export function siteFrameOf(values: Readonly<Record<string, unknown>>, input: FrameInput): SiteFrame {
  const seo = recordOf(values['seo']);
  const logo = recordOf(values['logo']);
  const links = new FrameLinks(input);
  const language = textOf(seo['lang']) ?? '';
  const favicon = links.address(logo['favicon'] ?? seo['favicon']);
  const siteUrl = siteUrlOf(seo['siteUrl'], input.warn);
  return {
    language: LANGUAGE.test(language) ? language : 'en',
    siteUrl,
    description: shortText(seo['description']),
    head: html`${favicon !== undefined && html`<link rel="icon" href="${favicon}" /> `}${headOf(seo, siteUrl, links, input)}`,
    brand: brandOf(logo, links, input),
    navbar: links.list(recordOf(values['navbar'])['items']),
    footer: footerOf(recordOf(values['footer']), links),
    editAddress: editAddressOf(values, input.repository, input.warn),
  };
}

/** Reads the settings' links. Counts them, because a configuration can have any number. */
class FrameLinks {
  private count = 0;

  constructor(private readonly input: FrameInput) {}

  /** The address of a link or image; undefined if there is none, or none that may be used. */
  address(value: unknown): string | undefined {
    const written = shortText(value);
    if (written === undefined) return undefined;
    const link = resolveLink(written, CONFIGURATION_FILE, this.input.index);
    if (link.kind !== 'broken') return link.href;
    this.input.warn(`${JSON.stringify(written.slice(0, 120))} ${link.reason} (${answerOf(link).slice(1)})`);
    return undefined;
  }

  /** A list of links and groups of links; undefined if it is empty. */
  list(items: unknown): Html | undefined {
    const entries = listOf(items).flatMap((item) => this.entry(item));
    return entries.length === 0
      ? undefined
      : html`<ul>
          ${entries}
        </ul>`;
  }

  private entry(value: unknown): Html[] {
    this.count += 1;
    if (this.count > MAX_ITEMS || !isRecord(value)) return [];
    const inside = this.list(value['items']);
    const label = shortText(value['label']) ?? shortText(value['group']);
    if (inside) return [html`<li>${label !== undefined && html`<span>${label}</span>`}${inside}</li>`];
    const href = this.address(value['page'] ?? value['href']);
    const text = label ?? (href === undefined ? undefined : this.input.titles.get(href));
    return href === undefined || text === undefined ? [] : [html`<li><a href="${href}">${text}</a></li>`];
  }
}

function brandOf(logo: Readonly<Record<string, unknown>>, links: FrameLinks, { title }: FrameInput): Html {
  const image = links.address(logo['image']);
  const href = links.address(logo['link']) ?? '/';
  const alt = shortText(logo['altText']) ?? title;
  const shown =
    image === undefined ? title : html`<img src="${image}" alt="${alt}" height="32" referrerpolicy="no-referrer" />`;
  return html`<a class="brand" href="${href}">${shown}</a>`;
}

function footerOf(footer: Readonly<Record<string, unknown>>, links: FrameLinks): Html | undefined {
  const list = links.list(footer['items']);
  const copyright = shortText(footer['copyrightText']);
  if (list === undefined && copyright === undefined) return undefined;
  return html`<footer class="site-footer">${list}${copyright !== undefined && html`<p>${copyright}</p>`}</footer>`;
}

function headOf(
  seo: Readonly<Record<string, unknown>>,
  siteUrl: string | undefined,
  links: FrameLinks,
  { title }: FrameInput,
): Html {
  const keywords = Array.isArray(seo['keywords'])
    ? seo['keywords'].flatMap((word) => textOf(word) ?? []).join(', ')
    : seo['keywords'];
  const image = links.address(seo['image']);
  // Crawlers need an absolute address.
  const absolute = image?.startsWith('/') === true ? siteUrl && siteUrl + image : image;
  return html`<meta property="og:site_name" content="${shortText(seo['title']) ?? title}" />
    ${shortText(keywords) !== undefined && html`<meta name="keywords" content="${shortText(keywords)}" /> `}
    ${absolute !== undefined && html`<meta property="og:image" content="${absolute}" /> `}`;
}

function siteUrlOf(value: unknown, warn: FrameInput['warn']): string | undefined {
  const written = shortText(value);
  if (written === undefined) return undefined;
  const address = webAddressOf(written);
  if (address === undefined) warn('seo.siteUrl is not an address that begins with https://');
  return address;
}

function shortText(value: unknown): string | undefined {
  return textOf(value)?.slice(0, MAX_TEXT);
}

/** Limit of the protocol: https://www.sitemaps.org/protocol.html */
const MAX_SITEMAP_URLS = 50_000;

export const SITEMAP_PATH = 'sitemap.xml';

export function sitemapOf(siteUrl: string, addresses: readonly string[]): string {
  const urls = addresses.slice(0, MAX_SITEMAP_URLS).map((address) => html`<url><loc>${siteUrl + address}</loc></url> `);
  return `<?xml version="1.0" encoding="UTF-8"?>\n<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">\n${html`${urls}`.markup}</urlset>\n`;
}
