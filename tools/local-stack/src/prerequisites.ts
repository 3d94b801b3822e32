import { execFile } from 'node:child_process';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';
import { chromiumPath, isProgram } from './chromium-path.js';
import { LocalStackError } from './local-stack.error.js';

const run = promisify(execFile);

/** Programs that the tests need, with their Debian packages. */
const programs = {
  git: { debianPackage: 'git', isInstalled: () => onPath('git') },
  'redis-server': { debianPackage: 'redis-server', isInstalled: () => onPath('redis-server') },
  promtool: { debianPackage: 'prometheus', isInstalled: () => onPath('promtool') },
  chromium: { debianPackage: 'chromium', isInstalled: async () => (await chromiumPath()) !== null },
} as const;

export type Prerequisite = keyof typeof programs;

/** Finds and installs programs. Tests replace it. */
export interface Machine {
  isInstalled(name: Prerequisite): Promise<boolean>;
  /** True for root on a system with apt. */
  canInstall(): Promise<boolean>;
  install(packages: readonly string[]): Promise<void>;
}

const thisMachine: Machine = {
  isInstalled: (name) => programs[name].isInstalled(),
  canInstall: async () => process.getuid?.() === 0 && (await onPath('apt-get')),
  install: async (packages) => {
    const options = { env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }, maxBuffer: 64 * 1024 * 1024 };
    await run('apt-get', ['update', '-qq'], options);
    await run('apt-get', ['install', '-y', '-qq', '--no-install-recommends', ...packages], options);
  },
};

/**
 * Installs missing programs if that is possible without a password.
 *
 * @throws LocalStackError that names the packages to install
 */
export async function ensurePrerequisites(
  names: readonly Prerequisite[],
  machine: Machine = thisMachine,
  report: (text: string) => void = () => undefined,
): Promise<void> {
  const missing = await missingOf(names, machine);
  if (missing.length === 0) return;
  const packages = missing.map((name) => programs[name].debianPackage);
  const remedy = `Install: apt-get install --no-install-recommends ${packages.join(' ')}`;
  const hint = missing.includes('chromium') ? ' (or set CHROMIUM_PATH to a Chromium or Chrome)' : '';
  const message = `Missing for the tests: ${missing.join(', ')}. ${remedy}${hint}`;
  if (!(await machine.canInstall())) throw new LocalStackError(message);
  report(`Installing ${packages.join(', ')} …`);
  await machine.install(packages).catch((cause: unknown) => {
    throw new LocalStackError(`${message} (apt-get did not succeed here)`, { cause });
  });
  if ((await missingOf(names, machine)).length > 0) throw new LocalStackError(message);
}

async function missingOf(names: readonly Prerequisite[], machine: Machine): Promise<Prerequisite[]> {
  const installed = await Promise.all(names.map((name) => machine.isInstalled(name)));
  return names.filter((_, index) => installed[index] === false);
}

async function onPath(program: string): Promise<boolean> {
  const folders = (process.env['PATH'] ?? '').split(delimiter).filter(Boolean);
  const matches = await Promise.all(folders.map((folder) => isProgram(join(folder, program))));
  return matches.includes(true);
}
