import type { IncomingMessage } from 'node:http'
import type { FastifyRequest } from 'fastify'
import * as z from 'zod'
import { type Language, languageSchema } from '../collection/notice.ts'
import type { House } from '../core/house.ts'
import type { App } from '../core/http.ts'
import { requireOrganisation } from '../identity/organisation.ts'
import { sessionOf } from '../identity/session.ts'
import { contactFormats } from '../storage/contact-file.ts'
import type { ContactMapping } from '../storage/contact-mapping.ts'
import { leadLetter } from '../storage/lead-letter.ts'
import { HeldUploads } from '../storage/upload.ts'
import { mostUploaded } from '../storage/upload-file.ts'
import { getRun, type ImportRun, ImportRuns } from './import-run.ts'
import { ImportUploads, type UploadedFile } from './import-upload.ts'

const time = z.iso.datetime()
const params = z.object({ id: z.uuid() })

const uploadSchema = z.object({
  id: z.uuid(),
  format: z.enum(contactFormats),
  bytes: z.int(),
  lines: z.int(),
  columns: z.array(
    z.object({
      header: z.string(),
      target: z.string().nullable(),
      reason: z.enum(['code', 'label', 'usual_word', 'nothing_fits']),
    }),
  ),
  /** What a column may be. */
  targets: z.array(z.string()),
  until: time,
})

const previewSchema = z.object({
  lines: z.array(
    z.object({
      ...{ line: z.int(), fault: z.string().nullable(), purposes: z.array(z.string()) },
      ...{ agreed_at: z.iso.date().nullable(), proof: z.string().nullable() },
      values: z.array(z.object({ field: z.string(), value: z.string() })),
    }),
  ),
})

export const faultsSchema = z.array(z.object({ code: z.string(), lines: z.array(z.int()) }))

const counts = { lines: z.int(), kept: z.int(), known: z.int(), refused: z.int() }

export const runSchema = z.object({
  ...{ id: z.uuid(), import: z.uuid().nullable(), begun_by: z.string(), begun_at: time },
  ...{ done: z.int(), total: z.int(), ended_at: time.nullable() },
  failure: z.enum(['stopped', 'unavailable', 'invalid', 'too_large', 'internal']).nullable(),
})

const mapping = z
  .array(z.strictObject({ header: z.string().min(1).max(200), target: z.string().max(60).nullable() }))
  .max(400)

const asked = z.strictObject({
  mapping,
  // Whose numbers the references are.
  source: z.string().regex(/^[a-z0-9][a-z0-9_.-]{0,39}$/),
})

export const shownRun = ({ begun_at, ended_at, ...run }: ImportRun) => ({
  ...run,
  ...{ begun_at: begun_at.toISOString(), ended_at: ended_at?.toISOString() ?? null },
})

const letterSchema = z.object({ subject: z.string(), text: z.string() })

const mappingOf = (columns: z.infer<typeof mapping>): ContactMapping =>
  Object.fromEntries(columns.map(({ header, target }) => [header, target]))

const askedOf = ({ mapping: columns, source }: z.infer<typeof asked>) => ({
  ...{ mapping: mappingOf(columns), source },
})

const shown = ({ until, ...file }: UploadedFile) => ({ ...file, until: until.toISOString() })

/** Files of contacts that officers upload: looked at, rehearsed and taken in. */
export async function importUploadRoutes(api: App, house: House): Promise<void> {
  const held = new HeldUploads(house.clock)
  const runs = new ImportRuns(house)
  const uploads = new ImportUploads(house, held, runs)
  api.addHook('onClose', async () => {
    await runs.close()
    held.close()
  })

  // On their own, since nowhere else may a file be sent.
  await api.register(async scope => {
    const app = scope as App
    app.removeAllContentTypeParsers()
    app.addContentTypeParser('application/octet-stream', (request: FastifyRequest, sent: IncomingMessage) => {
      const length = request.headers['content-length']
      return held.receive(sessionOf(request).subject, sent, length === undefined ? undefined : Number(length))
    })
    app.post(
      '/office/import-uploads',
      {
        config: { room: 'office', entry: 'import.upload' },
        bodyLimit: mostUploaded,
        schema: {
          consumes: ['application/octet-stream'],
          querystring: z.strictObject({ format: z.enum(contactFormats) }),
          body: z
            .any()
            .refine(body => Buffer.isBuffer(body) && body.length > 0, 'required')
            .meta({ type: 'string', format: 'binary' }),
          response: { 201: uploadSchema },
        },
      },
      async (request, reply) => {
        const file = await uploads.take(sessionOf(request), request.query.format, request.body as Buffer)
        reply.code(201)
        return shown(file)
      },
    )
  })

  api.get(
    '/office/import-uploads/:id',
    {
      config: { room: 'office', entry: 'none: the columns of a file that this officer has uploaded' },
      schema: { params, response: { 200: uploadSchema } },
    },
    async request => shown(await uploads.get(sessionOf(request), request.params.id)),
  )

  api.delete(
    '/office/import-uploads/:id',
    {
      config: { room: 'office', entry: 'import.upload' },
      schema: { params, response: { 204: z.null() } },
    },
    async (request, reply) => {
      await uploads.letGo(sessionOf(request), request.params.id)
      return reply.code(204).send(null)
    },
  )

  api.post(
    '/office/import-uploads/:id/previews',
    {
      config: { room: 'office', entry: 'import.preview' },
      schema: {
        params,
        body: z.strictObject({ mapping }),
        response: { 200: previewSchema },
      },
    },
    async request => ({
      lines: await uploads.preview(sessionOf(request), request.params.id, mappingOf(request.body.mapping)),
    }),
  )

  api.post(
    '/office/import-uploads/:id/rehearsals',
    {
      config: { room: 'office', entry: 'import.rehearsal' },
      schema: {
        ...{ params, body: asked },
        response: { 200: z.object({ ...counts, faults: faultsSchema }) },
      },
    },
    async request => uploads.rehearse(sessionOf(request), request.params.id, askedOf(request.body)),
  )

  api.post(
    '/office/import-uploads/:id/imports',
    {
      config: { room: 'office', entry: 'import' },
      schema: { params, body: asked, response: { 202: runSchema } },
    },
    async (request, reply) => {
      const run = await uploads.begin(sessionOf(request), request.params.id, askedOf(request.body))
      reply.code(202)
      return shownRun(run)
    },
  )

  api.post(
    '/office/import-uploads/:id/lead-previews',
    {
      config: { room: 'office', entry: 'none: counts of lines, and no address is looked up' },
      schema: {
        ...{ params, body: z.strictObject({ mapping }) },
        response: {
          200: z.object({
            ...{ addresses: z.int(), opted_out: z.int(), left: z.int() },
            // What each of them would be sent.
            letter: z.object({ en: letterSchema, it: letterSchema }),
          }),
        },
      },
    },
    async request => {
      const { params, body } = request
      const { name } = await requireOrganisation(house.database)
      const letter = (language: Language) => {
        const { subject, text } = leadLetter(language, name, '', house.publicUrl)
        return { subject, text }
      }
      return {
        ...(await uploads.previewLeads(sessionOf(request), params.id, mappingOf(body.mapping))),
        letter: { en: letter('en'), it: letter('it') },
      }
    },
  )

  api.post(
    '/office/import-uploads/:id/leads',
    {
      config: { room: 'office', entry: 'import.lead' },
      schema: {
        params,
        body: z.strictObject({ mapping, language: languageSchema, confirm: z.literal(true) }),
        response: { 201: z.object({ asked: z.int(), left: z.int() }) },
      },
    },
    async (request, reply) => {
      const { params, body } = request
      const asked = await uploads.askLeads(
        ...([sessionOf(request), params.id, mappingOf(body.mapping), body.language] as const),
      )
      reply.code(201)
      return asked
    },
  )

  api.get(
    '/office/import-runs/:id',
    {
      config: { room: 'office', entry: 'none: how far a file has come' },
      schema: { params, response: { 200: runSchema } },
    },
    async request => shownRun(await getRun(house, request.params.id)),
  )
}
