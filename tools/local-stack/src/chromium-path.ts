import { access, constants } from 'node:fs/promises';
import { delimiter, join } from 'node:path';

const NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];
const USUAL_PLACES = ['/Applications/Google Chrome.app/Contents/MacOS/Google Chrome'];

/**
 * Path of the browser for tests: `CHROMIUM_PATH`, or the first Chromium or Chrome on the `PATH`. Null if none exists.
 */
export async function chromiumPath(env: NodeJS.ProcessEnv = process.env): Promise<string | null> {
  const chosen = env['CHROMIUM_PATH'];
  const folders = (env['PATH'] ?? '').split(delimiter).filter(Boolean);
  const candidates = NAMES.flatMap((name) => folders.map((folder) => join(folder, name)));
  for (const path of chosen ? [chosen] : [...candidates, ...USUAL_PLACES]) {
    if (await isProgram(path)) return path;
  }
  return null;
}

export async function isProgram(path: string): Promise<boolean> {
  return access(path, constants.X_OK).then(
    () => true,
    () => false,
  );
}
