import { html, type Html } from '../page/html.template.js';
import type { PageVariants, Variant } from './site-variants.js';

/** Menus to switch to another version or language. The search leaves out the addresses in `data-hidden`. */
export function variantsView({ versions, languages, hidden }: PageVariants): Html {
  return html`<div class="variants" data-hidden="${hidden.join(' ')}">
    ${menu('Version', versions)}${menu('Language', languages)}
  </div> `;
}

function menu(label: string, variants: readonly Variant[]): Html | false {
  const current = variants.find(({ isCurrent }) => isCurrent);
  const entries = variants.map(({ label: text, address, isCurrent, language }) => {
    const lang = language !== undefined && html` lang="${language}" hreflang="${language}"`;
    return html`<li><a href="${address}" ${lang}${isCurrent && html` aria-current="true"`}>${text}</a></li>`;
  });
  return (
    variants.length > 0 &&
    html`<details name="_variants">
      <summary aria-label="${label}: ${current?.label ?? 'none'}">${current?.label ?? label}</summary>
      <ul>
        ${entries}
      </ul>
    </details> `
  );
}

/** Links to the translations of a page, for search engines. */
export function translationLinks({ languages }: PageVariants, siteUrl: string): Html {
  const translated = languages.filter(({ isSamePage }) => isSamePage);
  return html`${translated.map(
    ({ language, address }, index) =>
      html`<link rel="alternate" hreflang="${language}" href="${siteUrl + address}" />
        ${index === 0 && html`<link rel="alternate" hreflang="x-default" href="${siteUrl + address}" /> `}`,
  )}`;
}
