import type { RawUniversalConfig } from '@redocly/openapi-core';

/** The rule sets that come with Redocly. */
const ruleSets = new Set(['minimal', 'recommended', 'recommended-strict', 'spec', 'all']);
const ruleKeys = ['rules', 'oas2Rules', 'oas3_0Rules', 'oas3_1Rules', 'oas3_2Rules'];
/** Settings that would have an effect here, and may not. What else there is (`theme`, …) is for other programs. */
const refusedKeys = ['plugins', 'preprocessors', 'decorators', 'resolve'];

export interface AllowedSettings {
  readonly settings: RawUniversalConfig;
  /** What was left out, and why. */
  readonly refused: readonly string[];
  /** Path of a description → its name in `apis`. */
  readonly roots: ReadonlyMap<string, string>;
}

/** Takes of a parsed `redocly.yaml` what chooses between Redocly's own rules, and nothing else. */
export function allowedSettings(config: unknown): AllowedSettings {
  const refused: string[] = [];
  const roots = new Map<string, string>();
  const all = recordOf(config);
  const apis: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(recordOf(all['apis']))) {
    const api = recordOf(value);
    const root = api['root'];
    if (typeof root !== 'string') continue;
    roots.set(root.replace(/^(?:\.?\/)+/, ''), name);
    apis[name] = { root, ...chosenRules(api, refused) };
  }
  const settings = { ...chosenRules(all, refused), ...(roots.size > 0 && { apis }) };
  return { settings: settings as RawUniversalConfig, refused, roots };
}

function chosenRules(config: Readonly<Record<string, unknown>>, refused: string[]): Record<string, unknown> {
  for (const key of refusedKeys.filter((name) => name in config)) {
    refused.push(`"${key}" is not used: nothing of a repository is executed or fetched`);
  }
  const chosen: Record<string, unknown> = {};
  const sets = listOf(config['extends']);
  const known = sets.filter((name): name is string => typeof name === 'string' && ruleSets.has(name));
  for (const other of sets.filter((name) => !(known as unknown[]).includes(name))) {
    refused.push(`"extends: ${shown(other)}" is not used: only ${[...ruleSets].join(', ')} are known`);
  }
  if (known.length > 0) chosen['extends'] = known;
  for (const key of ruleKeys.filter((name) => name in config)) chosen[key] = ownRules(recordOf(config[key]), refused);
  return chosen;
}

/** Rules with a slash come from plugins; `rule/…` are Redocly's assertions, which are data. */
function ownRules(rules: Readonly<Record<string, unknown>>, refused: string[]): Record<string, unknown> {
  const entries = Object.entries(rules).filter(([name]) => {
    const own = !name.includes('/') || name.startsWith('rule/');
    if (!own) refused.push(`The rule "${shown(name)}" is not used: it comes from a plugin`);
    return own;
  });
  return Object.fromEntries(entries);
}

function recordOf(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : {};
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? (value as unknown[]) : value === undefined ? [] : [value];
}

function shown(value: unknown): string {
  return (typeof value === 'string' ? value : JSON.stringify(value)).slice(0, 100);
}
