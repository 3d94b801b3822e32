import { html, type Html } from '../page/html.template.js';
import type { NavigationItem } from './navigation.rules.js';
import type { SiteNavigation } from './site-navigation.js';

/** Up to this size every page carries the whole navigation. Beyond, a site would consist of little else. */
const maxWhole = 300;
/** Neighbours shown on either side in a group that is very long. */
const maxAround = 60;

/** The navigation as seen from the page at `address`: its own groups open, its own entry marked. */
export function navigationView(navigation: SiteNavigation, address: string): Html {
  const open = new Set(navigation.trailOf(address));
  const whole = navigation.size <= maxWhole;

  function list(items: readonly NavigationItem[]): Html {
    const center = Math.max(
      0,
      items.findIndex((item) => open.has(item)),
    );
    const start = whole ? 0 : Math.max(0, center - maxAround);
    const shown = whole ? items : items.slice(start, center + maxAround + 1);
    const cut = html`<li class="cut" aria-hidden="true">…</li>`;
    return html`<ul>
      ${start > 0 && cut}${shown.map(entry)}${start + shown.length < items.length && cut}
    </ul>`;
  }

  function entry(item: NavigationItem): Html {
    const isOpen = open.has(item);
    if (item.items.length === 0) return html`<li>${label(item)}</li>`;
    if (!whole && !isOpen) return html`<li class="closed">${label({ ...item, ...addressOf(item) })}</li>`;
    return html`<li><details${isOpen && html` open`}><summary>${label(item)}</summary>${list(item.items)}</details></li>`;
  }

  function label({ label: text, href }: NavigationItem): Html {
    if (href === undefined) return html`<span>${text}</span>`;
    return href === address
      ? html`<a href="${href}" aria-current="page">${text}</a>`
      : html`<a href="${href}">${text}</a>`;
  }

  return list(navigation.items);
}

/** A closed group leads to its own page, else to its first. */
function addressOf(item: NavigationItem): { href?: string } {
  if (item.href !== undefined) return { href: item.href };
  for (const child of item.items) {
    const found = addressOf(child);
    if (found.href !== undefined) return found;
  }
  return {};
}
