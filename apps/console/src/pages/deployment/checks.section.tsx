import { useQuery } from '@tanstack/react-query';
import { Link } from 'react-router';
import type { Check, ComparedFinding, Deployment } from '@reunite/contracts';
import { queries } from '../../api/queries.js';
import { Badge } from '../../components/badge.js';
import { Loaded } from '../../components/loaded.js';
import { Notice } from '../../components/notice.js';
import { Section } from '../../components/section.js';
import { counted } from '../../format/text.js';
import { checkTones, logTones } from '../../format/tone.js';

const titles: Readonly<Record<Check['name'], string>> = { lint: 'Lint', links: 'Link check' };

/** The findings of lint and link check, by file. */
export function Checks({ deployment }: { readonly deployment: Deployment }) {
  const checks = useQuery(queries.deploymentChecks(deployment.id));
  return (
    <Section title="Checks">
      <Loaded resource={checks} what="the checks">
        {({ items, checkRunProblem }) => (
          <>
            {checkRunProblem !== null && (
              <Notice tone="warn" title="The server does not show the check run of this commit">
                {checkRunProblem}
              </Notice>
            )}
            {items.length === 0 && <p className="quiet">This deployment was not checked.</p>}
            {items.map((check) => (
              <CheckResult key={check.name} check={check} deployment={deployment} />
            ))}
          </>
        )}
      </Loaded>
    </Section>
  );
}

interface CheckResultProps {
  readonly check: Check;
  readonly deployment: Deployment;
}

function CheckResult({ check, deployment }: CheckResultProps) {
  const { name, state, summary, errors, warnings, findings } = check;
  const left = errors + warnings - findings.length;
  return (
    <div className="check">
      <h3>
        {titles[name]} <Badge tone={checkTones[state]}>{state}</Badge> <span className="quiet">{summary}</span>
      </h3>
      {[...byFile(findings)].map(([file, fileFindings]) => (
        <details key={file} open={fileFindings.length <= 20}>
          <summary>
            <code>{file || 'Whole site'}</code> <span className="quiet">{counted(fileFindings.length, 'finding')}</span>
          </summary>
          {file !== '' && (
            <Link className="finding-file" to={fileAddress(deployment, file)}>
              Open {file}
            </Link>
          )}
          <ul>
            {fileFindings.map((finding, index) => (
              <FindingRow key={index} finding={finding} />
            ))}
          </ul>
        </details>
      ))}
      {left > 0 && <p className="quiet">{counted(left, 'more finding')} not kept.</p>}
    </div>
  );
}

/** The file in the newest content of the branch. */
function fileAddress({ projectId, branch }: Deployment, file: string): string {
  return `/projects/${projectId}/content?${new URLSearchParams({ branch, file }).toString()}`;
}

function FindingRow({ finding }: { readonly finding: ComparedFinding }) {
  const { severity, rule, message, line, column, isNew } = finding;
  const place = line !== null && `Line ${line}${column === null ? '' : `, column ${column}`}`;
  return (
    <li className={`log-line log-${logTones[severity]}`}>
      <span>{place}</span>
      <span className="log-level">{severity}</span>
      <span className="log-message">
        {isNew === true && <Badge tone="bad">new</Badge>} {message} <code>({rule})</code>
      </span>
    </li>
  );
}

function byFile(findings: readonly ComparedFinding[]): Map<string, ComparedFinding[]> {
  const files = new Map<string, ComparedFinding[]>();
  for (const finding of findings) {
    const file = finding.file ?? '';
    files.set(file, [...(files.get(file) ?? []), finding]);
  }
  return files;
}
