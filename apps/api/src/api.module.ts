import { Module } from '@nestjs/common';
import type { DynamicModule, Provider } from '@nestjs/common';
import { APP_FILTER, APP_GUARD, APP_INTERCEPTOR, APP_PIPE } from '@nestjs/core';
import { jobs } from '@reunite/contracts';
import { ActivityLog, databaseReadiness } from '@reunite/database';
import { DeliveryLog } from '@reunite/deliveries';
import { DeploymentUnitOfWork, statusLinks } from '@reunite/deployments';
import { LocalSignIn } from '@reunite/local-sign-in';
import { HealthModule } from '@reunite/platform';
import type { ReadinessCheck } from '@reunite/platform';
import { JobProducer } from '@reunite/queueing';
import { UnitOfWork } from '@reunite/unit-of-work';
import { DataSource } from 'typeorm';
import { ActivityInterceptor } from './activity/activity.interceptor.js';
import { ActivityService } from './activity/activity.service.js';
import { AccountsService } from './application/accounts/accounts.service.js';
import { BranchesService } from './application/commits/branches.service.js';
import { CommitsService } from './application/commits/commits.service.js';
import { ConnectService } from './application/connections/connect.service.js';
import { ConnectionHealthService } from './application/connections/connection-health.service.js';
import { ConnectionRows } from './application/connections/connection-rows.service.js';
import { ConnectionProfilesService } from './application/connections/connection-profiles.service.js';
import { TakeOverService } from './application/connections/take-over.service.js';
import { SelfTestsService } from './application/connections/self-tests.service.js';
import { ConnectionsService } from './application/connections/connections.service.js';
import { ContentService } from './application/projects/content.service.js';
import { CredentialsService } from './application/connections/credentials.service.js';
import { DeliveriesService } from './application/deliveries/deliveries.service.js';
import { DeploymentActionsService } from './application/deployments/deployment-actions.service.js';
import { DeploymentChecksService } from './application/deployments/deployment-checks.service.js';
import { DeploymentComparisonsService } from './application/deployments/deployment-comparisons.service.js';
import { DeploymentsService } from './application/deployments/deployments.service.js';
import { ExistingAppService } from './application/connections/existing-app.service.js';
import { ConnectionStatuses } from './application/connections/connection-statuses.service.js';
import { ArchivesService } from './application/history/archives.service.js';
import { FileVersionsService } from './application/history/file-versions.service.js';
import { SnapshotDiffsService } from './application/history/snapshot-diffs.service.js';
import { IdempotencyService } from './application/idempotency.service.js';
import { JobRequests } from './application/jobs/job-requests.service.js';
import { UploadsService } from './application/commits/uploads.service.js';
import { ProductionCommits } from './application/commits/production-commits.service.js';
import { SnapshotsService } from './application/projects/snapshots.service.js';
import { ProjectsService } from './application/projects/projects.service.js';
import { PullRequestChangesService } from './application/pull-requests/pull-request-changes.service.js';
import { PullRequestDetailsService } from './application/pull-requests/pull-request-details.service.js';
import { PullRequestsService } from './application/pull-requests/pull-requests.service.js';
import { RepositoriesService } from './application/repositories/repositories.service.js';
import { SessionService } from './application/accounts/session.service.js';
import { TenantLookup } from './application/tenants/tenant-lookup.service.js';
import { AuthGuard } from './auth/auth.guard.js';
import { CallerAdmission } from './auth/caller-admission.js';
import { TokenVerifier } from './auth/token-verifier.js';
import { CONTENT_STORE } from './content-store.js';
import { ActivityGrpcController } from './grpc/activity.controller.js';
import { ActivityController } from './http/activity.controller.js';
import { AccountsGrpcController } from './grpc/accounts.controller.js';
import { CommitsGrpcController } from './grpc/commits.controller.js';
import { ConnectionsGrpcController } from './grpc/connections.controller.js';
import { ConnectionHealthGrpcController } from './grpc/connection-health.controller.js';
import { ConnectionProfilesGrpcController } from './grpc/connection-profiles.controller.js';
import { DeliveriesGrpcController } from './grpc/deliveries.controller.js';
import { SelfTestsGrpcController } from './grpc/self-tests.controller.js';
import { CredentialsGrpcController } from './grpc/credentials.controller.js';
import { DeploymentsGrpcController } from './grpc/deployments.controller.js';
import { HistoryGrpcController } from './grpc/history.controller.js';
import { ProjectsGrpcController } from './grpc/projects.controller.js';
import { PullRequestsGrpcController } from './grpc/pull-requests.controller.js';
import { SessionsGrpcController } from './grpc/sessions.controller.js';
import { AccountsController } from './http/accounts.controller.js';
import { CallbacksController } from './http/callbacks.controller.js';
import { CommitsController } from './http/commits.controller.js';
import { ConnectionHealthController } from './http/connection-health.controller.js';
import { ConnectionProfilesController } from './http/connection-profiles.controller.js';
import { DeliveriesController } from './http/deliveries.controller.js';
import { SelfTestsController } from './http/self-tests.controller.js';
import { ConnectionsController } from './http/connections.controller.js';
import { CredentialsController } from './http/credentials.controller.js';
import { DeploymentsController } from './http/deployments.controller.js';
import { EventsController } from './http/events.controller.js';
import { ExistingAppsController } from './http/existing-apps.controller.js';
import { HistoryController } from './http/history.controller.js';
import { LocalSignInController } from './http/local-sign-in.controller.js';
import { ProblemFilter } from './http/problem.filter.js';
import { ProjectContentController } from './http/project-content.controller.js';
import { ProjectsController } from './http/projects.controller.js';
import { PullRequestsController } from './http/pull-requests.controller.js';
import { RepositoriesController } from './http/repositories.controller.js';
import { SessionController } from './http/session.controller.js';
import { validationPipe } from './http/validation.js';
import { LiveEventHub } from './live/live-event-hub.js';
import { LOGGER } from './logger.js';
import type { ApiResources } from './resources.js';
import { SETTINGS } from './settings.js';
import type { ApiSettings } from './settings.js';
import { VAULT } from './vault.js';

const application = [
  ArchivesService,
  FileVersionsService,
  SnapshotDiffsService,
  SnapshotsService,
  ActivityService,
  AccountsService,
  ConnectService,
  ConnectionHealthService,
  ConnectionRows,
  ConnectionProfilesService,
  ConnectionsService,
  SelfTestsService,
  TakeOverService,
  BranchesService,
  CommitsService,
  ContentService,
  CredentialsService,
  DeliveriesService,
  DeploymentActionsService,
  DeploymentChecksService,
  DeploymentComparisonsService,
  DeploymentsService,
  ExistingAppService,
  ConnectionStatuses,
  IdempotencyService,
  JobRequests,
  ProductionCommits,
  UploadsService,
  ProjectsService,
  PullRequestChangesService,
  PullRequestDetailsService,
  PullRequestsService,
  RepositoriesService,
  SessionService,
  TenantLookup,
];

export const httpControllers = [
  ActivityController,
  AccountsController,
  CallbacksController,
  CommitsController,
  ConnectionHealthController,
  ConnectionProfilesController,
  ConnectionsController,
  SelfTestsController,
  DeliveriesController,
  CredentialsController,
  DeploymentsController,
  EventsController,
  ExistingAppsController,
  HistoryController,
  ProjectContentController,
  ProjectsController,
  PullRequestsController,
  RepositoriesController,
  SessionController,
];

export const grpcControllers = [
  ActivityGrpcController,
  AccountsGrpcController,
  CommitsGrpcController,
  ConnectionsGrpcController,
  ConnectionHealthGrpcController,
  ConnectionProfilesGrpcController,
  CredentialsGrpcController,
  SelfTestsGrpcController,
  DeliveriesGrpcController,
  DeploymentsGrpcController,
  HistoryGrpcController,
  ProjectsGrpcController,
  PullRequestsGrpcController,
  SessionsGrpcController,
];

@Module({})
export class ApiModule {
  static register(settings: ApiSettings, resources: ApiResources, admission: CallerAdmission): DynamicModule {
    const { localSignIn, logger } = resources;
    return {
      module: ApiModule,
      imports: [HealthModule.register(readinessChecks(resources), { logger })],
      controllers: [...httpControllers, ...grpcControllers, ...(localSignIn ? [LocalSignInController] : [])],
      providers: [
        ...application,
        ...resourceProviders(resources, settings),
        { provide: SETTINGS, useValue: settings },
        { provide: CallerAdmission, useValue: admission },
        { provide: APP_GUARD, useClass: AuthGuard },
        { provide: APP_INTERCEPTOR, useClass: ActivityInterceptor },
        { provide: APP_FILTER, useClass: ProblemFilter },
        { provide: APP_PIPE, useFactory: validationPipe },
      ],
    };
  }
}

/** Without the vault, everything but connecting servers and signing in to them works. */
export function readinessChecks({ dataSource, producer, vault }: ApiResources): ReadinessCheck[] {
  return [
    databaseReadiness(dataSource),
    { name: 'queue', check: () => producer.depth(jobs.refreshConnection.queue) },
    { name: 'vault', check: () => vault.ready(1_500), optional: true },
  ];
}

function resourceProviders(resources: ApiResources, settings: ApiSettings): Provider[] {
  const unitOfWork = new UnitOfWork(resources.dataSource, resources.producer, resources.logger);
  const links = statusLinks(settings.publicUrl, settings.previewUrlTemplate);
  return [
    { provide: DataSource, useValue: resources.dataSource },
    { provide: ActivityLog, useValue: new ActivityLog(resources.dataSource) },
    { provide: DeliveryLog, useValue: new DeliveryLog(resources.dataSource) },
    { provide: JobProducer, useValue: resources.producer },
    { provide: UnitOfWork, useValue: unitOfWork },
    { provide: DeploymentUnitOfWork, useValue: new DeploymentUnitOfWork(unitOfWork, links) },
    { provide: LiveEventHub, useValue: resources.hub },
    { provide: TokenVerifier, useValue: resources.tokens },
    { provide: LocalSignIn, useValue: resources.localSignIn },
    { provide: CONTENT_STORE, useValue: resources.content },
    { provide: VAULT, useValue: resources.vault },
    { provide: LOGGER, useValue: resources.logger },
  ];
}
