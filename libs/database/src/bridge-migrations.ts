import { CreateBridge1795305600000 } from './migrations/1795305600000-create-bridge.js';
import { AddBuildAttemptsAndChecks1795392000000 } from './migrations/1795392000000-add-build-attempts-and-checks.js';
import { DeepenDeployments1795393000000 } from './migrations/1795393000000-deepen-deployments.js';
import { CreateCommitRequest1795395000000 } from './migrations/1795395000000-create-commit-request.js';
import { AddPullRequestsReadTo1795396000000 } from './migrations/1795396000000-add-pull-requests-read-to.js';
import { AddCommitRequestBegunAt1795397000000 } from './migrations/1795397000000-add-commit-request-begun-at.js';
import { AddLaterCommits1795401000000 } from './migrations/1795401000000-add-later-commits.js';
import { UniteProjectNames1795401100000 } from './migrations/1795401100000-unite-project-names.js';
import { CreateUserAction1795402000000 } from './migrations/1795402000000-create-user-action.js';
import { AddStatusFacts1795402100000 } from './migrations/1795402100000-add-status-facts.js';
import { CreateActivity1795404000000 } from './migrations/1795404000000-create-activity.js';
import { AddProductionCommits1795405000000 } from './migrations/1795405000000-add-production-commits.js';
import { AddStatusClaims1795406000000 } from './migrations/1795406000000-add-status-claims.js';
import { DeleteOldActivity1795406100000 } from './migrations/1795406100000-delete-old-activity.js';
import { AddArtifactBytes1795406200000 } from './migrations/1795406200000-add-artifact-bytes.js';
import { CreateWebhookDelivery1795410000000 } from './migrations/1795410000000-create-webhook-delivery.js';
import { AddConnectionProfile1795420000000 } from './migrations/1795420000000-add-connection-profile.js';
import { CreateConnectionSelfTest1795421000000 } from './migrations/1795421000000-create-connection-self-test.js';
import { AddServerState1795422000000 } from './migrations/1795422000000-add-server-state.js';
import { CreateDeliveryRecovery1795430000000 } from './migrations/1795430000000-create-delivery-recovery.js';
import { AddProductionChecks1795431000000 } from './migrations/1795431000000-add-production-checks.js';
import { CreateUpload1795432000000 } from './migrations/1795432000000-create-upload.js';
import { AddInstallationRequests1795440000000 } from './migrations/1795440000000-add-installation-requests.js';
import { AddSelfTestFacts1795441000000 } from './migrations/1795441000000-add-self-test-facts.js';
import { AddConnectionOwnerId1795442000000 } from './migrations/1795442000000-add-connection-owner-id.js';
import { AddDeliverySource1795450000000 } from './migrations/1795450000000-add-delivery-source.js';
import { CreatePullRequestComment1795451000000 } from './migrations/1795451000000-create-pull-request-comment.js';
import { AddAskedGeneration1795452000000 } from './migrations/1795452000000-add-asked-generation.js';
import { CreateCheckRun1795453000000 } from './migrations/1795453000000-create-check-run.js';
import { AddDeliveryTraceparent1795500000000 } from './migrations/1795500000000-add-delivery-traceparent.js';
import { AddContentCollection1795512000000 } from './migrations/1795512000000-add-content-collection.js';
import { AddSyncProgress1795512100000 } from './migrations/1795512100000-add-sync-progress.js';
import { CreateConnectionUsage1795514000000 } from './migrations/1795514000000-create-connection-usage.js';
import { AddProfileExpiry1795515000000 } from './migrations/1795515000000-add-profile-expiry.js';
import { AddNewFindings1795517000000 } from './migrations/1795517000000-add-new-findings.js';
import { AddSyncTransport1795519000000 } from './migrations/1795519000000-add-sync-transport.js';

/** Migrations of schema `bridge`, in order. A merged migration is never edited. */
export const bridgeMigrations = [
  CreateBridge1795305600000,
  AddBuildAttemptsAndChecks1795392000000,
  DeepenDeployments1795393000000,
  CreateCommitRequest1795395000000,
  AddPullRequestsReadTo1795396000000,
  AddCommitRequestBegunAt1795397000000,
  AddLaterCommits1795401000000,
  UniteProjectNames1795401100000,
  CreateUserAction1795402000000,
  AddStatusFacts1795402100000,
  CreateActivity1795404000000,
  AddProductionCommits1795405000000,
  AddStatusClaims1795406000000,
  DeleteOldActivity1795406100000,
  AddArtifactBytes1795406200000,
  CreateWebhookDelivery1795410000000,
  AddConnectionProfile1795420000000,
  CreateConnectionSelfTest1795421000000,
  AddServerState1795422000000,
  CreateDeliveryRecovery1795430000000,
  AddProductionChecks1795431000000,
  CreateUpload1795432000000,
  AddInstallationRequests1795440000000,
  AddSelfTestFacts1795441000000,
  AddConnectionOwnerId1795442000000,
  AddDeliverySource1795450000000,
  CreatePullRequestComment1795451000000,
  AddAskedGeneration1795452000000,
  CreateCheckRun1795453000000,
  AddDeliveryTraceparent1795500000000,
  AddContentCollection1795512000000,
  AddSyncProgress1795512100000,
  CreateConnectionUsage1795514000000,
  AddProfileExpiry1795515000000,
  AddNewFindings1795517000000,
  AddSyncTransport1795519000000,
];
