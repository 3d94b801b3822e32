import { useQuery } from '@tanstack/react-query';
import type { Connection, ConnectionHealth } from '@reunite/contracts';
import { queries } from '../../api/queries.js';
import { Badge } from '../../components/badge.js';
import { Fact, Facts } from '../../components/facts.js';
import { Loaded } from '../../components/loaded.js';
import { Section } from '../../components/section.js';
import { TimeAgo } from '../../components/time-ago.js';
import { certificateText, rateLimitText, supportPeriod, supportTones } from '../../format/health.js';
import { selfTestTones } from '../../format/tone.js';

/** The health of a connection at a glance. */
export function HealthSection({ connection }: { readonly connection: Connection }) {
  const health = useQuery(queries.connectionHealth(connection.id));
  return (
    <Section title="Health">
      <Loaded resource={health} what="the health of the provider">
        {(current) => <HealthFacts connection={connection} health={current} />}
      </Loaded>
    </Section>
  );
}

interface HealthFactsProps {
  readonly connection: Connection;
  readonly health: ConnectionHealth;
}

function HealthFacts({ connection: { id, lastRefresh }, health }: HealthFactsProps) {
  const test = useQuery(queries.selfTest(id));
  const { rateLimit, tokens, serverVersion, certificateExpiresAt } = health;
  return (
    <Facts>
      <Fact name="Last delivery">
        <Time at={health.lastDeliveryAt} />
      </Fact>
      <Fact name="Last successful call">
        <Time at={health.lastCallAt} />
      </Fact>
      <Fact name="Last refresh">
        <Time at={lastRefresh.finishedAt} />
        {lastRefresh.error !== null && `, failed: ${lastRefresh.error}`}
      </Fact>
      <Fact name="Rate limit">{rateLimitText(rateLimit, Date.now())}</Fact>
      <Fact name="Tokens in 24 hours">
        {tokens === null ? 'unknown: the credential vault is unavailable' : tokens.lastDay.toLocaleString('en')}
      </Fact>
      <Fact name="Server version">
        {serverVersion ?? 'unknown'} <Badge tone={supportTones[health.serverSupport]}>{health.serverSupport}</Badge>{' '}
        {supportPeriod(health)}
      </Fact>
      <Fact name="Certificate">
        <span title={certificateExpiresAt ?? undefined}>{certificateText(certificateExpiresAt, Date.now())}</span>
      </Fact>
      <Fact name="Self-test">
        {test.data ? <Badge tone={selfTestTones[test.data.state]}>{test.data.state}</Badge> : '…'}
      </Fact>
    </Facts>
  );
}

function Time({ at }: { readonly at: string | null }) {
  return at === null ? 'none yet' : <TimeAgo at={at} />;
}
