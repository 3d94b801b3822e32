import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * The inbox as append-only tables, partitioned by week.
 *
 * - The partition key is the id: ids of deliveries are TypeIDs, which sort by time, so that a lookup by id reads one
 *   partition and the primary key stays unique over all of them. Collation C makes the order that of the bytes.
 * - `webhook_delivery` is narrow. Payloads are stored beside it in pieces that fill a page each. TOAST would cut them into
 *   pieces of 2 KB, with an index entry and a WAL record for each.
 * - `key` is a hash of connection and delivery id. It is unique per partition, because the partition key is not part of it;
 *   the worker looks for the same key in the partitions before (see docs/performance.md).
 * - No foreign key to `connection`: its check costs more than the insert. A trigger deletes the deliveries of a deleted
 *   connection, and the worker those that were committed at the same time.
 */
const tables = [
  `CREATE TABLE webhook_delivery (
    id text COLLATE "C" PRIMARY KEY,
    connection_id text NOT NULL,
    shard smallint NOT NULL,
    key uuid NOT NULL,
    guid text NOT NULL,
    event text NOT NULL,
    form boolean NOT NULL DEFAULT false,
    size integer NOT NULL,
    enterprise_host text,
    enterprise_version text,
    received_at timestamptz NOT NULL DEFAULT now(),
    processed_at timestamptz,
    failed_at timestamptz,
    attempts smallint NOT NULL DEFAULT 0,
    action text,
    outcome text
  ) PARTITION BY RANGE (id)`,
  `CREATE TABLE webhook_payload (
    delivery_id text COLLATE "C" NOT NULL,
    part smallint NOT NULL,
    bytes bytea STORAGE PLAIN NOT NULL,
    PRIMARY KEY (delivery_id, part)
  ) PARTITION BY RANGE (delivery_id)`,
  // A row is in exactly one of these two: the insert of a new delivery writes to the first only.
  `CREATE INDEX webhook_delivery_pending ON webhook_delivery (shard, connection_id, id)
    WHERE processed_at IS NULL AND failed_at IS NULL`,
  `CREATE INDEX webhook_delivery_finished ON webhook_delivery (connection_id, id)
    WHERE processed_at IS NOT NULL OR failed_at IS NOT NULL`,
  `CREATE TABLE webhook_delivery_default PARTITION OF webhook_delivery DEFAULT`,
  `CREATE UNIQUE INDEX webhook_delivery_default_key ON webhook_delivery_default (key)`,
  `CREATE TABLE webhook_payload_default PARTITION OF webhook_payload DEFAULT`,
];

/** The lowest id of a delivery at a time: the first ten characters of a TypeID are its milliseconds in base 32. */
const idAtTime = `
  CREATE FUNCTION delivery_id_at(moment timestamptz) RETURNS text LANGUAGE sql IMMUTABLE AS $$
    SELECT 'dlv_' || string_agg(
      substr('0123456789abcdefghjkmnpqrstvwxyz',
        (((extract(epoch FROM moment) * 1000)::bigint >> (5 * (9 - digit))) & 31)::int + 1, 1),
      '' ORDER BY digit)
    FROM generate_series(0, 9) AS digit
  $$`;

/**
 * Runs as the owner of the tables, which the worker is not. If the partition of a week was not created in time, the rows of
 * that week stay in the default partition.
 */
const createPartitions = `
  CREATE FUNCTION create_delivery_partitions(weeks_ahead integer) RETURNS integer
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = bridge, pg_temp SET lock_timeout = '2s' SET timezone = 'UTC' AS $$
  DECLARE
    created integer := 0;
    week timestamptz;
    suffix text;
  BEGIN
    PERFORM pg_advisory_xact_lock(hashtext('delivery-partitions'));
    FOR number IN 0..weeks_ahead LOOP
      week := date_trunc('week', now()) + number * interval '7 days';
      suffix := to_char(week, 'YYYYMMDD');
      CONTINUE WHEN to_regclass('webhook_delivery_' || suffix) IS NOT NULL;
      BEGIN
        EXECUTE format('CREATE TABLE webhook_delivery_%s PARTITION OF webhook_delivery FOR VALUES FROM (%L) TO (%L)',
          suffix, delivery_id_at(week), delivery_id_at(week + interval '7 days'));
        EXECUTE format('CREATE UNIQUE INDEX webhook_delivery_%s_key ON webhook_delivery_%s (key)', suffix, suffix);
        EXECUTE format('CREATE TABLE webhook_payload_%s PARTITION OF webhook_payload FOR VALUES FROM (%L) TO (%L)',
          suffix, delivery_id_at(week), delivery_id_at(week + interval '7 days'));
        created := created + 1;
      EXCEPTION WHEN check_violation THEN
        RAISE WARNING 'The deliveries of the week of % stay in the default partition.', suffix;
      END;
    END LOOP;
    RETURN created;
  END $$`;

/** Retention: dropping a partition costs the same whatever it contains. */
const dropPartitions = `
  CREATE FUNCTION drop_delivery_partitions(before timestamptz) RETURNS integer
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = bridge, pg_temp SET lock_timeout = '2s' SET timezone = 'UTC' AS $$
  DECLARE
    dropped integer := 0;
    suffix text;
    pending boolean;
  BEGIN
    PERFORM pg_advisory_xact_lock(hashtext('delivery-partitions'));
    FOR suffix IN
      SELECT substring(relname FROM '\\d{8}$') FROM pg_inherits JOIN pg_class ON pg_class.oid = inhrelid
      WHERE inhparent = 'webhook_delivery'::regclass AND relname ~ '\\d{8}$'
        AND to_date(right(relname, 8), 'YYYYMMDD') + 7 <= before::date
    LOOP
      EXECUTE format('SELECT EXISTS (SELECT 1 FROM webhook_delivery_%s
        WHERE processed_at IS NULL AND failed_at IS NULL)', suffix) INTO pending;
      CONTINUE WHEN pending;
      EXECUTE format('DROP TABLE webhook_delivery_%s, webhook_payload_%s', suffix, suffix);
      dropped := dropped + 1;
    END LOOP;
    RETURN dropped;
  END $$`;

const deleteWithConnection = [
  `CREATE FUNCTION delete_deliveries_of_connection() RETURNS trigger
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = bridge, pg_temp AS $$
  BEGIN
    WITH finished AS (
      DELETE FROM webhook_delivery
      WHERE connection_id = OLD.id AND (processed_at IS NOT NULL OR failed_at IS NOT NULL) RETURNING id
    ) DELETE FROM webhook_payload USING finished WHERE delivery_id = finished.id;
    WITH pending AS (
      DELETE FROM webhook_delivery
      WHERE shard BETWEEN 0 AND 1023 AND connection_id = OLD.id AND processed_at IS NULL AND failed_at IS NULL
      RETURNING id
    ) DELETE FROM webhook_payload USING pending WHERE delivery_id = pending.id;
    RETURN NULL;
  END $$`,
  `CREATE TRIGGER delete_deliveries AFTER DELETE ON connection
    FOR EACH ROW EXECUTE FUNCTION delete_deliveries_of_connection()`,
];

const FUNCTIONS = [
  'delivery_id_at(timestamptz)',
  'create_delivery_partitions(integer)',
  'drop_delivery_partitions(timestamptz)',
  'delete_deliveries_of_connection()',
];

/** Expands the schema; rows of `delivery` are moved by the worker (`carryOverDeliveries`), the table is dropped later. */
export class CreateWebhookDelivery1795410000000 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    const statements = [...tables, idAtTime, createPartitions, dropPartitions, ...deleteWithConnection];
    for (const statement of statements) await queryRunner.query(statement);
    for (const name of FUNCTIONS) await queryRunner.query(`REVOKE EXECUTE ON FUNCTION ${name} FROM PUBLIC`);
    await queryRunner.query('SELECT create_delivery_partitions(4)');
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('DROP TRIGGER delete_deliveries ON connection');
    for (const name of [...FUNCTIONS].reverse()) await queryRunner.query(`DROP FUNCTION ${name}`);
    await queryRunner.query('DROP TABLE webhook_payload, webhook_delivery');
  }
}
