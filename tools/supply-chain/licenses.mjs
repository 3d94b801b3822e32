import { nameOf } from './packages.mjs';

/** Licences that dependencies may have. Each permits use in a closed product without publishing its source. */
const ALLOWED = new Set([
  'MIT',
  'ISC',
  'Apache-2.0',
  'BSD-2-Clause',
  'BSD-3-Clause',
  'BSD',
  '0BSD',
  'BlueOak-1.0.0',
  'CC0-1.0',
  'Unlicense',
  'CC-BY-4.0',
  'Python-2.0',
  'PSF-2.0',
  // Copyleft per file: fine as long as we do not change the package's own files.
  'MPL-2.0',
]);

/** Packages without a licence field, with the licence that their repository states. */
const STATED = {
  // https://github.com/developit/decko/blob/master/LICENSE; used by redoc.
  decko: 'MIT',
  // https://github.com/fabiospampinato/khroma/blob/master/license; used by mermaid.
  khroma: 'MIT',
  // https://github.com/wilddeer/stickyfill/blob/master/LICENSE; used by redoc.
  stickyfill: 'MIT',
};

function isAllowed(expression) {
  const text = expression.replace(/^\(|\)$/g, '');
  if (text.includes(' OR ')) return text.split(' OR ').some((part) => ALLOWED.has(part));
  return text.split(' AND ').every((part) => ALLOWED.has(part));
}

/**
 * @param packages of package-lock.json, by path
 * @returns one text per package whose licence is not allowed
 */
export function licenceViolations(packages) {
  return Object.entries(packages).flatMap(([path, { license, link }]) => {
    if (!path.includes('node_modules/') || link) return [];
    const name = nameOf(path);
    const stated = typeof license === 'string' ? license : STATED[name];
    if (stated !== undefined && isAllowed(stated)) return [];
    return [`${name} has the licence "${stated ?? 'none'}", which tools/supply-chain/licenses.mjs does not allow.`];
  });
}
