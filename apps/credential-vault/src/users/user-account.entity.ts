import { Column, Entity, PrimaryColumn } from 'typeorm';

/** The reason why a user's tokens no longer work. */
export type BrokenReason = 'expired' | 'revoked' | 'suspended';

/** A caller's account on the server of a connection. Its tokens are stored as credentials. */
@Entity('user_account')
export class UserAccountEntity {
  @PrimaryColumn('text', { name: 'connection_id' })
  connectionId!: string;

  /** `sub` of the caller that the account belongs to. */
  @PrimaryColumn('text')
  subject!: string;

  /** Id of the account on the server; null until the server was asked. */
  @Column('bigint', { name: 'github_id', nullable: true })
  githubId!: number | null;

  @Column('text', { nullable: true })
  login!: string | null;

  /** The account that the caller confirmed as theirs. The tokens of any other account are not used. */
  @Column('bigint', { name: 'confirmed_github_id', nullable: true })
  confirmedGithubId!: number | null;

  @Column('text', { name: 'fault', nullable: true })
  brokenReason!: BrokenReason | null;

  /** Time of the last exchange or refresh of the tokens. */
  @Column('timestamptz', { name: 'renewed_at' })
  renewedAt!: Date;

  /** Null if the app's user tokens do not expire. */
  @Column('timestamptz', { name: 'expires_at', nullable: true })
  expiresAt!: Date | null;

  /** Time of the last request that the server accepted the token for. */
  @Column('timestamptz', { name: 'verified_at', nullable: true })
  verifiedAt!: Date | null;

  @Column('timestamptz', { name: 'created_at', default: () => 'now()' })
  createdAt!: Date;
}

export function isConfirmed({ githubId, confirmedGithubId }: UserAccountEntity): boolean {
  return githubId !== null && githubId === confirmedGithubId;
}
