import { html, trusted, type Html } from '../page/html.template.js';
import type { NavigationItem } from './navigation.rules.js';
import type { SiteNavigation } from './site-navigation.js';

/** Larger navigations are shown in part: otherwise most of a page would be navigation. */
const MAX_WHOLE = 300;
/** Items shown on either side of the current one in a long group. */
const MAX_AROUND = 60;

/** The entries of a list as they look on all pages that are not below them. */
const CLOSED_ENTRIES = new WeakMap<readonly NavigationItem[], readonly string[]>();

/** Renders the navigation for the page at `address`: its groups are open and its entry is marked. */
export function navigationView(navigation: SiteNavigation, address: string): Html {
  const trail = navigation.trailOf(address);
  const whole = navigation.size <= MAX_WHOLE;
  const isListedOnce = !navigation.isRepeated(address);

  function list(items: readonly NavigationItem[], depth: number): Html {
    const open = trail[depth];
    const current = open ? items.indexOf(open) : -1;
    const center = Math.max(0, current);
    const start = whole ? 0 : Math.max(0, center - MAX_AROUND);
    const end = whole ? items.length : Math.min(items.length, center + MAX_AROUND + 1);
    const cut = html`<li class="cut" aria-hidden="true">&hellip;</li>`;
    const opened = open && current !== -1 && openEntry(open, depth);
    const [before, after] = opened ? [current, current + 1] : [end, end];
    return html`<ul>
      ${start > 0 && cut}${closedEntries(items, start, before)}${opened}${closedEntries(items, after, end)}
      ${end < items.length && cut}
    </ul>`;
  }

  function openEntry(item: NavigationItem, depth: number): Html {
    if (item.items.length === 0) return html`<li>${label(item, address)}</li>`;
    return html`<li>
      <details open>
        <summary>${label(item, address)}</summary>
        ${list(item.items, depth + 1)}
      </details>
    </li>`;
  }

  /** An address that is listed again is marked there as well, so its lists are not shared. */
  function closedEntries(items: readonly NavigationItem[], start: number, end: number): Html {
    const shared = isListedOnce ? CLOSED_ENTRIES.get(items) : undefined;
    const entries = shared ?? items.map((item) => closedEntry(item).markup);
    if (isListedOnce) CLOSED_ENTRIES.set(items, entries);
    return trusted(entries.slice(start, end).join(''));
  }

  function closedEntry(item: NavigationItem): Html {
    const marked = isListedOnce ? undefined : address;
    if (item.items.length === 0) return html`<li>${label(item, marked)}</li>`;
    if (!whole) {
      const target = { label: item.label, items: [], ...addressOf(item) };
      return html`<li class="closed">${label(target, marked)}</li>`;
    }
    const below = closedEntries(item.items, 0, item.items.length);
    return html`<li>
      <details>
        <summary>${label(item, marked)}</summary>
        <ul>
          ${below}
        </ul>
      </details>
    </li>`;
  }

  return list(navigation.items, 0);
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

/** @param current the address of the page that is shown */
function label({ label: text, href }: NavigationItem, current: string | undefined): Html {
  if (href === undefined) return html`<span>${text}</span>`;
  return href === current
    ? html`<a href="${href}" aria-current="page">${text}</a>`
    : html`<a href="${href}">${text}</a>`;
}
