import type { Ghes } from '../ghes.js';
import type { BranchProtection, Repository } from '../state/model.js';
import { apiUrl, fullName } from './urls.js';

export function protectionJson(ghes: Ghes, repository: Repository, rule: BranchProtection) {
  const url = apiUrl(ghes, `/repos/${fullName(ghes, repository)}/branches/${rule.branch}/protection`);
  const contexts = rule.requiredContexts;
  const statusChecks = {
    url: `${url}/required_status_checks`,
    strict: rule.strict,
    contexts,
    contexts_url: `${url}/required_status_checks/contexts`,
    checks: contexts.map((context) => ({ context, app_id: null })),
  };
  const reviews = {
    url: `${url}/required_pull_request_reviews`,
    dismiss_stale_reviews: false,
    require_code_owner_reviews: false,
    required_approving_review_count: rule.requiredApprovals,
    require_last_push_approval: false,
  };
  return {
    url,
    ...(contexts.length > 0 ? { required_status_checks: statusChecks } : {}),
    ...(rule.requiredApprovals > 0 ? { required_pull_request_reviews: reviews } : {}),
    required_signatures: { url: `${url}/required_signatures`, enabled: false },
    enforce_admins: { url: `${url}/enforce_admins`, enabled: rule.enforceAdmins },
    required_linear_history: { enabled: false },
    allow_force_pushes: { enabled: false },
    allow_deletions: { enabled: false },
    block_creations: { enabled: false },
    required_conversation_resolution: { enabled: false },
    lock_branch: { enabled: false },
    allow_fork_syncing: { enabled: false },
  };
}
