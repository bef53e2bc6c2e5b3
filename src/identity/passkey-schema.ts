import * as z from 'zod'
import { type Passkey, places } from './passkey.ts'

// The shapes of WebAuthn Level 3, section 5.1: parsed and judged by the library, so only sizes are judged here.
const base64url = z
  .string()
  .regex(/^[A-Za-z0-9_-]+$/)
  .max(4000)
const type = z.literal('public-key')

/** What an authenticator answers when it has made a passkey (`RegistrationResponseJSON`). */
export const registrationSchema = z.object({
  ...{ id: base64url, rawId: base64url, type },
  response: z.object({
    clientDataJSON: base64url,
    attestationObject: base64url,
    transports: z.array(z.string().max(40)).max(20).optional(),
  }),
  clientExtensionResults: z.object({}),
})

/** What an authenticator answers when it has signed (`AuthenticationResponseJSON`). */
export const assertionSchema = z.object({
  ...{ id: base64url, rawId: base64url, type },
  response: z.object({
    clientDataJSON: base64url,
    authenticatorData: base64url,
    signature: base64url,
    userHandle: base64url.optional(),
  }),
  clientExtensionResults: z.object({}),
})

/** A passkey that has signed a challenge, as every route takes it. */
export const shownPasskeySchema = z.strictObject({ challenge: z.uuid(), response: assertionSchema })

/** What the browser gives on to its authenticator, and the challenge to name with the answer. */
export const optionsSchema = z.object({ id: z.uuid(), options: z.looseObject({ challenge: z.string() }) })

export const placeSchema = z.enum(places)

export const passkeySchema = z.object({
  id: z.uuid(),
  kept_on: placeSchema,
  synced: z.boolean(),
  made_at: z.iso.datetime(),
  used_at: z.iso.datetime().nullable(),
})

export const shownPasskey = (passkey: Passkey): z.input<typeof passkeySchema> => ({
  ...passkey,
  made_at: passkey.made_at.toISOString(),
  used_at: passkey.used_at?.toISOString() ?? null,
})
