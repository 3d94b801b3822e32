import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromiumPath } from '@reunite/local-stack';
import { chromium } from 'playwright-core';
import type { BrowserContext, Page } from 'playwright-core';

import type { KnownSecret } from './simulator.client.js';

export type { Page } from 'playwright-core';

const FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];
const ACTION_MS = 20_000;
const LEAST_STATE = 32;

/** A Chromium with a temporary profile. */
export class Browser {
  /** Requests of pages to other origins than their own, apart from links that were followed. */
  private readonly foreign: { readonly page: string; readonly url: string }[] = [];
  /** Messages about what a content security policy blocked. */
  private readonly blocked: { readonly page: string; readonly text: string }[] = [];
  /** Uncaught errors of all pages. */
  readonly errors: string[] = [];
  private readonly states = new Set<string>();

  private constructor(
    private readonly context: BrowserContext,
    private readonly profile: string,
    readonly page: Page,
  ) {
    context.on('request', (request) => {
      const state = new URL(request.url()).searchParams.get('state') ?? '';
      // Shorter values are the state of a pull request.
      if (state.length >= LEAST_STATE) this.states.add(state);
    });
    context.on('request', (request) => {
      if (request.isNavigationRequest()) return;
      const from = request.frame().url();
      if (URL.canParse(from) && new URL(from).origin !== new URL(request.url()).origin) {
        this.foreign.push({ page: from, url: request.url() });
      }
    });
    context.on('console', (message) => {
      if (!message.text().includes('Content Security Policy')) return;
      this.blocked.push({ page: message.page()?.url() ?? '', text: message.text() });
    });
    context.on('weberror', (error) => this.errors.push(error.error().message));
  }

  /** @param options.ignoreCertificates for a server whose authority the browser of a company would know */
  static async open(options: { readonly ignoreCertificates: boolean }): Promise<Browser> {
    const executablePath = await chromiumPath();
    if (executablePath === null) throw new Error('Chromium is missing. Install it: apt-get install chromium');
    const profile = await mkdtemp(join(tmpdir(), 'reunite-browser-'));
    const context = await chromium.launchPersistentContext(profile, {
      executablePath,
      headless: true,
      args: FLAGS,
      viewport: { width: 1280, height: 860 },
      locale: 'en-GB',
      ignoreHTTPSErrors: options.ignoreCertificates,
    });
    context.setDefaultTimeout(ACTION_MS);
    return new Browser(context, profile, context.pages()[0] ?? (await context.newPage()));
  }

  /** States of OAuth and manifest flows, with which an attacker could complete the flow of this user. */
  secrets(): KnownSecret[] {
    return [...this.states].map((value) => ({ kind: 'state', value }));
  }

  /** Requests of pages of `origin` to other origins, and messages about what their content security policy blocked. */
  trafficOf(origin: string): { readonly foreignRequests: readonly string[]; readonly blocked: readonly string[] } {
    const isOfOrigin = ({ page }: { readonly page: string }) => URL.canParse(page) && new URL(page).origin === origin;
    return {
      foreignRequests: this.foreign.filter(isOfOrigin).map(({ url }) => url),
      blocked: this.blocked.filter(isOfOrigin).map(({ text }) => text),
    };
  }

  /** Waits for the tab that `opens` opens. */
  async newTab(opens: () => Promise<unknown>): Promise<Page> {
    const [tab] = await Promise.all([this.context.waitForEvent('page'), opens()]);
    await tab.waitForLoadState();
    return tab;
  }

  async close(): Promise<void> {
    await this.context.close();
    await rm(this.profile, { recursive: true, force: true });
  }
}
