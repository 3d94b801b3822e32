import type { Preview } from './previews.js';

/** A page of the preview host itself, served where the site has none. */
export interface NoticePage {
  readonly status: number;
  readonly title: string;
  readonly text: string;
  /** Reload interval of the page, in seconds, if its content may change soon. */
  readonly refreshSeconds?: number;
}

export const NOTICES: Readonly<Record<Exclude<Preview['kind'], 'ready'> | 'unavailable', NoticePage>> = {
  building: {
    status: 503,
    title: 'Build in progress',
    text: 'This page reloads when the preview is ready.',
    refreshSeconds: 3,
  },
  'nothing-yet': {
    status: 404,
    title: 'Nothing deployed yet',
    text: 'The first production deployment of this project has not succeeded yet.',
    refreshSeconds: 10,
  },
  failed: { status: 404, title: 'Build failed', text: 'See the build log in the console.' },
  superseded: {
    status: 404,
    title: 'Not built',
    text: 'The build was cancelled, or a newer commit replaced it.',
  },
  removed: {
    status: 410,
    title: 'Preview removed',
    text: 'Its pull request was closed, its branch was deleted, or it expired.',
  },
  unavailable: {
    status: 503,
    title: 'Temporarily unavailable',
    text: 'The preview could not be loaded. Try again in a few seconds.',
    refreshSeconds: 5,
  },
  unknown: {
    status: 404,
    title: 'Preview not found',
    text: 'Nothing is deployed at this address. Check the address.',
  },
};

export const PAGE_NOT_FOUND: NoticePage = {
  status: 404,
  title: 'Page not found',
  text: 'This page does not exist.',
};

/** Renders constant texts only. The page contains no part of the request. */
export function noticeHtml({ title, text, refreshSeconds }: NoticePage): string {
  const refresh = refreshSeconds === undefined ? '' : `<meta http-equiv="refresh" content="${refreshSeconds}">`;
  return `<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">${refresh}<title>${title}</title>
<style>
:root{color-scheme:light dark}
body{font:1rem/1.5 system-ui,sans-serif;margin:20vh auto;max-width:32rem;padding:0 1.5rem}
h1{font-size:1.5rem;margin:0 0 .5rem}
</style></head>
<body><main><h1>${title}</h1><p>${text}</p></main></body>
</html>
`;
}
