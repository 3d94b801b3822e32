import { lazy } from 'react';

const load = () => import('./index.js');

/** Loaded when the first text is edited or compared: CodeMirror is larger than everything else. */
export const CodeEditor = lazy(async () => ({ default: (await load()).CodeEditor }));
export const CodeDiff = lazy(async () => ({ default: (await load()).CodeDiff }));
