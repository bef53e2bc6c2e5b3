import * as z from 'zod'
import type { House } from '../core/house.ts'
import type { App } from '../core/http.ts'
import { sessionOf } from '../identity/session.ts'
import { roles } from './policy.ts'
import {
  decidePolicies,
  type PolicyVersion,
  previewPolicies,
  proposePolicies,
  showPolicies,
} from './policy-version.ts'

const time = z.iso.datetime()

/** A policy in words: its `@id`, and what it says of itself. */
export const ruleSchema = z.object({ id: z.string(), en: z.string(), it: z.string() })

const changeSchema = z.object({
  ...{ role: z.enum(roles), task_type: z.string(), field: z.string().nullable() },
  effect: z.enum(['gains', 'loses']),
})

const versionSchema = z.object({
  ...{ version: z.int(), text: z.string(), hash: z.string(), base: z.int() },
  ...{ proposed_by: z.string(), proposed_at: time },
  ...{ decided_by: z.string().nullable(), decided_at: time.nullable(), approved: z.boolean().nullable() },
})

/** 64 KiB, as PostgreSQL holds it too. */
const policyText = z
  .string()
  .min(1)
  .refine(text => Buffer.byteLength(text) <= 65_536, 'too_long')

const shown = ({ proposed_at, decided_at, ...version }: PolicyVersion) => ({
  ...version,
  ...{ proposed_at: proposed_at.toISOString(), decided_at: decided_at?.toISOString() ?? null },
})

/** The policies of the company: read by officers, proposed by one and decided by another. */
export async function policyRoutes(app: App, house: House): Promise<void> {
  const config = { room: 'office', entry: 'none: the rules of the company, and nobody' } as const
  app.get(
    '/office/policies',
    {
      config,
      schema: {
        response: {
          200: z.object({
            ...{ version: z.int(), closed: z.boolean(), text: z.string(), hash: z.string() },
            rules: z.array(ruleSchema),
            versions: z.array(versionSchema.extend({ changes: z.array(changeSchema).nullable() })),
          }),
        },
      },
    },
    async () => {
      const { versions, rules, ...policies } = await showPolicies(house.database)
      return {
        ...policies,
        rules: [...rules],
        versions: versions.map(({ changes, ...version }) => ({ ...shown(version), changes })),
      }
    },
  )

  app.post(
    '/office/policies/previews',
    {
      config,
      schema: {
        body: z.strictObject({ text: policyText }),
        response: { 200: z.object({ changes: z.array(changeSchema) }) },
      },
    },
    async request => ({ changes: await previewPolicies(house.database, request.body.text) }),
  )

  app.post(
    '/office/policies',
    {
      config: { room: 'office', entry: 'policy' },
      schema: {
        // `after` is the version in force that the text was written from.
        body: z.strictObject({ text: policyText, after: z.int().min(0) }),
        response: { 201: versionSchema },
      },
    },
    async (request, reply) => {
      const version = await proposePolicies(house, sessionOf(request), request.body)
      reply.code(201)
      return shown(version)
    },
  )

  app.post(
    '/office/policies/:version/decisions',
    {
      config: { room: 'office', entry: 'policy' },
      schema: {
        params: z.strictObject({ version: z.coerce.number().int().min(1).max(2_147_483_647) }),
        body: z.strictObject({ approved: z.boolean() }),
        response: { 201: versionSchema },
      },
    },
    async (request, reply) => {
      const { version } = request.params
      const decided = await decidePolicies(house, sessionOf(request), version, request.body.approved)
      reply.code(201)
      return shown(decided)
    },
  )
}
