/* Prints how many examples of the Markdown specifications pass, and the listed exceptions. */
import { createParser } from '../dist/markdown/markdown.parser.js';
import { runSpecification } from './markdown-specification.mjs';

const NAMES = { commonmark: 'CommonMark', gfm: 'GFM' };

const results = runSpecification((markdown, extensions) => createParser(extensions).render(markdown));
const counts = Object.entries(results).map(([name, { total, unexpected, exceptions }]) => {
  const expected = total - exceptions.length;
  return `${NAMES[name]} ${expected - unexpected.length}/${expected}`;
});
console.log(counts.join(', '));
for (const [name, { total, exceptions, withoutExtension, unexpected, unused }] of Object.entries(results)) {
  console.log(`\n${NAMES[name]}: ${total} examples, ${exceptions.length} exceptions`);
  for (const { example, reason } of exceptions) console.log(`  ${example}: ${reason}`);
  console.log(`  ${withoutExtension.length} pass without an extension of GFM:`);
  for (const { example, reason } of withoutExtension) console.log(`  ${example}: ${reason}`);
  for (const { example, markdown, html, actual } of unexpected)
    console.log(`  FAILED ${example}: ${JSON.stringify({ markdown, html, actual })}`);
  if (unused.length > 0) console.log(`  listed, but not different: ${unused.join(', ')}`);
}
if (Object.values(results).some(({ unexpected, unused }) => unexpected.length + unused.length > 0))
  process.exitCode = 1;
