import type { RawUniversalConfig } from '@redocly/openapi-core';

/** The rule sets that come with Redocly. */
const RULE_SETS = new Set(['minimal', 'recommended', 'recommended-strict', 'spec', 'all']);
const RULE_KEYS = ['rules', 'oas2Rules', 'oas3_0Rules', 'oas3_1Rules', 'oas3_2Rules'];
/** Settings that would execute or fetch something. Other settings (`theme`, …) have no effect on the lint. */
const FORBIDDEN_KEYS = ['plugins', 'preprocessors', 'decorators', 'resolve'];

type Settings = Readonly<Record<string, unknown>>;

export interface AllowedSettings {
  readonly settings: RawUniversalConfig;
  /** Messages about settings that were left out. */
  readonly ignored: readonly string[];
  /** Path of a description → its name in `apis`. */
  readonly roots: ReadonlyMap<string, string>;
  /** Regular expressions in the options of rules. */
  readonly patterns: readonly string[];
}

/** Reduces a parsed `redocly.yaml` to the settings that choose and configure Redocly's own rules. */
export function allowedSettings(config: unknown): AllowedSettings {
  const ignored: string[] = [];
  const roots = new Map<string, string>();
  const all = recordOf(config);
  const apis: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(recordOf(all['apis']))) {
    const api = recordOf(value);
    const root = api['root'];
    if (typeof root !== 'string') continue;
    roots.set(root.replace(/^(?:\.?\/)+/, ''), name);
    apis[name] = { root, ...allowedRules(api, ignored) };
  }
  const settings = { ...allowedRules(all, ignored), ...(roots.size > 0 && { apis }) };
  return { settings: settings as RawUniversalConfig, ignored, roots, patterns: patternsIn(settings) };
}

function allowedRules(config: Settings, ignored: string[]): Record<string, unknown> {
  for (const key of FORBIDDEN_KEYS.filter((name) => name in config)) {
    ignored.push(`"${key}" is ignored: code of the repository is not executed and nothing is fetched`);
  }
  const allowed: Record<string, unknown> = {};
  const sets = listOf(config['extends']);
  const isBuiltIn = (name: unknown): name is string => typeof name === 'string' && RULE_SETS.has(name);
  const builtIn = [...new Set(sets.filter(isBuiltIn))];
  for (const other of sets.filter((name) => !isBuiltIn(name))) {
    ignored.push(`"extends: ${quote(other)}" is ignored: only ${[...RULE_SETS].join(', ')} are supported`);
  }
  if (builtIn.length > 0) allowed['extends'] = builtIn;
  for (const key of RULE_KEYS.filter((name) => name in config)) {
    allowed[key] = builtInRules(recordOf(config[key]), ignored);
  }
  return allowed;
}

/** Rules with a slash come from plugins, except `rule/…`: these are Redocly's configurable rules, which are data. */
function builtInRules(rules: Settings, ignored: string[]): Record<string, unknown> {
  const entries = Object.entries(rules).filter(([name]) => {
    const isBuiltIn = !name.includes('/') || name.startsWith('rule/');
    if (!isBuiltIn) ignored.push(`The rule "${quote(name)}" is ignored: it comes from a plugin`);
    return isBuiltIn;
  });
  return Object.fromEntries(entries);
}

/** Redocly compiles `/…/` in the assertions of `rule/…`, and the `prefixes` of the rule `boolean-parameter-prefixes`. */
function patternsIn(settings: unknown): string[] {
  const patterns: string[] = [];
  const open: unknown[] = [settings];
  while (open.length > 0) {
    const value = open.pop();
    if (typeof value === 'string' && value.startsWith('/')) patterns.push(value);
    if (typeof value !== 'object' || value === null) continue;
    const { prefixes } = value as Settings;
    if (prefixes !== undefined) patterns.push(`^(${listOf(prefixes).map(String).join('|')})[A-Z-_]`);
    for (const child of Object.values(value) as unknown[]) open.push(child);
  }
  return patterns;
}

function recordOf(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : {};
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? (value as unknown[]) : value === undefined ? [] : [value];
}

function quote(value: unknown): string {
  return (typeof value === 'string' ? value : JSON.stringify(value)).slice(0, 100);
}
