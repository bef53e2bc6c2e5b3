import type pino from 'pino'
import type { House } from './core/house.ts'
import { type App, newApp } from './core/http.ts'
import { destructionRoutes } from './disposal/destruction.routes.ts'
import { withdrawalRoutes } from './disposal/withdrawal.routes.ts'
import { guardRooms } from './identity/session.ts'

/** The API over a house: every route of every chapter. Listening, pages and jobs are added by who starts it. */
export async function buildServer(house: House, log: pino.Logger | false = false): Promise<App> {
  const app = await newApp({
    log,
    https: house.publicUrl.startsWith('https:'),
    origins: [house.publicUrl],
  })
  guardRooms(app, house)
  await app.register(
    async api => {
      await withdrawalRoutes(api as App, house)
      await destructionRoutes(api as App, house)
    },
    { prefix: '/api/v1' },
  )
  return app
}
