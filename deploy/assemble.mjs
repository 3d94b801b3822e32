/**
 * Copies what one service needs at run time, in the layout of the repository: its built files, the libraries that it
 * imports, and the packages that these import, with their dependencies.
 *
 * Usage, in the repository's root, after `npm run build`:
 * `node deploy/assemble.mjs <service> <folder with production node_modules> <target folder>`
 */
import { cp, mkdir, readdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { builtinModules } from 'node:module';
import { basename, dirname, join, relative, resolve } from 'node:path';

const [service, modulesFolder, target] = process.argv.slice(2);
if (!service || !modulesFolder || !target) {
  console.error('Usage: node deploy/assemble.mjs <service> <folder with node_modules> <target folder>');
  process.exit(2);
}

const modules = resolve(modulesFolder);

/** Folders that a service or library reads besides its code. */
const EXTRA = {
  api: ['apps/console/dist'],
  contracts: ['libs/contracts/proto'],
  'ghes-simulator': ['apps/ghes-simulator/seed'],
};

/** Packages that the site builder copies single files of; the first file is the one that `require.resolve` finds. */
const FILES_OF_PACKAGE = {
  mermaid: ['dist/mermaid.core.mjs', 'dist/mermaid.min.js'],
  redoc: ['bundles/redoc.lib.js', 'bundles/redoc.standalone.js'],
};
/** Files that no process reads: descriptions, types, and second builds of a package. */
const UNUSED_FILE =
  /\.(?:map|flow|markdown|ts|mts|cts)$|\/(?:README|CHANGELOG|HISTORY)\.md$|\/(?:typeorm\/browser|zod\/src|rxjs\/(?:src|dist\/(?:bundles|esm|esm5))|highlight\.js\/(?:styles|scss)|swagger-ui-dist\/swagger-ui-(?:es-)?bundle[^/]*)(?:\/|$)/i;

const IMPORT = /(?:\bfrom|\bimport|\bimport\(|\brequire\(|\bresolve\()\s*['"]([^'"\n]+)['"]/g;
const packageName = (specifier) => specifier.split('/', specifier.startsWith('@') ? 2 : 1).join('/');

async function importsOf(folder) {
  const names = new Set();
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile() || !/\.[cm]?js$/.test(entry.name)) continue;
    const text = await readFile(join(entry.parentPath, entry.name), 'utf8');
    for (const [, specifier] of text.matchAll(IMPORT)) {
      if (/^[@a-z]/.test(specifier) && !specifier.startsWith('node:')) names.add(packageName(specifier));
    }
  }
  return [...names].filter((name) => !builtinModules.includes(name));
}

const projects = new Set();
const packages = new Set();

async function addProject(project) {
  if (projects.has(project)) return;
  projects.add(project);
  for (const name of await importsOf(join(project, 'dist'))) {
    if (name.startsWith('@reunite/')) await addProject(join('libs', name.slice('@reunite/'.length)));
    else await addPackage(name, modules);
  }
}

/** Adds a package as `from` would resolve it, with its dependencies. Packages that are not installed are optional. */
async function addPackage(name, from) {
  const folder = await installed(name, from);
  if (folder === null || packages.has(folder)) return;
  packages.add(folder);
  if (name in FILES_OF_PACKAGE) return;
  const { dependencies, optionalDependencies, peerDependencies, peerDependenciesMeta } = await manifestOf(folder);
  const peers = Object.keys(peerDependencies ?? {}).filter((peer) => !peerDependenciesMeta?.[peer]?.optional);
  for (const one of [...Object.keys({ ...dependencies, ...optionalDependencies }), ...peers]) {
    await addPackage(one, folder);
  }
}

async function installed(name, from) {
  for (let folder = from; ; folder = dirname(folder)) {
    const candidate = join(folder, 'node_modules', name);
    if (await manifestOf(candidate)) return candidate;
    if (folder === dirname(folder) || folder === modules) return null;
  }
}

const manifestOf = (folder) =>
  readFile(join(folder, 'package.json'), 'utf8').then(JSON.parse, (error) => {
    if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return null;
    throw error;
  });

async function copy(from, to = join(target, from), isUsed = () => true) {
  await mkdir(dirname(to), { recursive: true });
  await cp(from, to, { recursive: true, filter: isUsed });
}

async function copyPackage(folder) {
  const path = relative(modules, folder);
  const only = FILES_OF_PACKAGE[path.split('node_modules/').at(-1)];
  if (only) {
    for (const file of ['package.json', ...only]) await copy(join(folder, file), join(target, path, file));
    return;
  }
  const nested = join(folder, 'node_modules');
  await copy(folder, join(target, path), (file) => file !== nested && !UNUSED_FILE.test(file));
}

/** The packages of the image, https://cyclonedx.org/docs/1.6/json/ */
async function billOfMaterials() {
  const manifests = await Promise.all([...packages].map(manifestOf));
  const components = manifests.map(({ name, version, license }) => ({
    type: 'library',
    name,
    version,
    purl: `pkg:npm/${name.replace('@', '%40')}@${version}`,
    ...(typeof license === 'string' && { licenses: [{ expression: license }] }),
  }));
  const component = { type: 'application', name: `reunite-${service}` };
  return { bomFormat: 'CycloneDX', specVersion: '1.6', version: 1, metadata: { component }, components };
}

const app = join('apps', service);
await readdir(join(app, 'dist')).catch(() => {
  console.error(`${app}/dist is missing: it is no service, or it is not built.`);
  process.exit(1);
});
await addProject(app);
await copy('package.json');
for (const project of projects) {
  for (const part of ['package.json', 'dist']) await copy(join(project, part));
  if (project === app) continue;
  const library = basename(project);
  await mkdir(join(target, 'node_modules/@reunite'), { recursive: true });
  await symlink(`../../libs/${library}`, join(target, 'node_modules/@reunite', library));
  for (const folder of EXTRA[library] ?? []) await copy(folder);
}
for (const folder of packages) await copyPackage(folder);
await writeFile(join(target, 'sbom.cdx.json'), JSON.stringify(await billOfMaterials()));
for (const folder of EXTRA[service] ?? []) await copy(folder);
