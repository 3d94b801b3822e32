import { GhesMalformedResponseError } from '../errors/malformed-response.error.js';
import type { WireResponse } from '../network/ghes-network.js';

/** Structures that any response may have. */
const FREE_STRUCTURES = 1_000;
/** A server's JSON has at least so many bytes per key, object and array; on average about 20. */
const MIN_BYTES_PER_STRUCTURE = 8;

/**
 * Parses the body of a response. That of a success has to be JSON or empty. That of a failure may be anything: it is
 * only quoted. Integers that JavaScript cannot represent become strings of digits.
 *
 * @returns undefined for an empty body
 * @throws GhesMalformedResponseError
 */
export function readJson({ status, headers, body }: WireResponse, subject: string): unknown {
  if (body.length === 0) return undefined;
  const isSuccess = status >= 200 && status < 300;
  const encoding = headers['content-encoding'] ?? 'identity';
  if (encoding !== 'identity') {
    if (!isSuccess) return undefined;
    throw malformed(
      `${subject} was answered in the encoding ${encoding}, which was not requested.`,
      'encoding',
      status,
    );
  }
  const type = headers['content-type'] ?? 'no content type';
  if (!isJsonType(type)) {
    if (!isSuccess) return body.toString('utf8');
    throw malformed(`${subject} was answered with ${type.slice(0, 100)} instead of JSON.`, 'content-type', status);
  }
  if (structuresOf(body) > FREE_STRUCTURES + body.length / MIN_BYTES_PER_STRUCTURE) {
    throw malformed(`${subject} was answered with JSON that is nearly all structure.`, 'unexpected-shape', status);
  }
  try {
    return JSON.parse(quoteLargeIntegers(body)) as unknown;
  } catch {
    if (!isSuccess) return body.toString('utf8');
    throw malformed(`${subject} was answered with JSON that does not parse.`, 'invalid-json', status);
  }
}

/**
 * Puts quotes around integers that JavaScript cannot represent, as delivery ids of large servers are: they become
 * strings. Parsers of npm that keep such numbers take quadratic time for hostile texts (json-with-bigint 3.5: 4 s for
 * 64 KiB of `"\`).
 */
function quoteLargeIntegers(json: Buffer): string {
  let text = '';
  let copied = 0;
  for (let at = 0; at < json.length; at++) {
    const byte = json[at];
    if (byte === QUOTE) at = endOfString(json, at + 1);
    if (byte !== MINUS && !isDigit(byte)) continue;
    const end = endOfNumber(json, at);
    const number = end - at < MIN_LARGE_DIGITS ? '' : json.toString('latin1', at, end);
    if (/^-?\d+$/.test(number) && !Number.isSafeInteger(Number(number))) {
      text += `${json.toString('utf8', copied, at)}"${number}"`;
      copied = end;
    }
    at = end - 1;
  }
  return text + json.toString('utf8', copied);
}

/** The first integer that JavaScript cannot represent has 16 digits. */
const MIN_LARGE_DIGITS = 16;
const MINUS = 0x2d;
/** Bytes of numbers besides digits: `+-.Ee`. */
const NUMBER_SIGNS = new Set([0x2b, MINUS, 0x2e, 0x45, 0x65]);

function isDigit(byte: number | undefined): boolean {
  return byte !== undefined && byte >= 0x30 && byte <= 0x39;
}

function endOfNumber(json: Buffer, start: number): number {
  let end = start + 1;
  while (end < json.length && (isDigit(json[end]) || NUMBER_SIGNS.has(json[end] ?? 0))) end++;
  return end;
}

function isJsonType(type: string): boolean {
  const [essence = ''] = type.split(';', 1);
  const name = essence.trim().toLowerCase();
  return name === 'application/json' || (name.startsWith('application/') && name.endsWith('+json'));
}

/**
 * Counts the keys, objects and arrays outside of strings. Each costs some 60 bytes of memory when it is parsed, so that
 * 30 MiB of `[{},{},…]` would take more than 1 GiB.
 */
function structuresOf(json: Buffer): number {
  let count = 0;
  for (let at = 0; at < json.length; at++) {
    const byte = json[at];
    if (byte === QUOTE) at = endOfString(json, at + 1);
    else if (byte === COLON || byte === BRACE || byte === BRACKET) count++;
  }
  return count;
}

const QUOTE = 0x22;
const COLON = 0x3a;
const BRACKET = 0x5b;
const BACKSLASH = 0x5c;
const BRACE = 0x7b;

function endOfString(json: Buffer, start: number): number {
  for (let at = start; at < json.length; at++) {
    if (json[at] === BACKSLASH) at++;
    else if (json[at] === QUOTE) return at;
  }
  return json.length;
}

function malformed(
  message: string,
  reason: 'encoding' | 'content-type' | 'invalid-json' | 'unexpected-shape',
  status: number,
): GhesMalformedResponseError {
  return new GhesMalformedResponseError(message, reason, { status });
}
