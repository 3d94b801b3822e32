import type { Preview } from './previews.js';

/** A page of our own, where there is none of the site's. */
export interface NoticePage {
  readonly status: number;
  readonly title: string;
  readonly text: string;
  /** Where it is worth looking again: after so many seconds. */
  readonly refreshSeconds?: number;
}

export const notices: Record<Exclude<Preview['kind'], 'ready'> | 'unavailable', NoticePage> = {
  building: {
    status: 503,
    title: 'Being built',
    text: 'This page shows the preview when it is ready.',
    refreshSeconds: 3,
  },
  'nothing-yet': {
    status: 404,
    title: 'Nothing deployed yet',
    text: 'The first production deployment of this project has not succeeded yet.',
    refreshSeconds: 10,
  },
  failed: { status: 404, title: 'The build failed', text: 'Its log, in the console, says why.' },
  superseded: {
    status: 404,
    title: 'Not built',
    text: 'A newer commit took the place of this one before it was built.',
  },
  removed: { status: 410, title: 'Preview removed', text: 'Its pull request or branch is closed.' },
  unavailable: {
    status: 503,
    title: 'Out of order for a moment',
    text: 'The preview cannot be looked up right now. Try again.',
    refreshSeconds: 5,
  },
  unknown: {
    status: 404,
    title: 'No such preview',
    text: 'Nothing is deployed at this address. Check it for typing errors.',
  },
};

export const pageNotFound: NoticePage = { status: 404, title: 'Page not found', text: 'This site has no such page.' };
/** Texts are ours alone: nothing of the request goes into the page. */
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
