import MarkdownIt, { type MarkdownIt as Parser, type StateCore, type StateInline, type Token } from 'markdown-it';

const { unescapeAll } = new MarkdownIt().utils;

/** In characters. Longer addresses stay text. */
const MAX_ADDRESS = 2_000;

/** Schemes that become links. GitHub also links `ftp:` and `xmpp:`, which sites must not link to. */
const SCHEME_BEFORE = /(?:^|[^a-zA-Z])(https?)$/i;
const SCHEME = /https?:\/\//gi;

/**
 * A markdown-it plugin for GitHub's extended autolinks: `https://example.com`, `www.example.com` and `me@example.com`.
 * Not linkify-it: it ends addresses elsewhere, and finds none that begin with `www.` without linking `README.md` too.
 *
 * @see https://github.github.com/gfm/#autolinks-extension-
 */
export function autolinks(parser: Parser): void {
  // Before emphasis, so that underscores in an address stay in it.
  parser.inline.ruler.at('linkify', schemeLink);
  parser.core.ruler.at('linkify', () => undefined);
  parser.core.ruler.after('text_join', 'autolinks', linkText);
}

/** `https://…` in a line. The text before `:` is already in `pending`. */
function schemeLink(state: StateInline, silent: boolean): boolean {
  if (state.linkLevel > 0 || !state.src.startsWith('://', state.pos)) return false;
  // Not the end of `pending`: it is joined lazily, so reading it for each colon would take quadratic time.
  const [, scheme] = SCHEME_BEFORE.exec(state.src.slice(Math.max(0, state.pos - 6), state.pos)) ?? [];
  if (scheme === undefined || state.pending.length < scheme.length) return false;
  const start = state.pos - scheme.length;
  const end = addressEnd(state.src, start, state.pos + 3, true);
  if (end === undefined) return false;
  if (!silent) {
    state.pending = state.pending.slice(0, -scheme.length);
    const written = unescapeAll(state.src.slice(start, end));
    pushLink(state, written, written);
  }
  state.pos = end;
  return true;
}

function pushLink(state: StateInline, href: string, text: string): void {
  const open = state.push('link_open', 'a', 1);
  open.attrs = [['href', href]];
  open.markup = 'linkify';
  open.info = 'auto';
  state.push('text', '', 0).content = text;
  const close = state.push('link_close', 'a', -1);
  close.markup = 'linkify';
  close.info = 'auto';
}

function linkText({ tokens }: StateCore): void {
  for (const { type, children } of tokens) if (type === 'inline' && children) linkChildren(children);
}

const A_TAG = /^<(\/?)a[>\s]/i;

function linkChildren(children: Token[]): void {
  if (!children.some(({ type, content }) => type === 'text' && MAY_LINK.test(content))) return;
  const linked: Token[] = [];
  let links = 0;
  for (const token of children) {
    const [, closing] = token.type === 'html_inline' ? (A_TAG.exec(token.content) ?? []) : [];
    if (token.type === 'link_open' || closing === '') links += 1;
    else if (token.type === 'link_close' || closing === '/') links = Math.max(0, links - 1);
    if (token.type === 'text' && links === 0 && MAY_LINK.test(token.content)) linkToken(token, linked);
    else linked.push(token);
  }
  children.splice(0, children.length, ...linked.splice(0, MAX_SPLICE));
  for (const token of linked) children.push(token);
}

/** Arguments of one call, which the stack limits. */
const MAX_SPLICE = 10_000;
const MAY_LINK = /www\.|@|https?:\/\//i;

interface Address {
  readonly start: number;
  readonly end: number;
  readonly href: string;
}

function linkToken(token: Token, into: Token[]): void {
  const { content, level } = token;
  let written = 0;
  for (const { start, end, href } of addressesIn(content)) {
    if (start < written) continue;
    if (start > written) into.push(textToken(content.slice(written, start), level));
    into.push(...linkTokens(href, content.slice(start, end), level));
    written = end;
  }
  if (written === 0) into.push(token);
  else if (written < content.length) into.push(textToken(content.slice(written), level));
}

function addressesIn(text: string): Address[] {
  return [...webAddressesIn(text), ...mailAddressesIn(text)].sort((a, b) => a.start - b.start);
}

/** `www.` at the start of a word; GitHub also accepts `*`, `_`, `~` and `(` before it. */
const WWW = /(?<![^\s*_~(])www\./g;

function* webAddressesIn(text: string): Generator<Address> {
  let last = 0;
  for (const { index } of text.matchAll(WWW)) {
    const end = index < last ? undefined : addressEnd(text, index, index, false);
    if (end === undefined) continue;
    last = end;
    yield { start: index, end, href: `http://${text.slice(index, end)}` };
  }
  last = 0;
  for (const { index, 0: scheme } of text.matchAll(SCHEME)) {
    const isWord = index > 0 && /[a-z]/i.test(text.charAt(index - 1));
    const end = isWord || index < last ? undefined : addressEnd(text, index, index + scheme.length, true);
    if (end === undefined) continue;
    last = end;
    yield { start: index, end, href: text.slice(index, end) };
  }
}

const MAIL_NAME = /[A-Za-z0-9._+-]/;
const MAIL_HOST = /^[A-Za-z0-9_-]+(?:\.[A-Za-z0-9_-]+)+/;

function* mailAddressesIn(text: string): Generator<Address> {
  for (let at = text.indexOf('@'); at !== -1; at = text.indexOf('@', at + 1)) {
    let start = at;
    while (start > 0 && at - start < 255 && MAIL_NAME.test(text.charAt(start - 1))) start -= 1;
    const [host = ''] = MAIL_HOST.exec(text.slice(at + 1, at + 256)) ?? [];
    const end = at + 1 + host.length;
    const [scheme = ''] = /(?<![a-z])(?:mailto|xmpp):$/i.exec(text.slice(Math.max(0, start - 8), start)) ?? [];
    if (
      scheme.toLowerCase() === 'xmpp:' ||
      start === at ||
      host === '' ||
      /[_-]$/.test(host) ||
      text.charAt(end) === '@'
    )
      continue;
    const address = text.slice(start, end);
    yield { start: start - scheme.length, end, href: `mailto:${address}` };
  }
}

/**
 * The end of the address that begins at `start` and has its host at `hostStart`, as GitHub's parser finds it. Undefined
 * if there is no valid host.
 */
function addressEnd(text: string, start: number, hostStart: number, short: boolean): number | undefined {
  const rest = text.slice(start, start + MAX_ADDRESS + 1);
  const space = rest.search(/[\s<]/);
  if (space === -1 && rest.length > MAX_ADDRESS) return undefined;
  const address = space === -1 ? rest : rest.slice(0, space);
  if (!isHost(/^(?:[\p{L}\p{N}\p{M}\p{S}_.]|-)+/u.exec(address.slice(hostStart - start))?.[0] ?? '', short))
    return undefined;
  const length = withoutTrailing(address);
  return length > hostStart - start ? start + length : undefined;
}

/** The last two names of a host have no underscores. */
function isHost(host: string, short: boolean): boolean {
  const names = host.split('.');
  if (host === '' || host.startsWith('.') || names.slice(-2).some((name) => name.includes('_'))) return false;
  return short || names.length > 1;
}

/** The length without punctuation that belongs to the sentence, and without brackets that are closed only. */
function withoutTrailing(address: string): number {
  let end = address.length;
  let unopened = [...address.matchAll(/\)/g)].length - [...address.matchAll(/\(/g)].length;
  while (end > 0) {
    const last = address.charAt(end - 1);
    if (last === ')') {
      if (unopened <= 0) return end;
      unopened -= 1;
      end -= 1;
    } else if (last === ';') end = entityStart(address, end);
    else if ('?!.,:*_~\'"'.includes(last)) end -= 1;
    else return end;
  }
  return end;
}

/** The start of what looks like an entity before the semicolon at `end - 1`, or else the semicolon. */
function entityStart(address: string, end: number): number {
  let start = end - 2;
  while (start > 0 && end - start < 40 && /[A-Za-z0-9]/.test(address.charAt(start))) start -= 1;
  return start < end - 2 && address.charAt(start) === '&' ? start : end - 1;
}

function linkTokens(href: string, text: string, level: number): Token[] {
  const open = new MarkdownIt.Token('link_open', 'a', 1);
  open.attrs = [['href', href]];
  const close = new MarkdownIt.Token('link_close', 'a', -1);
  for (const token of [open, close]) Object.assign(token, { markup: 'linkify', info: 'auto', level });
  return [open, textToken(text, level + 1), close];
}

function textToken(content: string, level: number): Token {
  const token = new MarkdownIt.Token('text', '', 0);
  token.content = content;
  token.level = level;
  return token;
}
