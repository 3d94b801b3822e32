import { createDataSource, schemaDependencies, SchemaOutdatedError } from '@reunite/database';
import type { DataSourceSettings } from '@reunite/database';
import type { ReadinessCheck } from '@reunite/platform';
import type { DataSource } from 'typeorm';
import { AuditHeadEntity } from './audit/audit-head.entity.js';
import { AuditRecordEntity } from './audit/audit-record.entity.js';
import { ConnectionEntity } from './connections/connection.entity.js';
import { CredentialEntity } from './credentials/credential.entity.js';
import type { KekReference } from './kek/kek-provider.js';
import { ManifestFlowEntity } from './manifest/manifest-flow.entity.js';
import { CreateVault1795306000000 } from './migrations/1795306000000-create-vault.js';
import { AddAuditHead1795390000000 } from './migrations/1795390000000-add-audit-head.js';
import { AddRotation1795391000000 } from './migrations/1795391000000-add-rotation.js';
import { AddUserSignIn1795396000000 } from './migrations/1795396000000-add-user-sign-in.js';
import { AddSignInConfirmation1795410000000 } from './migrations/1795410000000-add-sign-in-confirmation.js';
import { AddConnectionProfile1795420000000 } from './migrations/1795420000000-add-connection-profile.js';
import { AddSigningKey1795430000000 } from './migrations/1795430000000-add-signing-key.js';
import { AddAuditChangesIndex1795514000000 } from './migrations/1795514000000-add-audit-changes-index.js';
import { SignInFlowEntity } from './users/sign-in-flow.entity.js';
import { UserAccountEntity } from './users/user-account.entity.js';

const migrations = [
  CreateVault1795306000000,
  AddAuditHead1795390000000,
  AddRotation1795391000000,
  AddUserSignIn1795396000000,
  AddSignInConfirmation1795410000000,
  AddConnectionProfile1795420000000,
  AddSigningKey1795430000000,
  AddAuditChangesIndex1795514000000,
];

/** Dependencies of the vault's start. */
export function vaultDependencies(url: string): ReadinessCheck[] {
  return schemaDependencies(
    url,
    'vault',
    migrations.map(({ name }) => name),
  );
}

/** Schema `vault`. The vault's own database role owns it, and no other role can read it. */
export function vaultDatabase(url: string): DataSourceSettings {
  return {
    url,
    schema: 'vault',
    entities: [
      ConnectionEntity,
      CredentialEntity,
      ManifestFlowEntity,
      SignInFlowEntity,
      UserAccountEntity,
      AuditHeadEntity,
      AuditRecordEntity,
    ],
    migrations,
  };
}

/** @throws SchemaOutdatedError if a migration has not been run */
export async function openVaultDatabase(url: string): Promise<DataSource> {
  const dataSource = await createDataSource(vaultDatabase(url)).initialize();
  if (await dataSource.showMigrations()) {
    await dataSource.destroy();
    throw new SchemaOutdatedError('Migrations of schema vault are pending. Run migrate.js of the vault first.');
  }
  return dataSource;
}

/** @returns every KEK that a stored credential is wrapped by */
export async function keksInUse(dataSource: DataSource): Promise<KekReference[]> {
  const query = dataSource.getRepository(CredentialEntity).createQueryBuilder('credential');
  return query
    .select('credential.kek_id', 'kekId')
    .addSelect('credential.kek_version', 'kekVersion')
    .distinct()
    .getRawMany<KekReference>();
}
