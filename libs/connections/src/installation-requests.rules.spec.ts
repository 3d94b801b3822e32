import { describe, expect, it } from '@jest/globals';
import { waitingForApproval } from './installation-requests.rules.js';

const request = { owner: 'acme', requestedBy: 'hubot', requestedAt: '2026-11-30T08:00:00Z' };

describe('requested installations', () => {
  it('are explained until an owner approves them', () => {
    expect(waitingForApproval([], [request])).toEqual({
      evidence: 'The installation on acme (requested by hubot on 2026-11-30) waits for approval.',
      remedy: 'Let an owner of acme approve it on the server, under "GitHub Apps" in the settings of the organization.',
    });
    expect(waitingForApproval([{ owner: 'globex' }], [request])?.evidence).toContain('acme');
    expect(waitingForApproval([{ owner: 'acme' }], [request])).toBeNull();
    expect(waitingForApproval([], [])).toBeNull();
  });
});
