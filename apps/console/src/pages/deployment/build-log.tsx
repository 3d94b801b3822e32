import { useQuery } from '@tanstack/react-query';
import type { LogLine } from '@reunite/contracts';
import { queries } from '../../api/queries.js';
import { Loaded } from '../../components/loaded.js';
import { Section } from '../../components/section.js';
import { clockTime } from '../../format/time.js';
import { logTones } from '../../format/tone.js';

interface BuildLogProps {
  readonly deploymentId: string;
  readonly isRunning: boolean;
}

/** The build log with files and lines. Grows while the build runs. */
export function BuildLog({ deploymentId, isRunning }: BuildLogProps) {
  const log = useQuery(queries.deploymentLog(deploymentId));
  return (
    <Section title="Build log">
      <Loaded resource={log} what="the build log">
        {({ items }) =>
          items.length === 0 ? (
            <p className="quiet">{isRunning ? 'No output yet.' : 'No output.'}</p>
          ) : (
            <div className="log" role="log" aria-label="Build log" tabIndex={0}>
              <ol>
                {items.map((line, index) => (
                  <LogRow key={index} line={line} />
                ))}
              </ol>
            </div>
          )
        }
      </Loaded>
    </Section>
  );
}

function LogRow({ line }: { readonly line: LogLine }) {
  const place = line.file !== null && (line.line === null ? line.file : `${line.file}:${line.line}`);
  return (
    <li className={`log-line log-${logTones[line.level]}`}>
      <time dateTime={line.at}>{clockTime(line.at)}</time>
      <span className="log-level">{line.level}</span>
      <span className="log-message">
        {place && <code className="log-place">{`${place} `}</code>}
        {line.message}
      </span>
    </li>
  );
}
