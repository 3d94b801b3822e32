import type { Probe } from '@reunite/contracts';
import { Column, Entity, PrimaryColumn } from 'typeorm';

/** The result of the last self-test of a connection. */
@Entity('connection_self_test')
export class SelfTestEntity {
  @PrimaryColumn('text', { name: 'connection_id' })
  connectionId!: string;

  @Column('timestamptz', { name: 'tested_at' })
  testedAt!: Date;

  /** When a probe first failed, if one has failed in every self-test since. */
  @Column('timestamptz', { name: 'failing_since', nullable: true })
  failingSince!: Date | null;

  /** E.g. `3.19.2`. */
  @Column('text', { name: 'server_version', nullable: true })
  serverVersion!: string | null;

  @Column('timestamptz', { name: 'certificate_expires_at', nullable: true })
  certificateExpiresAt!: Date | null;

  /** First expiry of the certificates in the profile: client certificate and certificate authorities. */
  @Column('timestamptz', { name: 'profile_expires_at', nullable: true })
  profileExpiresAt!: Date | null;

  @Column('jsonb')
  probes!: Probe[];
}
