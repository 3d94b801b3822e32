import { Column, Entity, PrimaryColumn } from 'typeorm';

/** Why the tokens of a person are of no use any more. */
export type BrokenReason = 'expired' | 'revoked' | 'suspended';

/** A person's account at the server of a connection, since they signed in there. Their tokens are credentials. */
@Entity('user_account')
export class UserAccountEntity {
  @PrimaryColumn('text', { name: 'connection_id' })
  connectionId!: string;

  /** The person, as the api names them. */
  @PrimaryColumn('text')
  subject!: string;

  /** Null until the server was asked whose the token is. */
  @Column('bigint', { name: 'github_id', nullable: true })
  githubId!: number | null;

  @Column('text', { nullable: true })
  login!: string | null;

  @Column('text', { nullable: true })
  fault!: BrokenReason | null;

  /** When the tokens came. */
  @Column('timestamptz', { name: 'renewed_at' })
  renewedAt!: Date;

  /** Null where the app lets user tokens never expire. */
  @Column('timestamptz', { name: 'expires_at', nullable: true })
  expiresAt!: Date | null;

  /** When the server last said that the token is good. */
  @Column('timestamptz', { name: 'verified_at', nullable: true })
  verifiedAt!: Date | null;

  @Column('timestamptz', { name: 'created_at', default: () => 'now()' })
  createdAt!: Date;
}
