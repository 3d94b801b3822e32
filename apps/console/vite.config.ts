import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

/** Where `vite dev` finds the API of the local stack. */
const localApi = 'http://localhost:4300';
// The API refuses writes from any other origin than its own, and the development server has another port.
const toLocalApi = { target: localApi, headers: { origin: localApi } };

export default defineConfig({
  plugins: [react()],
  // The content security policy allows files of our own origin only: nothing is inlined as `data:`.
  build: { assetsInlineLimit: 0, sourcemap: true },
  server: { proxy: { '/v1': toLocalApi, '/auth': toLocalApi, '/callback': toLocalApi } },
});
