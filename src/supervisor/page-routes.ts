import { existsSync } from 'node:fs'
import { join } from 'node:path'
import fastifyStatic from '@fastify/static'
import type { App } from '../core/http.ts'
import { Refusal } from '../core/refusal.ts'

/** Where the built pages lie. */
export const builtPages = join(import.meta.dirname, '..', '..', 'web', 'dist')

const rooms = [
  ['/work', 'work.html'],
  ['/office', 'office.html'],
] as const

/**
 * Serves the three rooms, each with its own bundle. An address inside a room answers with the room's page, which
 * finds the screen; only file names with a hash may be kept by the browser.
 */
export async function servePages(app: App, folder = builtPages): Promise<void> {
  if (!existsSync(join(folder, 'portal.html'))) return
  await app.register(fastifyStatic, {
    root: folder,
    wildcard: false,
    // The page for sealed forms has headers of its own, and goes out with them or not at all.
    globIgnore: ['intake/**'],
    index: false,
    cacheControl: false,
    setHeaders: (reply, path) => {
      if (path.includes('/assets/')) reply.header('cache-control', 'public, max-age=31536000, immutable')
    },
  })
  for (const [path, page] of rooms) {
    app.get(path, (_request, reply) => reply.sendFile(page))
    app.get(`${path}/*`, (_request, reply) => reply.sendFile(page))
  }
  app.get('/', (_request, reply) => reply.sendFile('portal.html'))
  app.get('/*', (request, reply) => {
    // A file that is not there is no screen.
    const [path = ''] = request.url.split('?')
    if (/^\/(api|assets|intake)(\/|$)|\.\w+$/.test(path)) throw new Refusal('not_found')
    return reply.sendFile('portal.html')
  })
}
