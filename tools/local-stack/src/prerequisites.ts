import { execFile } from 'node:child_process';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';
import { chromiumPath, isProgram } from './chromium-path.js';
import { LocalStackError } from './local-stack.error.js';

const run = promisify(execFile);

/** What the tests need beside Node and npm packages, and the Debian package that brings it. */
const programs = {
  git: { debianPackage: 'git', isThere: () => onPath('git') },
  'redis-server': { debianPackage: 'redis-server', isThere: () => onPath('redis-server') },
  chromium: { debianPackage: 'chromium', isThere: async () => (await chromiumPath()) !== null },
} as const;

export type Prerequisite = keyof typeof programs;

/** Where programs are found and how they are installed; a test puts its own in. */
export interface Machine {
  isThere(name: Prerequisite): Promise<boolean>;
  /** Whether packages can be installed without asking anybody: root on Debian or a relative of it. */
  canInstall(): Promise<boolean>;
  install(packages: readonly string[]): Promise<void>;
}

const thisMachine: Machine = {
  isThere: (name) => programs[name].isThere(),
  canInstall: async () => process.getuid?.() === 0 && (await onPath('apt-get')),
  install: async (packages) => {
    const options = { env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }, maxBuffer: 64 * 1024 * 1024 };
    await run('apt-get', ['update', '-qq'], options);
    await run('apt-get', ['install', '-y', '-qq', '--no-install-recommends', ...packages], options);
  },
};

/**
 * Sees to it that these programs are there, and installs what is missing where that needs nobody's leave.
 *
 * @throws LocalStackError that names exactly what to install.
 */
export async function ensurePrerequisites(
  names: readonly Prerequisite[],
  machine: Machine = thisMachine,
  say: (text: string) => void = () => undefined,
): Promise<void> {
  const missing = await missingOf(names, machine);
  if (missing.length === 0) return;
  const packages = missing.map((name) => programs[name].debianPackage);
  const remedy = `Install: apt-get install --no-install-recommends ${packages.join(' ')}`;
  const hint = missing.includes('chromium') ? ' (or set CHROMIUM_PATH to a Chromium or Chrome)' : '';
  const message = `Missing for the tests: ${missing.join(', ')}. ${remedy}${hint}`;
  if (!(await machine.canInstall())) throw new LocalStackError(message);
  say(`Installing ${packages.join(', ')} …`);
  await machine.install(packages).catch((cause: unknown) => {
    throw new LocalStackError(`${message} (apt-get did not succeed here)`, { cause });
  });
  if ((await missingOf(names, machine)).length > 0) throw new LocalStackError(message);
}

async function missingOf(names: readonly Prerequisite[], machine: Machine): Promise<Prerequisite[]> {
  const there = await Promise.all(names.map((name) => machine.isThere(name)));
  return names.filter((_, index) => there[index] === false);
}

async function onPath(program: string): Promise<boolean> {
  const folders = (process.env['PATH'] ?? '').split(delimiter).filter(Boolean);
  const there = await Promise.all(folders.map((folder) => isProgram(join(folder, program))));
  return there.includes(true);
}
