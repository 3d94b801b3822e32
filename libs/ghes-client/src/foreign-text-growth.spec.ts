import type { X509Certificate } from 'node:crypto';
import { checkServerIdentity } from 'node:tls';
import { describe, expect, it } from '@jest/globals';
import { growthExponent } from '@reunite/testing';
import { graphqlErrors } from './graphql/graphql-error.rules.js';
import { clockSkewOf } from './network/clock-skew.rules.js';
import { bypassesProxy } from './network/no-proxy.rules.js';
import { transportError } from './network/transport-error.rules.js';
import { nextLink } from './operations/paging.js';
import { assertPinned } from './policies/pinned-origin.rules.js';
import { readJson } from './policies/read-json.rules.js';
import { certificateNames, describeCertificate, readCertificates } from './profile/certificates.rules.js';
import { DIRECT_PROFILE, profileViolations } from './profile/connection-profile.rules.js';
import { readUrl } from './read-url.rules.js';
import { responseError } from './response-error.rules.js';
import { supportOf } from './server-versions.rules.js';

const url = 'https://ghes.example.com/api/v3/app';
const now = new Date();

const response = (text: string, headers = {}) => ({
  status: 200,
  headers: { 'content-type': 'application/json', ...headers },
  body: Buffer.from(text),
});
const errorWith = (header: string) => (text: string) =>
  responseError({ method: 'GET', url, status: 403, headers: { [header]: text }, body: '' }, now, 0);
const certificateWith = (names: string) =>
  ({ subject: names, issuer: names, validFrom: names, validTo: names, subjectAltName: names }) as X509Certificate;

const DATES = ['(', '1', ' ', 'Mon, ', '+', '1:'];
const PEM = ['-----BEGIN ', '-----BEGIN CERTIFICATE-----', '-----BEGIN CERTIFICATE-----\n', '-', 'A', '\n', 'PRIVATE '];
const JSON_TEXT = ['[', '{"a":', '"', '"\\', '1', '1234567890123456', '1234567890123456,', ' ', '"1234567890123456n",'];
const NAMES = ['DNS:a, ', ', ', '\n', 'DNS:"', 'DNS:"a", ', 'IP Address:', 'CN=', '\0'];

/** Sizes that a certificate can have: OpenSSL rejects chains of more than 100 KiB. Quadratic below 20 ms is accepted. */
const MAX_CERTIFICATE = 128 * 1_024;
const MAX_SIZE = 256 * 1_024;

/** Each entry names a reader, texts to repeat, and the largest size. Sockets limit headers to 16 KB in all. */
const READERS: readonly (readonly [string, readonly string[], (text: string) => unknown, number?])[] = [
  ['the header link', ['<', '<a>', '<a>;', '<a>; rel=', '; ', ' '], nextLink],
  ['the header date', DATES, (date) => clockSkewOf({ date }, 0, 0)],
  ['the header retry-after', DATES, errorWith('retry-after')],
  ['the header x-ratelimit-reset', ['1', ' '], errorWith('x-ratelimit-reset')],
  ['granted permissions', [';', ',', ' ', 'a=b; '], errorWith('x-accepted-github-permissions')],
  ['the header location', ['/', '../', '%2e', '@', ':', '\\', '\t', '[', 'a.'], (text) => readUrl(text, url)],
  ['the address of a page', ['/', '../', '%2e', '.', '?', '#'], (text) => assertPinned(`${url}${text}`, url)],
  ['a version', ['1', '1.', 'a', '11111.'], (version) => supportOf(version, now)],
  [
    'a content type',
    [';', ' ', 'application/', '+json'],
    (type) => readJson(response('{}', { 'content-type': type }), ''),
  ],
  ['a body', JSON_TEXT, (text) => readJson(response(text), '')],
  ['a list in a body', JSON_TEXT, (text) => readJson(response(`[1234567890123456,${text}1]`), '')],
  ['an error of GraphQL', [' ', 'eyJ', '-----BEGIN '], (message) => graphqlErrors(errorsOf(message), 0)],
  ['an error of a proxy', [' ', 'eyJ', '//'], (text) => transportError(new Error(text), 'GET /')],
  ['a bundle of certificates', PEM, readCertificates],
  ['a certificate authority', PEM, (caBundle) => profileViolations({ ...DIRECT_PROFILE, caBundle })],
  [
    'a client key',
    PEM,
    (clientKey) => profileViolations({ ...DIRECT_PROFILE, clientKey, clientCertificate: clientKey }),
  ],
  ['a gateway header', [' ', 'a ', '\t'], (value) => profileViolations(withGatewayHeader('a', value))],
  ['the name of a gateway header', ['proxy-', 'x-', 'if-'], (name) => profileViolations(withGatewayHeader(name, ''))],
  ['a proxy', ['/', '@', ':', '%'], (text) => profileViolations({ ...DIRECT_PROFILE, proxyUrl: `http://${text}` })],
  ['an exemption from the proxy', ['*.', ':1', '[', ' ', '/'], (text) => bypassesProxy(new URL(url), [text])],
  ['names of a certificate', NAMES, (text) => certificateNames(certificateWith(text))],
  ['fields of a certificate', NAMES, (text) => describeCertificate(certificateWith(text))],
  [
    'a certificate for a host',
    NAMES,
    (text) => checkServerIdentity('a', { subjectaltname: text } as never),
    MAX_CERTIFICATE,
  ],
];

function errorsOf(message: string) {
  return { data: { errors: [{ message }] }, headers: {} };
}

function withGatewayHeader(gatewayHeaderName: string, gatewayHeaderValue: string) {
  return { ...DIRECT_PROFILE, gatewayHeaderName, gatewayHeaderValue };
}

describe('text of a server, a gateway, a proxy or a certificate', () => {
  it.each(READERS)('attack: %s takes time linear to its size', (_, texts, read, maxSize = MAX_SIZE) => {
    const grows = (text: string) => growthExponent((size) => text.repeat(size / text.length), read, { maxSize }) > 1.6;
    expect(texts.filter(grows)).toEqual([]);
  });
});
