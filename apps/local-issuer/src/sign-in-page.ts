import { createHash } from 'node:crypto';
import type { LocalUsers } from '@reunite/contracts';

const STYLE =
  'body{font:16px/1.5 system-ui,sans-serif;max-width:26rem;margin:12vh auto;padding:0 1rem}' +
  'button{display:block;width:100%;margin:.5rem 0;padding:.75rem 1rem;text-align:left;font:inherit;border:1px solid #889;' +
  'border-radius:.5rem;background:none;color:inherit;cursor:pointer}small{display:block}:root{color-scheme:light dark}';

/** Only this page's style, and forms to this origin, which may redirect to the console. */
export const contentSecurityPolicy = (consoleUrl: string): string =>
  [
    "default-src 'none'",
    `style-src 'sha256-${createHash('sha256').update(STYLE).digest('base64')}'`,
    `form-action 'self' ${consoleUrl}`,
    "frame-ancestors 'none'",
    "base-uri 'none'",
  ].join('; ');

/** The page with the users. @param next path of the console to open after the sign-in */
export function signInPage({ users }: LocalUsers, next: string): string {
  const buttons = users.map(
    ({ id, name, organizationName, roles }) =>
      `<button name="user" value="${escaped(id)}"><strong>${escaped(name)}</strong>` +
      `<small>${escaped(organizationName)} · ${escaped(roles.join(', '))}</small></button>`,
  );
  return (
    `<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">` +
    `<title>Sign in</title><style>${STYLE}</style><h1>Sign in</h1><p>This is a local stack. Choose a user.</p>` +
    `<form method="post" action="/sign-in"><input type="hidden" name="next" value="${escaped(next)}">${buttons.join('')}</form>`
  );
}

function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
