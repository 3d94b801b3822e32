import { useQuery } from '@tanstack/react-query';
import type { Deployment, DeploymentComparison } from '@reunite/contracts';
import { queries } from '../../api/queries.js';
import { Loaded } from '../../components/loaded.js';
import { Section } from '../../components/section.js';
import { Cell, Table } from '../../components/table.js';
import { counted } from '../../format/text.js';

/** Shows the differences between the deployment and production in one sentence. */
export function ComparisonSummary({ deploymentId }: { readonly deploymentId: string }) {
  const comparison = useQuery(queries.deploymentComparison(deploymentId));
  return (
    <Loaded resource={comparison} what="the changes">
      {(result) => <p>{summaryOf(result)}</p>}
    </Loaded>
  );
}

/** The files that differ between a published deployment and production. */
export function ComparisonSection({
  deployment: { id, url, environment, current },
}: {
  readonly deployment: Deployment;
}) {
  const isProduction = environment === 'production' && current;
  return url === null || isProduction ? null : <Comparison deploymentId={id} />;
}

function Comparison({ deploymentId }: { readonly deploymentId: string }) {
  const comparison = useQuery(queries.deploymentComparison(deploymentId));
  return (
    <Section title="Compared with production">
      <Loaded resource={comparison} what="the changes">
        {(result) => (
          <>
            <p>{summaryOf(result)}</p>
            {result.items.length > 0 && (
              <Table caption="Changed files" columns={['File', 'Kind', 'Change']}>
                {result.items.map(({ path, kind, change }) => (
                  <tr key={path}>
                    <Cell label="File">
                      <code>{path}</code>
                    </Cell>
                    <Cell label="Kind">{kind}</Cell>
                    <Cell label="Change">{change}</Cell>
                  </tr>
                ))}
              </Table>
            )}
            {result.truncated && <p className="quiet">More files differ.</p>}
          </>
        )}
      </Loaded>
    </Section>
  );
}

function summaryOf({ baseId, pages, assets }: DeploymentComparison): string {
  const total = ({ added, removed, changed }: DeploymentComparison['pages']) => added + removed + changed;
  if (baseId === null) return `There is no production yet: ${counted(pages.added, 'page')} will be published.`;
  if (total(pages) + total(assets) === 0) return 'Production has the same content.';
  const ofPages = `${counted(pages.added, 'page')} added, ${pages.removed} removed, ${pages.changed} changed`;
  return `Compared with production: ${ofPages}; ${counted(total(assets), 'other file')} changed.`;
}
