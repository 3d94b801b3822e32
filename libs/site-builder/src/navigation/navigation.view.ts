import { html, type Html } from '../page/html.template.js';
import type { NavigationItem } from './navigation.rules.js';
import type { SiteNavigation } from './site-navigation.js';

/** Larger navigations are shown in part: otherwise most of a page would be navigation. */
const MAX_WHOLE = 300;
/** Items shown on either side of the current one in a long group. */
const MAX_AROUND = 60;

/** Entries that look the same on all pages but their own. */
const ENTRIES = new WeakMap<NavigationItem, { readonly href: string | undefined; readonly markup: Html }>();

/** Renders the navigation for the page at `address`: its groups are open and its entry is marked. */
export function navigationView(navigation: SiteNavigation, address: string): Html {
  const open = new Set(navigation.trailOf(address));
  const whole = navigation.size <= MAX_WHOLE;

  function list(items: readonly NavigationItem[]): Html {
    const center = Math.max(
      0,
      items.findIndex((item) => open.has(item)),
    );
    const start = whole ? 0 : Math.max(0, center - MAX_AROUND);
    const shown = whole ? items : items.slice(start, center + MAX_AROUND + 1);
    const cut = html`<li class="cut" aria-hidden="true">…</li>`;
    return html`<ul>
      ${start > 0 && cut}${shown.map(entry)}${start + shown.length < items.length && cut}
    </ul>`;
  }

  function entry(item: NavigationItem): Html {
    const isOpen = open.has(item);
    if (item.items.length === 0 || (!whole && !isOpen)) return closed(item);
    return html`<li><details${isOpen && html` open`}><summary>${label(item)}</summary>${list(item.items)}</details></li>`;
  }

  function closed(item: NavigationItem): Html {
    const shared = ENTRIES.get(item);
    if (shared && shared.href !== address) return shared.markup;
    const isGroup = item.items.length > 0;
    const { href } = isGroup ? addressOf(item) : item;
    const target = { label: item.label, items: [], ...(href !== undefined && { href }) };
    const markup = isGroup ? html`<li class="closed">${label(target)}</li>` : html`<li>${label(target)}</li>`;
    if (href !== address) ENTRIES.set(item, { href, markup });
    return markup;
  }

  function label({ label: text, href }: NavigationItem): Html {
    if (href === undefined) return html`<span>${text}</span>`;
    return href === address
      ? html`<a href="${href}" aria-current="page">${text}</a>`
      : html`<a href="${href}">${text}</a>`;
  }

  return list(navigation.items);
}

/** A closed group leads to its own page, or else to its first page. */
function addressOf(item: NavigationItem): { href?: string } {
  if (item.href !== undefined) return { href: item.href };
  for (const child of item.items) {
    const address = addressOf(child);
    if (address.href !== undefined) return address;
  }
  return {};
}
