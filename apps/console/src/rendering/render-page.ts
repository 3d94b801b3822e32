import type { PagePreview, PreviewInput } from '@reunite/site-builder/preview';
import type { RenderAnswer } from './render.worker.js';

/** Reads a file that the page uses; null if it does not exist. */
export type ReadFile = (path: string) => Promise<string | null>;

/** Includes of includes are read in further rounds. */
const MAX_ROUNDS = 4;
const MAX_FILES = 50;
/** Includes loading the worker. */
const TIMEOUT_MS = 20_000;

let worker: Worker | null = null;

/**
 * Renders a page with the site builder in a worker, and reads the partials and images that it uses.
 *
 * @throws Error if the page cannot be rendered within the time limit
 */
export async function renderPage(path: string, text: string, read: ReadFile): Promise<string> {
  const files: Record<string, string | null> = {};
  for (let round = 1; ; round += 1) {
    const { html, missing } = await renderInWorker({ path, text, files });
    const wanted = missing.slice(0, MAX_FILES - Object.keys(files).length);
    if (wanted.length === 0 || round === MAX_ROUNDS) return html;
    await Promise.all(wanted.map(async (name) => (files[name] = await read(name))));
  }
}

function renderInWorker(input: PreviewInput): Promise<PagePreview> {
  const running = (worker ??= new Worker(new URL('./render.worker.ts', import.meta.url), { type: 'module' }));
  const { port1: answers, port2 } = new MessageChannel();
  return new Promise((resolve, reject) => {
    const stop = (message: string) => {
      running.terminate();
      if (worker === running) worker = null;
      reject(new Error(message));
    };
    const timer = setTimeout(() => stop('Rendering takes too long.'), TIMEOUT_MS);
    running.onerror = () => stop('The renderer could not be loaded.');
    answers.onmessage = ({ data }: MessageEvent<RenderAnswer>) => {
      clearTimeout(timer);
      answers.close();
      if ('preview' in data) resolve(data.preview);
      else reject(new Error(data.error));
    };
    running.postMessage(input, [port2]);
  });
}
