// npm run bench -- <name> [--json]: runs bench/<name>.bench.mjs.
import { readdirSync } from 'node:fs';

const names = readdirSync(import.meta.dirname).flatMap((file) => /^(.+)\.bench\.mjs$/.exec(file)?.[1] ?? []);
const [name] = process.argv.slice(2).filter((word) => !word.startsWith('-'));
if (names.includes(name)) {
  await import(`./${name}.bench.mjs`);
} else {
  console.error(`Name a benchmark: ${names.join(', ')}. E.g. npm run bench -- ${names[0]} --json`);
  process.exitCode = 1;
}
