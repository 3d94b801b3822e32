/** Name of a package from its path in package-lock.json. */
export function nameOf(path) {
  return path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length);
}

/**
 * Every package with an install script is decided on in `allowScripts`, which npm 11 enforces.
 *
 * @param packages of package-lock.json, by path
 * @returns one text per violation
 */
export function installScriptViolations(packages, allowScripts) {
  return Object.entries(packages).flatMap(([path, { hasInstallScript }]) => {
    const name = nameOf(path);
    if (!hasInstallScript || name in allowScripts) return [];
    return [
      `${name} has an install script. Decide with: npm install-scripts approve|deny --no-allow-scripts-pin ${name}`,
    ];
  });
}

/**
 * A package from elsewhere, or without a hash, could be replaced unnoticed.
 *
 * @param packages of package-lock.json, by path
 * @returns one text per violation
 */
export function sourceViolations(packages) {
  return Object.entries(packages).flatMap(([path, { resolved, integrity, link, inBundle }]) => {
    if (!path.includes('node_modules/') || link || inBundle) return [];
    // The lockfile has no addresses: npm takes packages of the configured registry. One that is there must be the
    // public one.
    const isPublic = resolved === undefined || resolved.startsWith('https://registry.npmjs.org/');
    if (isPublic && integrity?.startsWith('sha512-')) return [];
    return [`${path} in package-lock.json is not from registry.npmjs.org, or has no SHA-512.`];
  });
}
