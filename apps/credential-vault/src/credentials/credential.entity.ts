import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { CredentialKind } from '../envelope/envelope.js';

/**
 * One version of a credential, sealed. The row decrypts only with the KEK, and only for the connection it belongs to.
 */
@Entity('credential')
export class CredentialEntity {
  @PrimaryColumn('text', { name: 'connection_id' })
  connectionId!: string;

  @PrimaryColumn('text')
  kind!: CredentialKind;

  /** `sub` of the user that it belongs to; empty for a credential of the app. */
  @PrimaryColumn('text', { default: '' })
  subject!: string;

  @PrimaryColumn('integer')
  version!: number;

  @Column('text', { name: 'kek_id' })
  kekId!: string;

  @Column('integer', { name: 'kek_version' })
  kekVersion!: number;

  @Column('bytea', { name: 'wrapped_dek' })
  wrappedDek!: Buffer;

  @Column('bytea')
  nonce!: Buffer;

  @Column('bytea')
  ciphertext!: Buffer;

  @Column('bytea')
  tag!: Buffer;

  @Column('timestamptz', { name: 'created_at', default: () => 'now()' })
  createdAt!: Date;
}
