import { describe, expect, it, jest } from '@jest/globals';
import { ensurePrerequisites } from './prerequisites.js';
import type { Machine, Prerequisite } from './prerequisites.js';

function machine(installed: Prerequisite[], canInstall: boolean) {
  const present = new Set<string>(installed);
  const install = jest.fn<Machine['install']>(async (packages) => {
    packages.forEach((name) => present.add(name));
    await Promise.resolve();
  });
  const isInstalled = (name: Prerequisite) => Promise.resolve(present.has(name));
  return { isInstalled, canInstall: () => Promise.resolve(canInstall), install };
}

describe('ensurePrerequisites', () => {
  it('does nothing if everything is installed', async () => {
    const sut = machine(['redis-server', 'chromium'], true);
    await ensurePrerequisites(['redis-server', 'chromium'], sut);
    expect(sut.install).not.toHaveBeenCalled();
  });

  it('installs only missing programs, if it can', async () => {
    const sut = machine(['chromium'], true);
    await ensurePrerequisites(['redis-server', 'chromium'], sut);
    expect(sut.install).toHaveBeenCalledWith(['redis-server']);
  });

  it('names the packages to install otherwise', async () => {
    const sut = machine([], false);
    await expect(ensurePrerequisites(['redis-server', 'chromium'], sut)).rejects.toThrow(
      'Missing for the tests: redis-server, chromium. Install: apt-get install --no-install-recommends redis-server ' +
        'chromium (or set CHROMIUM_PATH to a Chromium or Chrome)',
    );
    expect(sut.install).not.toHaveBeenCalled();
  });

  it('names the packages to install if apt-get fails', async () => {
    const sut = machine([], true);
    sut.install.mockRejectedValue(new Error('no network'));
    await expect(ensurePrerequisites(['redis-server'], sut)).rejects.toThrow(/apt-get install .*did not succeed here/);
  });
});
