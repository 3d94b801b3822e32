import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import type { Connection } from '@reunite/contracts';
import { queries } from '../../api/queries.js';
import { Fact, Facts } from '../../components/facts.js';
import { Loaded } from '../../components/loaded.js';
import { Section } from '../../components/section.js';
import { TimeAgo } from '../../components/time-ago.js';

/** The health of a connection at a glance: last delivery, last refresh, certificate, version, self-test. */
export function HealthSection({ connection: { id: connectionId, lastRefresh } }: { readonly connection: Connection }) {
  const test = useQuery(queries.selfTest(connectionId));
  const deliveries = useInfiniteQuery(queries.deliveries(connectionId));
  return (
    <Section title="Health">
      <Facts>
        <Fact name="Last refresh">
          {lastRefresh.finishedAt === null ? 'none yet' : <TimeAgo at={lastRefresh.finishedAt} />}
          {lastRefresh.error !== null && `, failed: ${lastRefresh.error}`}
        </Fact>
        <Fact name="Last delivery">
          <Loaded resource={deliveries} what="the deliveries">
            {({ items: [last] }) => (last ? <TimeAgo at={last.receivedAt} /> : <>none yet</>)}
          </Loaded>
        </Fact>
        <Fact name="Self-test">{test.data ? test.data.state : '…'}</Fact>
        <Fact name="Server version">{test.data?.serverVersion ?? 'unknown'}</Fact>
        <Fact name="Certificate">
          {test.data?.certificateExpiresAt ? (
            <>
              valid until {test.data.certificateExpiresAt.slice(0, 10)} (<TimeAgo at={test.data.certificateExpiresAt} />
              )
            </>
          ) : (
            'unknown'
          )}
        </Fact>
      </Facts>
    </Section>
  );
}
