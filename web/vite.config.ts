import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import react from '@vitejs/plugin-react'
import { defineConfig, type Plugin } from 'vite'

const root = join(import.meta.dirname, '..')
const verifier = 'custode-verify.mjs'

/** Puts the checking program beside the pages as it is, for whoever wants to run it without us. */
const verifierFile: Plugin = {
  name: 'custode-verifier',
  apply: 'build',
  async buildStart() {
    const source = await readFile(join(root, 'kit', verifier))
    this.emitFile({ type: 'asset', fileName: verifier, source })
  },
}

/**
 * One page per audience, so that a customer's browser never loads the officer's code. Nothing is inlined into the
 * pages: the content security policy allows scripts from files of ours alone.
 */
export default defineConfig({
  root: import.meta.dirname,
  plugins: [react(), verifierFile],
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
  server: {
    fs: { allow: [root] },
    proxy: { '/api': 'http://localhost:8080', '/outbox': 'http://localhost:8080' },
  },
})
