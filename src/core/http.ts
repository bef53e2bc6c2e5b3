import cookie from '@fastify/cookie'
import helmet from '@fastify/helmet'
import rateLimit from '@fastify/rate-limit'
import swagger from '@fastify/swagger'
import Fastify, { type FastifyError, type FastifyInstance, type FastifyReply, LogController } from 'fastify'
import {
  hasZodFastifySchemaValidationErrors,
  jsonSchemaTransform,
  serializerCompiler,
  validatorCompiler,
  type ZodTypeProvider,
} from 'fastify-type-provider-zod'
import type pino from 'pino'
import { KeeperRefusal } from '../keeper/client.ts'
import { brokenConstraint, isUnreachable, sqlState } from './database.ts'
import type { Declared } from './entry-kinds.ts'
import { isFaultCode, Refusal, type RefusalCode } from './refusal.ts'

export type Room = 'public' | 'portal' | 'work' | 'office'

/** Each room has a cookie of its own, so that one browser may hold a customer and an employee apart. */
export const cookieOf = (room: Exclude<Room, 'public'>): string => `custode_${room}`

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Where the caller must be signed in. */
    room?: Room
    /** Within the portal: who may call. An applicant has proved an address and not joined yet. */
    who?: 'customer' | 'applicant' | 'either'
    /** What the route leaves in the log, or why it leaves nothing. */
    entry?: Declared
  }
}

export type App = ReturnType<typeof withTypes>
const withTypes = (app: FastifyInstance) => app.withTypeProvider<ZodTypeProvider>()

export interface AppOptions {
  log: pino.Logger | false
  /** Cookies are Secure and HSTS is sent. */
  https: boolean
  /** Origins that may send writes: the public address, and the loopback names in development. */
  origins: string[]
}

/**
 * The HTTP edge: schemas by zod, problem+json for every refusal, strict headers, writes only from our own pages or
 * from programs, and nothing of a request's content in the log. Anything thrown that is no `Refusal` answers 500
 * without detail.
 */
export async function newApp(options: AppOptions): Promise<App> {
  const app = withTypes(
    Fastify({
      bodyLimit: 1024 * 1024,
      routerOptions: { maxParamLength: 100 },
      // With TLS the proxy in front is the nearest peer, and only what it says of the caller is believed.
      trustProxy: options.https ? (_address, hop) => hop === 0 : false,
      ...(options.log === false ? { logger: false } : { loggerInstance: options.log as never }),
      logController: new LogController({ disableRequestLogging: true }),
    }) as unknown as FastifyInstance,
  )
  app.setValidatorCompiler(validatorCompiler)
  app.setSerializerCompiler(serializerCompiler)
  await app.register(cookie)
  await app.register(helmet, {
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        defaultSrc: ["'none'"],
        scriptSrc: ["'self'"],
        styleSrc: ["'self'", "'unsafe-inline'"],
        imgSrc: ["'self'", 'data:'],
        fontSrc: ["'self'"],
        connectSrc: ["'self'"],
        manifestSrc: ["'self'"],
        formAction: ["'self'"],
        baseUri: ["'none'"],
        // The page for sealed forms.
        frameSrc: ["'self'"],
        frameAncestors: ["'none'"],
      },
    },
    hsts: options.https ? { maxAge: 31_536_000 } : false,
    referrerPolicy: { policy: 'no-referrer' },
  })
  await app.register(rateLimit, { global: false, errorResponseBuilder: () => new Refusal('rate_limited') })
  await app.register(swagger, {
    openapi: { openapi: '3.1.0', info: { title: 'Custode', version: '1' } },
    transform: jsonSchemaTransform,
  })
  app.addHook('onRequest', async (request, reply) => {
    reply.header('cache-control', 'no-store')
    if (request.method === 'GET' || request.method === 'HEAD' || request.method === 'OPTIONS') return
    const { origin } = request.headers
    if (origin !== undefined && !options.origins.includes(origin)) throw new Refusal('wrong_origin')
    if (request.headers['sec-fetch-site'] === 'cross-site') throw new Refusal('wrong_origin')
  })
  app.setErrorHandler((error: FastifyError, request, reply) =>
    answer(error, reply, cause => request.log.error(cause)),
  )
  app.setNotFoundHandler((_request, reply) => answer(new Refusal('not_found'), reply, () => {}))
  return app
}

const fromKeeper: Partial<Record<KeeperRefusal['code'], RefusalCode>> = {
  no_grant: 'no_grant',
  grant_ended: 'no_grant',
  outside_grant: 'outside_grant',
  superseded: 'conflict',
  gone: 'erased',
  erased: 'erased',
  budget: 'budget',
  unavailable: 'unavailable',
}

/** The refusal that a thrown thing amounts to, or null for a bug. */
export function asRefusal(error: unknown): Refusal | null {
  if (error instanceof Refusal) return error
  if (error instanceof KeeperRefusal) {
    const code = fromKeeper[error.code]
    return code === undefined ? null : new Refusal(code, { cause: error })
  }
  if (isUnreachable(error)) return new Refusal('unavailable', { cause: error, why: 'the database' })
  const late = lateWrite(error)
  if (late !== null) return new Refusal(late, { cause: error })
  const { statusCode } = error as { statusCode?: unknown }
  if (statusCode === 413) return new Refusal('too_large')
  if (statusCode === 429) return new Refusal('rate_limited')
  if (typeof statusCode === 'number' && statusCode >= 400 && statusCode < 500) return new Refusal('invalid')
  return null
}

/** A row that came late, after what it hangs on was erased or ended, fails on its foreign key. */
function lateWrite(error: unknown): RefusalCode | null {
  if (sqlState(error) !== '23503') return null
  const constraint = brokenConstraint(error)
  if (constraint.endsWith('_slot_fkey') || constraint.endsWith('_subject_fkey')) return 'erased'
  return constraint.endsWith('_task_fkey') || constraint.endsWith('_session_fkey') ? 'not_found' : null
}

function answer(error: unknown, reply: FastifyReply, log: (cause: object) => void): void {
  const fields = hasZodFastifySchemaValidationErrors(error)
    ? error.validation.map(one => ({ field: fieldOf(one.instancePath), code: fieldCode(one) }))
    : undefined
  const refusal = fields === undefined ? asRefusal(error) : new Refusal('invalid')
  if (refusal === null) log({ name: (error as Error).name, stack: frames(error) })
  const status = refusal?.status ?? 500
  if (status === 429) reply.header('retry-after', reply.getHeader('retry-after') ?? '60')
  void reply
    .status(status)
    .header('content-type', 'application/problem+json; charset=utf-8')
    .serializer((body: unknown) => JSON.stringify(body))
    .send({
      type: 'about:blank',
      title: refusal?.sentence ?? 'Internal error',
      status,
      code: refusal?.code ?? 'internal',
      ...(refusal?.detail === undefined ? {} : { detail: refusal.detail }),
      ...errorsOf(refusal, fields),
    })
}

const errorsOf = (refusal: Refusal | null, fields: { field: string; code: string }[] | undefined) => {
  const errors = fields ?? refusal?.fields
  return errors === undefined ? {} : { errors }
}

/** Where the code was, without the message: a message may carry a value. */
const frames = (error: unknown): string[] =>
  String((error as Error).stack ?? '')
    .split('\n')
    .filter(line => /^\s+at /.test(line))
    .slice(0, 12)

/** Where the fault is, in our own names: what somebody else has called a part is not said again. */
const fieldOf = (path: string): string =>
  path
    .replace(/^\//, '')
    .split('/')
    .map(part => (/^[a-z0-9][a-z0-9_]{0,59}$/.test(part) || part === '' ? part : '*'))
    .join('.')

interface Issue {
  keyword: string
  params?: { code?: unknown; origin?: unknown; issue?: { code?: string; message?: string } }
  message?: string
}

function fieldCode(error: unknown): string {
  const { keyword, message } = error as Issue
  // A schema of ours may name the code itself as its message.
  if (message !== undefined && isFaultCode(message)) return message
  if (keyword === 'too_small') return 'too_short'
  if (keyword === 'too_big') return 'too_long'
  if (keyword === 'unrecognized_keys') return 'unknown'
  if (keyword === 'invalid_type' && message?.includes('undefined')) return 'required'
  return 'invalid'
}
