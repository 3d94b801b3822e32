import { useQuery } from '@tanstack/react-query';
import type { Probe, SelfTest } from '@reunite/contracts';
import { queries } from '../../api/queries.js';
import { send } from '../../api/client.js';
import { paths } from '../../api/paths.js';
import { useAction } from '../../api/use-action.js';
import { Badge } from '../../components/badge.js';
import { FormProblem } from '../../components/form-problem.js';
import { Loaded } from '../../components/loaded.js';
import { Section } from '../../components/section.js';
import { Cell, Table } from '../../components/table.js';
import { TimeAgo } from '../../components/time-ago.js';
import { sentence } from '../../format/text.js';
import { probeTones } from '../../format/tone.js';

interface SelfTestSectionProps {
  readonly connectionId: string;
  readonly mayRepair: boolean;
}

/** Lists the probes of the last self-test with evidence and remedy. */
export function SelfTestSection({ connectionId, mayRepair }: SelfTestSectionProps) {
  const test = useQuery(queries.selfTest(connectionId));
  const run = useAction(() => send('post', paths.selfTest(connectionId)));
  const repair = useAction(() => send('post', paths.repairWebhook(connectionId)));
  const buttons = (
    <>
      {mayRepair && (
        <button type="button" className="button" onClick={() => repair.run(undefined)} disabled={repair.pending}>
          Repair webhook
        </button>
      )}
      <button type="button" className="button" onClick={() => run.run(undefined)} disabled={run.pending}>
        Run self-test
      </button>
    </>
  );
  return (
    <Section title="Self-test" actions={buttons}>
      <FormProblem error={run.error ?? repair.error} violations={[]} />
      <Loaded resource={test} what="the self-test">
        {(result) => <Result test={result} />}
      </Loaded>
    </Section>
  );
}

function Result({ test: { testedAt, failingSince, probes } }: { readonly test: SelfTest }) {
  if (testedAt === null)
    return <p>The connection has not been tested yet. It is tested daily and after every change.</p>;
  return (
    <>
      <p>
        Tested <TimeAgo at={testedAt} />
        {failingSince !== null && (
          <>
            , failing since <TimeAgo at={failingSince} />
          </>
        )}
        .
      </p>
      <Table caption="Probes of the self-test" columns={['Probe', 'State', 'Evidence']}>
        {probes.map((probe) => (
          <ProbeRow key={probe.name} probe={probe} />
        ))}
      </Table>
    </>
  );
}

function ProbeRow({ probe: { name, state, evidence, remedy } }: { readonly probe: Probe }) {
  return (
    <tr>
      <Cell label="Probe">{sentence(name.replaceAll('-', ' '))}</Cell>
      <Cell label="State">
        <Badge tone={probeTones[state]}>{state}</Badge>
      </Cell>
      <Cell label="Evidence">
        {evidence}
        {remedy !== null && <p>{remedy}</p>}
      </Cell>
    </tr>
  );
}
