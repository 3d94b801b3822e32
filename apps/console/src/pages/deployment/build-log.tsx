import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { LogLine } from '@reunite/contracts';
import { queries } from '../../api/queries.js';
import { Field } from '../../components/field.js';
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
  const [search, setSearch] = useState('');
  return (
    <Section title="Build log">
      <Loaded resource={log} what="the build log">
        {({ items }) =>
          items.length === 0 ? (
            <p className="quiet">{isRunning ? 'No output yet.' : 'No output.'}</p>
          ) : (
            <>
              <LogSearch value={search} onChange={setSearch} />
              <div className="log" role="log" aria-label="Build log" tabIndex={0}>
                <ol>
                  {items
                    .filter((line) => matches(line, search))
                    .map((line, index) => (
                      <LogRow key={index} line={line} />
                    ))}
                </ol>
              </div>
            </>
          )
        }
      </Loaded>
    </Section>
  );
}

function matches({ file, message }: LogLine, search: string): boolean {
  return `${file ?? ''} ${message}`.toLowerCase().includes(search.trim().toLowerCase());
}

interface LogSearchProps {
  readonly value: string;
  readonly onChange: (search: string) => void;
}

function LogSearch({ value, onChange }: LogSearchProps) {
  return (
    <search className="toolbar">
      <Field label="Search">
        {(control) => (
          <input {...control} type="search" value={value} onChange={(event) => onChange(event.target.value)} />
        )}
      </Field>
    </search>
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
