import { describe, expect, it, jest } from '@jest/globals';
import { ensurePrerequisites } from './prerequisites.js';
import type { Machine, Prerequisite } from './prerequisites.js';

function machine(there: Prerequisite[], mayInstall: boolean) {
  const present = new Set<string>(there);
  const install = jest.fn<Machine['install']>(async (packages) => {
    packages.forEach((name) => present.add(name));
    await Promise.resolve();
  });
  const isThere = (name: Prerequisite) => Promise.resolve(present.has(name));
  return { isThere, canInstall: () => Promise.resolve(mayInstall), install };
}

describe('ensurePrerequisites', () => {
  it('does nothing where everything is there', async () => {
    const sut = machine(['redis-server', 'chromium'], true);
    await ensurePrerequisites(['redis-server', 'chromium'], sut);
    expect(sut.install).not.toHaveBeenCalled();
  });

  it('installs only what is missing where it may', async () => {
    const sut = machine(['chromium'], true);
    await ensurePrerequisites(['redis-server', 'chromium'], sut);
    expect(sut.install).toHaveBeenCalledWith(['redis-server']);
  });

  it('names exactly what to install where it may not', async () => {
    const sut = machine([], false);
    await expect(ensurePrerequisites(['redis-server', 'chromium'], sut)).rejects.toThrow(
      'Missing for the tests: redis-server, chromium. Install: apt-get install --no-install-recommends redis-server ' +
        'chromium (or set CHROMIUM_PATH to a Chromium or Chrome)',
    );
    expect(sut.install).not.toHaveBeenCalled();
  });

  it('says what to install by hand where apt-get fails', async () => {
    const sut = machine([], true);
    sut.install.mockRejectedValue(new Error('no network'));
    await expect(ensurePrerequisites(['redis-server'], sut)).rejects.toThrow(/apt-get install .*did not succeed here/);
  });
});
