import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { parseAllDocuments } from 'yaml';
import { readComposeFile, ROOT } from './compose-file.js';
import { findHelm } from './helm.js';
import { validateManifest } from './manifest-schemas.js';

interface Container {
  readonly name: string;
  readonly image: string;
  readonly command?: string[];
  readonly env: { readonly name: string; readonly value?: string }[];
  readonly securityContext: object;
  readonly resources: { readonly limits: Record<string, string>; readonly requests: Record<string, string> };
  readonly startupProbe?: object;
  readonly readinessProbe?: object;
  readonly livenessProbe?: object;
}
interface Rule {
  readonly to?: {
    readonly podSelector?: { readonly matchLabels: Record<string, string> };
    readonly ipBlock?: object;
  }[];
  readonly from?: Rule['to'];
  readonly ports?: { readonly port: number }[];
}
interface Manifest {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly annotations?: Record<string, string> };
  readonly spec: {
    readonly template: {
      readonly spec: {
        readonly containers: Container[];
        readonly securityContext: object;
        readonly [name: string]: unknown;
      };
    };
    readonly egress: Rule[];
    readonly ingress?: Rule[];
    readonly [name: string]: unknown;
  };
}

const VALUES = [
  'publicUrl=https://bridge.example.com',
  'webhookPublicUrl=https://hooks.example.com',
  'previewUrlTemplate=https://\\{host\\}.previews.example.net/',
  'jwt.issuer=https://id.example.com',
  'jwt.jwksUrl=https://id.example.com/jwks',
  'storage.contentUrl=s3://bucket/content?region=eu-central-1',
  'storage.artifactsUrl=s3://bucket/artifacts?region=eu-central-1',
  'kekUrl=aws-kms:arn:aws:kms:eu-central-1:1:key/k',
  'autoscaling.enabled=true',
  'autoscaling.keda=true',
  'serviceMonitor.enabled=true',
  'otlpEndpoint=http://collector.monitoring:4318',
];
const helm = await findHelm();
if (helm === null) console.warn('The chart is not tested: there is no Helm.');
const SERVICES = ['api', 'credential-vault', 'preview-host', 'sync-worker', 'webhook-ingest'];
const JOBS = ['migrate-bridge', 'migrate-vault', 'provision'];

const render = (...values: string[]): string =>
  execFileSync(
    helm ?? '',
    ['template', 'bridge', join(ROOT, 'deploy/helm'), ...values.flatMap((value) => ['--set', value])],
    { encoding: 'utf8', stdio: 'pipe' },
  );

(helm === null ? describe.skip : describe)('the Helm chart', () => {
  let manifests: Manifest[];
  const of = (kind: string) => manifests.filter((manifest) => manifest.kind === kind);
  const named = (kind: string, name: string) => {
    const manifest = of(kind).find(({ metadata }) => metadata.name === `bridge-${name}`);
    if (!manifest) throw new Error(`There is no ${kind} ${name}.`);
    return manifest;
  };

  beforeAll(() => {
    manifests = parseAllDocuments(render(...VALUES)).flatMap((document) => {
      const manifest = document.toJSON() as Manifest | null;
      return manifest === null ? [] : [manifest];
    });
  });

  it('renders manifests that the schemas of Kubernetes, KEDA and the Prometheus operator accept', () => {
    expect(manifests.length).toBeGreaterThan(40);
    for (const manifest of manifests) validateManifest(manifest);
    expect(() => validateManifest({ ...named('Deployment', 'api'), spec: { replica: 1 } } as never)).toThrow();
  });

  it('stops with the name of a value that is missing', () => {
    expect(() => render(...VALUES.filter((value) => !value.startsWith('kekUrl')))).toThrow('kekUrl is required');
  });

  it('runs every container without root, with a read-only file system, limits and no token of the cluster', () => {
    const workloads = [...of('Deployment'), ...of('Job')];
    expect(workloads).toHaveLength(SERVICES.length + JOBS.length);
    for (const { spec } of workloads) {
      const pod = spec.template.spec;
      expect(pod['automountServiceAccountToken']).toBe(false);
      expect(pod.securityContext).toMatchObject({ runAsNonRoot: true, seccompProfile: { type: 'RuntimeDefault' } });
      for (const container of pod.containers) {
        expect(container.securityContext).toEqual({
          allowPrivilegeEscalation: false,
          readOnlyRootFilesystem: true,
          capabilities: { drop: ['ALL'] },
        });
        expect(Object.keys(container.resources.limits).sort()).toEqual(['cpu', 'memory']);
        expect(Object.keys(container.resources.requests).sort()).toEqual(['cpu', 'memory']);
      }
    }
  });

  it('probes every service, and starts a new replica before an old one stops', () => {
    for (const name of SERVICES) {
      const { spec } = named('Deployment', name);
      const [container] = spec.template.spec.containers;
      expect(container).toMatchObject({
        startupProbe: expect.anything(),
        readinessProbe: expect.anything(),
        livenessProbe: expect.anything(),
      });
      expect(spec['strategy']).toEqual({ type: 'RollingUpdate', rollingUpdate: { maxSurge: 1, maxUnavailable: 0 } });
      expect(named('PodDisruptionBudget', name).spec['maxUnavailable']).toBe(1);
    }
  });

  it('refers to secrets and contains none', () => {
    expect(of('Secret')).toEqual([]);
    for (const name of SERVICES) {
      const [container] = named('Deployment', name).spec.template.spec.containers;
      const variables = new Map(container?.env.map((variable) => [variable.name, variable.value]));
      expect(variables.get('DATABASE_URL_FILE')).toBe('/run/files/database-url');
      expect([variables.has('DATABASE_URL'), variables.has('QUEUE_URL')]).toEqual([false, false]);
    }
  });

  it('migrates before an upgrade, with the roles first', () => {
    const weights = JOBS.map((name) => {
      const { annotations = {} } = named('Job', name).metadata;
      expect(annotations['helm.sh/hook']).toBe('pre-install,pre-upgrade');
      return Number(annotations['helm.sh/hook-weight']);
    });
    expect(weights).toEqual([0, 0, -10]);
  });

  it('serves the API, webhooks and previews, with a wildcard for previews', () => {
    const hosts = of('Ingress').map(
      ({ spec }) => (spec['rules'] as { host: string; http: { paths: { path: string }[] } }[])[0],
    );
    expect(hosts.map((rule) => [rule?.host, rule?.http.paths.map(({ path }) => path)])).toEqual([
      ['bridge.example.com', ['/']],
      ['*.previews.example.net', ['/']],
      ['hooks.example.com', ['/webhooks/', '/api/webhooks/']],
    ]);
  });

  it('scales the worker by its queues and the inbox, the others by CPU', () => {
    const queries = (named('ScaledObject', 'sync-worker').spec['triggers'] as { metadata: { query: string } }[]).map(
      ({ metadata }) => metadata.query,
    );
    expect(queries).toEqual(['sum(max by (queue) (queue_jobs{state="waiting"}))', 'max(webhook_inbox_lag_seconds)']);
    expect(of('HorizontalPodAutoscaler').map(({ metadata }) => metadata.name)).toEqual(
      SERVICES.filter((name) => name !== 'sync-worker').map((name) => `bridge-${name}`),
    );
  });

  describe('the NetworkPolicies', () => {
    const { services, networks } = readComposeFile();
    const networksOf = (name: string) => services[name]?.networks ?? [];
    const shared = (one: string, other: string) =>
      networksOf(one).some((network) => networksOf(other).includes(network));
    const egressTo = (name: string, port: number) =>
      named('NetworkPolicy', name).spec.egress.some(({ ports = [] }) => ports.some((one) => one.port === port));

    it('deny what no other policy allows', () => {
      expect(of('NetworkPolicy')[0]?.spec).toMatchObject({ policyTypes: ['Ingress', 'Egress'] });
      expect(of('NetworkPolicy')[0]?.spec).not.toHaveProperty('egress');
      for (const { spec } of of('NetworkPolicy')) expect(spec['policyTypes']).toEqual(['Ingress', 'Egress']);
    });

    it.each([...SERVICES, ...JOBS])('of %s allow the databases that it shares a network with', (name) => {
      expect(egressTo(name, 5432)).toBe(shared(name, 'postgres'));
      // The network of the compose file also contains processes that do not use Redis.
      const usesQueue = services[name]?.environment['QUEUE_URL_FILE'] !== undefined;
      expect(egressTo(name, 6379)).toBe(usesQueue);
      expect(usesQueue && !shared(name, 'redis')).toBe(false);
    });

    it('allow the vault to its callers only', () => {
      const callers = Object.keys(services).filter(
        (name) => name !== 'credential-vault' && networksOf(name).includes('vault'),
      );
      expect([...SERVICES, ...JOBS].filter((name) => egressTo(name, 4320)).sort()).toEqual(callers.sort());
      const [rule] = named('NetworkPolicy', 'credential-vault').spec.ingress ?? [];
      const names = rule?.from?.map(({ podSelector }) => podSelector?.matchLabels['app.kubernetes.io/name']);
      expect(names?.sort()).toEqual(callers.sort());
    });

    it('allow other hosts to those that reach them in the compose file, and to preview-host for S3, never metadata services', () => {
      const outside = Object.keys(networks).filter((name) => name !== 'edge' && networks[name]?.internal !== true);
      const expected = SERVICES.filter((name) => networksOf(name).some((network) => outside.includes(network)));
      const blocks = (name: string) =>
        named('NetworkPolicy', name).spec.egress.flatMap(({ to = [] }) => to.flatMap(({ ipBlock }) => ipBlock ?? []));
      const allowed = [...SERVICES, ...JOBS].filter((name) => blocks(name).length > 0);
      expect(allowed.sort()).toEqual([...expected, 'preview-host'].sort());
      for (const name of allowed) expect(blocks(name)).toEqual([{ cidr: '0.0.0.0/0', except: ['169.254.0.0/16'] }]);
    });
  });
});
