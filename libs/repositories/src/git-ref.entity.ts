import { Column, Entity, PrimaryColumn } from 'typeorm';

/**
 * Desired and synced state of a ref. Deliveries, interactive jobs and the reconciliation raise the generation, which
 * makes the server's state the desired one. The sync records which generation it asks the server for, and writes the answer
 * for that one.
 */
@Entity('git_ref')
export class GitRefEntity {
  @PrimaryColumn('text')
  id!: string;

  @Column('text', { name: 'repository_id' })
  repositoryId!: string;

  /** Full name, e.g. `refs/heads/main`. */
  @Column('text')
  name!: string;

  /** null for the server's commit at the time of the sync. */
  @Column('text', { name: 'wanted_commit', nullable: true })
  desiredCommit!: string | null;

  @Column('boolean', { name: 'wanted_deleted' })
  desiredDeleted!: boolean;

  @Column('bigint')
  generation!: number;

  @Column('bigint', { name: 'synced_generation' })
  syncedGeneration!: number;

  @Column('text', { name: 'synced_commit', nullable: true })
  syncedCommit!: string | null;

  @Column('text', { name: 'synced_tree', nullable: true })
  syncedTree!: string | null;

  @Column('timestamptz', { name: 'synced_at', nullable: true })
  syncedAt!: Date | null;

  /** Transport of the last successful sync; null before the first one. */
  @Column('text', { name: 'sync_transport', nullable: true })
  syncTransport!: 'git' | 'rest' | null;

  /** Why the transport is not `git`; otherwise null. */
  @Column('text', { name: 'sync_transport_reason', nullable: true })
  syncTransportReason!: string | null;

  /** Objects that a running sync has received; null while none runs, and during its first second. */
  @Column('integer', { name: 'received_objects', nullable: true })
  receivedObjects!: number | null;

  @Column('bigint', { name: 'received_bytes', nullable: true })
  receivedBytes!: number | null;

  /** Why the last attempt failed; null after a success. */
  @Column('text', { nullable: true })
  error!: string | null;

  @Column('timestamptz', { name: 'updated_at' })
  updatedAt!: Date;
}
