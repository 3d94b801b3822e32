import { CreateBridge1795305600000 } from './migrations/1795305600000-create-bridge.js';

/** Migrations of schema `bridge`, in order. A merged migration is never edited. */
export const bridgeMigrations = [CreateBridge1795305600000];
