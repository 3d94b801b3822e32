/**
 * Generates deploy/grafana/dashboard.json: `node deploy/grafana/generate-dashboard.mjs`. Import it in Grafana (10 or later)
 * and choose the Prometheus data source.
 */
import { writeFile } from 'node:fs/promises';

const rate = (metric, by, filter = '') => `sum by (${by}) (rate(${metric}${filter}[$__rate_interval]))`;
const quantile = (q, metric, by, filter = '') =>
  `histogram_quantile(${q}, sum by (le, ${by}) (rate(${metric}_bucket${filter}[$__rate_interval])))`;

/** Rows of panels: title, unit, and queries with their legends. */
const rows = [
  [
    'Overview',
    ['Versions', 'none', [['count by (app, version) (service_info)', '{{app}} {{version}}']]],
    ['Inbox lag', 's', [['max(webhook_inbox_lag_seconds)', 'oldest pending delivery']]],
    ['Oldest status to send', 's', [['max(commit_status_oldest_pending_seconds)', 'oldest pending status']]],
    [
      'Deployments, from creation to end',
      's',
      [
        [quantile(0.5, 'deployment_duration_seconds', 'environment', '{outcome="success"}'), 'p50 {{environment}}'],
        [quantile(0.99, 'deployment_duration_seconds', 'environment', '{outcome="success"}'), 'p99 {{environment}}'],
      ],
    ],
  ],
  [
    'HTTP and gRPC',
    [
      'HTTP requests',
      'reqps',
      [[rate('http_server_request_duration_seconds_count', 'job, status'), '{{job}} {{status}}']],
    ],
    [
      'HTTP duration, p99',
      's',
      [[quantile(0.99, 'http_server_request_duration_seconds', 'job, route'), '{{job}} {{route}}']],
    ],
    [
      'gRPC calls',
      'reqps',
      [[rate('grpc_server_call_duration_seconds_count', 'job, method, code'), '{{job}} {{method}} {{code}}']],
    ],
    [
      'gRPC duration, p99',
      's',
      [[quantile(0.99, 'grpc_server_call_duration_seconds', 'job, method'), '{{job}} {{method}}']],
    ],
    [
      'Rejected calls of the API',
      'reqps',
      [[rate('api_rejected_calls_total', 'protocol, status, code'), '{{protocol}} {{status}} {{code}}']],
    ],
  ],
  [
    'Deliveries',
    ['Webhook requests', 'reqps', [[rate('webhook_deliveries_total', 'outcome'), '{{outcome}}']]],
    ['Accepted by event', 'reqps', [[rate('webhook_deliveries_received_total', 'event'), '{{event}}']]],
    ['Processed', 'reqps', [[rate('webhook_deliveries_processed_total', 'event, outcome'), '{{event}} {{outcome}}']]],
    ['Pending', 'none', [['max(webhook_inbox_pending_deliveries)', 'pending']]],
    [
      'Missed and recovered',
      'none',
      [
        ['sum(increase(webhook_deliveries_missed_total[1h]))', 'missed'],
        ['sum by (way) (increase(webhook_deliveries_recovered_total[1h]))', 'recovered by {{way}}'],
      ],
    ],
    ['Payloads in memory', 'bytes', [['sum by (instance) (webhook_buffered_bytes)', '{{instance}}']]],
  ],
  [
    'Jobs',
    ['Waiting jobs', 'none', [['max by (queue) (queue_jobs{state="waiting"})', '{{queue}}']]],
    ['Age of the oldest waiting job', 's', [['max by (queue) (queue_oldest_waiting_job_seconds)', '{{queue}}']]],
    ['Runs', 'reqps', [[rate('job_duration_seconds_count', 'job_name, outcome'), '{{job_name}} {{outcome}}']]],
    ['Duration, p99', 's', [[quantile(0.99, 'job_duration_seconds', 'job_name'), '{{job_name}}']]],
    ['Wait, p99', 's', [[quantile(0.99, 'job_wait_seconds', 'job_name'), '{{job_name}}']]],
  ],
  [
    'Content, builds and statuses',
    ['Syncs', 'reqps', [[rate('content_sync_duration_seconds_count', 'outcome'), '{{outcome}}']]],
    ['Sync duration, p99', 's', [[quantile(0.99, 'content_sync_duration_seconds', 'outcome'), '{{outcome}}']]],
    [
      'Builds',
      'reqps',
      [[rate('build_duration_seconds_count', 'environment, outcome'), '{{environment}} {{outcome}}']],
    ],
    ['Build duration, p99', 's', [[quantile(0.99, 'build_duration_seconds', 'environment'), '{{environment}}']]],
    ['Statuses', 'reqps', [[rate('commit_statuses_settled_total', 'outcome'), '{{outcome}}']]],
    ['Statuses to send', 'none', [['max(commit_status_pending)', 'pending']]],
    [
      'S3 operations',
      'reqps',
      [[rate('s3_operation_duration_seconds_count', 'operation, result'), '{{operation}} {{result}}']],
    ],
    ['S3 duration, p99', 's', [[quantile(0.99, 's3_operation_duration_seconds', 'operation'), '{{operation}}']]],
  ],
  [
    'GitHub Enterprise Servers',
    [
      'Requests by operation',
      'reqps',
      [[rate('ghes_request_duration_seconds_count', 'operation, result'), '{{operation}} {{result}}']],
    ],
    ['Duration, p99', 's', [[quantile(0.99, 'ghes_request_duration_seconds', 'operation'), '{{operation}}']]],
    [
      'Failed requests by connection',
      'reqps',
      [[rate('ghes_connection_requests_total', 'connection, result', '{result!="ok"}'), '{{connection}} {{result}}']],
    ],
    [
      'Rate limit left (lowest 10)',
      'percentunit',
      [['bottomk(10, min by (connection, resource) (ghes_rate_limit_remaining_ratio))', '{{connection}} {{resource}}']],
    ],
    ['Received', 'Bps', [[rate('ghes_response_bytes_total', 'operation'), '{{operation}}']]],
    ['Probes of self-tests', 'reqps', [[rate('worker_self_test_probes_total', 'probe, state'), '{{probe}} {{state}}']]],
  ],
  [
    'Vault',
    ['Tokens', 'reqps', [[rate('vault_token_requests_total', 'kind, result'), '{{kind}} {{result}}']]],
    [
      'Calls by clients, p99',
      's',
      [[quantile(0.99, 'vault_client_call_duration_seconds', 'job, method'), '{{job}} {{method}}']],
    ],
    [
      'Audit records',
      'reqps',
      [
        ['sum(rate(vault_audit_records_total[$__rate_interval]))', 'appended'],
        ['sum(rate(vault_audit_failures_total[$__rate_interval]))', 'not written'],
      ],
    ],
    ['Credentials by KEK', 'none', [['max by (kek, version) (vault_kek_credentials)', '{{kek}} version {{version}}']]],
    [
      'Age of the oldest credential by KEK',
      's',
      [
        [
          'time() - min by (kek, version) (vault_kek_oldest_credential_timestamp_seconds)',
          '{{kek}} version {{version}}',
        ],
      ],
    ],
    [
      'Certificates: time left',
      's',
      [['min by (app) (service_certificate_not_after_timestamp_seconds) - time()', '{{app}}']],
    ],
  ],
  [
    'Processes',
    [
      'Processor',
      'none',
      [['sum by (job, instance) (rate(process_cpu_seconds_total[$__rate_interval]))', '{{job}} {{instance}}']],
    ],
    ['Memory', 'bytes', [['sum by (job, instance) (process_resident_memory_bytes)', '{{job}} {{instance}}']]],
    [
      'Connections of the database pool',
      'none',
      [
        ['sum by (job, instance, state) (database_pool_connections)', '{{job}} {{instance}} {{state}}'],
        ['sum by (job, instance) (database_pool_waiting_requests)', '{{job}} {{instance}} waiting requests'],
      ],
    ],
    [
      'Event-loop lag, p99',
      's',
      [['max by (job, instance) (nodejs_eventloop_lag_p99_seconds)', '{{job}} {{instance}}']],
    ],
  ],
];

const datasource = { type: 'prometheus', uid: '${datasource}' };
const panels = [];
let y = 0;
for (const [title, ...charts] of rows) {
  panels.push({
    type: 'row',
    title,
    collapsed: false,
    id: panels.length + 1,
    gridPos: { x: 0, y: y++, w: 24, h: 1 },
    panels: [],
  });
  for (const [index, [name, unit, queries]] of charts.entries()) {
    if (index > 0 && index % 3 === 0) y += 8;
    panels.push({
      type: 'timeseries',
      title: name,
      id: panels.length + 1,
      datasource,
      gridPos: { x: (index % 3) * 8, y, w: 8, h: 8 },
      fieldConfig: { defaults: { unit, min: 0 }, overrides: [] },
      options: { legend: { displayMode: 'list', placement: 'bottom' }, tooltip: { mode: 'multi', sort: 'desc' } },
      targets: queries.map(([expr, legendFormat], query) => ({
        refId: String.fromCharCode(65 + query),
        datasource,
        expr,
        legendFormat,
      })),
    });
  }
  y += 8;
}

const dashboard = {
  title: 'Reunite GHES bridge',
  uid: 'reunite-ghes-bridge',
  tags: ['reunite'],
  schemaVersion: 39,
  editable: true,
  refresh: '30s',
  time: { from: 'now-6h', to: 'now' },
  templating: { list: [{ name: 'datasource', type: 'datasource', query: 'prometheus', label: 'Data source' }] },
  panels,
};
await writeFile(new URL('dashboard.json', import.meta.url), `${JSON.stringify(dashboard, null, 2)}\n`);
