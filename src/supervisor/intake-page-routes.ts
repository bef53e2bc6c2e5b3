import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { brotliCompressSync, constants, gzipSync } from 'node:zlib'
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { House } from '../core/house.ts'
import type { App } from '../core/http.ts'
import { Refusal } from '../core/refusal.ts'
import { headersAt, readManifest, sha256Of } from '../use/intake-manifest.ts'
import { enterIntakePage } from '../use/intake-page.ts'
import { builtPages } from './page-routes.ts'

/**
 * Serves the page for sealed forms at `/intake/`, with the headers of its manifest and none of the portal's policy, and the
 * manifest beside it: read once, so that nothing is served but what was entered. The page comes only when the log holds
 * the manifest's hash; while the keeper is away it is `unavailable`. Throws for a page that is not its manifest's.
 */
export async function serveIntakePage(app: App, house: House, folder = builtPages): Promise<void> {
  const place = join(folder, 'intake')
  if (!existsSync(join(place, 'manifest.txt'))) return
  const text = await readFile(join(place, 'manifest.txt'), 'utf8')
  const page = await readFile(join(place, 'page.html'))
  const manifest = readManifest(text)
  const [file] = manifest?.files ?? []
  if (manifest === null || file?.sha256 !== sha256Of(page)) throw new Error('the intake page is not its own')
  const enter = once(() => enterIntakePage(house, manifest.sha256))
  const headers = headersAt(manifest, house.publicUrl)
  const packed = packings(page)
  app.get('/intake/', async (request, reply) => {
    await enter()
    const tag = `"${file.sha256}"`
    reply.headers({ ...headers, etag: tag, 'cache-control': 'private, no-cache', vary: 'accept-encoding' })
    reply.removeHeader('x-frame-options')
    if (request.headers['if-none-match'] === tag) return reply.status(304).send()
    reply.type('text/html; charset=utf-8')
    return packed(request, reply)
  })
  app.get('/intake/manifest.txt', (_request, reply) => reply.type('text/plain; charset=utf-8').send(text))
  // At once, so that who comes first does not wait; whoever comes while the keeper is away tries again.
  await enter().catch(() => {})
}

/** The page as a browser takes it, packed once. */
function packings(page: Buffer) {
  const params = { [constants.BROTLI_PARAM_QUALITY]: 9, [constants.BROTLI_PARAM_SIZE_HINT]: page.length }
  const forms = { br: brotliCompressSync(page, { params }), gzip: gzipSync(page) }
  return (request: FastifyRequest, reply: FastifyReply) => {
    const taken = String(request.headers['accept-encoding'] ?? '')
    const form = taken.includes('br') ? 'br' : taken.includes('gzip') ? 'gzip' : null
    if (form === null) return reply.send(page)
    return reply.header('content-encoding', form).send(forms[form])
  }
}

/** Done once for good, and tried again where it failed. */
function once(act: () => Promise<void>): () => Promise<void> {
  let doing: Promise<void> | null = null
  return async () => {
    doing ??= act()
    try {
      await doing
    } catch (error) {
      doing = null
      throw error instanceof Refusal ? error : new Refusal('unavailable', { cause: error })
    }
  }
}
