// Generates a documentation of a realistic size: 25 chapters; front matter, headings, code, tables, lists, links,
// images.
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

const chapters = 25;
export const sections = Array.from({ length: chapters }, (_, at) => ({
  folder: `chapter-${at}`,
  title: `Chapter ${at}`,
}));

const words =
  'the a server webhook deployment connection repository branch commit status preview page build token organization request answer limit retry queue worker store folder link heading'.split(
    ' ',
  );

/** The same text for the same page, whenever it is asked for. */
function sentence(seed, length) {
  const text = Array.from({ length }, (_, at) => words[(seed * 31 + at * at * 7 + at) % words.length]).join(' ');
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;
}

function paragraph(seed) {
  return Array.from({ length: 4 }, (_, at) => sentence(seed + at, 9 + ((seed + at) % 9))).join(' ');
}

const code = [
  '```ts\nimport { createClient } from "@acme/client";\n\n// Retries are on by default.\nexport async function run(name: string): Promise<number> {\n  const client = createClient({ token: process.env.TOKEN, retries: 3 });\n  const answer = await client.request(`/v1/${name}`, { method: "POST" });\n  return answer.status === 202 ? 1 : 0;\n}\n```',
  '```yaml\nserver: https://ghes.example.com\nretries: 3\nfeatures:\n  - previews\n  - search\nlimits: { pages: 1000, size: "2 MB" }\n```',
  '```bash\n# Install and sign in\nnpm install --global @acme/cli\nacme login --host "$HOST" && acme deploy --project docs\n```',
  '```json\n{ "id": "dep_01", "state": "success", "pages": 1000, "problems": [] }\n```',
];

/** About 5 KB. */
export function bodyOf(page) {
  const link = (other) => `../${sections[other % chapters].folder}/page-${other}.md`;
  const parts = [
    `---\ntitle: Page ${page} about ${words[page % words.length]}\ndescription: ${sentence(page, 8)}\n---\n`,
  ];
  for (let part = 0; part < 5; part += 1) {
    const seed = page * 5 + part;
    parts.push(
      `## ${sentence(seed, 4).slice(0, -1)}\n`,
      `${paragraph(seed)} See **[another page](${link((seed * 17) % 1000)})** and \`config.retries\`.\n`,
      `${paragraph(seed + 3)}\n`,
      code[seed % code.length],
      '',
    );
    if (part === 1)
      parts.push(
        '| Name | Type | Meaning |\n|:--|:-:|--:|\n' +
          [1, 2, 3, 4].map((row) => `| \`field${row}\` | string | ${sentence(seed + row, 6)} |\n`).join(''),
      );
    if (part === 2)
      parts.push(
        '![Diagram](../images/diagram.png "How it fits together")\n',
        `### Steps\n\n1. ${sentence(seed, 6)}\n2. ${sentence(seed + 1, 7)}\n   - ${sentence(seed + 2, 5)}\n3. ${sentence(seed + 3, 6)}\n`,
      );
    if (part === 3) parts.push(`> ${paragraph(seed)}\n\n- *${sentence(seed, 4)}*\n- ~~${sentence(seed + 1, 4)}~~\n`);
  }
  return parts.join('\n');
}

export async function writeSite(folder, pages) {
  await mkdir(join(folder, 'images'), { recursive: true });
  await writeFile(join(folder, 'images', 'diagram.png'), Buffer.alloc(2_000, 7));
  for (const section of sections) await mkdir(join(folder, section.folder), { recursive: true });
  for (let page = 0; page < pages; page += 1) {
    await writeFile(join(folder, sections[page % chapters].folder, `page-${page}.md`), bodyOf(page));
  }
}
