import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { defineConfig, type Plugin } from 'vite'

const folder = join(import.meta.dirname, 'intake')
const hash = (text: string, encoding: 'hex' | 'base64') => createHash('sha256').update(text).digest(encoding)

/**
 * What a browser is told beside the page, a line for each header; ORIGIN is the address of the company. `sandbox` makes the
 * page nobody's also where a page frames it without saying so; scripts and styles are the two in the page, by their hash,
 * and the one address it asks is that of the keeper's key. Forms are allowed so that Enter sends one to its script; it goes nowhere else.
 */
const headersOf = (script: string, style: string): Record<string, string> => ({
  'content-security-policy': [
    "default-src 'none'",
    `script-src 'sha256-${hash(script, 'base64')}'`,
    `style-src 'sha256-${hash(style, 'base64')}'`,
    'font-src data:',
    'connect-src ORIGIN/api/v1/intake-key',
    'frame-ancestors ORIGIN',
    "base-uri 'none'",
    "form-action 'none'",
    "require-trusted-types-for 'script'",
    "trusted-types 'none'",
    'sandbox allow-scripts allow-forms',
  ].join('; '),
  'cross-origin-embedder-policy': 'require-corp',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'permissions-policy': ['camera', 'display-capture', 'geolocation', 'microphone', 'payment', 'usb']
    .map(feature => `${feature}=()`)
    .join(', '),
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
})

/** Puts everything into one file, so that there is one hash, and writes down beside it what is served. */
const onePage: Plugin = {
  name: 'custode-intake-page',
  // After the styles have been put together.
  enforce: 'post',
  apply: 'build',
  async generateBundle(_options, bundle) {
    const files = Object.values(bundle)
    const chunks = files.filter(file => file.type === 'chunk')
    const styles = files.filter(file => file.type === 'asset' && file.fileName.endsWith('.css'))
    if (chunks.length !== 1 || styles.length !== 1 || files.length !== 2)
      throw new Error(`the intake page is one script and one style, not ${Object.keys(bundle).join()}`)
    // Nothing is loaded later: Vite's mark for what would be loaded along has nothing to stand for.
    const script = withoutTags(chunks[0]!.code.replaceAll('__VITE_PRELOAD__', 'void 0'))
    const style = withoutTags(String(styles[0]!.type === 'asset' ? styles[0]!.source : ''))
    for (const name of Object.keys(bundle)) delete bundle[name]
    const template = await readFile(join(folder, 'page.html'), 'utf8')
    const page = template
      .replace('</head>', () => `  <style>${style}</style>\n  </head>`)
      .replace('</body>', () => `<script type="module">${script}</script></body>`)
    const headers = Object.entries(headersOf(script, style)).map(([name, value]) => `header ${name} ${value}`)
    const file = `file page.html ${Buffer.byteLength(page)} ${hash(page, 'hex')}`
    const manifest = ['custode intake page 1', file, ...headers, ''].join('\n')
    this.emitFile({ type: 'asset', fileName: 'page.html', source: page })
    this.emitFile({ type: 'asset', fileName: 'manifest.txt', source: manifest })
  },
}

/** What would end the script or the style for a browser is written so that it means the same and does not. */
const withoutTags = (text: string): string =>
  text.trim().replaceAll(/<(?=\/(?:script|style)|!--|script)/gi, '\\x3c')

/**
 * The page for sealed forms, for itself and all in one file: no script of anybody else, no source map, the same bytes for
 * the same sources (`docs/verification.md`).
 */
export default defineConfig({
  root: folder,
  plugins: [onePage],
  build: {
    outDir: join(import.meta.dirname, 'dist', 'intake'),
    emptyOutDir: true,
    assetsInlineLimit: 200_000,
    modulePreload: false,
    sourcemap: false,
    cssCodeSplit: false,
    chunkSizeWarningLimit: 900,
    rolldownOptions: {
      input: join(folder, 'page.ts'),
      output: { codeSplitting: false },
    },
  },
})
