import * as z from 'zod'
import type { House } from '../core/house.ts'
import type { App } from '../core/http.ts'
import { sessionOf } from '../identity/session.ts'
import { listRuns, readReport } from '../use/import-run.ts'
import { faultsSchema, runSchema, shownRun } from '../use/import-upload.routes.ts'
import { type ImportRun, listImports, previewUndo } from './import-undo.ts'
import { decideUndo, listUndoProposals, proposeUndo, type UndoProposal } from './import-undo-proposal.ts'

const time = z.iso.datetime()

const run = z.object({
  id: z.uuid(),
  kind: z.enum(['customers', 'purchases', 'contacts']),
  source: z.string(),
  started_at: time,
  ended_at: time.nullable(),
  lines: z.int(),
  kept: z.int(),
  known: z.int(),
  refused: z.int(),
  // People who were here: of how many it has put a value in doubt and has not been taken back.
  disputed: z.int(),
  undo_asked_at: time.nullable(),
  undone_at: time.nullable(),
  erased: z.int(),
  stayed: z.int(),
})

/** How taking it back was proposed by one officer, and decided by another. */
const proposal = z.object({
  ...{ import: z.uuid(), proposed_by: z.string(), proposed_at: time, erases: z.int(), stays: z.int() },
  ...{ decided_by: z.string().nullable(), decided_at: time.nullable(), approved: z.boolean().nullable() },
})

/** Aliases of those who stay, never more about them. */
const undo = z.object({
  ...{ erased: z.int(), stayed: z.array(z.string()) },
  // Of an import of purchases: invoices.
  purchases: z.object({ removed: z.int(), left: z.int() }).optional(),
})
const params = z.object({ id: z.uuid() })

const shown = ({ started_at, ended_at, undo_asked_at, undone_at, ...rest }: ImportRun) => ({
  ...rest,
  started_at: started_at.toISOString(),
  ended_at: ended_at?.toISOString() ?? null,
  undo_asked_at: undo_asked_at?.toISOString() ?? null,
  undone_at: undone_at?.toISOString() ?? null,
})

const shownProposal = ({ proposed_at, decided_at, ...rest }: UndoProposal) => ({
  ...rest,
  ...{ proposed_at: proposed_at.toISOString(), decided_at: decided_at?.toISOString() ?? null },
})

/** What was brought in, and taking it back, for officers. */
export async function importRoutes(app: App, house: House): Promise<void> {
  app.get(
    '/office/imports',
    {
      config: { room: 'office', entry: 'none: counts of lines, and nobody’s' },
      schema: {
        response: {
          200: z.object({
            items: z.array(run),
            runs: z.array(runSchema),
            undos: z.array(proposal),
            next: z.null(),
          }),
        },
      },
    },
    async () => ({
      items: (await listImports(house)).map(shown),
      runs: (await listRuns(house)).map(shownRun),
      undos: (await listUndoProposals(house)).map(shownProposal),
      next: null,
    }),
  )

  app.get(
    '/office/imports/:id/report',
    {
      config: { room: 'office', entry: 'none: numbers of lines and codes, and nobody’s' },
      schema: { params, response: { 200: z.object({ faults: faultsSchema, until: time }) } },
    },
    async request => {
      const { faults, until } = await readReport(house, request.params.id)
      return { faults, until: until.toISOString() }
    },
  )

  app.get(
    '/office/imports/:id/undo',
    {
      config: { room: 'office', entry: 'none: counts and aliases, and nothing is changed' },
      schema: { params, response: { 200: undo } },
    },
    async request => previewUndo(house, request.params.id),
  )

  app.post(
    '/office/imports/:id/undos',
    {
      config: { room: 'office', entry: 'import.undo' },
      schema: {
        ...{ params, body: z.strictObject({ confirm: z.literal(true) }) },
        response: { 201: proposal },
      },
    },
    async (request, reply) => {
      const proposed = await proposeUndo(house, sessionOf(request), request.params.id)
      reply.code(201)
      return shownProposal(proposed)
    },
  )

  app.post(
    '/office/imports/:id/undo-decisions',
    {
      config: { room: 'office', entry: 'import.undo' },
      schema: {
        ...{ params, body: z.strictObject({ approved: z.boolean() }) },
        response: { 201: proposal },
      },
    },
    async (request, reply) => {
      const { params, body } = request
      const decided = await decideUndo(house, sessionOf(request), params.id, body.approved)
      reply.code(201)
      return shownProposal(decided)
    },
  )
}
