/**
 * Checks that the metrics and labels in deploy/prometheus and deploy/grafana exist, after a build. With promtool (Debian's
 * package prometheus) it also checks the syntax of the rules and runs their tests.
 */
import { spawnSync } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { parse } from 'yaml';
import { serviceMetrics } from './service-metrics.mjs';

const folder = new URL('../deploy/', import.meta.url);
const read = (path) => readFile(new URL(path, folder), 'utf8');
const LANGUAGE = new Set(
  'sum min max count avg rate increase min_over_time histogram_quantile time bottomk topk by and or unless bool up le inf nan'.split(
    ' ',
  ),
);
/** Labels that Prometheus adds. */
const TARGET_LABELS = new Set(['job', 'instance', 'le']);
const SUFFIXES = /_(?:bucket|count|sum)$/;

const { own, process: ofProcess } = await serviceMetrics();
const metrics = new Map([...own, ...ofProcess].map((metric) => [metric.name, metric]));
const errors = [];

const rules = parse(await read('prometheus/rules.yml')).groups.flatMap(({ rules: list }) =>
  list.map(({ alert, expr }) => [alert, expr]),
);
const dashboard = JSON.parse(await read('grafana/dashboard.json'));
const panels = dashboard.panels.flatMap(({ title, targets = [] }) => targets.map(({ expr }) => [title, expr]));
const shown = new Set();

for (const [place, expression] of [...rules, ...panels]) {
  const named = metricsOf(expression);
  const labels = new Set(TARGET_LABELS);
  for (const name of named) {
    const metric = metrics.get(name) ?? metrics.get(name.replace(SUFFIXES, ''));
    if (name === 'up') continue;
    if (!metric) errors.push(`${place}: no service has the metric ${name}`);
    else if (metric.type !== 'histogram' && !metrics.has(name)) errors.push(`${place}: ${metric.name} is no histogram`);
    for (const label of metric?.labels ?? []) labels.add(label);
    if (metric) shown.add(metric.name);
  }
  if (named.length === 0) errors.push(`${place}: the expression names no metric`);
  for (const label of labelsOf(expression))
    if (!labels.has(label)) errors.push(`${place}: no metric has the label ${label}`);
}
for (const { name } of own)
  if (!shown.has(name) && !name.endsWith('_not_before_timestamp_seconds'))
    errors.push(`${name} is neither in a rule nor on the dashboard`);

function metricsOf(expression) {
  const bare = expression.replace(/\{[^}]*\}|\[[^\]]*\]/g, ' ').replace(/\b(?:by|without)\s*\([^)]*\)/g, ' ');
  return [...new Set(bare.match(/[a-z_][a-z0-9_]*/g) ?? [])].filter((word) => !LANGUAGE.has(word) || word === 'up');
}

function labelsOf(expression) {
  const grouped = [...expression.matchAll(/\b(?:by|without)\s*\(([^)]*)\)/g)].flatMap(([, names]) => names.split(','));
  const matched = [...expression.matchAll(/\{([^}]*)\}/g)].flatMap(([, matchers]) =>
    [...matchers.matchAll(/(\w+)\s*[=!]/g)].map(([, name]) => name),
  );
  return [...grouped, ...matched].map((name) => name.trim());
}

if (spawnSync('promtool', ['--version']).error) {
  console.log(
    'promtool is not installed: the syntax and the tests of the alert rules were not checked (apt-get install prometheus)',
  );
} else {
  for (const args of [
    ['check', 'rules', 'rules.yml'],
    ['test', 'rules', 'rules.test.yml'],
  ]) {
    const { status, stdout, stderr } = spawnSync('promtool', args, {
      cwd: new URL('prometheus', folder),
      encoding: 'utf8',
    });
    if (status !== 0) errors.push(`promtool ${args.join(' ')}:\n${stdout}${stderr}`);
  }
}

for (const error of errors) console.error(error);
console.log(`${rules.length} alert rules and ${panels.length} queries of the dashboard: ${errors.length} errors`);
process.exit(errors.length > 0 ? 1 : 0);
