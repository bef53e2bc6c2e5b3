import { join } from 'node:path'
import react from '@vitejs/plugin-react'
import { defineConfig } from 'vite'

/**
 * One page per audience, so that a customer's browser never loads the officer's code. Nothing is inlined into the
 * pages: the content security policy allows scripts from files of ours alone.
 */
export default defineConfig({
  root: import.meta.dirname,
  plugins: [react()],
  build: {
    outDir: join(import.meta.dirname, 'dist'),
    emptyOutDir: true,
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 900,
    rolldownOptions: {
      input: {
        portal: join(import.meta.dirname, 'portal.html'),
        work: join(import.meta.dirname, 'work.html'),
        office: join(import.meta.dirname, 'office.html'),
      },
    },
  },
  server: { proxy: { '/api': 'http://localhost:8080', '/outbox': 'http://localhost:8080' } },
})
