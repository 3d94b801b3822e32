import { describe, expect, it } from '@jest/globals';
import type { Finding } from '@reunite/contracts';
import { checkRunHash, desiredCheckRun } from './check-run.rules.js';
import type { CheckRunSource } from './check-run.rules.js';

const finding: Finding = {
  ...{ severity: 'error', rule: 'link-target-missing', message: 'There is no page gone.md.' },
  ...{ file: 'guides/start.md', line: 3, column: 7 },
};
const source = (change: Partial<CheckRunSource> = {}): CheckRunSource => ({
  ...{ projectName: 'docs', rootFolder: '', findings: [], moreFindings: false },
  results: [
    { check: 'lint', state: 'success', description: 'No problems' },
    { check: 'links', state: 'success', description: '1 warning' },
  ],
  ...change,
});
const withStates = (...states: CheckRunSource['results'][number]['state'][]) =>
  source({ results: states.map((state) => ({ check: 'lint', state, description: state })) });

describe('the check run of a commit', () => {
  it('names the project and shows the result of each check', () => {
    expect(desiredCheckRun(source())).toEqual({
      name: 'Reunite (docs): findings',
      conclusion: 'success',
      title: 'lint: No problems; links: 1 warning',
      summary: '- **lint**: successful, No problems\n- **links**: successful, 1 warning',
      annotations: [],
    });
  });

  it('shows findings at their places in the repository', () => {
    const whole = { ...finding, severity: 'warning' as const, line: null, column: null };
    expect(desiredCheckRun(source({ rootFolder: 'site', findings: [finding, whole] }))?.annotations).toEqual([
      {
        ...{ path: 'site/guides/start.md', line: 3, column: 7, level: 'failure' },
        ...{ title: 'link-target-missing', message: 'There is no page gone.md.' },
      },
      expect.objectContaining({ path: 'site/guides/start.md', line: 1, column: null, level: 'warning' }),
    ]);
  });

  it('states that findings are left out: those without a file, and those beyond the limit', () => {
    expect(desiredCheckRun(source({ findings: [finding] }))?.summary).not.toContain('Not all findings');
    expect(desiredCheckRun(source({ findings: [{ ...finding, file: null }] }))).toMatchObject({
      annotations: [],
      summary: expect.stringContaining('Not all findings'),
    });
    expect(desiredCheckRun(source({ moreFindings: true }))?.summary).toContain('Not all findings');
  });

  it.each([
    ['success', ['success', 'success']],
    ['failure', ['error', 'failure']],
    ['neutral', ['success', 'error']],
  ] as const)('is a %s', (conclusion, states) => {
    expect(desiredCheckRun(withStates(...states))?.conclusion).toBe(conclusion);
  });

  it('does not exist while a check runs', () => {
    expect(desiredCheckRun(withStates('failure', 'pending'))).toBeNull();
  });

  it('attack: texts of a repository are shortened, and none is Markdown', () => {
    const hostile = { ...finding, rule: 'r'.repeat(1_000), message: '\u{1F600}'.repeat(100_000) };
    const run = desiredCheckRun(
      source({
        findings: [hostile],
        results: [{ check: 'links', state: 'error', description: '[x](javascript:1) <img> @acme/all #1' }],
      }),
    );
    expect(run?.annotations[0]?.title).toHaveLength(255);
    expect(run?.annotations[0]?.message).toHaveLength(2_000);
    expect(run?.summary).toContain('\\[x\\]\\(javascript:1\\) \\<img\\> \\@acme/all \\#1');
  });

  it('has a hash that changes with its content', () => {
    const hashes = [source(), source({ findings: [finding] }), source()].map((one) => {
      const run = desiredCheckRun(one);
      return run && checkRunHash(run);
    });
    expect(hashes[0]).toBe(hashes[2]);
    expect(hashes[0]).not.toBe(hashes[1]);
  });
});
