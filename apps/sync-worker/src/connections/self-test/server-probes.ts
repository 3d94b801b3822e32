import { lookup } from 'node:dns/promises';
import { isIP } from 'node:net';
import { certificateProbe, clockProbe, probe } from '@reunite/connections';
import type { ConnectionEntity, ServerFacts } from '@reunite/connections';
import { isCoded } from '@reunite/contracts';
import type { Probe, ProbeName } from '@reunite/contracts';
import { checkServer, describeCertificate, describeCertificates, GhesError, supportOf } from '@reunite/ghes-client';
import type { GhesNetwork } from '@reunite/ghes-client';

const CHECK_MS = 20_000;

/** Probes that an error of the network belongs to; every other error belongs to the connection itself. */
const PROBE_BY_CODE: Readonly<Record<string, ProbeName>> = {
  'ghes-proxy-rejected': 'proxy',
  'ghes-proxy-unreachable': 'proxy',
  'ghes-tls': 'tls',
  'ghes-client-certificate': 'tls',
  'ghes-gateway': 'gateway',
};

/** Parts of the way to the server, in the order in which a request passes them. */
const HOPS = ['proxy', 'connection', 'tls', 'gateway'] as const;
const REACHED: Readonly<Record<(typeof HOPS)[number], string>> = {
  proxy: 'The proxy opens tunnels to the server.',
  connection: 'The server accepts connections.',
  tls: 'The certificate of the server is trusted.',
  gateway: 'Requests and credentials reach the server unchanged.',
};

/** Probes of the way to the server: name, proxy, connection, TLS, gateway, clock and version. */
export async function serverProbes(
  network: GhesNetwork,
  connection: ConnectionEntity,
): Promise<{ readonly probes: Probe[]; readonly facts: ServerFacts }> {
  const [name, certificate, reached] = await Promise.all([
    nameProbe(connection),
    presentedCertificateProbe(network, connection),
    reachProbes(network, connection),
  ]);
  const stored = profileCertificates(connection);
  const facts = {
    version: reached.version,
    certificateExpiresAt: certificate.expiresAt,
    profileExpiresAt: stored.expiresAt,
  };
  return { probes: [name, ...reached.probes, certificate.probe, ...stored.probes], facts };
}

/** Needs no server: it reports expired certificates also while they make the server unreachable. */
export function profileCertificates({ profile }: ConnectionEntity): {
  readonly probes: Probe[];
  readonly expiresAt: Date | null;
} {
  const client = describeCertificates(profile?.clientCertificate ?? '');
  const authorities = describeCertificates(profile?.caBundle ?? '');
  const [first] = [...client, ...authorities].map(({ validTo }) => validTo).sort();
  return {
    probes: [certificateProbe('client-certificate', client), certificateProbe('ca-bundle', authorities)],
    expiresAt: first === undefined ? null : new Date(first),
  };
}

/** The number of addresses only: an error must not map the internal network for a tenant. */
async function nameProbe({ origin, profile }: ConnectionEntity): Promise<Probe> {
  const { hostname } = new URL(origin);
  if (isIP(hostname.replace(/^\[|\]$/g, '')) !== 0)
    return probe('name-resolution', 'skipped', 'The URL has an address.');
  const isProxied = profile !== null && profile.proxyUrl !== '';
  try {
    const addresses = await lookup(hostname, { all: true });
    return probe('name-resolution', 'ok', `${hostname} resolves to ${addresses.length} address(es).`);
  } catch {
    if (isProxied) return probe('name-resolution', 'skipped', `Only the proxy can resolve ${hostname}.`);
    const remedy = 'Check the server URL, and that the name servers of this installation know the name.';
    return probe('name-resolution', 'failed', `${hostname} cannot be resolved.`, remedy);
  }
}

async function presentedCertificateProbe(
  network: GhesNetwork,
  { origin }: ConnectionEntity,
): Promise<{ readonly probe: Probe; readonly expiresAt: Date | null }> {
  const skipped = (evidence: string) => ({ probe: probe('certificate', 'skipped', evidence), expiresAt: null });
  if (!origin.startsWith('https:')) return skipped('The server is reached by http.');
  try {
    const certificate = describeCertificate(await network.serverCertificate(origin));
    return { probe: certificateProbe('certificate', [certificate]), expiresAt: new Date(certificate.validTo) };
  } catch (error) {
    return skipped(messageOf(error));
  }
}

async function reachProbes(
  network: GhesNetwork,
  { origin, profile }: ConnectionEntity,
): Promise<{ readonly probes: Probe[]; readonly version: string | null }> {
  const applies = (hop: (typeof HOPS)[number]) =>
    (hop !== 'tls' || origin.startsWith('https:')) &&
    (hop !== 'proxy' || (profile !== null && profile.proxyUrl !== ''));
  let version: string | null = null;
  let failed: { readonly hop: string; readonly error: unknown } | null = null;
  try {
    ({ version } = await checkServer(network, origin, AbortSignal.timeout(CHECK_MS)));
  } catch (error) {
    failed = { hop: (isCoded(error) ? PROBE_BY_CODE[error.code] : undefined) ?? 'connection', error };
  }
  const failedAt = failed === null ? HOPS.length : HOPS.findIndex((hop) => hop === failed.hop);
  const hops = HOPS.map((hop, index) => {
    if (!applies(hop)) return probe(hop, 'skipped', 'Not used by this connection.');
    if (index < failedAt) return probe(hop, 'ok', REACHED[hop]);
    if (index > failedAt) return probe(hop, 'skipped', 'An earlier probe failed.');
    return probe(hop, 'failed', messageOf(failed?.error), remedyOf(failed?.error));
  });
  if (failed !== null) return { probes: hops, version };
  return { probes: [...hops, clockProbe(network.clockSkewSeconds()), versionProbe(version)], version };
}

function versionProbe(version: string | null): Probe {
  const { support, ends } = supportOf(version ?? undefined, new Date());
  const name = `GitHub Enterprise Server ${version ?? 'of an unknown version'}`;
  switch (support) {
    case 'supported':
      return probe('version', 'ok', `${name}${ends === null ? '' : ` is supported by GitHub until ${ends}`}.`);
    case 'out-of-support':
      return probe('version', 'warning', `${name} is not supported by GitHub since ${ends}.`, 'Upgrade the server.');
    case 'too-old':
      return probe('version', 'failed', `${name} is older than the bridge supports.`, 'Upgrade the server.');
    case 'newer-than-known':
      return probe('version', 'ok', `${name} is newer than this release of the bridge knows.`);
    case 'unknown':
      return probe('version', 'skipped', 'The server returns its version to signed-in users only.');
  }
}

export function messageOf(error: unknown): string {
  return isCoded(error) ? error.message : 'The probe failed; see the log of sync-worker.';
}

export function remedyOf(error: unknown): string {
  return error instanceof GhesError ? error.remedy : 'Follow the message; if it recurs, ask the operator.';
}
