import { Column, Entity, PrimaryColumn } from 'typeorm';

/** An installation of a connection's app on an organization or user of the server. */
@Entity('installation')
export class InstallationEntity {
  @PrimaryColumn('text', { name: 'connection_id' })
  connectionId!: string;

  /** The server's id: unique on that server only. */
  @PrimaryColumn('bigint')
  id!: number;

  @Column('text')
  owner!: string;

  @Column('text', { name: 'repository_selection' })
  repositorySelection!: 'all' | 'selected';

  @Column('boolean')
  suspended!: boolean;

  @Column('jsonb')
  permissions!: Record<string, string>;
}
