import { fileURLToPath } from 'node:url';
import react from '@vitejs/plugin-react';
import { defaultClientConditions, defineConfig } from 'vite';

/** Address of the API of the local stack, for `vite dev`. */
const localApi = 'http://localhost:4300';
// The API rejects writes from other origins, and the development server has another port.
const toLocalApi = { target: localApi, headers: { origin: localApi } };

export default defineConfig({
  plugins: [react()],
  // The libraries are bundled from their sources, like the console itself.
  resolve: {
    conditions: ['@reunite/source', ...defaultClientConditions],
    alias: { 'node:module': fileURLToPath(new URL('src/rendering/node-module.ts', import.meta.url)) },
  },
  worker: { format: 'es' },
  // The content security policy allows files of our own origin only: nothing is inlined as `data:`.
  build: { assetsInlineLimit: 0, sourcemap: true, manifest: true },
  server: { proxy: { '/v1': toLocalApi, '/auth': toLocalApi, '/callback': toLocalApi } },
});
