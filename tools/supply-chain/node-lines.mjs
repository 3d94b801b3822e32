/**
 * Release lines of Node.js and the day on which each stops receiving security fixes: `end` in
 * https://github.com/nodejs/Release/blob/main/schedule.json, compared on 2026-11-30 (also with `node-releases` 2.0.65,
 * which packages that file). Add a line when it becomes LTS.
 */
export const END_OF_LIFE = {
  20: '2026-04-30',
  22: '2027-04-30',
  24: '2028-04-30',
  26: '2029-04-30',
};

/** Days before its end of life from which on a line must be replaced: time for an update with its tests. */
export const NOTICE_DAYS = 120;

const DAY_MS = 86_400_000;

/**
 * Checks the lines that images and developers use. The oldest supported line (`engines`) may be older: it is tested,
 * but nothing of ours runs on it.
 *
 * @param lines major versions with the file that names them: `{ line: 24, file: 'Dockerfile' }`
 * @returns one text per violation
 */
export function endOfLifeViolations(lines, today) {
  return lines.flatMap(({ line, file }) => {
    const end = END_OF_LIFE[line];
    if (end === undefined) return [`${file} uses Node ${line}, which tools/supply-chain/node-lines.mjs does not list.`];
    const days = Math.floor((Date.parse(end) - today) / DAY_MS);
    if (days >= NOTICE_DAYS) return [];
    return [
      `${file} uses Node ${line}, which ${days < 0 ? 'had' : 'has'} its end of life on ${end}. Use a newer LTS line.`,
    ];
  });
}
