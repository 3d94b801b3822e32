/**
 * Generates docs/metrics.md from the metrics that the services declare. Run it after a build:
 * `node docs/generate-metrics.mjs`. With `--check` it writes nothing and fails if the page is out of date.
 */
import { readFile, writeFile } from 'node:fs/promises';
import { format, resolveConfig } from 'prettier';
import { serviceMetrics } from './service-metrics.mjs';

const page = new URL('metrics.md', import.meta.url);

/** Sections of the page by the beginning of the names. A metric without a section fails the generation. */
const sections = [
  [
    'Requests',
    ['http_', 'grpc_', 'api_'],
    'HTTP: `api`, `webhook-ingest`, `preview-host`. gRPC: `credential-vault`, `api`.',
  ],
  ['Deliveries', ['webhook_'], '`webhook-ingest` and `sync-worker`.'],
  ['Jobs', ['job_', 'queue_'], '`sync-worker`.'],
  ['Content and deployments', ['content_', 'build_', 'deployment_', 'commit_status'], '`sync-worker`.'],
  ['GitHub Enterprise Servers', ['ghes_', 'worker_self_test'], '`sync-worker` and `credential-vault`.'],
  ['Vault', ['vault_'], '`credential-vault`; its clients serve `vault_client_*`.'],
  ['Storage', ['s3_'], 'Services that read or write content or artifacts in S3.'],
  ['Services', ['service_', 'database_pool_'], 'Every service.'],
];

const introduction = `# Metrics

Generated from the services' code by \`node docs/generate-metrics.mjs\`: change the code, not this page.

\`sync-worker\` serves \`GET /metrics\` on its only port, the other services on \`METRICS_PORT\`; neither is published. Each
process has one registry. Durations are histograms in seconds with the buckets 5 ms to 120 s. Alert rules are in
[\`deploy/prometheus\`](../deploy/prometheus), a dashboard is in [\`deploy/grafana\`](../deploy/grafana).
`;

function table(metrics) {
  const rows = metrics.map(
    ({ name, type, labels, help }) =>
      `| \`${name}\` | ${type} | ${labels.map((label) => `\`${label}\``).join(', ')} | ${help.replaceAll('|', '\\|')} |`,
  );
  return ['| Metric | Type | Labels | Meaning |', '| --- | --- | --- | --- |', ...rows, ''].join('\n');
}

const { own, process: ofProcess } = await serviceMetrics();
const rest = new Set(own);
const parts = sections.map(([title, prefixes, text]) => {
  const metrics = own.filter(({ name }) => prefixes.some((prefix) => name.startsWith(prefix)));
  for (const metric of metrics) rest.delete(metric);
  return [`## ${title}`, '', text, '', table(metrics)].join('\n');
});
if (rest.size > 0) throw new Error(`No section for ${[...rest].map(({ name }) => name).join(', ')}.`);
const names = ofProcess.map(({ name }) => `\`${name}\``).join(', ');
const text = [introduction, ...parts, '## Node.js and the process', '', `Every service: ${names}.`, ''].join('\n');
const formatted = await format(text, { ...(await resolveConfig(page)), parser: 'markdown' });

if (!process.argv.includes('--check')) await writeFile(page, formatted);
else if ((await readFile(page, 'utf8').catch(() => '')) !== formatted) {
  console.error('docs/metrics.md is out of date. Run: node docs/generate-metrics.mjs');
  process.exit(1);
}
process.exit();
